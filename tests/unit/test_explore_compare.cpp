// SPDX-License-Identifier: GPL-3.0-or-later
// The long jobs of the evaluation on tiny synthetic studies and models of a few steps: models side by side, the grid,
// one of several classes, reduced leads, and the benchmark on a miniature of the public layouts.
#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/benchmark.h"
#include "core/explore/compare.h"
#include "core/explore/embed_study.h"
#include "core/explore/evaluate_classes.h"
#include "core/explore/grid.h"
#include "core/explore/lead_subset.h"
#include "core/report/comparison_figure.h"
#include "study_test_data.h"

#include <QImage>
#include <QSvgRenderer>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

using namespace precordia;
using namespace precordia::testing;
using Json = nlohmann::json;

namespace {

constexpr int kEach = 12; // recordings of each rhythm
const std::vector<std::string> kTiny = {"intervals=25",
                                        "threads=1",
                                        "width=12",
                                        "heads=3",
                                        "channel_depth=1",
                                        "temporal_depth=1",
                                        "predictor_width=6",
                                        "predictor_heads=3",
                                        "channel_predictor_depth=1",
                                        "temporal_predictor_depth=1",
                                        "batch=4",
                                        "diagnose_every=1",
                                        "decoder_steps=0"};

std::string textOf(const fs::path& file) {
    const auto bytes = readFile(file);
    return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : std::string();
}

std::size_t longestLine(const std::string& text) {
    std::size_t longest = 0;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        longest = std::max(longest, line.size());
    return longest;
}

Recording beating(Rhythm rhythm, std::uint64_t seed, double seconds) {
    SynthesisOptions options;
    options.seconds = seconds;
    options.samplingRate = 250;
    options.rhythm = rhythm;
    options.noise = 0.2;
    auto recording = synthesise(options, seed).recording;
    recording.metadata = {};
    return recording;
}

} // namespace

class TestExploreCompare : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aSubsetHidesTheOtherLeads();
    void modelsAreTrainedOnceAndCompared();
    void aWrongComparisonIsRefusedAtOnce();
    void theFigureShowsEveryModel();
    void fewLeadsGiveOtherEncodings();
    void classesAreProbedOneAgainstTheOther();
    void aGridGoesOnWhereItWasStopped();
    void aGridFileIsCheckedByKey();
    void benchmarkLayoutsAreRead();
    void theBenchmarkRunsOnItsLayouts();
    void theBenchmarkFineTunes();

private:
    CompareOptions tinyComparison() const;
    fs::path trainedModel() const; // by a test before
    Folder folder_;
    fs::path study_;
};

void TestExploreCompare::initTestCase() {
    study_ = folder_ / "study";
    std::string csv = "record_path,labels,dataset\n";
    const std::pair<Rhythm, const char*> kinds[] = {{Rhythm::SinusBradycardia, "sinus bradycardia"},
                                                    {Rhythm::SinusTachycardia, "sinus tachycardia"},
                                                    {Rhythm::Sinus, "sinus rhythm"}};
    std::uint64_t seed = 1;
    for (const auto& [rhythm, label] : kinds)
        for (int i = 0; i < kEach; ++i, ++seed) {
            const std::string name = "r" + std::to_string(seed);
            writeRecord(folder_ / ("files/" + name + ".hea"), beating(rhythm, seed, 5));
            csv += "files/" + name + "," + label + ",set\n";
        }
    folder_.write("labels.csv", csv);
    const auto report = import(study_, {folder_ / "files"}, folder_ / "labels.csv");
    QVERIFY2(report.ok(), failureText(report).c_str());
    QCOMPARE(report->imported, 3 * kEach);
    QVERIFY(loadEngine().ok());
}

CompareOptions TestExploreCompare::tinyComparison() const {
    CompareOptions options;
    options.models = {"er-jepa", "random-init"};
    options.config.settings = kTiny;
    options.steps = 3;
    options.evaluate.folds = 3;
    options.evaluate.bootstraps = 30;
    options.evaluate.draws = 2;
    options.lowShare = 0.5;
    return options;
}

fs::path TestExploreCompare::trainedModel() const {
    for (const auto& run : fs::directory_iterator((*Study::open(study_))->runsFolder()))
        if (fs::exists(run.path() / "model.safetensors"))
            return run.path();
    return {};
}

