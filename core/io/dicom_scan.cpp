// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_scan.h"

#include "core/io/text.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctag.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace precordia::dicom {

namespace {

constexpr std::size_t kPreamble = 128;
constexpr std::uint32_t kUndefined = 0xFFFFFFFFU;
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxElements = 2'000'000;

struct Syntax {
    bool explicitVr = true;
    bool bigEndian = false;
};

struct Element {
    std::uint16_t group = 0;
    std::uint16_t number = 0;
    std::string_view vr; // empty: implicit
    std::uint32_t length = 0;
    std::size_t value = 0; // offset
};

// VRs whose length takes four bytes in explicit encoding (PS3.5, 7.1.2)
bool hasLongLength(std::string_view vr) {
    static constexpr std::array<std::string_view, 13> kLong{"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                            "SV", "UC", "UN", "UR", "UT", "UV"};
    return std::find(kLong.begin(), kLong.end(), vr) != kLong.end();
}

class Scanner {
public:
    Scanner(std::span<const std::byte> bytes, const std::string& file) : bytes_(bytes), file_(file) {}

    Result<Done> run() {
        auto at = kPreamble + 4;
        auto syntax = metaGroup(at);
        if (!syntax)
            return syntax.as<Done>();
        return elements(at, bytes_.size(), *syntax, 0, false);
    }

private:
    Error fail(ErrorCode code, std::string why, std::size_t at) const {
        return makeError(code, std::move(why), file_ + ", byte " + std::to_string(at));
    }

    std::uint32_t word(std::size_t at, std::size_t size, bool bigEndian) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value |= std::to_integer<std::uint32_t>(bytes_[at + i]) << 8U * (bigEndian ? size - 1 - i : i);
        return value;
    }

    std::string_view characters(std::size_t at, std::size_t size) const {
        return text::asText(bytes_.subspan(at, size));
    }

    // Reads the head of the element at `at`, which ends by `end`; `at` is left at its value.
    Result<Element> head(std::size_t& at, std::size_t end, const Syntax& syntax) {
        if (end - at < 8)
            return fail(ErrorCode::FileTruncated, "it ends within the head of an element", at);
        if (++count_ > kMaxElements)
            return fail(ErrorCode::ValueOutOfRange, "more than " + std::to_string(kMaxElements) + " elements", at);
        Element e;
        e.group = static_cast<std::uint16_t>(word(at, 2, syntax.bigEndian));
        e.number = static_cast<std::uint16_t>(word(at + 2, 2, syntax.bigEndian));
        const bool delimiter = e.group == 0xFFFE;
        if (!syntax.explicitVr || delimiter) {
            e.length = word(at + 4, 4, syntax.bigEndian);
            at += 8;
        } else {
            e.vr = characters(at + 4, 2);
            const bool upper = std::all_of(e.vr.begin(), e.vr.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
            if (!upper)
                return fail(ErrorCode::FormatInvalid, "an element without a value representation", at);
            if (!hasLongLength(e.vr)) {
                e.length = word(at + 6, 2, syntax.bigEndian);
                at += 8;
            } else if (end - at < 12) {
                return fail(ErrorCode::FileTruncated, "it ends within the head of an element", at);
            } else {
                e.length = word(at + 8, 4, syntax.bigEndian);
                at += 12;
            }
        }
        e.value = at;
        if (e.length != kUndefined && e.length > end - at)
            return fail(ErrorCode::FileTruncated,
                        "element " + tag(e) + " promises " + std::to_string(e.length) + " bytes, " +
                            std::to_string(end - at) + " are left",
                        at);
        return e;
    }

    static std::string tag(const Element& e) {
        std::array<char, 16> buffer{};
        std::snprintf(buffer.data(), buffer.size(), "(%04x,%04x)", unsigned{e.group}, unsigned{e.number});
        return buffer.data();
    }

    // File meta information: always explicit, little-endian; names the syntax of the rest.
    Result<Syntax> metaGroup(std::size_t& at) {
        const Syntax little;
        std::string_view uid;
        while (bytes_.size() - at >= 8 && word(at, 2, false) == 2) {
            const auto e = head(at, bytes_.size(), little);
            if (!e)
                return e.as<Syntax>();
            if (e->length == kUndefined)
                return fail(ErrorCode::FormatInvalid, "a file meta element of undefined length", at);
            if (e->number == 0x0010)
                uid = text::trim(characters(e->value, e->length));
            at += e->length;
        }
        while (!uid.empty() && uid.back() == '\0')
            uid.remove_suffix(1);
        if (uid == "1.2.840.10008.1.2" || uid.empty())
            return Syntax{false, false};
        if (uid == "1.2.840.10008.1.2.2")
            return Syntax{true, true};
        if (uid == "1.2.840.10008.1.2.1.99")
            return fail(ErrorCode::FormatUnsupported, "the deflated transfer syntax is not read", at);
        return Syntax{true, false};
    }

    static bool isSequence(const Element& e, const Syntax& syntax) {
        if (syntax.explicitVr)
            return e.vr == "SQ" || (e.vr == "UN" && e.length == kUndefined);
        // As DCMTK will see it: by its dictionary.
        return e.length == kUndefined || DcmTag(e.group, e.number).getEVR() == EVR_SQ;
    }

    // The elements of a data set or item; `undefined`: it goes on to its own delimiter.
    Result<Done> elements(std::size_t& at, std::size_t end, const Syntax& syntax, int depth, bool undefined) {
        while (at < end) {
            const auto e = head(at, end, syntax);
            if (!e)
                return e.as<Done>();
            if (e->group == 0xFFFE) {
                if (undefined && e->number == 0xE00D)
                    return Done{};
                return fail(ErrorCode::FormatInvalid, "an item mark where an element should be", at);
            }
            if (!isSequence(*e, syntax)) {
                if (e->length == kUndefined) {
                    if (auto done = fragments(at, end, syntax); !done)
                        return done;
                } else {
                    at += e->length;
                }
                continue;
            }
            // Inside UN of undefined length all is implicit little-endian (PS3.5, 6.2.2).
            const auto inner = e->vr == "UN" ? Syntax{false, false} : syntax;
            const auto sequenceEnd = e->length == kUndefined ? end : at + e->length;
            if (auto done = items(at, sequenceEnd, inner, depth + 1, e->length == kUndefined); !done)
                return done;
        }
        if (undefined)
            return fail(ErrorCode::FileTruncated, "an item without an end", at);
        return Done{};
    }

    Result<Done> items(std::size_t& at, std::size_t end, const Syntax& syntax, int depth, bool undefined) {
        if (depth > kMaxDepth)
            return fail(ErrorCode::ValueOutOfRange, "sequences nested deeper than " + std::to_string(kMaxDepth), at);
        while (at < end) {
            const auto e = head(at, end, syntax);
            if (!e)
                return e.as<Done>();
            if (undefined && e->group == 0xFFFE && e->number == 0xE0DD)
                return Done{};
            if (e->group != 0xFFFE || e->number != 0xE000)
                return fail(ErrorCode::FormatInvalid, "a sequence with something else than items", at);
            const bool open = e->length == kUndefined;
            if (auto done = elements(at, open ? end : at + e->length, syntax, depth, open); !done)
                return done;
        }
        if (undefined)
            return fail(ErrorCode::FileTruncated, "a sequence without an end", at);
        return Done{};
    }

    // Encapsulated data: items of bytes up to the sequence delimiter.
    Result<Done> fragments(std::size_t& at, std::size_t end, const Syntax& syntax) {
        while (at < end) {
            const auto e = head(at, end, syntax);
            if (!e)
                return e.as<Done>();
            if (e->group == 0xFFFE && e->number == 0xE0DD)
                return Done{};
            if (e->group != 0xFFFE || e->length == kUndefined)
                return fail(ErrorCode::FormatInvalid, "encapsulated data with something else than items", at);
            at += e->length;
        }
        return fail(ErrorCode::FileTruncated, "encapsulated data without an end", at);
    }

    std::span<const std::byte> bytes_;
    const std::string& file_;
    std::size_t count_ = 0;
};

} // namespace

bool hasPreamble(std::span<const std::byte> head) {
    return head.size() >= kPreamble + 4 && text::asText(head.subspan(kPreamble, 4)) == "DICM";
}

Result<Done> scan(std::span<const std::byte> bytes, const std::string& fileName) {
    if (!hasPreamble(bytes))
        return makeError(ErrorCode::FormatInvalid, "no DICOM preamble", fileName);
    return Scanner(bytes, fileName).run();
}

} // namespace precordia::dicom
