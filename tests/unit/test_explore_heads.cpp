// SPDX-License-Identifier: GPL-3.0-or-later
// Heads on the labels of a small synthetic study whose label can be learned: the figure is that of the engine's own
// call, patients stay on one side, what was stopped goes on, one of several classes, reduced leads; and surprise of
// labelled ectopy.
#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/bench_surprise.h"
#include "core/explore/embed_study.h"
#include "core/explore/evaluate_classes.h"
#include "core/explore/evaluation_history.h"
#include "core/explore/head_scores.h"
#include "study_test_data.h"

#include <QProcess>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <map>
#include <set>

using namespace precordia;
using namespace precordia::testing;
using Json = nlohmann::json;

namespace {

constexpr int kPatients = 10; // of each rhythm, two recordings each; the first of each has two windows
constexpr int kRecordings = 3 * 2 * kPatients;
const std::string kLabel = "sinus tachycardia";

Recording beating(Rhythm rhythm, std::uint64_t seed, double seconds, int premature = 0) {
    SynthesisOptions options;
    options.seconds = seconds;
    options.samplingRate = 250;
    options.rhythm = rhythm;
    options.noise = 0.2;
    options.prematureVentricular = premature;
    auto recording = synthesise(options, seed).recording;
    recording.metadata = {};
    return recording;
}

std::vector<fs::path> keptIn(const fs::path& study) {
    std::vector<fs::path> out;
    std::error_code none;
    for (const auto& file : fs::directory_iterator(study / "evaluations" / "heads", none))
        out.push_back(file.path());
    return out;
}

Json jsonIn(const fs::path& file) {
    const auto bytes = readFile(file);
    return bytes ? Json::parse(bytes->begin(), bytes->end(), nullptr, false) : Json();
}

double aurocOf(const std::vector<float>& scores, const std::vector<int>& labels) {
    return auroc({scores.begin(), scores.end()}, labels);
}

} // namespace

class TestExploreHeads : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theFigureIsThatOfTheEnginesCall();
    void theCommandLineSaysTheSame();
    void patientsStayOnOneSide();
    void whatWasStoppedGoesOn();
    void aDamagedPartIsTrainedAgain();
    void oneOfSeveralClasses();
    void fewLeadsAndFewLabels();
    void theHistoryReadsIt();
    void surpriseOfLabelledEctopy();

private:
    EvaluateOptions optionsOf(ProbeProtocol protocol) const;
    fs::path copyOfStudy(const char* name) const; // without what was trained
    Folder folder_;
    fs::path study_, model_;
};

void TestExploreHeads::initTestCase() {
    study_ = folder_ / "study";
    std::string csv = "record_path,labels,dataset,patient\n";
    const std::pair<Rhythm, const char*> kinds[] = {{Rhythm::SinusBradycardia, "sinus bradycardia"},
                                                    {Rhythm::SinusTachycardia, "sinus tachycardia"},
                                                    {Rhythm::Sinus, "sinus rhythm"}};
    std::uint64_t seed = 1;
    for (const auto& [rhythm, label] : kinds)
        for (int i = 0; i < 2 * kPatients; ++i, ++seed) {
            const std::string name = "r" + std::to_string(seed);
            writeRecord(folder_ / ("files/" + name + ".hea"), beating(rhythm, seed, i % 2 == 0 ? 10 : 5));
            csv += "files/" + name + "," + label + ",set,p" + std::to_string((seed - 1) / 2) + "\n";
        }
    folder_.write("labels.csv", csv);
    const auto report = import(study_, {folder_ / "files"}, folder_ / "labels.csv");
    QVERIFY2(report.ok(), failureText(report).c_str());
    QCOMPARE(report->imported, kRecordings);

    const auto engine = loadEngine();
    QVERIFY2(engine.ok(), failureText(engine).c_str());
    ConfigRequest tiny;
    tiny.settings = {"intervals=25",
                     "threads=1",
                     "width=12",
                     "heads=3",
                     "channel_depth=1",
                     "temporal_depth=1",
                     "predictor_width=6",
                     "predictor_heads=3",
                     "channel_predictor_depth=1",
                     "temporal_predictor_depth=1",
                     "batch=8",
                     "steps=4",
                     "diagnose_every=0",
                     "checkpoint_every=0",
                     "decoder_steps=0"};
    ModelInfo wanted;
    wanted.configJson = *resolveConfig(tiny);
    Progress progress;
    PretrainRequest request;
    const auto cache = SignalCache::build(study_, *preprocessingOf(wanted), {}, progress);
    QVERIFY2(cache.ok(), failureText(cache).c_str());
    QCOMPARE((*cache)->size(), std::int64_t(kRecordings / 2 * 3)); // 10 s are two windows of 5 s
    request.windows = *cache;
    request.configJson = wanted.configJson;
    request.runFolder = study_ / "runs" / "tiny";
    request.device = "cpu";
    const auto run = (*engine)->pretrain(request);
    QVERIFY2(run.ok(), failureText(run).c_str());
    model_ = run->model;
}

