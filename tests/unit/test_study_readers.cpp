// SPDX-License-Identifier: GPL-3.0-or-later
// Labels of readers: the journal survives a kill, undo keeps history, blinding, agreement.
#include "core/study/agreement.h"
#include "core/study/labelled_set.h"
#include "core/study/study_impl.h"
#include "study_test_data.h"

#include <QDateTime>
#include <QTest>

#include <cmath>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

class TestStudyReaders : public QObject {
    Q_OBJECT

    using Value = std::optional<LabelValue>;
    static constexpr auto kYes = LabelValue::Present;
    static constexpr auto kNo = LabelValue::Absent;

    // Recordings 1 to n of 6 s at 250 Hz, and terms 1 "atrial fibrillation" and 2 "Pacing spike".
    static std::unique_ptr<Study> studyOf(const Folder& dir, int recordings) {
        for (int i = 1; i <= recordings; ++i)
            testing::writeRecord(dir / ("in/r" + std::to_string(100 + i) + ".hea"),
                                 testing::ecg(static_cast<std::uint64_t>(i), 6));
        if (testing::import(dir / "study", {dir / "in"})->imported != recordings)
            qFatal("the study could not be made");
        auto study = *Study::open(dir / "study");
        const auto set = ReaderLabels(*study).setTerms(
            "ann", {{0, "Atrial fibrillation", "164889003", 1, true}, {0, " Pacing  spike. ", "", {}, true}});
        if (!set)
            qFatal("%s", failureText(set).c_str());
        return study;
    }

    static std::int64_t give(Study& study, const std::string& reader, int recording, std::int64_t term,
                             Value value = kYes, LabelTarget target = {}) {
        const auto batch =
            ReaderLabels(study).edit({reader}, {{RecordingId(recording), term, std::move(target), value}});
        if (!batch)
            qFatal("%s", failureText(batch).c_str());
        return *batch;
    }

    static QString standing(Study& study, int recording) {
        QString text;
        const auto labels = ReaderLabels(study).of(RecordingId(recording));
        for (const auto& l : *labels)
            text += QStringLiteral("%1:%2:%3%4 ")
                        .arg(QString::fromStdString(l.reader), QString::fromStdString(l.name),
                             QString::fromStdString(std::string(name(l.target.part))),
                             l.value == kYes ? QStringLiteral("+") : QStringLiteral("-"));
        return text.trimmed();
    }

private Q_SLOTS:
    void aVocabularyOfTheStudy() {
        const Folder dir;
        const auto study = studyOf(dir, 1);
        ReaderLabels labels(*study);
        using Terms = std::vector<VocabularyTerm>;
        const VocabularyTerm af{1, "atrial fibrillation", "164889003", 1, true};
        const VocabularyTerm spike{2, "Pacing spike", "", {}, true};
        QVERIFY(*labels.vocabulary() == (Terms{af, spike}));
        // A key goes over; the undo gives it back.
        const auto before = labels.setTerms("ann", {{2, "spike of a pacemaker", "", 1, true}});
        QVERIFY(*labels.vocabulary() ==
                (Terms{{2, "spike of a pacemaker", "", 1, true}, {1, af.name, af.code, {}, true}}));
        QVERIFY(labels.setTerms("ann", *before).ok());
        QVERIFY(*labels.vocabulary() == (Terms{af, spike}));
        // A new one, taken back, taken up again: the same term.
        const auto added = labels.setTerms("ann", {{0, "q wave", "", 3, true}});
        QVERIFY(labels.setTerms("ann", *added).ok());
        QVERIFY(*labels.vocabulary() == (Terms{af, spike}));
        QCOMPARE(labels.vocabulary(true)->size(), 3U);
        QVERIFY(labels.setTerms("ann", {{0, "Q Wave", "", {}, true}}).ok());
        QCOMPARE(labels.vocabulary()->size(), 3U);
        QVERIFY(labels.setTerms("ann", {{0, "u wave", "", 0, true}, {0, "delta wave", "", 0, true}}).ok());
        QVERIFY(labels.vocabulary()->at(1).name == "u wave" && labels.vocabulary()->at(1).key == 2);
        QVERIFY(labels.vocabulary()->at(2).name == "delta wave" && labels.vocabulary()->at(2).key == 3);
        const auto refused = [&](const std::string& by, const VocabularyTerm& term) {
            return labels.setTerms(by, {term}).error().code;
        };
        QCOMPARE(refused("ann", {0, "ATRIAL fibrillation", "", {}, true}), ErrorCode::AlreadyExists);
        QCOMPARE(refused("ann", {0, " . ", "", {}, true}), ErrorCode::WrongUse);
        QCOMPARE(refused("ann", {0, "x", "", 10, true}), ErrorCode::WrongUse);
        QCOMPARE(refused("ann", {7, "x", "", {}, true}), ErrorCode::NotFound);
        QCOMPARE(refused("ann", {kReadTerm, " ", "", {}, true}), ErrorCode::WrongUse);
        QCOMPARE(refused(" ", {0, "x", "", {}, true}), ErrorCode::WrongUse);
    }

