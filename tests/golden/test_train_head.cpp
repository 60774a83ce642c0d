// SPDX-License-Identifier: GPL-3.0-or-later
// Heads above a model: the attention against the textbook form, what may and may not decide a score, fine-tuning.
#include "core/train/engine_impl.h"
#include "core/train/head_attentive.h"
#include "core/train/head_finetune.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

namespace {

constexpr int kRows = 160, kFolds = 4;

// Each window has one bump in lead I and one in lead V1, in different intervals. Label: the one in interval 3 is lead
// I's. Every window has the same bumps up to their places, so a mean over time tells little.
struct Task {
    std::shared_ptr<MemoryWindows> windows = std::make_shared<MemoryWindows>(WindowShape{4, 200, 100});
    std::vector<int> labels, folds;
};

Task whichLead(int rows = kRows, bool withGaps = false) {
    Task task;
    Random random(7);
    for (int i = 0; i < rows; ++i) {
        const bool first = random.below(2) == 1;
        const auto elsewhere = (4 + random.below(9)) % 10; // not 3
        std::vector<float> window;
        for (int l = 0; l < 4; ++l) {
            const bool holds = l == 0 || l == 2;
            const auto place = (l == 0) == first ? std::int64_t{3} : elsewhere;
            for (int k = 0; k < 200; ++k) {
                const double since = k - (static_cast<double>(place) * 20 + 10);
                window.push_back(static_cast<float>((holds ? 900 * std::exp(-since * since / 10) : 0) +
                                                    40 * (random.uniform() - 0.5)));
            }
        }
        std::vector<std::uint8_t> present(4, 1);
        if (withGaps && i % 3 == 0) {
            present[1] = 0;
            std::fill_n(window.begin() + 200, 200, 0.0F);
        }
        task.windows->add(std::move(window), present);
        task.labels.push_back(first ? 1 : 0);
        task.folds.push_back(i % kFolds);
    }
    return task;
}

double aurocOf(const std::vector<float>& scores, const std::vector<int>& labels) {
    double right = 0, pairs = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
        for (std::size_t j = 0; j < labels.size(); ++j)
            if (labels[i] == 1 && labels[j] == 0) {
                right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                pairs += 1;
            }
    return right / pairs;
}

HeadRequest requestOf(const Task& task, const std::string& hash, HeadKind kind) {
    HeadRequest request;
    request.modelHash = hash;
    request.windows = task.windows;
    request.kind = kind;
    request.labels = task.labels;
    request.splits = splitsOfFolds(task.folds);
    request.seed = 5;
    return request;
}

at::Tensor tensorOf(const nlohmann::json& values, at::IntArrayRef shape) {
    return at::tensor(values.get<std::vector<double>>()).view(shape);
}

bool near(const at::Tensor& a, const at::Tensor& b, double within) {
    return a.sizes() == b.sizes() && (a - b).abs().max().item<double>() < within;
}

} // namespace

class TestTrainHead : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void attentionIsTheTextbooks();
    void weightsAndLossByHand();
    void innerPartKeepsPatientsTogether();
    void ratesFallWithDepth();
    void everyArchitecture();
    void attentionFindsWhatAMeanLoses();
    void ownLabelsDoNotDecide();
    void sameSeedSameScores();
    void oneOfSeveral();
    void missingAndReducedLeads();
    void fineTuningLearns();
    void keptAndReadAgain_data();
    void keptAndReadAgain();
    void stoppedIsCancelled();
    void badRequests();

private:
    EngineImpl engine_;
    std::string hash_;
};

void TestTrainHead::initTestCase() {
    const auto model = engine_.randomModel(tinyConfig(), 3);
    QVERIFY2(model.ok(), failureText(model).c_str());
    hash_ = model->hash;
}

