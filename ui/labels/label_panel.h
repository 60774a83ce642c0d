// SPDX-License-Identifier: GPL-3.0-or-later
// Labelling the recording in focus: who reads, what the label is given to (recording, lead, caliper, beat), and the
// study's vocabulary with its keys. Every change can be undone.
#pragma once

#include "ui/session.h"

#include <QAction>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace precordia {

class LabelPanel : public QWidget {
    Q_OBJECT
public:
    explicit LabelPanel(Session& session, QWidget* parent = nullptr);

    // For the menu, the palette and the shortcut sheet: 1 to 9 give a term or take it back, Alt with them says that it
    // is absent, 0 marks as read, N goes on to the next unread one.
    const QList<QAction*>& labelActions() const { return actions_; }
    QTreeWidget& list() { return *list_; }
    QComboBox& target() { return *target_; }
    QComboBox& reader() { return *reader_; }
    QCheckBox& blinded() { return *blinded_; }
    QLineEdit& search() { return *search_; }

    // Gives the value to the chosen target of the recording in focus, or takes it back when it stands so. The whole
    // recording need not be loaded for it; where there is no such target, the message bar says so.
    void toggle(std::int64_t term, LabelValue value);
    // What is typed in the search line: the SNOMED term of that name, else an own one.
    void addTerm(const QString& text);

Q_SIGNALS:
    void unreadWanted();

private:
    void buildTop();
    void makeActions();
    void rebuild();
    void showReaders();
    void showTargets();
    void nameActions();
    void takeSight();
    void termMenu(const QPoint& at);
    void setKey(const VocabularyTerm& term, std::optional<int> key);
    void rename(const VocabularyTerm& term);
    void addRow(const VocabularyTerm& term, bool others);
    QString saidBy(std::int64_t term, bool own) const;
    QString partText(const ReaderLabel& label) const;
    const VocabularyTerm* termOf(std::int64_t id) const;
    const VocabularyTerm* termOfKey(int key) const;
    std::optional<LabelTarget> targetOf(LabelPart part) const; // nothing: there is no such now
    std::optional<LabelTarget> chosenTarget() const;
    std::optional<SampleIndex> beat() const;
    std::shared_ptr<const LoadedRecording> loadedNow() const; // null: it is not there yet
    const std::vector<ReaderLabel>& given() const;
    void notGiven(const QString& why);

    Session& session_;
    QComboBox* reader_;
    QCheckBox* blinded_;
    QComboBox* target_;
    QTreeWidget* list_;
    QLineEdit* search_;
    QList<QAction*> actions_;
    QAction* absent_[9] = {};
    QAction* present_[9] = {};
    std::optional<double> time_; // where the cursor was last
    bool filling_ = false;       // the list is being made: its signals are not a person's
};

} // namespace precordia
