// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/mat_file.h"

#include "core/io/byte_cursor.h"
#include "core/io/text.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <zlib.h>

namespace precordia::mat {

namespace {

constexpr std::size_t kHeaderBytes = 128;
constexpr std::uint64_t kMaxInflated = 1ULL << 30U;
constexpr std::uint64_t kDeflateFactor = 1032;
constexpr int kDeepest = 16;
constexpr std::uint32_t kMatrix = 14, kCompressed = 15; // element types

std::size_t widthOf(std::uint32_t type) {
    switch (static_cast<Storage>(type)) {
    case Storage::I8:
    case Storage::U8:
    case Storage::Utf8:
        return 1;
    case Storage::I16:
    case Storage::U16:
    case Storage::Utf16:
        return 2;
    case Storage::I32:
    case Storage::U32:
    case Storage::F32:
    case Storage::Utf32:
        return 4;
    case Storage::F64:
    case Storage::I64:
    case Storage::U64:
        return 8;
    }
    return 0;
}

void appendUtf8(std::string& out, std::uint32_t code) {
    if (code < 0x20 && code != '\t')
        return; // zero bytes and controls
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | code >> 6U);
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0xD800 || (code > 0xDFFF && code < 0x10000)) {
        out += static_cast<char>(0xE0U | code >> 12U);
        out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += '?'; // outside the plane that lead names come from
    }
}

std::optional<std::size_t> product(const std::vector<std::size_t>& dimensions) {
    std::size_t out = 1;
    for (const auto d : dimensions) {
        if (d != 0 && out > std::numeric_limits<std::size_t>::max() / d)
            return std::nullopt;
        out *= d;
    }
    return out;
}

} // namespace

std::size_t Array::count() const {
    return dimensions.empty() ? 0 : product(dimensions).value_or(0);
}

double Array::at(std::size_t index) const {
    const auto width = widthOf(static_cast<std::uint32_t>(storage));
    if (width == 0 || index >= data.size() / width)
        return std::numeric_limits<double>::quiet_NaN();
    ByteCursor cursor(data.subspan(index * width, width), order);
    switch (storage) {
    case Storage::I8:
        return cursor.i8();
    case Storage::U8:
    case Storage::Utf8:
        return cursor.u8();
    case Storage::I16:
        return cursor.i16();
    case Storage::U16:
    case Storage::Utf16:
        return cursor.u16();
    case Storage::I32:
        return cursor.i32();
    case Storage::U32:
    case Storage::Utf32:
        return cursor.u32();
    case Storage::F32:
        return cursor.f32();
    case Storage::F64:
        return cursor.f64();
    case Storage::I64:
        return static_cast<double>(cursor.i64());
    case Storage::U64:
        return static_cast<double>(cursor.u64());
    }
    return 0;
}

std::string Array::text() const {
    if (kind != Kind::Text)
        return {};
    std::string out;
    if (storage == Storage::Utf8 || storage == Storage::I8) {
        out = text::utf8(text::asText(data));
        std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
        return out;
    }
    for (std::size_t i = 0; i < data.size() / widthOf(static_cast<std::uint32_t>(storage)); ++i)
        if (const double code = at(i); code >= 0 && code < 0x110000)
            appendUtf8(out, static_cast<std::uint32_t>(code));
    return out;
}

std::vector<std::string> Array::lines() const {
    std::vector<std::string> out;
    if (kind == Kind::Cell) {
        for (const auto& child : children)
            out.emplace_back(text::trim(child.text()));
        return out;
    }
    if (kind != Kind::Text || dimensions.size() != 2)
        return out;
    const auto rows = dimensions[0], columns = dimensions[1];
    if (rows == 1) {
        out.emplace_back(text::trim(text()));
        return out;
    }
    if (count() > data.size() / widthOf(static_cast<std::uint32_t>(storage)) || rows > 4096)
        return out; // several bytes a character: rows cannot be told apart
    for (std::size_t r = 0; r < rows; ++r) {
        std::string line;
        for (std::size_t c = 0; c < columns; ++c)
            appendUtf8(line, static_cast<std::uint32_t>(std::clamp(at(c * rows + r), 0.0, 65535.0)));
        out.emplace_back(text::trim(line));
    }
    return out;
}

const Array* Array::field(std::string_view wanted) const {
    for (std::size_t i = 0; i < fields.size() && i < children.size(); ++i)
        if (text::lower(fields[i]) == wanted)
            return &children[i];
    return nullptr;
}