void TestExploreCompare::aSubsetHidesTheOtherLeads() {
    auto windows = std::make_shared<MemoryWindows>(WindowShape{3, 2, 250});
    windows->add({1, 2, 3, 4, 5, 6});
    const auto subset = LeadSubset::of(windows, {"I", "II", "V1"}, {"V1", "I"});
    QVERIFY(subset.ok());
    std::vector<float> out(6);
    std::vector<std::uint8_t> present(3);
    (*subset)->read(0, out, present);
    QCOMPARE(out, (std::vector<float>{1, 2, 0, 0, 5, 6}));
    QCOMPARE(present, (std::vector<std::uint8_t>{1, 0, 1}));
    QVERIFY((*subset)->dataHash() != windows->dataHash());
    QCOMPARE(LeadSubset::of(windows, {"I", "II", "V1"}, {"V2"}).error().code, ErrorCode::WrongUse);
}

void TestExploreCompare::modelsAreTrainedOnceAndCompared() {
    Progress progress;
    const std::vector<LabelQuestion> asked = {questionOf("sinus tachycardia"), questionOf("sinus bradycardia"),
                                              questionOf("pacemaker")};
    const auto first = compareModels(study_, asked, tinyComparison(), {}, progress);
    QVERIFY2(first.ok(), failureText(first).c_str());
    QCOMPARE(first->models.size(), std::size_t(3)); // and the simple features
    QVERIFY2(first->models[0].error.empty(), first->models[0].error.c_str());
    QVERIFY(!first->models[0].reused && first->models[0].steps == 3 && first->models[0].seconds > 0);
    QVERIFY(first->models[1].run.empty() && first->models[1].hash != first->models[0].hash);
    QCOMPARE(first->refused.size(), std::size_t(1));
    QCOMPARE(first->refused[0].first, std::string("pacemaker"));
    QCOMPARE(first->labels.size(), std::size_t(2));
    QCOMPARE(first->counts[0], std::pair(kEach, 2 * kEach));
    // The difference is that of the two figures, and of the model from itself nothing.
    const auto& ours = first->models[0];
    for (const auto& m : first->models)
        QVERIFY(std::abs(m.lead.difference - (ours.auroc.difference - m.auroc.difference)) < 1e-9);
    QCOMPARE(ours.lead.high, 0.0);
    for (const auto& m : first->models) {
        QVERIFY(m.auroc.low <= m.auroc.difference && m.auroc.difference <= m.auroc.high);
        QVERIFY(std::abs((m.perLabel[0] + m.perLabel[1]) / 2 - m.auroc.difference) < 1e-9);
    }
    QVERIFY(ours.effectiveRank[0] > 1);

    const auto again = compareModels(study_, asked, tinyComparison(), {}, progress);
    QVERIFY(again.ok());
    QVERIFY(again->models[0].reused);
    QCOMPARE(again->models[0].hash, ours.hash);
    QCOMPARE(again->models[0].auroc.difference, ours.auroc.difference);
    QCOMPARE(again->models[0].lowAuroc.difference, ours.lowAuroc.difference);
    auto other = tinyComparison();
    other.steps = 4; // another budget is another run
    other.models = {"er-jepa"};
    other.lowShare = 0;
    const auto longer = compareModels(study_, asked, other, {}, progress);
    QVERIFY(longer.ok() && !longer->models[0].reused);

    const auto json = Json::parse(comparisonJson(*first));
    QCOMPARE(json.at("models")[0].at("model").get<std::string>(), std::string("er-jepa"));
    for (const char* key :
         {"auroc", "ci95", "auprc", "er_jepa_above", "low_label", "seconds", "cpu_seconds", "verdict"})
        QVERIFY2(json.at("models")[0].contains(key), key);
    QCOMPARE(json.at("models")[2].at("model").get<std::string>(), std::string("simple-features"));
    const std::string table = comparisonTable(*first);
    QVERIFY(table.find("Not probed: pacemaker") != std::string::npos);
    QVERIFY2(longestLine(table) <= 100, table.c_str());
}

