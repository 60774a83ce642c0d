// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_reader.h"

#include "core/io/array_recording.h"
#include "core/io/hdf5_handle.h"
#include "core/io/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::uint64_t kMaxSamples = 500'000'000; // of one recording
constexpr std::uint64_t kMaxChunkBytes = 256U << 20U;
constexpr std::uint64_t kInflation = 1100; // deflate does at most 1032
constexpr hsize_t kMaxLinks = 256;         // looked at in a group
constexpr int kDeepestGroup = 2;
constexpr std::size_t kMaxTextBytes = 4096;
constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";

// What the reading process may use; beyond it a file is taken for damaged.
constexpr std::uint64_t kBytesASecond = 1U << 20U; // of processor time
constexpr std::uint64_t kMemory = 384U << 20U, kMemoryAByte = 64;
constexpr unsigned kGlanceMicroseconds = 500;
constexpr int kNotSent = 1, kNoMemory = 2; // how the reading process ends
constexpr auto kBrokeDown = "its HDF5 structure is damaged: the library broke down on it";

struct Descriptor {
    int id = -1;
    ~Descriptor() {
        if (id >= 0)
            ::close(id);
    }
};

struct Dataset {
    std::string path;
    Hdf5Id id;
    std::vector<hsize_t> dimensions;
    bool numbers = false;

    std::string name() const { return text::lower(path.substr(path.rfind('/') + 1)); }
    std::uint64_t count() const {
        std::uint64_t out = 1;
        for (const auto d : dimensions)
            out = d != 0 && out > UINT64_MAX / d ? UINT64_MAX : out * d;
        return dimensions.empty() ? 1 : out;
    }
};

// All calls of the library happen while `lock_` lives.
class Hdf5Recording {
public:
    Hdf5Recording(const fs::path& path, const ReadOptions& options, const TableLayout& layout)
        : path_(path)
        , options_(options)
        , layout_(layout) {}
    Result<Recording> read();

private:
    Error error(ErrorCode code, const std::string& why, const std::string& dataset = {}) const {
        return makeError(code, why, path_.string() + (dataset.empty() ? "" : ", " + dataset));
    }
    Result<Done> open();
    void list(hid_t group, const std::string& prefix, int depth);
    Result<Dataset*> signal();
    Result<Done> checkStorage(const Dataset& dataset) const;
    Result<Done> checkFilters(hid_t properties, const Dataset& dataset) const;
    Result<Done> load(const Dataset& dataset);
    void facts(const Dataset& dataset);
    std::optional<double> number(hid_t object, const char* attribute) const;
    std::vector<std::string> texts(hid_t object, const char* attribute) const;
    std::optional<std::int64_t> examId() const;
    Result<Done> gather();
    bool send(int descriptor, const Result<Done>& gathered) const;
    Result<Done> receive(int descriptor);
    Result<Done> isolated();

    Hdf5Lock lock_;
    const fs::path& path_;
    const ReadOptions& options_;
    const TableLayout& layout_;
    std::uint64_t fileBytes_ = 0;
    Hdf5Id file_;
    std::vector<Dataset> datasets_;
    SampleArray array_;
    std::vector<float> values_;
    std::uint64_t items_ = 1;
    std::optional<std::int64_t> exam_;
};

Result<Done> Hdf5Recording::open() {
    H5PLset_loading_state(0); // no code from elsewhere, whatever the file asks for
    std::error_code ec;
    fileBytes_ = fs::file_size(path_, ec);
    if (ec)
        return error(ErrorCode::FileNotFound, ec.message());
    file_ = Hdf5Id(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!file_.valid())
        return error(ErrorCode::FormatInvalid, "its HDF5 structure is damaged");
    return Done{};
}

