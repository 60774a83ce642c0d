// SPDX-License-Identifier: GPL-3.0-or-later
// How far the event decoder's waveforms may be trusted: its error on held-back recordings beside two floors, one line,
// and a table of the leads behind a button.
#pragma once

#include <QWidget>

#include <optional>

class QLabel;
class QTableWidget;
class QToolButton;

namespace precordia {

struct DecoderReport;

class DecoderTable : public QWidget {
    Q_OBJECT
public:
    explicit DecoderTable(QWidget* parent = nullptr);
    // Empty: the model's decoder was never measured; nothing is shown.
    void setReport(const std::optional<DecoderReport>& report);

private:
    QToolButton* more_;
    QLabel* line_;
    QTableWidget* table_;
};

} // namespace precordia
