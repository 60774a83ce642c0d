// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/safetensors_header.h"

#include "core/base/hash.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <string_view>

namespace precordia {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors data are little-endian and copied as they are");

using Json = nlohmann::json; // its look-up of a key is fast however many there are

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 100'000'000; // the format's own limit
constexpr std::size_t kMaxDimensions = 8;
constexpr std::size_t kMaxDepth = 4; // tensors are objects in an object with arrays: deeper is an attack on the stack
constexpr std::size_t kDigits = 64;

std::string named(const std::string& name) {
    constexpr std::size_t kShown = 120;
    return "tensor \"" + (name.size() > kShown ? name.substr(0, kShown) + "..." : name) + "\"";
}

// Looks at the text before a tree is made of it, and ends at the first offence: a key twice (JSON libraries keep the
// last of two, other programs the first), deep nesting, or more values than any header has for its length.
class HeaderWatch : public nlohmann::json_sax<Json> {
public:
    std::string complaint;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool key(string_t& name) override {
        if (keys_.back().insert(name).second)
            return true;
        complaint = "its header names " + named(name) + " twice";
        return false;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        complaint = "its header is not a JSON object";
        return false;
    }

private:
    bool enter() {
        keys_.emplace_back();
        if (keys_.size() <= kMaxDepth)
            return true;
        complaint = "its header is nested too deeply";
        return false;
    }
    bool leave() {
        keys_.pop_back();
        return true;
    }

    std::vector<std::set<std::string>> keys_;
};

Result<Json> parseHeader(std::string_view text) {
    HeaderWatch watch;
    if (!Json::sax_parse(text.begin(), text.end(), &watch))
        return makeError(ErrorCode::ModelInvalid, watch.complaint);
    auto json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object())
        return makeError(ErrorCode::ModelInvalid, "its header is not a JSON object");
    return json;
}

Error invalid(const std::string& name, const std::string& why) {
    return makeError(ErrorCode::ModelInvalid, named(name) + " " + why);
}

std::optional<std::uint64_t> asCount(const Json& j) {
    if (!j.is_number_unsigned())
        return std::nullopt;
    const auto v = j.get<std::uint64_t>();
    if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return v;
}

Result<Done> readShape(TensorEntry& e, const Json& shape) {
    if (!shape.is_array() || shape.size() > kMaxDimensions)
        return invalid(e.name, "has a shape that is not a list of at most 8 numbers");
    const std::uint64_t items = (e.end - e.begin) / itemSize(e.type);
    std::uint64_t product = 1;
    for (const auto& n : shape) {
        const auto count = asCount(n);
        if (!count)
            return invalid(e.name, "has a shape that is not made of whole numbers");
        // The product is kept within what the file holds: it cannot overflow.
        if (*count != 0 && product > items / *count)
            return invalid(e.name, "has a shape larger than its data");
        product *= *count;
        e.shape.push_back(static_cast<std::int64_t>(*count));
    }
    if (product * itemSize(e.type) != e.end - e.begin)
        return invalid(e.name, "has a shape that does not fit its data's length");
    return Done{};
}

Result<TensorEntry> readEntry(const std::string& name, const Json& j, std::uint64_t dataBytes) {
    TensorEntry e;
    e.name = name;
    if (!j.is_object() || !j.contains("dtype") || !j.contains("shape") || !j.contains("data_offsets") || j.size() != 3)
        return invalid(name, "has not exactly dtype, shape and data_offsets");
    const Json &type = j["dtype"], &offsets = j["data_offsets"];
    if (type == "F32")
        e.type = TensorType::F32;
    else if (type == "I64")
        e.type = TensorType::I64;
    else
        return invalid(name, "is of the type " +
                                 type.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 40) +
                                 "; F32 and I64 are read");
    if (!offsets.is_array() || offsets.size() != 2 || !asCount(offsets[0]) || !asCount(offsets[1]))
        return invalid(name, "has data_offsets that are not two whole numbers");
    e.begin = *asCount(offsets[0]);
    e.end = *asCount(offsets[1]);
    if (e.begin > e.end || e.end > dataBytes)
        return invalid(name, "lies outside the file's data (" + std::to_string(dataBytes) + " bytes)");
    if (auto shaped = readShape(e, j["shape"]); !shaped)
        return shaped.as<TensorEntry>();
    return e;
}