// Reference values: tests/golden/reference/attentive_head.py, which projects every token.
void TestTrainHead::attentionIsTheTextbooks() {
    const auto json = nlohmann::json::parse(contents(qEnvironmentVariable("PRECORDIA_SOURCE_DIR").toStdString() +
                                                     "/tests/golden/fixtures/attentive_head.json")
                                                .toStdString());
    const auto n = [&json](const char* key) { return json["shape"][key].get<std::int64_t>(); };
    const std::map<std::string, std::vector<std::int64_t>> shapes = {
        {"mean", {n("F")}},        {"deviation", {n("F")}},     {"query", {n("Q"), n("V")}},
        {"key", {n("V"), n("F")}}, {"value", {n("V"), n("F")}}, {"weight", {n("C"), (n("Q") + 1) * n("V")}},
        {"bias", {n("C")}},
    };
    NamedTensors tensors;
    for (const auto& [name, shape] : shapes)
        tensors.emplace_back("head." + name, tensorOf(json["parameters"][name], shape));
    const auto head = AttentiveHead::fromTensors(tensors, n("F"), n("V"), n("Q"), n("C"));
    QVERIFY2(head.ok(), failureText(head).c_str());
    const auto tokens = tensorOf(json["tokens"], {n("B"), n("T"), n("F")});
    const auto logits = (*head)(tokens);
    QVERIFY(near(logits, tensorOf(json["logits"], {n("B"), n("C")}), 1e-10));

    HeadRequest request;
    request.classes = static_cast<int>(n("C"));
    request.labels = json["labels"].get<std::vector<int>>();
    const auto loss = headLoss(logits, targetsOf(request), {0, 1, 2}, tensorOf(json["positive_weight"], {n("C")}));
    QVERIFY(std::abs(loss.item<double>() - json["loss"].get<double>()) < 1e-7); // labels are kept as float
    loss.backward();
    for (const auto& [name, tensor] : head->trainable())
        QVERIFY2(near(tensor.grad(), tensorOf(json["gradients"][name.substr(5)], tensor.sizes()), 1e-7), name.c_str());

    // What standardiseBy takes from the tokens is what the script computed.
    auto other = AttentiveHead::initialise(n("F"), n("V"), n("Q"), n("C"), 1);
    other.standardiseBy(tokens);
    QVERIFY(near(other.all()[0].second.to(at::kDouble), tensorOf(json["parameters"]["mean"], {n("F")}), 1e-5));
    QVERIFY(near(other.all()[1].second.to(at::kDouble), tensorOf(json["parameters"]["deviation"], {n("F")}), 1e-5));
}

void TestTrainHead::weightsAndLossByHand() {
    HeadRequest several; // three classes; class 0 twice, 1 once, 2 once, one not known
    several.multiLabel = false;
    several.classes = 3;
    several.labels = {0, 0, 1, 2, -1};
    const auto targets = targetsOf(several);
    const auto weights = classWeightsOf(several, targets, {0, 1, 2, 3, 4});
    QVERIFY(near(weights, at::tensor({4.F / 6, 4.F / 3, 4.F / 3}), 1e-6));
    // Even scores: the loss is log 3 whatever the weights.
    const auto loss = headLoss(at::zeros({5, 3}), targets, {0, 1, 2, 3, 4}, weights).item<double>();
    QVERIFY(std::abs(loss - std::log(3.0)) < 1e-6);

    HeadRequest labels; // one label: 1 of 4 known ones positive, so a positive counts three times
    labels.labels = {1, 0, 0, 0, -1};
    QVERIFY(near(classWeightsOf(labels, targetsOf(labels), {0, 1, 2, 3, 4}), at::tensor({3.F}), 1e-6));
    QVERIFY(near(classWeightsOf(labels, targetsOf(labels), {0, 1}), at::tensor({1.F}), 1e-6));
    labels.classWeights = {2.5};
    QVERIFY(near(classWeightsOf(labels, targetsOf(labels), {0, 1, 2, 3, 4}), at::tensor({2.5F}), 1e-6));
}

