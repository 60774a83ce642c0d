// SPDX-License-Identifier: GPL-3.0-or-later
// What to evaluate and by what: the seven findings or any labels of the study; a linear probe, an attentive one or
// fine-tuning; and how often the folds are drawn.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/explore/evaluate.h"
#endif

#include <QWidget>

class QComboBox;
class QLabel;
class QListWidget;
class QSpinBox;

namespace precordia {

class EvaluateForm : public QWidget {
    Q_OBJECT
public:
    explicit EvaluateForm(QWidget* parent = nullptr);
    // Label names with counts, most frequent first. What was ticked stays ticked.
    void setLabels(const std::vector<std::pair<std::string, int>>& labels);
    void setModel(const QString& text);           // which model will be evaluated, in words
    std::vector<LabelQuestion> questions() const; // empty: nothing is ticked
    EvaluateOptions options() const;
    QListWidget* labels() const { return labels_; }
    QComboBox* what() const { return what_; }
    QComboBox* protocol() const { return protocol_; }
    QSpinBox* repeats() const { return repeats_; }
    QSpinBox* folds() const { return folds_; }

Q_SIGNALS:
    void changed();

private:
    QComboBox* what_;
    QListWidget* labels_;
    QComboBox* protocol_;
    QSpinBox* folds_;
    QSpinBox* repeats_;
    QSpinBox* seeds_;
    QLabel* model_;
};

} // namespace precordia
