// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/labels/label_panel.h"

#include "core/io/snomed.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QSignalBlocker>
#include <QStringListModel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

enum Column { Key, Term, Own, Others, Columns };
constexpr int kTermRole = Qt::UserRole;
constexpr int kMostSuggested = 12;
constexpr int kKeyWidth = 44;
constexpr int kSaidWidth = 84;
constexpr int kLeastLetters = 8;

QString fromUtf8(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

LabelPanel::LabelPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , reader_(new QComboBox)
    , blinded_(new QCheckBox(tr("Blinded")))
    , target_(new QComboBox)
    , list_(new QTreeWidget)
    , search_(new QLineEdit) {
    setRole(this, "panelGround");
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kStep * 2, Theme::kPanel, Theme::kStep * 2);
    column->setSpacing(Theme::kStep * 2);
    buildTop();
    list_->setColumnCount(Columns);
    list_->setHeaderLabels({tr("key"), tr("term"), tr("own"), tr("others")});
    list_->headerItem()->setToolTip(Key, tr("Checked: present; half checked: absent; empty: nothing was said"));
    list_->setRootIsDecorated(false);
    list_->setUniformRowHeights(true);
    list_->setContextMenuPolicy(Qt::CustomContextMenu);
    list_->setAccessibleName(tr("Vocabulary of the study"));
    list_->header()->setStretchLastSection(false);
    list_->header()->setSectionResizeMode(Term, QHeaderView::Stretch);
    list_->header()->resizeSection(Key, kKeyWidth);
    list_->header()->resizeSection(Own, kSaidWidth);
    list_->header()->resizeSection(Others, kSaidWidth);
    search_->setPlaceholderText(tr("Add a term: SNOMED name or an own one…"));
    search_->setAccessibleName(tr("Add a term to the vocabulary"));
    QStringList names;
    for (const auto& term : snomedTerms())
        names << fromUtf8(term.name);
    auto* completer = new QCompleter(names, search_);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    completer->setMaxVisibleItems(kMostSuggested);
    search_->setCompleter(completer);
    column->addWidget(list_, 1);
    column->addWidget(search_);
    makeActions();

    connect(list_, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item, int at) {
        if (!filling_ && at == Key)
            toggle(item->data(Key, kTermRole).toLongLong(), LabelValue::Present);
    });
    connect(list_, &QTreeWidget::customContextMenuRequested, this, &LabelPanel::termMenu);
    connect(search_, &QLineEdit::returnPressed, this, [this] {
        addTerm(search_->text());
        search_->clear();
        // A completion that was chosen by this key is written into the line after it.
        QMetaObject::invokeMethod(search_, &QLineEdit::clear, Qt::QueuedConnection);
    });
    connect(&session_, &Session::labelsChanged, this, &LabelPanel::rebuild);
    connect(&session_, &Session::sightChanged, this, &LabelPanel::showReaders);
    connect(&session_, &Session::studyChanged, this, &LabelPanel::rebuild);
    connect(&session_, &Session::recordingChanged, this, [this] {
        time_.reset();
        showTargets();
        rebuild();
    });
    StudySelection& selection = session_.selection();
    connect(&selection, &StudySelection::currentChanged, this, [this] { // the labels of the one before say nothing here
        showTargets();
        rebuild();
    });
    connect(&selection, &StudySelection::timeChanged, this, [this] {
        if (const auto time = session_.selection().time()) // it leaves the paper for the list: the beat stays
            time_ = time;
        showTargets();
    });
    connect(&selection, &StudySelection::leadChanged, this, &LabelPanel::showTargets);
    connect(&selection, &StudySelection::spanChanged, this, &LabelPanel::showTargets);
    showReaders();
    showTargets();
    rebuild();
}

