// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/import_decode.h"

#include "core/base/hash.h"
#include "core/io/deidentify.h"
#include "core/io/reader.h"
#include "core/io/text.h"
#include "core/signal/ecg_leads.h"
#include "core/study/import_scan.h"
#include "core/study/privacy.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace fs = std::filesystem;

namespace {

using Shared = std::shared_ptr<const SharedSource>;

// The path is named beside the reason already.
Error reasonOf(Error error, const fs::path& file) {
    auto& where = error.where;
    for (const auto& known : {file.string(), file.filename().string()})
        if (where.starts_with(known)) {
            where.erase(0, known.size());
            where.erase(0, where.find_first_not_of(", :"));
            break;
        }
    return error;
}

bool isUtf8(const std::string& text) {
    return toQt(text).toStdString() == text;
}

DecodedFile failed(Error error) {
    DecodedFile out;
    out.kind = DecodedFile::Kind::Failed;
    out.error = std::move(error);
    return out;
}

// Nothing of a stopped import is written.
template <typename T>
DecodedFile failed(const Result<T>& result, const fs::path& file) {
    return failed(result.failed() ? reasonOf(result.error(), file) : Error{});
}

void addLabel(ImportLabels& out, LabelName label, const char* source, std::optional<double> likelihood = {}) {
    const auto key = text::lower(label.name);
    const bool known = std::any_of(out.labels.begin(), out.labels.end(), [&](const auto& l) {
        return l.source == source && text::lower(l.name.name) == key;
    });
    if (!label.name.empty() && !known)
        out.labels.push_back({std::move(label), source, likelihood});
}

// A code of SNOMED CT (6 to 18 digits) or of ICD-10, AHA ("I48.0", "A1").
bool isCode(const std::string& code) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto digits = static_cast<std::size_t>(std::count_if(code.begin(), code.end(), digit));
    const auto rest = code.size() - digits;
    return digits > 0 && (rest == 0 ? digits <= 18 : code.size() <= 7 && rest <= 3);
}

void addFileLabels(const Metadata& metadata, const IdentityWords& identity, ImportLabels& out) {
    for (const auto& code : metadata.diagnosisCodes) {
        const auto name = snomedName(code);
        if (!name && (!isCode(code) || identity.in(code))) {
            ++out.wordsLeftOut;
            continue;
        }
        addLabel(out, normaliseLabel(name ? *name : "code " + code), "file");
    }
    for (const auto& text : metadata.diagnosisTexts) {
        const auto findings = recognisedFindings(text);
        out.wordsLeftOut += findings.dropped;
        for (const auto& finding : findings.names)
            addLabel(out, finding, "file");
    }
}

class Decoder {
public:
    Decoder(Shared shared, std::int64_t item, const DecodeContext& context)
        : shared_(std::move(shared))
        , item_(item)
        , context_(context) {
        into_.source = shared_->file;
        into_.item = item;
        into_.fileSize = shared_->state.size;
        into_.fileModified = shared_->state.modified;
        into_.companions = shared_->state.companions;
    }

    DecodedFile run();
    DecodedFile known(const KnownFile& known);

private:
    Result<ReadOptions> options() const {
        auto options = context_.reading.of(shared_->file, item_);
        if (options)
            options->stop = context_.stop;
        return options;
    }
    Result<Recording> head() const;
    Result<Done> load();
    void findRow(const std::string& name) {
        if (context_.labels != nullptr)
            out_.labelRow = context_.labels->find(shared_->file, name);
    }
    const LabelRow* row() const { return out_.labelRow ? &context_.labels->rows()[*out_.labelRow] : nullptr; }
    void addTableFacts();
    void addLabels(const Metadata& metadata, const IdentityWords& identity);
    Result<Done> addPatient(const std::string& id);
    void nameIt(const IdentityWords& identity);
    void keepDetails(const IdentityWords& identity);
    std::string fileKey() const {
        return item_ == 0 ? shared_->file.stem().string() : shared_->file.stem().string() + "#" + std::to_string(item_);
    }

    Shared shared_;
    std::int64_t item_;
    const DecodeContext& context_;
    DecodedFile out_;
    NewRecording& into_ = out_.recording;
    RecordingFacts& facts_ = into_.facts;
    Recording recording_; // of a long one without samples
    SignalSummary summary_;
};

// The table was made by the person who imports: where it speaks, it stands before the file.
void Decoder::addTableFacts() {
    const auto* at = row();
    if (at == nullptr)
        return;
    facts_.dataset = at->dataset;
    if (!at->sex.empty())
        facts_.sex = at->sex;
    if (at->ageYears)
        facts_.ageYears = groupedAge(*at->ageYears);
    facts_.fold = at->fold;
}

void Decoder::addLabels(const Metadata& metadata, const IdentityWords& identity) {
    auto found = importLabels(metadata, row(), identity);
    facts_.labels = std::move(found.labels);
    out_.wordsLeftOut = found.wordsLeftOut;
}

