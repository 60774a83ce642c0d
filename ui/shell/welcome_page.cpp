// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/welcome_page.h"

#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace precordia {

namespace {
constexpr int kWidth = 520;
}

WelcomePage::WelcomePage(QWidget* parent)
    : QWidget(parent)
    , demo_(new QPushButton(tr("Open the demo study")))
    , where_(new QLabel)
    , recent_(new QWidget)
    , recentColumn_(new QVBoxLayout(recent_)) {
    auto* outer = new QHBoxLayout(this);
    outer->addStretch(1);
    auto* column = new QVBoxLayout;
    column->setSpacing(Theme::kPanel);
    outer->addLayout(column);
    outer->addStretch(1);
    column->addStretch(2);

    auto* title = new QLabel(tr("Precordia"));
    setRole(title, "title");
    column->addWidget(title);
    auto* text =
        new QLabel(tr("Reads ECGs, pretrains ER-JEPA on them on this machine, and shows what the model learned: "
                      "interval encodings under the trace, reconstructions of hidden events, a map of the recordings. "
                      "Nothing leaves this machine."));
    text->setWordWrap(true);
    text->setFixedWidth(kWidth);
    setRole(text, "secondary");
    column->addWidget(text);
    column->addSpacing(Theme::kPanel);

    setRole(demo_, "primary");
    auto* demoRow = new QHBoxLayout;
    demoRow->addWidget(demo_);
    demoRow->addStretch(1);
    column->addLayout(demoRow);
    auto* whereRow = new QHBoxLayout;
    whereRow->setSpacing(Theme::kStep * 2);
    setRole(where_, "small");
    where_->setWordWrap(true);
    auto* change = new QPushButton(tr("Another folder…"));
    setRole(change, "link");
    change->setCursor(Qt::PointingHandCursor);
    whereRow->addWidget(where_, 1);
    whereRow->addWidget(change);
    column->addLayout(whereRow);
    column->addSpacing(Theme::kPanel);

    auto* others = new QHBoxLayout;
    others->setSpacing(Theme::kStep * 2);
    auto* open = new QPushButton(tr("Open a study…"));
    auto* fresh = new QPushButton(tr("New study from a folder of ECGs…"));
    others->addWidget(open);
    others->addWidget(fresh);
    others->addStretch(1);
    column->addLayout(others);
    auto* drop = new QLabel(tr("Files and folders can also be dropped onto this window."));
    setRole(drop, "small");
    column->addWidget(drop);
    column->addSpacing(Theme::kPanel);

    recentColumn_->setContentsMargins(0, 0, 0, 0);
    recentColumn_->setSpacing(0);
    column->addWidget(recent_);
    recent_->hide();
    column->addStretch(3);

    connect(demo_, &QPushButton::clicked, this, &WelcomePage::demoWanted);
    connect(change, &QPushButton::clicked, this, &WelcomePage::demoFolderWanted);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openWanted);
    connect(fresh, &QPushButton::clicked, this, &WelcomePage::newWanted);
}

void WelcomePage::setDemoFolder(const QString& folder) {
    where_->setText(tr("Synthetic ECGs with known truth, made in %1").arg(QDir::toNativeSeparators(folder)));
}

void WelcomePage::setBusy(bool busy) {
    demo_->setEnabled(!busy);
    demo_->setText(busy ? tr("Making the demo study…") : tr("Open the demo study"));
}

void WelcomePage::setRecent(const QStringList& folders) {
    while (QLayoutItem* item = recentColumn_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!folders.isEmpty()) {
        auto* heading = new QLabel(tr("Recent studies"));
        setRole(heading, "heading");
        recentColumn_->addWidget(heading);
    }
    for (const QString& folder : folders) {
        auto* link = new QPushButton(QFileInfo(folder).fileName());
        link->setToolTip(QDir::toNativeSeparators(folder));
        setRole(link, "link");
        link->setCursor(Qt::PointingHandCursor);
        connect(link, &QPushButton::clicked, this, [this, folder] { Q_EMIT recentWanted(folder); });
        recentColumn_->addWidget(link, 0, Qt::AlignLeft);
    }
    recent_->setVisible(!folders.isEmpty());
}

} // namespace precordia