EvaluateOptions TestExploreHeads::optionsOf(ProbeProtocol protocol) const {
    EvaluateOptions options;
    options.model = model_;
    options.protocol = protocol;
    options.folds = 3;
    options.bootstraps = 30;
    options.seed = 4;
    options.probe.seed = 4;
    options.head = headDefaults(headKind(protocol));
    options.head->epochs = protocol == ProbeProtocol::FineTune ? 2 : 8;
    return options;
}

fs::path TestExploreHeads::copyOfStudy(const char* name) const {
    const auto copy = folder_ / name;
    fs::copy(study_, copy, fs::copy_options::recursive);
    fs::remove_all(copy / "evaluations");
    return copy;
}

void TestExploreHeads::theFigureIsThatOfTheEnginesCall() {
    Progress progress;
    for (const auto protocol : {ProbeProtocol::Attentive, ProbeProtocol::FineTune}) {
        const auto options = optionsOf(protocol);
        const auto evaluation = evaluateStudy(study_, {questionOf(kLabel)}, options, {}, progress);
        QVERIFY2(evaluation.ok(), failureText(evaluation).c_str());
        const auto& label = evaluation->labels.front();
        QCOMPARE(label.positives, 2 * kPatients);
        QCOMPARE(label.negatives, 4 * kPatients);

        // The same asked of the engine: every window with the label and patient of its recording, the linear probe's
        // folds, the mean score of a recording's windows.
        const auto study = Study::open(study_);
        const auto rows = rowsOf(**study, questionOf(kLabel));
        QVERIFY(rows.ok());
        const auto info = (*loadEngine())->loadModel(model_);
        const auto cache = SignalCache::build(study_, *preprocessingOf(*info), {}, progress);
        const auto folds = makeFolds(rows->labels, rows->groups, options.folds, options.seed);
        QVERIFY(cache.ok() && folds.ok());
        HeadRequest request;
        request.modelHash = info->hash;
        request.windows = *cache;
        request.kind = headKind(protocol);
        request.training = options.head;
        request.seed = options.seed;
        std::vector<int> foldOf, of; // fold and recording of each window
        for (std::size_t r = 0; r < rows->ids.size(); ++r)
            for (std::int64_t w = 0; w < (*cache)->size(); ++w)
                if ((*cache)->recording(w) == rows->ids[r]) {
                    request.rows.push_back(w);
                    request.labels.push_back(rows->labels[r]);
                    request.groups.push_back(rows->groups[r]);
                    foldOf.push_back((*folds)[r]);
                    of.push_back(static_cast<int>(r));
                }
        request.splits = splitsOfFolds(foldOf);
        const auto direct = (*loadEngine())->trainHead(request, progress);
        QVERIFY2(direct.ok(), failureText(direct).c_str());
        std::vector<float> scores(rows->ids.size(), 0), windows(rows->ids.size(), 0);
        for (std::size_t i = 0; i < of.size(); ++i) {
            scores[static_cast<std::size_t>(of[i])] += direct->scores[i];
            windows[static_cast<std::size_t>(of[i])] += 1;
        }
        for (std::size_t r = 0; r < scores.size(); ++r)
            scores[r] /= windows[r];
        QVERIFY(std::abs(aurocOf(scores, rows->labels) - label.recording.auroc) < 1e-9);

        // The label can be learned; the rows beside it are there, and a difference is that of its two figures.
        QVERIFY2(label.recording.auroc > 0.75, qPrintable(QString::number(label.recording.auroc)));
        QVERIFY(label.recording.low <= label.recording.auroc && label.recording.auroc <= label.recording.high);
        QVERIFY(label.linear > 0.5 && label.simple > 0.5 && label.recording.random > 0);
        QVERIFY(std::abs(label.aboveLinear.difference - (label.recording.auroc - label.linear)) < 1e-9);
        QVERIFY(std::abs(label.recording.aboveRandom.difference - (label.recording.auroc - label.recording.random)) <
                1e-9);
        QVERIFY(label.figures.auprc > 0 && label.figures.calibration.brier > 0 && label.linearFigures.auprc > 0);
        // The linear probe beside it is that of the linear protocol.
        auto plain = options;
        plain.protocol = ProbeProtocol::Linear;
        const auto linear = evaluateStudy(study_, {questionOf(kLabel)}, plain, {}, progress);
        QVERIFY(linear.ok());
        QCOMPARE(label.linear, linear->labels.front().recording.auroc);
        QCOMPARE(label.simple, linear->labels.front().simple);
    }
}

