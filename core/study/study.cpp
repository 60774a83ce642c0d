// SPDX-License-Identifier: GPL-3.0-or-later
// The study as a folder: making, opening, its settings and its source files. Queries are in study_query.cpp, what is
// measured and computed in study_values.cpp.
#include "core/study/study.h"

#include "core/io/reader.h"
#include "core/study/recording_source.h"
#include "core/study/source_options.h"
#include "core/study/study_impl.h"
#include "core/study/study_schema.h"

#include <algorithm>
#include <cmath>
#include <fcntl.h>
#include <unistd.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {
constexpr auto kDatabaseName = "study.sqlite";

// The log lies beside the database, so the folder must be open to this process too.
bool canBeWritten(const fs::path& folder) {
    const auto file = folder / kDatabaseName;
    std::error_code ec;
    return ::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0 &&
           (!fs::exists(file, ec) || ::faccessat(AT_FDCWD, file.c_str(), W_OK, AT_EACCESS) == 0);
}

// The signal, and what is measured, remain.
void blind(Recording& recording, RecordingId id) {
    recording.name = blindedName(id);
    auto& metadata = recording.metadata;
    metadata.identity = {};
    metadata.patientId.clear();
    metadata.comments.clear();
    metadata.diagnosisCodes.clear();
    metadata.diagnosisTexts.clear();
    recording.annotations.clear();
    recording.warnings.clear(); // may quote the file; the study's own do not
    for (auto* parts : {&recording.medianBeats, &recording.otherGroups})
        for (auto& part : *parts)
            blind(part, id);
}

Result<ReadOptions> optionsOf(const Study& study, const fs::path& source, std::int64_t item) {
    const auto options = SourceOptions::ofFile(study, source);
    return options ? options->of(source, item) : options.as<ReadOptions>();
}
} // namespace

