// SPDX-License-Identifier: GPL-3.0-or-later
// MAT files of version 4 and 5 as a tree of arrays (MathWorks, "MAT-File Format"). Both byte orders, compressed and
// small elements, numbers stored in another type than their class, structs and cells in each other. Sparse arrays,
// objects and functions are skipped. What is inflated is at most 1032 times the file (the bound of deflate) and 1 GB.
#pragma once

#include "core/base/result.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::mat {

enum class Kind { Numbers, Text, Struct, Cell, Other };
enum class Storage : std::uint8_t {
    I8 = 1,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64 = 9,
    I64 = 12,
    U64,
    Utf8 = 16,
    Utf16,
    Utf32
};

struct Array {
    std::string name;
    Kind kind = Kind::Other;
    std::vector<std::size_t> dimensions; // the first runs fastest
    std::endian order = std::endian::little;
    Storage storage = Storage::F64;
    std::span<const std::byte> data; // of the real part; within the File
    bool complex = false;
    std::vector<std::string> fields; // of a struct
    std::vector<Array> children;     // of a cell, in order; of a struct: its fields, then those of the next element

    std::size_t count() const; // elements
    double at(std::size_t index) const;
    std::string text() const;                        // of a Text, UTF-8
    std::vector<std::string> lines() const;          // rows of a Text; the texts of a cell
    const Array* field(std::string_view name) const; // of the first element; nullptr when absent
};

class File {
public:
    // Errors: FormatInvalid, FileTruncated, FormatUnsupported, ValueOutOfRange.
    static Result<File> parse(std::vector<std::byte> bytes, const std::string& where);
    const std::vector<Array>& variables() const { return variables_; }
    const Array* find(std::string_view name) const;

private:
    friend class Parser;
    std::deque<std::vector<std::byte>> storage_; // what the arrays point into
    std::vector<Array> variables_;
};

bool looksLikeVersion5(std::span<const std::byte> head);
bool looksLikeVersion4(std::span<const std::byte> head, std::uint64_t fileSize);

} // namespace precordia::mat