void TestExploreCompare::aWrongComparisonIsRefusedAtOnce() {
    Progress progress;
    auto options = tinyComparison();
    options.models = {"er-jepa", "resnet"};
    const auto unknown = compareModels(study_, {questionOf("sinus tachycardia")}, options, {}, progress);
    QCOMPARE(unknown.error().code, ErrorCode::WrongUse);
    QVERIFY(unknown.error().message.find("resnet") != std::string::npos);
    options = tinyComparison();
    options.config.settings.push_back("width=13");
    QCOMPARE(compareModels(study_, {questionOf("sinus tachycardia")}, options, {}, progress).error().code,
             ErrorCode::ConfigInvalid);
    QCOMPARE(compareModels(study_, {questionOf("pacemaker")}, tinyComparison(), {}, progress).error().code,
             ErrorCode::NotFound);
    std::stop_source stop;
    stop.request_stop();
    auto stopped = tinyComparison();
    stopped.steps = 7;
    QVERIFY(compareModels(study_, {questionOf("sinus tachycardia")}, stopped, stop.get_token(), progress).cancelled());
}

void TestExploreCompare::theFigureShowsEveryModel() {
    Comparison comparison;
    comparison.labels = {"a", "b"};
    for (const char* name : {"er-jepa", "1d-jepa", "random-init", "broken"}) {
        ComparedModel model;
        model.model = name;
        model.run = model.model == "random-init" ? "" : "run";
        model.error = model.model == "broken" ? "no" : "";
        model.auroc = {0.8, 0.7, 0.9};
        model.lowAuroc = {0.6, 0.55, 0.65};
        comparison.models.push_back(model);
    }
    QVERIFY(renderComparison(comparison, folder_ / "c.png").ok());
    QVERIFY(renderComparison(comparison, folder_ / "c.svg").ok());
    const QImage image(QString::fromStdString((folder_ / "c.png").string()));
    QVERIFY(!image.isNull());
    // Blue bars of two trained models, orange-red of the one that was not: each in two shades.
    int blue = 0, vermilion = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            blue += image.pixelColor(x, y) == QColor(0, 0x72, 0xB2) ? 1 : 0;
            vermilion += image.pixelColor(x, y) == QColor(0xD5, 0x5E, 0) ? 1 : 0;
        }
    QVERIFY2(blue > vermilion && vermilion > 1000, qPrintable(QStringLiteral("%1 %2").arg(blue).arg(vermilion)));
    QVERIFY(QSvgRenderer(QString::fromStdString((folder_ / "c.svg").string())).isValid());
    QCOMPARE(renderComparison(comparison, folder_ / "c.bmp").error().code, ErrorCode::WrongUse);
    QCOMPARE(renderComparison({}, folder_ / "d.png").error().code, ErrorCode::WrongUse);
}

void TestExploreCompare::fewLeadsGiveOtherEncodings() {
    Progress progress;
    ConfigRequest tiny;
    tiny.settings = kTiny;
    const auto twin = (*loadEngine())->randomModel(*resolveConfig(tiny), 3);
    QVERIFY(twin.ok());
    const auto all = encoderTables(study_, *twin, {}, {}, progress);
    const auto three = encoderTables(study_, *twin, {{"I", "II", "V2"}, false}, {}, progress);
    QVERIFY(all.ok() && three.ok());
    QCOMPARE(three->levels[0].ids, all->levels[0].ids);
    QVERIFY(three->levels[0].values != all->levels[0].values);
    QVERIFY(all->effectiveRank[2] > 1 && all->effectiveRank[2] <= 12);
    QCOMPARE(encoderTables(study_, *twin, {{"X"}, false}, {}, progress).error().code, ErrorCode::WrongUse);
    const auto simple = simpleFeatureTable(study_, *twin, {{"I"}, false}, {}, progress);
    QVERIFY(simple.ok());
    QCOMPARE(simple->values(0, 1), 0.0F); // the spread of a lead that is not shown
    QVERIFY(simple->values(0, 0) > 0);
}

void TestExploreCompare::classesAreProbedOneAgainstTheOther() {
    Progress progress;
    ConfigRequest tiny;
    tiny.settings = kTiny;
    EvaluateOptions options;
    options.folds = 3;
    options.bootstraps = 20;
    options.model = trainedModel();
    const auto result = evaluateClasses(
        study_, {"sinus bradycardia", "sinus tachycardia", "sinus rhythm", "atrial flutter"}, options, {}, progress);
    QVERIFY2(result.ok(), failureText(result).c_str());
    QCOMPARE(result->classes.size(), std::size_t(3));
    QCOMPARE(result->counts, (std::vector<int>{kEach, kEach, kEach}));
    QCOMPARE(result->refused.size(), std::size_t(1));
    QVERIFY(result->simple.auroc.low <= result->simple.auroc.difference);
    QCOMPARE(result->recording.above.difference, 0.0);
    const auto json = Json::parse(classesJson(*result));
    for (const char* key : {"auroc", "ci95", "random_init", "simple_features", "levels", "classes", "refused"})
        QVERIFY2(json.contains(key), key);
    QVERIFY(longestLine(classesTable(*result)) <= 100);
    QCOMPARE(evaluateClasses(study_, {"sinus rhythm"}, options, {}, progress).error().code, ErrorCode::WrongUse);
    QCOMPARE(evaluateClasses(study_, {"sinus rhythm", "flutter"}, options, {}, progress).error().code,
             ErrorCode::NotFound);
}

