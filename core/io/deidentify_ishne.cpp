// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_ishne.h"

#include "core/base/file.h"
#include "core/io/byte_cursor.h"
#include "core/io/crc_ccitt.h"
#include "core/io/ishne_annotation.h"
#include "core/io/ishne_header.h"
#include "core/io/ishne_reader.h"
#include "core/io/text.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kChunkBytes = 1U << 20U;
constexpr std::uint64_t kMaxTextBytes = 64U << 20U;
constexpr std::uint64_t kMaxAnnotationBytes = 8U << 20U;

using Bytes = std::vector<std::byte>;

// Puts what may stay of a header into one of zeros.
class HeaderCopy {
public:
    HeaderCopy(std::span<const std::byte> from, Bytes& to) : from_(from), to_(to) {}

    void keep(std::size_t at, std::size_t size) {
        std::copy_n(from_.begin() + static_cast<std::ptrdiff_t>(at), size,
                    to_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void text(std::size_t at, std::size_t size, std::string_view words) {
        const auto bytes = std::as_bytes(std::span(words.substr(0, size)));
        std::copy(bytes.begin(), bytes.end(), to_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void number(std::size_t at, std::size_t size, std::int64_t value) {
        for (std::size_t i = 0; i < size; ++i)
            to_[at + i] = static_cast<std::byte>(static_cast<std::uint64_t>(value) >> 8U * i & 0xFFU);
    }
    void date(std::size_t at, const std::string& iso) { // day, month, year; -9 where there is none
        const auto part = [&](std::size_t from, std::size_t size) {
            return iso.empty() ? -9 : text::integer(std::string_view(iso).substr(from, size)).value_or(-9);
        };
        number(at, 2, part(8, 2));
        number(at + 2, 2, part(5, 2));
        number(at + 4, 2, part(0, 4));
    }

private:
    std::span<const std::byte> from_;
    Bytes& to_;
};

class Copy {
public:
    Copy(const fs::path& in, const IdentityMap& identities) : in_(in), identities_(identities) {}

    Result<DeidentifyReport> make(const fs::path& out) {
        const auto source = RandomAccess::open(in_);
        if (!source)
            return source.as<DeidentifyReport>();
        // Reads as the reader does, so that what it refuses is not written.
        ReadOptions options;
        options.metadataOnly = true;
        if (const auto readable = readIshne(**source, in_.string(), options); !readable)
            return readable.as<DeidentifyReport>();
        const auto beside = ishneAnnotationsBeside(in_);
        auto besideOut = out;
        besideOut.replace_extension(".ann");
        if (std::error_code ec; !beside.empty() && (besideOut == out || fs::exists(besideOut, ec)))
            return makeError(ErrorCode::AlreadyExists, "the annotations would be written over it", besideOut.string());

        DeidentifyReport report;
        NewFile file(out);
        if (auto done = recording(**source, file); !done)
            return done.as<DeidentifyReport>();
        report.written.push_back(out);
        if (!beside.empty()) {
            const auto marks = annotations(beside);
            if (marks.ok()) {
                if (auto done = writeFileAtomically(besideOut, *marks); !done)
                    return done.as<DeidentifyReport>();
                report.written.push_back(besideOut);
            } else {
                removed_.emplace_back("annotation file, which could not be read");
            }
        }
        if (auto done = file.appear(); !done) {
            std::error_code ec;
            if (report.written.size() > 1)
                fs::remove(besideOut, ec);
            return done.as<DeidentifyReport>();
        }
        report.removed = std::move(removed_);
        return report;
    }

private:
    void note(bool there, std::string what) {
        if (there && std::find(removed_.begin(), removed_.end(), what) == removed_.end())
            removed_.push_back(std::move(what));
    }

    // All before the samples, with zeros for what goes.
    Result<Bytes> headerOf(const RandomAccess& source, const ishne::Header& header) {
        const auto size = header.dataAt;
        if (size > kMaxTextBytes)
            return makeError(ErrorCode::FormatUnsupported,
                             "its text has " + std::to_string(size - ishne::kHeaderBytes) + " bytes", in_.string());
        Bytes from(ishne::kHeaderBytes);
        if (auto done = source.read(0, from); !done)
            return done.as<Bytes>();
        Bytes to(static_cast<std::size_t>(size));
        HeaderCopy copy(from, to);
        if (!patient_) // the recording comes first; its annotations are of the same patient
            patient_ = header.id;
        const auto days = identities_.dateShiftDays(patient_->empty() ? in_.stem().string() : *patient_);
        copy.keep(0, 8); // magic
        copy.number(10, 4, static_cast<std::int64_t>(size - ishne::kHeaderBytes));
        copy.keep(14, 4); // samples
        copy.number(18, 4, static_cast<std::int64_t>(ishne::kHeaderBytes));
        copy.number(22, 4, static_cast<std::int64_t>(size));
        copy.keep(26, 2); // version
        copy.text(108, 20, identities_.pseudonym(*patient_));
        copy.number(128, 2, header.sex == 1 || header.sex == 2 ? header.sex : 0);
        copy.date(132, {});
        copy.date(138, shiftedDate(header.recordDate, days));
        copy.date(144, shiftedDate(header.fileDate, days));
        copy.keep(150, 8); // time of day, number of leads
        const auto leads = static_cast<std::size_t>(std::clamp(header.leads, 0, static_cast<int>(ishne::kSlots)));
        for (const std::size_t slots : {158U, 182U, 206U})
            for (std::size_t l = 0; l < ishne::kSlots; ++l)
                if (l < leads)
                    copy.keep(slots + 2 * l, 2);
                else
                    copy.number(slots + 2 * l, 2, -9);
        copy.keep(230, 2); // pacemaker
        const auto recorder = text::lower(header.recorder);
        const bool kind = recorder == "analog" || recorder == "digital";
        if (kind)
            copy.text(232, 40, recorder);
        copy.keep(272, 2); // sampling rate
        copy.number(8, 2, crcCcitt(std::span<const std::byte>(to).subspan(10)));

        note(!header.firstName.empty() || !header.lastName.empty(), "patient name");
        note(!header.id.empty(), "patient id");
        note(!header.birthDate.empty(), "birth date");
        note(!header.recorder.empty() && !kind, "recorder");
        note(!header.proprietary.empty(), "proprietary field");
        note(!header.copyright.empty(), "copyright field");
        note(size > ishne::kHeaderBytes, "text of the variable block");
        note(std::any_of(from.begin() + 434, from.end(), [](std::byte b) { return b != std::byte{0}; }),
             "reserved field");
        return to;
    }

    Result<Done> recording(const RandomAccess& source, NewFile& out) {
        std::vector<Warning> ignored;
        const auto header = ishne::readHeader(source, ishne::kMagic, in_.string(), ignored);
        if (!header)
            return header.as<Done>();
        const auto head = headerOf(source, *header);
        if (!head)
            return head.as<Done>();
        if (auto done = out.write(*head); !done)
            return done;
        // No byte behind the last sample that is read.
        const auto length = ishne::lengthOf(*header, source.size());
        auto left = static_cast<std::uint64_t>(length.read) * 2 * static_cast<std::uint64_t>(header->leads);
        Bytes chunk;
        for (auto at = header->dataAt; left > 0;) {
            chunk.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kChunkBytes)));
            if (auto done = source.read(at, chunk); !done)
                return done;
            if (auto done = out.write(chunk); !done)
                return done;
            at += chunk.size();
            left -= chunk.size();
        }
        return Done{};
    }

    Result<Bytes> annotations(const fs::path& path) {
        const auto bytes = readFile(path, kMaxAnnotationBytes);
        if (!bytes)
            return bytes;
        const auto source = RandomAccess::of(*bytes);
        std::vector<Warning> ignored;
        const auto header = ishne::readHeader(*source, ishne::kAnnotationMagic, path.string(), ignored);
        if (!header)
            return header.as<Bytes>();
        auto out = headerOf(*source, *header);
        if (!out)
            return out;
        ByteCursor cursor(std::span<const std::byte>(*bytes).subspan(static_cast<std::size_t>(header->dataAt)));
        const auto first = cursor.bytes(4);
        out->insert(out->end(), first.begin(), first.end());
        while (cursor.left() >= 4) {
            const auto label = static_cast<char>(cursor.u8());
            cursor.skip(1); // for internal use
            out->push_back(static_cast<std::byte>(ishne::knownLabel(label) ? label : 'U'));
            out->push_back(std::byte{'#'});
            const auto interval = cursor.bytes(2);
            out->insert(out->end(), interval.begin(), interval.end());
        }
        return out;
    }

    const fs::path& in_;
    const IdentityMap& identities_;
    std::optional<std::string> patient_;
    std::vector<std::string> removed_;
};

} // namespace

Result<DeidentifyReport> deidentifyIshne(const fs::path& in, const fs::path& out, const IdentityMap& identities) {
    return Copy(in, identities).make(out);
}

} // namespace precordia
