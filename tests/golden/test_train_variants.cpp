// SPDX-License-Identifier: GPL-3.0-or-later
// Every architecture, stage and lead set goes through the same trainer: trains, goes on after a stop bit for bit, is
// saved, loaded, and encodes.
#include "core/jepa/safetensors.h"
#include "core/train/batch_loader.h"
#include "core/train/engine_impl.h"
#include "core/train/trainer.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <ATen/ATen.h>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

namespace {

using Leads = std::vector<std::uint8_t>;

// Windows of four lead sets, a single lead among them.
std::shared_ptr<MemoryWindows> mixedWindows(std::int64_t count) {
    const std::vector<Leads> sets = {{1, 1, 1, 1}, {1, 1, 0, 1}, {0, 0, 1, 0}, {1, 1, 1, 1}, {0, 1, 0, 1}};
    auto windows = std::make_shared<MemoryWindows>(WindowShape{4, 200, 100});
    for (std::int64_t i = 0; i < count; ++i) {
        const auto& present = sets[static_cast<std::size_t>(i) % sets.size()];
        auto window = tinyWindow(i);
        for (std::size_t l = 0; l < present.size(); ++l)
            if (present[l] == 0)
                std::fill_n(window.begin() + static_cast<std::ptrdiff_t>(l * 200), 200, 0.0F);
        windows->add(window, present);
    }
    return windows;
}

PretrainRequest request(const std::shared_ptr<const WindowSource>& windows, const fs::path& folder,
                        const std::string& config) {
    PretrainRequest r;
    r.windows = windows;
    r.configJson = config;
    r.runFolder = folder;
    r.device = "cpu";
    return r;
}

} // namespace

class TestTrainVariants : public QObject {
    Q_OBJECT

    EngineImpl engine_;

    Result<std::vector<Encodings>> encode(const std::string& model, const WindowSource& windows) {
        std::vector<Encodings> out;
        EncodeOptions options;
        options.leadLevel = true;
        const auto done = engine_.encode(model, windows, 0, windows.size(), options,
                                         [&](std::int64_t, const Encodings& e) -> Result<Done> {
                                             out.push_back(e);
                                             return Done{};
                                         });
        return done ? Result<std::vector<Encodings>>(out) : done.as<std::vector<Encodings>>();
    }

private Q_SLOTS:
    void trainsResumesAndEncodes_data();
    void trainsResumesAndEncodes();
    void anyLeadsRateAndLength_data();
    void anyLeadsRateAndLength();
    void aStageLeavesTheOtherAsItIs();
    void fewLeadsAreEnoughWhereItIsSaid();
    void lenepaPredictsNoHiddenInterval();
    void weightsOfAnotherArchitectureAreRefused();
    void modelsOfBeforeKeepTheirHash();
};

void TestTrainVariants::trainsResumesAndEncodes_data() {
    QTest::addColumn<QStringList>("settings");
    const auto row = [](const char* name, const QStringList& settings) { QTest::newRow(name) << settings; };
    row("er-jepa, missing leads", {});
    row("er-jepa, attention, stochastic depth, weighted leads, beats, two layers",
        {"aggregation=attention", "drop_path=0.3", "lead_weights=[4,1,1,2]", "mask=beat", "temporal_depth=2",
         "target_layers=2", "target_centre=recording", "target_level=both"});
    row("er-jepa, stage-wise", {"stages=stage-wise", "channel_share=0.4"});
    row("er-jepa, its own teacher", {"teacher=self", "regulariser_event=sigreg", "mask=multi-block"});
    row("er-jepa-no-channel", {"architecture=er-jepa-no-channel"});
    row("1d-jepa", {"architecture=1d-jepa"});
    row("ecg-jepa", {"architecture=ecg-jepa"});
    row("lenepa", {"architecture=lenepa"});
}

