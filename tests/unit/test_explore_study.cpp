// SPDX-License-Identifier: GPL-3.0-or-later
// Tables, maps, exports and evaluations of a small study. Its first embeddings are made by hand, so that every figure
// is known; the engine then does the whole way with a tiny model.
#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/bench_map.h"
#include "core/explore/embed_study.h"
#include "core/explore/evaluate.h"
#include "core/explore/export_embeddings.h"
#include "core/explore/npy.h"
#include "core/explore/random_source.h"
#include "core/explore/stored_split.h"
#include "core/study/reader_labels.h"
#include "study_test_data.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

using namespace precordia;
namespace fs = std::filesystem;

namespace {

constexpr int kRecordings = 24;
constexpr int kIntervals = 3, kLeads = 2, kWidth = 4, kRecordingWidth = 5;

std::string textOf(const fs::path& file) {
    const auto bytes = readFile(file);
    return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : std::string();
}

std::vector<std::string> linesOf(const fs::path& file) {
    std::istringstream in(textOf(file));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

int filesIn(const fs::path& folder) {
    return static_cast<int>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

std::vector<float> numbers(RandomSource& random, int count, float offset) {
    std::vector<float> out;
    for (int i = 0; i < count; ++i)
        out.push_back(offset + static_cast<float>(random.uniform()));
    return out;
}

} // namespace

class TestExploreStudy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void questionsKeepToTheirDataSets();
    void readersAreTold();
    void aStoredSplitIsTheOnlyDivision();
    void aQuestionIsRefusedBeforeAnyComputing();
    void nothingIsShownBeforeTheStudyIsEmbedded();
    void windowsOfARecordingAreAveraged();
    void intervalsArePooledByMeanAndDeviation();
    void aMapIsStoredWithItsParameters();
    void aMapRefusesWhatItCannotDo();
    void csvHoldsEveryVectorAsItIs();
    void npyHoldsTheArrayAndSaysWhose();
    void exportsFailWithoutLeavingAnything();
    void npyReadsBothPrecisionsAndRefusesTheRest();
    void theBenchProjectsAGivenTable();
    void theEngineGoesTheWholeWay();
    void aStopLeavesNoHalfEmbedding();

private:
    void writeByHand(const std::string& hash, bool withLeads);
    std::unique_ptr<Study> open() const { return std::move(*Study::open(study_)); }

    precordia::testing::Folder folder_;
    fs::path study_;
    std::vector<RecordingId> ids_;
    std::vector<std::vector<float>> recording_, event_, lead_; // of each window written by hand
};

// Sets A and B use "af", C does not; in A two recordings are of one patient; one recording belongs to no set.
void TestExploreStudy::initTestCase() {
    std::string csv = "record_path,dataset,patient,labels\n";
    for (int i = 0; i < kRecordings; ++i) {
        const std::string name = "r" + std::to_string(100 + i);
        precordia::testing::writeRecord(folder_ / ("in/" + name + ".hea"),
                                        precordia::testing::ecg(static_cast<std::uint64_t>(i), 5));
        const std::string set = i == kRecordings - 1 ? "" : i % 3 == 0 ? "LUDB A" : i % 3 == 1 ? "SaMi-Trop" : "C";
        const bool af = i % 3 != 2 && i % 4 == 0;
        csv += "in/" + name + "," + set + "," + (i < 4 && i % 3 == 0 ? "twin" : "") + "," +
               (af ? "Rhythm: Atrial fibrillation." : "normal ecg") + "\n";
    }
    folder_.write("labels.csv", csv);
    study_ = folder_ / "study";
    QVERIFY(precordia::testing::import(study_, {folder_ / "in"}, folder_ / "labels.csv").ok());
    const auto rows = open()->query();
    QVERIFY(rows.ok());
    QCOMPARE(rows->size(), std::size_t(kRecordings));
    for (const auto& row : *rows)
        ids_.push_back(row.id);
}

void TestExploreStudy::questionsKeepToTheirDataSets() {
    const auto study = open();
    const auto rows = rowsOf(*study, questionOf("atrial FIBRILLATION"));
    QVERIFY(rows.ok());
    QCOMPARE(rows->datasets, (std::vector<std::string>{"LUDB A", "SaMi-Trop"}));
    QCOMPARE(rows->ids.size(), std::size_t(16)); // C is silent, the last recording is of no set
    QCOMPARE(std::count(rows->labels.begin(), rows->labels.end(), 1), 4); // 0, 4, 12, 16
    QCOMPARE(rows->groups[0], rows->groups[2]);                           // recordings 0 and 3
    QVERIFY(rows->groups[0] != rows->groups[1]);
    QCOMPARE(rowsOf(*study, questionOf("flutter")).error().code, ErrorCode::NotFound);

    QCOMPARE(sevenFindings().size(), std::size_t(7));
    QCOMPARE(rowsOf(*study, sevenFindings()[0])->ids.size(), std::size_t(23)); // every named set
    QCOMPARE(rowsOf(*study, sevenFindings()[1])->ids.size(), std::size_t(8));  // LUDB
    QCOMPARE(rowsOf(*study, sevenFindings()[2])->ids.size(), std::size_t(15)); // all but SaMi-Trop

    // Fibrillation is in LUDB A (0, 12) and SaMi-Trop (4, 16), never in C.
    const LabelQuestion inC{"af", {"atrial fibrillation"}, [](const std::string& set) { return set == "C"; }};
    const auto none = answerableRows(*study, inC, 2, 0, 1);
    QVERIFY(none.failed());
    QVERIFY2(none.error().message.find("but 4 recordings of others") != std::string::npos,
             none.error().message.c_str());
}

// Readers' labels count as such; where they differ, the recording is not asked.
void TestExploreStudy::readersAreTold() {
    const auto folder = folder_ / "read";
    QVERIFY(precordia::testing::import(folder, {folder_ / "in"}, folder_ / "labels.csv").ok());
    const auto study = *Study::open(folder);
    ReaderLabels labels(*study);
    QVERIFY(labels.setTerms("ann", {{0, "Atrial fibrillation", "164889003", 1, true}}).ok());
    const auto give = [&](const char* reader, std::size_t at, LabelValue value) {
        QVERIFY(labels.edit({reader}, {{ids_[at], 1, {}, value}}).ok());
    };
    give("ann", 0, LabelValue::Present); // as the table
    give("bob", 4, LabelValue::Absent);  // against the table
    give("ann", 1, LabelValue::Present);
    give("ann", 3, LabelValue::Present);
    give("bob", 3, LabelValue::Absent);
    const LabelQuestion everySet{"af", {"atrial fibrillation"}, [](const std::string& set) { return !set.empty(); }};
    for (const auto& question : {questionOf("atrial fibrillation"), everySet}) {
        const auto rows = rowsOf(*study, question);
        QVERIFY2(rows.ok(), failureText(rows).c_str());
        QCOMPARE(rows->differing, 1);
        QCOMPARE(rows->ids.size(), std::size_t(question.among ? 22 : 15)); // 23 and 16, less the one
        QCOMPARE(std::count(rows->labels.begin(), rows->labels.end(), 1), 5);
        QCOMPARE(rows->byReadersAlone.size(), rows->ids.size());
        QCOMPARE(std::count(rows->byReadersAlone.begin(), rows->byReadersAlone.end(), 1), 1);
        QVERIFY(std::find(rows->ids.begin(), rows->ids.end(), ids_[3]) == rows->ids.end());
    }
    const auto few = answerableRows(*study, questionOf("atrial fibrillation"), 9, 0);
    QVERIFY(few.failed() && few.error().message.find("1 recording in which readers differ") != std::string::npos);
}

// What an evaluation says it did is what it did: a stored split has its own number of folds and is one division.
void TestExploreStudy::aStoredSplitIsTheOnlyDivision() {
    const auto folder = folder_ / "split";
    QVERIFY(precordia::testing::import(folder, {folder_ / "in"}, folder_ / "labels.csv").ok());
    const auto study = Study::open(folder);
    QVERIFY(study.ok());
    EvaluateOptions asked;
    asked.folds = 5;
    asked.repeats = 7;
    const auto without = withStoredSplit(**study, asked);
    QVERIFY(!without.storedSplit && without.folds == 5 && without.repeats == 7);
    Progress progress;
    QVERIFY(makeSplits(**study, 3, 1, {}, progress).ok());
    const auto with = withStoredSplit(**study, asked);
    QVERIFY(with.storedSplit);
    QCOMPARE(with.folds, 3);
    QCOMPARE(with.repeats, 1);
}

void TestExploreStudy::aQuestionIsRefusedBeforeAnyComputing() {
    const auto refusal = [&](const std::string& label, int folds) {
        EvaluateOptions options;
        options.folds = folds;
        options.model = folder_ / "no-such-model"; // a later step would stumble over it
        Progress progress;
        const auto result = evaluateStudy(study_, {questionOf(label)}, options, {}, progress);
        return result.failed() && result.error().code == ErrorCode::NotFound ? result.error().text() : std::string();
    };
    const auto unknown = refusal("flutter", 2);
    QVERIFY2(unknown.find("normal ecg (20), atrial fibrillation (4)") != std::string::npos, unknown.c_str());
    const auto few = refusal("fibrillation", 5); // 4 with it, 12 without it in the two sets that use it
    QVERIFY2(few.find("4 recordings with the label and 12 without, at least 5 of each") != std::string::npos,
             few.c_str());
    QVERIFY2(few.find("not counted") == std::string::npos, few.c_str()); // the negatives suffice
    const auto silent = refusal("fibrillation", 13); // C has 8; with the recording of no set, 8 stay out
    QVERIFY2(silent.find("8 recordings of data sets that never use this label are not counted") != std::string::npos,
             silent.c_str());
}

void TestExploreStudy::nothingIsShownBeforeTheStudyIsEmbedded() {
    Progress progress;
    QCOMPARE(loadTable(*open(), "recording").error().code, ErrorCode::NotFound);
    QCOMPARE(mapStudy(study_, {}, {}, progress).error().code, ErrorCode::NotFound);
    QCOMPARE(surpriseStudy(study_, {}, progress).error().code, ErrorCode::NotFound);
    ExportRequest request;
    request.out = folder_ / "out.csv";
    QCOMPARE(exportEmbeddings(study_, request, {}, progress).error().code, ErrorCode::NotFound);
    QCOMPARE(chooseModel(*open(), "no-such-run").error().code, ErrorCode::NotFound);
    QCOMPARE(mapStudy(folder_ / "nowhere", {}, {}, progress).error().code, ErrorCode::NotFound);
}

// Recording 0 has two windows, every other one. Two clouds: even and odd recordings.
void TestExploreStudy::writeByHand(const std::string& hash, bool withLeads) {
    recording_.clear(), event_.clear(), lead_.clear();
    const auto study = open();
    fs::create_directories(study->embeddingsFolder());
    const EmbeddingHeader header{hash, "preprocessing", "data", kIntervals, kLeads, kWidth, kRecordingWidth};
    auto writer = EmbeddingWriter::create(embeddingFile(*study, hash), header, withLeads);
    QVERIFY(writer.ok());
    RandomSource random(5);
    for (int i = -1; i < kRecordings; ++i) {
        const auto at = static_cast<std::size_t>(std::max(i, 0));
        recording_.push_back(numbers(random, kRecordingWidth, at % 2 == 0 ? 0.0F : 20.0F));
        event_.push_back(numbers(random, kIntervals * kWidth, 0));
        lead_.push_back(numbers(random, withLeads ? kIntervals * kLeads * kWidth : 0, 0));
        QVERIFY((*writer)->append(ids_[at], recording_.back(), event_.back(), event_.back(), lead_.back()).ok());
    }
    QVERIFY((*writer)->finish().ok());
    QVERIFY(study->setCurrentModel(hash).ok());
}

void TestExploreStudy::windowsOfARecordingAreAveraged() {
    writeByHand("hand", true);
    const auto table = loadTable(*open(), "recording");
    QVERIFY(table.ok());
    QCOMPARE(table->ids, ids_);
    QCOMPARE(table->values.rows(), kRecordings);
    QCOMPARE(table->values.cols(), kRecordingWidth);
    QCOMPARE(table->values(0, 3), (recording_[0][3] + recording_[1][3]) / 2);
    QCOMPARE(table->values(5, 2), recording_[6][2]);
}

void TestExploreStudy::intervalsArePooledByMeanAndDeviation() {
    const auto table = loadTable(*open(), "event");
    QVERIFY(table.ok());
    QCOMPARE(table->values.cols(), 2 * kWidth);
    const auto& v = event_[8]; // recording 7
    const double a = v[1], b = v[1 + kWidth], c = v[1 + 2 * kWidth], mean = (a + b + c) / 3;
    QVERIFY(std::abs(table->values(7, 1) - mean) < 1e-6);
    const double deviation =
        std::sqrt(((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) / 2);
    QVERIFY(std::abs(table->values(7, 1 + kWidth) - deviation) < 1e-6);
    QCOMPARE(loadTable(*open(), "beat").error().code, ErrorCode::WrongUse);
}

void TestExploreStudy::aMapIsStoredWithItsParameters() {
    Progress progress;
    MapOptions options;
    options.neighbours = 8;
    options.seed = 5;
    for (const char* projection : {"umap", "pca"})
        for (const char* clusters : {"leiden", "kmeans"}) {
            options.projection = projection;
            options.clusters = clusters;
            options.k = 2;
            const auto report = mapStudy(study_, options, {}, progress);
            QVERIFY2(report.ok(), failureText(report).c_str());
            const auto study = open();
            const auto points = study->map();
            QVERIFY(points.ok());
            QCOMPARE(points->size(), std::size_t(kRecordings));
            for (std::size_t i = 2; i < points->size(); ++i) // two clouds, and clusters that know them
                QVERIFY((*points)[i].cluster == (*points)[i % 2].cluster || report->clusters > 2);
            QVERIFY((*points)[0].cluster != (*points)[1].cluster);
            const auto json = nlohmann::json::parse(study->mapParameters());
            QCOMPARE(json.at("projection").get<std::string>(), std::string(projection));
            QCOMPARE(json.at("clusters").get<std::string>(), std::string(clusters));
            QCOMPARE(json.at("seed").get<int>(), 5);
            QCOMPARE(json.at("clusters_found").get<int>(), report->clusters);
            QVERIFY(json.at("trustworthiness").get<double>() > 0.6);
            QVERIFY(json.at("stability_ari").get<double>() > 0.9);
            QCOMPARE(mapStudy(study_, options, {}, progress)->parametersJson, report->parametersJson);
        }
}

void TestExploreStudy::aMapRefusesWhatItCannotDo() {
    Progress progress;
    MapOptions options;
    options.projection = "tsne";
    QCOMPARE(mapStudy(study_, options, {}, progress).error().code, ErrorCode::WrongUse);
    options = {};
    options.clusters = "density";
    QCOMPARE(mapStudy(study_, options, {}, progress).error().code, ErrorCode::WrongUse);
    options = {};
    options.neighbours = 1;
    QCOMPARE(mapStudy(study_, options, {}, progress).error().code, ErrorCode::ValueOutOfRange);
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(mapStudy(study_, {}, stop.get_token(), progress).cancelled());
}

void TestExploreStudy::csvHoldsEveryVectorAsItIs() {
    Progress progress;
    ExportRequest request;
    request.level = "lead";
    request.out = folder_ / "lead.csv";
    const auto report = exportEmbeddings(study_, request, {}, progress);
    QVERIFY2(report.ok(), failureText(report).c_str());
    QCOMPARE(report->vectors, (kRecordings + 1) * kIntervals * kLeads);
    const auto lines = linesOf(request.out);
    QCOMPARE(lines.size(), std::size_t(report->vectors) + 1);
    QCOMPARE(lines[0], std::string("recording_id,name,window,interval,lead,model_hash,preprocessing_hash,e0,e1,e2,e3"));
    // Window 1 of recording 0 (the second row of the store), interval 2, lead 1: its last four numbers.
    const auto fields = QString::fromStdString(lines[2 * kIntervals * kLeads]).split(u',');
    QCOMPARE(fields.mid(0, 7), (QStringList{QString::number(ids_[0].value), QStringLiteral("r100"), QStringLiteral("1"),
                                            QStringLiteral("2"), QStringLiteral("1"), QStringLiteral("hand"),
                                            QStringLiteral("preprocessing")}));
    for (int c = 0; c < kWidth; ++c)
        QCOMPARE(fields[7 + c].toFloat(),
                 lead_[1][static_cast<std::size_t>(kIntervals * kLeads * kWidth - kWidth + c)]);
    request.level = "recording";
    QVERIFY(exportEmbeddings(study_, request, {}, progress).ok()); // over the old file
    QCOMPARE(linesOf(request.out).size(), std::size_t(kRecordings + 2));
}

void TestExploreStudy::npyHoldsTheArrayAndSaysWhose() {
    Progress progress;
    ExportRequest request;
    request.format = "npy";
    request.out = folder_ / "recording.npy";
    QVERIFY(exportEmbeddings(study_, request, {}, progress).ok());
    const auto values = readNpy(request.out);
    QVERIFY2(values.ok(), failureText(values).c_str());
    QCOMPARE(values->rows(), kRecordings + 1);
    QCOMPARE((*values)(4, 1), recording_[4][1]);
    const auto json = nlohmann::json::parse(textOf(folder_ / "recording.npy.json"));
    QCOMPARE(json.at("model_hash").get<std::string>(), std::string("hand"));
    QCOMPARE(json.at("recording_ids").size(), std::size_t(kRecordings + 1));
    QCOMPARE(json.at("recording_ids")[1].get<std::int64_t>(), ids_[0].value);
    QCOMPARE(json.at("windows")[1].get<int>(), 1);
    QCOMPARE(json.at("names")[2].get<std::string>(), std::string("r101"));
    request.level = "event";
    QVERIFY(exportEmbeddings(study_, request, {}, progress).ok());
    QVERIFY(textOf(request.out).find("(25, 3, 4, )") != std::string::npos);
    QCOMPARE(textOf(request.out).size() % 64, std::size_t(25 * 3 * 4 * 4 % 64)); // the header is padded
}

void TestExploreStudy::exportsFailWithoutLeavingAnything() {
    Progress progress;
    fs::create_directories(folder_ / "empty");
    ExportRequest request;
    request.out = folder_ / "empty/no/such/folder.csv";
    QCOMPARE(exportEmbeddings(study_, request, {}, progress).error().code, ErrorCode::FileUnwritable);
    request.out = folder_ / "empty/x.csv";
    request.level = "beat";
    QCOMPARE(exportEmbeddings(study_, request, {}, progress).error().code, ErrorCode::WrongUse);
    request.level = "recording";
    request.format = "xlsx";
    QCOMPARE(exportEmbeddings(study_, request, {}, progress).error().code, ErrorCode::WrongUse);
    std::stop_source stop;
    stop.request_stop();
    for (const char* format : {"csv", "npy", "hdf5"}) {
        request.format = format;
        QVERIFY(exportEmbeddings(study_, request, stop.get_token(), progress).cancelled());
    }
    QCOMPARE(filesIn(folder_ / "empty"), 0);
    request.format = "hdf5";
    QVERIFY(exportEmbeddings(study_, request, {}, progress).ok());
    QCOMPARE(textOf(request.out), textOf(embeddingFile(*open(), "hand")));
    writeByHand("hand2", false);
    request.format = "csv";
    request.level = "lead";
    QCOMPARE(exportEmbeddings(study_, request, {}, progress).error().code, ErrorCode::NotFound);
}

void TestExploreStudy::npyReadsBothPrecisionsAndRefusesTheRest() {
    const auto npy = [](const std::string& dictionary, const std::string& values) {
        std::string text = "\x93NUMPY";
        text += std::string("\x01\x00", 2);
        text += static_cast<char>(dictionary.size());
        text += '\0';
        return text + dictionary + values;
    };
    const auto read = [&](const std::string& bytes) {
        folder_.write("x.npy", bytes);
        return readNpy(folder_ / "x.npy");
    };
    const double two[] = {1.5, -2.0};
    const std::string values(reinterpret_cast<const char*>(two), sizeof two);
    const auto good = read(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }\n", values));
    QVERIFY2(good.ok(), failureText(good).c_str());
    QCOMPARE((*good)(0, 1), -2.0F);
    const auto code = [&](const std::string& dictionary) { return read(npy(dictionary, values)).error().code; };
    QCOMPARE(code("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3), }"), ErrorCode::FileTruncated);
    QCOMPARE(code("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }"),
             ErrorCode::FileTruncated);
    QCOMPARE(code("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2), }"), ErrorCode::FormatUnsupported);
    QCOMPARE(code("{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }"), ErrorCode::FormatUnsupported);
    QCOMPARE(code("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"), ErrorCode::FormatUnsupported);
    QCOMPARE(code("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2), }"), ErrorCode::FormatInvalid);
    QCOMPARE(code("{'descr': '<f8'"), ErrorCode::FormatUnsupported);
    QCOMPARE(read("PK").error().code, ErrorCode::FormatInvalid);
    QCOMPARE(read(std::string("\x93NUMPY\x01\x00\xff\xff{'de", 14)).error().code, ErrorCode::FileTruncated);
}

void TestExploreStudy::theBenchProjectsAGivenTable() {
    Matrix values(60, 3);
    RandomSource random(1);
    for (Eigen::Index i = 0; i < values.size(); ++i)
        values.data()[i] = static_cast<float>(random.uniform() + (i / 3 < 30 ? 0 : 50));
    QVERIFY(writeNpy(folder_ / "in.npy", values).ok());
    QCOMPARE(*readNpy(folder_ / "in.npy"), values);
    Progress progress;
    MapBenchRequest request;
    request.input = folder_ / "in.npy";
    request.output = folder_ / "out.npy";
    const auto bench = benchMap(request, {}, progress);
    QVERIFY(bench.ok());
    QCOMPARE(bench->rows, 60);
    const auto layout = readNpy(request.output);
    QVERIFY(layout.ok());
    QCOMPARE(layout->rows(), 60);
    QCOMPARE(layout->cols(), 2);
}

void TestExploreStudy::theEngineGoesTheWholeWay() {
    Progress progress;
    auto engine = loadEngine();
    QVERIFY2(engine.ok(), failureText(engine).c_str());
    ConfigRequest tiny;
    tiny.settings = {"intervals=25",      "threads=1",         "width=12",
                     "heads=3",           "channel_depth=1",   "temporal_depth=1",
                     "predictor_width=6", "predictor_heads=3", "temporal_predictor_depth=1",
                     "batch=4",           "steps=2",           "diagnose_every=0",
                     "name=tiny"};
    const auto config = resolveConfig(tiny);
    QVERIFY2(config.ok(), failureText(config).c_str());
    const auto twin = (*engine)->randomModel(*config, 7);
    QVERIFY(twin.ok());
    const auto preprocessing = preprocessingOf(*twin);
    QVERIFY(preprocessing.ok());
    const auto cache = SignalCache::build(study_, *preprocessing, {}, progress);
    QVERIFY(cache.ok());
    PretrainRequest request;
    request.windows = *cache;
    request.configJson = *config;
    request.runFolder = open()->runsFolder() / "tiny";
    request.device = "cpu";
    const auto run = (*engine)->pretrain(request);
    QVERIFY2(run.ok(), failureText(run).c_str());

    const auto embedded = embedStudy(study_, {}, {}, {}, progress);
    QVERIFY2(embedded.ok(), failureText(embedded).c_str());
    QVERIFY(!embedded->reused && !embedded->demoModel);
    QCOMPARE(embedded->recordings, kRecordings);
    QVERIFY(fs::exists(modelFile(*open(), embedded->model.hash)));
    QCOMPARE(open()->currentModel(), embedded->model.hash);
    QVERIFY(embedStudy(study_, "tiny", {}, {}, progress)->reused);
    // What the store holds is what the engine says.
    const auto table = loadTable(*open(), "recording");
    QVERIFY(table.ok());
    QCOMPARE(table->values.cols(), embedded->model.recordingWidth);
    Encodings one;
    QVERIFY((*engine)
                ->encode(embedded->model.hash, **cache, 3, 1, {},
                         [&](std::int64_t, const Encodings& e) -> Result<Done> {
                             one = e;
                             return Done{};
                         })
                .ok());
    QVERIFY((table->values.row(3) - Eigen::Map<const Eigen::RowVectorXf>(one.recording.data(), table->values.cols()))
                .cwiseAbs()
                .maxCoeff() < 1e-4F);

    ExportRequest leads;
    leads.level = "lead";
    leads.out = folder_ / "named.csv";
    QVERIFY(exportEmbeddings(study_, leads, {}, progress).ok());
    QVERIFY(linesOf(leads.out)[2].starts_with(std::to_string(ids_[0].value) + ",r100,0,0,II,")); // names, not numbers

    const auto surprise = surpriseStudy(study_, {}, progress);
    QVERIFY2(surprise.ok(), failureText(surprise).c_str());
    QCOMPARE(open()->surpriseOfIntervals(ids_[2]).value().size(), std::size_t(25));
    QVERIFY(surprise->highest >= surprise->median && surprise->median > 0);

    EvaluateOptions options;
    options.folds = 2;
    options.bootstraps = 20;
    options.randomSeeds = 2;
    options.fewestPositives = 2;
    const auto evaluation =
        evaluateStudy(study_, {questionOf("atrial fibrillation"), questionOf("flutter")}, options, {}, progress);
    QVERIFY2(evaluation.ok(), failureText(evaluation).c_str());
    QCOMPARE(evaluation->refused.size(), std::size_t(1));
    QCOMPARE(evaluation->randomHashes.size(), std::size_t(2));
    QVERIFY(evaluation->randomHashes[0] != evaluation->randomHashes[1]);
    const auto json = nlohmann::json::parse(evaluationJson(*evaluation));
    for (const char* key : {"label", "auroc", "ci95", "random_init", "simple_features", "levels", "heart_rate_r2"})
        QVERIFY2(json.contains(key), key);
    for (const char* level : {"recording", "interval", "event"})
        QVERIFY(json.at("levels").at(level).contains("auroc") && json.at("levels").at(level).contains("random_init"));
    QVERIFY(json.at("random_init").contains("auroc") && json.at("simple_features").contains("auroc"));
    QCOMPARE(json.at("positives").get<int>(), 4);
    QVERIFY(json.at("heart_rate_r2").contains("random_init"));
    QVERIFY(evaluationTable(*evaluation).find("Not probed: flutter") != std::string::npos);
    QCOMPARE(open()->currentModel(), embedded->model.hash); // a random twin is never what the program shows
    // The same question gives the same figures.
    const auto again =
        evaluateStudy(study_, {questionOf("atrial fibrillation"), questionOf("flutter")}, options, {}, progress);
    const auto withoutTimes = [](const Evaluation& e) {
        auto figures = nlohmann::json::parse(evaluationJson(e));
        figures.erase("seconds");
        figures.erase("encoding_seconds");
        return figures.dump();
    };
    QCOMPARE(withoutTimes(*again), withoutTimes(*evaluation));
    QCOMPARE(evaluateStudy(study_, {questionOf("flutter")}, options, {}, progress).error().code, ErrorCode::NotFound);
}

void TestExploreStudy::aStopLeavesNoHalfEmbedding() {
    Progress progress;
    const auto hash = open()->currentModel();
    fs::remove(embeddingFile(*open(), hash));
    const int before = filesIn(open()->embeddingsFolder());
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(embedStudy(study_, hash, {}, stop.get_token(), progress).cancelled());
    QCOMPARE(filesIn(open()->embeddingsFolder()), before);
}

QTEST_GUILESS_MAIN(TestExploreStudy)
#include "test_explore_study.moc"
