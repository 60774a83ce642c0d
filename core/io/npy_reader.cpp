// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/npy_reader.h"

#include "core/base/file.h"
#include "core/io/array_recording.h"
#include "core/io/byte_cursor.h"
#include "core/io/text.h"

#include <utility>

namespace precordia {

namespace {

constexpr std::uint64_t kMaxBytes = 1ULL << 32U;
constexpr std::string_view kMagic = "\x93NUMPY";

// The value behind 'key': in the dictionary; a literal of Python's, without nested dictionaries.
std::optional<std::string_view> valueOf(std::string_view dictionary, std::string_view key) {
    for (const char quote : {'\'', '"'}) {
        const auto at = dictionary.find(quote + std::string(key) + quote);
        if (at == std::string_view::npos)
            continue;
        auto rest = dictionary.substr(at + key.size() + 2);
        rest = text::trim(rest);
        if (!rest.starts_with(':'))
            continue;
        return text::trim(rest.substr(1));
    }
    return std::nullopt;
}

} // namespace

Result<NpyHeader> npyHeader(std::span<const std::byte> bytes, const std::string& where) {
    const auto invalid = [&](const std::string& why, ErrorCode code = ErrorCode::FormatInvalid) {
        return makeError(code, why, where);
    };
    ByteCursor cursor(bytes);
    if (cursor.characters(kMagic.size()) != kMagic)
        return invalid("it is no NPY file");
    const auto major = cursor.u8();
    cursor.u8();
    if (major < 1 || major > 3)
        return invalid("NPY of version " + std::to_string(major), ErrorCode::FormatUnsupported);
    const std::size_t length = major == 1 ? cursor.u16() : cursor.u32();
    const auto dictionary = cursor.characters(length);
    if (cursor.failed())
        return invalid("its header of " + std::to_string(length) + " bytes is cut", ErrorCode::FileTruncated);
    NpyHeader out;
    out.dataAt = cursor.position();
    const auto descr = valueOf(dictionary, "descr"), order = valueOf(dictionary, "fortran_order"),
               shape = valueOf(dictionary, "shape");
    if (!descr || !order || !shape || descr->size() < 5 || !shape->starts_with('('))
        return invalid("its header lacks descr, fortran_order or shape");
    const auto type = descr->substr(1, descr->find((*descr)[0], 1) - 1); // "<f4"
    const auto width = type.size() > 2 ? text::integer(type.substr(2)) : std::nullopt;
    const bool known = width && (type[1] == 'f'   ? *width == 4 || *width == 8
                                 : type[1] == 'i' ? *width == 2 || *width == 4 || *width == 8
                                 : type[1] == 'u' ? *width == 1 || *width == 2
                                                  : false);
    if (!known || std::string_view("<>|=").find(type[0]) == std::string_view::npos)
        return invalid("an array of type " + text::utf8(type.substr(0, 40)) + " is not read",
                       ErrorCode::FormatUnsupported);
    out.kind = type[1];
    out.width = static_cast<std::size_t>(*width);
    out.bigEndian = type[0] == '>';
    out.fortran = order->starts_with("True");
    const auto close = shape->find(')');
    if (close == std::string_view::npos)
        return invalid("its shape has no end");
    for (const auto part : text::split(shape->substr(1, close - 1), ',')) {
        if (text::trim(part).empty())
            continue;
        const auto size = text::integer(part);
        if (!size || *size < 0 || out.shape.size() == 8)
            return invalid("its shape is " + text::utf8(shape->substr(0, 60)));
        out.shape.push_back(static_cast<std::size_t>(*size));
    }
    return out;
}

int NpyReader::recognises(const FileHead& head) const {
    return text::asText(head.bytes).starts_with(kMagic) ? 2 : 0;
}

Result<Recording> NpyReader::read(const std::filesystem::path& path, const ReadOptions& options) const {
    const auto layout = layoutFor(path, options.tableLayout);
    if (!layout)
        return layout.as<Recording>();
    const auto bytes = readFile(path, kMaxBytes);
    if (!bytes)
        return bytes.as<Recording>();
    const auto header = npyHeader(*bytes, path.string());
    if (!header)
        return header.as<Recording>();
    auto shape = header->shape;
    const auto refused = [&](ErrorCode code, const std::string& why) { return makeError(code, why, path.string()); };
    if (shape.empty() || shape.size() > 3)
        return refused(ErrorCode::FormatUnsupported,
                       "an array of " + std::to_string(shape.size()) + " dimensions is no recording");
    const auto there = (bytes->size() - header->dataAt) / header->width;
    std::size_t count = 1;
    for (const auto size : shape) {
        if (size == 0 || count > there / size)
            return refused(size == 0 ? ErrorCode::SignalTooShort : ErrorCode::FileTruncated,
                           "its shape promises other than the " + std::to_string(there) + " numbers that are there");
        count *= size;
    }
    const std::size_t items = shape.size() == 3 ? shape.front() : 1;
    if (options.item < 0 || std::cmp_greater_equal(options.item, items))
        return refused(ErrorCode::ValueOutOfRange, "recording " + std::to_string(options.item) +
                                                       " was asked for, it holds " + std::to_string(items) +
                                                       " (the first is 0)");
    if (shape.size() == 3)
        shape.erase(shape.begin());
    SampleArray array;
    if (shape.size() == 1) { // one lead
        shape.push_back(1);
        array.orientation = TableOrientation::SamplesInRows;
    }
    array.rows = shape[0];
    array.columns = shape[1];
    const auto item = static_cast<std::size_t>(options.item);
    const std::span<const std::byte> data = std::span(*bytes).subspan(header->dataAt);
    array.value = [&](std::size_t r, std::size_t c) -> double {
        const auto index =
            header->fortran ? item + items * (r + array.rows * c) : (item * array.rows + r) * array.columns + c;
        ByteCursor cursor(data.subspan(index * header->width, header->width),
                          header->bigEndian ? std::endian::big : std::endian::little);
        if (header->kind == 'f')
            return header->width == 4 ? static_cast<double>(cursor.f32()) : cursor.f64();
        if (header->kind == 'u')
            return header->width == 1 ? cursor.u8() : cursor.u16();
        return header->width == 2   ? static_cast<double>(cursor.i16())
               : header->width == 4 ? static_cast<double>(cursor.i32())
                                    : static_cast<double>(cursor.i64());
    };
    auto recording = recordingOf(array, *layout, path, options, "npy");
    if (!recording)
        return recording;
    recording->items = static_cast<std::int64_t>(items);
    if (items > 1)
        recording->name += "-" + std::to_string(options.item);
    return recording;
}

} // namespace precordia
