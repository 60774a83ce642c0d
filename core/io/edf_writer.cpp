// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/edf_writer.h"

#include "core/base/file.h"
#include "core/io/edf_annotations.h"
#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr int kMissing = -32768;
constexpr int kDigitalMax = 32767;
constexpr double kSteps = 2.0 * kDigitalMax;
constexpr std::size_t kGoodRecordBytes = 61440; // the standard's advice
constexpr std::size_t kMaxRecordBytes = 10U << 20U;

// At most 8 characters without exponent, nearest to the value; empty when that leaves less than five digits of it.
std::optional<std::string> eight(double value) {
    for (int decimals = 7; decimals >= 0; --decimals) {
        std::array<char, 64> buffer{};
        const auto [end, failed] =
            std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
        if (failed != std::errc{})
            return std::nullopt;
        std::string out(buffer.data(), end);
        if (out.find('.') != std::string::npos) {
            out.erase(out.find_last_not_of('0') + 1);
            if (out.ends_with('.'))
                out.pop_back();
        }
        if (out.size() > 8)
            continue;
        const auto back = text::number(out);
        return back && std::abs(*back - value) <= std::abs(value) * 1e-5 ? std::optional(out) : std::nullopt;
    }
    return std::nullopt;
}

std::string padded(std::string words, std::size_t width) {
    for (char& c : words)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E)
            c = '_';
    words.resize(width, ' ');
    return words;
}

struct Scale {
    std::string low, high; // as they stand in the header
    double gain = 1, offset = 0;

    int code(float value) const {
        if (!std::isfinite(value))
            return kMissing;
        const double steps = std::nearbyint((value - offset) / gain) - kDigitalMax;
        return static_cast<int>(std::clamp(steps, static_cast<double>(-kDigitalMax), static_cast<double>(kDigitalMax)));
    }
};

// The smallest of 1, 2, 5 x 10^n that is no less.
double roundStep(double atLeast) {
    const double power = std::pow(10, std::floor(std::log10(atLeast)));
    for (const double m : {1.0, 2.0, 5.0})
        if (m * power >= atLeast * (1 - 1e-12))
            return m * power;
    return 10 * power;
}

std::optional<Scale> scaleOf(const Lead& lead) {
    double low = 0, high = 0;
    bool any = false;
    for (const float v : lead.samples)
        if (std::isfinite(v)) {
            low = any ? std::min(low, static_cast<double>(v)) : v;
            high = any ? std::max(high, static_cast<double>(v)) : v;
            any = true;
        }
    const double largest = std::max({std::abs(low), std::abs(high), 1e-30});
    double step = lead.quantum > 0 ? lead.quantum : std::max(roundStep(largest / kDigitalMax), 1e-6);
    double middle = 0;
    if (largest / step > kDigitalMax) { // about its own middle, and if that is not enough coarser
        middle = std::round((low + high) / 2 / step) * step;
        const double reach = std::max(high - middle, middle - low);
        if (reach / step > kDigitalMax)
            step = reach / kDigitalMax * (1 + 1e-4); // room for the rounding of the limits to 8 characters
    }
    const auto first = eight(middle - kDigitalMax * step);
    auto last = eight(middle + kDigitalMax * step);
    if (first && middle == 0)
        last = first->substr(1); // rounded the same on both sides: 0 stays 0
    if (!first || !last || *first == *last)
        return std::nullopt;
    Scale out{*first, *last, 1, *text::number(*first)};
    out.gain = (*text::number(*last) - out.offset) / kSteps;
    // A limit that 8 characters rounded must still hold the lead's extremes.
    if (any && (low < out.offset - out.gain / 2 || high > out.offset + (kSteps + 0.5) * out.gain))
        return std::nullopt;
    return out;
}

struct RecordSize {
    std::size_t samples = 0; // a lead
    std::string seconds;     // as in the header
};

