// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy's NPY files, versions 1 to 3 (numpy.lib.format): float 4 and 8, signed integers 2, 4 and 8, unsigned of 1 and 2
// bytes, either byte order, C or Fortran order; [leads, samples], [samples, leads] or [recordings, ..., ...]
// (ReadOptions::item). The format knows neither rate nor unit: a TableLayout says them.
#pragma once

#include "core/io/reader.h"

namespace precordia {

struct NpyHeader {
    char kind = 'f';       // f, i, u
    std::size_t width = 4; // bytes
    bool bigEndian = false;
    bool fortran = false;
    std::vector<std::size_t> shape;
    std::size_t dataAt = 0;
};
// `bytes`: the file's begin. Errors: FormatInvalid, FormatUnsupported.
Result<NpyHeader> npyHeader(std::span<const std::byte> bytes, const std::string& where);

class NpyReader final : public Reader {
public:
    std::string_view key() const override { return "npy"; }
    std::string_view description() const override { return "NumPy array (NPY)"; }
    int recognises(const FileHead& head) const override;
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
