// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/filter_chips.h"

#include "ui/flow_layout.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QMenu>
#include <QPointer>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace precordia {

namespace {

constexpr std::size_t kMostChoices = 30; // a menu; the search field finds the rest
constexpr int kChipCharacters = 28;

QString shortened(const std::string& text) {
    const QString whole = QString::fromStdString(text);
    return whole.size() <= kChipCharacters ? whole : whole.left(kChipCharacters - 1) + QChar(0x2026);
}

QString rangeText(const std::optional<double>& from, const std::optional<double>& to) {
    const auto number = [](double value) { return QString::number(std::lround(value)); };
    if (from && to)
        return QStringLiteral("%1\u2013%2").arg(number(*from), number(*to));
    return from ? QStringLiteral("\u2265 %1").arg(number(*from)) : QStringLiteral("\u2264 %1").arg(number(*to));
}

} // namespace

FilterChips::FilterChips(QWidget* parent)
    : QWidget(parent)
    , rows_(std::make_shared<const std::vector<RecordingRow>>())
    , add_(new QToolButton(this))
    , menu_(new QMenu(this)) {
    new FlowLayout(this, Theme::kStep + 2);
    add_->setText(tr("+ filter"));
    add_->setToolTip(tr("Show only some of the recordings"));
    add_->setMenu(menu_);
    add_->setPopupMode(QToolButton::InstantPopup);
    setRole(add_, "chip");
    layout()->addWidget(add_);
    // The choices are counted when asked for, not on every change of the rows.
    connect(menu_, &QMenu::aboutToShow, this, &FilterChips::fillMenu);
}

void FilterChips::setRows(std::shared_ptr<const std::vector<RecordingRow>> rows) {
    rows_ = std::move(rows);
}

void FilterChips::setQuery(const WorklistQuery& query) {
    query_ = query;
    rebuild();
    Q_EMIT changed();
}

void FilterChips::change(const std::function<void(WorklistQuery&)>& edit) {
    WorklistQuery edited = query_;
    edit(edited);
    setQuery(edited);
}

void FilterChips::addChip(const QString& text, const std::function<void(WorklistQuery&)>& clear) {
    auto* chip = new QPushButton(text + QStringLiteral(" \u00D7"), this);
    chip->setProperty("active", true);
    chip->setToolTip(tr("Remove this filter"));
    chip->setAccessibleName(tr("Filter %1, press to remove").arg(text));
    setRole(chip, "chip");
    connect(chip, &QPushButton::clicked, this, [this, clear] { change(clear); });
    layout()->addWidget(chip);
    chip->show();
    chips_.push_back(chip);
}

void FilterChips::rebuild() {
    for (QWidget* chip : chips_) {
        chip->hide();
        chip->deleteLater(); // it may be the sender
        layout()->removeWidget(chip);
    }
    chips_.clear();
    layout()->removeWidget(add_);
    if (!query_.among.empty()) {
        addChip(tr("chosen on the map: %1").arg(query_.among.size()), [this](WorklistQuery& q) {
            q.among.clear();
            Q_EMIT chosenCleared();
        });
    }
    if (!query_.label.empty())
        addChip(shortened(query_.label), [](WorklistQuery& q) { q.label.clear(); });
    if (!query_.dataset.empty())
        addChip(tr("data set: %1").arg(shortened(query_.dataset)), [](WorklistQuery& q) { q.dataset.clear(); });
    if (query_.heartRateFrom || query_.heartRateTo)
        addChip(tr("HR %1 bpm").arg(rangeText(query_.heartRateFrom, query_.heartRateTo)), [](WorklistQuery& q) {
            q.heartRateFrom.reset();
            q.heartRateTo.reset();
        });
    if (query_.ageFrom || query_.ageTo)
        addChip(tr("age %1").arg(rangeText(query_.ageFrom, query_.ageTo)), [](WorklistQuery& q) {
            q.ageFrom.reset();
            q.ageTo.reset();
        });
    if (!query_.sex.empty())
        addChip(query_.sex == "female" ? tr("female") : tr("male"), [](WorklistQuery& q) { q.sex.clear(); });
    if (query_.cluster)
        addChip(tr("cluster %1").arg(*query_.cluster), [](WorklistQuery& q) { q.cluster.reset(); });
    layout()->addWidget(add_);
    updateGeometry();
}