const Array* File::find(std::string_view wanted) const {
    for (const auto& variable : variables_)
        if (text::lower(variable.name) == wanted)
            return &variable;
    return nullptr;
}

class Parser {
public:
    Parser(File& file, const std::string& where) : file_(file), where_(where) {}
    Result<Done> version4(std::span<const std::byte> bytes);
    Result<Done> version5(std::span<const std::byte> bytes);

private:
    struct Element {
        std::uint32_t type = 0;
        std::span<const std::byte> data;
    };
    Error invalid(const std::string& why, ErrorCode code = ErrorCode::FormatInvalid) const {
        return makeError(code, why, where_);
    }
    Result<Element> element(ByteCursor& cursor) const;
    Result<std::span<const std::byte>> inflated(std::span<const std::byte> bytes);
    Result<Array> matrix(std::span<const std::byte> bytes, int depth);
    Result<Done> numbers(Array& array, ByteCursor& cursor) const;
    Result<Done> cells(Array& array, ByteCursor& cursor, std::size_t count, int depth);
    Result<Done> structure(Array& array, ByteCursor& cursor, int depth);

    File& file_;
    const std::string& where_;
    std::endian order_ = std::endian::little;
    std::uint64_t inflatedBytes_ = 0;
};

// Tag and data; small elements have both in eight bytes.
Result<Parser::Element> Parser::element(ByteCursor& cursor) const {
    Element out;
    const auto tag = cursor.u32();
    std::size_t bytes = tag >> 16U;
    out.type = bytes > 0 ? tag & 0xFFFFU : tag;
    if (bytes > 4)
        return invalid("a small data element of " + std::to_string(bytes) + " bytes");
    const bool small = bytes > 0;
    if (!small)
        bytes = cursor.u32();
    out.data = cursor.bytes(bytes);
    if (cursor.failed())
        return invalid("a data element of " + std::to_string(bytes) + " bytes reaches beyond the end",
                       ErrorCode::FileTruncated);
    const auto padding = small ? 4 - bytes : out.type == kCompressed ? 0 : (8 - bytes % 8) % 8;
    cursor.skip(std::min(padding, cursor.left())); // the last may come without
    return out;
}

Result<std::span<const std::byte>> Parser::inflated(std::span<const std::byte> bytes) {
    const auto limit = std::min(kMaxInflated - inflatedBytes_, kDeflateFactor * bytes.size() + 4096);
    std::vector<std::byte> out(std::min<std::uint64_t>(limit, 4 * bytes.size() + 4096));
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return invalid("no memory to inflate", ErrorCode::OutOfMemory);
    const struct Ender {
        z_stream* s;
        ~Ender() { inflateEnd(s); }
    } ender{&stream};
    std::size_t in = 0, got = 0;
    constexpr std::size_t kMost = 1U << 30U; // zlib counts in 32 bits
    for (int state = Z_OK; state != Z_STREAM_END;) {
        if (got == out.size()) {
            if (out.size() == limit)
                return invalid("a compressed element inflates to more than " + std::to_string(limit) + " bytes",
                               ErrorCode::ValueOutOfRange);
            out.resize(std::min<std::uint64_t>(limit, 2 * out.size()));
        }
        const auto feed = std::min(kMost, bytes.size() - in), room = std::min(kMost, out.size() - got);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data() + in));
        stream.avail_in = static_cast<uInt>(feed);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + got);
        stream.avail_out = static_cast<uInt>(room);
        state = ::inflate(&stream, Z_NO_FLUSH);
        in += feed - stream.avail_in;
        const auto before = got;
        got += room - stream.avail_out;
        if (state != Z_OK && state != Z_STREAM_END && !(state == Z_BUF_ERROR && got == out.size()))
            return invalid("a compressed element is damaged");
        if (state == Z_OK && got == before && in == bytes.size() && got < out.size())
            return invalid("a compressed element ends too early", ErrorCode::FileTruncated);
    }
    out.resize(got);
    inflatedBytes_ += got;
    file_.storage_.push_back(std::move(out));
    return std::span<const std::byte>(file_.storage_.back());
}

