// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_annotation.h"

#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace precordia::wfdb {

namespace {

// ecgcodes.h of the WFDB library: the symbol of each code; empty where none is defined.
constexpr std::array<std::string_view, 50> kSymbols{"",  "N", "L", "R", "a", "V", "F", "J", "A", "S",  "E", "j", "/",
                                                    "Q", "~", "",  "|", "",  "s", "T", "*", "D", "\"", "=", "p", "B",
                                                    "^", "t", "+", "u", "?", "!", "[", "]", "e", "n",  "@", "x", "f",
                                                    "(", ")", "r", "",  "",  "",  "",  "",  "",  "",   ""};

enum Code : unsigned { kNote = 22, kSkip = 59, kNum = 60, kSub = 61, kChan = 62, kAux = 63 };
constexpr std::int64_t kMaxTime = std::int64_t{1} << 53; // exact in a double, far beyond any record

std::string cString(std::string_view text) {
    return text::utf8(text.substr(0, text.find('\0')));
}

int signedByte(unsigned value) {
    return static_cast<std::int8_t>(static_cast<std::uint8_t>(value));
}

class Parser {
public:
    Parser(std::span<const std::byte> bytes, const std::string& file) : bytes_(bytes), file_(file) {}

    Result<AnnotationFile> run() {
        constexpr std::size_t kAtOnce = 4096; // marks; of a longer file memory grows with what is found
        file_out_.marks.reserve(std::min(bytes_.size() / 2, kAtOnce));
        codes_.reserve(std::min(bytes_.size() / 2, kAtOnce));
        for (;;) {
            if (left() < 2)
                return invalid("it has no end mark");
            const auto word = next();
            const unsigned code = word >> 10U;
            const unsigned value = word & 0x3FFU;
            if (code == 0 && value == 0)
                return finish();
            if (auto done = code >= kSkip ? modifier(code, value) : mark(code, value); !done)
                return done.as<AnnotationFile>();
        }
    }

private:
    std::size_t left() const { return bytes_.size() - at_; }

    unsigned next() {
        const auto low = std::to_integer<unsigned>(bytes_[at_]);
        const auto high = std::to_integer<unsigned>(bytes_[at_ + 1]);
        at_ += 2;
        return low | high << 8U;
    }

    Error invalid(std::string why) const {
        return makeError(ErrorCode::FormatInvalid, "not an MIT annotation file: " + std::move(why),
                         file_ + ", byte " + std::to_string(at_));
    }

    Result<Done> step(std::int64_t by) {
        time_ += by; // both below 2^54: no overflow
        if (time_ > kMaxTime || time_ < -kMaxTime)
            return invalid("a time beyond any record");
        return Done{};
    }

    Result<Done> mark(unsigned code, unsigned value) {
        if (auto moved = step(value); !moved)
            return moved;
        AnnotationMark made;
        made.time = time_;
        made.channel = channel_;
        made.number = number_;
        if (code < kSymbols.size() && !kSymbols[code].empty()) {
            made.symbol = std::string(kSymbols[code]);
        } else {
            made.symbol = std::to_string(code);
            ++file_out_.unknownCodes;
        }
        codes_.push_back(code);
        file_out_.marks.push_back(std::move(made));
        return Done{};
    }

    // SKIP moves the time of the next mark; the others say more about the last one.
    Result<Done> modifier(unsigned code, unsigned value) {
        switch (code) {
        case kSkip: {
            if (left() < 4)
                return invalid("it ends within a time step");
            const std::uint32_t high = next(); // PDP-11 order: high word first
            const std::uint32_t low = next();
            return step(static_cast<std::int32_t>(high << 16U | low));
        }
        case kChan:
            channel_ = static_cast<int>(value);
            if (!file_out_.marks.empty())
                file_out_.marks.back().channel = channel_;
            return Done{};
        case kAux: {
            const std::size_t padded = value + value % 2;
            if (left() < padded)
                return invalid("a text of " + std::to_string(value) + " bytes goes beyond the end");
            if (!file_out_.marks.empty())
                addText(cString(text::asText(bytes_.subspan(at_, value))));
            at_ += padded;
            return Done{};
        }
        case kNum: // stays for the marks that follow, as the channel does
            number_ = signedByte(value);
            if (!file_out_.marks.empty())
                file_out_.marks.back().number = number_;
            return Done{};
        default: // kSub: of this mark alone
            if (!file_out_.marks.empty())
                file_out_.marks.back().subtype = signedByte(value);
            return Done{};
        }
    }

