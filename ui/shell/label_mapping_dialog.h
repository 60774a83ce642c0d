// SPDX-License-Identifier: GPL-3.0-or-later
// What the columns of a table of labels are taken for: the first rows, and a choice above each column.
#pragma once

#ifndef Q_MOC_RUN
#include "core/study/label_mapping.h"
#endif

#include <QDialog>
#include <QList>

class QComboBox;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace precordia {

class ElidedLabel;

class LabelMappingDialog : public QDialog {
    Q_OBJECT
public:
    // Begins with `mapping` when it is of this table, else with what the table proposes.
    LabelMappingDialog(const TableGlance& glance, const std::optional<LabelMapping>& mapping, QWidget* parent);
    LabelMapping mapping() const;

private:
    QWidget* settings();
    void fillTable(const TableGlance& glance);
    void check();

    LabelMapping start_;
    QTableWidget* table_;
    QList<QComboBox*> roles_;
    QComboBox *match_, *sex_;
    QLineEdit *separators_, *dataset_;
    ElidedLabel* problem_;
    QPushButton* accept_ = nullptr;
};

} // namespace precordia