void Hdf5Recording::list(hid_t group, const std::string& prefix, int depth) {
    H5G_info_t info{};
    if (H5Gget_info(group, &info) < 0)
        return;
    for (hsize_t i = 0; i < std::min<hsize_t>(info.nlinks, kMaxLinks); ++i) {
        std::array<char, 256> name{};
        const auto length =
            H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size(), H5P_DEFAULT);
        H5L_info_t link{};
        if (length <= 0 || static_cast<std::size_t>(length) >= name.size() ||
            H5Lget_info(group, name.data(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
            continue; // soft and external links may lead anywhere
        Hdf5Id object(H5Oopen(group, name.data(), H5P_DEFAULT), H5Oclose);
        if (!object.valid())
            continue;
        const auto type = H5Iget_type(object.get());
        if (type == H5I_GROUP && depth < kDeepestGroup)
            list(object.get(), prefix + name.data() + "/", depth + 1);
        if (type != H5I_DATASET)
            continue;
        Dataset found;
        found.path = prefix + name.data();
        const Hdf5Id space(H5Dget_space(object.get()), H5Sclose), kind(H5Dget_type(object.get()), H5Tclose);
        const int rank = space.valid() ? H5Sget_simple_extent_ndims(space.get()) : -1;
        if (rank < 0 || rank > 8 || !kind.valid())
            continue;
        found.dimensions.resize(static_cast<std::size_t>(rank));
        if (rank > 0)
            H5Sget_simple_extent_dims(space.get(), found.dimensions.data(), nullptr);
        const auto number = H5Tget_class(kind.get());
        found.numbers = number == H5T_FLOAT || number == H5T_INTEGER;
        found.id = std::move(object);
        datasets_.push_back(std::move(found));
    }
}

Result<Dataset*> Hdf5Recording::signal() {
    const auto fits = [](const Dataset& d) {
        return d.numbers && (d.dimensions.size() == 2 || d.dimensions.size() == 3) && d.count() >= 8;
    };
    for (const std::string_view name : {"tracings", "ecg", "signal", "signals", "data"})
        for (auto& dataset : datasets_)
            if (dataset.name() == name && fits(dataset))
                return &dataset;
    Dataset* only = nullptr;
    for (auto& dataset : datasets_) {
        if (!fits(dataset))
            continue;
        if (only != nullptr)
            return error(ErrorCode::FormatUnsupported,
                         "it holds several arrays and none is called tracings, ecg, signal or data");
        only = &dataset;
    }
    if (only == nullptr)
        return error(ErrorCode::FormatUnsupported, "it holds no array of numbers with two or three dimensions");
    return only;
}

Result<Done> Hdf5Recording::checkFilters(hid_t properties, const Dataset& dataset) const {
    const int filters = H5Pget_nfilters(properties);
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0, configuration = 0;
        std::size_t values = 0;
        std::array<char, 64> name{};
        const auto filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr, name.size(),
                                           name.data(), &configuration);
        name.back() = '\0';
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
            return error(ErrorCode::FormatUnsupported,
                         "it is packed with the filter " + std::to_string(filter) + " (" + text::utf8(name.data()) +
                             "); gzip, shuffle and fletcher32 are read",
                         dataset.path);
    }
    return Done{};
}

