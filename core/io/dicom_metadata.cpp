// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_metadata.h"

#include "core/io/header_comments.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"

#include <cmath>
#include <optional>
#include <utility>

namespace precordia::dicom {

namespace {

// "Doe^Jane^^Dr." as it stands; an ideographic or phonetic form after "=" is another spelling of the same.
std::string nameOf(DcmItem& item, const DcmTagKey& tag) {
    auto name = stringOf(item, tag);
    name.resize(std::min(name.size(), name.find('=')));
    while (!name.empty() && (name.back() == '^' || name.back() == ' '))
        name.pop_back();
    return name;
}

std::string firstOf(DcmItem& item, std::initializer_list<DcmTagKey> tags) {
    for (const auto& tag : tags)
        if (auto name = nameOf(item, tag); !name.empty())
            return name;
    return {};
}

std::string recordedAt(DcmDataset& data) {
    const std::pair<DcmTagKey, DcmTagKey> pairs[] = {
        {DCM_AcquisitionDate, DCM_AcquisitionTime}, {DCM_ContentDate, DCM_ContentTime}, {DCM_StudyDate, DCM_StudyTime}};
    auto when = timestamp::fromDicom(stringOf(data, DCM_AcquisitionDateTime));
    for (const auto& [date, time] : pairs)
        if (when.empty())
            when = timestamp::fromDicom(stringOf(data, date) + stringOf(data, time));
    return when.starts_with("1900-01-01") ? "" : when; // what stands where no time is known
}

void readContext(DcmDataset& data, Metadata& metadata) {
    forEachItem(data, DCM_AcquisitionContextSequence, [&](DcmItem& item) {
        const auto concept_ = codeOf(item, DCM_ConceptNameCodeSequence);
        const auto name = concept_.meaning.empty() ? concept_.value : concept_.meaning;
        const auto code = codeOf(item, DCM_ConceptCodeSequence);
        auto value = code.meaning.empty() ? code.value : code.meaning;
        if (value.empty())
            if (const auto number = numberOf(item, DCM_NumericValue))
                value = text::shortest(*number) + " " + codeOf(item, DCM_MeasurementUnitsCodeSequence).value;
        if (value.empty())
            value = stringOf(item, DCM_TextValue);
        if (!name.empty() && !value.empty())
            metadata.comments.push_back(name + ": " + std::string(text::trim(value)));
    });
}

} // namespace

void readMetadata(DcmDataset& data, Metadata& metadata) {
    metadata.patientId = stringOf(data, DCM_PatientID);
    metadata.sex = parseSex(stringOf(data, DCM_PatientSex));
    metadata.recordedAt = recordedAt(data);
    auto& identity = metadata.identity;
    identity.patientName = nameOf(data, DCM_PatientName);
    identity.birthDate = timestamp::fromDicom(stringOf(data, DCM_PatientBirthDate));
    identity.institution = stringOf(data, DCM_InstitutionName);
    identity.operatorName = nameOf(data, DCM_OperatorsName);
    identity.physician = firstOf(data, {DCM_ReferringPhysicianName, DCM_PerformingPhysicianName,
                                        DCM_NameOfPhysiciansReadingStudy, DCM_PhysiciansOfRecord});
    metadata.ageYears = parseAgeYears(stringOf(data, DCM_PatientAge));
    if (!metadata.ageYears)
        metadata.ageYears = timestamp::yearsBetween(identity.birthDate, metadata.recordedAt);
    const auto maker = stringOf(data, DCM_Manufacturer);
    const auto model = stringOf(data, DCM_ManufacturerModelName);
    metadata.device = maker.empty() || text::lower(maker) == "unknown" ? model
                      : model.empty()                                  ? maker
                                                                       : maker + " " + model;
    readContext(data, metadata);
    for (const auto& [tag, name, unit] :
         {std::tuple{DCM_PatientSize, "Height", " m"}, std::tuple{DCM_PatientWeight, "Weight", " kg"}})
        if (const auto value = numberOf(data, tag); value && *value > 0)
            metadata.comments.push_back(std::string(name) + ": " + text::shortest(*value) + unit);
}

void checkUids(DcmDataset& data, Recording& recording) {
    const std::pair<DcmTagKey, const char*> uids[] = {{DCM_SOPInstanceUID, "SOP Instance UID"},
                                                      {DCM_StudyInstanceUID, "Study Instance UID"},
                                                      {DCM_SeriesInstanceUID, "Series Instance UID"}};
    for (const auto& [tag, name] : uids)
        if (!validUid(stringOf(data, tag)))
            recording.warnings.push_back({WarningCode::InvalidIdentifier, "not a valid UID", name});
}

} // namespace precordia::dicom