void TestTrainHead::innerPartKeepsPatientsTogether() {
    HeadRequest request;
    HeadSplit split;
    for (int i = 0; i < 200; ++i) {
        request.labels.push_back(i % 20 == 0 || i % 20 == 1 ? 1 : 0); // ten patients of a hundred
        request.groups.push_back(i / 2);
        split.train.push_back(i);
    }
    split.test = {};
    const auto inner = withValidation(request, split, 0.2, 9);
    QCOMPARE(inner.train.size() + inner.validation.size(), split.train.size());
    QVERIFY(inner.validation.size() >= 36 && inner.validation.size() <= 44);
    std::set<std::int64_t> learning;
    for (const int row : inner.train)
        learning.insert(request.groups[static_cast<std::size_t>(row)]);
    int positives = 0;
    for (const int row : inner.validation) {
        QVERIFY(!learning.contains(request.groups[static_cast<std::size_t>(row)]));
        positives += request.labels[static_cast<std::size_t>(row)];
    }
    QCOMPARE(positives, 4); // a fifth of the rare ones too
    QCOMPARE(withValidation(request, split, 0.2, 9).validation, inner.validation);
    QVERIFY(withValidation(request, split, 0.2, 10).validation != inner.validation);
    split.train.resize(kInnerLeast - 1); // too few to hold any back
    QVERIFY(withValidation(request, split, 0.2, 9).validation.empty());
}

void TestTrainHead::ratesFallWithDepth() {
    ModelConfig config;
    config.channelDepth = 2;
    config.temporalDepth = 3;
    QCOMPARE(blocksAbove("encoder.temporal.norm.weight", config), 0);
    QCOMPARE(blocksAbove("encoder.temporal.blocks.2.fc1.weight", config), 0);
    QCOMPARE(blocksAbove("encoder.temporal.blocks.0.fc1.weight", config), 2);
    QCOMPARE(blocksAbove("encoder.event.weight", config), 3);
    QCOMPARE(blocksAbove("encoder.channel.blocks.1.norm1.bias", config), 3);
    QCOMPARE(blocksAbove("encoder.channel.blocks.0.norm1.bias", config), 4);
    QCOMPARE(blocksAbove("encoder.patch_weight", config), 5);
    QCOMPARE(blocksAbove("encoder.transformer.blocks.4.fc1.weight", config), 0); // of a rival: one stack
    QCOMPARE(blocksAbove("encoder.transformer.blocks.0.fc1.weight", config), 4);
    QCOMPARE(blocksAbove("encoder.transformer.norm.weight", config), 0);
}

// Both kinds stand on every architecture, and fine-tuning moves all of each encoder.
void TestTrainHead::everyArchitecture() {
    const auto task = whichLead(40);
    for (const std::string name : {"er-jepa-no-channel", "1d-jepa", "ecg-jepa", "lenepa"}) {
        const auto model = engine_.randomModel(tinyConfig({"architecture=" + name}), 3);
        QVERIFY2(model.ok(), failureText(model).c_str());
        for (const auto kind : {HeadKind::Attentive, HeadKind::FineTune}) {
            auto request = requestOf(task, model->hash, kind);
            request.splits.resize(1);
            request.training = headDefaults(kind);
            request.training->epochs = 1;
            Progress progress;
            const auto result = engine_.trainHead(request, progress);
            QVERIFY2(result.ok(), (name + ": " + failureText(result)).c_str());
            QVERIFY(std::isfinite(result->scores[static_cast<std::size_t>(request.splits[0].test[0])]));
        }
    }
}

