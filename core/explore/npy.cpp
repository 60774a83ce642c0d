// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/npy.h"

#include "core/base/file.h"
#include "core/explore/streamed_file.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <string_view>

namespace precordia {

static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

// The text after "'key':" of the header's Python dictionary, up to its end.
std::string_view after(std::string_view header, std::string_view key) {
    const auto at = header.find(key);
    if (at == std::string_view::npos)
        return {};
    auto rest = header.substr(at + key.size());
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos)
        return {};
    rest.remove_prefix(colon + 1);
    while (!rest.empty() && rest.front() == ' ')
        rest.remove_prefix(1);
    return rest;
}

// "(12, 3)" -> {12, 3}; empty when it is anything else.
std::vector<std::uint64_t> shapeOf(std::string_view text) {
    std::vector<std::uint64_t> shape;
    const auto close = text.find(')');
    if (text.empty() || text.front() != '(' || close == std::string_view::npos)
        return {};
    text = text.substr(1, close - 1);
    while (!text.empty()) {
        if (text.front() == ' ' || text.front() == ',') {
            text.remove_prefix(1);
            continue;
        }
        std::uint64_t value = 0;
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (code != std::errc())
            return {};
        shape.push_back(value);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
    return shape;
}

template <typename T>
Matrix valuesOf(const std::byte* bytes, std::uint64_t rows, std::uint64_t columns) {
    Matrix out(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
    for (Eigen::Index i = 0; i < out.size(); ++i) {
        T value;
        std::memcpy(&value, bytes + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
        out.data()[i] = static_cast<float>(value);
    }
    return out;
}

} // namespace

std::string npyHeader(const std::vector<std::int64_t>& shape) {
    std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (const auto n : shape)
        text += std::to_string(n) + ", ";
    text += "), }";
    constexpr std::size_t kFixed = 10; // magic, version, length of the text
    constexpr std::size_t kAlign = 64;
    text.append((kAlign - (kFixed + text.size() + 1) % kAlign) % kAlign, ' ');
    text += '\n';
    std::string out(kMagic);
    out += '\x01';
    out += '\0';
    out += static_cast<char>(text.size() & 0xFFU);
    out += static_cast<char>(text.size() >> 8U);
    return out + text;
}

Result<Done> writeNpy(const std::filesystem::path& file, const Matrix& values) {
    auto out = StreamedFile::create(file);
    if (!out)
        return out.as<Done>();
    if (auto done = (*out)->write(npyHeader({values.rows(), values.cols()})); !done)
        return done;
    if (auto done = (*out)->write(values.data(), static_cast<std::size_t>(values.size()) * sizeof(float)); !done)
        return done;
    return (*out)->finish();
}

Result<Matrix> readNpy(const std::filesystem::path& file) {
    const auto bytes = readFile(file);
    if (!bytes)
        return bytes.as<Matrix>();
    const auto fail = [&file](ErrorCode code, std::string message) {
        return makeError(code, std::move(message), file.string());
    };
    const std::string_view all(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    if (all.size() < 12 || !all.starts_with(kMagic))
        return fail(ErrorCode::FormatInvalid, "this is no .npy file");
    const auto byteAt = [&all](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(all[i])); };
    const bool longHeader = all[6] != 1; // versions 2 and 3 have four bytes of length
    const std::size_t start = longHeader ? 12 : 10;
    const std::size_t length =
        longHeader ? byteAt(8) | byteAt(9) << 8U | byteAt(10) << 16U | byteAt(11) << 24U : byteAt(8) | byteAt(9) << 8U;
    if (length > all.size() - start)
        return fail(ErrorCode::FileTruncated, "the header is longer than the file");
    const std::string_view header = all.substr(start, length);
    const std::string_view type = after(header, "'descr'");
    const bool isDouble = type.starts_with("'<f8'");
    if (!isDouble && !type.starts_with("'<f4'"))
        return fail(ErrorCode::FormatUnsupported, "only little-endian float32 and float64 tables are read");
    if (!after(header, "'fortran_order'").starts_with("False"))
        return fail(ErrorCode::FormatUnsupported, "the table is stored column by column");
    const auto shape = shapeOf(after(header, "'shape'"));
    if (shape.size() != 2)
        return fail(ErrorCode::FormatUnsupported,
                    "a table has two dimensions, this array has " + std::to_string(shape.size()));
    const std::size_t there = (all.size() - start - length) / (isDouble ? sizeof(double) : sizeof(float));
    if (shape[0] == 0 || shape[1] == 0)
        return fail(ErrorCode::FormatInvalid, "the table is empty");
    if (shape[1] > there || shape[0] > there / shape[1])
        return fail(ErrorCode::FileTruncated, "the header promises more values than the file holds");
    const std::byte* values = bytes->data() + start + length;
    return isDouble ? valuesOf<double>(values, shape[0], shape[1]) : valuesOf<float>(values, shape[0], shape[1]);
}

} // namespace precordia
