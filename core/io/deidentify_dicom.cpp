// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_dicom.h"

#include "core/io/deidentify_dicom_table.h"
#include "core/io/dicom_build.h"
#include "core/io/dicom_file.h"
#include "core/io/dicom_metadata.h"
#include "core/io/text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStandardRoot = "1.2.840.10008.";

using dicom::Rule;

bool isDigits(std::string_view words) {
    return !words.empty() &&
           std::all_of(words.begin(), words.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

class Profile {
public:
    Profile(const IdentityMap& identities, std::string patientId, const std::string& stem)
        : identities_(identities)
        , patient_(patientId.empty() ? stem : std::move(patientId))
        , days_(identities.dateShiftDays(patient_)) {}

    // What may stay of `in`, which stands in the sequence `parent`, put into `out`. False when an element could not be
    // handed on.
    bool copy(DcmItem& in, DcmItem& out, const DcmTagKey& parent = {}) {
        bool whole = true;
        for (auto* object = in.nextInContainer(nullptr); object != nullptr; object = in.nextInContainer(object)) {
            auto& element = *static_cast<DcmElement*>(object);
            if (dicom::belongs(element.getTag().getXTag(), parent))
                whole = apply(in, element, out) && whole;
            else
                note(element);
        }
        return whole;
    }

    std::string uid(const std::string& uid) const {
        return uid.empty() || uid.starts_with(kStandardRoot) ? uid : identities_.uid(uid);
    }
    std::string pseudonym() const { return identities_.pseudonym(patient_); }
    const std::set<std::string>& removed() const { return removed_; }

private:
    bool apply(DcmItem& in, DcmElement& element, DcmItem& out) {
        const DcmTagKey key = element.getTag().getXTag();
        const auto rule = dicom::ruleFor(key);
        switch (rule) {
        case Rule::Remove:
            note(element);
            return true;
        case Rule::Binary:
            return copyBinary(element, out);
        case Rule::Code:
            dicom::forEachItem(in, key, [&](DcmItem& item) { copyCode(item, key, element, out); });
            return true;
        case Rule::Items:
            return copyItems(in, key, element, out);
        default:
            break;
        }
        const auto before = dicom::stringOf(in, key);
        auto after = before.empty() ? std::string() : replaced(rule, before);
        // Without it the samples would be taken for what they may not be.
        if (key == DCM_WaveformSampleInterpretation && after.empty() && !before.empty())
            after = "UNKNOWN";
        if (after != before)
            note(element);
        const bool typeTwo = rule == Rule::Empty || rule == Rule::Maker || rule == Rule::PatientName ||
                             rule == Rule::PatientId || key == DCM_StudyDate || key == DCM_StudyTime ||
                             key == DCM_PatientSex || key == DCM_SeriesNumber;
        if (!after.empty())
            dicom::put(out, key, after);
        else if (typeTwo)
            (void)out.insertEmptyElement(key);
        return true;
    }

    std::string replaced(Rule rule, const std::string& before) const {
        switch (rule) {
        case Rule::Number:
            return eachOf(before, [](std::string_view part) { return text::number(text::trim(part)).has_value(); });
        case Rule::Term:
            return eachOf(before, [](std::string_view part) { return dicom::isTerm(text::trim(part)); });
        case Rule::Charset:
            return eachOf(before, [](std::string_view part) {
                part = text::trim(part);
                return part.empty() || part == "GB18030" || part == "GBK" ||
                       ((part.starts_with("ISO_IR ") && isDigits(part.substr(7))) ||
                        (part.starts_with("ISO 2022 IR ") && isDigits(part.substr(12))));
            });
        case Rule::Uid:
            return uid(before);
        case Rule::StandardUid:
            return before.starts_with(kStandardRoot) && dicom::validUid(before) ? before : "";
        case Rule::Date:
            return movedDate(before);
        case Rule::Time:
            return plainTime(before);
        case Rule::DateTime:
            return movedTimes(before);
        case Rule::Age:
            return grouped(before);
        case Rule::Label:
            return dicom::publicLabel(before);
        case Rule::Lead:
            return dicom::publicLead(before);
        case Rule::Maker:
            return dicom::publicMaker(before);
        case Rule::PatientName:
            return pseudonym() + "^";
        case Rule::PatientId:
            return pseudonym();
        case Rule::Derivation:
            return "Derived";
        default:
            return {};
        }
    }

    // As it stands when every value is of the kind, else nothing.
    template <typename Test>
    static std::string eachOf(const std::string& before, Test test) {
        const auto parts = text::split(before, '\\');
        return std::all_of(parts.begin(), parts.end(), test) ? before : std::string();
    }

    // "20211224", of old also "2021.12.24"
    std::string movedDate(std::string_view before) const {
        std::string digits;
        for (const char c : before.substr(0, 10))
            if (c != '.' && c != '-')
                digits += c;
        if (digits.size() != 8 || !isDigits(digits))
            return {};
        auto moved = shiftedDate(digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2), days_);
        moved.erase(std::remove(moved.begin(), moved.end(), '-'), moved.end());
        return moved;
    }

    static std::string plainTime(std::string_view before) {
        const auto point = before.find('.');
        const auto whole = before.substr(0, point);
        const auto part = point == std::string_view::npos ? std::string_view("0") : before.substr(point + 1);
        return isDigits(whole) && whole.size() <= 6 && isDigits(part) && part.size() <= 6 ? std::string(before)
                                                                                          : std::string();
    }

    // Its zone would say where it was.
    std::string movedTimes(const std::string& before) const {
        std::string out;
        for (const auto one : text::split(before, '\\')) {
            const auto when = text::trim(one).substr(0, text::trim(one).find_first_of("+-&"));
            if (when.size() < 8)
                return {};
            const auto date = movedDate(when.substr(0, 8));
            const auto time = when.size() > 8 ? plainTime(when.substr(8)) : std::string();
            if (date.empty() || (when.size() > 8 && time.empty()))
                return {};
            out += (out.empty() ? "" : "\\") + date + time;
        }
        return out;
    }

    static std::string grouped(std::string_view before) {
        if (before.size() != 4 || !isDigits(before.substr(0, 3)) ||
            std::string_view("DWMY").find(before[3]) == std::string_view::npos)
            return {};
        const auto number = static_cast<double>(text::integer(before.substr(0, 3)).value_or(0));
        const double perYear = before[3] == 'Y' ? 1 : before[3] == 'M' ? 12 : before[3] == 'W' ? 52.18 : 365.25;
        const auto years = number / perYear;
        if (groupedAge(years) == years)
            return std::string(before);
        auto digits = std::to_string(static_cast<int>(groupedAge(years)));
        return std::string(3 - digits.size(), '0') + digits + "Y";
    }

    // Numbers and samples: as the dictionary has the attribute, whatever the file calls it.
    static bool copyBinary(DcmElement& element, DcmItem& out) {
        const DcmTag standard(element.getTag().getXTag());
        if (element.getLengthField() == 0)
            return true;
        if (standard.getEVR() == EVR_US || standard.getEVR() == EVR_UL) {
            if (element.ident() == standard.getEVR())
                return out.insert(static_cast<DcmElement*>(element.clone()), OFTrue).good();
            return true; // another representation: no number, it goes
        }
        if (element.getLengthField() == DCM_UndefinedLength)
            return true;
        Uint16 bits = 16;
        (void)out.findAndGetUint16(DCM_WaveformBitsAllocated, bits);
        auto length = std::uint64_t{element.getLengthField()};
        if (standard.getXTag() == DCM_WaveformData) { // what lies behind the samples that are promised is none
            Uint16 channels = 0;
            Uint32 samples = 0;
            if (out.findAndGetUint16(DCM_NumberOfWaveformChannels, channels).good() &&
                out.findAndGetUint32(DCM_NumberOfWaveformSamples, samples).good())
                length = std::min(length, std::uint64_t{channels} * samples * bits / 8);
        }
        const auto bytes = dicom::bytesOf(element, 0, length);
        if (bytes.empty())
            return false;
        const auto* data = reinterpret_cast<const Uint8*>(bytes.data());
        if (bits == 8)
            return out
                .putAndInsertUint8Array(DcmTag(standard.getXTag(), EVR_OB), data, static_cast<Uint32>(bytes.size()))
                .good();
        std::vector<Uint16> words((bytes.size() + 1) / 2);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            words[i / 2] = static_cast<Uint16>(words[i / 2] | std::to_integer<unsigned>(bytes[i]) << 8 * (i % 2));
        return out
            .putAndInsertUint16Array(DcmTag(standard.getXTag(), EVR_OW), words.data(),
                                     static_cast<unsigned long>(words.size()))
            .good();
    }

    void copyCode(DcmItem& item, const DcmTagKey& key, DcmElement& element, DcmItem& out) {
        const dicom::Code code{dicom::stringOf(item, DCM_CodeValue), dicom::stringOf(item, DCM_CodingSchemeDesignator),
                               dicom::stringOf(item, DCM_CodeMeaning)};
        auto kept = dicom::publicCode(code);
        if (!kept || kept->value != code.value || kept->scheme != code.scheme || kept->meaning != code.meaning)
            note(element);
        if (!kept && key == DCM_ChannelSourceSequence) // type 1
            kept = dicom::Code{"2:0", "MDC", "Unspecified lead"};
        if (kept)
            dicom::putCode(out, key, *kept);
    }

    // Items of which nothing is left but where they point to are left out.
    bool copyItems(DcmItem& in, const DcmTagKey& key, DcmElement& element, DcmItem& out) {
        bool whole = true;
        const bool statements = key == DCM_WaveformAnnotationSequence || key == DCM_AcquisitionContextSequence;
        dicom::forEachItem(in, key, [&](DcmItem& item) {
            auto inner = std::make_unique<DcmItem>();
            whole = copy(item, *inner, key) && whole;
            const bool says =
                dicom::firstItem(*inner, DCM_ConceptNameCodeSequence) != nullptr &&
                (key != DCM_AcquisitionContextSequence ||
                 dicom::firstItem(*inner, DCM_ConceptCodeSequence) != nullptr || inner->tagExists(DCM_NumericValue));
            if (inner->isEmpty() || (statements && !says))
                note(element);
            else
                (void)out.insertSequenceItem(key, inner.release());
        });
        if (key == DCM_AcquisitionContextSequence && !out.tagExists(key))
            (void)out.insertEmptyElement(key); // type 2
        return whole;
    }

    void note(DcmElement& element) {
        if (element.getLengthField() == 0)
            return;
        auto tag = element.getTag();
        removed_.insert(tag.isPrivate() ? "private element " + std::string(tag.getXTag().toString().c_str())
                                        : std::string(tag.getTagName()));
    }

    const IdentityMap& identities_;
    std::string patient_;
    int days_;
    std::set<std::string> removed_;
};

// What was done, in the standard's words (PS3.15, E.2; PS3.16, CID 7050).
void putMethod(DcmDataset& out) {
    dicom::put(out, DCM_PatientIdentityRemoved, "YES");
    dicom::put(out, DCM_DeidentificationMethod, "DICOM PS3.15 Basic Profile as a whitelist");
    for (const auto& code :
         {dicom::Code{"113100", "DCM", "Basic Application Confidentiality Profile"},
          dicom::Code{"113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"},
          dicom::Code{"113108", "DCM", "Retain Patient Characteristics Option"}})
        dicom::putCode(out, DCM_DeidentificationMethodCodeSequence, code);
    dicom::put(out, DCM_LongitudinalTemporalInformationModified, "MODIFIED");
}

// Many files tell the age by the birth date alone, which goes.
void keepAge(DcmDataset& data, DcmDataset& cleaned) {
    Metadata metadata;
    dicom::readMetadata(data, metadata);
    if (!dicom::stringOf(cleaned, DCM_PatientAge).empty() || !metadata.ageYears)
        return;
    const double years = groupedAge(*metadata.ageYears);
    const bool small = years < 2; // PS3.5, 6.2: AS; months for the smallest
    const auto digits = std::to_string(static_cast<int>(small ? years * 12 : years));
    if (digits.size() <= 3)
        dicom::put(cleaned, DCM_PatientAge, std::string(3 - digits.size(), '0') + digits + (small ? "M" : "Y"));
}

} // namespace

