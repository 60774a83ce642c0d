// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/embedding_store.h"

#include "core/io/hdf5_handle.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fcntl.h>
#include <numeric>
#include <unistd.h>
#include <unordered_map>

namespace precordia {

namespace fs = std::filesystem;

namespace {

using Dims = std::vector<hsize_t>; // without the row axis

constexpr hsize_t kChunkBytes = 256 << 10;

hsize_t product(const Dims& dims) {
    return std::accumulate(dims.begin(), dims.end(), hsize_t{1}, std::multiplies<>());
}

// One growing table [N, ...] of float32 or int64.
struct Level {
    std::string name;
    Dims dims;
    Hdf5Id dataset;
};

// A chunk is as many rows as a quarter of a MiB holds, at least one. Nothing is compressed: shuffle and deflate took
// 10 ms a recording at the lead level to save 13 % of it, the mantissas of encodings being noise.
Result<Level> createLevel(hid_t file, const std::string& name, const Dims& dims, hid_t type) {
    const auto rowBytes = std::max<hsize_t>(1, product(dims) * H5Tget_size(type));
    Dims size = {0};
    Dims largest = {H5S_UNLIMITED};
    Dims chunk = {std::clamp<hsize_t>(kChunkBytes / rowBytes, 1, 1024)};
    for (const auto d : dims) {
        size.push_back(d);
        largest.push_back(d);
        chunk.push_back(d);
    }
    const int rank = static_cast<int>(size.size());
    const Hdf5Id space(H5Screate_simple(rank, size.data(), largest.data()), H5Sclose);
    const Hdf5Id properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    Level level{name, dims, {}};
    if (H5Pset_chunk(properties.get(), rank, chunk.data()) >= 0)
        level.dataset = Hdf5Id(
            H5Dcreate2(file, name.c_str(), type, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Dclose);
    if (!level.dataset.valid())
        return makeError(ErrorCode::FileUnwritable, "table " + name + " cannot be made");
    return level;
}

bool appendRow(const Level& level, hsize_t row, hid_t type, const void* values) {
    Dims size = {row + 1};
    Dims start = {row};
    Dims count = {1};
    for (const auto d : level.dims) {
        size.push_back(d);
        start.push_back(0);
        count.push_back(d);
    }
    if (H5Dset_extent(level.dataset.get(), size.data()) < 0)
        return false;
    const Hdf5Id there(H5Dget_space(level.dataset.get()), H5Sclose);
    const Hdf5Id here(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
    return H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) >= 0 &&
           H5Dwrite(level.dataset.get(), type, here.get(), there.get(), H5P_DEFAULT, values) >= 0;
}

bool writeText(hid_t file, const char* name, const std::string& text) {
    const Hdf5Id type(H5Tcopy(H5T_C_S1), H5Tclose);
    const Hdf5Id space(H5Screate(H5S_SCALAR), H5Sclose);
    if (H5Tset_size(type.get(), std::max<std::size_t>(1, text.size())) < 0 ||
        H5Tset_strpad(type.get(), H5T_STR_NULLPAD) < 0 || H5Tset_cset(type.get(), H5T_CSET_UTF8) < 0)
        return false;
    const Hdf5Id attribute(H5Acreate2(file, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    return attribute.valid() && H5Awrite(attribute.get(), type.get(), text.empty() ? "\0" : text.data()) >= 0;
}

bool writeNumber(hid_t file, const char* name, int value) {
    const Hdf5Id space(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Id attribute(H5Acreate2(file, name, H5T_STD_I32LE, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    return attribute.valid() && H5Awrite(attribute.get(), H5T_NATIVE_INT, &value) >= 0;
}

std::string readText(hid_t file, const char* name) {
    constexpr std::size_t kLongest = 4096;
    const Hdf5Id attribute(H5Aopen(file, name, H5P_DEFAULT), H5Aclose);
    if (!attribute.valid())
        return {};
    const Hdf5Id type(H5Aget_type(attribute.get()), H5Tclose);
    const auto size = H5Tget_size(type.get());
    if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) > 0 || size == 0 || size > kLongest)
        return {};
    std::string text(size, '\0');
    if (H5Aread(attribute.get(), type.get(), text.data()) < 0)
        return {};
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
}

int readNumber(hid_t file, const char* name) {
    int value = 0;
    const Hdf5Id attribute(H5Aopen(file, name, H5P_DEFAULT), H5Aclose);
    if (attribute.valid())
        H5Aread(attribute.get(), H5T_NATIVE_INT, &value);
    return value;
}

hsize_t asSize(int value) {
    return static_cast<hsize_t>(std::max(0, value));
}

} // namespace

struct EmbeddingWriter::Impl {
    fs::path target, temporary;
    Hdf5Id file;
    std::vector<Level> levels; // recording, interval, event, lead
    Level ids;
    hsize_t rows = 0;
    bool broken = false;

    ~Impl() {
        const Hdf5Lock lock;
        close();
        if (!temporary.empty())
            ::unlink(temporary.c_str());
    }
    void close() {
        levels.clear();
        ids.dataset.reset();
        file.reset();
    }
    Error failure(const char* what) {
        broken = true;
        return makeError(ErrorCode::FileUnwritable, what, target.string());
    }
};

EmbeddingWriter::EmbeddingWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EmbeddingWriter::~EmbeddingWriter() = default;

Result<std::unique_ptr<EmbeddingWriter>> EmbeddingWriter::create(const fs::path& file, const EmbeddingHeader& header,
                                                                 bool withLeadLevel) {
    using Created = std::unique_ptr<EmbeddingWriter>;
    if (header.intervals < 1 || header.width < 1 || header.recordingWidth < 1 || header.leads < 1)
        return makeError(ErrorCode::WrongUse, "an embedding file needs its shapes", file.string());
    auto impl = std::make_unique<Impl>();
    impl->target = file;
    std::error_code ec;
    fs::create_directories(fs::absolute(file).parent_path(), ec);
    auto temporary = file;
    static std::atomic<unsigned> serial{0};
    temporary += ".part-" + std::to_string(::getpid()) + "-" + std::to_string(serial++);
    {
        const Hdf5Lock lock;
        impl->file = Hdf5Id(H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
        if (!impl->file.valid())
            return makeError(ErrorCode::FileUnwritable, ec.message(), file.string());
    }
    impl->temporary = temporary;
    const auto width = asSize(header.width);
    const auto intervals = asSize(header.intervals);
    std::vector<std::pair<std::string, Dims>> tables = {{"recording", {asSize(header.recordingWidth)}},
                                                        {"interval", {intervals, width}},
                                                        {"event", {intervals, width}}};
    if (withLeadLevel)
        tables.push_back({"lead", {intervals, asSize(header.leads), width}});
    auto created = Created(new EmbeddingWriter(std::move(impl)));
    auto& made = *created->impl_;
    const auto fill = [&]() -> Result<Done> {
        const Hdf5Lock lock;
        const auto id = made.file.get();
        for (const auto& [name, dims] : tables) {
            auto level = createLevel(id, name, dims, H5T_IEEE_F32LE);
            if (!level)
                return level.as<Done>();
            made.levels.push_back(*std::move(level));
        }
        auto ids = createLevel(id, "recording_id", {}, H5T_STD_I64LE);
        if (!ids)
            return ids.as<Done>();
        made.ids = *std::move(ids);
        if (!writeText(id, "model_hash", header.modelHash) ||
            !writeText(id, "preprocessing_hash", header.preprocessingHash) ||
            !writeText(id, "data_hash", header.dataHash) || !writeText(id, "program_version", PRECORDIA_VERSION) ||
            !writeNumber(id, "intervals", header.intervals) || !writeNumber(id, "leads", header.leads) ||
            !writeNumber(id, "width", header.width) || !writeNumber(id, "recording_width", header.recordingWidth))
            return made.failure("its attributes cannot be written");
        return Done{};
    };
    if (const auto done = fill(); !done)
        return done.as<Created>();
    return created;
}

Result<Done> EmbeddingWriter::append(RecordingId id, std::span<const float> recording, std::span<const float> interval,
                                     std::span<const float> event, std::span<const float> lead) {
    auto& impl = *impl_;
    const Hdf5Lock lock;
    if (impl.broken || !impl.file.valid())
        return makeError(ErrorCode::WrongUse, "the embedding file is closed", impl.target.string());
    const std::span<const float> given[] = {recording, interval, event, lead};
    for (std::size_t i = 0; i < impl.levels.size(); ++i) {
        if (given[i].size() != product(impl.levels[i].dims))
            return makeError(ErrorCode::WrongUse, "level " + impl.levels[i].name + " has the wrong length",
                             impl.target.string());
        if (!std::all_of(given[i].begin(), given[i].end(), [](float v) { return std::isfinite(v); }))
            return makeError(ErrorCode::NotFinite,
                             "in the " + impl.levels[i].name + " level of recording " + std::to_string(id.value),
                             impl.target.string());
    }
    for (std::size_t i = 0; i < impl.levels.size(); ++i)
        if (!appendRow(impl.levels[i], impl.rows, H5T_NATIVE_FLOAT, given[i].data()))
            return impl.failure("a row cannot be written");
    const std::int64_t number = id.value;
    if (!appendRow(impl.ids, impl.rows, H5T_NATIVE_INT64, &number))
        return impl.failure("a row cannot be written");
    ++impl.rows;
    return Done{};
}

Result<Done> EmbeddingWriter::finish() {
    auto& impl = *impl_;
    const Hdf5Lock lock;
    if (impl.broken || !impl.file.valid())
        return makeError(ErrorCode::WrongUse, "the embedding file is closed", impl.target.string());
    const bool flushed = H5Fflush(impl.file.get(), H5F_SCOPE_GLOBAL) >= 0;
    impl.close();
    const int fd = flushed ? ::open(impl.temporary.c_str(), O_RDONLY | O_CLOEXEC) : -1;
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0)
        ::close(fd);
    if (!synced || ::rename(impl.temporary.c_str(), impl.target.c_str()) != 0)
        return impl.failure("it cannot be put in place");
    impl.temporary.clear();
    return Done{};
}

struct EmbeddingFile::Impl {
    fs::path path;
    Hdf5Id file;
    EmbeddingHeader header;
    std::vector<RecordingId> ids;
    std::unordered_map<RecordingId, std::int64_t> firstRow;
    std::vector<Level> levels;

    ~Impl() {
        const Hdf5Lock lock;
        levels.clear();
        file.reset();
    }
    Error invalid(const std::string& what) const { return makeError(ErrorCode::FormatInvalid, what, path.string()); }
    const Level* find(const std::string& name) const {
        const auto at = std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.name == name; });
        return at == levels.end() ? nullptr : &*at;
    }
};

namespace {

// Opens a table of `rows` rows of these dims (rows -1: any) and sees that its numbers are really in the file.
Result<Level> openLevel(hid_t file, const std::string& name, const Dims& dims, std::int64_t& rows) {
    constexpr hsize_t kMostDeflated = 1032; // zlib's limit of compression
    const auto wrong = [&](const char* what) {
        return makeError(ErrorCode::FormatInvalid, "table " + name + " " + what);
    };
    Level level{name, dims, Hdf5Id(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose)};
    if (!level.dataset.valid())
        return wrong("is missing");
    const Hdf5Id space(H5Dget_space(level.dataset.get()), H5Sclose);
    Dims size(dims.size() + 1);
    if (H5Sget_simple_extent_ndims(space.get()) != static_cast<int>(size.size()) ||
        H5Sget_simple_extent_dims(space.get(), size.data(), nullptr) < 0 ||
        !std::equal(dims.begin(), dims.end(), size.begin() + 1))
        return wrong("has another shape than the file's attributes say");
    if (rows >= 0 && size[0] != static_cast<hsize_t>(rows))
        return wrong("has another number of rows than recording_id");
    const Hdf5Id type(H5Dget_type(level.dataset.get()), H5Tclose);
    const auto kind = H5Tget_class(type.get());
    if (kind != H5T_FLOAT && kind != H5T_INTEGER)
        return wrong("holds no numbers");
    const Hdf5Id properties(H5Dget_create_plist(level.dataset.get()), H5Pclose);
    const auto ratio = H5Pget_nfilters(properties.get()) > 0 ? kMostDeflated : 1;
    const auto stored = H5Dget_storage_size(level.dataset.get());
    const auto rowBytes = product(dims) * H5Tget_size(type.get());
    if (rowBytes == 0 || size[0] > stored * ratio / rowBytes)
        return wrong("is cut short");
    rows = static_cast<std::int64_t>(size[0]);
    return level;
}

} // namespace

EmbeddingFile::EmbeddingFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EmbeddingFile::~EmbeddingFile() = default;

Result<std::unique_ptr<EmbeddingFile>> EmbeddingFile::open(const fs::path& file) {
    using Opened = std::unique_ptr<EmbeddingFile>;
    if (std::error_code ec; !fs::is_regular_file(file, ec))
        return makeError(ErrorCode::FileNotFound, {}, file.string());
    auto opened = Opened(new EmbeddingFile(std::make_unique<Impl>()));
    auto& impl = *opened->impl_;
    impl.path = file;
    const Hdf5Lock lock;
    impl.file = Hdf5Id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!impl.file.valid())
        return impl.invalid("it is no HDF5 file or damaged");
    const auto id = impl.file.get();
    auto& h = impl.header;
    h.modelHash = readText(id, "model_hash");
    h.preprocessingHash = readText(id, "preprocessing_hash");
    h.dataHash = readText(id, "data_hash");
    h.intervals = readNumber(id, "intervals");
    h.leads = readNumber(id, "leads");
    h.width = readNumber(id, "width");
    h.recordingWidth = readNumber(id, "recording_width");
    const auto width = asSize(h.width);
    const auto intervals = asSize(h.intervals);
    std::int64_t rows = -1;
    const auto ids = openLevel(id, "recording_id", {}, rows);
    if (!ids)
        return impl.invalid(ids.error().message);
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows));
    if (rows > 0 && H5Dread(ids->dataset.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()) < 0)
        return impl.invalid("table recording_id cannot be read");
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        impl.ids.emplace_back(numbers[i]);
        impl.firstRow.emplace(impl.ids.back(), static_cast<std::int64_t>(i));
    }
    std::vector<std::pair<std::string, Dims>> tables = {
        {"recording", {asSize(h.recordingWidth)}}, {"interval", {intervals, width}}, {"event", {intervals, width}}};
    if (H5Lexists(id, "lead", H5P_DEFAULT) > 0)
        tables.push_back({"lead", {intervals, asSize(h.leads), width}});
    for (const auto& [name, dims] : tables) {
        auto level = openLevel(id, name, dims, rows);
        if (!level)
            return impl.invalid(level.error().message);
        impl.levels.push_back(*std::move(level));
    }
    return opened;
}

