// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/print_ecg.h"

#include "core/paper/print.h"

#include <QCoreApplication>
#include <QPageLayout>
#include <QPrintPreviewDialog>
#include <QPrinter>
#include <QScreen>

namespace precordia {

namespace {

constexpr std::size_t kMostSheets = 20;
constexpr double kMarginMm = 10;
constexpr double kWholeUpTo = 12; // s: shorter recordings are printed from their start, whatever part is shown
constexpr double kOfScreen = 0.8; // how large the preview opens

} // namespace

void setUpForEcg(QPrinter& printer, const QString& title) {
    printer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Landscape,
                                      QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm), QPageLayout::Millimeter));
    printer.setDocName(title);
    printer.setCreator(QStringLiteral("Precordia " PRECORDIA_VERSION));
}

PaperOptions printOptions(const Recording& recording, const PaperOptions& shown) {
    PaperOptions options = shown;
    options.rowHeight = 0;
    options.footer.clear(); // a sheet says itself which part it shows
    options.headroomFromRows = false;
    options.colours = PaperColours::standard();
    if (recording.firstSample == 0 && recording.seconds() <= kWholeUpTo)
        options.startSeconds = 0;
    return options;
}

Result<Done> printEcg(QPrinter& printer, const Recording& recording, const PaperOptions& options) {
    return printPaper(printer, recording, options, kMostSheets, printer.fromPage(), printer.toPage());
}

Result<Done> askAndPrintEcg(QWidget* parent, const Recording& recording, const PaperOptions& shown,
                            const QString& title) {
    QPrinter printer(QPrinter::HighResolution);
    setUpForEcg(printer, title);
    const PaperOptions options = printOptions(recording, shown);
    Result<Done> outcome = Done{};
    QPrintPreviewDialog preview(&printer, parent);
    preview.setWindowTitle(QCoreApplication::translate("PrintEcg", "Print the ECG: %1").arg(title));
    if (parent != nullptr)
        preview.resize(parent->screen()->availableSize() * kOfScreen);
    // The preview paints through the same call as the printer: into a picture of the pages.
    QObject::connect(&preview, &QPrintPreviewDialog::paintRequested, &preview,
                     [&](QPrinter* device) { outcome = printEcg(*device, recording, options); });
    preview.exec();
    return outcome;
}

} // namespace precordia
