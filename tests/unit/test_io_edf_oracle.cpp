// SPDX-License-Identifier: GPL-3.0-or-later
// EDFlib (Teunis van Beelen) as a second opinion: it accepts what our writer makes, and reads from its own files, and
// from real ones where they are, the samples and annotations that our reader reads.
#include "core/io/edf_writer.h"
#include "core/io/reader.h"
#include "tests/unit/edf_fixture.h"

#include <QTest>

#include <cmath>
#include <edflib.h>
#include <map>
#include <memory>

using namespace precordia;
using namespace precordia::test;

namespace {

QString dataFolder() {
    const auto given = qEnvironmentVariable("PRECORDIA_DATA");
    return given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given;
}

struct Oracle {
    std::unique_ptr<edf_hdr_struct> header = std::make_unique<edf_hdr_struct>();
    bool open = false;
    explicit Oracle(const std::string& path) {
        open = edfopen_file_readonly(path.c_str(), header.get(), EDFLIB_READ_ALL_ANNOTATIONS) == 0;
    }
    Oracle(const Oracle&) = delete;
    Oracle& operator=(const Oracle&) = delete;
    ~Oracle() {
        if (open)
            edfclose_file(header->handle);
    }
    std::vector<double> samples(int signal) const {
        std::vector<double> out(static_cast<std::size_t>(header->signalparam[signal].smp_in_file));
        const auto n = edfread_physical_samples(header->handle, signal, static_cast<int>(out.size()), out.data());
        out.resize(static_cast<std::size_t>(std::max(0, n)));
        return out;
    }
};

// Every signal of the file is a lead of the recording or of another group, with the same samples.
void compare(const std::string& path) {
    const auto r = Registry::standard().read(path);
    QVERIFY2(r.ok(), failureText(r).c_str());
    const Oracle oracle(path);
    QVERIFY2(oracle.open, path.c_str());
    std::vector<const Recording*> groups{&*r};
    for (const auto& group : r->otherGroups)
        groups.push_back(&group);
    std::map<double, std::size_t> next; // leads of a rate keep their order
    for (int s = 0; s < oracle.header->edfsignals; ++s) {
        const auto& parameters = oracle.header->signalparam[s];
        const double rate = parameters.smp_in_datarecord * static_cast<double>(EDFLIB_TIME_DIMENSION) /
                            static_cast<double>(oracle.header->datarecord_duration);
        const auto group = std::find_if(groups.begin(), groups.end(), [&](const Recording* g) {
            return std::abs(g->samplingRate - rate) < 1e-6 * rate;
        });
        QVERIFY(group != groups.end());
        const auto& lead = (*group)->leads.at(next[(*group)->samplingRate]++);
        const auto truth = oracle.samples(s);
        QCOMPARE(lead.samples.size(), truth.size());
        const auto unit = QString::fromLatin1(parameters.physdimension).trimmed();
        const double factor = unit == "mV" ? 1000 : 1;
        double worst = 0;
        for (std::size_t i = 0; i < truth.size(); ++i)
            worst = std::max(worst, std::abs(truth[i] * factor - lead.samples[i]) /
                                        std::max(1.0, std::abs(truth[i] * factor)));
        QVERIFY2(worst < 1e-5, lead.name.c_str());
    }
    std::size_t texts = 0;
    for (int a = 0; a < oracle.header->annotations_in_file; ++a) {
        edf_annotation_struct mark{};
        QCOMPARE(edf_get_annotation(oracle.header->handle, a, &mark), 0);
        texts += mark.annotation[0] != 0 ? 1 : 0;
        const auto sample = std::llround(static_cast<double>(mark.onset - oracle.header->starttime_subsecond) /
                                         EDFLIB_TIME_DIMENSION * r->samplingRate);
        const auto first = QString::fromUtf8(mark.annotation).trimmed().toStdString();
        QVERIFY2(std::any_of(r->annotations.begin(), r->annotations.end(),
                             [&](const Annotation& ours) {
                                 return (std::abs(ours.sample.value - sample) <= 1 ||
                                         std::abs(static_cast<double>(ours.sample.value) / r->samplingRate -
                                                  static_cast<double>(mark.onset) / EDFLIB_TIME_DIMENSION) < 1) &&
                                        (first == ours.text || first == ours.symbol ||
                                         first == ours.symbol + " " + ours.text);
                             }),
                 mark.annotation);
    }
    QCOMPARE(r->annotations.size(), texts);
}

} // namespace

