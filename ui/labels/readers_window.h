// SPDX-License-Identifier: GPL-3.0-or-later
// Two readers side by side: Cohen's kappa of each term with its interval, and the recordings on which they differ, to
// be settled one term at a time. Shut while the reader is blinded.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/study/agreement.h"
#endif
#include "ui/session.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QTreeWidget;

namespace precordia {

class ReadersWindow : public QDialog {
    Q_OBJECT
public:
    explicit ReadersWindow(Session& session, QWidget* parent = nullptr);

    QComboBox& first() { return *first_; }
    QComboBox& second() { return *second_; }
    QTreeWidget& terms() { return *terms_; }
    QTreeWidget& differences() { return *differences_; }
    // Of the term that is chosen in the list of differences: settled as present, absent, or open again.
    void settle(std::optional<LabelValue> value);

Q_SIGNALS:
    void shown(); // a comparison arrived

private:
    struct Compared {
        std::optional<Agreement> agreement; // nothing: one of the two has no labels
        std::vector<ReadingDifference> differences;
    };
    void fillReaders();
    void compare();
    void showAll(const Compared& compared);
    void showTerms(const Agreement& agreement);
    void showDifferences(const std::vector<ReadingDifference>& differences);

    Session& session_;
    QComboBox* first_;
    QComboBox* second_;
    QLabel* summary_;
    QTreeWidget* terms_;
    QTreeWidget* differences_;
    QList<QPushButton*> settlers_;
    int generation_ = 0;
};

} // namespace precordia