void TestExploreCompare::aGridGoesOnWhereItWasStopped() {
    Progress progress;
    GridPlan plan;
    plan.name = "small";
    plan.steps = 3;
    plan.settings = kTiny;
    plan.axes = {{"width", {"12", "6"}}, {"regulariser", {"none", "vicreg"}}};
    plan.labels = {"sinus tachycardia"};
    GridOptions options;
    options.evaluate.folds = 3;
    std::stop_source stop;
    int begun = 0;
    options.onCell = [&](const GridCell&, std::size_t number, std::size_t of) {
        QCOMPARE(of, std::size_t(4));
        QCOMPARE(number, std::size_t(begun));
        if (++begun == 3)
            stop.request_stop(); // as Ctrl-C in the third cell
    };
    QVERIFY(runGrid(study_, plan, options, stop.get_token(), progress).cancelled());
    const auto state = Json::parse(textOf(study_ / "grids/small.json"));
    QCOMPARE(state.at("cells")[1].at("state").get<std::string>(), std::string("done"));
    QCOMPARE(state.at("cells")[2].at("state").get<std::string>(), std::string("open"));

    begun = 2; // the first two are not trained again
    options.onCell = [&](const GridCell&, std::size_t number, std::size_t) {
        QCOMPARE(number, std::size_t(begun));
        ++begun;
    };
    const auto grid = runGrid(study_, plan, options, {}, progress);
    QVERIFY2(grid.ok(), failureText(grid).c_str());
    QCOMPARE(begun, 4);
    for (const auto& cell : grid->cells) {
        QVERIFY2(cell.state == "done", cell.error.c_str());
        QVERIFY(!cell.verdict.empty() && cell.auroc > 0 && cell.eventRank > 1);
    }
    QCOMPARE(grid->cells[0].values, (std::vector<std::string>{"12", "none"}));
    QVERIFY(grid->cells[0].hash != grid->cells[1].hash);
    const std::string csv = textOf(grid->table);
    QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), 5L);
    QVERIFY(csv.starts_with("width,regulariser,seed,state,verdict,auroc,"));

    Grid counted = *grid;
    counted.cells[0].verdict = counted.cells[2].verdict = counted.cells[3].verdict = "healthy";
    counted.cells[1].verdict = "collapsed";
    QCOMPARE(collapseRate(counted).share(), 0.25);
    QCOMPARE(collapseRate(counted, 0, "12").share(), 0.5);
    QCOMPARE(collapseRate(counted, 1, "none").share(), 0.0);
    QVERIFY(gridTable(counted).find("1 of 4 (25 %)") != std::string::npos);
    QVERIFY(longestLine(gridTable(counted)) <= 100);
    // Nothing left to do; another plan under the same name is refused.
    options.onCell = [](const GridCell&, std::size_t, std::size_t) { QFAIL("a finished cell is begun again"); };
    QVERIFY(runGrid(study_, plan, options, {}, progress).ok());
    plan.steps = 4;
    QCOMPARE(runGrid(study_, plan, options, {}, progress).error().code, ErrorCode::WrongUse);
    plan.name = "wrong";
    plan.axes = {{"width", {"13"}}};
    QCOMPARE(runGrid(study_, plan, options, {}, progress).error().code, ErrorCode::ConfigInvalid);
}

