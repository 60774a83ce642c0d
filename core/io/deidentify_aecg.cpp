// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept of an HL7 annotated ECG: waveforms, codes, annotations by code, measurements, filters, sex, age and the
// moved times. Trial, site, sponsor, people, device and every text and display name go.
#include "core/io/aecg_reader.h"
#include "core/io/deidentify_xml.h"
#include "core/io/text.h"

#include <cmath>

namespace precordia {

namespace {

using deidentify_xml::Keep;
using deidentify_xml::Rule;

constexpr std::string_view kSystems =
    "2.16.840.1.113883.6.24|2.16.840.1.113883.5.4|2.16.840.1.113883.6.12|2.16.840.1.113883.5.1|2.16.840.1.113883.6.1";
constexpr std::string_view kTypes =
    "GLIST_TS|GLIST_PQ|SLIST_TS|SLIST_PQ|SLIST_INT|SLIST_REAL|IVL_TS|IVL_PQ|PQ|TS|CE|CD|CV|"
    "ST|INT|REAL";
constexpr std::string_view kUnits = "uV|mV|nV|V|s|ms|us|min|Hz|kHz|deg|rad|bpm|/min|1/min|a|mo|wk|d|h|1|%";
constexpr std::string_view kAgeCodes = "21612-7|30525-0|MDC_ECG_AGE";

bool isAge(const xml::Element& value) {
    const auto code = value.parent().attributeOf("code", "code");
    return code == "21612-7" || code == "30525-0" || code == "MDC_ECG_AGE";
}

double yearsPerUnit(const xml::Element& value) {
    const auto unit = value.attribute("unit");
    return unit == "mo" ? 1 / 12.0 : unit == "wk" ? 1 / 52.1775 : unit == "d" ? 1 / 365.2425 : 1;
}

constexpr Rule kRules[] = {
    {"AnnotatedECG@type", Keep::Word, "Observation"},
    {"AnnotatedECG/id"},
    {"AnnotatedECG/id@root", Keep::Uid},
    {"AnnotatedECG/code"},
    {"AnnotatedECG/code@code", Keep::Word, "93000"},
    {"AnnotatedECG/effectiveTime"},
    {"series/effectiveTime"},
    {"derivedSeries/effectiveTime"},
    {"effectiveTime/low"},
    {"effectiveTime/high"},
    {"effectiveTime/center"},
    {"effectiveTime/low@value", Keep::Moment},
    {"effectiveTime/high@value", Keep::Moment},
    {"effectiveTime/center@value", Keep::Moment},
    {"low@inclusive", Keep::Word, "true|false"},
    {"high@inclusive", Keep::Word, "true|false"},
    {"AnnotatedECG/componentOf"},
    {"componentOf/timepointEvent"},
    {"timepointEvent/componentOf"},
    {"componentOf/subjectAssignment"},
    {"subjectAssignment/subject"},
    {"subject/trialSubject"},
    {"trialSubject/id"},
    {"trialSubject/id@extension", Keep::PatientId},
    {"trialSubject/id@root",
     Keep::PatientId,
     {},
     [](const xml::Element& id) { return id.attribute("extension").empty(); }},
    {"trialSubject/subjectDemographicPerson"},
    {"subjectDemographicPerson/administrativeGenderCode"},
    {"administrativeGenderCode@code", Keep::Word, "M|F|UN"},
    {"AnnotatedECG/controlVariable"},
    {"controlVariable/relatedObservation"},
    {"relatedObservation/code"},
    {"relatedObservation/code@code", Keep::Word, kAgeCodes},
    {"relatedObservation/value"},
    {"relatedObservation/value@xsi:type", Keep::Word, kTypes},
    {"relatedObservation/value@value", Keep::Age, {}, isAge},
    {"relatedObservation/value@unit", Keep::Word, "a|mo|wk|d"},
    {"component"},
    {"component/series"},
    {"series/derivation"},
    {"derivation/derivedSeries"},
    {"series/id"},
    {"series/id@root", Keep::Uid},
    {"derivedSeries/id"},
    {"derivedSeries/id@root", Keep::Uid},
    {"series/code"},
    {"series/code@code", Keep::Word, "RHYTHM|REPRESENTATIVE_BEAT|MEDIAN_BEAT"},
    {"derivedSeries/code"},
    {"derivedSeries/code@code", Keep::Word, "RHYTHM|REPRESENTATIVE_BEAT|MEDIAN_BEAT"},
    {"series/controlVariable"},
    {"derivedSeries/controlVariable"},
    {"controlVariable/controlVariable"},
    {"component/controlVariable"},
    {"controlVariable/code"},
    {"controlVariable/code@code", Keep::MdcCode},
    {"controlVariable/value"},
    {"controlVariable/value@value", Keep::Number},
    {"component/sequenceSet"},
    {"component/sequence"},
    {"sequence/code"},
    {"sequence/code@code", Keep::MdcCode},
    {"sequence/value"},
    {"value/head"},
    {"value/increment"},
    {"value/origin"},
    {"value/scale"},
    {"value/digits", Keep::Digits},
    {"head@value", Keep::Timestamp},
    {"increment@value", Keep::Number},
    {"origin@value", Keep::Timestamp},
    {"scale@value", Keep::Number},
    {"series/subjectOf"},
    {"derivedSeries/subjectOf"},
    {"subjectOf/annotationSet"},
    {"annotationSet/activityTime"},
    // That a person or a device made them, not who.
    {"annotationSet/author"},
    {"author/assignedEntity"},
    {"assignedEntity/assignedAuthorType"},
    {"assignedAuthorType/assignedPerson"},
    {"assignedAuthorType/assignedDevice"},
    {"activityTime@value", Keep::Moment},
    {"component/annotation"},
    {"annotation/code"},
    {"annotation/code@code", Keep::MdcCode},
    {"annotation/value"},
    {"annotation/value@code", Keep::MdcCode},
    {"annotation/value@value", Keep::Number},
    {"annotation/support"},
    {"support@typeCode", Keep::Word, "SPRT"},
    {"support/supportingROI"},
    {"supportingROI@classCode", Keep::Word, "ROIBND"},
    {"supportingROI/code"},
    {"supportingROI/code@code", Keep::MdcCode},
    {"component/boundary"},
    {"boundary/code"},
    {"boundary/code@code", Keep::MdcCode},
    {"boundary/value"},
    {"boundary/value@value", Keep::Timestamp},
    {"value/low"},
    {"value/high"},
    {"value/low@value", Keep::Timestamp},
    {"value/high@value", Keep::Timestamp},
    {"value@xsi:type", Keep::Word, kTypes},
    {"value@unit", Keep::Word, kUnits},
    {"low@unit", Keep::Word, kUnits},
    {"high@unit", Keep::Word, kUnits},
    {"head@unit", Keep::Word, kUnits},
    {"increment@unit", Keep::Word, kUnits},
    {"origin@unit", Keep::Word, kUnits},
    {"scale@unit", Keep::Word, kUnits},
    {"code@codeSystem", Keep::Word, kSystems},
};

bool reportsAge(const xml::Element& root) {
    for (const auto& variable : root.children("controlVariable"))
        if (isAge(variable.path("relatedObservation/value")))
            return true;
    return false;
}

deidentify_xml::Format format(const Recording& recording) {
    const auto age = recording.metadata.ageYears;
    return {.rootTag = "AnnotatedECG xmlns=\"urn:hl7-org:v3\" xmlns:voc=\"urn:hl7-org:v3/voc\" "
                       "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
            .rules = kRules,
            .yearsPerUnit = yearsPerUnit,
            // The age at the recording takes the place of the birth date.
            .before = [age](const xml::Element& element) -> std::string {
                const auto root = element.parent();
                if (!age || root.name() != "AnnotatedECG" || element != root.child("component") || reportsAge(root))
                    return {};
                return "<controlVariable><relatedObservation><code code=\"21612-7\" "
                       "codeSystem=\"2.16.840.1.113883.6.1\"/><value xsi:type=\"PQ\" value=\"" +
                       text::shortest(std::floor(groupedAge(*age))) +
                       "\" unit=\"a\"/></relatedObservation></controlVariable>";
            }};
}

} // namespace

Result<DeidentifyReport> deidentifyAecg(const std::filesystem::path& in, const std::filesystem::path& out,
                                        const IdentityMap& identities) {
    return deidentify_xml::deidentify(in, out, identities, format, readAecg);
}

} // namespace precordia
