// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/import_decode.h"

#include "core/base/hash.h"
#include "core/io/reader.h"
#include "core/signal/measurements.h"
#include "core/study/import_scan.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <sys/stat.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// The path is named beside the reason already.
std::string reasonOf(const Error& error, const fs::path& file) {
    auto where = error.where;
    for (const auto& known : {file.string(), file.filename().string()})
        if (where.starts_with(known)) {
            where.erase(0, known.size());
            where.erase(0, where.find_first_not_of(", :"));
            break;
        }
    return makeError(error.code, error.message, where).text();
}

bool fileState(const fs::path& file, NewRecording& into) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0)
        return false;
    into.fileSize = info.st_size;
    into.fileModified = static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
    return true;
}

bool isUtf8(const std::string& text) {
    return toQt(text).toStdString() == text;
}

void addLabel(RecordingFacts& facts, LabelName label, const char* source) {
    const bool known = std::any_of(facts.labels.begin(), facts.labels.end(),
                                   [&](const auto& l) { return l.name.name == label.name && l.source == source; });
    if (!label.name.empty() && !known)
        facts.labels.push_back({std::move(label), source});
}

void addFileLabels(const Metadata& metadata, RecordingFacts& facts) {
    for (const auto& code : metadata.diagnosisCodes) {
        const auto name = snomedName(code);
        addLabel(facts, normaliseLabel(name ? *name : "code " + code), "file");
    }
    for (const auto& text : metadata.diagnosisTexts)
        addLabel(facts, normaliseLabel(text), "file");
}

// The table was made by the person who imports: where it speaks, it stands before the file.
void addTableFacts(const LabelRow& row, RecordingFacts& facts) {
    facts.dataset = row.dataset;
    if (!row.sex.empty())
        facts.sex = row.sex;
    if (row.ageYears)
        facts.ageYears = row.ageYears;
    for (const auto& label : row.labels)
        addLabel(facts, label, "table");
}

void measure(const Recording& recording, NewRecording& into) {
    into.measurements["computed"] = flat(analyseEcg(recording).measurements);
    for (const auto& [name, value] : recording.fileMeasurements)
        if (std::isfinite(value))
            into.measurements["file"][name] = value;
}

DecodedFile failed(std::string reason) {
    DecodedFile out;
    out.kind = DecodedFile::Kind::Failed;
    out.reason = std::move(reason);
    return out;
}

Result<Done> addPatient(const std::string& id, const DecodeContext& context, RecordingFacts& facts) {
    if (id.empty())
        return Done{};
    if (!context.pseudonyms)
        return context.pseudonyms.as<Done>();
    facts.patient = context.pseudonyms->of(facts.dataset, id);
    return Done{};
}

DecodedFile decode(const fs::path& file, const DecodeContext& context) {
    DecodedFile out;
    auto& into = out.recording;
    auto& facts = into.facts;
    if (context.labels)
        out.labelRow = context.labels->find(file);
    const LabelRow* row = out.labelRow ? &context.labels->rows()[*out.labelRow] : nullptr;
    if (!isUtf8(file.string()))
        return failed("its name is not valid UTF-8");
    if (!fileState(file, into))
        return failed(std::string(describe(ErrorCode::FileUnreadable)));
    if (const auto known = context.known.find(file.string()); known != context.known.end() &&
                                                              known->second.size == into.fileSize &&
                                                              known->second.modified == into.fileModified) {
        if (row) {
            addTableFacts(*row, facts);
            if (const auto done = addPatient(row->patient, context, facts); !done)
                return failed(failureText(done));
        }
        out.kind = DecodedFile::Kind::Known;
        out.known = known->second.id;
        return out;
    }
    const auto& registry = Registry::standard();
    if (registry.isCompanion(file))
        return out; // skipped
    ReadOptions options;
    options.stop = context.stop;
    auto read = registry.read(file, options);
    if (!read)
        return failed(read.failed() ? reasonOf(read.error(), file) : "stopped");
    const Recording& recording = *read;
    if (recording.samples() == 0)
        return failed(makeError(ErrorCode::SignalTooShort, "it holds no samples").text());
    auto sha = sha256OfFile(file);
    if (!sha)
        return failed(reasonOf(sha.error(), file));
    into.fileSha256 = *std::move(sha);
    into.sampleHash = hashSamples(recording);
    into.name = recording.name.empty() ? file.stem().string() : recording.name;
    into.format = recording.metadata.format;
    into.recordedAt = recording.metadata.recordedAt;
    into.device = recording.metadata.device;
    into.source = file;
    into.samplingRate = recording.samplingRate;
    into.samples = static_cast<std::int64_t>(recording.samples());
    into.leads = static_cast<int>(recording.leads.size());
    into.warnings = recording.warnings;
    into.annotations = recording.annotations;
    facts.sex = recording.metadata.sex;
    facts.ageYears = recording.metadata.ageYears;
    addFileLabels(recording.metadata, facts);
    if (row)
        addTableFacts(*row, facts);
    const auto& patient = row && !row->patient.empty() ? row->patient : recording.metadata.patientId;
    if (const auto done = addPatient(patient, context, facts); !done)
        return failed(failureText(done));
    measure(recording, into);
    out.kind = DecodedFile::Kind::Recording;
    return out;
}

} // namespace

std::string hashSamples(const Recording& recording) {
    Sha256 hash;
    const auto number = [&hash](const auto value) { hash.update(std::as_bytes(std::span(&value, 1))); };
    number(recording.samplingRate);
    number(static_cast<std::uint64_t>(recording.samples()));
    std::vector<std::int32_t> steps;
    for (const auto& lead : recording.leads) {
        if (lead.derived)
            continue;
        hash.update(lead.name + "\n" + lead.unit + "\n");
        if (lead.unit != "uV") {
            hash.update(std::as_bytes(std::span(lead.samples)));
            continue;
        }
        // In steps of 0.01 uV: readers of two formats may differ in a float's last bit.
        steps.resize(lead.samples.size());
        std::transform(lead.samples.begin(), lead.samples.end(), steps.begin(), [](float uv) {
            constexpr double kLimit = 2e9;
            return std::isnan(uv) ? std::numeric_limits<std::int32_t>::min()
                                  : static_cast<std::int32_t>(
                                        std::lround(std::clamp(static_cast<double>(uv) * 100, -kLimit, kLimit)));
        });
        hash.update(std::as_bytes(std::span(steps)));
    }
    return hash.hex();
}

DecodedFile decodeForImport(const fs::path& file, const DecodeContext& context) {
    if (isDocument(file) || file.string() == context.labelsFile)
        return {};
    try {
        return decode(file, context);
    } catch (const std::bad_alloc&) {
        return failed(std::string(describe(ErrorCode::OutOfMemory)));
    } catch (const std::exception& e) {
        return failed(makeError(ErrorCode::Bug, e.what()).text());
    }
}

} // namespace precordia