void TestTrainVariants::trainsResumesAndEncodes() {
    QFETCH(QStringList, settings);
    std::vector<std::string> all = {"checkpoint_every=5", "min_leads=1"};
    for (const auto& setting : settings)
        all.push_back(setting.toStdString());
    const auto config = tinyConfig(all);
    const auto windows = mixedWindows(17);
    const QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    const auto whole = engine_.pretrain(request(windows, folder / "whole", config));
    QVERIFY2(whole.ok(), failureText(whole).c_str());
    QCOMPARE(whole->steps, 20);
    QVERIFY(std::isfinite(whole->last.total) && whole->last.temporal > 0);

    auto parts = request(windows, folder / "parts", config);
    std::stop_source stop;
    parts.stop = stop.get_token();
    parts.onUpdate = [&stop](const TrainUpdate& update) {
        if (update.step == 11)
            stop.request_stop();
    };
    QVERIFY(engine_.pretrain(parts).cancelled());
    parts.resume = true;
    parts.stop = {};
    parts.onUpdate = {};
    const auto resumed = engine_.pretrain(parts);
    QVERIFY2(resumed.ok(), failureText(resumed).c_str());
    QVERIFY(contents(whole->model).size() > 10000);
    QCOMPARE(contents(resumed->model), contents(whole->model));
    QCOMPARE(contents(folder / "parts/checkpoints/step-20.safetensors"),
             contents(folder / "whole/checkpoints/step-20.safetensors"));

    const auto model = engine_.loadModel(whole->model);
    QVERIFY2(model.ok(), failureText(model).c_str());
    const auto encodings = encode(model->hash, *windows);
    QVERIFY2(encodings.ok(), failureText(encodings).c_str());
    QCOMPARE(encodings->size(), 17U);
    for (const auto& e : *encodings) {
        QCOMPARE(e.interval.size(), 10U * 24U);
        QCOMPARE(e.event.size(), 10U * 24U);
        QCOMPARE(e.lead.size(), 10U * 4U * 24U);
        QCOMPARE(static_cast<int>(e.recording.size()), model->recordingWidth);
        QVERIFY(std::ranges::all_of(e.recording, [](float v) { return std::isfinite(v); }));
    }
    QVERIFY((*encodings)[0].event != (*encodings)[3].event);
}

void TestTrainVariants::anyLeadsRateAndLength_data() {
    QTest::addColumn<QStringList>("settings");
    QTest::addColumn<int>("leads");
    QTest::addColumn<int>("samples");
    QTest::addColumn<double>("rate");
    const auto row = [](const char* name, int leads, int samples, double rate, QStringList settings) {
        QTest::newRow(name) << settings << leads << samples << rate;
    };
    row("twelve leads", 12, 250, 125,
        {"leads=[\"I\",\"II\",\"III\",\"aVR\",\"aVL\",\"aVF\",\"V1\",\"V2\",\"V3\",\"V4\",\"V5\",\"V6\"]",
         "sampling_rate=125", "interval_samples=25", "intervals=10"});
    row("the eight independent ones, 500 Hz, intervals of 0.1 s", 8, 1000, 500,
        {"leads=[\"I\",\"II\",\"V1\",\"V2\",\"V3\",\"V4\",\"V5\",\"V6\"]", "sampling_rate=500", "interval_samples=50",
         "intervals=20"});
    row("two channels that are no ECG, long", 2, 1200, 40,
        {"leads=[\"PPG\",\"ICG\"]", "sampling_rate=40", "interval_samples=40", "intervals=30", "high_hz=10"});
    row("one channel, without a channel JEPA", 1, 300, 60,
        {"architecture=1d-jepa", "leads=[\"PPG\"]", "sampling_rate=60", "interval_samples=30", "intervals=10",
         "high_hz=10"});
}

