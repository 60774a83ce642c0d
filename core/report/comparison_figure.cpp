// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/comparison_figure.h"

#include "core/base/file.h"
#include "core/paper/categories.h"
#include "core/paper/paper.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

#include <cmath>

namespace precordia {

namespace {

constexpr double kMmPerInch = 25.4;
constexpr int kSvgUnitsPerMm = 100;
// All in mm.
constexpr double kNames = 42, kPlot = 104, kValues = 18, kMargin = 5;
constexpr double kHead = 21, kFoot = 12, kBar = 4.2, kGap = 1.2, kRowGap = 3.4;
constexpr double kCapital = 2.2;

struct Bar {
    PairedDifference value;
    QColor colour;
};
struct Row {
    QString name;
    std::vector<Bar> bars;
};
struct Figure {
    QString title, detail;
    std::vector<std::pair<QString, QColor>> legend;
    std::vector<Row> rows;
    double from = 0.5, to = 1;
};

QColor lighter(const QColor& colour) {
    return QColor::fromRgbF(0.55F + 0.45F * static_cast<float>(colour.redF()),
                            0.55F + 0.45F * static_cast<float>(colour.greenF()),
                            0.55F + 0.45F * static_cast<float>(colour.blueF()));
}

Figure figureOf(const Comparison& c) {
    Figure figure;
    const auto colours = categoryColours(PaperColours::standard().text);
    const QColor full = colours[0], low = lighter(colours[0]);
    const QColor fullPlain = colours[5], lowPlain = lighter(colours[5]); // what was not trained
    const bool both = c.options.lowShare > 0;
    figure.title = QStringLiteral("Mean AUROC over %1 labels").arg(c.labels.size());
    if (c.labels.size() == 1)
        figure.title = QStringLiteral("AUROC, %1").arg(QString::fromStdString(c.labels.front()));
    figure.detail = c.options.cpuSeconds > 0
                        ? QStringLiteral("%1 recordings, %2 CPU seconds each, linear probe, 95 % intervals by patient")
                              .arg(c.recordings)
                              .arg(c.options.cpuSeconds)
                        : QStringLiteral("%1 recordings, %2 steps each, linear probe, 95 % intervals by patient")
                              .arg(c.recordings)
                              .arg(c.options.steps);
    figure.legend = {{QStringLiteral("all labels"), full}};
    if (both)
        figure.legend.emplace_back(QStringLiteral("%1 % of the labels").arg(c.options.lowShare * 100), low);
    figure.legend.emplace_back(QStringLiteral("not trained"), fullPlain);
    double least = 1;
    for (const auto& m : c.models) {
        if (!m.error.empty())
            continue;
        const bool trained = !m.run.empty();
        Row row{QString::fromStdString(m.model), {{m.auroc, trained ? full : fullPlain}}};
        if (both)
            row.bars.push_back({m.lowAuroc, trained ? low : lowPlain});
        for (const auto& bar : row.bars)
            least = std::min(least, bar.value.low);
        figure.rows.push_back(std::move(row));
    }
    // Half is chance: the axis begins there unless an interval goes below.
    figure.from = std::min(0.5, std::floor(least * 10) / 10);
    return figure;
}

double heightOf(const Figure& figure) {
    double height = kHead + kFoot;
    for (const auto& row : figure.rows)
        height += static_cast<double>(row.bars.size()) * (kBar + kGap) + kRowGap;
    return height;
}

QSizeF sizeOf(const Figure& figure) {
    return {2 * kMargin + kNames + kPlot + kValues, heightOf(figure)};
}

class Drawing {
public:
    Drawing(QPainter& painter, const Figure& figure)
        : painter_(painter)
        , figure_(figure)
        , ink_(PaperColours::standard().text) {}