void TestExploreCompare::aGridFileIsCheckedByKey() {
    const auto read = [&](const std::string& text) {
        folder_.write("grid.json", text);
        return readGridPlan(folder_ / "grid.json");
    };
    const auto good = read(R"({"name": "s", "steps": 5, "set": {"batch": 4, "scale": "fixed"}, "seeds": [0, 1],
                               "grid": {"ema": [[0.9, 1.0], [0.99, 1.0]], "regulariser": ["none"]}})");
    QVERIFY2(good.ok(), failureText(good).c_str());
    QCOMPARE(good->axes[0].second, (std::vector<std::string>{"[0.9,1.0]", "[0.99,1.0]"}));
    QCOMPARE(good->axes[1].second[0], std::string("none"));
    QCOMPARE(good->settings, (std::vector<std::string>{"batch=4", "scale=fixed"}));
    QCOMPARE(good->seeds.size(), std::size_t(2));
    for (const char* bad :
         {"[]", "{}", R"({"grid": {}})", R"({"grid": {"width": 96}})", R"({"grid": {"width": [96]}, "stepz": 3})",
          R"({"grid": {"width": [96]}, "seeds": [-1]})", R"({"grid": {"width": [96]}, "name": "../x"})", "{"})
        QCOMPARE(read(bad).error().code, ErrorCode::ConfigInvalid);
    QCOMPARE(readGridPlan(folder_ / "none.json").error().code, ErrorCode::FileNotFound);
}

namespace {

// A miniature of PTB-XL 1.0.3: `each` recordings a superclass, the last two classes together in some.
void writePtbxl(const Folder& folder, int each) {
    folder.write("ptbxl/scp_statements.csv",
                 ",description,diagnostic,form,rhythm,diagnostic_class,diagnostic_subclass\n"
                 "NORM,normal ECG,1.0,,,NORM,NORM\nIMI,\"inferior infarction, old\",1.0,,,MI,IMI\n"
                 "NDT,non-diagnostic T,1.0,1.0,,STTC,STTC\nCLBBB,complete LBBB,1.0,,,CD,CLBBB\n"
                 "LVH,hypertrophy,1.0,,,HYP,LVH\nSR,sinus rhythm,,,1.0,,\nPVC,ectopics,,1.0,,,\n");
    const char* codes[] = {"NORM", "IMI", "NDT", "CLBBB", "LVH"};
    const Rhythm rhythms[] = {Rhythm::Sinus, Rhythm::SinusTachycardia, Rhythm::SinusBradycardia,
                              Rhythm::SinusArrhythmia, Rhythm::AtrialFibrillation};
    std::string csv = "ecg_id,patient_id,age,report,scp_codes,strat_fold,filename_lr,filename_hr\n";
    int id = 0;
    for (int k = 0; k < 5; ++k)
        for (int i = 0; i < each; ++i) {
            const std::string name = "records100/00000/" + std::to_string(++id) + "_lr";
            writeRecord(folder / ("ptbxl/" + name + ".hea"),
                        beating(rhythms[k], static_cast<std::uint64_t>(500 + id), 10));
            const std::string also = k == 4 && i % 4 == 0 ? ", 'CLBBB': 0.0" : "";
            csv += std::to_string(id) + "," + std::to_string(1000 + id) +
                   ".0,60,\"a \"\"report\"\", with\nlines\",\"{'" + codes[k] + "': 100.0, 'SR': 0.0" + also + "}\"," +
                   std::to_string(1 + i % 10) + "," + name + "," + name + "\n";
        }
    csv += std::to_string(++id) + ",9,60,,\"{'SR': 0.0}\",1,records100/00000/none,x\n"; // no superclass
    folder.write("ptbxl/ptbxl_database.csv", csv);
}

} // namespace

