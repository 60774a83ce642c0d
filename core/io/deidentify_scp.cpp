// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_scp.h"

#include "core/base/file.h"
#include "core/io/byte_cursor.h"
#include "core/io/crc_ccitt.h"
#include "core/io/scp_container.h"
#include "core/io/scp_demographics.h"
#include "core/io/scp_huffman.h"
#include "core/io/scp_measurements.h"
#include "core/io/scp_reader.h"
#include "core/io/scp_signal.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxBytes = 256U << 20U;
constexpr std::size_t kLeadMeasurements = 35; // that the standard defines
constexpr std::uint16_t kLastSection = 11;

using Bytes = std::vector<std::byte>;

void put(Bytes& to, std::span<const std::byte> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}
void put(Bytes& to, std::uint64_t value, std::size_t bytes) { // little-endian
    for (std::size_t i = 0; i < bytes; ++i)
        to.push_back(static_cast<std::byte>(value >> 8U * i & 0xFFU));
}
void put(Bytes& to, std::string_view text) {
    put(to, std::as_bytes(std::span(text)));
}

void putTag(Bytes& to, std::uint8_t id, std::span<const std::byte> value) {
    put(to, id, 1);
    put(to, value.size(), 2);
    put(to, value);
}

// Statement codes of the standard's list (annex B) that interpretation programs use: no word of a person's is one.
bool isStatementCode(std::string_view word) {
    static constexpr std::string_view kCodes[] = {
        "1AVB",  "2AVB",    "3AVB",  "ABQRS", "AFIB",   "AFLT",  "ALMI",  "AMI",   "ANEUR",   "ASMI",  "BIGU",  "CLBBB",
        "CRBBB", "DIG",     "EL",    "HVOLT", "ILBBB",  "ILMI",  "IMI",   "INJAL", "INJAS",   "INJIL", "INJIN", "INJLA",
        "INVT",  "IPLMI",   "IPMI",  "IRBBB", "ISCAL",  "ISCAN", "ISCAS", "ISCIL", "ISCIN",   "ISCLA", "ISC_",  "IVCD",
        "LAFB",  "LAO/LAE", "LMI",   "LNGQT", "LOWT",   "LPFB",  "LPR",   "LVH",   "LVOLT",   "NDT",   "NORM",  "NST_",
        "NT_",   "PAC",     "PACE",  "PMI",   "PRC(S)", "PSVT",  "PVC",   "QWAVE", "RAO/RAE", "RVH",   "SARRH", "SBRAD",
        "SEHYP", "SR",      "STACH", "STD_",  "STE_",   "SVARR", "SVTAC", "TAB_",  "TRIGU",   "VCLVH", "WPW"};
    return std::find(std::begin(kCodes), std::end(kCodes), word) != std::end(kCodes);
}

class Copy {
public:
    Copy(std::span<const std::byte> bytes, const fs::path& in, const IdentityMap& identities)
        : bytes_(bytes)
        , in_(in)
        , identities_(identities) {}

    Result<Bytes> make() {
        const auto before = readScp(bytes_, in_.string(), {});
        if (!before)
            return before.as<Bytes>();
        auto container = scp::openContainer(bytes_, in_.string());
        if (!container)
            return container.as<Bytes>();
        container_ = std::move(*container);
        auto sections = scp::signalSections(container_, in_.string());
        if (!sections)
            return sections.as<Bytes>();
        signal_ = std::move(*sections);
        auto decoded = scp::decodeSignals(signal_, in_.string(), false, {});
        if (!decoded)
            return decoded.as<Bytes>();
        patient();
        if (auto done = signal(*decoded); !done)
            return done.as<Bytes>();
        measurements();
        for (const auto& [id, section] : container_.sections)
            if (!bodies_.contains(id) && !section.body.empty())
                removed_.push_back("section " + std::to_string(id));
        auto made = assemble();
        // The promise of the same signal is kept, or nothing is written.
        const auto after = readScp(made, in_.string(), {});
        if (!after || !sameSignal(*before, *after))
            return makeError(ErrorCode::FormatUnsupported,
                             "its damaged samples cannot be copied without a change; convert it first", in_.string());
        return made;
    }

    std::vector<std::string> removed() && { return std::move(removed_); }

private:
    static bool sameSignal(const Recording& a, const Recording& b) {
        const auto same = [](const Lead& x, const Lead& y) {
            return x.samples.size() == y.samples.size() &&
                   (x.samples.empty() ||
                    std::memcmp(x.samples.data(), y.samples.data(), x.samples.size() * sizeof(float)) == 0);
        };
        return a.samplingRate == b.samplingRate && a.medianBeats.size() == b.medianBeats.size() &&
               std::equal(a.leads.begin(), a.leads.end(), b.leads.begin(), b.leads.end(), same) &&
               std::equal(a.medianBeats.begin(), a.medianBeats.end(), b.medianBeats.begin(),
                          [&](const Recording& x, const Recording& y) {
                              return std::equal(x.leads.begin(), x.leads.end(), y.leads.begin(), y.leads.end(), same);
                          });
    }