void FilterChips::addChoices(QMenu* menu, const std::vector<Choice>& choices,
                             const std::function<void(WorklistQuery&, const std::string&)>& set) {
    menu->setEnabled(!choices.empty());
    for (std::size_t i = 0; i < std::min(choices.size(), kMostChoices); ++i) {
        const auto& choice = choices[i];
        QString name = QString::fromStdString(choice.value);
        name.replace(QLatin1Char('&'), QLatin1String("&&"));
        connect(menu->addAction(QStringLiteral("%1  (%2)").arg(name).arg(choice.count)), &QAction::triggered, this,
                [this, set, value = choice.value] { change([&](WorklistQuery& q) { set(q, value); }); });
    }
}

void FilterChips::fillMenu() {
    menu_->clear();
    addChoices(menu_->addMenu(tr("Label")), labelChoices(*rows_),
               [](WorklistQuery& q, const std::string& v) { q.label = v; });
    addChoices(menu_->addMenu(tr("Data set")), datasetChoices(*rows_),
               [](WorklistQuery& q, const std::string& v) { q.dataset = v; });
    QMenu* sex = menu_->addMenu(tr("Sex"));
    connect(sex->addAction(tr("Female")), &QAction::triggered, this,
            [this] { change([](WorklistQuery& q) { q.sex = "female"; }); });
    connect(sex->addAction(tr("Male")), &QAction::triggered, this,
            [this] { change([](WorklistQuery& q) { q.sex = "male"; }); });
    addChoices(menu_->addMenu(tr("Cluster")), clusterChoices(*rows_),
               [](WorklistQuery& q, const std::string& v) { q.cluster = std::stoi(v); });
    menu_->addSeparator();
    connect(menu_->addAction(tr("Heart rate…")), &QAction::triggered, this, [this] {
        askRange(tr("Heart rate"), tr(" bpm"), 20, 250, [](WorklistQuery& q, double from, double to) {
            q.heartRateFrom = from;
            q.heartRateTo = to;
        });
    });
    connect(menu_->addAction(tr("Age…")), &QAction::triggered, this, [this] {
        askRange(tr("Age"), tr(" years"), 0, 120, [](WorklistQuery& q, double from, double to) {
            q.ageFrom = from;
            q.ageTo = to;
        });
    });
}

// A small panel below the button, not a dialog in the way.
void FilterChips::askRange(const QString& title, const QString& unit, int from, int to,
                           const std::function<void(WorklistQuery&, double, double)>& set) {
    auto* popup = new QFrame(this, Qt::Popup);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    setRole(popup, "panelGround");
    auto* form = new QFormLayout(popup);
    form->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    auto* heading = new QLabel(title);
    setRole(heading, "heading");
    form->addRow(heading);
    const auto box = [&](int value) {
        auto* spin = new QSpinBox;
        spin->setRange(from, to);
        spin->setValue(value);
        spin->setSuffix(unit);
        return spin;
    };
    auto* low = box(from);
    auto* high = box(to);
    form->addRow(tr("from"), low);
    form->addRow(tr("to"), high);
    auto* apply = new QPushButton(tr("Apply"));
    apply->setDefault(true);
    form->addRow(apply);
    const auto accept = [this, popup, low, high, set] {
        const int a = std::min(low->value(), high->value()), b = std::max(low->value(), high->value());
        popup->close();
        change([&](WorklistQuery& q) { set(q, a, b); });
    };
    connect(apply, &QPushButton::clicked, popup, accept);
    popup->move(add_->mapToGlobal(QPoint(0, add_->height() + Theme::kStep)));
    popup->show();
    low->setFocus();
    low->selectAll();
}

} // namespace precordia
