// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/export_embeddings.h"

#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/explore/embed_study.h"
#include "core/explore/npy.h"
#include "core/explore/streamed_file.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <unordered_map>

namespace precordia {

namespace {

namespace fs = std::filesystem;

// What the rows of the store are called.
struct RowNames {
    std::vector<RecordingId> ids;
    std::vector<std::string> names;
    std::vector<int> windows; // number within the recording
    std::vector<std::string> leads;
};

// The lead names of a model, from the configuration that the study keeps beside it; numbers when there is none.
std::vector<std::string> leadNames(const Study& study, const EmbeddingHeader& header) {
    fs::path json = modelFile(study, header.modelHash);
    json.replace_extension(".json");
    std::vector<std::string> names;
    if (const auto bytes = readFile(json); bytes.ok()) {
        const auto* text = reinterpret_cast<const char*>(bytes->data());
        const auto document = nlohmann::json::parse(text, text + bytes->size(), nullptr, /*allow_exceptions=*/false);
        if (document.is_object() && document.contains("config"))
            if (const auto keys = preprocessingKeys(document["config"].dump()); keys.ok())
                names = keys->leads;
    }
    if (static_cast<int>(names.size()) != header.leads) {
        names.clear();
        for (int i = 0; i < header.leads; ++i)
            names.push_back(std::to_string(i));
    }
    return names;
}

Result<RowNames> rowNames(const Study& study, const EmbeddingFile& file) {
    const auto rows = study.query();
    if (!rows)
        return rows.as<RowNames>();
    std::unordered_map<RecordingId, std::string> nameOf;
    for (const auto& row : *rows)
        nameOf[row.id] = row.name;
    RowNames out;
    out.ids = file.ids();
    for (std::size_t i = 0; i < out.ids.size(); ++i) {
        out.names.push_back(nameOf[out.ids[i]]);
        out.windows.push_back(i > 0 && out.ids[i] == out.ids[i - 1] ? out.windows.back() + 1 : 0);
    }
    out.leads = leadNames(study, file.header());
    return out;
}

// A field with a comma, a quote or a line break is quoted (RFC 4180).
std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

void appendNumber(std::string& line, float value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr; // shortest that reads back equal
    line.append(text.data(), end);
}

Result<Done> writeCsv(const EmbeddingFile& file, const RowNames& names, const ExportRequest& request,
                      const ExportReport& report, const StopToken& stop, Progress& progress) {
    auto out = StreamedFile::create(request.out);
    if (!out)
        return out.as<Done>();
    const bool inTime = request.level != "recording";
    const bool byLead = request.level == "lead";
    std::string line = "recording_id,name,window";
    line += inTime ? ",interval" : "";
    line += byLead ? ",lead" : "";
    line += ",model_hash,preprocessing_hash";
    for (std::int64_t c = 0; c < report.width; ++c)
        line += ",e" + std::to_string(c);
    line += '\n';
    if (auto done = (*out)->write(line); !done)
        return done;
    const auto width = static_cast<std::size_t>(report.width);
    for (std::size_t row = 0; row < names.ids.size(); ++row) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto values = file.readRow(request.level, static_cast<std::int64_t>(row));
        if (!values)
            return values.as<Done>();
        for (std::size_t vector = 0; vector * width < values->values.size(); ++vector) {
            line = std::to_string(names.ids[row].value) + ',' + csvField(names.names[row]) + ',' +
                   std::to_string(names.windows[row]);
            if (inTime)
                line += ',' + std::to_string(byLead ? vector / names.leads.size() : vector);
            if (byLead)
                line += ',' + csvField(names.leads[vector % names.leads.size()]);
            line += ',' + report.modelHash + ',' + report.preprocessingHash;
            for (std::size_t c = 0; c < width; ++c) {
                line += ',';
                appendNumber(line, values->values[vector * width + c]);
            }
            line += '\n';
            if (auto done = (*out)->write(line); !done)
                return done;
        }
        progress.advance();
    }
    return (*out)->finish();
}

Result<Done> writeArray(const EmbeddingFile& file, const RowNames& names, const ExportRequest& request,
                        const ExportReport& report, const std::vector<std::int64_t>& shape, const StopToken& stop,
                        Progress& progress) {
    auto out = StreamedFile::create(request.out);
    if (!out)
        return out.as<Done>();
    if (auto done = (*out)->write(npyHeader(shape)); !done)
        return done;
    for (std::size_t row = 0; row < names.ids.size(); ++row) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto values = file.readRow(request.level, static_cast<std::int64_t>(row));
        if (!values)
            return values.as<Done>();
        if (auto done = (*out)->write(values->values.data(), values->values.size() * sizeof(float)); !done)
            return done;
        progress.advance();
    }
    nlohmann::ordered_json json = {{"level", request.level},
                                   {"shape", shape},
                                   {"model_hash", report.modelHash},
                                   {"preprocessing_hash", report.preprocessingHash},
                                   {"data_hash", file.header().dataHash},
                                   {"program_version", PRECORDIA_VERSION},
                                   {"recording_ids", nlohmann::ordered_json::array()},
                                   {"names", names.names},
                                   {"windows", names.windows}};
    for (const auto id : names.ids)
        json["recording_ids"].push_back(id.value);
    if (request.level == "lead")
        json["leads"] = names.leads;
    // The companion first: an array without it would not say whose it is.
    fs::path companion = request.out;
    companion += ".json";
    if (auto done = writeFileAtomically(companion, std::string_view(json.dump(1))); !done)
        return done;
    return (*out)->finish();
}

