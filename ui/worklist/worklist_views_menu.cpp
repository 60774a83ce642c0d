// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/worklist_views_menu.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMetaObject>

#include <algorithm>

namespace precordia {

namespace {

QString escaped(QString name) {
    return name.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace

WorklistViewsMenu::WorklistViewsMenu(Session& session, std::function<WorklistView()> now,
                                     std::function<void(const WorklistView&)> apply, QWidget* parent)
    : QMenu(parent)
    , session_(session)
    , now_(std::move(now))
    , apply_(std::move(apply))
    , writer_(std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
        QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
    })) {
    connect(this, &QMenu::aboutToShow, this, &WorklistViewsMenu::fill);
    connect(&session_, &Session::studyChanged, this, &WorklistViewsMenu::read);
    read();
}

// What was saved last is written before the study is left.
WorklistViewsMenu::~WorklistViewsMenu() {
    writer_->waitForAll();
}

void WorklistViewsMenu::read() {
    views_.clear();
    if (const Study* study = session_.study())
        views_ = worklistViews(QByteArray::fromStdString(study->value(kWorklistViewsKey)));
}

void WorklistViewsMenu::write() {
    writer_->start<Done>(
        "views",
        [folder = session_.studyFolder(), json = toJson(views_).toStdString()](StopToken, Progress&) -> Result<Done> {
            const auto study = Study::open(folder);
            return study ? (*study)->setValue(kWorklistViewsKey, json) : study.as<Done>();
        },
        [this](const Result<Done>& done) {
            if (done.failed())
                session_.tell({QStringLiteral("caution"),
                               tr("The views of the worklist could not be kept: %1").arg(Texts::error(done.error())),
                               {},
                               {}});
        });
}

void WorklistViewsMenu::save(const QString& name) {
    const QString clean = name.trimmed();
    if (clean.isEmpty() || !session_.hasStudy())
        return;
    WorklistView view = now_();
    view.name = clean;
    view.filter.among.clear(); // numbers of recordings say nothing tomorrow
    const auto same = std::find_if(views_.begin(), views_.end(), [&](const auto& v) { return v.name == clean; });
    if (same != views_.end())
        *same = std::move(view);
    else
        views_.push_back(std::move(view));
    std::sort(views_.begin(), views_.end(),
              [](const auto& a, const auto& b) { return QString::localeAwareCompare(a.name, b.name) < 0; });
    write();
}

void WorklistViewsMenu::remove(const QString& name) {
    if (std::erase_if(views_, [&](const auto& view) { return view.name == name; }) > 0)
        write();
}

void WorklistViewsMenu::apply(const QString& name) {
    for (const auto& view : views_)
        if (view.name == name)
            return apply_(view);
}

void WorklistViewsMenu::fill() {
    clear();
    for (const auto& view : views_)
        connect(addAction(escaped(view.name)), &QAction::triggered, this, [this, name = view.name] { apply(name); });
    if (views_.empty())
        addAction(tr("No view was saved yet"))->setEnabled(false);
    addSeparator();
    QAction* save = addAction(tr("Save this view…"));
    save->setEnabled(session_.hasStudy());
    connect(save, &QAction::triggered, this, &WorklistViewsMenu::askName);
    QMenu* deletes = addMenu(tr("Delete"));
    deletes->setEnabled(!views_.empty());
    for (const auto& view : views_)
        connect(deletes->addAction(escaped(view.name)), &QAction::triggered, this,
                [this, name = view.name] { remove(name); });
}

// A small panel where the menu was, not a dialog in the way.
void WorklistViewsMenu::askName() {
    auto* popup = new QFrame(parentWidget(), Qt::Popup);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setObjectName(QStringLiteral("viewName"));
    setRole(popup, "panelGround");
    auto* row = new QHBoxLayout(popup);
    row->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    auto* name = new QLineEdit;
    name->setPlaceholderText(tr("Name of the view"));
    name->setMaxLength(60);
    auto* keep = new QPushButton(tr("Save"));
    row->addWidget(name);
    row->addWidget(keep);
    const auto accept = [this, popup, name] {
        save(name->text());
        popup->close();
    };
    connect(name, &QLineEdit::returnPressed, popup, accept);
    connect(keep, &QPushButton::clicked, popup, accept);
    popup->move(pos());
    popup->show();
    name->setFocus();
}

} // namespace precordia