// The format asks for data without holes and without overlap.
Result<Done> checkLayout(std::vector<TensorEntry>& entries, std::uint64_t dataBytes) {
    std::ranges::stable_sort(entries, {}, [](const TensorEntry& e) { return std::pair(e.begin, e.end); });
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

// Where the digits of the checksum stand in the header's text. Within any other value the quotes would be escaped.
std::optional<std::size_t> digitsAt(std::string_view header) {
    const std::string before = "\"" + std::string(kChecksumKey) + "\":\"";
    const auto found = header.find(before);
    if (found == std::string_view::npos || header.size() - found - before.size() <= kDigits)
        return std::nullopt;
    return found + before.size();
}

std::string checksum(std::span<const std::byte> file, std::size_t digits) {
    Sha256 hash;
    hash.update(file.first(digits));
    hash.update(emptyChecksum());
    hash.update(file.subspan(digits + kDigits));
    return hash.hex();
}

Result<Done> checkChecksum(std::span<const std::byte> file, std::string_view header, const std::string& said) {
    const auto digits = digitsAt(header);
    if (!digits || header.substr(*digits, kDigits) != said || checksum(file, kLengthBytes + *digits) != said)
        return makeError(ErrorCode::ModelInvalid,
                         "its checksum is wrong: the file was damaged or changed after it was written");
    return Done{};
}

} // namespace

std::uint64_t itemSize(TensorType type) {
    return type == TensorType::F32 ? 4 : 8;
}

std::string emptyChecksum() {
    return std::string(kDigits, '0');
}

void sealSafetensors(std::span<std::byte> file) {
    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, file.data(), sizeof headerBytes);
    const auto digits =
        digitsAt({reinterpret_cast<const char*>(file.data() + kLengthBytes), static_cast<std::size_t>(headerBytes)});
    assert(digits);
    const auto hex = checksum(file, kLengthBytes + *digits);
    std::memcpy(file.data() + kLengthBytes + *digits, hex.data(), kDigits);
}

Result<SafetensorsHeader> parseSafetensors(std::span<const std::byte> file) {
    std::uint64_t headerBytes = 0;
    if (file.size() < kLengthBytes)
        return makeError(ErrorCode::FileTruncated, "a safetensors file has at least 8 bytes");
    std::memcpy(&headerBytes, file.data(), sizeof headerBytes);
    const std::uint64_t rest = file.size() - kLengthBytes;
    if (headerBytes > rest)
        return makeError(ErrorCode::FileTruncated, "the header is said to have " + std::to_string(headerBytes) +
                                                       " bytes, " + std::to_string(rest) + " are there");
    if (headerBytes > kMaxHeader)
        return makeError(ErrorCode::ModelInvalid, "the header is larger than the format allows");
    const std::string_view text(reinterpret_cast<const char*>(file.data() + kLengthBytes),
                                static_cast<std::size_t>(headerBytes));
    const auto json = parseHeader(text);
    if (!json)
        return json.as<SafetensorsHeader>();
    SafetensorsHeader header;
    header.dataAt = kLengthBytes + headerBytes;
    const std::uint64_t dataBytes = rest - headerBytes;
    for (const auto& [name, value] : json->items()) {
        if (name == "__metadata__") {
            if (!value.is_object())
                return makeError(ErrorCode::ModelInvalid, "its __metadata__ is not a JSON object");
            for (const auto& [key, entry] : value.items()) {
                if (!entry.is_string())
                    return makeError(ErrorCode::ModelInvalid, "its __metadata__ holds something else than texts");
                header.metadata[key] = entry.get<std::string>();
            }
            continue;
        }
        auto entry = readEntry(name, value, dataBytes);
        if (!entry)
            return entry.as<SafetensorsHeader>();
        header.entries.push_back(std::move(*entry));
    }
    if (auto layout = checkLayout(header.entries, dataBytes); !layout)
        return layout.as<SafetensorsHeader>();
    if (const auto said = header.metadata.find(kChecksumKey); said != header.metadata.end())
        if (auto right = checkChecksum(file, text, said->second); !right)
            return right.as<SafetensorsHeader>();
    return header;
}

} // namespace precordia
