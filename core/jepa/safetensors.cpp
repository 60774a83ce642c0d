// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/safetensors.h"

#include "core/base/file.h"
#include "core/engine/safetensors_header.h"

#include <ATen/ops/empty.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>

namespace precordia {

namespace fs = std::filesystem;

using Json = nlohmann::ordered_json;

namespace {

std::string quoted(const std::string& name) {
    return "tensor \"" + name + "\"";
}

Result<TensorFile> parse(std::span<const std::byte> bytes) {
    auto header = parseSafetensors(bytes);
    if (!header)
        return header.as<TensorFile>();
    TensorFile out;
    out.metadata = std::move(header->metadata);
    out.metadata.erase(kChecksumKey); // of this file's bytes: it has done its work
    const std::byte* data = bytes.data() + header->dataAt;
    for (const auto& e : header->entries) {
        at::Tensor t = at::empty(e.shape, e.type == TensorType::F32 ? at::kFloat : at::kLong);
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
    auto texts = metadata;
    texts[kChecksumKey] = emptyChecksum();
    header["__metadata__"] = texts;
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
    sealSafetensors(bytes);
    return writeFileAtomically(path, bytes);
}

} // namespace precordia
