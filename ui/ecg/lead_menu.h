// SPDX-License-Identifier: GPL-3.0-or-later
// How single leads are drawn: amplitude, upside down, hidden; and groups that hide all others.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/paper/paper.h"
#endif

#include <QToolButton>

#include <map>
#include <string>

namespace precordia {

class LeadMenu : public QToolButton {
    Q_OBJECT
public:
    explicit LeadMenu(QWidget* parent = nullptr);
    const std::map<std::string, LeadStyle>& styles() const { return styles_; }
    void setStyles(std::map<std::string, LeadStyle> styles);

Q_SIGNALS:
    void changed();

private:
    void build();
    void change(const std::string& lead, const LeadStyle& style);
    void showOnly(const std::vector<std::string>& leads);

    std::map<std::string, LeadStyle> styles_; // only what differs from the plain style
};

} // namespace precordia
