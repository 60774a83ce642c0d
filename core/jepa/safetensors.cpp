// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/safetensors.h"

#include "core/base/file.h"

#include <ATen/ops/empty.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <set>

namespace precordia {

namespace fs = std::filesystem;

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors data are little-endian and copied as they are");

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxHeader = 100'000'000; // the format's own limit
constexpr std::size_t kMaxDimensions = 8;
constexpr int kMaxDepth = 4; // tensors are objects in an object with arrays: deeper is an attack on the stack

struct Entry {
    std::string name;
    at::ScalarType type = at::kFloat;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0; // within the data
};

std::string quoted(const std::string& name) {
    constexpr std::size_t kShown = 120;
    return "tensor \"" + (name.size() > kShown ? name.substr(0, kShown) + "..." : name) + "\"";
}

// JSON with neither a key twice nor deep nesting; JSON libraries keep the last of two keys, so it is watched here.
class HeaderParser {
public:
    static Result<Json> parse(std::string_view text) {
        HeaderParser self;
        Json json = Json::parse(
            text.begin(), text.end(),
            [&self](int depth, Json::parse_event_t event, Json& parsed) { return self.watch(depth, event, parsed); },
            false);
        if (!self.complaint_.empty())
            return makeError(ErrorCode::ModelInvalid, self.complaint_);
        if (!json.is_object())
            return makeError(ErrorCode::ModelInvalid, "its header is not a JSON object");
        return json;
    }

private:
    bool watch(int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > kMaxDepth)
            complaint_ = "its header is nested too deeply";
        if (event == Json::parse_event_t::object_start)
            keys_.emplace_back();
        else if (event == Json::parse_event_t::object_end && !keys_.empty())
            keys_.pop_back();
        else if (event == Json::parse_event_t::key && !keys_.empty()) {
            const auto& key = parsed.get_ref<const std::string&>();
            if (!keys_.back().insert(key).second)
                complaint_ = "its header names " + quoted(key) + " twice";
        }
        return true;
    }

    std::vector<std::set<std::string>> keys_;
    std::string complaint_;
};

Error invalid(const std::string& name, const std::string& why) {
    return makeError(ErrorCode::ModelInvalid, quoted(name) + " " + why);
}

std::optional<std::uint64_t> asCount(const Json& j) {
    if (!j.is_number_unsigned())
        return std::nullopt;
    const auto v = j.get<std::uint64_t>();
    if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return v;
}

Result<Entry> readEntry(const std::string& name, const Json& j, std::uint64_t dataBytes) {
    Entry e{.name = name, .type = at::kFloat, .shape = {}, .begin = 0, .end = 0};
    if (!j.is_object() || !j.contains("dtype") || !j.contains("shape") || !j.contains("data_offsets") || j.size() != 3)
        return invalid(name, "has not exactly dtype, shape and data_offsets");
    const Json &type = j["dtype"], &shape = j["shape"], &offsets = j["data_offsets"];
    if (type == "F32")
        e.type = at::kFloat;
    else if (type == "I64")
        e.type = at::kLong;
    else
        return invalid(name, "is of the type " + type.dump().substr(0, 40) + "; F32 and I64 are read");
    if (!offsets.is_array() || offsets.size() != 2 || !asCount(offsets[0]) || !asCount(offsets[1]))
        return invalid(name, "has data_offsets that are not two whole numbers");
    e.begin = *asCount(offsets[0]);
    e.end = *asCount(offsets[1]);
    if (e.begin > e.end || e.end > dataBytes)
        return invalid(name, "lies outside the file's data (" + std::to_string(dataBytes) + " bytes)");
    if (!shape.is_array() || shape.size() > kMaxDimensions)
        return invalid(name, "has a shape that is not a list of at most 8 numbers");
    const std::uint64_t items = (e.end - e.begin) / at::elementSize(e.type);
    std::uint64_t product = 1;
    for (const auto& n : shape) {
        const auto count = asCount(n);
        if (!count)
            return invalid(name, "has a shape that is not made of whole numbers");
        // The product is kept within what the file holds: it cannot overflow.
        if (*count != 0 && product > items / *count)
            return invalid(name, "has a shape larger than its data");
        product *= *count;
        e.shape.push_back(static_cast<std::int64_t>(*count));
    }
    if (product * at::elementSize(e.type) != e.end - e.begin)
        return invalid(name, "has a shape that does not fit its data's length");
    return e;
}

// The format asks for data without holes and without overlap.
Result<Done> checkLayout(std::vector<Entry>& entries, std::uint64_t dataBytes) {
    std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
    std::uint64_t at = 0;
    for (const auto& e : entries) {
        if (e.begin != at)
            return invalid(e.name,
                           e.begin < at ? "overlaps another tensor's data" : "leaves a hole in the data before it");
        at = e.end;
    }
    if (at != dataBytes)
        return makeError(ErrorCode::ModelInvalid,
                         "its data go on " + std::to_string(dataBytes - at) + " bytes after the last tensor");
    return Done{};
}