void TestExploreHeads::theCommandLineSaysTheSame() {
    Progress progress;
    const auto evaluation =
        evaluateStudy(study_, {questionOf(kLabel)}, optionsOf(ProbeProtocol::Attentive), {}, progress);
    QVERIFY(evaluation.ok());
    const auto study = copyOfStudy("for the command line"); // nothing trained is found there
    QProcess cli;
    cli.start(qEnvironmentVariable("PRECORDIA_CLI"),
              {"evaluate", QString::fromStdString(study.string()), "--label", QString::fromStdString(kLabel), "--label",
               "pacemaker", "--protocol", "attentive", "--epochs", "8", "--folds", "3", "--bootstraps", "30", "--seed",
               "4", "--model", QString::fromStdString((study / "runs" / "tiny").string()), "--json"});
    QVERIFY(cli.waitForFinished(-1));
    const auto json = Json::parse(cli.readAllStandardOutput().toStdString(), nullptr, false);
    QVERIFY2(json.is_object(), cli.readAllStandardError().constData());
    QCOMPARE(cli.exitCode(), 3); // "pacemaker" is named
    QCOMPARE(json.at("protocol").get<std::string>(), std::string("attentive"));
    QCOMPARE(json.at("refused")[0].at("label").get<std::string>(), std::string("pacemaker"));
    QCOMPARE(json.at("auroc").get<double>(), evaluation->labels.front().recording.auroc);
    QCOMPARE(json.at("random_init").at("auroc").get<double>(), evaluation->labels.front().recording.random);
    QCOMPARE(json.at("linear_probe").at("auroc").get<double>(), evaluation->labels.front().linear);
    QCOMPARE(json.at("head").at("epochs").get<int>(), 8);
    for (const char* key : {"ci95", "auprc", "f1", "accuracy", "sensitivity", "specificity", "brier", "reliability"})
        QVERIFY2(json.contains(key), key);
    QVERIFY(json.at("levels").at("recording").contains("above_random_init"));
    const auto kept = readEvaluations(study);
    QCOMPARE(kept.size(), std::size_t(1));
    QCOMPARE(kept.front().protocol, std::string("attentive"));

    cli.start(qEnvironmentVariable("PRECORDIA_CLI"),
              {"evaluate", QString::fromStdString(study.string()), "--compare", "--protocol", "finetune"});
    QVERIFY(cli.waitForFinished(-1));
    QCOMPARE(cli.exitCode(), 2);
}

void TestExploreHeads::patientsStayOnOneSide() {
    Progress progress;
    const auto study = Study::open(study_);
    const auto info = (*loadEngine())->loadModel(model_);
    const auto rows = rowsOf(**study, questionOf(kLabel));
    QVERIFY(rows.ok() && info.ok());
    const auto source = headSource(study_, *info, rows->ids, {}, {}, progress);
    QVERIFY2(source.ok(), failureText(source).c_str());
    std::vector<Eigen::Index> places(rows->ids.size());
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = static_cast<Eigen::Index>(i);
    const auto folds = makeFolds(rows->labels, rows->groups, 3, 1);
    std::vector<HeadSplit> splits;
    for (const auto& split : drawShare(probeSplits(*folds), rows->labels, rows->groups, 0.5, 2))
        splits.push_back({split.train, {}, split.test});
    HeadPlan plan;
    plan.modelHash = info->hash;
    const auto request = headRequest(*source, plan, places, rows->labels, true, 1, rows->groups, splits, 1);
    QCOMPARE(request.rows.size(), std::size_t(kRecordings / 2 * 3));
    std::map<std::int64_t, int> tested; // windows, how often
    for (const auto& split : request.splits) {
        std::set<std::int64_t> learned;
        for (const int row : split.train)
            learned.insert(request.groups[static_cast<std::size_t>(row)]);
        QVERIFY(!learned.empty());
        for (const int row : split.test) {
            QVERIFY(!learned.contains(request.groups[static_cast<std::size_t>(row)]));
            ++tested[request.rows[static_cast<std::size_t>(row)]];
        }
    }
    QCOMPARE(tested.size(), request.rows.size());
    QVERIFY(std::all_of(tested.begin(), tested.end(), [](const auto& t) { return t.second == 1; }));
    // Two recordings of a patient are one group.
    QCOMPARE(std::set<std::int64_t>(request.groups.begin(), request.groups.end()).size(), std::size_t(3 * kPatients));
}