    void everyPartOfARecording() {
        const Folder dir;
        const auto study = studyOf(dir, 2);
        ReaderLabels labels(*study);
        const std::vector<LabelTarget> good = {{},
                                               {LabelPart::Lead, "V1", 0, 0},
                                               {LabelPart::Interval, "", 0, 1500},
                                               {LabelPart::Interval, "II", 250, 251},
                                               {LabelPart::Beat, "", 1499, 0}};
        for (const auto& target : good)
            QVERIFY(give(*study, "ann", 1, 1, kYes, target) > 0);
        QVERIFY(give(*study, "ann", 1, 2, kNo, good[1]) > 0);
        const auto all = labels.of(RecordingId(1));
        QCOMPARE(all->size(), 6U);
        for (const auto& target : good)
            QCOMPARE(std::count_if(all->begin(), all->end(),
                                   [&](const auto& l) { return l.target == target && l.term == 1; }),
                     1);
        QVERIFY(labels.of(RecordingId(2))->empty());
        for (const LabelTarget& bad : {LabelTarget{LabelPart::Recording, "V1", 0, 0},
                                       {LabelPart::Recording, "", 1, 0},
                                       {LabelPart::Lead, "", 0, 0},
                                       {LabelPart::Lead, "V1", 0, 5},
                                       {LabelPart::Interval, "", 5, 5},
                                       {LabelPart::Interval, "", -1, 5},
                                       {LabelPart::Interval, "", 0, 1501},
                                       {LabelPart::Beat, "", 1500, 0},
                                       {LabelPart::Beat, "", 3, 4},
                                       {LabelPart::Beat, "", -1, 0}})
            QCOMPARE(labels.edit({"ann"}, {{RecordingId(1), 1, bad, kYes}}).error().code, ErrorCode::ValueOutOfRange);
        QCOMPARE(labels.edit({"ann"}, {{RecordingId(9), 1, {}, kYes}}).error().code, ErrorCode::NotFound);
        QCOMPARE(labels.edit({"ann"}, {{RecordingId(1), 9, {}, kYes}}).error().code, ErrorCode::NotFound);
        QCOMPARE(labels.edit({""}, {{RecordingId(1), 1, {}, kYes}}).error().code, ErrorCode::WrongUse);
        // All of a batch or nothing of it.
        QVERIFY(!labels.edit({"ann"}, {{RecordingId(2), 1, {}, kYes}, {RecordingId(9), 1, {}, kYes}}).ok());
        QVERIFY(labels.of(RecordingId(2))->empty());
    }

