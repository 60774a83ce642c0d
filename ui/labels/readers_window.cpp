// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/labels/readers_window.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLocale>
#include <QPointer>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <cmath>

namespace precordia {

namespace {

constexpr int kRecordingRole = Qt::UserRole;
constexpr int kTermRole = Qt::UserRole + 1;
constexpr int kDecimals = 3;
constexpr int kFigureWidth = 98;
constexpr int kVerdictWidth = 110;

QTreeWidget* table(const QStringList& heads, const QString& name, int figureWidth) {
    auto* tree = new QTreeWidget;
    tree->setColumnCount(static_cast<int>(heads.size()));
    tree->setHeaderLabels(heads);
    tree->setUniformRowHeights(true);
    tree->setAllColumnsShowFocus(true);
    tree->setAccessibleName(name);
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int i = 1; i < heads.size(); ++i)
        tree->header()->resizeSection(i, figureWidth);
    return tree;
}

QString figure(double value) {
    return Texts::number(std::abs(value) < 0.0005 ? 0.0 : value, kDecimals); // no "-0.000"
}

QString kappaText(const TermAgreement& term, std::optional<KappaUnsaid> why) {
    return !why                          ? figure(term.kappa->value)
           : *why == KappaUnsaid::TooFew ? ReadersWindow::tr("too few")
                                         : ReadersWindow::tr("undefined");
}

QString intervalText(const TermAgreement& term, std::optional<KappaUnsaid> why) {
    return why ? QString() : QStringLiteral("%1 \u2026 %2").arg(figure(term.kappa->low), figure(term.kappa->high));
}

QString reasonText(KappaUnsaid why) {
    switch (why) {
    case KappaUnsaid::TooFew:
        return ReadersWindow::tr("Too few to say: fewer than %1 recordings were read by both.").arg(kFewestForKappa);
    case KappaUnsaid::AllEqual:
        return ReadersWindow::tr("Kappa is undefined: all ratings are equal.");
    case KappaUnsaid::OneConstant:
        break;
    }
    return ReadersWindow::tr("Kappa says nothing: all ratings of one of the two are equal.");
}

QString said(bool read, bool given) {
    return !read ? ReadersWindow::tr("not read") : given ? ReadersWindow::tr("present") : ReadersWindow::tr("absent");
}

} // namespace

ReadersWindow::ReadersWindow(Session& session, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , first_(new QComboBox)
    , second_(new QComboBox)
    , summary_(new QLabel)
    , terms_(table({tr("term"), tr("both"), tr("only first"), tr("only second"), tr("neither"), tr("kappa"),
                    tr("95 % interval")},
                   tr("Agreement by term"), kFigureWidth))
    , differences_(
          table({tr("recording"), tr("first"), tr("second"), tr("settled")}, tr("Where they differ"), kVerdictWidth)) {
    setWindowTitle(tr("Two readers"));
    setObjectName(QStringLiteral("readers"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    column->setSpacing(Theme::kStep * 2);
    auto* who = new QHBoxLayout;
    first_->setAccessibleName(tr("First reader"));
    second_->setAccessibleName(tr("Second reader"));
    who->addWidget(first_);
    who->addWidget(new QLabel(tr("and")));
    who->addWidget(second_);
    who->addStretch(1);
    column->addLayout(who);
    setRole(summary_, "secondary");
    summary_->setWordWrap(true);
    column->addWidget(summary_);
    terms_->setRootIsDecorated(false);
    terms_->header()->resizeSection(6, kVerdictWidth + Theme::kPanel);
    for (int i = 1; i < terms_->columnCount(); ++i) // over their figures
        terms_->headerItem()->setTextAlignment(i, Qt::AlignRight | Qt::AlignVCenter);
    column->addWidget(terms_, 2);
    auto* heading = new QLabel(tr("Where they differ"));
    setRole(heading, "heading");
    column->addWidget(heading);
    column->addWidget(differences_, 3);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    const auto settler = [&](const QString& text, std::optional<LabelValue> value) {
        auto* button = buttons->addButton(text, QDialogButtonBox::ActionRole);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, value] { settle(value); });
        settlers_ << button;
    };
    settler(tr("Settle as present"), LabelValue::Present);
    settler(tr("Settle as absent"), LabelValue::Absent);
    settler(tr("Open again"), std::nullopt);
    column->addWidget(buttons);
    resize(820, 600);

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    for (auto* box : {first_, second_})
        connect(box, &QComboBox::currentTextChanged, this, &ReadersWindow::compare);
    connect(differences_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        const bool term = item != nullptr && item->parent() != nullptr;
        for (auto* button : settlers_)
            button->setEnabled(term);
        if (item != nullptr)
            session_.selection().setCurrent(RecordingId(item->data(0, kRecordingRole).toLongLong()));
    });
    connect(&session_, &Session::rowsPatched, this, &ReadersWindow::compare); // a label was given
    connect(&session_, &Session::rowsChanged, this, &ReadersWindow::compare);
    connect(&session_, &Session::sightChanged, this, [this] {
        if (session_.sight().blinded)
            close();
    });
    for (auto* button : settlers_)
        button->setEnabled(false);
    fillReaders();
    compare();
}

void ReadersWindow::fillReaders() {
    QStringList names;
    for (const auto& name : session_.labels()->readers)
        names << QString::fromStdString(name);
    for (auto* box : {first_, second_}) {
        const QSignalBlocker quiet(box);
        box->addItems(names);
    }
    if (names.size() > 1)
        second_->setCurrentIndex(1);
}