    void draw() {
        painter_.fillRect(QRectF(QPointF(0, 0), sizeOf(figure_)), Qt::white);
        text({kMargin, 7}, figure_.title, 2.8, true);
        text({kMargin, 12}, figure_.detail, kCapital);
        legend();
        axis();
        double y = kHead;
        for (const auto& row : figure_.rows) {
            const double height = static_cast<double>(row.bars.size()) * (kBar + kGap);
            text({kMargin + kNames - 3, y + height / 2 + kCapital / 2 - kGap / 2}, row.name, kCapital, false,
                 Qt::AlignRight);
            for (const auto& one : row.bars) {
                bar(one, y);
                y += kBar + kGap;
            }
            y += kRowGap;
        }
    }

private:
    void text(QPointF at, const QString& words, double height, bool bold = false, Qt::Alignment align = Qt::AlignLeft) {
        drawPaperText(painter_, at, words, height, ink_, align, bold);
    }
    double xOf(double value) const {
        const double share = (value - figure_.from) / (figure_.to - figure_.from);
        return kMargin + kNames + kPlot * std::clamp(share, 0.0, 1.0);
    }
    void line(QPointF a, QPointF b, double width, const QColor& colour) {
        painter_.setPen(QPen(colour, width));
        painter_.drawLine(a, b);
    }
    void legend() {
        double x = kMargin + kNames;
        for (const auto& [name, colour] : figure_.legend) {
            painter_.fillRect(QRectF(x, kHead - 5.6, 3, 2.6), colour);
            text({x + 4, kHead - 3.2}, name, 2.0);
            x += 8 + paperTextWidth(name, 2.0);
        }
    }
    void axis() {
        const double bottom = heightOf(figure_) - kFoot + 1;
        const QColor faint(0xD7DCE1);
        const int ticks = static_cast<int>(std::lround((figure_.to - figure_.from) * 10));
        for (int i = 0; i <= ticks; ++i) {
            const double value = figure_.from + i * 0.1;
            line({xOf(value), kHead - 1}, {xOf(value), bottom}, 0.15, faint);
            text({xOf(value), bottom + 4}, QString::number(value, 'f', 1), kCapital, false, Qt::AlignHCenter);
        }
        text({kMargin + kNames + kPlot / 2, bottom + 8.5}, QStringLiteral("AUROC (0.5 is chance)"), kCapital, false,
             Qt::AlignHCenter);
    }
    void bar(const Bar& one, double y) {
        const double middle = y + kBar / 2;
        painter_.fillRect(QRectF(QPointF(xOf(figure_.from), y), QPointF(xOf(one.value.difference), y + kBar)),
                          one.colour);
        line({xOf(one.value.low), middle}, {xOf(one.value.high), middle}, 0.35, ink_);
        for (const double end : {one.value.low, one.value.high})
            line({xOf(end), middle - 1}, {xOf(end), middle + 1}, 0.35, ink_);
        text({kMargin + kNames + kPlot + 3, middle + kCapital / 2}, QString::number(one.value.difference, 'f', 3),
             kCapital);
    }

    QPainter& painter_;
    const Figure& figure_;
    QColor ink_;
};

} // namespace

Result<Done> renderComparison(const Comparison& comparison, const std::filesystem::path& out, double dpi) {
    const Figure figure = figureOf(comparison);
    if (figure.rows.empty())
        return makeError(ErrorCode::WrongUse, "there is no model to draw", out.string());
    const QSizeF size = sizeOf(figure);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const std::string extension = out.extension().string();
    if (extension == ".png") {
        const double scale = dpi / kMmPerInch;
        QImage image((size * scale).toSize(), QImage::Format_RGB32);
        if (image.isNull())
            return makeError(ErrorCode::OutOfMemory, "the picture needs more memory than there is", out.string());
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(scale, scale);
        Drawing(painter, figure).draw();
        painter.end();
        image.save(&buffer, "PNG");
    } else if (extension == ".svg") {
        QSvgGenerator svg;
        svg.setOutputDevice(&buffer);
        svg.setResolution(static_cast<int>(std::lround(kSvgUnitsPerMm * kMmPerInch)));
        const QSize units = (size * kSvgUnitsPerMm).toSize();
        svg.setSize(units);
        svg.setViewBox(QRect(QPoint(0, 0), units));
        svg.setTitle(figure.title);
        QPainter painter(&svg);
        painter.scale(kSvgUnitsPerMm, kSvgUnitsPerMm);
        Drawing(painter, figure).draw();
    } else {
        return makeError(ErrorCode::WrongUse, "a figure is written as .png or .svg", out.string());
    }
    const QByteArray& bytes = buffer.data();
    return writeFileAtomically(out,
                               std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
}

} // namespace precordia