void TestExploreCompare::benchmarkLayoutsAreRead() {
    writePtbxl(folder_, 20);
    const auto ptbxl = readPtbxl(folder_ / "ptbxl");
    QVERIFY2(ptbxl.ok(), failureText(ptbxl).c_str());
    QCOMPARE(ptbxl->recordings.size(), std::size_t(100));
    QCOMPARE(ptbxl->recordings[0].classes, std::vector<int>{0});
    QCOMPARE(ptbxl->recordings[0].patient, std::string("1001.0"));
    QVERIFY(fs::exists(ptbxl->recordings[0].source)); // records100, as there is no records500
    QCOMPARE(ptbxl->recordings[80].classes, (std::vector<int>{3, 4}));
    QCOMPARE(ptbxl->recordings[7].part, BenchmarkPart::Train);
    QCOMPARE(ptbxl->recordings[8].part, BenchmarkPart::Validation);
    QCOMPARE(ptbxl->recordings[9].part, BenchmarkPart::Test);
    QCOMPARE(readPtbxl(folder_ / "nowhere").error().code, ErrorCode::FileNotFound);
    folder_.write("broken/scp_statements.csv", ",diagnostic,diagnostic_class\nNORM,1.0,NORM\n");
    folder_.write("broken/ptbxl_database.csv", "ecg_id,scp_codes\n1,{}\n");
    const auto broken = readPtbxl(folder_ / "broken");
    QCOMPARE(broken.error().code, ErrorCode::FormatInvalid);
    QVERIFY(broken.error().text().find("patient_id") != std::string::npos);

    const auto header = [](const std::string& dx) {
        return "A 12 500 5000\nA.mat 16+24 1000/mV 16 0 0 0 0 I\n#Age: 40\n#Dx: " + dx + "\n";
    };
    folder_.write("few/g1/A1.hea", header("59118001"));
    folder_.write("few/g1/A2.hea", header("426783006,164884008"));
    folder_.write("few/g7/A3.hea", header("164889003"));
    folder_.write("few/g7/A4.hea", header("713422000")); // none of the nine
    const auto few = readCpsc2018(folder_ / "few", 0);
    QVERIFY(few.ok());
    QCOMPARE(few->recordings.size(), std::size_t(3));
    QCOMPARE(few->recordings[0].classes, std::vector<int>{4});
    QCOMPARE(few->recordings[1].classes, (std::vector<int>{0, 6}));
    QCOMPARE(few->recordings[2].part, BenchmarkPart::Test); // g7
    QVERIFY(few->recordings[0].part != BenchmarkPart::Test);
    folder_.write("other/B1.hea", header("713422000"));
    QCOMPARE(readCpsc2018(folder_ / "other", 0).error().code, ErrorCode::NotFound);
}

void TestExploreCompare::theBenchmarkRunsOnItsLayouts() {
    const char* codes[] = {"426783006", "164889003", "59118001"};
    const Rhythm rhythms[] = {Rhythm::Sinus, Rhythm::AtrialFibrillation, Rhythm::SinusTachycardia};
    for (int k = 0; k < 3; ++k)
        for (int i = 0; i < 15; ++i) {
            auto recording = beating(rhythms[k], static_cast<std::uint64_t>(900 + 20 * k + i), i == 14 ? 4 : 10);
            recording.metadata.comments = {std::string("Dx: ") + codes[k]};
            writeRecord(folder_ / ((i < 11 ? "cpsc/g1/A" : "cpsc/g7/A") + std::to_string(100 * k + i) + ".hea"),
                        recording);
        }
    Progress progress;
    BenchmarkOptions options;
    options.ptbxl = folder_ / "ptbxl";
    options.cpsc2018 = folder_ / "cpsc";
    options.model = trainedModel();
    options.bootstraps = 20;
    options.fewestPositives = 1;
    const auto benchmark = runBenchmark(study_, options, {}, progress);
    QVERIFY2(benchmark.ok(), failureText(benchmark).c_str());
    QCOMPARE(benchmark->tasks.size(), std::size_t(4));
    const auto& labels = benchmark->tasks[0];
    const auto& classes = benchmark->tasks[1];
    QCOMPARE(labels.data, std::string("PTB-XL"));
    QCOMPARE(labels.train, 80);
    QCOMPARE(labels.validation, 10);
    QCOMPARE(labels.test, 10);
    QCOMPARE(labels.classes.size(), std::size_t(5));
    QVERIFY(classes.multiClass);
    QCOMPARE(classes.train + classes.validation + classes.test, 95); // five have two superclasses
    for (const auto& task : benchmark->tasks)
        for (const auto& row : task.rows)
            QVERIFY2(row.auroc.difference >= 0 && row.auroc.difference <= 1 &&
                         row.perClass.size() == task.classes.size(),
                     row.encoder.c_str());
    QCOMPARE(labels.rows[0].encoder, std::string("model"));
    QCOMPARE(labels.rows[2].encoder, std::string("simple-features"));
    QVERIFY(std::abs(labels.rows[2].above.difference -
                     (labels.rows[0].auroc.difference - labels.rows[2].auroc.difference)) < 1e-9);
    QVERIFY(labels.rows[2].auroc.difference > 0.6); // rhythms so unlike are seen by the slope spectrum
    const auto& cpsc = benchmark->tasks[2];
    QCOMPARE(cpsc.train + cpsc.validation + cpsc.test, 42); // three are shorter than the model's 5 s ...
    QCOMPARE(cpsc.leftOut.size(), std::size_t(6));          // six classes have no recording
    bool named = false;
    for (const auto& note : benchmark->notes)
        named = named || note.find("3 recordings shorter than 5 s") != std::string::npos;
    QVERIFY(named); // ... and named
    const std::string table = benchmarkTable(*benchmark);
    QVERIFY(table.find("0.913") != std::string::npos && table.find("not known here") != std::string::npos);
    QVERIFY2(longestLine(table) <= 100, table.c_str());
    const auto json = Json::parse(benchmarkJson(*benchmark));
    QCOMPARE(json.at("tasks").size(), std::size_t(4));
    QVERIFY(json.at("published")[2].at("ptbxl_multi_class").is_null());
    QCOMPARE(runBenchmark(study_, {}, {}, progress).error().code, ErrorCode::WrongUse);
}