Study::Study(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Study::~Study() = default;

Result<std::unique_ptr<Study>> Study::attach(const fs::path& folder) {
    std::error_code ec;
    auto impl = std::make_unique<Impl>();
    impl->folder = fs::weakly_canonical(folder, ec);
    if (ec)
        impl->folder = fs::absolute(folder, ec);
    const auto file = impl->folder / kDatabaseName;
    auto database = canBeWritten(impl->folder) ? Database::open(file) : Database::openReadOnly(file);
    if (!database)
        return database.as<std::unique_ptr<Study>>();
    impl->database = *std::move(database);
    if (const auto migrated = migrate(*impl->database); !migrated) {
        auto error = migrated.error();
        error.where = file.string();
        return error;
    }
    return std::unique_ptr<Study>(new Study(std::move(impl)));
}

Result<std::unique_ptr<Study>> Study::create(const fs::path& folder) {
    std::error_code ec;
    if (fs::exists(folder / kDatabaseName, ec))
        return makeError(ErrorCode::AlreadyExists, "the folder holds a study", folder.string());
    for (const auto* name : {"runs", "models", "embeddings", "exports", "cache"}) {
        fs::create_directories(folder / name, ec);
        if (ec)
            return makeError(ErrorCode::FileUnwritable, ec.message(), (folder / name).string());
    }
    return attach(folder);
}

Result<std::unique_ptr<Study>> Study::open(const fs::path& folder, ReaderSight sight) {
    if (std::error_code ec; !fs::is_regular_file(folder / kDatabaseName, ec))
        return makeError(ErrorCode::NotFound, "there is no study in this folder (no study.sqlite)", folder.string());
    auto study = attach(folder);
    if (study)
        (*study)->setSight(std::move(sight));
    return study;
}

Result<std::unique_ptr<Study>> Study::openOrCreate(const fs::path& folder) {
    std::error_code ec;
    return fs::exists(folder / kDatabaseName, ec) ? open(folder) : create(folder);
}

void Study::setSight(ReaderSight sight) {
    impl_->sight = std::move(sight);
}

const ReaderSight& Study::sight() const {
    return impl_->sight;
}

const fs::path& Study::folder() const {
    return impl_->folder;
}
fs::path Study::runsFolder() const {
    return impl_->folder / "runs";
}
fs::path Study::modelsFolder() const {
    return impl_->folder / "models";
}
fs::path Study::embeddingsFolder() const {
    return impl_->folder / "embeddings";
}
fs::path Study::exportsFolder() const {
    return impl_->folder / "exports";
}
fs::path Study::cacheFolder() const {
    return impl_->folder / "cache";
}

std::string storedPath(const fs::path& studyFolder, const fs::path& source) {
    const auto relative = source.lexically_relative(studyFolder);
    const bool inside = !relative.empty() && *relative.begin() != ".." && relative.is_relative();
    return inside ? relative.generic_string() : source.string();
}

const Result<Pseudonyms>& Study::Impl::pseudonyms() const {
    if (!loadedPseudonyms)
        loadedPseudonyms = Pseudonyms::load();
    return *loadedPseudonyms;
}

fs::path Study::Impl::sourcePath(const std::string& stored) const {
    if (Pseudonyms::isSealed(stored)) {
        const auto& key = pseudonyms();
        const auto path = key.ok() ? key->unseal(stored) : std::nullopt;
        return path ? folder / *path : fs::path(stored);
    }
    const fs::path path(stored);
    return path.is_absolute() ? path : folder / path;
}

Result<RecordingSource> sourceOf(const Study& study, RecordingId id) {
    const auto& impl = study.impl();
    auto found =
        impl.database->run("SELECT path, item FROM recordings WHERE id = ?", {static_cast<qlonglong>(id.value)});
    if (!found)
        return found.as<RecordingSource>();
    if (!found->next())
        return makeError(ErrorCode::NotFound, "no recording has the number " + std::to_string(id.value),
                         impl.folder.string());
    const auto path = impl.sourcePath(fromQt(found->value(0)));
    if (Pseudonyms::isSealed(path.string()))
        return makeError(ErrorCode::NotFound,
                         "where the source file lies was sealed with the key of the person who imported it",
                         impl.folder.string());
    if (std::error_code ec; !fs::exists(path, ec))
        return makeError(ErrorCode::NotFound, "the source file was moved or deleted", path.string());
    auto options = optionsOf(study, path, found->value(1).toLongLong());
    if (!options)
        return options.as<RecordingSource>();
    return RecordingSource{path, std::move(*options)};
}

namespace {

Result<Recording> readFrom(const Study& study, RecordingId id, const RecordingSource& source) {
    auto recording = Registry::standard().read(source.file, source.options);
    if (recording && study.sight().blinded)
        blind(*recording, id);
    return recording;
}

} // namespace

Result<Recording> Study::readRecording(RecordingId id) const {
    const auto source = sourceOf(*this, id);
    return source ? readFrom(*this, id, *source) : source.as<Recording>();
}

Result<Recording> readBeginning(const Study& study, RecordingId id, double seconds) {
    const auto row = study.row(id);
    if (!row)
        return row.as<Recording>();
    auto source = sourceOf(study, id);
    if (!source)
        return source.as<Recording>();
    if (isLong(*row))
        source->options.range = SampleRange{0, std::llround(seconds * row->samplingRate)};
    return readFrom(study, id, *source);
}

Result<Done> Study::inTransaction(const std::function<Result<Done>()>& work) {
    return impl_->database->transaction(work);
}

Result<Done> Study::setValue(const std::string& key, const std::string& value) {
    return impl_->database->change(
        "INSERT INTO settings(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        {toQt(key), toQt(value)});
}

std::string Study::value(const std::string& key) const {
    const auto value = impl_->database->scalar("SELECT value FROM settings WHERE key = ?", {toQt(key)});
    return value ? fromQt(*value) : std::string();
}

Result<Done> Study::setCurrentModel(const std::string& modelHash) {
    return setValue(kCurrentModelKey, modelHash);
}
std::string Study::currentModel() const {
    return value(kCurrentModelKey);
}

} // namespace precordia
