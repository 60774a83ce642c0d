// SPDX-License-Identifier: GPL-3.0-or-later
// Small files made byte by byte, so that a test's truth does not come from our own writers.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/random_access.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace precordia::test {

class Folder {
public:
    std::filesystem::path path(const std::string& name) const {
        return (folder_.path() + "/" + QString::fromStdString(name)).toStdString();
    }
    std::filesystem::path write(const std::string& name, const QByteArray& bytes) const {
        QFile file(folder_.path() + "/" + QString::fromStdString(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("a test file could not be written");
        return path(name);
    }
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        return write(name, QByteArray::fromStdString(text));
    }

private:
    QTemporaryDir folder_;
};

inline QByteArray bytes(std::initializer_list<int> values) {
    QByteArray out;
    for (const int v : values)
        out.append(static_cast<char>(v));
    return out;
}

// little-endian words
inline QByteArray words16(const std::vector<int>& values) {
    QByteArray out;
    for (const int v : values) {
        out.append(static_cast<char>(v & 0xFF));
        out.append(static_cast<char>((v >> 8) & 0xFF));
    }
    return out;
}

inline QByteArray words32(const std::vector<std::int64_t>& values) {
    QByteArray out;
    for (const auto v : values)
        for (int i = 0; i < 4; ++i)
            out.append(static_cast<char>((v >> (8 * i)) & 0xFF));
    return out;
}

inline std::size_t warnings(const Recording& recording, WarningCode code) {
    return static_cast<std::size_t>(std::count_if(recording.warnings.begin(), recording.warnings.end(),
                                                  [&](const Warning& w) { return w.code == code; }));
}

// A generator for mutations: the same bytes on every machine.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() { // xorshift64*
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return state_ * 0x2545F4914F6CDD1DULL;
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }

private:
    std::uint64_t state_;
};

// One to four bytes changed, cut off or put in.
inline QByteArray mutated(QByteArray bytes, Dice& dice) {
    for (std::size_t n = 1 + dice.below(4); n > 0 && !bytes.isEmpty(); --n) {
        const auto at = static_cast<qsizetype>(dice.below(static_cast<std::size_t>(bytes.size())));
        const auto byte = static_cast<char>(dice.below(256));
        switch (dice.below(4)) {
        case 0:
            bytes.truncate(at);
            break;
        case 1:
            bytes.insert(at, byte);
            break;
        default:
            bytes[at] = byte;
        }
    }
    return bytes;
}

// A disk that fails beyond a byte.
class FailingAccess final : public RandomAccess {
public:
    FailingAccess(std::uint64_t size, std::uint64_t readable) : size_(size), readable_(readable) {}
    std::uint64_t size() const override { return size_; }
    std::string where() const override { return "disk"; }
    Result<std::size_t> readSome(std::uint64_t at, std::span<std::byte> to) const override {
        if (at + to.size() > readable_)
            return makeError(ErrorCode::FileUnreadable, "Input/output error", "disk");
        return to.size();
    }

private:
    std::uint64_t size_, readable_;
};

} // namespace precordia::test