void ReadersWindow::compare() {
    const auto a = first_->currentText().toStdString();
    const auto b = second_->currentText().toStdString();
    const int generation = ++generation_;
    if (a.empty() || b.empty() || a == b) {
        terms_->clear();
        differences_->clear();
        summary_->setText(first_->count() < 2 ? tr("There are no two readers yet: a second one chooses another name "
                                                   "in the panel of labels and labels the same recordings.")
                                              : tr("Choose two readers."));
        return;
    }
    session_.jobs().start<Compared>(
        tr("Agreement of readers").toStdString(),
        [folder = session_.studyFolder(), a, b](StopToken, Progress&) -> Result<Compared> {
            const auto study = Study::open(folder);
            if (!study)
                return study.as<Compared>();
            auto differences = differencesOf(**study, a, b);
            if (!differences)
                return differences.as<Compared>();
            auto agreement = agreementOf(**study, a, b);
            if (agreement.failed() && agreement.error().code != ErrorCode::NotFound)
                return agreement.as<Compared>();
            return Compared{agreement ? std::optional(*std::move(agreement)) : std::nullopt, *std::move(differences)};
        },
        [window = QPointer<ReadersWindow>(this), generation](Result<Compared> compared) {
            if (!window || generation != window->generation_ || compared.cancelled())
                return;
            if (compared.ok())
                window->showAll(*compared);
            else
                window->summary_->setText(Texts::error(compared.error()));
        });
}

void ReadersWindow::showAll(const Compared& compared) {
    terms_->clear();
    if (compared.agreement)
        showTerms(*compared.agreement);
    else
        summary_->setText(tr("One of the two has no labels."));
    showDifferences(compared.differences);
    Q_EMIT shown();
}

void ReadersWindow::showTerms(const Agreement& agreement) {
    const QLocale locale;
    const auto count = [&](std::int64_t n) { return locale.toString(static_cast<qlonglong>(n)); };
    summary_->setText(
        tr("%n recording(s) read by both, %1 by the first alone, %2 by the second alone. Kappa of Cohen: 0 is chance, "
           "1 agreement throughout.",
           nullptr, static_cast<int>(agreement.recordings))
            .arg(count(agreement.onlyByA), count(agreement.onlyByB)));
    const auto add = [&](const QString& name, const TermAgreement& term, bool bold) {
        const auto why = kappaUnsaid(term, agreement.recordings);
        auto* item = new QTreeWidgetItem(terms_, {name, count(term.counts.both), count(term.counts.onlyA),
                                                  count(term.counts.onlyB), count(term.counts.neither),
                                                  kappaText(term, why), intervalText(term, why)});
        QFont font = item->font(0);
        font.setBold(bold);
        for (int i = 0; i < terms_->columnCount(); ++i) {
            item->setFont(i, font);
            if (why && i > 4)
                item->setToolTip(i, reasonText(*why));
            if (i > 0)
                item->setTextAlignment(i, Qt::AlignRight | Qt::AlignVCenter);
        }
    };
    for (const auto& term : agreement.terms)
        add(QString::fromStdString(term.term), term, false);
    add(tr("all terms together"), agreement.overall, true);
}

void ReadersWindow::showDifferences(const std::vector<ReadingDifference>& differences) {
    const QSignalBlocker quiet(differences_); // what was in focus stays so
    const auto* before = differences_->currentItem();
    const auto key = [](const QTreeWidgetItem& item) {
        return std::pair(item.data(0, kRecordingRole).toLongLong(), item.data(0, kTermRole).toLongLong());
    };
    const auto chosen = before != nullptr ? key(*before) : std::pair<qlonglong, qlonglong>(-1, -1);
    differences_->clear();
    for (const auto& one : differences) {
        auto* item = new QTreeWidgetItem(differences_, {QString::fromStdString(one.name)});
        item->setData(0, kRecordingRole, static_cast<qlonglong>(one.id.value));
        item->setData(0, kTermRole, -1);
        item->setText(1, one.readByA ? QString() : tr("not read"));
        item->setText(2, one.readByB ? QString() : tr("not read"));
        item->setText(3, one.settled() ? tr("settled") : QString());
        if (key(*item) == chosen)
            differences_->setCurrentItem(item);
        for (const auto& term : one.terms) {
            auto* line = new QTreeWidgetItem(
                item, {QString::fromStdString(term.name), said(one.readByA, term.a), said(one.readByB, term.b)});
            line->setData(0, kRecordingRole, static_cast<qlonglong>(one.id.value));
            line->setData(0, kTermRole, static_cast<qlonglong>(term.id));
            if (term.settled)
                line->setText(3, *term.settled == LabelValue::Present ? tr("present") : tr("absent"));
            if (key(*line) == chosen)
                differences_->setCurrentItem(line);
        }
        item->setExpanded(true);
    }
    const bool term = differences_->currentItem() != nullptr && differences_->currentItem()->parent() != nullptr;
    for (auto* button : settlers_)
        button->setEnabled(term);
}

void ReadersWindow::settle(std::optional<LabelValue> value) {
    const auto* item = differences_->currentItem();
    if (item == nullptr || item->parent() == nullptr)
        return;
    session_.giveLabels(tr("settle %1").arg(item->text(0)),
                        {{RecordingId(item->data(0, kRecordingRole).toLongLong()),
                          item->data(0, kTermRole).toLongLong(), LabelTarget{}, value}},
                        kAdjudicated);
}

} // namespace precordia