Result<DeidentifyReport> deidentifyDicom(const fs::path& in, const fs::path& out, const IdentityMap& identities) {
    auto file = dicom::open(in);
    if (!file)
        return file.as<DeidentifyReport>();
    auto& data = *file->dataset;
    if (dicom::firstItem(data, DCM_WaveformSequence) == nullptr)
        return makeError(ErrorCode::FormatUnsupported, "a DICOM object without waveforms is not de-identified",
                         in.string());
    if (!dicom::stringOf(data, DCM_SOPClassUID).starts_with(kStandardRoot))
        return makeError(ErrorCode::FormatUnsupported, "an object of a private or unnamed class is not de-identified",
                         in.string());
    Profile profile(identities, dicom::stringOf(data, DCM_PatientID), in.stem().string());
    DcmDataset cleaned;
    if (!profile.copy(data, cleaned))
        return makeError(ErrorCode::FileUnreadable, "its samples could not be read", in.string());
    putMethod(cleaned);
    for (const auto& tag : {DCM_PatientName, DCM_PatientID})
        dicom::put(cleaned, tag, tag == DCM_PatientName ? profile.pseudonym() + "^" : profile.pseudonym());
    keepAge(data, cleaned);
    if (dicom::stringOf(cleaned, DCM_StudyID).empty())
        dicom::put(cleaned, DCM_StudyID, "1");
    if (!cleaned.containsExtendedCharacters(OFTrue))
        (void)cleaned.findAndDeleteElement(DCM_SpecificCharacterSet);
    else
        dicom::put(cleaned, DCM_SpecificCharacterSet, "ISO_IR 192");
    if (auto saved = dicom::save(cleaned, out); !saved)
        return saved.as<DeidentifyReport>();
    DeidentifyReport report;
    report.removed.assign(profile.removed().begin(), profile.removed().end());
    report.written.push_back(out);
    return report;
}

} // namespace precordia