Result<Done> copyStore(const fs::path& from, const fs::path& to, const StopToken& stop, Progress& progress) {
    std::error_code code;
    const auto size = fs::file_size(from, code);
    std::FILE* in = std::fopen(from.c_str(), "rb");
    if (in == nullptr)
        return makeError(ErrorCode::FileUnreadable, "the embeddings cannot be read", from.string());
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> close(in, &std::fclose);
    auto out = StreamedFile::create(to);
    if (!out)
        return out.as<Done>();
    std::vector<char> block(1 << 20);
    std::uintmax_t copied = 0;
    progress.begin("Copying", static_cast<std::int64_t>(size));
    while (const std::size_t got = std::fread(block.data(), 1, block.size(), in)) {
        if (stop.stop_requested())
            return Cancelled{};
        if (auto done = (*out)->write(block.data(), got); !done)
            return done;
        copied += got;
        progress.update(static_cast<std::int64_t>(copied));
    }
    if (code || copied != size)
        return makeError(ErrorCode::FileUnreadable, "the embeddings changed while they were copied", from.string());
    return (*out)->finish();
}

Result<std::vector<std::int64_t>> shapeOf(const EmbeddingFile& file, const std::string& level) {
    const auto& h = file.header();
    const auto n = static_cast<std::int64_t>(file.ids().size());
    if (level == "recording")
        return std::vector<std::int64_t>{n, h.recordingWidth};
    if (level == "interval" || level == "event")
        return std::vector<std::int64_t>{n, h.intervals, h.width};
    if (level != "lead")
        return makeError(ErrorCode::WrongUse,
                         "there is no level \"" + level + "\": recording, event, interval or lead");
    if (!file.hasLeadLevel())
        return makeError(ErrorCode::NotFound, "the study was embedded without the lead level");
    return std::vector<std::int64_t>{n, h.intervals, h.leads, h.width};
}

} // namespace

Result<ExportReport> exportEmbeddings(const fs::path& studyFolder, const ExportRequest& request, StopToken stop,
                                      Progress& progress) {
    if (request.format != "csv" && request.format != "npy" && request.format != "hdf5")
        return makeError(ErrorCode::WrongUse, "there is no format \"" + request.format + "\": csv, npy or hdf5");
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<ExportReport>();
    const auto file = openEmbeddings(**study, request.modelHash);
    if (!file)
        return file.as<ExportReport>();
    const auto shape = shapeOf(**file, request.level);
    if (!shape)
        return shape.as<ExportReport>();
    const auto names = rowNames(**study, **file);
    if (!names)
        return names.as<ExportReport>();
    ExportReport report;
    report.modelHash = (*file)->header().modelHash;
    report.preprocessingHash = (*file)->header().preprocessingHash;
    report.windows = shape->front();
    report.width = shape->back();
    report.vectors = 1;
    for (std::size_t i = 0; i + 1 < shape->size(); ++i)
        report.vectors *= (*shape)[i];
    progress.begin("Exporting", report.windows);
    const auto done = request.format == "csv" ? writeCsv(**file, *names, request, report, stop, progress)
                      : request.format == "npy"
                          ? writeArray(**file, *names, request, report, *shape, stop, progress)
                          : copyStore(embeddingFile(**study, report.modelHash), request.out, stop, progress);
    if (!done)
        return done.as<ExportReport>();
    return report;
}

} // namespace precordia
