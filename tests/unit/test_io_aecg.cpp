// SPDX-License-Identifier: GPL-3.0-or-later
// Annotated ECGs put together by hand after the implementation guide; values and samples are worked out beside them.
#include "core/io/aecg_annotations.h"
#include "core/io/aecg_reader.h"
#include "tests/unit/xml_fixture.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

QByteArray time(const char* code, const char* head, const char* increment, const char* unit = "s") {
    const bool absolute = QByteArray(code) == "TIME_ABSOLUTE";
    return QByteArray("<component><sequence><code code='") + code + "'/><value xsi:type='" +
           (absolute ? "GLIST_TS" : "GLIST_PQ") + "'><head value='" + head + "'" + (absolute ? "" : " unit='s'") +
           "/><increment value='" + increment + "' unit='" + unit + "'/></value></sequence></component>";
}

QByteArray lead(const QByteArray& code, const QByteArray& digits, const char* scale = "2.5", const char* unit = "uV",
                const char* origin = "0", const char* originUnit = "uV") {
    return "<component><sequence><code code='" + code + "'/><value xsi:type='SLIST_PQ'><origin value='" + origin +
           "' unit='" + originUnit + "'/><scale value='" + scale + "' unit='" + unit + "'/><digits>" + digits +
           "</digits></value></sequence></component>";
}

QByteArray set(const QByteArray& sequences) {
    return "<component><sequenceSet>" + sequences + "</sequenceSet></component>";
}

QByteArray series(const QByteArray& inner, const char* code = "RHYTHM", const QByteArray& effective = {}) {
    return QByteArray("<component><series><code code='") + code + "'/>" + effective + inner + "</series></component>";
}

QByteArray document(const QByteArray& inner) {
    return "<AnnotatedECG xmlns='urn:hl7-org:v3' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>" + inner +
           "</AnnotatedECG>";
}

QByteArray annotation(const QByteArray& code, const QByteArray& value, const QByteArray& more = {}) {
    return "<component><annotation><code code='" + code + "'/>" + value + more + "</annotation></component>";
}

QByteArray wave(const char* name) {
    return QByteArray("<value xsi:type='CE' code='MDC_ECG_WAVC_") + name + "'/>";
}

QByteArray quantity(const char* value, const char* unit) {
    return QByteArray("<value xsi:type='PQ' value='") + value + "' unit='" + unit + "'/>";
}

QByteArray roi(const QByteArray& timeCode, const QByteArray& value, const QByteArray& leadCode = {}) {
    auto out = "<support><supportingROI classCode='ROIBND'><code code='ROIPS'/><component><boundary><code code='" +
               timeCode + "'/>" + value + "</boundary></component>";
    if (!leadCode.isEmpty())
        out += "<component><boundary><code code='" + leadCode + "'/></boundary></component>";
    return out + "</supportingROI></support>";
}

QByteArray annotations(const QByteArray& inner, const QByteArray& author = {}) {
    return "<subjectOf><annotationSet>" + author + inner + "</annotationSet></subjectOf>";
}

Result<Recording> read(const QByteArray& file, const ReadOptions& options = {}) {
    const Folder folder;
    return Registry::standard().read(folder.write("x.xml", file), options);
}

QByteArray ramp(int from, int count) {
    QByteArray out;
    for (int i = 0; i < count; ++i)
        out += QByteArray::number(from + i) + ' ';
    return out;
}

const QByteArray kPatient =
    "<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>"
    "<id root='1.2.3' "
    "extension='SUBJECT-7'/><subjectDemographicPerson><name><given>Ann</given><family>Bee</family></name>"
    "<administrativeGenderCode code='F'/><birthTime "
    "value='19100302'/></subjectDemographicPerson></trialSubject></subject>"
    "<componentOf><clinicalTrial><location><trialSite><location><name>Clinic A</name></location></trialSite></location>"
    "<responsibleParty><trialInvestigator><investigatorPerson><name>Dr "
    "C</name></investigatorPerson></trialInvestigator>"
    "</responsibleParty></clinicalTrial></componentOf></subjectAssignment></componentOf></timepointEvent></"
    "componentOf>";