// Records that divide the recording, near to one second, with a duration that 8 characters tell exactly.
std::optional<RecordSize> recordSize(std::size_t total, std::size_t leads, double rate) {
    std::optional<RecordSize> best;
    double bestCost = 1e300;
    const auto consider = [&](std::size_t n) {
        const double seconds = static_cast<double>(n) / rate;
        const auto words = eight(seconds);
        const auto bytes = n * leads * 2;
        if (n == 0 || !words || !(*text::number(*words) > 0) || bytes > kMaxRecordBytes)
            return;
        const double wrong = std::abs(*text::number(*words) - seconds) / seconds;
        const double cost = std::abs(std::log(seconds)) + (wrong > 1e-12 ? 2000 + wrong * 1e9 : 0) +
                            (bytes > kGoodRecordBytes ? 10 : 0) + (total % n != 0 ? 1000 : 0);
        if (cost < bestCost) {
            bestCost = cost;
            best = {n, *words};
        }
    };
    for (std::size_t n = 1; n * n <= total; ++n)
        if (total % n == 0) {
            consider(n);
            consider(total / n);
        }
    for (std::size_t k = 1; k <= 10; ++k) // for a length that nothing divides
        consider(static_cast<std::size_t>(std::llround(rate * static_cast<double>(k))));
    return best;
}

std::string labelOf(const Lead& lead) {
    const auto& standard = standardLeads();
    const bool ecg = std::find(standard.begin(), standard.end(), lead.name) != standard.end();
    return padded((ecg ? "ECG " : "") + lead.name, 16);
}

// The texts of each record: its time first, then annotations in their order, as many as fit.
std::vector<std::string> listsOf(const Recording& recording, std::size_t records, double recordSeconds) {
    std::vector<std::string> texts;
    std::size_t longest = 0, all = 0;
    for (const auto& mark : recording.annotations) {
        const auto lead = static_cast<std::size_t>(mark.lead.value);
        const bool one = mark.lead.valid() && lead < recording.leads.size();
        const auto words =
            edf::joinText({mark.symbol, mark.text, one ? std::string(text::trim(labelOf(recording.leads[lead]))) : ""});
        if (words.empty())
            continue;
        texts.push_back(
            edf::writeList(static_cast<double>(mark.sample.value) / recording.samplingRate, mark.duration, words));
        longest = std::max(longest, texts.back().size());
        all += texts.back().size();
    }
    const auto room = all / records + longest + 1;
    std::vector<std::string> out;
    std::size_t next = 0;
    for (std::size_t r = 0; r < records; ++r) {
        out.push_back(edf::writeList(static_cast<double>(r) * recordSeconds, 0, ""));
        for (std::size_t used = 0; next < texts.size() && used + texts[next].size() <= room; ++next) {
            used += texts[next].size();
            out.back() += texts[next];
        }
    }
    return out;
}

std::string filterText(const RecorderFilters& filters) {
    std::string out;
    const auto add = [&](const char* key, const std::optional<double>& hz) {
        if (hz)
            out += (out.empty() ? "" : " ") + std::string(key) + ":" + text::shortest(*hz) + "Hz";
    };
    add("HP", filters.highPassHz);
    add("LP", filters.lowPassHz);
    add("N", filters.notchHz);
    return out;
}