struct Header {
    std::vector<Entry> entries;
    std::map<std::string, std::string> metadata;
};

Result<Header> readHeader(std::string_view text, std::uint64_t dataBytes) {
    auto json = HeaderParser::parse(text);
    if (!json.ok())
        return json.as<Header>();
    Header header;
    for (const auto& [name, value] : json->items()) {
        if (name == "__metadata__") {
            if (!value.is_object())
                return makeError(ErrorCode::ModelInvalid, "its __metadata__ is not a JSON object");
            for (const auto& [key, text_] : value.items()) {
                if (!text_.is_string())
                    return makeError(ErrorCode::ModelInvalid, "its __metadata__ holds something else than texts");
                header.metadata[key] = text_.get<std::string>();
            }
            continue;
        }
        auto entry = readEntry(name, value, dataBytes);
        if (!entry.ok())
            return entry.as<Header>();
        header.entries.push_back(std::move(*entry));
    }
    if (auto layout = checkLayout(header.entries, dataBytes); !layout.ok())
        return layout.as<Header>();
    return header;
}

Result<TensorFile> parse(std::span<const std::byte> bytes) {
    std::uint64_t headerBytes = 0;
    if (bytes.size() < sizeof headerBytes)
        return makeError(ErrorCode::FileTruncated, "a safetensors file has at least 8 bytes");
    std::memcpy(&headerBytes, bytes.data(), sizeof headerBytes);
    const std::uint64_t rest = bytes.size() - sizeof headerBytes;
    if (headerBytes > rest)
        return makeError(ErrorCode::FileTruncated, "the header is said to have " + std::to_string(headerBytes) +
                                                       " bytes, " + std::to_string(rest) + " are there");
    if (headerBytes > kMaxHeader)
        return makeError(ErrorCode::ModelInvalid, "the header is larger than the format allows");
    const auto* text = reinterpret_cast<const char*>(bytes.data() + sizeof headerBytes);
    auto header = readHeader({text, static_cast<std::size_t>(headerBytes)}, rest - headerBytes);
    if (!header.ok())
        return header.as<TensorFile>();
    TensorFile out;
    out.metadata = std::move(header->metadata);
    const std::byte* data = bytes.data() + sizeof headerBytes + headerBytes;
    for (const auto& e : header->entries) {
        at::Tensor t = at::empty(e.shape, e.type);
        if (e.end > e.begin)
            std::memcpy(t.data_ptr(), data + e.begin, static_cast<std::size_t>(e.end - e.begin));
        out.tensors.emplace_back(e.name, std::move(t));
    }
    return out;
}

} // namespace

const at::Tensor* TensorFile::find(std::string_view name) const {
    const auto it = std::ranges::find(tensors, name, [](const auto& t) -> std::string_view { return t.first; });
    return it == tensors.end() ? nullptr : &it->second;
}

Result<TensorFile> readSafetensors(const fs::path& path) {
    const auto bytes = readFile(path);
    if (!bytes.ok())
        return bytes.as<TensorFile>();
    auto file = parse(*bytes);
    if (file.failed()) {
        Error error = file.error();
        error.where = path.string();
        return error;
    }
    return file;
}

Result<Done> writeSafetensors(const fs::path& path, const NamedTensors& tensors,
                              const std::map<std::string, std::string>& metadata) {
    Json header = Json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::vector<at::Tensor> plain;
    std::uint64_t at = 0;
    for (const auto& [name, tensor] : tensors) {
        if (name == "__metadata__" || header.contains(name))
            return makeError(ErrorCode::WrongUse, quoted(name) + " is given twice", path.string());
        if (tensor.scalar_type() != at::kFloat && tensor.scalar_type() != at::kLong)
            return makeError(ErrorCode::WrongUse, quoted(name) + " is neither F32 nor I64", path.string());
        plain.push_back(tensor.detach().to(at::kCPU).contiguous());
        const std::uint64_t size = plain.back().nbytes();
        header[name] = {{"dtype", tensor.scalar_type() == at::kFloat ? "F32" : "I64"},
                        {"shape", tensor.sizes().vec()},
                        {"data_offsets", {at, at + size}}};
        at += size;
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' '); // data start aligned
    const std::uint64_t headerBytes = text.size();
    std::vector<std::byte> bytes(sizeof headerBytes + text.size() + at);
    std::memcpy(bytes.data(), &headerBytes, sizeof headerBytes);
    std::memcpy(bytes.data() + sizeof headerBytes, text.data(), text.size());
    std::byte* out = bytes.data() + sizeof headerBytes + text.size();
    for (const auto& t : plain) {
        if (t.nbytes() > 0)
            std::memcpy(out, t.data_ptr(), t.nbytes());
        out += t.nbytes();
    }
    return writeFileAtomically(path, bytes);
}

} // namespace precordia