// What is promised is there, or can be inflated from what is there.
Result<Done> Hdf5Recording::checkStorage(const Dataset& dataset) const {
    const Hdf5Id properties(H5Dget_create_plist(dataset.id.get()), H5Pclose);
    const Hdf5Id type(H5Dget_type(dataset.id.get()), H5Tclose);
    const auto width = type.valid() ? H5Tget_size(type.get()) : 0;
    if (!properties.valid() || width == 0 || width > 16)
        return error(ErrorCode::FormatInvalid, "its properties are damaged", dataset.path);
    const auto kind = H5Pget_layout(properties.get());
    if (kind != H5D_COMPACT && kind != H5D_CONTIGUOUS && kind != H5D_CHUNKED)
        return error(ErrorCode::FormatUnsupported, "a virtual dataset, which lies in other files", dataset.path);
    if (H5Pget_external_count(properties.get()) != 0)
        return error(ErrorCode::FormatUnsupported, "its samples lie in other files", dataset.path);
    if (auto done = checkFilters(properties.get(), dataset); !done)
        return done;
    const auto stored = H5Dget_storage_size(dataset.id.get());
    const auto beyond = error(ErrorCode::FileTruncated,
                              std::to_string(dataset.count()) + " numbers are promised and " + std::to_string(stored) +
                                  " bytes are there",
                              dataset.path);
    if (stored > fileBytes_)
        return beyond;
    const auto factor = H5Pget_nfilters(properties.get()) > 0 ? kInflation : 1;
    if (dataset.count() > stored * factor / width)
        return beyond;
    if (kind != H5D_CHUNKED)
        return Done{};
    std::vector<hsize_t> chunk(dataset.dimensions.size());
    std::uint64_t bytes = width;
    if (H5Pget_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()) < 0)
        return error(ErrorCode::FormatInvalid, "its chunks are damaged", dataset.path);
    for (const auto side : chunk)
        bytes = side == 0 || bytes > kMaxChunkBytes / side ? kMaxChunkBytes + 1 : bytes * side;
    if (bytes > kMaxChunkBytes || bytes > fileBytes_ * kInflation)
        return error(ErrorCode::ValueOutOfRange, "its chunks are too large", dataset.path);
    return Done{};
}

// The one recording that was asked for.
Result<Done> Hdf5Recording::load(const Dataset& dataset) {
    auto shape = dataset.dimensions;
    std::vector<hsize_t> first(shape.size(), 0);
    auto part = shape;
    if (shape.size() == 3) {
        items_ = shape.front();
        if (options_.item < 0 || std::cmp_greater_equal(options_.item, items_))
            return error(ErrorCode::ValueOutOfRange, "recording " + std::to_string(options_.item) +
                                                         " was asked for, it holds " + std::to_string(items_) +
                                                         " (the first is 0)");
        first.front() = static_cast<hsize_t>(options_.item);
        part.front() = 1;
        shape.erase(shape.begin());
    }
    if (shape[0] == 0 || shape[1] > kMaxSamples / shape[0])
        return error(ErrorCode::ValueOutOfRange,
                     "a recording of " + std::to_string(shape[0]) + " x " + std::to_string(shape[1]), dataset.path);
    array_.rows = static_cast<std::size_t>(shape[0]);
    array_.columns = static_cast<std::size_t>(shape[1]);
    values_.resize(array_.rows * array_.columns);
    const hsize_t total = values_.size();
    const Hdf5Id there(H5Dget_space(dataset.id.get()), H5Sclose), here(H5Screate_simple(1, &total, nullptr), H5Sclose);
    if (H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, first.data(), nullptr, part.data(), nullptr) < 0 ||
        H5Dread(dataset.id.get(), H5T_NATIVE_FLOAT, here.get(), there.get(), H5P_DEFAULT, values_.data()) < 0)
        return error(ErrorCode::FormatInvalid, "its samples are damaged", dataset.path);
    array_.value = [this](std::size_t r, std::size_t c) -> double { return values_[r * array_.columns + c]; };
    return Done{};
}

std::optional<double> Hdf5Recording::number(hid_t object, const char* attribute) const {
    if (H5Aexists(object, attribute) <= 0)
        return std::nullopt;
    const Hdf5Id id(H5Aopen(object, attribute, H5P_DEFAULT), H5Aclose);
    const Hdf5Id type(H5Aget_type(id.get()), H5Tclose), space(H5Aget_space(id.get()), H5Sclose);
    const auto kind = H5Tget_class(type.get());
    if ((kind != H5T_FLOAT && kind != H5T_INTEGER) || H5Sget_simple_extent_npoints(space.get()) != 1)
        return std::nullopt;
    double value = 0;
    return H5Aread(id.get(), H5T_NATIVE_DOUBLE, &value) >= 0 && std::isfinite(value) ? std::optional(value)
                                                                                     : std::nullopt;
}

