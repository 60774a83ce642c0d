// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/mat_reader.h"

#include "core/base/file.h"
#include "core/io/array_recording.h"
#include "core/io/header_comments.h"
#include "core/io/mat_file.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxBytes = 1ULL << 30U;
constexpr std::size_t kFewestNumbers = 8; // a smaller array is no signal

bool beside(const fs::path& path) {
    auto header = path;
    std::error_code ec;
    return fs::is_regular_file(header.replace_extension(".hea"), ec);
}

std::optional<double> scalar(const mat::Array* array) {
    if (array == nullptr || array->kind != mat::Kind::Numbers || array->count() != 1)
        return std::nullopt;
    const double value = array->at(0);
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// A word for a thing, in a file's variables or a struct's fields.
template <typename Place>
const mat::Array* oneOf(const Place& find, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (const auto* found = find(name))
            return found;
    return nullptr;
}

class MatRecording {
public:
    MatRecording(const mat::File& file, const fs::path& path, const ReadOptions& options, const TableLayout& layout)
        : file_(file)
        , path_(path)
        , options_(options)
        , layout_(layout) {}
    Result<Recording> read();

private:
    const mat::Array* signal();
    bool take(const mat::Array& array); // the item of it that was asked for
    void cpsc(const mat::Array& holder);
    void ecgKit(const mat::Array& header);
    void facts(const std::function<const mat::Array*(std::string_view)>& find);
    void marks(Recording& recording) const;

    const mat::File& file_;
    const fs::path& path_;
    const ReadOptions& options_;
    const TableLayout& layout_;
    SampleArray array_;
    std::size_t items_ = 1;
    std::optional<double> age_;
    std::string sex_, date_;
    std::vector<double> gains_, zeros_; // a lead, of ecg-kit
};

// The struct's `data`, a variable of a known name, else the one array that is large enough.
const mat::Array* MatRecording::signal() {
    for (const auto& variable : file_.variables()) {
        if (variable.kind != mat::Kind::Struct)
            continue;
        const auto* data = variable.field("data");
        if (data != nullptr && data->kind == mat::Kind::Numbers && data->count() >= kFewestNumbers) {
            cpsc(variable);
            return data;
        }
    }
    const auto find = [&](std::string_view name) {
        const auto* found = file_.find(name);
        return found != nullptr && found->kind == mat::Kind::Numbers && found->count() >= kFewestNumbers ? found
                                                                                                         : nullptr;
    };
    if (const auto* named = oneOf(find, {"feats", "signal", "val", "ecg", "data", "signals", "x"}))
        return named;
    const mat::Array* only = nullptr;
    for (const auto& variable : file_.variables()) {
        if (variable.kind != mat::Kind::Numbers || variable.count() < kFewestNumbers)
            continue;
        if (only != nullptr)
            return nullptr;
        only = &variable;
    }
    return only;
}

void MatRecording::cpsc(const mat::Array& holder) {
    const auto field = [&](std::string_view name) { return holder.field(name); };
    facts(field);
    if (const auto* sex = field("sex"))
        sex_ = parseSex(sex->text());
    if (const auto age = scalar(field("age")); age && *age >= 0 && *age <= 130)
        age_ = age;
    const bool challenge = text::lower(holder.name) == "ecg" && field("sex") != nullptr && field("age") != nullptr &&
                           field("data")->dimensions.front() == 12;
    if (!challenge)
        return;
    if (array_.rate == 0) {
        array_.rate = 500;
        if (layout_.samplingRate == 0)
            array_.conventions.emplace_back("the file names no sampling rate; 500 Hz, that of CPSC2018, was taken");
    }
    if (array_.units.empty()) {
        array_.units = {"mV"};
        if (layout_.unit.empty())
            array_.conventions.emplace_back("the file names no unit; mV, that of CPSC2018, was taken");
    }
    array_.orientation = TableOrientation::LeadsInRows;
    if (array_.leads.empty() && layout_.leads.empty()) {
        array_.rows = 12;
        assumeStandardOrder(array_, "CPSC2018");
    }
}

// header.freq, desc, units, gain, adczero (ecg-kit): samples in rows, physical = (value - adczero) / gain.
void MatRecording::ecgKit(const mat::Array& header) {
    const auto field = [&](std::string_view name) { return header.field(name); };
    if (const auto rate = scalar(field("freq")); rate && *rate > 0)
        array_.rate = *rate;
    if (const auto* names = field("desc"))
        array_.leads = names->lines();
    if (const auto* units = field("units"))
        array_.units = units->lines();
    const auto numbers = [&](const char* name) {
        std::vector<double> out;
        if (const auto* values = field(name); values != nullptr && values->kind == mat::Kind::Numbers)
            for (std::size_t i = 0; i < values->count() && i < 1024; ++i)
                out.push_back(values->at(i));
        return out;
    };
    gains_ = numbers("gain");
    zeros_ = numbers("adczero");
    if (const auto* day = field("bdate"), *time = field("btime"); day != nullptr)
        date_ = timestamp::fromDateAndTime(day->text(), time != nullptr ? time->text() : "");
    if (array_.leads.size() == array_.columns && array_.leads.size() != array_.rows)
        array_.orientation = TableOrientation::SamplesInRows;
}

void MatRecording::facts(const std::function<const mat::Array*(std::string_view)>& find) {
    if (const auto rate = scalar(oneOf(find, {"curr_sample_rate", "fs", "freq", "sfreq", "sampling_rate",
                                              "samplingrate", "sample_rate", "samplerate", "sampling_frequency"}));
        rate && *rate > 0 && array_.rate == 0)
        array_.rate = *rate;
    if (const auto* unit = oneOf(find, {"unit", "units"}); unit != nullptr && array_.units.empty())
        array_.units = unit->lines();
    if (const auto* names = oneOf(find, {"leads", "lead_names", "leadnames", "channels", "labels", "desc"});
        names != nullptr && array_.leads.empty())
        array_.leads = names->lines();
    std::erase(array_.units, std::string());
}

bool MatRecording::take(const mat::Array& array) {
    auto shape = array.dimensions;
    while (shape.size() > 2 && shape.back() == 1)
        shape.pop_back();
    std::size_t stride = 1, offset = 0;
    if (shape.size() == 3) { // several recordings: the first dimension counts them
        items_ = shape.front();
        if (options_.item < 0 || std::cmp_greater_equal(options_.item, items_))
            return false;
        stride = items_;
        offset = static_cast<std::size_t>(options_.item);
        shape.erase(shape.begin());
    }
    if (shape.size() != 2 || array.complex)
        return false;
    array_.rows = shape[0];
    array_.columns = shape[1];
    array_.value = [this, &array, stride, offset](std::size_t r, std::size_t c) {
        const double raw = array.at((c * array_.rows + r) * stride + offset);
        if (c < gains_.size() && array_.columns == gains_.size())
            return (raw - (c < zeros_.size() ? zeros_[c] : 0)) / (gains_[c] != 0 ? gains_[c] : 1);
        return raw;
    };
    return true;
}

// ann.time of ecg-kit: sample numbers from 1
void MatRecording::marks(Recording& recording) const {
    const auto* ann = file_.find("ann");
    const auto* times = ann != nullptr ? ann->field("time") : nullptr;
    if (!options_.annotations || times == nullptr || times->kind != mat::Kind::Numbers)
        return;
    const auto* types = ann->field("anntyp");
    const auto symbols = types != nullptr ? types->text() : std::string();
    for (std::size_t i = 0; i < times->count(); ++i) {
        const double at = times->at(i);
        if (!(at >= 1) || at > static_cast<double>(recording.samplesPromised))
            continue; // marks of the record that this piece was cut from
        Annotation mark;
        mark.sample = SampleIndex{static_cast<std::int64_t>(at) - 1};
        mark.symbol = symbols.size() == times->count() ? std::string(1, symbols[i]) : "N";
        mark.source = "ann";
        recording.annotations.push_back(std::move(mark));
    }
}

Result<Recording> MatRecording::read() {
    const auto* found = signal();
    const auto refused = [&](ErrorCode code, const std::string& why) { return makeError(code, why, path_.string()); };
    if (found == nullptr)
        return refused(ErrorCode::FormatUnsupported, "none of its " + std::to_string(file_.variables().size()) +
                                                         " variables is clearly the signal (val, feats, ECG.data, "
                                                         "signal, or a single array)");
    if (!take(*found)) {
        if (items_ > 1)
            return refused(ErrorCode::ValueOutOfRange, "recording " + std::to_string(options_.item) +
                                                           " was asked for, it holds " + std::to_string(items_));
        return refused(ErrorCode::FormatUnsupported, "the array " + found->name + " has " +
                                                         std::to_string(found->dimensions.size()) +
                                                         " dimensions or complex numbers");
    }
    const auto variable = [&](std::string_view name) { return file_.find(name); };
    if (const auto* header = file_.find("header"); header != nullptr && header->kind == mat::Kind::Struct)
        ecgKit(*header);
    facts(variable);
    if (text::lower(found->name) == "feats" && file_.find("curr_sample_rate") != nullptr) {
        if (array_.units.empty()) {
            array_.units = {"mV"};
            if (layout_.unit.empty())
                array_.conventions.emplace_back(
                    "the file names no unit; mV, as fairseq-signals keeps its data, was taken");
        }
        if (layout_.leads.empty())
            assumeStandardOrder(array_, "fairseq-signals");
    }
    auto recording = recordingOf(array_, layout_, path_, options_, "mat");
    if (!recording)
        return recording;
    recording->items = static_cast<std::int64_t>(items_);
    if (items_ > 1)
        recording->name += "-" + std::to_string(options_.item);
    recording->metadata.ageYears = age_;
    recording->metadata.sex = sex_;
    recording->metadata.recordedAt = date_;
    marks(*recording);
    return recording;
}

} // namespace

int MatReader::recognises(const FileHead& head) const {
    if (text::asText(head.bytes).starts_with("MATLAB 7.3"))
        return 2;
    if (mat::looksLikeVersion5(head.bytes))
        return beside(head.path) ? 1 : 2;
    std::error_code ec;
    const auto size = fs::file_size(head.path, ec);
    return !ec && mat::looksLikeVersion4(head.bytes, size) && !beside(head.path) ? 1 : 0;
}

Result<Recording> MatReader::read(const fs::path& path, const ReadOptions& options) const {
    const auto layout = layoutFor(path, options.tableLayout);
    if (!layout)
        return layout.as<Recording>();
    auto bytes = readFile(path, kMaxBytes);
    if (!bytes)
        return bytes.as<Recording>();
    if (text::asText(*bytes).starts_with("MATLAB 7.3"))
        return makeError(ErrorCode::FormatUnsupported,
                         "a MAT file of version 7.3 is HDF5 inside and is not read; save it with -v7", path.string());
    const auto file = mat::File::parse(std::move(*bytes), path.string());
    if (!file)
        return file.as<Recording>();
    return MatRecording(*file, path, options, *layout).read();
}

} // namespace precordia