    // ---- section 1

    void patient() {
        const auto* section = container_.find(1);
        std::vector<Warning> ignored;
        std::map<std::uint8_t, std::span<const std::byte>> tags;
        if (section != nullptr)
            for (const auto& tag : scp::tagsOf(*section, ignored))
                if (!tags.emplace(tag.id, tag.value).second && !tag.value.empty())
                    note(tag.id);
        const auto of = [&](std::uint8_t id) {
            const auto at = tags.find(id);
            return at == tags.end() ? std::span<const std::byte>() : at->second;
        };
        const auto id = scp::textOf(of(2));
        days_ = identities_.dateShiftDays(id.empty() ? in_.stem().string() : id);
        const auto date = scp::dateOf(of(25));

        Bytes body;
        put(body, std::uint64_t{2}, 1);
        const auto pseudonym = identities_.pseudonym(id);
        put(body, pseudonym.size() + 1, 2);
        put(body, pseudonym);
        put(body, std::uint64_t{0}, 1);
        putAge(body, of(4), scp::dateOf(of(5)), date);
        for (const std::uint8_t number : {6, 7})
            if (const auto value = of(number); value.size() >= 3)
                putTag(body, number, value.first(3));
        if (const auto sex = of(8); !sex.empty() && std::to_integer<int>(sex[0]) <= 9)
            putTag(body, 8, sex.first(1));
        for (const std::uint8_t number : {11, 12})
            if (const auto value = of(number); value.size() >= 2)
                putTag(body, number, value.first(2));
        for (const std::uint8_t number : {14, 15})
            putDevice(body, number, of(number));
        if (!date.empty()) {
            put(body, std::uint64_t{25}, 1);
            put(body, std::uint64_t{4}, 2);
            putDate(body, date);
        }
        if (const auto time = of(26); time.size() >= 3)
            putTag(body, 26, time.first(3));
        for (const std::uint8_t number : {27, 28})
            if (const auto value = of(number); value.size() >= 2)
                putTag(body, number, value.first(2));
        if (const auto value = of(29); !value.empty())
            putTag(body, 29, value.first(1));
        putTag(body, 255, {});
        for (const auto& [number, value] : tags)
            if (!value.empty() && !kept(number))
                note(number);
        if (!id.empty())
            removed_.emplace_back("patient id");
        bodies_[1] = std::move(body);
    }

    static bool kept(std::uint8_t tag) {
        static constexpr std::array<std::uint8_t, 14> kKept{2, 4, 6, 7, 8, 11, 12, 14, 15, 25, 26, 27, 28, 29};
        return std::find(kKept.begin(), kKept.end(), tag) != kKept.end();
    }

    void note(std::uint8_t tag) {
        static constexpr std::array<std::string_view, 36> kNames{"last name",
                                                                 "first name",
                                                                 "patient id",
                                                                 "second last name",
                                                                 "age",
                                                                 "birth date",
                                                                 "height",
                                                                 "weight",
                                                                 "sex",
                                                                 "race",
                                                                 "medication",
                                                                 "systolic pressure",
                                                                 "diastolic pressure",
                                                                 "indication",
                                                                 "acquiring device",
                                                                 "analysing device",
                                                                 "acquiring institution",
                                                                 "analysing institution",
                                                                 "acquiring department",
                                                                 "analysing department",
                                                                 "referring physician",
                                                                 "confirming physician",
                                                                 "technician",
                                                                 "room",
                                                                 "stat code",
                                                                 "acquisition date",
                                                                 "acquisition time",
                                                                 "baseline filter",
                                                                 "low-pass filter",
                                                                 "filters",
                                                                 "free text",
                                                                 "sequence number",
                                                                 "medical history codes",
                                                                 "electrode configuration",
                                                                 "time zone",
                                                                 "medical history"};
        auto name = tag < kNames.size() ? std::string(kNames[tag]) : "tag " + std::to_string(tag);
        if (std::find(removed_.begin(), removed_.end(), name) == removed_.end())
            removed_.push_back(std::move(name));
    }

    // As the file says it, while it is one of many; else in years.
    void putAge(Bytes& body, std::span<const std::byte> said, const std::string& born, const std::string& date) {
        auto years = scp::ageOf(said);
        if (years && groupedAge(*years) == *years) {
            putTag(body, 4, said.first(3));
            return;
        }
        if (!years)
            years = timestamp::yearsBetween(born, date);
        if (!years)
            return;
        put(body, std::uint64_t{4}, 1);
        put(body, std::uint64_t{3}, 2);
        put(body, static_cast<std::uint64_t>(groupedAge(*years)), 2);
        put(body, std::uint64_t{1}, 1); // years
    }

