// SPDX-License-Identifier: GPL-3.0-or-later
// The report's page on a grey mat, as large as fits, sharp at every device-pixel ratio.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/report/recording_report.h"
#endif

#include <QPixmap>
#include <QWidget>

#include <memory>

namespace precordia {

class ReportPreview : public QWidget {
    Q_OBJECT
public:
    explicit ReportPreview(QWidget* parent = nullptr);
    void setReport(std::shared_ptr<const RecordingReport> report);
    QRectF pageRect() const; // px
    QSize sizeHint() const override { return {1000, 720}; }
    QSize minimumSizeHint() const override { return {320, 240}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void render();
    std::shared_ptr<const RecordingReport> report_;
    QPixmap picture_; // of the page; null: to be drawn
};

} // namespace precordia
