// SPDX-License-Identifier: GPL-3.0-or-later
// What to evaluate and by what: the seven findings or any labels of the study; a linear probe, an attentive one or
// fine-tuning; and how often the folds are drawn. The list shows what is evaluated, with what is there to judge by.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/explore/evaluate.h"
#endif

#include <QWidget>

class QComboBox;
class QLabel;
class QListWidget;
class QSpinBox;
class QStackedWidget;

namespace precordia {

class EvaluateForm : public QWidget {
    Q_OBJECT
public:
    explicit EvaluateForm(QWidget* parent = nullptr);
    // Label names with counts, most frequent first. What was ticked stays ticked.
    void setLabels(const std::vector<std::pair<std::string, int>>& labels);
    // Recordings with and without each of the seven findings, in the data sets that each is asked in.
    struct FindingCount {
        QString name, datasets;
        int with = 0, without = 0;
    };
    void setFindings(const std::vector<FindingCount>& findings);
    bool asksFindings() const;
    void setModel(const QString& text);           // which model will be evaluated, in words
    std::vector<LabelQuestion> questions() const; // empty: nothing is ticked
    EvaluateOptions options() const;
    QListWidget* labels() const { return labels_; }     // of the study, to tick
    QListWidget* findings() const { return findings_; } // to read
    QComboBox* what() const { return what_; }
    QComboBox* protocol() const { return protocol_; }
    QSpinBox* repeats() const { return repeats_; }
    QSpinBox* folds() const { return folds_; }

Q_SIGNALS:
    void changed();

private:
    QComboBox* what_;
    QLabel* counted_; // what the numbers in the list count
    QStackedWidget* lists_;
    QListWidget* findings_;
    QListWidget* labels_;
    QComboBox* protocol_;
    QSpinBox* folds_;
    QSpinBox* repeats_;
    QSpinBox* seeds_;
    QLabel* model_;
};

} // namespace precordia