void LabelPanel::buildTop() {
    auto* column = qobject_cast<QVBoxLayout*>(layout());
    reader_->setEditable(true);
    reader_->setInsertPolicy(QComboBox::NoInsert);
    reader_->setAccessibleName(tr("Reader"));
    reader_->setToolTip(tr("Who labels: each reader's labels stand by themselves"));
    blinded_->setToolTip(tr("Hides labels, names of recordings and what other readers found, wherever they show"));
    auto* who = new QHBoxLayout;
    who->setSpacing(Theme::kStep * 2);
    who->addWidget(new QLabel(tr("Reader")));
    who->addWidget(reader_, 1);
    who->addWidget(blinded_);
    column->addLayout(who);
    for (auto* box : {reader_, target_}) { // a narrow dock stays narrow, whatever they hold
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(kLeastLetters);
    }
    for (int part = 0; part < 4; ++part)
        target_->addItem(QString(), part);
    target_->setAccessibleName(tr("What a label is given to"));
    target_->setToolTip(tr("What a label is given to: the recording, the lead under the cursor, the chosen caliper, or "
                           "the beat at the cursor"));
    auto* what = new QHBoxLayout;
    what->setSpacing(Theme::kStep * 2);
    what->addWidget(new QLabel(tr("On")));
    what->addWidget(target_, 1);
    auto* next = new QPushButton(tr("Next unread"));
    next->setFocusPolicy(Qt::NoFocus);
    next->setToolTip(tr("To the next recording of the worklist that this reader has not read (N)"));
    what->addWidget(next);
    column->addLayout(what);
    connect(next, &QPushButton::clicked, this, &LabelPanel::unreadWanted);
    connect(target_, &QComboBox::currentIndexChanged, this, &LabelPanel::rebuild);
    connect(blinded_, &QCheckBox::clicked, this, &LabelPanel::takeSight);
    connect(reader_, &QComboBox::activated, this, &LabelPanel::takeSight);
    connect(reader_->lineEdit(), &QLineEdit::editingFinished, this, &LabelPanel::takeSight);
}

void LabelPanel::makeActions() {
    const auto add = [this](const QKeySequence& keys, auto run) {
        auto* action = new QAction(this);
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, run);
        actions_ << action;
        return action;
    };
    for (int key = 1; key <= 9; ++key) {
        const auto give = [this, key](LabelValue value) {
            if (const auto* term = termOfKey(key))
                toggle(term->id, value);
        };
        present_[key - 1] = add(QKeySequence(Qt::Key_0 + key), [give] { give(LabelValue::Present); });
        absent_[key - 1] = add(QKeySequence(Qt::ALT | (Qt::Key_0 + key)), [give] { give(LabelValue::Absent); });
    }
    add(QKeySequence(Qt::Key_0), [this] {
        toggle(kReadTerm, LabelValue::Present);
    })->setText(tr("Mark the recording as read"));
    add(QKeySequence(Qt::Key_N), [this] { Q_EMIT unreadWanted(); })->setText(tr("Next recording not read yet"));
}

// Who -------------------------------------------------------------------------------

void LabelPanel::showReaders() {
    const QSignalBlocker quiet(reader_);
    const auto& sight = session_.sight();
    QStringList names;
    if (!sight.blinded)
        for (const auto& name : session_.labels()->readers)
            names << fromUtf8(name);
    const QString own = fromUtf8(sight.reader);
    if (!names.contains(own))
        names << own;
    reader_->clear();
    reader_->addItems(names);
    reader_->setCurrentText(own);
    blinded_->setChecked(sight.blinded);
}

void LabelPanel::takeSight() {
    const QString name = reader_->currentText().simplified();
    const bool settled = name == QLatin1String(kAdjudicated); // no reader: what two of them came to
    if (name.isEmpty() || settled)
        reader_->setCurrentText(fromUtf8(session_.sight().reader));
    session_.setSight({reader_->currentText().simplified().toStdString(), blinded_->isChecked()});
}

// On what ---------------------------------------------------------------------------

// The one on the screen may still be the one before.
std::shared_ptr<const LoadedRecording> LabelPanel::loadedNow() const {
    auto loaded = session_.recording();
    return loaded && loaded->row.id == session_.selection().current() ? loaded : nullptr;
}