void TestTrainHead::attentionFindsWhatAMeanLoses() {
    const auto task = whichLead();
    auto request = requestOf(task, hash_, HeadKind::Attentive);
    Progress progress;
    const auto attentive = engine_.trainHead(request, progress);
    QVERIFY2(attentive.ok(), failureText(attentive).c_str());
    QCOMPARE(attentive->scores.size(), std::size_t{kRows});
    QCOMPARE(attentive->splits.size(), std::size_t{kFolds});
    request.training = headDefaults(HeadKind::Attentive);
    request.training->queries = 0;
    const auto mean = engine_.trainHead(request, progress);
    QVERIFY2(mean.ok(), failureText(mean).c_str());
    const double a = aurocOf(attentive->scores, task.labels), m = aurocOf(mean->scores, task.labels);
    QVERIFY2(a > 0.9 && a > m + 0.1, qPrintable(QString("attentive %1, mean %2").arg(a).arg(m)));
}

// Labels of a fold that is being scored may be anything: out-of-fold scores do not know them.
void TestTrainHead::ownLabelsDoNotDecide() {
    const auto task = whichLead(80);
    for (const auto kind : {HeadKind::Attentive, HeadKind::FineTune}) {
        auto request = requestOf(task, hash_, kind);
        request.splits.resize(1);
        request.training = headDefaults(kind);
        request.training->epochs = 2;
        Progress progress;
        const auto before = engine_.trainHead(request, progress);
        QVERIFY2(before.ok(), failureText(before).c_str());
        for (const int row : request.splits[0].test)
            request.labels[static_cast<std::size_t>(row)] = -1;
        const auto after = engine_.trainHead(request, progress);
        QVERIFY2(after.ok(), failureText(after).c_str());
        for (std::size_t i = 0; i < task.labels.size(); ++i) {
            QCOMPARE(std::isnan(before->scores[i]), task.folds[i] != 0);
            QVERIFY(std::isnan(before->scores[i]) || before->scores[i] == after->scores[i]);
        }
        QCOMPARE(after->splits[0].trained + after->splits[0].validated, 60);
        QCOMPARE(after->splits[0].tested, 20);
        QVERIFY(after->splits[0].validated > 6);
        // A changed training label is another head.
        request.labels[static_cast<std::size_t>(request.splits[0].train[0])] ^= 1;
        const auto other = engine_.trainHead(request, progress);
        QVERIFY2(other.ok(), failureText(other).c_str());
        QVERIFY(other->scores[0] != before->scores[0]);
    }
}

void TestTrainHead::sameSeedSameScores() {
    const auto task = whichLead(60);
    for (const auto kind : {HeadKind::Attentive, HeadKind::FineTune}) {
        auto request = requestOf(task, hash_, kind);
        request.training = headDefaults(kind);
        request.training->epochs = 2;
        Progress progress;
        const auto first = engine_.trainHead(request, progress);
        const auto second = engine_.trainHead(request, progress);
        request.seed = 6;
        const auto third = engine_.trainHead(request, progress);
        QVERIFY(first.ok() && second.ok() && third.ok());
        QVERIFY(first->scores == second->scores);
        QVERIFY(first->scores != third->scores);
    }
}

void TestTrainHead::oneOfSeveral() {
    auto task = whichLead();
    auto request = requestOf(task, hash_, HeadKind::Attentive);
    request.multiLabel = false;
    request.classes = 3; // class 2 has no recording: it is not chosen
    Progress progress;
    const auto result = engine_.trainHead(request, progress);
    QVERIFY2(result.ok(), failureText(result).c_str());
    int right = 0;
    for (std::size_t i = 0; i < task.labels.size(); ++i) {
        const auto* s = result->scores.data() + 3 * i;
        right += std::max_element(s, s + 3) - s == task.labels[i] ? 1 : 0;
    }
    QVERIFY2(right > kRows * 8 / 10, qPrintable(QString::number(right)));
}