Result<Done> Decoder::addPatient(const std::string& id) {
    if (!context_.pseudonyms)
        return context_.pseudonyms.as<Done>();
    facts_.patient = context_.pseudonyms->of(facts_.dataset, id);
    facts_.dateShiftOfFile = context_.pseudonyms->dateShiftDays("file", fileKey());
    facts_.dateShift = id.empty() ? facts_.dateShiftOfFile : context_.pseudonyms->dateShiftDays(facts_.dataset, id);
    return Done{};
}

DecodedFile Decoder::known(const KnownFile& known) {
    out_.kind = DecodedFile::Kind::Known;
    out_.known = known.id;
    out_.noteCompanions = known.companions.empty();
    out_.items = into_.items = known.items;
    if (context_.labels == nullptr)
        return std::move(out_);
    const bool named = context_.labels->needsNames() && known.items > 1;
    if (!named)
        findRow({});
    if (!named && row() == nullptr)
        return std::move(out_);
    // Whose it is stands in the file alone: the study does not know.
    const auto read = head();
    if (!read)
        return failed(read, shared_->file);
    if (named)
        findRow(read->name);
    if (row() == nullptr)
        return std::move(out_);
    addTableFacts();
    addLabels({}, IdentityWords(read->metadata, row()->patient));
    if (const auto done = addPatient(row()->patient); !done)
        return failed(done, shared_->file);
    return std::move(out_);
}

Result<Recording> Decoder::head() const {
    auto heads = options();
    if (!heads)
        return heads.as<Recording>();
    heads->metadataOnly = true;
    heads->annotations = false;
    return shared_->reader != nullptr ? shared_->reader->read(shared_->file, *heads)
                                      : context_.registry.read(shared_->file, *heads);
}

// Whole, or, when it is long and its reader can, in chunks.
Result<Done> Decoder::load() {
    const auto& reader = *shared_->reader;
    const auto reading = options();
    if (!reading)
        return reading.as<Done>();
    if (reader.readsRanges()) {
        const auto first = head();
        if (first && first->samplingRate > 0 &&
            static_cast<double>(first->samplesPromised) > kLongSeconds * first->samplingRate) {
            auto summary = summariseInChunks(reader, shared_->file, *reading, first->samplesPromised,
                                             first->samplingRate, recording_);
            if (!summary)
                return summary.as<Done>();
            summary_ = *std::move(summary);
            return Done{};
        }
    }
    auto read = context_.registry.read(shared_->file, *reading);
    if (!read)
        return read.as<Done>();
    recording_ = *std::move(read);
    if (recording_.samples() > 0)
        summary_ = summarise(recording_);
    return Done{};
}

// What the recording is called, and how its place is written down.
void Decoder::nameIt(const IdentityWords& identity) {
    const auto stem = shared_->file.stem().string();
    auto shown = stem;
    if (recording_.items > 1)
        shown =
            recording_.name.empty() || recording_.name == stem ? stem + "#" + std::to_string(item_) : recording_.name;
    const bool told = identity.in(shown) ||
                      (context_.names == NamePolicy::Automatic && (looksPersonal(stem) || looksPersonal(shown)));
    out_.pseudonymous = told || context_.names == NamePolicy::Pseudonym;
    into_.name = out_.pseudonymous ? context_.pseudonyms->recordingName(knownKey(shared_->file, item_)) : shown;
    const auto stored = storedPath(context_.studyFolder, shared_->file);
    const bool personal = context_.names == NamePolicy::Automatic && hasPersonalFolder(stored);
    if (out_.pseudonymous || personal || identity.in(stored))
        into_.sealedPath = context_.pseudonyms->seal(stored);
}

void Decoder::keepDetails(const IdentityWords& identity) {
    const auto& metadata = recording_.metadata;
    into_.format = metadata.format;
    into_.device = scrubbedDevice(metadata.device, identity);
    into_.recordedAt = shiftedDate(metadata.recordedAt, facts_.dateShift);
    into_.sampleHash = summary_.sampleHash;
    into_.samplingRate = recording_.samplingRate;
    into_.samples = summary_.samples;
    into_.leads = static_cast<int>(recording_.leads.size());
    into_.signature = summary_.signature;
    for (const auto& warning : recording_.warnings)
        into_.warnings.push_back(scrubbed(warning, identity, shared_->file));
    for (auto& mark : recording_.annotations)
        into_.annotations.push_back(scrubbed(std::move(mark)));
    auto& computed = into_.measurements["computed"];
    computed = summary_.rhythm;
    if (summary_.measured) {
        computed.insert(summary_.measured->values.begin(), summary_.measured->values.end());
        into_.quality = summary_.measured->quality;
    }
    for (const auto& [name, value] : recording_.fileMeasurements)
        if (std::isfinite(value))
            into_.measurements["file"][name] = value;
}