std::optional<SampleIndex> LabelPanel::beat() const {
    const auto loaded = loadedNow();
    if (!loaded || !time_ || loaded->rPeaks.empty())
        return std::nullopt;
    const double at = *time_ * loaded->recording.samplingRate;
    const auto nearest =
        std::min_element(loaded->rPeaks.begin(), loaded->rPeaks.end(), [at](SampleIndex a, SampleIndex b) {
            return std::abs(static_cast<double>(a.value) - at) < std::abs(static_cast<double>(b.value) - at);
        });
    return *nearest;
}

std::optional<LabelTarget> LabelPanel::targetOf(LabelPart part) const {
    const auto loaded = loadedNow();
    const auto& selection = session_.selection();
    switch (part) {
    case LabelPart::Recording:
        return LabelTarget{};
    case LabelPart::Lead:
        if (!selection.lead().empty() && loaded && loaded->recording.find(selection.lead()).valid())
            return LabelTarget{LabelPart::Lead, selection.lead(), 0, 0};
        break;
    case LabelPart::Interval:
        if (const auto& span = selection.span(); span && loaded) {
            const auto sample = [&](double seconds) {
                const auto last = static_cast<std::int64_t>(loaded->recording.samples());
                return std::clamp<std::int64_t>(std::llround(seconds * loaded->recording.samplingRate), 0, last);
            };
            const LabelTarget target{LabelPart::Interval, span->lead, sample(span->from), sample(span->to)};
            if (target.from < target.to)
                return target;
        }
        break;
    case LabelPart::Beat:
        if (const auto peak = beat())
            return LabelTarget{LabelPart::Beat, {}, peak->value, 0};
        break;
    }
    return std::nullopt;
}

std::optional<LabelTarget> LabelPanel::chosenTarget() const {
    return targetOf(static_cast<LabelPart>(target_->currentIndex()));
}

void LabelPanel::showTargets() {
    const auto loaded = session_.recording();
    const double rate = loaded ? loaded->recording.samplingRate : 1;
    const auto seconds = [rate](std::int64_t sample) { return Texts::number(static_cast<double>(sample) / rate, 2); };
    for (int i = 0; i < target_->count(); ++i) {
        const auto target = targetOf(static_cast<LabelPart>(i));
        QString text;
        switch (static_cast<LabelPart>(i)) {
        case LabelPart::Recording:
            text = tr("Recording");
            break;
        case LabelPart::Lead:
            text = target ? tr("Lead %1").arg(fromUtf8(target->lead)) : tr("Lead: point at one");
            break;
        case LabelPart::Interval:
            text = target ? tr("Caliper %1 to %2 s").arg(seconds(target->from), seconds(target->to))
                          : tr("Interval: lay a caliper (C)");
            break;
        case LabelPart::Beat:
            text = target ? tr("Beat at %1 s").arg(seconds(target->from)) : tr("Beat: point at one");
            break;
        }
        if (target_->itemText(i) != text)
            target_->setItemText(i, text);
    }
    if (target_->currentIndex() != 0)
        rebuild();
}

// Giving ----------------------------------------------------------------------------

const VocabularyTerm* LabelPanel::termOf(std::int64_t id) const {
    const auto& terms = session_.labels()->vocabulary;
    const auto at = std::find_if(terms.begin(), terms.end(), [id](const auto& t) { return t.id == id; });
    return at != terms.end() ? &*at : nullptr;
}

const VocabularyTerm* LabelPanel::termOfKey(int key) const {
    const auto& terms = session_.labels()->vocabulary;
    const auto at = std::find_if(terms.begin(), terms.end(), [key](const auto& t) { return t.key == key; });
    return at != terms.end() ? &*at : nullptr;
}

void LabelPanel::toggle(std::int64_t term, LabelValue value) {
    const auto later = [panel = QPointer<LabelPanel>(this), term, value](bool found) {
        if (panel && found)
            panel->toggle(term, value);
        else if (panel)
            panel->notGiven(tr("There is no next recording to give it to."));
    };
    if (session_.afterSeeking(later))
        return; // it is meant for the recording that is being looked for
    const RecordingId id = session_.selection().current();
    const auto target = term == kReadTerm ? std::optional(LabelTarget{}) : chosenTarget();
    if (!id.valid() || !target) {
        rebuild(); // a box that was clicked goes back
        if (id.valid())
            notGiven(loadedNow() ? target_->currentText()
                                 : tr("The recording is still being read, and a lead, an interval or a beat of it is "
                                      "not known before."));
        return;
    }
    const auto* known = termOf(term);
    const QString name = known != nullptr ? fromUtf8(known->name) : tr("read");
    session_.toggleLabel(value == LabelValue::Absent ? tr("label no %1").arg(name) : tr("label %1").arg(name),
                         tr("take back %1").arg(name), {id, term, *target, value});
}