void TestTrainHead::missingAndReducedLeads() {
    const auto task = whichLead(kRows, /*withGaps=*/true);
    auto request = requestOf(task, hash_, HeadKind::Attentive);
    Progress progress;
    const auto gaps = engine_.trainHead(request, progress);
    QVERIFY2(gaps.ok(), failureText(gaps).c_str());
    QVERIFY2(aurocOf(gaps->scores, task.labels) > 0.85,
             qPrintable(QString::number(aurocOf(gaps->scores, task.labels))));

    request.leads = {"I", "V1"}; // those that hold the bumps
    const auto two = engine_.trainHead(request, progress);
    QVERIFY2(two.ok(), failureText(two).c_str());
    QVERIFY(aurocOf(two->scores, task.labels) > 0.85);
    request.leads = {"V5"}; // noise alone
    const auto noise = engine_.trainHead(request, progress);
    QVERIFY2(noise.ok(), failureText(noise).c_str());
    QVERIFY(aurocOf(noise->scores, task.labels) < 0.7);

    request.leads = {"II"}; // which every third window lacks
    const auto none = engine_.trainHead(request, progress);
    QVERIFY(none.failed());
    QCOMPARE(int(none.error().code), int(ErrorCode::LeadMissing));
    QVERIFY2(none.error().message.find("window 0 ") != std::string::npos, none.error().message.c_str());
}

void TestTrainHead::fineTuningLearns() {
    const auto task = whichLead(kRows, /*withGaps=*/true);
    auto request = requestOf(task, hash_, HeadKind::FineTune);
    request.splits.resize(2);
    request.training = headDefaults(HeadKind::FineTune);
    request.training->learningRate = 3e-3;
    request.training->epochs = 20;
    request.training->patience = 20;
    Progress progress;
    const auto tuned = engine_.trainHead(request, progress);
    QVERIFY2(tuned.ok(), failureText(tuned).c_str());
    request.training->epochs = 1; // a rate of nothing: the layer alone
    request.training->learningRate = 1e-9;
    const auto layer = engine_.trainHead(request, progress);
    QVERIFY2(layer.ok(), failureText(layer).c_str());
    std::vector<float> a, b;
    std::vector<int> y;
    for (std::size_t i = 0; i < task.labels.size(); ++i)
        if (task.folds[i] < 2) {
            a.push_back(tuned->scores[i]);
            b.push_back(layer->scores[i]);
            y.push_back(task.labels[i]);
        }
    const double whole = aurocOf(a, y), alone = aurocOf(b, y);
    QVERIFY2(whole > 0.9 && whole > alone + 0.05,
             qPrintable(QString("fine-tuned %1, layer alone %2").arg(whole).arg(alone)));
    // The model that was asked is as it was.
    const auto again = engine_.randomModel(tinyConfig(), 3);
    QCOMPARE(QString::fromStdString(again->hash), QString::fromStdString(hash_));
    const auto repeated = engine_.trainHead(request, progress);
    QVERIFY(repeated.ok() && std::equal(layer->scores.begin(), layer->scores.end(), repeated->scores.begin(),
                                        [](float x, float z) { return x == z || (std::isnan(x) && std::isnan(z)); }));
}

void TestTrainHead::keptAndReadAgain_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("attentive") << int(HeadKind::Attentive);
    QTest::newRow("finetune") << int(HeadKind::FineTune);
}

void TestTrainHead::keptAndReadAgain() {
    QFETCH(int, kind);
    const QTemporaryDir dir;
    const auto task = whichLead(60, true);
    auto request = requestOf(task, hash_, HeadKind(kind));
    request.splits.resize(1);
    request.training = headDefaults(HeadKind(kind));
    request.training->epochs = 3;
    request.training->learningRate = 3e-3;
    request.leads = {"I", "V1", "V5"};
    request.save = fs::path(dir.path().toStdString()) / "head.safetensors";
    Progress progress;
    const auto trained = engine_.trainHead(request, progress);
    QVERIFY2(trained.ok(), failureText(trained).c_str());
    EngineImpl other;
    const auto scores = other.applyHead(request.save, *task.windows, {}, {});
    QVERIFY2(scores.ok(), failureText(scores).c_str());
    QCOMPARE(scores->classes, 1);
    for (const int row : request.splits[0].test)
        QVERIFY(std::abs(scores->scores[static_cast<std::size_t>(row)] -
                         trained->scores[static_cast<std::size_t>(row)]) < 1e-4F);
    const auto model = other.loadModel(request.save); // a model as any
    QVERIFY2(model.ok(), failureText(model).c_str());
    QCOMPARE(model->hash == hash_, HeadKind(kind) == HeadKind::Attentive); // fine-tuned is another encoder
    // A model without a head says so.
    const auto folder = fs::path(dir.path().toStdString());
    const auto plain = randomModelOf(tinyConfig(), 3);
    QVERIFY(writeModel(folder / "plain.safetensors", *plain->jepa, plain->info.configJson, nullptr, 0, "").ok());
    const auto none = other.applyHead(folder / "plain.safetensors", *task.windows, {}, {});
    QVERIFY(none.failed() && none.error().message.find("no head") != std::string::npos);
}