Result<Done> Parser::numbers(Array& array, ByteCursor& cursor) const {
    const auto count = product(array.dimensions);
    const auto real = element(cursor);
    if (!real)
        return real.as<Done>();
    const auto width = widthOf(real->type);
    if (width == 0)
        return invalid("numbers of type " + std::to_string(real->type));
    array.storage = static_cast<Storage>(real->type);
    array.data = real->data;
    const bool characters = array.kind == Kind::Text; // UTF-8 may have more bytes than characters
    if (!count || (!characters && *count > array.data.size() / width))
        return invalid("the array " + array.name + " has fewer numbers than its dimensions promise",
                       ErrorCode::FileTruncated);
    return Done{};
}

Result<Done> Parser::cells(Array& array, ByteCursor& cursor, std::size_t count, int depth) {
    if (count > cursor.left() / 8)
        return invalid("the array " + array.name + " promises more cells than there are bytes",
                       ErrorCode::FileTruncated);
    for (std::size_t i = 0; i < count; ++i) {
        const auto child = element(cursor);
        if (!child)
            return child.as<Done>();
        if (child->type != kMatrix)
            return invalid("a cell of the array " + array.name + " is no array");
        auto parsed = matrix(child->data, depth + 1);
        if (!parsed)
            return parsed.as<Done>();
        array.children.push_back(std::move(*parsed));
    }
    return Done{};
}

Result<Done> Parser::structure(Array& array, ByteCursor& cursor, int depth) {
    const auto length = element(cursor);
    if (!length)
        return length.as<Done>();
    const auto names = element(cursor);
    if (!names)
        return names.as<Done>();
    const auto width = ByteCursor(length->data, order_).u32();
    if (width == 0 || width > 4096)
        return invalid("field names of " + std::to_string(width) + " characters");
    for (std::size_t at = 0; at + width <= names->data.size(); at += width) {
        const auto name = text::asText(names->data).substr(at, width);
        array.fields.push_back(text::utf8(name.substr(0, name.find('\0'))));
    }
    const auto elements = product(array.dimensions);
    if (!elements || (*elements > 0 && array.fields.size() > std::numeric_limits<std::size_t>::max() / *elements))
        return invalid("a struct array too large to be");
    return cells(array, cursor, *elements * array.fields.size(), depth);
}

Result<Array> Parser::matrix(std::span<const std::byte> bytes, int depth) {
    Array out;
    out.order = order_;
    if (depth > kDeepest)
        return invalid("arrays in each other more than " + std::to_string(kDeepest) + " deep");
    if (bytes.empty()) { // an empty cell
        out.kind = Kind::Numbers;
        out.dimensions = {0, 0};
        return out;
    }
    ByteCursor cursor(bytes, order_);
    const auto flags = element(cursor);
    if (!flags)
        return flags.as<Array>();
    const auto word = ByteCursor(flags->data, order_).u32();
    const auto kind = word & 0xFFU;
    out.complex = (word & 0x800U) != 0;
    const auto dimensions = element(cursor);
    if (!dimensions)
        return dimensions.as<Array>();
    ByteCursor sizes(dimensions->data, order_);
    while (sizes.left() >= 4 && out.dimensions.size() < 32) {
        const auto size = sizes.i32();
        if (size < 0)
            return invalid("a negative dimension");
        out.dimensions.push_back(static_cast<std::size_t>(size));
    }
    if (out.dimensions.size() < 2)
        return invalid("an array of fewer than two dimensions");
    const auto name = element(cursor);
    if (!name)
        return name.as<Array>();
    out.name = text::utf8(text::asText(name->data));
    Result<Done> done = Done{};
    if (kind == 1) {
        out.kind = Kind::Cell;
        const auto count = product(out.dimensions);
        done = count ? cells(out, cursor, *count, depth) : Result<Done>(invalid("a cell array too large to be"));
    } else if (kind == 2) {
        out.kind = Kind::Struct;
        done = structure(out, cursor, depth);
    } else if (kind == 4 || (kind >= 6 && kind <= 15)) {
        out.kind = kind == 4 ? Kind::Text : Kind::Numbers;
        done = numbers(out, cursor);
    }
    if (!done)
        return done.as<Array>();
    return out;
}