void LabelPanel::notGiven(const QString& why) {
    session_.tell({QStringLiteral("caution"), tr("The label was not given. %1").arg(why), {}, {}});
}

void LabelPanel::addTerm(const QString& text) {
    const auto name = normaliseLabel(text.toStdString()).name;
    if (name.empty())
        return;
    VocabularyTerm term;
    term.name = name;
    for (const auto& known : snomedTerms())
        if (normaliseLabel(known.name).name == name)
            term.code = known.code;
    term.key = 0; // the lowest that is free when it is written
    session_.setTerms(tr("add the term %1").arg(fromUtf8(name)), {term});
}

void LabelPanel::setKey(const VocabularyTerm& term, std::optional<int> key) {
    auto changed = term;
    changed.key = key;
    session_.setTerms(tr("key of %1").arg(fromUtf8(term.name)), {changed});
}

void LabelPanel::rename(const VocabularyTerm& term) {
    bool accepted = false;
    const QString name = QInputDialog::getText(this, tr("Rename a term"), tr("Labels given by it go with the name:"),
                                               QLineEdit::Normal, fromUtf8(term.name), &accepted);
    if (!accepted || name.simplified().isEmpty())
        return;
    auto changed = term;
    changed.name = name.toStdString();
    session_.setTerms(tr("rename %1").arg(fromUtf8(term.name)), {changed});
}

void LabelPanel::termMenu(const QPoint& at) {
    const auto* item = list_->itemAt(at);
    const auto* found = item != nullptr ? termOf(item->data(Key, kTermRole).toLongLong()) : nullptr;
    if (found == nullptr)
        return;
    const VocabularyTerm term = *found;
    QMenu menu;
    menu.addAction(tr("Present"), this, [this, term] { toggle(term.id, LabelValue::Present); });
    menu.addAction(tr("Absent"), this, [this, term] { toggle(term.id, LabelValue::Absent); });
    menu.addSeparator();
    menu.addAction(tr("Rename…"), this, [this, term] { rename(term); });
    QMenu* keys = menu.addMenu(tr("Key"));
    for (int key = 1; key <= 9; ++key) {
        const auto* other = termOfKey(key);
        auto* action = keys->addAction(other != nullptr ? tr("%1, now %2").arg(key).arg(fromUtf8(other->name))
                                                        : QString::number(key),
                                       this, [this, term, key] { setKey(term, key); });
        action->setCheckable(true);
        action->setChecked(term.key == key);
    }
    keys->addAction(tr("None"), this, [this, term] { setKey(term, std::nullopt); });
    menu.addAction(tr("Take off the list"), this, [this, term] {
        auto off = term;
        off.active = false;
        session_.setTerms(tr("take %1 off the list").arg(fromUtf8(term.name)), {off});
    });
    menu.exec(list_->viewport()->mapToGlobal(at));
}

// The list --------------------------------------------------------------------------

// What was said of the recording in focus; nothing while that is on its way.
const std::vector<ReaderLabel>& LabelPanel::given() const {
    static const std::vector<ReaderLabel> none;
    const auto& state = *session_.labels();
    return state.id == session_.selection().current() ? state.given : none;
}

