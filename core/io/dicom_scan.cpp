// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_scan.h"

#include "core/io/text.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctag.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace precordia::dicom {

namespace {

constexpr std::size_t kPreamble = 128;
constexpr std::uint32_t kUndefined = 0xFFFFFFFFU;
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxElements = 4'000'000;
constexpr std::size_t kWindow = 64U << 10U;
constexpr std::size_t kLongestUid = 64;
constexpr std::uint32_t kLongestCreator = 64;

struct Syntax {
    bool explicitVr = true;
    bool bigEndian = false;
};

// Private creators of one item, by group and block.
using Creators = std::map<std::pair<std::uint16_t, std::uint16_t>, std::string>;

struct Element {
    std::uint16_t group = 0;
    std::uint16_t number = 0;
    std::string vr; // empty: implicit
    std::uint32_t length = 0;
    std::uint64_t value = 0; // offset
};

std::uint32_t word(std::span<const std::byte> bytes, std::size_t at, std::size_t size, bool bigEndian) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value |= std::to_integer<std::uint32_t>(bytes[at + i]) << 8U * (bigEndian ? size - 1 - i : i);
    return value;
}

bool isVr(std::string_view vr) {
    return vr.size() == 2 && std::all_of(vr.begin(), vr.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// VRs whose length takes two bytes in explicit encoding; all others, those to come too, take four (PS3.5, 7.1.2, 6.2).
bool hasShortLength(std::string_view vr) {
    static constexpr std::array<std::string_view, 21> kShort{"AE", "AS", "AT", "CS", "DA", "DS", "DT",
                                                             "FD", "FL", "IS", "LO", "LT", "PN", "SH",
                                                             "SL", "SS", "ST", "TM", "UI", "UL", "US"};
    return std::find(kShort.begin(), kShort.end(), vr) != kShort.end();
}

// What a file without preamble begins with: elements of group 8 (or 2), in ascending order, of plausible lengths.
std::optional<Syntax> bareSyntax(std::span<const std::byte> head) {
    for (const bool bigEndian : {false, true})
        for (const bool explicitVr : {true, false}) {
            std::size_t at = 0;
            std::uint32_t last = 0;
            int found = 0;
            bool wrong = false;
            while (!wrong && found < 3 && head.size() - at >= 8) {
                const auto tag = word(head, at, 2, bigEndian) << 16U | word(head, at + 2, 2, bigEndian);
                const auto group = tag >> 16U;
                const auto vr = text::asText(head.subspan(at + 4, 2));
                wrong = (group != 8 && group != 2) || (found > 0 && tag <= last) || (explicitVr && !hasShortLength(vr));
                const auto length = explicitVr ? word(head, at + 6, 2, bigEndian) : word(head, at + 4, 4, bigEndian);
                wrong = wrong || length > 1024;
                last = tag;
                at = wrong ? at : std::min(head.size(), at + 8 + length);
                ++found;
            }
            if (!wrong && found == 3)
                return Syntax{explicitVr, bigEndian};
        }
    return std::nullopt;
}

class Scanner {
public:
    Scanner(Source& source, const std::string& file) : source_(source), file_(file) {}

    Result<Layout> run() {
        Layout layout;
        std::uint64_t at = 0;
        const auto head = source_.at(0, std::min<std::uint64_t>(source_.size(), 4096));
        Syntax syntax{false, false};
        if (hasPreamble(head))
            at = kPreamble + 4;
        else if (const auto bare = bareSyntax(head)) {
            syntax = *bare;
            layout.preamble = false;
        } else {
            return makeError(ErrorCode::FormatInvalid, "no DICOM preamble", file_);
        }
        if (auto done = metaGroup(at, layout, syntax); !done)
            return done.as<Layout>();
        layout.dataset = at;
        layout.encoding = layout.deflated     ? Encoding::ExplicitLittle
                          : syntax.bigEndian  ? Encoding::ExplicitBig
                          : syntax.explicitVr ? Encoding::ExplicitLittle
                                              : Encoding::ImplicitLittle;
        if (layout.deflated)
            return layout;
        if (syntax.bigEndian && !syntax.explicitVr)
            return fail(ErrorCode::FormatUnsupported, "big-endian without value representations is not DICOM", at);
        return walk(at, syntax, std::move(layout));
    }

    Result<Layout> walk(std::uint64_t at, const Syntax& syntax, Layout layout) {
        if (auto done = elements(at, source_.size(), syntax, 0, false); !done)
            return done.as<Layout>();
        return layout;
    }

private:
    Error fail(ErrorCode code, std::string why, std::uint64_t at) const {
        return makeError(code, std::move(why), file_ + ", byte " + std::to_string(at));
    }

    std::string characters(std::uint64_t at, std::uint64_t size) {
        return std::string(text::asText(source_.at(at, size)));
    }

    // Reads the head of the element at `at`, which ends by `end`; `at` is left at its value.
    Result<Element> head(std::uint64_t& at, std::uint64_t end, const Syntax& syntax) {
        if (end - at < 8)
            return fail(ErrorCode::FileTruncated, "it ends within the head of an element", at);
        if (++count_ > kMaxElements)
            return fail(ErrorCode::ValueOutOfRange, "more than " + std::to_string(kMaxElements) + " elements", at);
        const auto bytes = source_.at(at, std::min<std::uint64_t>(12, end - at));
        if (bytes.size() < 8)
            return fail(ErrorCode::FileUnreadable, "it could not be read", at);
        Element e;
        e.group = static_cast<std::uint16_t>(word(bytes, 0, 2, syntax.bigEndian));
        e.number = static_cast<std::uint16_t>(word(bytes, 2, 2, syntax.bigEndian));
        const bool delimiter = e.group == 0xFFFE;
        if (!syntax.explicitVr || delimiter) {
            e.length = word(bytes, 4, 4, syntax.bigEndian);
            at += 8;
        } else {
            e.vr = text::asText(bytes.subspan(4, 2));
            if (!isVr(e.vr))
                return fail(ErrorCode::FormatInvalid, "an element without a value representation", at);
            if (hasShortLength(e.vr)) {
                e.length = word(bytes, 6, 2, syntax.bigEndian);
                at += 8;
            } else if (bytes.size() < 12) {
                return fail(ErrorCode::FileTruncated, "it ends within the head of an element", at);
            } else {
                e.length = word(bytes, 8, 4, syntax.bigEndian);
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
    Result<Done> metaGroup(std::uint64_t& at, Layout& layout, Syntax& syntax) {
        const Syntax little;
        std::string uid;
        bool any = false;
        while (source_.size() - at >= 8 && word(source_.at(at, 2), 0, 2, false) == 2) {
            const auto e = head(at, source_.size(), little);
            if (!e)
                return e.as<Done>();
            if (e->length == kUndefined)
                return fail(ErrorCode::FormatInvalid, "a file meta element of undefined length", at);
            if (e->number == 0x0010 && e->length <= kLongestUid + 1)
                uid = characters(e->value, e->length);
            at += e->length;
            any = true;
        }
        while (!uid.empty() && (uid.back() == '\0' || uid.back() == ' '))
            uid.pop_back();
        layout.deflated = uid == "1.2.840.10008.1.2.1.99";
        if (uid == "1.2.840.10008.1.2")
            syntax = {false, false};
        else if (uid == "1.2.840.10008.1.2.2")
            syntax = {true, true};
        else if (!uid.empty())
            syntax = {true, false};
        else if (any) { // a meta group that does not say: by what follows it
            const auto rest = source_.at(at, std::min<std::uint64_t>(source_.size() - at, 4096));
            syntax = bareSyntax(rest).value_or(Syntax{false, false});
        }
        return Done{};
    }

    // What an implicit element is, as DCMTK will see it: by its dictionary, a private one by its creator's.
    bool isSequence(const Element& e, const Syntax& syntax, const Creators& creators) const {
        if (syntax.explicitVr)
            return e.vr == "SQ" || (e.vr == "UN" && e.length == kUndefined);
        if (e.group % 2 == 0)
            return DcmTag(e.group, e.number).getEVR() == EVR_SQ;
        const auto creator = creators.find({e.group, static_cast<std::uint16_t>(e.number >> 8U)});
        return creator != creators.end() && DcmTag(e.group, e.number, creator->second.c_str()).getEVR() == EVR_SQ;
    }

    // Undefined lengths are for sequences and for encapsulated bytes.
    bool isFragmented(const Element& e, const Syntax& syntax) const {
        return syntax.explicitVr && (e.vr == "OB" || e.vr == "OW");
    }

    void noteCreator(const Element& e, Creators& creators) {
        if (e.group % 2 == 0 || e.number < 0x10 || e.number > 0xFF || e.length > kLongestCreator)
            return;
        auto name = characters(e.value, e.length);
        while (!name.empty() && (name.back() == ' ' || name.back() == '\0'))
            name.pop_back();
        if (name.find('\0') == std::string::npos)
            creators[{e.group, e.number}] = name;
    }

    // The elements of a data set or item; `undefined`: it goes on to its own delimiter.
    Result<Done> elements(std::uint64_t& at, std::uint64_t end, const Syntax& syntax, int depth, bool undefined) {
        Creators creators;
        while (at < end) {
            const auto e = head(at, end, syntax);
            if (!e)
                return e.as<Done>();
            if (e->group == 0xFFFE) {
                if (undefined && e->number == 0xE00D)
                    return Done{};
                return fail(ErrorCode::FormatInvalid, "an item mark where an element should be", at);
            }
            if (e->group == 2)
                return fail(ErrorCode::FormatInvalid, "file meta information inside the data", at);
            const bool unknown = !syntax.explicitVr && e->length == kUndefined; // nothing but a sequence may be
            if (!unknown && !isSequence(*e, syntax, creators)) {
                if (e->length != kUndefined) {
                    noteCreator(*e, creators);
                    at += e->length;
                } else if (!isFragmented(*e, syntax)) {
                    return fail(ErrorCode::FormatInvalid, "element " + tag(*e) + " has no length", at);
                } else if (auto done = fragments(at, end, syntax); !done) {
                    return done;
                }
                continue;
            }
            if (unknown && !isSequence(*e, syntax, creators) && DcmTag(e->group, e->number).getEVR() != EVR_UN &&
                e->group % 2 == 0)
                return fail(ErrorCode::FormatInvalid, "element " + tag(*e) + " has no length", at);
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

    Result<Done> items(std::uint64_t& at, std::uint64_t end, const Syntax& syntax, int depth, bool undefined) {
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
    Result<Done> fragments(std::uint64_t& at, std::uint64_t end, const Syntax& syntax) {
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

    Source& source_;
    const std::string& file_;
    std::size_t count_ = 0;
};

} // namespace

std::span<const std::byte> Source::at(std::uint64_t offset, std::uint64_t count) {
    if (offset > size() || count > size() - offset)
        return {};
    if (offset < windowAt_ || offset + count > windowAt_ + window_.size()) {
        window_.resize(static_cast<std::size_t>(
            std::min<std::uint64_t>(size() - offset, std::max<std::uint64_t>(count, kWindow))));
        windowAt_ = offset;
        const auto got = bytes_.readSome(offset, window_);
        if (got.failed() && !failure_)
            failure_ = got.error();
        window_.resize(got ? *got : 0);
        if (offset + count > windowAt_ + window_.size())
            return {};
    }
    return std::span(window_).subspan(static_cast<std::size_t>(offset - windowAt_), static_cast<std::size_t>(count));
}

bool hasPreamble(std::span<const std::byte> head) {
    return head.size() >= kPreamble + 4 && text::asText(head.subspan(kPreamble, 4)) == "DICM";
}

bool looksBare(std::span<const std::byte> head) {
    return bareSyntax(head).has_value();
}

Result<Layout> scan(Source& source, const std::string& fileName) {
    auto layout = Scanner(source, fileName).run();
    return source.failure() ? Result<Layout>(*source.failure()) : layout;
}

Result<Layout> scan(std::span<const std::byte> bytes, const std::string& fileName) {
    const auto memory = RandomAccess::of(bytes);
    Source source(*memory);
    return scan(source, fileName);
}

Result<Done> scanDataset(std::span<const std::byte> bytes, const std::string& fileName) {
    const auto memory = RandomAccess::of(bytes);
    Source source(*memory);
    const auto layout = Scanner(source, fileName).walk(0, Syntax{true, false}, {});
    return layout ? Result<Done>(Done{}) : layout.as<Done>();
}

} // namespace precordia::dicom