// Of fixed or variable length, one or a list of them.
std::vector<std::string> Hdf5Recording::texts(hid_t object, const char* attribute) const {
    std::vector<std::string> out;
    if (H5Aexists(object, attribute) <= 0)
        return out;
    const Hdf5Id id(H5Aopen(object, attribute, H5P_DEFAULT), H5Aclose);
    const Hdf5Id type(H5Aget_type(id.get()), H5Tclose), space(H5Aget_space(id.get()), H5Sclose);
    const auto count = space.valid() ? H5Sget_simple_extent_npoints(space.get()) : -1;
    if (count < 1 || count > 1024 || H5Tget_class(type.get()) != H5T_STRING)
        return out;
    const auto n = static_cast<std::size_t>(count);
    if (H5Tis_variable_str(type.get()) > 0) {
        std::vector<char*> words(n, nullptr);
        if (H5Aread(id.get(), type.get(), words.data()) >= 0)
            for (const char* word : words)
                out.push_back(word != nullptr ? text::utf8(std::string_view(word).substr(0, kMaxTextBytes)) : "");
        H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, words.data());
        return out;
    }
    const auto width = H5Tget_size(type.get());
    if (width == 0 || width > kMaxTextBytes || width * n > fileBytes_)
        return out;
    std::string all(width * n, '\0');
    if (H5Aread(id.get(), type.get(), all.data()) < 0)
        return out;
    for (std::size_t i = 0; i < n; ++i) {
        const auto word = std::string_view(all).substr(i * width, width);
        out.push_back(text::utf8(text::trim(word.substr(0, word.find('\0')))));
    }
    return out;
}

void Hdf5Recording::facts(const Dataset& dataset) {
    for (const auto object : {dataset.id.get(), file_.get()}) {
        for (const char* name :
             {"sampling_rate_hz", "sampling_rate", "fs", "sfreq", "sample_rate", "sampling_frequency", "frequency"})
            if (const auto rate = array_.rate > 0 ? std::nullopt : number(object, name); rate && *rate > 0)
                array_.rate = *rate;
        for (const char* name : {"unit", "units"})
            if (array_.units.empty())
                array_.units = texts(object, name);
        for (const char* name : {"leads", "lead_names", "channels", "sig_name"})
            if (array_.leads.empty())
                array_.leads = texts(object, name);
    }
    std::erase(array_.units, std::string());
    const bool code = dataset.name() == "tracings" && array_.columns == 12;
    const bool sph = dataset.name() == "ecg" && array_.rows == 12;
    if (!code && !sph)
        return;
    const std::string set = code ? "CODE-15" : "SPH";
    const double rate = code ? 400 : 500;
    const auto convention = [&](bool given, const char* what, const std::string& value) {
        if (!given)
            array_.conventions.push_back(std::string("the file names no ") + what + "; " + value + ", that of " + set +
                                         ", was taken");
    };
    if (!(array_.rate > 0)) {
        array_.rate = rate;
        convention(layout_.samplingRate > 0, "sampling rate", text::shortest(rate) + " Hz");
    }
    if (array_.units.empty()) {
        array_.units = {"mV"};
        convention(!layout_.unit.empty(), "unit", "mV");
    }
    array_.orientation = code ? TableOrientation::SamplesInRows : TableOrientation::LeadsInRows;
    array_.trimPadding = code;
    if (layout_.leads.empty())
        assumeStandardOrder(array_, set);
}

std::optional<std::int64_t> Hdf5Recording::examId() const {
    for (const auto& dataset : datasets_) {
        if (dataset.name() != "exam_id" || !dataset.numbers || dataset.dimensions.size() != 1 ||
            dataset.dimensions[0] != items_ || !checkStorage(dataset))
            continue;
        const auto at = static_cast<hsize_t>(options_.item);
        const hsize_t one = 1;
        std::int64_t value = 0;
        const Hdf5Id there(H5Dget_space(dataset.id.get()), H5Sclose),
            here(H5Screate_simple(1, &one, nullptr), H5Sclose);
        if (H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, &at, nullptr, &one, nullptr) >= 0 &&
            H5Dread(dataset.id.get(), H5T_NATIVE_INT64, here.get(), there.get(), H5P_DEFAULT, &value) >= 0)
            return value;
    }
    return std::nullopt;
}

