// SPDX-License-Identifier: GPL-3.0-or-later
// Writing one page or many: PDF or HTML, all or nothing.
#include "core/report/recording_report.h"

#include "core/report/html.h"
#include "core/report/report_text.h"

#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>

#include <optional>

namespace precordia {

namespace {

constexpr int kPdfDpi = 1200;

// One file that pages are added to; nothing stands under its name before commit().
class ReportFile {
public:
    static Result<std::unique_ptr<ReportFile>> open(const std::filesystem::path& out) {
        const std::string extension = QString::fromStdString(out.extension().string()).toLower().toStdString();
        if (extension != ".pdf" && extension != ".html" && extension != ".htm")
            return makeError(ErrorCode::WrongUse, "a report is written as .pdf or .html", out.string());
        std::unique_ptr<ReportFile> file(new ReportFile(out, extension == ".pdf"));
        if (!file->file_.open(QIODevice::WriteOnly))
            return file->unwritable();
        return file;
    }

    void add(const RecordingReport& report) {
        if (pdf_)
            addPage(report);
        else
            addSection(report);
        ++pages_;
    }
    int pages() const { return pages_; }

    Result<Done> commit() {
        painter_.reset();
        writer_.reset();
        if (!pdf_)
            file_.write(report::htmlFoot());
        if (!file_.commit())
            return unwritable();
        return Done{};
    }

private:
    ReportFile(const std::filesystem::path& out, bool pdf) : file_(QString::fromStdString(out.string())), pdf_(pdf) {}

    Error unwritable() const {
        return makeError(ErrorCode::FileUnwritable, file_.errorString().toStdString(), file_.fileName().toStdString());
    }

    void addPage(const RecordingReport& report) {
        if (!writer_) {
            writer_.emplace(&file_);
            writer_->setResolution(kPdfDpi);
            writer_->setCreator(QStringLiteral("Precordia " PRECORDIA_VERSION));
            writer_->setTitle(QStringLiteral("%1, %2").arg(report::title(report), report::researchOnly()));
            writer_->setPageLayout(
                QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Landscape, QMarginsF(0, 0, 0, 0)));
            painter_ = std::make_unique<QPainter>(&*writer_);
        } else {
            writer_->newPage();
        }
        painter_->save();
        painter_->scale(kPdfDpi / 25.4, kPdfDpi / 25.4);
        drawReport(*painter_, report);
        painter_->restore();
    }

    void addSection(const RecordingReport& report) {
        if (pages_ == 0)
            file_.write(report::htmlHead(QStringLiteral("%1, %2").arg(report::title(report), report::researchOnly())));
        file_.write(report::htmlSection(report, pages_ + 1));
    }

    QSaveFile file_;
    bool pdf_;
    int pages_ = 0;
    std::optional<QPdfWriter> writer_;
    std::unique_ptr<QPainter> painter_; // last: ends before its device
};

} // namespace

Result<Done> writeReport(const RecordingReport& report, const std::filesystem::path& out) {
    auto file = ReportFile::open(out);
    if (!file)
        return file.as<Done>();
    (*file)->add(report);
    return (*file)->commit();
}

Result<Done> writeReports(const Study& study, const std::vector<RecordingId>& ids, const std::filesystem::path& out,
                          StopToken stop, Progress& progress, const std::function<void(const Error&)>& failed) {
    if (ids.empty())
        return makeError(ErrorCode::NotFound, "no recording of the study is among the wanted ones");
    auto source = ReportSource::open(study);
    if (!source)
        return source.as<Done>();
    auto file = ReportFile::open(out);
    if (!file)
        return file.as<Done>();
    progress.begin("writing reports", static_cast<std::int64_t>(ids.size()));
    std::optional<Error> first;
    for (const RecordingId id : ids) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto report = source->collect(id);
        if (report) {
            (*file)->add(*report);
        } else if (report.cancelled()) {
            return Cancelled{};
        } else {
            if (!first)
                first = report.error();
            if (failed)
                failed(report.error());
        }
        progress.advance();
    }
    if ((*file)->pages() == 0)
        return *first;
    return (*file)->commit();
}

} // namespace precordia
