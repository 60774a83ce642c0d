// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of the recording in focus: measurements by where they come from, labels, warnings, neighbours.
#pragma once

#include "ui/session.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QVBoxLayout;

namespace precordia {

class DetailsPanel : public QWidget {
    Q_OBJECT
public:
    explicit DetailsPanel(Session& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void measureWanted(); // again, because an older version of the program measured

private:
    void addOldMeasuring(const LoadedRecording& loaded);
    void rebuild();
    void addMeasurements(const LoadedRecording& loaded);
    void addMeasuredPart(const LoadedRecording& loaded, bool rhythmKept);
    void addFacts(const LoadedRecording& loaded);
    void addNeighbours();
    QLabel* addText(const QString& text, const char* role);

    Session& session_;
    QWidget* content_ = nullptr;
    QVBoxLayout* column_ = nullptr;
};

} // namespace precordia
