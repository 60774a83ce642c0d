// SPDX-License-Identifier: GPL-3.0-or-later
// What an import would bring, while a person still thinks about it: counted in a worker, anew whenever the request
// changes.
#pragma once

#ifndef Q_MOC_RUN
#include "core/study/import_preview.h"
#endif
#include "ui/own_jobs.h"

#include <QFrame>
#include <QTimer>

#include <optional>

class QFormLayout;
class QLabel;

namespace precordia {

class ElidedLabel;

class ImportPreviewPanel : public QFrame {
    Q_OBJECT
public:
    explicit ImportPreviewPanel(QWidget* parent = nullptr);
    // studyFolder: "" when there is none yet. Without paths it says what it will show.
    void ask(const QString& studyFolder, const ImportRequest& request);
    const std::optional<ImportPreview>& preview() const { return preview_; } // of the last request, once it is there
    bool looking() const { return looking_; } // the answer to the last request is still to come

Q_SIGNALS:
    void changed();

private:
    void begin();
    void progressed();
    void show(const ImportPreview& preview);
    void say(const QString& text);
    QLabel* row(const QString& title);

    QLabel* state_;
    QWidget* facts_;
    QFormLayout* form_;
    QLabel *recordings_, *patients_, *formats_, *signals_, *labels_, *problems_;
    QTimer wait_; // a path is still being typed
    std::filesystem::path study_;
    ImportRequest request_;
    std::optional<ImportPreview> preview_;
    bool looking_ = false;
    int generation_ = 0;
    OwnJobs jobs_; // last: stopped first
};

} // namespace precordia
