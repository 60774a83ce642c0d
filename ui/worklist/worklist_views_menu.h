// SPDX-License-Identifier: GPL-3.0-or-later
// The named views of a study: apply, save, delete. Kept in the study, written by a worker.
#pragma once

#include "ui/session.h"
#include "ui/worklist/worklist_views.h"

#include <QMenu>

namespace precordia {

class WorklistViewsMenu : public QMenu {
    Q_OBJECT
public:
    // now: how the worklist is looked at; apply: look at it like this.
    WorklistViewsMenu(Session& session, std::function<WorklistView()> now,
                      std::function<void(const WorklistView&)> apply, QWidget* parent = nullptr);
    ~WorklistViewsMenu() override;

    const std::vector<WorklistView>& views() const { return views_; }
    void save(const QString& name); // in the place of one of that name
    void remove(const QString& name);
    void apply(const QString& name);

private:
    void fill();
    void read();
    void write();
    void askName();

    Session& session_;
    std::function<WorklistView()> now_;
    std::function<void(const WorklistView&)> apply_;
    std::vector<WorklistView> views_;
    std::unique_ptr<JobRunner> writer_; // one thread: the last one written is the last one saved
};

} // namespace precordia