const EmbeddingHeader& EmbeddingFile::header() const {
    return impl_->header;
}
const std::vector<RecordingId>& EmbeddingFile::ids() const {
    return impl_->ids;
}
bool EmbeddingFile::hasLeadLevel() const {
    return impl_->find("lead") != nullptr;
}

std::int64_t EmbeddingFile::rowOf(RecordingId id) const {
    const auto at = impl_->firstRow.find(id);
    return at == impl_->firstRow.end() ? -1 : at->second;
}

Result<EmbeddingFile::Table> EmbeddingFile::read(const std::string& level) const {
    const auto* from = impl_->find(level);
    if (from == nullptr)
        return makeError(ErrorCode::NotFound, "it holds no encodings of the " + level + " level", impl_->path.string());
    Table table;
    table.shape.push_back(static_cast<std::int64_t>(impl_->ids.size()));
    for (const auto d : from->dims)
        table.shape.push_back(static_cast<std::int64_t>(d));
    table.values.resize(impl_->ids.size() * product(from->dims));
    const Hdf5Lock lock;
    if (!table.values.empty() &&
        H5Dread(from->dataset.get(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, table.values.data()) < 0)
        return impl_->invalid("table " + level + " cannot be read");
    return table;
}

Result<EmbeddingFile::Table> EmbeddingFile::readRow(const std::string& level, std::int64_t row) const {
    const auto* from = impl_->find(level);
    if (from == nullptr)
        return makeError(ErrorCode::NotFound, "it holds no encodings of the " + level + " level", impl_->path.string());
    if (row < 0 || row >= static_cast<std::int64_t>(impl_->ids.size()))
        return makeError(ErrorCode::ValueOutOfRange, "row " + std::to_string(row), impl_->path.string());
    Table table;
    table.values.resize(product(from->dims));
    Dims start = {static_cast<hsize_t>(row)};
    Dims count = {1};
    for (const auto d : from->dims) {
        table.shape.push_back(static_cast<std::int64_t>(d));
        start.push_back(0);
        count.push_back(d);
    }
    const Hdf5Lock lock;
    const Hdf5Id there(H5Dget_space(from->dataset.get()), H5Sclose);
    const Hdf5Id here(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
    if (H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) < 0 ||
        H5Dread(from->dataset.get(), H5T_NATIVE_FLOAT, here.get(), there.get(), H5P_DEFAULT, table.values.data()) < 0)
        return impl_->invalid("a row of table " + level + " cannot be read");
    return table;
}

} // namespace precordia
