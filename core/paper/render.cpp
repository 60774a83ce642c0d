// SPDX-License-Identifier: GPL-3.0-or-later
// The page as a file: PNG at a resolution, SVG and PDF at true scale.
#include "core/base/file.h"
#include "core/paper/page_words.h"
#include "core/paper/paper.h"
#include "core/paper/trace.h"

#include <QBuffer>
#include <QImage>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <cmath>

namespace precordia {

namespace {

constexpr double kMmPerInch = 25.4;
constexpr int kSvgUnitsPerMm = 100;
constexpr int kPdfDpi = 1200;
constexpr int kLargestImage = 32000; // px: the raster painter's coordinates end at 32767

Result<Done> checkOptions(const Recording& recording, const PaperOptions& options, double dpi) {
    if (recording.leads.empty() || recording.samples() == 0 || !(recording.samplingRate > 0))
        return makeError(ErrorCode::SignalTooShort, "the recording has no samples to draw", recording.name);
    if (!(options.speed >= 1 && options.speed <= 1000))
        return makeError(ErrorCode::ValueOutOfRange, "the speed must be 1 to 1000 mm/s");
    if (!(options.gain >= 0.1 && options.gain <= 1000))
        return makeError(ErrorCode::ValueOutOfRange, "the gain must be 0.1 to 1000 mm/mV");
    if (!(options.startSeconds >= 0 && options.startSeconds < paper::lastSecond(recording)))
        return makeError(ErrorCode::ValueOutOfRange, "the start lies outside the recording", recording.name);
    if (!(dpi >= 20 && dpi <= 2400))
        return makeError(ErrorCode::ValueOutOfRange, "the resolution must be 20 to 2400 dpi");
    return Done{};
}

Result<Done> paintPng(QBuffer& buffer, const Recording& recording, const PaperOptions& options, const PaperPage& page,
                      double dpi) {
    const double scale = dpi / kMmPerInch;
    const double width = std::ceil(page.sizeMm.width() * scale), height = std::ceil(page.sizeMm.height() * scale);
    if (width > kLargestImage || height > kLargestImage)
        return makeError(ErrorCode::ValueOutOfRange, "the page is too large for a PNG of this resolution");
    QImage image(static_cast<int>(width), static_cast<int>(height), QImage::Format_RGB32);
    if (image.isNull())
        return makeError(ErrorCode::OutOfMemory, "the picture needs more memory than there is");
    image.setDotsPerMeterX(static_cast<int>(std::lround(dpi * 1000 / kMmPerInch)));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    image.fill(options.colours.ground);
    QPainter painter(&image);
    painter.scale(scale, scale);
    drawPaper(painter, recording, options, page);
    painter.end();
    image.save(&buffer, "PNG");
    return Done{};
}

void paintSvg(QBuffer& buffer, const Recording& recording, const PaperOptions& options, const PaperPage& page) {
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setResolution(static_cast<int>(std::lround(kSvgUnitsPerMm * kMmPerInch)));
    const QSize size(static_cast<int>(std::lround(page.sizeMm.width() * kSvgUnitsPerMm)),
                     static_cast<int>(std::lround(page.sizeMm.height() * kSvgUnitsPerMm)));
    svg.setSize(size);
    svg.setViewBox(QRect(QPoint(0, 0), size));
    svg.setTitle(QStringLiteral("ECG, %1").arg(standardFooter(options)));
    QPainter painter(&svg);
    painter.scale(kSvgUnitsPerMm, kSvgUnitsPerMm);
    drawPaper(painter, recording, options, page);
}

void paintPdf(QBuffer& buffer, const Recording& recording, const PaperOptions& options, const PaperPage& page) {
    QPdfWriter pdf(&buffer);
    pdf.setResolution(kPdfDpi);
    pdf.setCreator(QStringLiteral("Precordia " PRECORDIA_VERSION));
    // Sizes in points are whole numbers in Qt: round up, so that the last line of the grid is never cut.
    const QSizeF points(std::ceil(page.sizeMm.width() / kMmPerInch * 72),
                        std::ceil(page.sizeMm.height() / kMmPerInch * 72));
    pdf.setPageLayout(QPageLayout(QPageSize(points, QPageSize::Point, QString(), QPageSize::ExactMatch),
                                  QPageLayout::Portrait, QMarginsF(0, 0, 0, 0)));
    QPainter painter(&pdf);
    painter.scale(kPdfDpi / kMmPerInch, kPdfDpi / kMmPerInch);
    drawPaper(painter, recording, options, page);
}

} // namespace

Result<Done> renderPaper(const Recording& recording, const PaperOptions& asked, const std::filesystem::path& out,
                         double dpi) {
    if (auto checked = checkOptions(recording, asked, dpi); !checked)
        return checked;
    PaperOptions options = asked;
    const PaperPage page = layoutPaper(recording, options);
    if (const auto part = shownPart(recording, options, page); part && options.footer.isEmpty())
        options.footer = partText(part->first, part->second, paper::lastSecond(recording)) + QStringLiteral("  ") +
                         standardFooter(options);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const QString extension = QString::fromStdString(out.extension().string()).toLower();
    if (extension == QLatin1String(".png")) {
        if (auto painted = paintPng(buffer, recording, options, page, dpi); !painted)
            return painted;
    } else if (extension == QLatin1String(".svg")) {
        paintSvg(buffer, recording, options, page);
    } else if (extension == QLatin1String(".pdf")) {
        paintPdf(buffer, recording, options, page);
    } else {
        return makeError(ErrorCode::WrongUse, "a page is written as .png, .svg or .pdf", out.string());
    }
    const QByteArray& bytes = buffer.data();
    return writeFileAtomically(out,
                               std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
}

} // namespace precordia