    void historyIsWhole() {
        const Folder dir;
        const auto study = studyOf(dir, 2);
        ReaderLabels labels(*study);
        const auto first = give(*study, "ann", 1, 1);
        const auto second = *labels.edit({"ann"}, {{RecordingId(1), 1, {}, kNo}, {RecordingId(2), 2, {}, kYes}});
        QCOMPARE(give(*study, "ann", 1, 1, kNo), 0); // it stands so
        QCOMPARE(standing(*study, 1), QStringLiteral("ann:atrial fibrillation:recording-"));
        const auto undo = *labels.reverse("ann", second);
        QCOMPARE(standing(*study, 1), QStringLiteral("ann:atrial fibrillation:recording+"));
        QCOMPARE(standing(*study, 2), QString());
        const auto redo = *labels.reverse("ann", undo);
        QCOMPARE(standing(*study, 1), QStringLiteral("ann:atrial fibrillation:recording-"));
        QCOMPARE(standing(*study, 2), QStringLiteral("ann:Pacing spike:recording+"));
        QVERIFY(labels.reverse("bob", redo).ok());
        QVERIFY(labels.reverse("bob", first).ok());
        QCOMPARE(standing(*study, 1), QString());
        const auto journal = *labels.journal(RecordingId(1));
        QCOMPARE(journal.size(), 6U);
        QCOMPARE(journal[0].batch, first);
        QVERIFY(!journal[0].before && journal[0].value == kYes && !journal[0].reverses);
        QVERIFY(journal[1].before == kYes && journal[1].value == kNo);
        QVERIFY(journal[2].reverses == journal[1].id && journal[2].value == kYes);
        QVERIFY(journal[5].reverses == journal[0].id && !journal[5].value);
        QCOMPARE(journal[5].reader, std::string("ann")); // whose label it was
        QCOMPARE(journal[5].madeBy, std::string("bob"));
        QVERIFY(QDateTime::fromString(QString::fromStdString(journal[0].madeAt), Qt::ISODateWithMs).isValid());
        QCOMPARE(labels.reverse("ann", 999).error().code, ErrorCode::NotFound);
        // What stands follows from the journal alone, and the journal is only added to.
        auto& database = *study->impl().database;
        const auto state = [&] {
            return database
                .scalar("SELECT GROUP_CONCAT(reader || term_id || target || value) FROM (SELECT * FROM reader_labels"
                        " ORDER BY sample_hash, reader, term_id)")
                ->toString();
        };
        give(*study, "bob", 2, 1, kYes);
        const auto derived = database.scalar(
            "SELECT GROUP_CONCAT(reader || term_id || target || value) FROM (SELECT *, MAX(id) FROM label_edits"
            " GROUP BY sample_hash, reader, term_id, target, lead, from_sample, to_sample HAVING value IS NOT NULL"
            " ORDER BY sample_hash, reader, term_id)");
        QCOMPARE(state(), derived->toString());
        QVERIFY(!state().isEmpty());
        QVERIFY(!database.change("UPDATE label_edits SET reader = 'x'").ok());
        QVERIFY(!database.change("DELETE FROM label_edits").ok());
        QVERIFY(!database.change("DELETE FROM vocabulary_edits").ok());
    }