    // The kind of device and what it can do; no number of its own, no text.
    void putDevice(Bytes& body, std::uint8_t tag, std::span<const std::byte> value) {
        if (value.size() < 19)
            return;
        Bytes device(6);                   // institution, department, device number
        put(device, value.subspan(6, 2));  // type, manufacturer's code
        device.resize(device.size() + 6);  // model
        put(device, value.subspan(14, 5)); // protocol, compatibility, language, capabilities, mains
        device.resize(device.size() + 16); // reserved
        put(device, std::uint64_t{1}, 1);  // five empty strings follow, the first of one byte
        device.resize(device.size() + 5);
        putTag(body, tag, device);
        removed_.emplace_back(tag == 14 ? "acquiring device's numbers and texts"
                                        : "analysing device's numbers and texts");
    }

    void putDate(Bytes& body, const std::string& date) const {
        const auto moved = shiftedDate(date, days_);
        const auto part = [&](std::size_t at, std::size_t size) {
            return static_cast<std::uint64_t>(
                moved.size() >= 10 ? text::integer(std::string_view(moved).substr(at, size)).value_or(0) : 0);
        };
        put(body, part(0, 4), 2);
        put(body, part(5, 2), 1);
        put(body, part(8, 2), 1);
    }

    // ---- sections 2 to 6

    Result<Done> signal(const scp::Signals& decoded) {
        if (signal_.huffman != nullptr) {
            const auto tables = scp::HuffmanTables::parse(signal_.huffman->body, in_.string());
            if (!tables)
                return tables.as<Done>();
            keep(2, tables->bytesParsed());
        }
        keep(3, 2 + 9 * signal_.layout.leads.size());
        if (signal_.beats)
            keep(4, signal_.beats->bytesParsed);
        if (signal_.reference)
            keepBlock(5, *signal_.reference, decoded.referenceBytesUsed);
        keepBlock(6, *signal_.rhythm, decoded.rhythmBytesUsed);
        return Done{};
    }

    void keep(std::uint16_t id, std::size_t bytes) {
        const auto body = container_.find(id)->body;
        const auto used = body.first(std::min(bytes, body.size()));
        bodies_[id] = Bytes(used.begin(), used.end());
    }

    // Of each lead the bytes that samples came from: what lies behind them is no signal.
    void keepBlock(std::uint16_t id, const scp::Block& block, const std::vector<std::size_t>& used) {
        Bytes body;
        put(body, container_.find(id)->body.first(6));
        Bytes coded;
        for (std::size_t l = 0; l < block.coded.size(); ++l) {
            auto size = std::min(used[l], block.coded[l].size());
            put(coded, block.coded[l].first(size));
            if (size % 2 != 0 && size < block.coded[l].size()) {
                coded.push_back(std::byte{0});
                ++size;
            }
            put(body, size, 2);
        }
        put(body, coded);
        bodies_[id] = std::move(body);
    }

    // ---- sections 7, 10, 11

    void measurements() {
        if (const auto* section = container_.find(7))
            keepGlobal(*section);
        if (const auto* section = container_.find(10))
            keepLeads(*section);
        if (const auto* section = container_.find(11))
            keepCodes(*section);
    }

    void keepGlobal(const scp::Section& section) {
        const auto defined = scp::definedGlobalBytes(section.body);
        if (defined.bytes == 0)
            return;
        Bytes body(section.body.begin(), section.body.begin() + static_cast<std::ptrdiff_t>(defined.bytes));
        for (std::size_t i = defined.typesAt; i < defined.typesAt + defined.types; ++i)
            if (std::to_integer<unsigned>(body[i]) >= 32) // a type of beat is a small number
                body[i] = std::byte{0xFF};
        if (defined.complete)
            put(body, std::uint64_t{0}, 2); // no tagged fields
        bodies_[7] = std::move(body);
    }

    void keepLeads(const scp::Section& section) {
        ByteCursor cursor(section.body);
        const unsigned leads = cursor.u16();
        cursor.skip(2);
        Bytes blocks;
        unsigned count = 0;
        for (; count < leads && cursor.left() >= 4; ++count) {
            const auto number = cursor.u16();
            const std::size_t length = cursor.u16();
            const auto values = cursor.bytes(std::min(length, cursor.left()));
            const auto size = std::min(values.size() / 2, kLeadMeasurements) * 2;
            put(blocks, number, 2);
            put(blocks, size, 2);
            put(blocks, values.first(size));
        }
        Bytes body;
        put(body, count, 2);
        put(body, std::uint64_t{0}, 2);
        put(body, blocks);
        bodies_[10] = std::move(body);
    }