void TestTrainHead::stoppedIsCancelled() {
    const QTemporaryDir dir;
    const auto task = whichLead(60);
    for (const auto kind : {HeadKind::Attentive, HeadKind::FineTune}) {
        auto request = requestOf(task, hash_, kind);
        std::stop_source stop;
        request.stop = stop.get_token();
        request.save = fs::path(dir.path().toStdString()) / "never.safetensors";
        Progress progress(
            [&stop](const ProgressState& state) {
                if (state.phase != "Encoding" && state.done > 0)
                    stop.request_stop();
            },
            std::chrono::milliseconds(0));
        QVERIFY(engine_.trainHead(request, progress).cancelled());
        QVERIFY(!fs::exists(request.save));
    }
}

void TestTrainHead::badRequests() {
    const auto task = whichLead(40);
    const auto good = requestOf(task, hash_, HeadKind::Attentive);
    Progress progress;
    const auto refused = [&](const char* what, ErrorCode code, const std::function<void(HeadRequest&)>& change) {
        auto request = good;
        change(request);
        const auto result = engine_.trainHead(request, progress);
        if (result.failed() && result.error().code == code && result.error().message.find(what) != std::string::npos)
            return true;
        qWarning("%s: %s", what, failureText(result).c_str());
        return false;
    };
    using R = HeadRequest;
    const auto range = ErrorCode::ValueOutOfRange;
    QVERIFY(refused("not loaded", ErrorCode::NotFound, [](R& r) { r.modelHash = "none"; }));
    QVERIFY(refused("39 labels", range, [](R& r) { r.labels.pop_back(); }));
    QVERIFY(refused("a label is 2", range, [](R& r) { r.labels[3] = 2; }));
    QVERIFY(refused("row 40 of 40", range, [](R& r) { r.splits[0].test.push_back(40); }));
    QVERIFY(refused("twice", range, [](R& r) { r.splits[0].train.push_back(0); }));
    QVERIFY(refused("no lead \"X\"", range, [](R& r) { r.leads = {"X"}; }));
    QVERIFY(refused("no split", range, [](R& r) { r.splits.clear(); }));
    QVERIFY(refused("in two of its parts", range, [](R& r) { r.groups.assign(40, 1); }));
    QVERIFY(refused("no training row", ErrorCode::NotFound, [](R& r) { r.labels.assign(40, -1); }));
    QVERIFY(refused("there is no window 40", range, [](R& r) { r.rows.assign(40, 40); }));
    QVERIFY(refused("class weights", range, [](R& r) { r.classWeights = {1, 2}; }));
    QVERIFY(refused("window 12 holds values", ErrorCode::NotFinite, [](R& r) {
        auto broken = std::make_shared<MemoryWindows>(WindowShape{4, 200, 100});
        for (int i = 0; i < 40; ++i) {
            auto window = tinyWindow(i);
            if (i == 12)
                window[100] = std::nanf("");
            broken->add(std::move(window));
        }
        r.windows = broken;
    }));
}

QTEST_GUILESS_MAIN(TestTrainHead)
#include "test_train_head.moc"