// On what the test before it wrote.
void TestExploreCompare::theBenchmarkFineTunes() {
    BenchmarkOptions options;
    options.cpsc2018 = folder_ / "cpsc";
    options.model = trainedModel();
    options.bootstraps = 20;
    options.fewestPositives = 1;
    options.fineTune = true;
    options.head = headDefaults(HeadKind::FineTune);
    options.head->epochs = 3;
    Progress progress;
    const auto benchmark = runBenchmark(study_, options, {}, progress);
    QVERIFY2(benchmark.ok(), failureText(benchmark).c_str());
    QCOMPARE(benchmark->tasks.size(), std::size_t(2));
    for (const auto& task : benchmark->tasks) {
        QCOMPARE(task.rows.size(), std::size_t(5));
        const auto& linear = task.rows[0];
        const auto& tuned = task.rows[3];
        const auto& scratch = task.rows[4];
        QVERIFY(!linear.fineTuned && tuned.fineTuned && scratch.fineTuned);
        QCOMPARE(tuned.encoder, std::string("model"));
        QCOMPARE(scratch.encoder, std::string("random-init"));
        // The tuned model less the linear one, and less tuned random weights.
        const auto less = [](const BenchmarkRow& a, const BenchmarkRow& b) {
            return a.auroc.difference - b.auroc.difference;
        };
        QVERIFY(std::abs(tuned.above.difference - less(tuned, linear)) < 1e-9);
        QVERIFY(std::abs(scratch.above.difference - less(tuned, scratch)) < 1e-9);
        double mean = 0; // of what each class comes to
        for (const double value : tuned.perClass)
            mean += value / static_cast<double>(tuned.perClass.size());
        if (!task.multiClass)
            QVERIFY(std::abs(mean - tuned.auroc.difference) < 1e-9);
        QVERIFY2(tuned.auroc.difference > 0.6, std::to_string(tuned.auroc.difference).c_str()); // rhythms so unlike
    }
    // Each task and encoder is kept, and asked again it is read: not an epoch more, the same figures.
    const auto keep = study_ / "benchmarks" / "cpsc2018" / "evaluations" / "heads";
    std::map<fs::path, fs::file_time_type> kept;
    for (const auto& file : fs::directory_iterator(keep))
        kept[file.path()] = fs::last_write_time(file.path());
    QCOMPARE(kept.size(), std::size_t(4));
    const auto again = runBenchmark(study_, options, {}, progress);
    QVERIFY2(again.ok(), failureText(again).c_str());
    for (const auto& [file, written] : kept)
        QCOMPARE(fs::last_write_time(file), written);
    auto first = Json::parse(benchmarkJson(*benchmark)), second = Json::parse(benchmarkJson(*again));
    first.erase("seconds"), second.erase("seconds");
    QCOMPARE(second.dump(), first.dump());
    QCOMPARE(first.at("tasks")[0].at("rows")[3].at("protocol").get<std::string>(), std::string("fine-tuned"));
    // The operating point is the validation part's: 0.99 of it asked for, nearly all of the test part is called.
    options.sensitivity = 0.99;
    const auto sensitive = runBenchmark(study_, options, {}, progress);
    QVERIFY2(sensitive.ok(), failureText(sensitive).c_str());
    QVERIFY(sensitive->tasks[0].rows[3].sensitivity >= benchmark->tasks[0].rows[3].sensitivity);
    const std::string table = benchmarkTable(*benchmark);
    QVERIFY(table.find("this model") != std::string::npos && table.find("model, tuned") != std::string::npos);
    QVERIFY2(longestLine(table) <= 100, table.c_str());
}

QTEST_MAIN(TestExploreCompare)
#include "test_explore_compare.moc"