    void addText(std::string text) {
        describesItself_ = describesItself_ || (codes_.back() == kNote && time_ == 0 && text.starts_with("## "));
        file_out_.marks.back().text = std::move(text);
    }

    // Notes at time 0 that begin with "## " describe the file itself.
    Result<AnnotationFile> finish() {
        if (!describesItself_)
            return std::move(file_out_);
        std::map<unsigned, std::string> defined;
        std::vector<AnnotationMark> kept;
        bool definitions = false;
        std::vector<unsigned> keptCodes;
        for (std::size_t i = 0; i < file_out_.marks.size(); ++i) {
            auto& made = file_out_.marks[i];
            const std::string_view note = made.text;
            if (made.time != 0 || codes_[i] != kNote || !(definitions || note.starts_with("## "))) {
                kept.push_back(std::move(made));
                keptCodes.push_back(codes_[i]);
                continue;
            }
            constexpr std::string_view kResolution = "## time resolution:";
            if (note.starts_with(kResolution)) {
                if (const auto rate = text::number(note.substr(kResolution.size())); rate && *rate > 0)
                    file_out_.ticksPerSecond = rate;
            } else if (note.starts_with("## annotation type definitions")) {
                definitions = true;
            } else if (note.starts_with("## end of definitions")) {
                definitions = false;
            } else if (const auto words = text::words(note); definitions && words.size() >= 2) {
                if (const auto code = text::integer(words[0]); code && *code > 0 && *code < kSkip)
                    defined[static_cast<unsigned>(*code)] = std::string(words[1]);
            }
        }
        for (std::size_t i = 0; i < kept.size(); ++i)
            if (const auto it = defined.find(keptCodes[i]); it != defined.end()) {
                const bool wasUnknown = keptCodes[i] >= kSymbols.size() || kSymbols[keptCodes[i]].empty();
                file_out_.unknownCodes -= wasUnknown ? 1 : 0;
                kept[i].symbol = it->second;
            }
        file_out_.marks = std::move(kept);
        return std::move(file_out_);
    }

    std::span<const std::byte> bytes_;
    const std::string& file_;
    std::size_t at_ = 0;
    std::int64_t time_ = 0;
    std::optional<int> channel_;
    int number_ = 0;
    bool describesItself_ = false;
    AnnotationFile file_out_;
    std::vector<unsigned> codes_;
};

} // namespace

Result<AnnotationFile> parseAnnotations(std::span<const std::byte> bytes, const std::string& fileName) {
    return Parser(bytes, fileName).run();
}

std::optional<unsigned> codeOf(std::string_view symbol) {
    for (unsigned code = 1; code < kSymbols.size() && !symbol.empty(); ++code)
        if (kSymbols[code] == symbol)
            return code;
    return std::nullopt;
}

const std::vector<std::string>& annotationExtensions() {
    static const std::vector<std::string> kExtensions{
        "atr", "i",   "ii",   "iii",  "avr",  "avl",   "avf",   "v1",  "v2",  "v3",   "v4",  "v5",
        "v6",  "qrs", "wqrs", "sqrs", "gqrs", "gqrsh", "gqrsl", "pu",  "pu0", "pu1",  "q1c", "q2c",
        "qt1", "qt2", "man",  "ecg",  "ari",  "apn",   "sta",   "stb", "stc", "wabp", "ann"};
    return kExtensions;
}

} // namespace precordia::wfdb