DecodedFile Decoder::run() {
    if (const auto known = context_.known.find(knownKey(shared_->file, item_)); known != context_.known.end())
        into_.replaces = known->second.id;
    if (const auto done = load(); !done)
        return failed(done, shared_->file);
    if (summary_.samples == 0)
        return failed(makeError(ErrorCode::SignalTooShort, "it holds no samples"));
    auto hash = shared_->hash();
    if (!hash)
        return failed(hash, shared_->file);
    into_.fileSha256 = *std::move(hash);
    out_.items = into_.items = std::max<std::int64_t>(1, recording_.items);
    out_.withoutEcg = ecgLeads(recording_).empty();
    const auto& metadata = recording_.metadata;
    findRow(out_.items > 1 ? recording_.name : std::string());
    const auto tablePatient = row() != nullptr ? row()->patient : std::string();
    const IdentityWords identity(metadata, tablePatient);
    facts_.sex = metadata.sex;
    if (metadata.ageYears)
        facts_.ageYears = groupedAge(*metadata.ageYears);
    addTableFacts();
    addLabels(metadata, identity);
    if (const auto done = addPatient(!tablePatient.empty() ? tablePatient : metadata.patientId); !done)
        return failed(done, shared_->file);
    nameIt(identity);
    keepDetails(identity);
    out_.kind = DecodedFile::Kind::Recording;
    return std::move(out_);
}

template <typename Work>
DecodedFile guarded(Work work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return failed(makeError(ErrorCode::OutOfMemory, {}));
    } catch (const std::exception& e) {
        return failed(makeError(ErrorCode::Bug, e.what()));
    }
}

// How many recordings a file holds whose first cannot be read: the next one tells.
std::int64_t itemsBesideFirst(const SharedSource& shared, const DecodeContext& context) {
    auto options = context.reading.of(shared.file, 1);
    if (!options)
        return 1;
    options->metadataOnly = true;
    options->annotations = false;
    options->stop = context.stop;
    const auto head = shared.reader->read(shared.file, *options);
    return head ? head->items : 1;
}

DecodedFile decodeFirst(const fs::path& file, const DecodeContext& context) {
    if (!isUtf8(file.string()))
        return failed(makeError(ErrorCode::FileUnreadable, "its name is not valid UTF-8"));
    const auto state = sourceState(file);
    if (!state)
        return failed(makeError(ErrorCode::FileUnreadable, {}));
    const auto shared = std::make_shared<SharedSource>(file, *state);
    const auto known = context.known.find(knownKey(file, 0));
    const bool unchanged = known != context.known.end() && isUnchanged(file, known->second, *state, context.reading);
    const auto& registry = context.registry;
    if (unchanged && known->second.items <= 1)
        return Decoder(shared, 0, context).known(known->second);
    if (!unchanged && registry.isCompanion(file))
        return {}; // skipped
    const auto reader = registry.find(file);
    if (!reader)
        return failed(reader, file);
    shared->reader = *reader;
    auto out = unchanged ? Decoder(shared, 0, context).known(known->second) : Decoder(shared, 0, context).run();
    if (out.kind == DecodedFile::Kind::Failed)
        out.items = unchanged ? known->second.items : itemsBesideFirst(*shared, context);
    if (out.items > 1)
        out.shared = shared;
    return out;
}

} // namespace

bool isUnchanged(const fs::path& file, const KnownFile& known, const SourceState& state, const SourceOptions& reading) {
    return known.size == state.size && known.modified == state.modified &&
           (known.companions.empty() || known.companions == state.companions) && !reading.isNew(file);
}

Result<std::string> SharedSource::hash() const {
    const std::lock_guard lock(mutex_);
    if (!hash_)
        hash_ = sha256OfFile(file);
    return *hash_;
}

ImportLabels importLabels(const Metadata& metadata, const LabelRow* row, const IdentityWords& identity) {
    ImportLabels out;
    addFileLabels(metadata, identity, out);
    if (row == nullptr)
        return out;
    for (const auto& label : row->labels)
        if (!identity.in(label.name))
            addLabel(out, label, "table", label.likelihood);
        else
            out.wordsLeftOut += static_cast<int>(text::words(label.name).size());
    return out;
}

DecodedFile decodeForImport(const fs::path& file, const DecodeContext& context) {
    if (isDocument(file) || file.string() == context.labelsFile)
        return {};
    return guarded([&] { return decodeFirst(file, context); });
}

DecodedFile decodeItem(const std::shared_ptr<const SharedSource>& shared, std::int64_t item,
                       const DecodeContext& context) {
    return guarded([&] {
        const auto known = context.known.find(knownKey(shared->file, item));
        if (known != context.known.end() && isUnchanged(shared->file, known->second, shared->state, context.reading))
            return Decoder(shared, item, context).known(known->second);
        return Decoder(shared, item, context).run();
    });
}

} // namespace precordia