// Everything that calls the library.
Result<Done> Hdf5Recording::gather() {
    if (auto done = open(); !done)
        return done;
    if (H5Aexists(file_.get(), "model_hash") > 0)
        return error(ErrorCode::FormatUnsupported, "it holds encodings that this program made, and no ECG");
    list(file_.get(), "", 0);
    const auto found = signal();
    if (!found)
        return found.as<Done>();
    if (auto done = checkStorage(**found); !done)
        return done;
    if (auto done = load(**found); !done)
        return done;
    facts(**found);
    exam_ = examId();
    return Done{};
}

// What gather() found, for the process that asked: length of the JSON, JSON, samples.
bool Hdf5Recording::send(int descriptor, const Result<Done>& gathered) const {
    json out;
    if (gathered.failed()) {
        const auto& failure = gathered.error();
        out = {{"code", static_cast<int>(failure.code)}, {"message", failure.message}, {"where", failure.where}};
    } else {
        out = {{"rows", array_.rows},
               {"columns", array_.columns},
               {"orientation", static_cast<int>(array_.orientation)},
               {"rate", array_.rate},
               {"units", array_.units},
               {"leads", array_.leads},
               {"trim", array_.trimPadding},
               {"items", items_},
               {"conventions", array_.conventions}};
        if (exam_)
            out["exam"] = *exam_;
    }
    const auto words = out.dump(-1, ' ', false, json::error_handler_t::replace);
    const std::uint64_t length = words.size();
    const auto put = [&](const void* data, std::size_t size) {
        const auto* at = static_cast<const char*>(data);
        for (std::size_t done = 0; done < size;) {
            const auto n = ::write(descriptor, at + done, size - done);
            if (n <= 0)
                return false;
            done += static_cast<std::size_t>(n);
        }
        return true;
    };
    return put(&length, sizeof length) && put(words.data(), words.size()) &&
           put(values_.data(), gathered.ok() ? values_.size() * sizeof(float) : 0);
}

Result<Done> Hdf5Recording::receive(int descriptor) {
    const auto broken = error(ErrorCode::FormatInvalid, kBrokeDown);
    const auto size = ::lseek(descriptor, 0, SEEK_END);
    const auto get = [&](void* data, std::size_t bytes, std::uint64_t at) {
        auto* to = static_cast<char*>(data);
        for (std::size_t done = 0; done < bytes;) {
            const auto n = ::pread(descriptor, to + done, bytes - done, static_cast<off_t>(at + done));
            if (n <= 0)
                return false;
            done += static_cast<std::size_t>(n);
        }
        return true;
    };
    std::uint64_t length = 0;
    if (size < 8 || !get(&length, sizeof length, 0) || length > static_cast<std::uint64_t>(size) - 8)
        return broken;
    std::string words(length, '\0');
    if (!get(words.data(), length, 8))
        return broken;
    const auto in = json::parse(words, nullptr, false);
    if (!in.is_object())
        return broken;
    if (in.contains("code"))
        return makeError(static_cast<ErrorCode>(in["code"].get<int>()), in["message"].get<std::string>(),
                         in["where"].get<std::string>());
    array_.rows = in["rows"].get<std::size_t>();
    array_.columns = in["columns"].get<std::size_t>();
    array_.orientation = static_cast<TableOrientation>(in["orientation"].get<int>());
    array_.rate = in["rate"].get<double>();
    array_.units = in["units"].get<std::vector<std::string>>();
    array_.leads = in["leads"].get<std::vector<std::string>>();
    array_.conventions = in["conventions"].get<std::vector<std::string>>();
    array_.trimPadding = in["trim"].get<bool>();
    items_ = in["items"].get<std::uint64_t>();
    if (in.contains("exam"))
        exam_ = in["exam"].get<std::int64_t>();
    const auto samples = (static_cast<std::uint64_t>(size) - 8 - length) / sizeof(float);
    if (array_.columns != 0 && array_.rows > samples / array_.columns)
        return broken;
    values_.resize(array_.rows * array_.columns);
    if (!get(values_.data(), values_.size() * sizeof(float), 8 + length))
        return broken;
    array_.value = [this](std::size_t r, std::size_t c) -> double { return values_[r * array_.columns + c]; };
    return Done{};
}

