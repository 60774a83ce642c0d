// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/byte_cursor.h"

namespace precordia {

bool ByteCursor::seek(std::size_t position) {
    if (position > bytes_.size()) {
        failed_ = true;
        return false;
    }
    at_ = position;
    return true;
}

bool ByteCursor::skip(std::size_t count) {
    return !bytes(count).empty() || count == 0;
}

std::span<const std::byte> ByteCursor::bytes(std::size_t count) {
    if (count > left()) {
        failed_ = true;
        return {};
    }
    const auto part = bytes_.subspan(at_, count);
    at_ += count;
    return part;
}

std::string_view ByteCursor::characters(std::size_t count) {
    const auto part = bytes(count);
    return {reinterpret_cast<const char*>(part.data()), part.size()};
}

} // namespace precordia