std::string headerOf(const Recording& recording, const std::vector<Scale>& scales, std::size_t records,
                     const RecordSize& size, std::size_t listBytes) {
    const auto count = recording.leads.size() + 1; // and the annotations
    const auto& sex = recording.metadata.sex;
    std::string out = padded("0", 8);
    out += padded(std::string("X ") + (sex == "male" ? "M" : sex == "female" ? "F" : "X") + " X X", 80);
    out += padded("Startdate X X X X", 80) + "01.01.85" + "00.00.00";
    out += padded(std::to_string(256 * (count + 1)), 8) + padded("EDF+C", 44) + padded(std::to_string(records), 8);
    out += padded(size.seconds, 8) + padded(std::to_string(count), 4);
    const auto& leads = recording.leads;
    const auto each = [&](std::size_t width, auto&& of, const std::string& annotations) {
        for (std::size_t i = 0; i < leads.size(); ++i)
            out += padded(of(i), width);
        out += padded(annotations, width);
    };
    each(
        16, [&](std::size_t i) { return labelOf(leads[i]); }, "EDF Annotations");
    each(
        80, [](std::size_t) { return std::string(); }, "");
    each(
        8, [&](std::size_t i) { return leads[i].unit; }, "");
    each(
        8, [&](std::size_t i) { return scales[i].low; }, "-1");
    each(
        8, [&](std::size_t i) { return scales[i].high; }, "1");
    each(
        8, [](std::size_t) { return std::to_string(-kDigitalMax); }, "-32768");
    each(
        8, [](std::size_t) { return std::to_string(kDigitalMax); }, "32767");
    each(
        80, [&](std::size_t) { return filterText(recording.metadata.filters); }, "");
    each(
        8, [&](std::size_t) { return std::to_string(size.samples); }, std::to_string(listBytes / 2));
    each(
        32, [](std::size_t) { return std::string(); }, "");
    return out;
}

Result<Done> check(const Recording& recording, const fs::path& path) {
    const auto wrong = [&](std::string why) { return makeError(ErrorCode::WrongUse, std::move(why), path.string()); };
    if (recording.leads.empty() || recording.samples() == 0)
        return wrong("a recording without samples cannot be written");
    if (recording.leads.size() > 9998)
        return wrong("EDF has at most 9999 signals");
    if (!(recording.samplingRate > 0) || !std::isfinite(recording.samplingRate))
        return wrong("the recording has no sampling rate");
    for (const auto& lead : recording.leads)
        if (lead.samples.size() != recording.samples())
            return wrong("lead " + lead.name + " has another length than the first");
    return Done{};
}

} // namespace

Result<Done> writeEdf(const Recording& recording, const fs::path& path) {
    if (auto checked = check(recording, path); !checked)
        return checked;
    const auto unfit = [&](const std::string& why) {
        return makeError(ErrorCode::ValueOutOfRange, why, path.string());
    };
    std::vector<Scale> scales;
    for (const auto& lead : recording.leads) {
        const auto scale = scaleOf(lead);
        if (!scale)
            return unfit("lead " + lead.name + ": its range in " + lead.unit + " cannot be told in 8 characters");
        scales.push_back(*scale);
    }
    const auto count = recording.samples();
    const auto size = recordSize(count, recording.leads.size(), recording.samplingRate);
    if (!size)
        return unfit("records at " + text::shortest(recording.samplingRate) + " Hz have no duration of 8 characters");
    const auto records = (count + size->samples - 1) / size->samples;
    const auto lists = listsOf(recording, records, *text::number(size->seconds));
    std::size_t listBytes = 2;
    for (const auto& list : lists)
        listBytes = std::max(listBytes, list.size() + list.size() % 2);
    auto out = headerOf(recording, scales, records, *size, listBytes);
    out.reserve(out.size() + records * (recording.leads.size() * size->samples * 2 + listBytes));
    for (std::size_t r = 0; r < records; ++r) {
        for (std::size_t l = 0; l < recording.leads.size(); ++l)
            for (std::size_t i = r * size->samples; i < (r + 1) * size->samples; ++i) {
                const auto word =
                    static_cast<std::uint16_t>(i < count ? scales[l].code(recording.leads[l].samples[i]) : kMissing);
                out += static_cast<char>(word & 0xFFU);
                out += static_cast<char>(word >> 8U);
            }
        out += lists[r];
        out.append(listBytes - lists[r].size(), '\0');
    }
    return writeFileAtomically(path, std::string_view(out));
}

} // namespace precordia