void TestExploreHeads::whatWasStoppedGoesOn() {
    const auto options = optionsOf(ProbeProtocol::FineTune);
    Progress quiet;
    const auto whole = evaluateStudy(study_, {questionOf(kLabel)}, options, {}, quiet);
    QVERIFY(whole.ok());

    const auto study = copyOfStudy("stopped");
    std::stop_source stop;
    Progress watching(
        [&stop, &options](const ProgressState& state) {
            if (state.phase == "Fine-tuning" && state.done > options.head->epochs) // in the second split
                stop.request_stop();
        },
        std::chrono::milliseconds(0));
    QVERIFY(evaluateStudy(study, {questionOf(kLabel)}, options, stop.get_token(), watching).cancelled());
    auto kept = keptIn(study);
    QCOMPARE(kept.size(), std::size_t(1)); // the model's head; that of random weights was not begun
    auto parts = jsonIn(kept.front());
    QCOMPARE(parts.size(), std::size_t(3));
    QVERIFY(parts[0].is_object() && parts[2].is_null());

    const auto gone = evaluateStudy(study, {questionOf(kLabel)}, options, {}, quiet);
    QVERIFY2(gone.ok(), failureText(gone).c_str());
    QCOMPARE(gone->labels.front().recording.auroc, whole->labels.front().recording.auroc);
    QCOMPARE(gone->labels.front().recording.random, whole->labels.front().recording.random);
    QCOMPARE(gone->labels.front().figures.auprc, whole->labels.front().figures.auprc);
    QCOMPARE(keptIn(study).size(), std::size_t(2));

    // It was taken, not trained again: other scores in its place are believed.
    const auto file = kept.front();
    parts = jsonIn(file);
    for (auto& part : parts)
        for (auto& score : part.at("scores"))
            score = 0.0;
    QVERIFY(writeFileAtomically(file, parts.dump()).ok());
    const auto even = evaluateStudy(study, {questionOf(kLabel)}, options, {}, quiet);
    QVERIFY(even.ok());
    QCOMPARE(even->labels.front().recording.auroc, 0.5);
    // Another seed is another question.
    auto other = options;
    other.seed = 5;
    other.randomSeeds = 1;
    QVERIFY(evaluateStudy(study, {questionOf(kLabel)}, other, {}, quiet)->labels.front().recording.auroc != 0.5);
}

void TestExploreHeads::aDamagedPartIsTrainedAgain() {
    const auto options = optionsOf(ProbeProtocol::Attentive);
    Progress quiet;
    const auto study = copyOfStudy("damaged");
    const auto whole = evaluateStudy(study, {questionOf(kLabel)}, options, {}, quiet);
    QVERIFY(whole.ok());
    const auto kept = keptIn(study);
    QCOMPARE(kept.size(), std::size_t(2));
    for (const char* text : {"", "{}", "[1, 2, 3]", "[null, null]", R"([{"scores": [1]}, {}, {"scores": "x"}])"}) {
        QVERIFY(writeFileAtomically(kept.front(), std::string(text)).ok());
        const auto again = evaluateStudy(study, {questionOf(kLabel)}, options, {}, quiet);
        QVERIFY2(again.ok(), failureText(again).c_str());
        QCOMPARE(again->labels.front().recording.auroc, whole->labels.front().recording.auroc);
        QCOMPARE(again->labels.front().recording.random, whole->labels.front().recording.random);
    }
}

void TestExploreHeads::oneOfSeveralClasses() {
    Progress progress;
    const std::vector<std::string> classes = {"sinus bradycardia", "sinus tachycardia", "sinus rhythm", "flutter"};
    const auto options = optionsOf(ProbeProtocol::FineTune);
    const auto result = evaluateClasses(study_, classes, options, {}, progress);
    QVERIFY2(result.ok(), failureText(result).c_str());
    QCOMPARE(result->classes.size(), std::size_t(3));
    QVERIFY2(result->recording.auroc.difference > 0.7, qPrintable(QString::number(result->recording.auroc.difference)));
    auto plain = options;
    plain.protocol = ProbeProtocol::Linear;
    const auto linear = evaluateClasses(study_, classes, plain, {}, progress);
    QVERIFY(linear.ok());
    QCOMPARE(result->linear.auroc.difference, linear->recording.auroc.difference);
    QVERIFY(std::abs(result->random.above.difference -
                     (result->recording.auroc.difference - result->random.auroc.difference)) < 1e-9);
    const auto json = Json::parse(classesJson(*result));
    for (const char* key : {"auroc", "ci95", "random_init", "simple_features", "linear_probe", "classes", "head"})
        QVERIFY2(json.contains(key), key);
    QVERIFY(!json.at("levels").contains("event"));
    const auto entry = parseEvaluation(classesJson(*result));
    QVERIFY2(entry.ok(), failureText(entry).c_str());
    QCOMPARE(entry->labels.front().name, std::string("sinus bradycardia / sinus tachycardia / sinus rhythm"));
    QCOMPARE(entry->labels.front().aboveRandom.value, result->random.above.difference);
    QCOMPARE(entry->labels.front().linear, result->linear.auroc.difference);
}