// A file of everything: two leads of 1 s at 100 Hz, a beat of 40 ms at 500 Hz, waves, measurements.
QByteArray whole() {
    const QByteArray device =
        "<author><seriesAuthor><manufacturedSeriesDevice><id extension='SN-99'/><manufacturerModelName>M1"
        "</manufacturerModelName></manufacturedSeriesDevice><manufacturerOrganization><name>Maker</name>"
        "</manufacturerOrganization></seriesAuthor></author><secondaryPerformer><seriesPerformer><assignedPerson>"
        "<name>Tech D</name></assignedPerson></seriesPerformer></secondaryPerformer>";
    const QByteArray filters =
        "<controlVariable><controlVariable><code code='MDC_ECG_CTL_VBL_ATTR_FILTER_LOW_PASS'/><component>"
        "<controlVariable><code code='MDC_ECG_CTL_VBL_ATTR_FILTER_CUTOFF_FREQ'/><value xsi:type='PQ' value='0.15' "
        "unit='kHz'/>"
        "</controlVariable></component></controlVariable></controlVariable>"
        "<controlVariable><controlVariable><code code='MDC_ECG_CTL_VBL_ATTR_FILTER_NOTCH'/><component><controlVariable>"
        "<code code='MDC_ECG_CTL_VBL_ATTR_FILTER_NOTCH_FREQ'/><value xsi:type='PQ' value='50' "
        "unit='Hz'/></controlVariable>"
        "</component></controlVariable></controlVariable>";
    const auto beat = annotation(
        "MDC_ECG_BEAT", "<value xsi:type='CE' code='MDC_ECG_BEAT_NORMAL'/>",
        annotation("MDC_ECG_WAVC", wave("PWAVE"),
                   roi("TIME_ABSOLUTE", "<value xsi:type='IVL_TS'><low value='20200229235959.600'/>"
                                        "<high value='20200229235959.700'/></value>")) +
            annotation("MDC_ECG_WAVC", wave("TWAVE"),
                       roi("TIME_ABSOLUTE", "<value xsi:type='IVL_TS'><high value='20200301000000.100'/></value>")) +
            annotation("MDC_ECG_TIME_PD_PR", quantity("0.16", "s")));
    const auto peak = annotation(
        "MDC_ECG_WAVC_TYPE", wave("RWAVE"),
        annotation("MDC_ECG_WAVC_TYPE", wave("PEAK"), roi("TIME_RELATIVE", quantity("330", "ms"), "MDC_ECG_LEAD_II")));
    const auto outside = annotation("MDC_ECG_WAVC", wave("QRSWAVE"), roi("TIME_RELATIVE", quantity("5", "s")));
    const auto ofLead = annotation("MDC_ECG_TIME_PD_QT", quantity("1", "ms"),
                                   roi("TIME_RELATIVE", quantity("1", "ms"), "MDC_ECG_LEAD_I"));
    const auto global =
        annotation("MDC_ECG_HEART_RATE", quantity("66", "bpm")) +
        annotation("MDC_ECG_RHY", "<value xsi:type='CE' code='MDC_ECG_RHY_SINUS_RHY' displayName='Sinus rhythm'/>") +
        annotation("MDC_ECG_INTERPRETATION_STATEMENT", "<value xsi:type='ST'>Normal ECG</value>");
    const auto representative =
        "<derivation><derivedSeries><code code='REPRESENTATIVE_BEAT'/>" +
        set(time("TIME_RELATIVE", "0.000", "2", "ms") + lead("MDC_ECG_LEAD_I", ramp(0, 20))) +
        annotations(annotation("MDC_ECG_WAVC", wave("QRSWAVE"),
                               roi("TIME_RELATIVE", "<value xsi:type='IVL_PQ'><low value='10' unit='ms'/>"
                                                    "<high value='20' unit='ms'/></value>")) +
                    annotation("MDC_ECG_TIME_PD_QRS", quantity("96", "ms")) +
                    annotation("MDC_ECG_ANGLE_QRS_FRONT", quantity("-30", "deg"))) +
        "</derivedSeries></derivation>";
    return document(
        kPatient + "<pertainsTo><subjectFindingComment><text>Felt well</text></subjectFindingComment></pertainsTo>" +
        series(device + filters +
                   set(time("TIME_ABSOLUTE", "20200229235959.500", "0.01") + lead("MDC_ECG_LEAD_I", ramp(-50, 100)) +
                       lead("MDC_ECG_LEAD_II", ramp(0, 100), "0.001", "mV", "1", "mV")) +
                   annotations(beat + global + ofLead) +
                   annotations(peak + outside,
                               "<author><assignedEntity><assignedAuthorType><assignedPerson><name>Dr E</name>"
                               "</assignedPerson></assignedAuthorType></assignedEntity></author>") +
                   representative,
               "RHYTHM",
               "<effectiveTime><low value='20200229235959.500'/><high value='20200301000000.500'/></effectiveTime>"));
}