    void keepCodes(const scp::Section& section) {
        std::vector<Warning> ignored;
        const auto report = scp::reportOf(section, true, ignored, {});
        Bytes statements;
        std::uint8_t count = 0;
        bool dropped = false;
        for (const auto& statement : report.statements) {
            std::string codes;
            for (const auto& field : statement.fields)
                for (const auto word : text::split(field, ';'))
                    if (statement.kind == scp::Statement::Kind::Coded && isStatementCode(text::trim(word)))
                        codes += std::string(text::trim(word)) + '\0';
                    else
                        dropped = true;
            if (codes.empty())
                continue;
            put(statements, ++count, 1);
            put(statements, codes.size() + 1, 2);
            put(statements, std::uint64_t{1}, 1); // coded
            put(statements, codes);
        }
        if (dropped)
            removed_.emplace_back("statements in words");
        if (count == 0)
            return;
        Bytes body;
        put(body, report.state, 1);
        putDate(body, scp::dateOf(section.body.subspan(std::min<std::size_t>(1, section.body.size()))));
        for (std::size_t i = 5; i < 8; ++i) // time of day
            put(body, i < section.body.size() ? std::to_integer<std::uint64_t>(section.body[i]) : 0, 1);
        put(body, count, 1);
        put(body, statements);
        bodies_[11] = std::move(body);
    }

    // ---- the file

    static Bytes section(std::uint16_t id, std::uint8_t version, std::uint8_t protocol, std::span<const std::byte> body,
                         std::string_view word) {
        Bytes rest;
        const auto padded = body.size() + body.size() % 2;
        put(rest, id, 2);
        put(rest, padded + scp::kSectionHeader, 4);
        put(rest, version, 1);
        put(rest, protocol, 1);
        put(rest, word);
        rest.resize(scp::kSectionHeader - 2); // without the checksum
        put(rest, body);
        rest.resize(scp::kSectionHeader - 2 + padded);
        Bytes out;
        put(out, crcCcitt(rest), 2);
        put(out, rest);
        return out;
    }

    Bytes assemble() const {
        const std::size_t pointerBytes = scp::kSectionHeader + 10 * (kLastSection + std::size_t{1});
        Bytes pointers;
        Bytes all;
        put(pointers, std::uint64_t{0}, 2);
        put(pointers, pointerBytes, 4);
        put(pointers, scp::kRecordHeader + 1, 4);
        for (std::uint16_t id = 1; id <= kLastSection; ++id) {
            const auto body = bodies_.find(id);
            Bytes made;
            if (body != bodies_.end() && container_.find(id) != nullptr)
                made = section(id, container_.find(id)->version, container_.find(id)->protocol, body->second, {});
            else if (body != bodies_.end())
                made = section(id, container_.version, container_.version, body->second, {});
            put(pointers, id, 2);
            put(pointers, made.size(), 4);
            put(pointers, made.empty() ? 0 : scp::kRecordHeader + pointerBytes + all.size() + 1, 4);
            put(all, made);
        }
        const auto first = section(0, container_.version, container_.version, pointers, "SCPECG");
        Bytes rest;
        put(rest, scp::kRecordHeader + first.size() + all.size(), 4);
        put(rest, first);
        put(rest, all);
        Bytes out;
        put(out, crcCcitt(rest), 2);
        put(out, rest);
        return out;
    }

    std::span<const std::byte> bytes_;
    const fs::path& in_;
    const IdentityMap& identities_;
    scp::Container container_;
    scp::SignalSections signal_;
    int days_ = 0;
    std::map<std::uint16_t, Bytes> bodies_;
    std::vector<std::string> removed_;
};

} // namespace

Result<std::vector<std::byte>> deidentifiedScp(std::span<const std::byte> bytes, const fs::path& in,
                                               const IdentityMap& identities, std::vector<std::string>& removed) {
    Copy copy(bytes, in, identities);
    auto made = copy.make();
    removed = std::move(copy).removed();
    return made;
}

Result<DeidentifyReport> deidentifyScp(const fs::path& in, const fs::path& out, const IdentityMap& identities) {
    const auto bytes = readFile(in, kMaxBytes);
    if (!bytes)
        return bytes.as<DeidentifyReport>();
    DeidentifyReport report;
    const auto made = deidentifiedScp(*bytes, in, identities, report.removed);
    if (!made)
        return made.as<DeidentifyReport>();
    if (auto written = writeFileAtomically(out, *made); !written)
        return written.as<DeidentifyReport>();
    report.written.push_back(out);
    return report;
}

} // namespace precordia