void TestExploreHeads::fewLeadsAndFewLabels() {
    Progress progress;
    auto options = optionsOf(ProbeProtocol::Attentive);
    const auto all = evaluateStudy(study_, {questionOf(kLabel)}, options, {}, progress);
    options.leads = {"I", "V2"};
    options.labelShare = 0.3;
    options.draws = 2;
    const auto few = evaluateStudy(study_, {questionOf(kLabel)}, options, {}, progress);
    QVERIFY2(all.ok() && few.ok(), failureText(few).c_str());
    QVERIFY(few->labels.front().recording.auroc != all->labels.front().recording.auroc);
    options.leads = {"X"};
    QVERIFY(!evaluateStudy(study_, {questionOf(kLabel)}, options, {}, progress).ok());
}

void TestExploreHeads::theHistoryReadsIt() {
    Progress progress;
    const auto evaluation = evaluateStudy(study_, {questionOf("sinus tachycardia"), questionOf("sinus bradycardia")},
                                          optionsOf(ProbeProtocol::Attentive), {}, progress);
    QVERIFY(evaluation.ok() && evaluation->mean);
    const auto entry = parseEvaluation(evaluationJson(*evaluation));
    QVERIFY(entry.ok());
    QCOMPARE(entry->protocol, std::string("attentive"));
    QCOMPARE(entry->labels.size(), std::size_t(2));
    QCOMPARE(entry->labels[1].linear, evaluation->labels[1].linear);
    QCOMPARE(entry->mean.aboveLinear.low, evaluation->mean->aboveLinear.low);
    QCOMPARE(entry->mean.linear, (evaluation->labels[0].linear + evaluation->labels[1].linear) / 2);
    QVERIFY(!entry->labels[0].event.known());
    const auto table = evaluationTable(*evaluation);
    QVERIFY(table.find("Attentive probe") != std::string::npos && table.find("above linear") != std::string::npos);
    for (std::size_t at = 0, end = 0; at < table.size(); at = end + 1) {
        end = std::min(table.find('\n', at), table.size());
        QVERIFY2(end - at <= 100, table.substr(at, end - at).c_str());
    }
}

// A study in which some recordings have premature beats and say so.
void TestExploreHeads::surpriseOfLabelledEctopy() {
    const auto study = folder_ / "ectopic";
    std::string csv = "record_path,labels,dataset\n";
    for (int i = 0; i < 24; ++i) {
        const std::string name = "e" + std::to_string(i);
        writeRecord(folder_ / ("ectopic files/" + name + ".hea"),
                    beating(Rhythm::Sinus, 400 + static_cast<std::uint64_t>(i), 5, i % 3 == 0 ? 1 : 0));
        csv += "ectopic files/" + name + "," + (i % 3 == 0 ? "ventricular premature beats" : "sinus rhythm") + ",set\n";
    }
    folder_.write("ectopic.csv", csv);
    QVERIFY(import(study, {folder_ / "ectopic files"}, folder_ / "ectopic.csv").ok());
    SurpriseBenchRequest request;
    request.model = model_;
    request.study = study;
    request.recordings = 0; // no synthetic part
    request.calibration = 10;
    request.blocks = {1, 2};
    Progress progress;
    const auto bench = benchSurprise(request, {}, progress);
    QVERIFY2(bench.ok(), failureText(bench).c_str());
    QVERIFY(bench->rows.empty());
    QCOMPARE(bench->study.size(), std::size_t(2));
    for (const auto& one : bench->study) {
        QCOMPARE(one.positives, 8);
        QCOMPARE(one.negatives, 16);
        QVERIFY(one.interval.low <= one.auroc && one.auroc <= one.interval.high);
        QVERIFY(one.interval.low < one.interval.high);
    }
    // A study without such labels is told so.
    request.study = study_;
    const auto none = benchSurprise(request, {}, progress);
    QCOMPARE(none.error().code, ErrorCode::NotFound);
}

QTEST_MAIN(TestExploreHeads)
#include "test_explore_heads.moc"