QString LabelPanel::partText(const ReaderLabel& label) const {
    const auto loaded = session_.recording();
    const double rate = loaded ? loaded->recording.samplingRate : 1;
    const auto seconds = [rate](std::int64_t sample) { return Texts::number(static_cast<double>(sample) / rate, 2); };
    const bool present = label.value == LabelValue::Present;
    QString part;
    switch (label.target.part) {
    case LabelPart::Recording:
        return present ? tr("yes", "a label is present") : tr("no", "a label is absent");
    case LabelPart::Lead:
        part = fromUtf8(label.target.lead);
        break;
    case LabelPart::Interval:
        part = (label.target.lead.empty() ? QString() : fromUtf8(label.target.lead) + QLatin1Char(' ')) +
               tr("%1 to %2 s").arg(seconds(label.target.from), seconds(label.target.to));
        break;
    case LabelPart::Beat:
        part = tr("beat %1 s").arg(seconds(label.target.from));
        break;
    }
    return present ? part : tr("not %1", "a label is absent there").arg(part);
}

QString LabelPanel::saidBy(std::int64_t term, bool own) const {
    QStringList parts;
    for (const auto& label : given())
        if (label.term == term && (label.reader == session_.sight().reader) == own)
            parts << (own ? partText(label) : fromUtf8(label.reader) + QStringLiteral(": ") + partText(label));
    return parts.join(QStringLiteral(", "));
}

void LabelPanel::addRow(const VocabularyTerm& term, bool others) {
    const auto target = term.id == kReadTerm ? std::optional(LabelTarget{}) : chosenTarget();
    auto* item = new QTreeWidgetItem(list_);
    item->setData(Key, kTermRole, static_cast<qlonglong>(term.id));
    item->setText(Key, term.id == kReadTerm ? QStringLiteral("0") : term.key ? QString::number(*term.key) : QString());
    item->setText(Term, term.id == kReadTerm ? tr("read, silence means absent") : fromUtf8(term.name));
    item->setText(Own, saidBy(term.id, true));
    item->setToolTip(Own, item->text(Own));
    item->setToolTip(Term, term.code.empty() ? item->text(Term)
                                             : tr("%1, SNOMED CT %2").arg(item->text(Term), fromUtf8(term.code)));
    if (others) {
        item->setText(Others, saidBy(term.id, false));
        item->setToolTip(Others, item->text(Others));
    }
    Qt::CheckState state = Qt::Unchecked;
    for (const auto& label : given())
        if (target && label.reader == session_.sight().reader && label.term == term.id && label.target == *target)
            state = label.value == LabelValue::Present ? Qt::Checked : Qt::PartiallyChecked;
    item->setFlags(target ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable : Qt::ItemIsSelectable);
    item->setCheckState(Key, state);
}

void LabelPanel::rebuild() {
    filling_ = true;
    const auto state = session_.labels();
    const auto chosen = list_->currentItem() != nullptr ? list_->currentItem()->data(Key, kTermRole).toLongLong() : -1;
    list_->clear();
    const auto& reader = session_.sight().reader;
    const bool others =
        std::any_of(given().begin(), given().end(), [&](const ReaderLabel& label) { return label.reader != reader; });
    list_->setColumnHidden(Others, !others);
    for (const auto& term : state->vocabulary)
        addRow(term, others);
    addRow({kReadTerm, {}, {}, {}, true}, others);
    for (int i = 0; i < list_->topLevelItemCount(); ++i)
        if (list_->topLevelItem(i)->data(Key, kTermRole).toLongLong() == chosen)
            list_->setCurrentItem(list_->topLevelItem(i));
    setEnabled(session_.hasStudy());
    filling_ = false;
    nameActions();
    if (!reader_->lineEdit()->hasFocus())
        showReaders();
}

void LabelPanel::nameActions() {
    const bool any = session_.hasStudy() && session_.selection().current().valid();
    for (int key = 1; key <= 9; ++key) {
        const auto* term = termOfKey(key);
        present_[key - 1]->setText(term != nullptr ? tr("Label: %1").arg(fromUtf8(term->name))
                                                   : tr("Label: term of key %1").arg(key));
        absent_[key - 1]->setText(term != nullptr ? tr("Label: no %1").arg(fromUtf8(term->name))
                                                  : tr("Label: no term of key %1").arg(key));
        for (auto* action : {present_[key - 1], absent_[key - 1]}) {
            action->setEnabled(any && term != nullptr);
            action->setVisible(term != nullptr);
        }
    }
    for (qsizetype i = 18; i < actions_.size(); ++i)
        actions_[i]->setEnabled(any);
}

} // namespace precordia
