// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_annotation_writer.h"

#include "core/io/wfdb_annotation.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace precordia::wfdb {

namespace {

enum Code : unsigned { kNote = 22, kFirstOwn = 42, kLastOwn = 49, kSkip = 59, kChan = 62, kAux = 63 };
constexpr int kNoChannel = 255;
constexpr std::size_t kMaxText = 254; // the length is one byte for other readers

class Writer {
public:
    void mark(std::int64_t time, unsigned code) {
        auto by = time - time_;
        for (; by > 1023; by -= std::min<std::int64_t>(by, INT32_MAX)) {
            const auto step = static_cast<std::uint32_t>(std::min<std::int64_t>(by, INT32_MAX));
            word(kSkip, 0);
            raw(step >> 16U); // PDP-11 order: high word first
            raw(step & 0xFFFFU);
        }
        word(code, static_cast<unsigned>(by));
        time_ = time;
    }
    void channel(int value) { word(kChan, static_cast<unsigned>(value) & 0xFFU); }
    void text(std::string_view text) {
        auto size = std::min(text.size(), kMaxText);
        while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
            --size; // not within a character
        if (size == 0)
            return;
        word(kAux, static_cast<unsigned>(size));
        for (const char c : text.substr(0, size))
            bytes_.push_back(static_cast<unsigned char>(c) < 0x20 ? std::byte{' '} : static_cast<std::byte>(c));
        if (size % 2 != 0)
            bytes_.push_back(std::byte{0});
    }
    std::vector<std::byte> finish() {
        raw(0);
        return std::move(bytes_);
    }

private:
    void word(unsigned code, unsigned value) { raw(code << 10U | value); }
    void raw(unsigned value) {
        bytes_.push_back(static_cast<std::byte>(value & 0xFFU));
        bytes_.push_back(static_cast<std::byte>(value >> 8U & 0xFFU));
    }

    std::vector<std::byte> bytes_;
    std::int64_t time_ = 0;
};

bool definable(std::string_view symbol) {
    return !symbol.empty() && symbol.size() < 100 &&
           std::none_of(symbol.begin(), symbol.end(), [](unsigned char c) { return c <= 0x20; });
}

} // namespace

std::vector<std::byte> encodeAnnotations(std::span<const Annotation> annotations) {
    std::vector<const Annotation*> marks;
    for (const auto& made : annotations)
        if (made.sample.value >= 0)
            marks.push_back(&made);
    std::stable_sort(marks.begin(), marks.end(), [](const Annotation* a, const Annotation* b) {
        return a->sample.value != b->sample.value ? a->sample.value < b->sample.value : a->lead.value < b->lead.value;
    });
    std::map<std::string_view, unsigned> own;
    bool leads = false;
    for (const auto* made : marks) {
        leads = leads || made->lead.valid();
        const auto next = static_cast<unsigned>(kFirstOwn + own.size());
        if (!codeOf(made->symbol) && definable(made->symbol) && next <= kLastOwn)
            own.emplace(made->symbol, next);
    }
    Writer writer;
    if (!own.empty()) {
        const auto note = [&](const std::string& text) {
            writer.mark(0, kNote);
            writer.text(text);
        };
        note("## annotation type definitions");
        for (const auto& [symbol, code] : own)
            note(std::to_string(code) + " " + std::string(symbol) + " " + std::string(symbol));
        note("## end of definitions");
    }
    int channel = -1; // none said yet
    for (const auto* made : marks) {
        const auto known = codeOf(made->symbol);
        const auto defined = own.find(made->symbol);
        writer.mark(made->sample.value, known ? *known : defined != own.end() ? defined->second : unsigned{kNote});
        const int wanted = made->lead.valid() && made->lead.value < kNoChannel ? made->lead.value : kNoChannel;
        if (leads && wanted != channel) {
            writer.channel(wanted);
            channel = wanted;
        }
        writer.text(known || defined != own.end() ? made->text
                                                  : made->symbol + (made->text.empty() ? "" : " " + made->text));
    }
    return writer.finish();
}

} // namespace precordia::wfdb