class TestIoEdfOracle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itsFiles_data() {
        QTest::addColumn<int>("type");
        QTest::newRow("EDF+") << EDFLIB_FILETYPE_EDFPLUS;
        QTest::newRow("BDF+") << EDFLIB_FILETYPE_BDFPLUS;
    }
    void itsFiles() {
        QFETCH(int, type);
        const Folder folder;
        const auto path = folder.path("lib.edf").string();
        const int handle = edfopen_file_writeonly(path.c_str(), type, 3);
        QVERIFY(handle >= 0);
        const bool bdf = type == EDFLIB_FILETYPE_BDFPLUS;
        const std::vector<int> rates{250, 250, 50};
        const std::vector<const char*> names{"ECG II", "ECG V2", "Resp"};
        for (int s = 0; s < 3; ++s) {
            edf_set_samplefrequency(handle, s, rates[static_cast<std::size_t>(s)]);
            edf_set_digital_maximum(handle, s, bdf ? 8388607 : 32767);
            edf_set_digital_minimum(handle, s, bdf ? -8388608 : -32768);
            edf_set_physical_maximum(handle, s, s == 1 ? 5.1 : 3000);
            edf_set_physical_minimum(handle, s, s == 1 ? -4.9 : -3000);
            edf_set_physical_dimension(handle, s, s == 1 ? "mV" : "uV");
            edf_set_label(handle, s, names[static_cast<std::size_t>(s)]);
        }
        edf_set_patientname(handle, "Nobody At All");
        edf_set_startdatetime(handle, 2019, 12, 31, 23, 59, 58);
        Dice dice(11);
        for (int record = 0; record < 7; ++record)
            for (int s = 0; s < 3; ++s) {
                std::vector<double> block;
                for (int i = 0; i < rates[static_cast<std::size_t>(s)]; ++i)
                    block.push_back((static_cast<double>(dice.below(9000)) - 4500) / (s == 1 ? 1000 : 2));
                QCOMPARE(edfwrite_physical_samples(handle, block.data()), 0);
            }
        edfwrite_annotation_utf8(handle, 15000, -1, "Lead off");
        edfwrite_annotation_utf8(handle, 32500, 5000,
                                 "Arrhythmie \xC3\xBC"
                                 "ber 2 s");
        edfwrite_annotation_utf8(handle, 60000, -1, "V");
        QCOMPARE(edfclose_file(handle), 0);
        compare(path);
        const auto r = Registry::standard().read(path);
        QCOMPARE(r->samplingRate, 250.0);
        QCOMPARE(r->metadata.recordedAt, std::string("2019-12-31T23:59:58"));
        QCOMPARE(r->metadata.identity.patientName, std::string("Nobody At All"));
        QCOMPARE(r->annotations.size(), 3U);
        QCOMPARE(r->annotations[1].duration, 0.5);
        QCOMPARE(r->annotations[2].symbol, std::string("V"));
    }

    void ourFiles() {
        const Folder folder;
        for (const int samples : {5000, 4096, 4999, 600'011}) {
            Recording r;
            r.samplingRate = 500;
            Dice dice(static_cast<std::uint64_t>(samples));
            for (const auto& name : standardLeads()) {
                Lead lead;
                lead.name = name;
                lead.quantum = name == "aVF" ? 4.88 : 1.25;
                for (int i = 0; i < samples; ++i)
                    lead.samples.push_back(
                        static_cast<float>((static_cast<double>(dice.below(2000)) - 1000) * lead.quantum));
                r.leads.push_back(std::move(lead));
            }
            for (int a = 0; a < 25; ++a) {
                Annotation mark;
                mark.sample = SampleIndex{a * samples / 26};
                mark.symbol = a % 2 == 0 ? "N" : "";
                mark.text = a % 2 == 0 ? "" : "event " + std::to_string(a);
                r.annotations.push_back(mark);
            }
            const auto path = folder.path("ours.edf").string();
            QVERIFY(writeEdf(r, path).ok());
            const Oracle oracle(path);
            QVERIFY(oracle.open); // it refuses what breaks the standard
            QCOMPARE(oracle.header->edfsignals, 12);
            QCOMPARE(oracle.header->filetype, EDFLIB_FILETYPE_EDFPLUS);
            QCOMPARE(QByteArray(oracle.header->signalparam[4].label).trimmed(), QByteArray("ECG aVL"));
            for (int s = 0; s < 12; ++s) {
                const auto truth = oracle.samples(s);
                const auto& lead = r.leads[static_cast<std::size_t>(s)];
                QVERIFY(truth.size() >= static_cast<std::size_t>(samples));
                QVERIFY(samples % 500 != 0 || truth.size() == static_cast<std::size_t>(samples));
                double worst = 0;
                for (std::size_t i = 0; i < static_cast<std::size_t>(samples); ++i)
                    worst = std::max(worst, std::abs(truth[i] - lead.samples[i]));
                QVERIFY2(worst < 0.01 * lead.quantum, qPrintable(QString::number(worst)));
            }
            QCOMPARE(oracle.header->annotations_in_file, 25);
        }
    }

    void realFiles() {
        const auto folder = dataFolder() + "/formats/edf";
        const auto files = QDir(folder).entryList(QDir::Files);
        if (files.isEmpty())
            QSKIP("no real EDF files here: set PRECORDIA_DATA to a folder with formats/edf");
        for (const auto& file : files)
            compare((folder + "/" + file).toStdString());
    }
};

QTEST_APPLESS_MAIN(TestIoEdfOracle)
#include "test_io_edf_oracle.moc"