    // kill -9 right after an edit: the parent finds it.
    void aKillLosesNothing() {
        const Folder dir;
        (void)studyOf(dir, 1);
        for (int round = 0; round < 3; ++round) {
            const pid_t child = ::fork();
            QVERIFY(child >= 0);
            if (child == 0) {
                const auto study = Study::open(dir / "study");
                const auto done =
                    ReaderLabels(**study).edit({"ann"}, {{RecordingId(1), 1, {LabelPart::Beat, "", round, 0}, kYes}});
                ::kill(::getpid(), done && *done > 0 ? SIGKILL : SIGABRT);
            }
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFSIGNALED(status));
            QCOMPARE(WTERMSIG(status), SIGKILL);
            const auto study = *Study::open(dir / "study");
            QCOMPARE(ReaderLabels(*study).of(RecordingId(1))->size(), static_cast<std::size_t>(round + 1));
            QCOMPARE(study->impl().database->scalar("PRAGMA synchronous")->toInt(), 2); // FULL
        }
    }

    // The ECG is its samples: its labels come back with it.
    void labelsStayWithTheEcg() {
        const Folder dir;
        auto study = studyOf(dir, 2);
        give(*study, "ann", 2, 1);
        testing::writeRecord(dir / "in/r102.hea", testing::ecg(50, 6)); // another ECG in its file
        QCOMPARE(testing::import(dir / "study", {dir / "in"})->imported, 1);
        const auto rows = study->query();
        for (const auto& row : *rows)
            QVERIFY(row.labels.empty() && !row.read);
        fs::create_directories(dir / "moved");
        testing::writeRecord(dir / "moved/r9.hea", testing::ecg(2, 6));
        QCOMPARE(testing::import(dir / "study", {dir / "moved"})->imported, 1);
        QCOMPARE(study->query()->back().labels, (std::vector<std::string>{"atrial fibrillation"}));
    }

    void theWorklistShowsThem() {
        const Folder dir;
        auto study = studyOf(dir, 4);
        dir.write("labels.csv", "record_path,labels,dataset\nin/r101,Atrial fibrillation,A\nin/r102,Sinus rhythm,A\n"
                                "in/r103,,B\nin/r104,,B\n");
        QVERIFY(testing::import(dir / "study", {dir / "in"}, dir / "labels.csv").ok());
        give(*study, "ann", 3, 2);
        give(*study, "bob", 3, 1);
        give(*study, "bob", 1, 1);
        give(*study, "bob", 2, 2, kNo);
        using Names = std::vector<std::string>;
        const auto labelsOf = [&](int id) { return study->row(RecordingId(id))->labels; };
        QCOMPARE(labelsOf(3), (Names{"Pacing spike", "atrial fibrillation"}));
        QCOMPARE(study->row(RecordingId(3))->onlyByReaders, (Names{"Pacing spike", "atrial fibrillation"}));
        QVERIFY(study->row(RecordingId(1))->onlyByReaders.empty()); // a table said it too
        QCOMPARE(labelsOf(2), (Names{"sinus rhythm"}));
        QCOMPARE(study->labels()->front(), (std::pair<std::string, int>("atrial fibrillation", 2)));
        WorklistQuery search;
        search.text = "pacing";
        QCOMPARE(study->query(search)->size(), 1U);
        // Of what readers found alone, a recording that nobody read is no negative.
        const auto spikes = labelledSet(*study, {"pacing"});
        QCOMPARE(spikes->ids, (std::vector<RecordingId>{RecordingId(1), RecordingId(2), RecordingId(3)}));
        QCOMPARE(spikes->y, (std::vector<int>{0, 0, 1}));
        // Settled: that stands for what the two gave, not for what came with the file.
        QVERIFY(ReaderLabels(*study)
                    .edit({kAdjudicated, "ann"}, {{RecordingId(3), 1, {}, kNo}, {RecordingId(1), 1, {}, kNo}})
                    .ok());
        QCOMPARE(labelsOf(3), (Names{"Pacing spike"}));
        QCOMPARE(labelsOf(1), (Names{"atrial fibrillation"}));
        QCOMPARE(*ReaderLabels(*study).readers(), (Names{"ann", "bob"}));
        QCOMPARE(*ReaderLabels(*study).readBy("bob"),
                 (std::set<RecordingId>{RecordingId(1), RecordingId(2), RecordingId(3)}));
    }

    void aBlindedReaderSeesTheSignalAlone() {
        const Folder dir;
        auto ecg = testing::ecg(9, 6);
        ecg.metadata.comments = {"Dx: 164889003"};
        Annotation mark;
        mark.sample = SampleIndex(10);
        mark.symbol = "+";
        mark.text = "(AFIB";
        ecg.annotations = {mark};
        testing::writeRecord(dir / "other/secret.hea", ecg);
        auto study = studyOf(dir, 1);
        QCOMPARE(testing::import(dir / "study", {dir / "other"})->imported, 1);
        give(*study, "ann", 2, 2);
        give(*study, "bob", 2, 1);
        QCOMPARE(study->row(RecordingId(2))->name, std::string("secret"));
        QVERIFY(!study->annotations(RecordingId(2))->empty());
        study->setSight({"ann", true});
        const auto row = *study->row(RecordingId(2));
        QCOMPARE(row.name, std::string("#2"));
        QCOMPARE(row.labels, (std::vector<std::string>{"Pacing spike"}));
        QVERIFY(row.source.empty() && row.read);
        WorklistQuery search;
        for (const auto* text : {"secret", "fibrillation"}) {
            search.text = text;
            QVERIFY(study->query(search)->empty());
        }
        search.text = {};
        search.label = "fibrillation";
        QVERIFY(study->query(search)->empty());
        QCOMPARE(study->labels()->size(), 1U);
        QVERIFY(study->annotations(RecordingId(2))->empty());
        const auto seen = *study->readRecording(RecordingId(2));
        QCOMPARE(seen.samples(), 1500U);
        QCOMPARE(seen.name, std::string("#2"));
        QVERIFY(seen.annotations.empty() && seen.metadata.comments.empty() && seen.metadata.diagnosisCodes.empty());
        study->setSight({"cy", true});
        QVERIFY(!study->row(RecordingId(2))->read);
        study->setSight({"cy", false});
        QCOMPARE(study->row(RecordingId(2))->labels.size(), 2U);
    }

    // Error: the delta method over the four proportions of a multinomial, its derivatives by differences of 1e-6 (no
    // use of the closed form). The second table is an example of textbooks: kappa 0.130.
    void kappaOfCohen_data() {
        QTest::addColumn<int>("both");
        QTest::addColumn<int>("onlyA");
        QTest::addColumn<int>("onlyB");
        QTest::addColumn<int>("neither");
        QTest::addColumn<double>("kappa");
        QTest::addColumn<double>("error");
        QTest::newRow("middling") << 20 << 5 << 10 << 15 << 0.4 << 0.126996063;
        QTest::newRow("textbook") << 45 << 15 << 25 << 15 << 0.130434782609 << 0.098661538;
        QTest::newRow("few") << 1 << 1 << 0 << 2 << 0.5 << 0.375;
        QTest::newRow("nearly all") << 118 << 5 << 9 << 400 << 0.926806737554 << 0.019284686;
        QTest::newRow("against") << 3 << 40 << 45 << 12 << -0.709573612228 << 0.067413914;
    }
    void kappaOfCohen() {
        QFETCH(int, both);
        QFETCH(int, onlyA);
        QFETCH(int, onlyB);
        QFETCH(int, neither);
        QFETCH(double, kappa);
        QFETCH(double, error);
        const auto found = cohensKappa({both, onlyA, onlyB, neither});
        QVERIFY(found.has_value());
        QVERIFY2(std::abs(found->value - kappa) < 1e-9, qPrintable(QString::number(found->value, 'g', 12)));
        QVERIFY2(std::abs(found->low - std::max(-1.0, kappa - 1.959964 * error)) < 1e-6,
                 qPrintable(QString::number(found->low, 'g', 12)));
        QVERIFY(std::abs(found->high - std::min(1.0, kappa + 1.959964 * error)) < 1e-6);
    }

    void kappaWhereNobodyVaries() {
        QVERIFY(!cohensKappa({0, 0, 0, 9}));
        QVERIFY(!cohensKappa({9, 0, 0, 0}));
        QVERIFY(!cohensKappa({}));
        QCOMPARE(cohensKappa({4, 0, 0, 5})->value, 1.0);
        QCOMPARE(cohensKappa({0, 5, 0, 5})->value, 0.0);
    }

    void kappaIsNotSaidOfNothing() {
        const auto why = [](AgreementCounts counts, std::int64_t recordings) {
            return kappaUnsaid({"", counts, cohensKappa(counts)}, recordings);
        };
        QVERIFY(why({0, 1, 0, 1}, 2) == KappaUnsaid::TooFew);
        QVERIFY(why({4, 0, 0, 5}, 9) == KappaUnsaid::TooFew);
        QVERIFY(!why({4, 0, 0, 6}, 10));
        QVERIFY(!why({4, 1, 2, 6}, 13));
        QVERIFY(why({0, 0, 0, 10}, 10) == KappaUnsaid::AllEqual);
        QVERIFY(why({12, 0, 0, 0}, 12) == KappaUnsaid::AllEqual);
        QVERIFY(why({0, 3, 0, 9}, 12) == KappaUnsaid::OneConstant); // 0.000, 0.000 to 0.000
        QVERIFY(why({9, 0, 3, 0}, 12) == KappaUnsaid::OneConstant);
        QVERIFY(why({0, 12, 0, 0}, 12) == KappaUnsaid::OneConstant); // one always, the other never: never the same
    }

    void readersWhoDifferAreLeftOut() {
        const Folder dir;
        auto study = studyOf(dir, 8);
        dir.write("labels.csv", "record_path,labels,dataset\nin/r101,Atrial fibrillation,A\nin/r102,,A\n");
        QVERIFY(testing::import(dir / "study", {dir / "in"}, dir / "labels.csv").ok());
        give(*study, "bob", 1, 1, kNo); // the table said it: a reader who differs leaves it
        give(*study, "ann", 1, 1);
        give(*study, "ann", 3, 1);
        give(*study, "bob", 3, 1, kNo);
        give(*study, "ann", 4, 1, kYes, {LabelPart::Beat, "", 100, 0}); // a part is of the recording
        give(*study, "bob", 4, kReadTerm);                              // silence after reading is "absent"
        give(*study, "ann", 5, 1);
        give(*study, "bob", 5, 2); // says nothing of it
        give(*study, "ann", 6, 1);
        give(*study, "bob", 6, 1, kNo);
        give(*study, kAdjudicated, 6, 1, kYes);
        give(*study, "ann", 7, 1);
        give(*study, "bob", 7, 1, kNo);
        give(*study, kAdjudicated, 7, 1, kNo);
        give(*study, "ann", 8, 1, kNo);
        give(*study, "bob", 8, 1, kNo, {LabelPart::Beat, "", 100, 0});
        using Ids = std::vector<RecordingId>;
        const auto id = [](int n) { return RecordingId(n); };
        auto set = *labelledSet(*study, {"fibrillation"});
        QCOMPARE(set.ids, (Ids{id(1), id(2), id(5), id(6), id(7), id(8)}));
        QCOMPARE(set.y, (std::vector<int>{1, 0, 1, 1, 0, 0}));
        QCOMPARE(set.positives, 3);
        QCOMPARE(set.byReadersAlone, (Ids{id(5), id(6)}));
        QCOMPARE(set.differing, (Ids{id(3), id(4)}));
        give(*study, kAdjudicated, 3, 1, kNo);
        set = *labelledSet(*study, {"fibrillation"});
        QCOMPARE(set.differing, (Ids{id(4)}));
        QCOMPARE(set.y, (std::vector<int>{1, 0, 0, 1, 1, 0, 0}));
        // What another found is not for a blinded reader, nor that the two differ.
        study->setSight({"ann", true});
        set = *labelledSet(*study, {"fibrillation"});
        QVERIFY(set.differing.empty());
        QCOMPARE(set.positives, 6); // her own
    }

    // Two readers, five recordings: counts by hand.
    void twoReaders() {
        const Folder dir;
        auto study = studyOf(dir, 6);
        give(*study, "ann", 1, 1);
        give(*study, "bob", 1, 1);
        give(*study, "ann", 2, 1);
        give(*study, "bob", 2, kReadTerm); // read, nothing found
        give(*study, "ann", 3, kReadTerm);
        give(*study, "bob", 3, 2, kYes, {LabelPart::Lead, "V1", 0, 0}); // a part is of the recording
        give(*study, "ann", 4, 1, kNo);
        give(*study, "bob", 4, 1, kNo);
        give(*study, "ann", 5, 2);
        give(*study, "bob", 6, kReadTerm);
        const auto found = agreementOf(*study, "ann", "bob");
        QVERIFY2(found.ok(), failureText(found).c_str());
        QCOMPARE(found->recordings, 4);
        QCOMPARE(found->onlyByA, 1);
        QCOMPARE(found->onlyByB, 1);
        QCOMPARE(found->terms.size(), 2U);
        const auto& af = found->terms[0];
        QCOMPARE(af.term, std::string("atrial fibrillation"));
        QCOMPARE((std::vector<std::int64_t>{af.counts.both, af.counts.onlyA, af.counts.onlyB, af.counts.neither}),
                 (std::vector<std::int64_t>{1, 1, 0, 2}));
        QCOMPARE(af.kappa->value, 0.5); // observed 3/4, chance 1/2 * 1/4 + 1/2 * 3/4 = 1/2
        const auto& spike = found->terms[1];
        QCOMPARE(spike.counts.onlyB, 1);
        QCOMPARE(spike.kappa->value, 0.0);
        // Over both terms: 1 both, 1 only ann, 1 only bob, 5 neither: observed 6/8, chance (2*2 + 6*6) / 64 = 5/8.
        QVERIFY(std::abs(found->overall.kappa->value - 1.0 / 3) < 1e-12);
        // Without one recording's two decisions it is -1/5, 4/7, 4/7, 1/4: the sum of squares about their mean, 25/84,
        // is 0.399834; times 3/4, its root is 0.547609.
        QVERIFY(std::abs(found->overall.kappa->low - -0.739960622) < 1e-6);
        QCOMPARE(found->overall.kappa->high, 1.0);
        QVERIFY(kappaUnsaid(af, found->recordings) == KappaUnsaid::TooFew);
        QVERIFY(kappaUnsaid(found->overall, found->recordings) == KappaUnsaid::TooFew);
        QCOMPARE(agreementOf(*study, "ann", "zoe").error().code, ErrorCode::NotFound);
        QCOMPARE(agreementOf(*study, "ann", "ann").error().code, ErrorCode::WrongUse);

        const auto differing = [&] { return *differencesOf(*study, "ann", "bob"); };
        auto list = differing();
        QCOMPARE(list.size(), 4U); // 2, 3, and 5, 6 that one has not read
        QVERIFY(list[0].id == RecordingId(2) && list[0].terms.size() == 1 && list[0].terms[0].a && !list[0].terms[0].b);
        QVERIFY(list[2].id == RecordingId(5) && list[2].readByA && !list[2].readByB && list[2].terms.size() == 1);
        QVERIFY(list[3].id == RecordingId(6) && !list[3].readByA && list[3].terms.empty());
        QVERIFY(!list[0].settled());
        QVERIFY(ReaderLabels(*study).edit({kAdjudicated, "ann"}, {{RecordingId(2), 1, {}, kNo}}).ok());
        list = differing();
        QVERIFY(list[0].settled() && list[0].terms[0].settled == kNo);
        QVERIFY(!list[1].settled() && !list[3].settled());
    }
};

QTEST_GUILESS_MAIN(TestStudyReaders)
#include "test_study_readers.moc"