const Annotation* find(const Recording& r, const std::string& symbol, const std::string& words) {
    for (const auto& a : r.annotations)
        if (a.symbol == symbol && a.text == words)
            return &a;
    return nullptr;
}

} // namespace

class TestIoAecg : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // value = origin + scale x digit: -50 x 2.5 uV = -125 uV; 1 mV + 3 x 0.001 mV = 1003 uV.
    void wholeFile() {
        const auto r = read(whole());
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->name, std::string("x"));
        QCOMPARE(r->metadata.format, std::string("aecg"));
        QCOMPARE(r->samplingRate, 100.0);
        QCOMPARE(r->samplesPromised, 100);
        QCOMPARE(r->leads.size(), 2U);
        QCOMPARE(r->leads[0].name, std::string("I"));
        QCOMPARE(r->leads[0].samples[0], -125.F);
        QCOMPARE(r->leads[0].samples[99], 122.5F);
        QCOMPARE(r->leads[0].quantum, 2.5);
        QCOMPARE(r->leads[1].samples[3], 1003.F);
        QCOMPARE(r->leads[1].fileUnit, std::string("mV"));
        QCOMPARE(r->leads[1].quantum, 1.0);

        QCOMPARE(r->metadata.patientId, std::string("SUBJECT-7"));
        QCOMPARE(r->metadata.identity.patientName, std::string("Ann Bee"));
        QCOMPARE(r->metadata.identity.birthDate, std::string("1910-03-02"));
        QCOMPARE(r->metadata.identity.institution, std::string("Clinic A"));
        QCOMPARE(r->metadata.identity.physician, std::string("Dr C"));
        QCOMPARE(r->metadata.identity.operatorName, std::string("Tech D"));
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 109.0); // two days before the hundred and tenth birthday
        QCOMPARE(r->metadata.recordedAt, std::string("2020-02-29T23:59:59"));
        QCOMPARE(r->metadata.device, std::string("Maker M1"));
        QCOMPARE(r->metadata.filters.lowPassHz.value_or(0), 150.0);
        QCOMPARE(r->metadata.filters.notchHz.value_or(0), 50.0);
        QVERIFY(!r->metadata.filters.highPassHz);
        QCOMPARE(r->metadata.comments, (std::vector<std::string>{"Felt well"}));
        QCOMPARE(r->metadata.diagnosisTexts, (std::vector<std::string>{"Sinus rhythm", "Normal ECG"}));

        QCOMPARE(r->medianBeats.size(), 1U);
        QCOMPARE(r->medianBeats[0].samplingRate, 500.0);
        QCOMPARE(r->medianBeats[0].leads[0].samples[19], 47.5F);
        QCOMPARE(warnings(*r, WarningCode::SkippedGroup), 1U);
        QCOMPARE(warnings(*r, WarningCode::Annotation), 1U); // the QRS at 5 s
        QCOMPARE(r->warnings.size(), 2U);
    }

    void wavesAndMeasurements() {
        const auto r = read(whole());
        QVERIFY(r.ok());
        QCOMPARE(r->annotations.size(), 4U);
        const auto* onset = find(*r, "(", "p"); // 0.1 s after the start, over the turn of the day
        QVERIFY(onset != nullptr);
        QCOMPARE(onset->sample.value, 10);
        QVERIFY(!onset->lead.valid());
        QCOMPARE(onset->source, std::string("device"));
        QCOMPARE(find(*r, ")", "p")->sample.value, 20);
        QCOMPARE(find(*r, ")", "t")->sample.value, 60);
        const auto* peak = find(*r, "N", "R");
        QVERIFY(peak != nullptr);
        QCOMPARE(peak->sample.value, 33);
        QCOMPARE(peak->lead.value, 1);
        QCOMPARE(peak->source, std::string("reader"));
        const auto& beat = r->medianBeats[0];
        QCOMPARE(find(beat, "(", "N")->sample.value, 5);
        QCOMPARE(find(beat, ")", "N")->sample.value, 10);
        // PR in s from the beat, QRS and axis from the representative beat; the QT of one lead is not the recording's
        QCOMPARE(r->fileMeasurements,
                 (Measurements{{"heart_rate_bpm", 66}, {"pr_ms", 160}, {"qrs_ms", 96}, {"qrs_axis_deg", -30}}));
        const auto bare = read(whole(), withoutAnnotations());
        QVERIFY(bare->annotations.empty() && !bare->fileMeasurements.empty());
    }

    void beatsGiveTheirMiddleValue() {
        QByteArray beats;
        for (const auto* qt : {"410", "390", "400", "1000"})
            beats += annotation("MDC_ECG_BEAT", {}, annotation("MDC_ECG_TIME_PD_QT", quantity(qt, "ms")));
        const auto r = read(document(series(
            set(time("TIME_RELATIVE", "0", "0.01") + lead("MDC_ECG_LEAD_I", ramp(0, 100))) + annotations(beats))));
        QVERIFY(r.ok());
        QCOMPARE(r->fileMeasurements.at("qt_ms"), 400.0); // of 390, 400, 410, 1000 the lower middle
    }

    void namespacePrefixAndUtf16() {
        auto text = QString::fromUtf8(whole());
        text.replace("<AnnotatedECG xmlns=", "<h:AnnotatedECG xmlns:h=")
            .replace("</AnnotatedECG>", "</h:AnnotatedECG>");
        text.replace("<series>", "<h:series>").replace("</series>", "</h:series>");
        QByteArray utf16("\xFF\xFE");
        for (const auto c : text)
            utf16.append(static_cast<char>(c.unicode() & 0xFF)).append(static_cast<char>(c.unicode() >> 8));
        const auto plain = read(whole());
        const auto r = read(utf16);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(sameSignals(*plain, *r));
        QCOMPARE(r->annotations.size(), plain->annotations.size());
    }

    void units_data() {
        QTest::addColumn<QByteArray>("unit");
        QTest::addColumn<float>("value");
        QTest::addColumn<int>("unknown");
        QTest::newRow("uV") << QByteArray("uV") << 6.F << 0;
        QTest::newRow("mV") << QByteArray("mV") << 6000.F << 0;
        QTest::newRow("V") << QByteArray("V") << 6e6F << 0;
        QTest::newRow("nV") << QByteArray("nV") << 0.006F << 0;
        QTest::newRow("none") << QByteArray("") << 6.F << 1;
        QTest::newRow("mmHg") << QByteArray("mmHg") << 6.F << 1;
    }
    void units() {
        QFETCH(QByteArray, unit);
        QFETCH(float, value);
        QFETCH(int, unknown);
        const auto r = read(document(series(set(time("TIME_RELATIVE", "0", "0.002") +
                                                lead("MDC_ECG_LEAD_V1", "3 4", "2", unit.constData(), "0", "")))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples[0], value);
        QCOMPARE(r->leads[0].unit, unknown == 0 ? std::string("uV") : unit.toStdString());
        QCOMPARE(warnings(*r, WarningCode::UnknownUnit), static_cast<std::size_t>(unknown));
    }

    void integersWithoutScale() {
        const auto r =
            read(document(series(set(time("TIME_RELATIVE", "0", "4", "ms") +
                                     "<component><sequence><code code='MDC_ECG_LEAD_AVL'/><value xsi:type='SLIST_INT'>"
                                     "<digits>7 8</digits></value></sequence></component>"))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 250.0);
        QCOMPARE(r->leads[0].name, std::string("aVL"));
        QCOMPARE(r->leads[0].samples, (std::vector<float>{7, 8}));
        QCOMPARE(warnings(*r, WarningCode::GainMissing), 1U);
    }

    void rates_data() {
        QTest::addColumn<QByteArray>("increment");
        QTest::addColumn<QByteArray>("unit");
        QTest::addColumn<double>("rate");
        QTest::newRow("0.001 s") << QByteArray("0.001") << QByteArray("s") << 1000.0;
        QTest::newRow("1 ms") << QByteArray("1") << QByteArray("ms") << 1000.0;
        QTest::newRow("2000 us") << QByteArray("2000") << QByteArray("us") << 500.0;
        QTest::newRow("0.00390625 s") << QByteArray("0.00390625") << QByteArray("s") << 256.0;
        QTest::newRow("0.0027 s") << QByteArray("0.0027") << QByteArray("s") << 1 / 0.0027;
    }
    void rates() {
        QFETCH(QByteArray, increment);
        QFETCH(QByteArray, unit);
        QFETCH(double, rate);
        const auto r = read(document(series(
            set(time("TIME_RELATIVE", "0", increment.constData(), unit.constData()) + lead("MDC_ECG_LEAD_I", "1 2")))));
        QVERIFY(r.ok());
        QCOMPARE(r->samplingRate, rate);
    }

    void leadCodes() {
        const std::pair<const char*, const char*> codes[] = {
            {"MDC_ECG_LEAD_I", "I"}, {"MDC_ECG_LEAD_AVR", "aVR"},   {"MDC_ECG_LEAD_V3R", "V3R"}, {"131073", "I"},
            {"131134", "aVR"},       {"MINDRAY_ECG_LEAD_V2", "V2"}, {"MDC_ECG_HEART_RATE", ""},  {"42", ""},
            {"MDC_ECG_LEAD_X", "X"}};
        for (const auto& [code, name] : codes)
            QCOMPARE(aecg::leadName(code), std::string(name));
    }

    void timestamps() {
        const auto at = [](const char* text) { return aecg::microseconds(text).value_or(-1); };
        QCOMPARE(at("19700101"), 0);
        QCOMPARE(at("197001020000"), 86'400'000'000);
        QCOMPARE(at("19700101000001.25"), 1'250'000);
        QCOMPARE(at("19700101010000+0100"), 0);
        QCOMPARE(at("19691231233000-0030"), 0);
        for (const auto* bad : {"", "1970", "197001", "19701301", "1970010x", "20190229"})
            QVERIFY2(!aecg::microseconds(bad), bad);
    }

    // Four columns of a printed 3 x 4 ECG: one after the other, missing where a lead was not recorded.
    void columnsBecomeOneRecording() {
        QByteArray sets;
        const char* const heads[] = {"20200101000000", "20200101000001", "20200101000002", "20200101000003"};
        const char* const leads[] = {"MDC_ECG_LEAD_I", "MDC_ECG_LEAD_AVR", "MDC_ECG_LEAD_V1", "MDC_ECG_LEAD_V4"};
        for (int i = 3; i >= 0; --i) // in any order
            sets += set(time("TIME_ABSOLUTE", heads[i], "0.01") + lead(leads[i], ramp(1000 * i, 100), "1"));
        const auto r = read(document(series(sets)));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 4U);
        QCOMPARE(r->samples(), 400U);
        const auto& v1 = r->leads[static_cast<std::size_t>(r->find("V1").value)].samples;
        QVERIFY(std::isnan(v1[199]) && std::isnan(v1[300]));
        QCOMPARE(v1[200], 2000.F);
        QCOMPARE(v1[299], 2099.F);
        QCOMPARE(warnings(*r, WarningCode::Gap), 1U);
        QVERIFY(r->otherGroups.empty());
        QCOMPARE(r->metadata.recordedAt, std::string("2020-01-01T00:00:00")); // of the earliest set
    }

    void otherRatesAndSeriesStayApart() {
        const auto two = set(time("TIME_ABSOLUTE", "20200101000000", "0.01") + lead("MDC_ECG_LEAD_I", ramp(0, 100))) +
                         set(time("TIME_ABSOLUTE", "20200101000000", "0.001") + lead("MDC_ECG_LEAD_X", ramp(0, 50)));
        const auto r = read(
            document(series(set(time("TIME_RELATIVE", "0", "0.01") + lead("MDC_ECG_LEAD_V1", ramp(0, 900))), "LATE") +
                     series(two)));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].name, std::string("I")); // RHYTHM, although the other is longer
        QCOMPARE(r->otherGroups.size(), 2U);
        QCOMPARE(warnings(*r, WarningCode::OtherRates), 1U);
        QCOMPARE(warnings(*r, WarningCode::SkippedGroup), 1U);
        QVERIFY(r->medianBeats.empty());
    }

    // Years apart, or by the thousand: memory follows the file, not what it says.
    void setsFarApartStayApart() {
        const auto r = read(document(
            series(set(time("TIME_ABSOLUTE", "19000101000000", "0.001") + lead("MDC_ECG_LEAD_I", ramp(0, 100))) +
                   set(time("TIME_ABSOLUTE", "20200101000000", "0.001") + lead("MDC_ECG_LEAD_II", ramp(0, 99))))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 100U);
        QCOMPARE(r->otherGroups.size(), 1U);
    }

    void contradictions() {
        const auto axes = time("TIME_ABSOLUTE", "20200101000000", "0.01") + time("TIME_RELATIVE", "0", "0.02");
        const auto r = read(document(series(
            set(axes + lead("MDC_ECG_LEAD_I", ramp(0, 300)) + lead("MDC_ECG_LEAD_II", ramp(0, 200) + "nan")), "RHYTHM",
            "<effectiveTime><low value='20200101000000'/><high value='20200101000010'/></effectiveTime>")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(warnings(*r, WarningCode::RateContradiction), 1U);
        QCOMPARE(warnings(*r, WarningCode::LengthContradiction), 2U); // lead II, and 10 s
        QCOMPARE(warnings(*r, WarningCode::Gap), 1U);
        QVERIFY(std::isnan(r->leads[1].samples[200]) && std::isnan(r->leads[1].samples[299]));
    }

    void evenTimesOneByOne() {
        const auto axis = [](const char* digits) {
            return QByteArray(
                       "<component><sequence><code code='TIME_RELATIVE'/><value xsi:type='SLIST_PQ'><origin value='0' "
                       "unit='s'/><scale value='2' unit='ms'/><digits>") +
                   digits + "</digits></value></sequence></component>";
        };
        const auto even = read(document(series(set(axis("0 1 2 3") + lead("MDC_ECG_LEAD_I", "1 2 3 4")))));
        QVERIFY2(even.ok(), failureText(even).c_str());
        QCOMPARE(even->samplingRate, 500.0);
        const auto uneven = read(document(series(set(axis("0 1 3 4") + lead("MDC_ECG_LEAD_I", "1 2 3 4")))));
        QCOMPARE(uneven.error().code, ErrorCode::FormatUnsupported);
    }

    void errors_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<ErrorCode>("code");
        const auto axis = time("TIME_RELATIVE", "0", "0.002");
        QTest::newRow("empty") << document({}) << ErrorCode::FormatInvalid;
        QTest::newRow("no leads") << document(series(set(axis))) << ErrorCode::FormatInvalid;
        QTest::newRow("no time") << document(series(set(lead("MDC_ECG_LEAD_I", "1 2")))) << ErrorCode::FormatInvalid;
        QTest::newRow("no time unit") << document(series(set(time("TIME_RELATIVE", "0", "0.002", "") +
                                                             lead("MDC_ECG_LEAD_I", "1"))))
                                      << ErrorCode::FormatInvalid;
        QTest::newRow("increment 0") << document(
                                            series(set(time("TIME_RELATIVE", "0", "0") + lead("MDC_ECG_LEAD_I", "1"))))
                                     << ErrorCode::FormatInvalid;
        QTest::newRow("word") << document(series(set(axis + lead("MDC_ECG_LEAD_I", "1 two 3"))))
                              << ErrorCode::FormatInvalid;
        QTest::newRow("no digits") << document(series(set(axis + lead("MDC_ECG_LEAD_I", " "))))
                                   << ErrorCode::FormatInvalid;
        QTest::newRow("cut") << whole().left(3000) << ErrorCode::FormatInvalid;
        QTest::newRow("13 samples of 10 s")
            << document(
                   series(set(axis + lead("MDC_ECG_LEAD_II", ramp(0, 13))), "RHYTHM",
                          "<effectiveTime><low value='20200101000000'/><high value='20200101000010'/></effectiveTime>"))
            << ErrorCode::SignalTooShort;
        QByteArray leads;
        for (int i = 0; i < 129; ++i)
            leads += lead("MDC_ECG_LEAD_I", "1");
        QTest::newRow("129 leads") << document(series(set(axis + leads))) << ErrorCode::FormatInvalid;
        leads = leads.left(leads.size() / 129 * 100);
        QTest::newRow("one long among short")
            << document(series(set(axis + leads + lead("MDC_ECG_LEAD_II", QByteArray("1 ").repeated(200'000)))))
            << ErrorCode::FormatInvalid;
    }
    void errors() {
        QFETCH(QByteArray, file);
        QFETCH(ErrorCode, code);
        const auto r = read(file);
        QVERIFY(r.failed());
        QVERIFY2(r.error().code == code, r.error().text().c_str());
        QVERIFY(r.error().where.find("x.xml") != std::string::npos);
    }

    void metadataOnlyAndRange() {
        const auto head = read(whole(), test::metadataOnly());
        QVERIFY(head.ok());
        QCOMPARE(head->samplesPromised, 100);
        QCOMPARE(head->leads.size(), 2U);
        QVERIFY(head->leads[0].samples.empty());
        ReadOptions some;
        some.range = SampleRange{10, 5};
        const auto part = read(whole(), some);
        QCOMPARE(part->samples(), 5U);
        QCOMPARE(part->leads[0].samples[0], -100.F);
    }

    void mutations() {
        Dice dice(7);
        const auto file = whole();
        for (int i = 0; i < 1000; ++i)
            if (const auto r = fromMemory(readAecg, mutated(file, dice)); r.ok())
                for (const auto& lead : r->leads)
                    QCOMPARE(lead.samples.size(), r->samples());
    }

    static std::set<std::string> structural() {
        return {"RHYTHM",
                "REPRESENTATIVE_BEAT",
                "TIME_ABSOLUTE",
                "TIME_RELATIVE",
                "GLIST_TS",
                "GLIST_PQ",
                "SLIST_PQ",
                "uV",
                "mV",
                "s",
                "ms",
                "MDC_ECG_LEAD_I",
                "MDC_ECG_LEAD_II"};
    }

    void deidentified() {
        QCOMPARE(leaks(whole(), structural(), 60), std::string());
        const Folder folder;
        const auto in = folder.write("a.xml", whole());
        const auto report = deidentify(in, folder.path("b.xml"), FixedIdentities());
        QVERIFY2(report.ok(), failureText(report).c_str());
        const auto before = Registry::standard().read(in);
        const auto r = Registry::standard().read(folder.path("b.xml"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(sameSignals(*before, *r));
        QCOMPARE(r->metadata.patientId, std::string("P0123456789ab"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 90.0); // 109, grouped; the birth date is gone
        QVERIFY(r->metadata.identity.birthDate.empty());
        QCOMPARE(r->metadata.recordedAt, std::string("2019-11-21T23:59:59")); // a hundred days before 29 February 2020
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->fileMeasurements, before->fileMeasurements);
        QCOMPARE(r->annotations.size(), before->annotations.size());
        for (std::size_t i = 0; i < r->annotations.size(); ++i) {
            QCOMPARE(r->annotations[i].sample, before->annotations[i].sample); // all clocks moved alike
            QCOMPARE(r->annotations[i].source, before->annotations[i].source); // a reader, or the device
        }
        QVERIFY(std::any_of(r->annotations.begin(), r->annotations.end(),
                            [](const Annotation& a) { return a.source == "reader"; }));
        QCOMPARE(r->metadata.diagnosisTexts, (std::vector<std::string>{"MDC_ECG_RHY_SINUS_RHY"})); // by its code alone
        QVERIFY(r->metadata.comments.empty() && r->metadata.device.empty());
        const auto again = deidentify(in, folder.path("b.xml"), FixedIdentities());
        QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
    }

    // The same recording as DICOM, read by another reader from another encoding.
    void realFileAgreesWithDicom() {
        const auto path = sharedData("formats/aecg/Example.xml");
        const auto other = sharedData("formats/dicom/Example.dcm");
        if (!QFile::exists(path) || !QFile::exists(other))
            QSKIP("no annotated ECG with its DICOM twin here: set PRECORDIA_DATA");
        const auto r = Registry::standard().read(path.toStdString());
        const auto d = Registry::standard().read(other.toStdString());
        QVERIFY2(r.ok() && d.ok(), (failureText(r) + failureText(d)).c_str());
        QCOMPARE(r->samplingRate, d->samplingRate);
        QCOMPARE(r->samples(), d->samples());
        QCOMPARE(r->leads.size(), 12U);
        const auto compare = [](const Recording& a, const Recording& b) {
            double worst = 0;
            for (const auto& lead : a.leads) {
                const auto at = b.find(lead.name);
                if (!at.valid())
                    return 1e9;
                const auto& twin = b.leads[static_cast<std::size_t>(at.value)];
                for (std::size_t i = 0; i < std::min(lead.samples.size(), twin.samples.size()); ++i)
                    worst = std::max<double>(worst, std::abs(lead.samples[i] - twin.samples[i]) /
                                                        std::max(lead.quantum, twin.quantum));
            }
            return worst;
        };
        QVERIFY2(compare(*r, *d) <= 0.51, std::to_string(compare(*r, *d)).c_str()); // within rounding
        QCOMPARE(r->medianBeats.size(), 1U);
        for (const auto& [key, value] : d->fileMeasurements)
            if (const auto own = r->fileMeasurements.find(key); own != r->fileMeasurements.end())
                QCOMPARE(own->second, value);
        QCOMPARE(r->fileMeasurements.at("qrs_ms"), 120.0);
        QCOMPARE(r->metadata.sex, d->metadata.sex);
    }

    void realFileDeidentified() {
        QFile file(sharedData("formats/aecg/Example.xml"));
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("no annotated ECG here: set PRECORDIA_DATA");
        auto kept = structural();
        for (const auto& name : standardLeads())
            kept.insert("MDC_ECG_LEAD_" + QString::fromStdString(name).toUpper().toStdString());
        QCOMPARE(leaks(file.readAll(), kept, 200), std::string());
    }

    void realErrors() {
        const std::pair<const char*, ErrorCode> files[] = {{"empty.xml", ErrorCode::FormatInvalid},
                                                           {"minimum_aecg.xml", ErrorCode::SignalTooShort}};
        for (const auto& [name, code] : files) {
            const auto path = sharedData(QString("formats/aecg/") + name);
            if (!QFile::exists(path))
                QSKIP("no annotated ECGs here: set PRECORDIA_DATA");
            const auto r = Registry::standard().read(path.toStdString());
            QVERIFY(r.failed());
            QVERIFY2(r.error().code == code, r.error().text().c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestIoAecg)
#include "test_io_aecg.moc"