rlim_t addressSpace() {
    std::ifstream pages("/proc/self/statm");
    rlim_t count = 0;
    pages >> count;
    return count * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

void limitThisProcess(std::uint64_t fileSize) {
    const auto limit = [](__rlimit_resource what, rlim_t most) {
        rlimit limits{};
        if (::getrlimit(what, &limits) != 0)
            return;
        limits.rlim_cur = std::min(most, limits.rlim_max); // at the hard limit SIGKILL would come, which says nothing
        ::setrlimit(what, &limits);
    };
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, 1 + fileSize / kBytesASecond);
    limit(RLIMIT_AS, addressSpace() + kMemory + kMemoryAByte * fileSize);
}

// libhdf5 1.10 reads beyond its buffers on damaged files: it works in a process of its own, whose end is no harm.
Result<Done> Hdf5Recording::isolated() {
    const Descriptor channel{::memfd_create("precordia-hdf5", MFD_CLOEXEC)};
    const auto child = channel.id < 0 ? -1 : ::fork();
    if (child < 0)
        return error(ErrorCode::FileUnreadable, std::string("no process to read it in: ") + std::strerror(errno));
    if (child == 0) {
        for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU, SIGTERM, SIGINT})
            ::signal(signal, SIG_DFL);
        std::error_code unknown;
        const auto size = fs::file_size(path_, unknown);
        limitThisProcess(unknown ? 0 : size);
        int ending = kNotSent;
        try {
            ending = send(channel.id, gather()) ? 0 : kNotSent;
        } catch (...) {
            ending = kNoMemory;
        }
        ::_exit(ending);
    }
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        if (options_.stop.stop_requested()) {
            ::kill(child, SIGKILL);
            ::waitpid(child, &status, 0);
            return Cancelled{};
        }
        ::usleep(kGlanceMicroseconds);
    }
    // The machine's own killer of processes uses SIGKILL; nobody else does.
    if ((WIFEXITED(status) && WEXITSTATUS(status) != 0) || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
        return error(ErrorCode::OutOfMemory, "it does not fit into memory");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return error(ErrorCode::FormatInvalid, "its HDF5 structure is damaged: the library does not come to an end");
    if (!WIFEXITED(status))
        return error(ErrorCode::FormatInvalid, kBrokeDown);
    try {
        return receive(channel.id);
    } catch (const json::exception&) { // the library wrote over what was to be sent
        return error(ErrorCode::FormatInvalid, kBrokeDown);
    }
}

Result<Recording> Hdf5Recording::read() {
    if (auto done = isolated(); !done)
        return done.as<Recording>();
    auto recording = recordingOf(array_, layout_, path_, options_, "hdf5");
    if (!recording)
        return recording;
    recording->items = static_cast<std::int64_t>(items_);
    if (exam_)
        recording->name = std::to_string(*exam_); // what label tables call it
    else if (items_ > 1)
        recording->name += "-" + std::to_string(options_.item);
    return recording;
}

} // namespace

int Hdf5Reader::recognises(const FileHead& head) const {
    const auto words = text::asText(head.bytes);
    if (words.starts_with("MATLAB"))
        return 0;
    for (const std::size_t at : {0U, 512U, 1024U, 2048U}) // after a user block
        if (words.size() > at && words.substr(at).starts_with(kSignature))
            return 2;
    return 0;
}

Result<Recording> Hdf5Reader::read(const fs::path& path, const ReadOptions& options) const {
    const auto layout = layoutFor(path, options.tableLayout);
    if (!layout)
        return layout.as<Recording>();
    return Hdf5Recording(path, options, *layout).read();
}

} // namespace precordia
