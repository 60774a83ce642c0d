// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/report/report_preview.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace precordia {

ReportPreview::ReportPreview(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Preview of the report"));
}

void ReportPreview::setReport(std::shared_ptr<const RecordingReport> report) {
    report_ = std::move(report);
    picture_ = QPixmap();
    update();
}

QRectF ReportPreview::pageRect() const {
    const double mat = 2.0 * Theme::kPanel;
    const double scale =
        std::max(0.1, std::min((width() - 2 * mat) / kReportWidthMm, (height() - 2 * mat) / kReportHeightMm));
    const QSizeF page(std::round(kReportWidthMm * scale), std::round(kReportHeightMm * scale));
    return {std::floor((width() - page.width()) / 2), std::floor((height() - page.height()) / 2), page.width(),
            page.height()};
}

void ReportPreview::render() {
    const QRectF page = pageRect();
    const double ratio = devicePixelRatioF();
    picture_ = QPixmap((page.size() * ratio).toSize());
    picture_.setDevicePixelRatio(ratio);
    picture_.fill(Qt::white);
    QPainter painter(&picture_);
    const double scale = page.width() / kReportWidthMm;
    painter.scale(scale, scale);
    drawReport(painter, *report_);
}

void ReportPreview::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().window);
    if (!report_)
        return;
    if (picture_.isNull() || picture_.devicePixelRatio() != devicePixelRatioF())
        render();
    const QRectF page = pageRect();
    painter.fillRect(page.adjusted(-1, -1, 1, 1), theme().line); // a border of one pixel
    painter.drawPixmap(page.topLeft(), picture_);
}

void ReportPreview::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    picture_ = QPixmap();
}

} // namespace precordia