void TestTrainVariants::anyLeadsRateAndLength() {
    QFETCH(QStringList, settings);
    QFETCH(int, leads);
    QFETCH(int, samples);
    QFETCH(double, rate);
    std::vector<std::string> all = {"steps=2", "batch=3", "high_hz=20"};
    for (const auto& setting : settings)
        all.push_back(setting.toStdString());
    auto windows = std::make_shared<MemoryWindows>(WindowShape{leads, samples, rate});
    for (std::int64_t i = 0; i < 5; ++i)
        windows->add(tinyWindow(i, leads, samples));
    const QTemporaryDir dir;
    const auto run = engine_.pretrain(request(windows, fs::path(dir.path().toStdString()) / "run", tinyConfig(all)));
    QVERIFY2(run.ok(), failureText(run).c_str());
    QCOMPARE(run->steps, 2);
    const auto model = engine_.loadModel(run->model);
    QVERIFY2(model.ok(), failureText(model).c_str());
    QCOMPARE(model->leads.size(), static_cast<std::size_t>(leads));
    const auto encodings = encode(model->hash, *windows);
    QVERIFY2(encodings.ok(), failureText(encodings).c_str());
    QCOMPARE((*encodings)[4].leads, leads);
    QCOMPARE((*encodings)[4].event.size(), static_cast<std::size_t>(model->intervals) * 24U);
}

void TestTrainVariants::aStageLeavesTheOtherAsItIs() {
    const auto json = tinyConfig({"stages=stage-wise", "channel_share=0.3", "steps=10", "weight_decay=0.5"});
    const auto config = parseModelConfig(json);
    const auto training = parseTrainConfig(json);
    QVERIFY(config.ok() && training.ok());
    QCOMPARE(stageAt(*training, 2, 10).stage, Stage::Channel);
    QCOMPARE(stageAt(*training, 3, 10).stage, Stage::Temporal);
    QCOMPARE(stageAt(*training, 5, 10).i, 2); // of the second stage's own 7 steps
    QCOMPARE(stageAt(*training, 5, 10).steps, 7);

    Trainer trainer(*config, *training, Parameters::initialise(*config, 1), 10);
    const auto copy = [&trainer] {
        std::map<std::string, at::Tensor> out;
        for (const auto& [name, tensor] : trainer.model().parameters().trainable())
            out.emplace(name, tensor.detach().clone());
        return out;
    };
    const at::Tensor x = at::from_blob(tinyWindow(1).data(), {1, 4, 200}).clone().repeat({3, 1, 1});
    auto before = copy();
    for (int i = 0; i < 10; ++i) {
        const auto result = trainer.step(x, i);
        QVERIFY(result.finite);
        QCOMPARE(result.channel > 0, i < 3);
        QCOMPARE(result.temporal > 0, i >= 3);
        auto now = copy();
        for (const auto& [name, tensor] : now) {
            const bool channel = name.starts_with("encoder.patch") || name == "encoder.lead" ||
                                 name.starts_with("encoder.channel.") || name.starts_with("channel_predictor.");
            if (channel != (i < 3))
                QVERIFY2(tensor.equal(before[name]), name.c_str());
            else if (name.ends_with("qkv.weight"))
                QVERIFY2(!tensor.equal(before[name]), name.c_str());
        }
        before = std::move(now);
    }
}

void TestTrainVariants::fewLeadsAreEnoughWhereItIsSaid() {
    const auto windows = mixedWindows(10); // 4, 3, 1, 4 and 2 leads, twice
    const auto batch = [&](std::int64_t minLeads) { return BatchLoader(windows, 4, 1, 0, false, minLeads).next(); };
    const auto leadsOf = [](std::int64_t window) {
        return std::vector{4, 3, 1, 4, 2}[static_cast<std::size_t>(window % 5)];
    };
    for (const std::int64_t least : {0, 1, 2, 3, 4}) {
        const auto got = batch(least);
        QCOMPARE(got.windows.size(), 4U);
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(leadsOf(got.windows[i]) >= (least == 0 ? 4 : least));
            if (!got.present.empty())
                QCOMPARE(std::accumulate(got.present.begin() + static_cast<std::ptrdiff_t>(i * 4),
                                         got.present.begin() + static_cast<std::ptrdiff_t>(i * 4 + 4), 0),
                         leadsOf(got.windows[i]));
        }
        QCOMPARE(got.present.empty(), least == 0 || least == 4);
    }
    // Where no window has all leads the diagnoses look at the lead set that is found most often.
    auto none = std::make_shared<MemoryWindows>(WindowShape{4, 200, 100});
    for (std::int64_t i = 0; i < 5; ++i)
        none->add(tinyWindow(i), i < 2 ? Leads{1, 0, 0, 0} : Leads{0, 1, 1, 0});
    const auto probe = drawProbe(*none, 128, 1);
    QCOMPARE(probe.leads, (std::vector<std::int64_t>{1, 2}));
    QCOMPARE(probe.microvolts.sizes().vec(), (std::vector<std::int64_t>{3, 2, 200}));
    const QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    const auto refused = engine_.pretrain(request(none, folder / "a", tinyConfig({"steps=2", "batch=2"})));
    QVERIFY(refused.failed());
    QCOMPARE(refused.error().code, ErrorCode::LeadMissing);
    QVERIFY2(refused.error().text().find("min_leads") != std::string::npos, refused.error().text().c_str());
    const auto run = engine_.pretrain(request(none, folder / "b", tinyConfig({"steps=2", "batch=2", "min_leads=1"})));
    QVERIFY2(run.ok(), failureText(run).c_str());
    QVERIFY(!run->last.verdict.empty());
}