Result<Done> Parser::version5(std::span<const std::byte> bytes) {
    order_ = std::to_integer<char>(bytes[126]) == 'I' ? std::endian::little : std::endian::big;
    ByteCursor cursor(bytes, order_);
    cursor.seek(kHeaderBytes);
    while (cursor.left() >= 8) {
        auto next = element(cursor);
        if (!next)
            return next.as<Done>();
        if (next->type == kCompressed) {
            const auto whole = inflated(next->data);
            if (!whole)
                return whole.as<Done>();
            ByteCursor inner(*whole, order_);
            next = element(inner);
            if (!next)
                return next.as<Done>();
        }
        if (next->type != kMatrix)
            continue;
        auto array = matrix(next->data, 0);
        if (!array)
            return array.as<Done>();
        file_.variables_.push_back(std::move(*array));
    }
    return Done{};
}

Result<Done> Parser::version4(std::span<const std::byte> bytes) {
    order_ = std::to_integer<unsigned>(bytes[0]) == 0 && std::to_integer<unsigned>(bytes[1]) == 0 &&
                     (std::to_integer<unsigned>(bytes[2]) != 0 || std::to_integer<unsigned>(bytes[3]) >= 10)
                 ? std::endian::big
                 : std::endian::little;
    static constexpr Storage kStorage[] = {Storage::F64, Storage::F32, Storage::I32,
                                           Storage::I16, Storage::U16, Storage::U8};
    ByteCursor cursor(bytes, order_);
    while (cursor.left() >= 20) {
        const auto type = cursor.u32(), rows = cursor.u32(), columns = cursor.u32(), imaginary = cursor.u32(),
                   nameLength = cursor.u32();
        const auto precision = type / 10 % 10, kind = type % 10;
        if (type >= 2000 || type / 100 % 10 != 0 || precision > 5 || kind > 2 || imaginary > 1)
            return invalid("a matrix of type " + std::to_string(type));
        Array array;
        array.order = order_;
        array.kind = kind == 0 ? Kind::Numbers : kind == 1 ? Kind::Text : Kind::Other;
        array.dimensions = {rows, columns};
        array.complex = imaginary == 1;
        array.storage = kStorage[precision];
        const auto name = cursor.characters(nameLength);
        array.name = text::utf8(name.substr(0, name.find('\0')));
        const auto width = widthOf(static_cast<std::uint32_t>(array.storage));
        const auto count = std::uint64_t{rows} * columns;
        if (cursor.failed() || count > cursor.left() / width / (imaginary + 1))
            return invalid("the matrix " + array.name + " of " + std::to_string(rows) + " x " +
                               std::to_string(columns) + " reaches beyond the end",
                           ErrorCode::FileTruncated);
        array.data = cursor.bytes(count * width);
        cursor.skip(imaginary * count * width);
        file_.variables_.push_back(std::move(array));
    }
    return Done{};
}

bool looksLikeVersion5(std::span<const std::byte> head) {
    if (head.size() < kHeaderBytes)
        return false;
    const auto end = text::asText(head).substr(124, 4);
    return end == std::string_view("\x00\x01IM", 4) || end == std::string_view("\x01\x00MI", 4);
}

bool looksLikeVersion4(std::span<const std::byte> head, std::uint64_t fileSize) {
    for (const auto order : {std::endian::little, std::endian::big}) {
        ByteCursor cursor(head, order);
        const auto type = cursor.u32(), rows = cursor.u32(), columns = cursor.u32(), imaginary = cursor.u32(),
                   length = cursor.u32();
        const auto name = cursor.characters(length);
        const bool sane = !cursor.failed() && type / 1000 == (order == std::endian::little ? 0U : 1U) &&
                          type / 100 % 10 == 0 && type / 10 % 10 <= 5 && type % 10 <= 2 && imaginary <= 1 &&
                          length >= 2 && length <= 64 && name.back() == '\0';
        if (!sane || std::uint64_t{rows} * columns > fileSize)
            continue;
        if (std::all_of(name.begin(), name.end() - 1, [](unsigned char c) {
                return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            }))
            return true;
    }
    return false;
}

Result<File> File::parse(std::vector<std::byte> bytes, const std::string& where) {
    File out;
    out.storage_.push_back(std::move(bytes));
    const std::span<const std::byte> whole = out.storage_.front();
    Parser parser(out, where);
    if (looksLikeVersion5(whole)) {
        if (auto done = parser.version5(whole); !done)
            return done.as<File>();
    } else if (looksLikeVersion4(whole, whole.size())) {
        if (auto done = parser.version4(whole); !done)
            return done.as<File>();
    } else {
        return makeError(ErrorCode::FormatInvalid, "it is no MAT file of version 4 or 5", where);
    }
    return Result<File>(std::move(out));
}

} // namespace precordia::mat
