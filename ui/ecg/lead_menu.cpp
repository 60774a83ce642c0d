// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/lead_menu.h"

#include <QLocale>
#include <QMenu>

#include <algorithm>

namespace precordia {

namespace {

const std::vector<std::string> kLimb{"I", "II", "III", "aVR", "aVL", "aVF"};
const std::vector<std::string> kChest{"V1", "V2", "V3", "V4", "V5", "V6"};
const std::vector<std::string> kInferior{"II", "III", "aVF"};
const std::vector<std::string> kLateral{"I", "aVL", "V5", "V6"};

} // namespace

LeadMenu::LeadMenu(QWidget* parent) : QToolButton(parent) {
    setPopupMode(QToolButton::InstantPopup);
    setAccessibleName(tr("Leads"));
    setToolTip(tr("Show a group of leads, or draw one larger, smaller, upside down or not at all"));
    setMenu(new QMenu(this));
    connect(menu(), &QMenu::aboutToShow, this, &LeadMenu::build);
    setStyles({});
}

void LeadMenu::setStyles(std::map<std::string, LeadStyle> styles) {
    std::erase_if(styles, [](const auto& entry) { return entry.second == LeadStyle{}; });
    styles_ = std::move(styles);
    setText(styles_.empty() ? tr("Leads") : tr("Leads: %n changed", nullptr, static_cast<int>(styles_.size())));
    Q_EMIT changed();
}

void LeadMenu::change(const std::string& lead, const LeadStyle& style) {
    auto styles = styles_;
    styles[lead] = style;
    setStyles(std::move(styles));
}

void LeadMenu::showOnly(const std::vector<std::string>& leads) {
    auto styles = styles_;
    for (const auto& name : standardLeads())
        styles[name].hidden = std::find(leads.begin(), leads.end(), name) == leads.end();
    setStyles(std::move(styles));
}

void LeadMenu::build() {
    menu()->clear();
    const std::vector<std::pair<QString, std::vector<std::string>>> groups{{tr("All leads"), standardLeads()},
                                                                           {tr("Limb leads"), kLimb},
                                                                           {tr("Chest leads"), kChest},
                                                                           {tr("Inferior leads"), kInferior},
                                                                           {tr("Lateral leads"), kLateral}};
    for (const auto& [text, leads] : groups)
        connect(menu()->addAction(text), &QAction::triggered, this, [this, leads = leads] { showOnly(leads); });
    menu()->addSeparator();
    for (const auto& name : standardLeads()) {
        const auto found = styles_.find(name);
        const LeadStyle now = found == styles_.end() ? LeadStyle{} : found->second;
        QMenu* one = menu()->addMenu(QString::fromStdString(name));
        const auto add = [&](const QString& text, bool on, const LeadStyle& then) {
            QAction* action = one->addAction(text);
            action->setCheckable(true);
            action->setChecked(on);
            connect(action, &QAction::triggered, this, [this, name, then] { change(name, then); });
        };
        add(tr("Hidden"), now.hidden, {now.gain, now.inverted, !now.hidden});
        add(tr("Inverted"), now.inverted, {now.gain, !now.inverted, now.hidden});
        for (const double gain : {0.5, 1.0, 2.0})
            add(tr("Amplitude \u00D7%1").arg(QLocale().toString(gain)), now.gain == gain,
                {gain, now.inverted, now.hidden});
    }
    menu()->addSeparator();
    QAction* reset = menu()->addAction(tr("Draw all leads plainly"));
    reset->setEnabled(!styles_.empty());
    connect(reset, &QAction::triggered, this, [this] { setStyles({}); });
}

} // namespace precordia