void TestTrainVariants::lenepaPredictsNoHiddenInterval() {
    const auto windows = tinyWindows(3);
    const auto model = engine_.randomModel(tinyConfig({"architecture=lenepa"}), 1);
    QVERIFY2(model.ok(), failureText(model).c_str());
    const auto surprise = engine_.surprise(model->hash, *windows, 0, {});
    QVERIFY(surprise.failed());
    QVERIFY2(surprise.error().text().find("lenepa") != std::string::npos, surprise.error().text().c_str());
    for (const char* other : {"architecture=1d-jepa", "architecture=ecg-jepa", "architecture=er-jepa-no-channel"}) {
        const auto predicts = engine_.randomModel(tinyConfig({other}), 1);
        const auto result = engine_.surprise(predicts->hash, *windows, 0, {});
        QVERIFY2(result.ok(), failureText(result).c_str());
        QCOMPARE(result->perInterval.size(), 10U);
        QVERIFY(result->recording > 0);
    }
}

void TestTrainVariants::weightsOfAnotherArchitectureAreRefused() {
    const auto windows = tinyWindows(4);
    const QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    const auto run = engine_.pretrain(request(windows, folder / "run", tinyConfig({"steps=1", "batch=2"})));
    QVERIFY2(run.ok(), failureText(run).c_str());
    auto file = readSafetensors(run->model);
    QVERIFY(file.ok());
    const auto asIf = [&](const char* setting) {
        auto metadata = file->metadata;
        metadata["config"] = tinyConfig({setting});
        const auto path = folder / "other.safetensors";
        return writeSafetensors(path, file->tensors, metadata).ok() ? engine_.loadModel(path)
                                                                    : Result<ModelInfo>(Cancelled{});
    };
    for (const auto& [setting, names] :
         {std::pair{"architecture=1d-jepa", "encoder.patch_bias"},
          std::pair{"architecture=lenepa", "encoder.patch_bias"},
          std::pair{"architecture=ecg-jepa", "encoder.patch.weight"},
          std::pair{"architecture=er-jepa-no-channel", "channel_predictor."},
          std::pair{"aggregation=attention", "encoder.aggregate_query"}, std::pair{"teacher=self", "target."},
          std::pair{"target_level=both", "temporal_predictor.out.weight"}}) {
        const auto model = asIf(setting);
        QVERIFY2(model.failed(), setting);
        QCOMPARE(model.error().code, ErrorCode::ModelInvalid);
        QVERIFY2(model.error().text().find(names) != std::string::npos, model.error().text().c_str());
    }
}

// The hash of the weights that the program ships is written down: a key added to the configuration must not change it.
void TestTrainVariants::modelsOfBeforeKeepTheirHash() {
    const auto file = demoModelFile();
    QVERIFY(!file.empty());
    const auto model = engine_.loadModel(file);
    QVERIFY2(model.ok(), failureText(model).c_str());
    const auto sidecar = contents(fs::path(file).replace_extension(".json"));
    QCOMPARE(model->hash, std::string("be15b1d4781a42d2"));
    QVERIFY(sidecar.contains(QByteArray::fromStdString(model->hash)));
}

QTEST_GUILESS_MAIN(TestTrainVariants)
#include "test_train_variants.moc"
