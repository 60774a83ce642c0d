// SPDX-License-Identifier: GPL-3.0-or-later
// A configuration is complete, checked key by key, and an error names the key.
#include "core/engine/config.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace precordia;
using Json = nlohmann::json;

class TestEngineConfig : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void presetsAreThoseOfTheDesign();
    void rivalsDoNotInheritTheRecipe();
    void laterLayersWin();
    void errorsNameTheKey_data();
    void errorsNameTheKey();
    void numbersBeyondADouble();
    void stepsAndEpochs();
    void resolvedIsStable();
    void preprocessingFollowsTheModel();
    void unknownPresetNamesTheKnown();
};

namespace {

Json resolve(const ConfigRequest& request) {
    const auto config = resolveConfig(request);
    if (!config) {
        qWarning("%s", config.error().text().c_str());
        return {};
    }
    return Json::parse(*config);
}

QString write(const QTemporaryDir& dir, const char* text) {
    QFile file(dir.filePath(QStringLiteral("config.json")));
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
    return file.fileName();
}

} // namespace

void TestEngineConfig::presetsAreThoseOfTheDesign() {
    QCOMPARE(presetNames(), std::vector<std::string>({"nano", "small", "base"}));
    const auto nano = resolve({"nano", {}, {}});
    QCOMPARE(nano["width"].get<int>(), 96);
    QCOMPARE(nano["heads"].get<int>(), 3);
    QCOMPARE(nano["channel_depth"].get<int>(), 2);
    QCOMPARE(nano["temporal_depth"].get<int>(), 4);
    QCOMPARE(nano["predictor_width"].get<int>(), 48);
    QCOMPARE(nano["leads"].size(), 12U);
    QCOMPARE(nano["tokenizer"].get<std::string>(), std::string("leadwise"));
    const auto small = resolve({"small", {}, {}});
    QCOMPARE(small["width"].get<int>(), 192);
    QCOMPARE(small["channel_depth"].get<int>(), 3);
    QCOMPARE(small["temporal_predictor_depth"].get<int>(), 3);
    const auto base = resolve({"base", {}, {}});
    QCOMPARE(base["width"].get<int>(), 384);
    QCOMPARE(base["temporal_depth"].get<int>(), 6);
    for (const auto& preset : {nano, small, base}) // windows with missing leads are learned from ...
        QCOMPARE(preset["min_leads"].get<int>(), 1);
    QCOMPARE(resolve({"", {}, {}})["min_leads"].get<int>(), 0); // ... unless a configuration does not speak of them
}

// The presets' recipe is ER-JEPA's own: its ablation shares it, the field's other models do not.
void TestEngineConfig::rivalsDoNotInheritTheRecipe() {
    for (const auto& preset : presetNames()) {
        for (const char* ours : {"er-jepa", "er-jepa-no-channel"}) {
            const auto c = resolve({preset, {}, {std::string("architecture=") + ours}});
            QCOMPARE(c["predictor_query"].get<std::string>(), std::string("neighbours"));
            QCOMPARE(c["target_level"].get<std::string>(), std::string("interval"));
        }
        for (const char* rival : {"1d-jepa", "ecg-jepa", "lenepa"}) {
            const auto c = resolve({preset, {}, {std::string("architecture=") + rival}});
            QCOMPARE(c["predictor_query"].get<std::string>(), std::string("place"));
            QCOMPARE(c["target_level"].get<std::string>(), std::string("event"));
            QCOMPARE(c["ema"][0].get<double>(), 0.98); // goes with the length of the run, not with the model
        }
        const auto ecg = resolve({preset, {}, {"architecture=ecg-jepa"}});
        QCOMPARE(ecg["interval_mask_ratio"][0].get<double>(), 0.6); // as published, not as in the preset
        // What is said beside the architecture still wins.
        QCOMPARE(resolve({preset, {}, {"architecture=1d-jepa", "min_block=7"}})["min_block"].get<int>(), 7);
    }
}

void TestEngineConfig::laterLayersWin() {
    const QTemporaryDir dir;
    ConfigRequest request;
    request.preset = "small";
    request.file = write(dir, R"({"model": {"width": 48, "dropout": 0.1}, "learning_rate": 2e-4})").toStdString();
    request.settings = {"width=24", "regulariser=none", "ema=[0.98, 1]", "batch=1e2"};
    const auto c = resolve(request);
    QCOMPARE(c["width"].get<int>(), 24);
    QCOMPARE(c["dropout"].get<double>(), 0.1);
    QCOMPARE(c["learning_rate"].get<double>(), 2e-4);
    QCOMPARE(c["regulariser"].get<std::string>(), std::string("none"));
    QCOMPARE(c["ema"][0].get<double>(), 0.98);
    QVERIFY(c["batch"].is_number_integer()); // kept as a whole number however it was written
    QCOMPARE(c["batch"].get<int>(), 100);
    QVERIFY(!c.contains("model"));
}

// In a file, on the command line, and in what a run says of itself.
void TestEngineConfig::numbersBeyondADouble() {
    const QTemporaryDir dir;
    ConfigRequest request;
    request.file = write(dir, R"({"width": 1e999})").toStdString();
    for (const auto& refused : {resolveConfig(request), resolveConfig({"nano", {}, {"width=1e999"}}),
                                completeConfig(R"({"width": 1e999})")}) {
        QVERIFY(refused.failed());
        QCOMPARE(refused.error().code, ErrorCode::ConfigInvalid);
    }
    QVERIFY(resolveConfig(request).error().where.find(request.file.filename().string()) != std::string::npos);
}

void TestEngineConfig::errorsNameTheKey_data() {
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* setting, const char* names) { QTest::newRow(setting) << setting << names; };
    row("widht=96", "\"widht\"");
    row("width=\"wide\"", "\"width\"");
    row("width=96.5", "\"width\"");
    row("width=-2", "\"width\"");
    row("width=1e30", "\"width\"");
    row("heads=5", "\"heads\"");
    row("predictor_heads=5", "\"predictor_heads\"");
    row("width=99", "\"width\"");
    row("dropout=1.5", "\"dropout\"");
    row("regulariser=vicrex", "\"regulariser\"");
    row("ema=[1.0, 0.9]", "\"ema\"");
    row("ema=0.99", "\"ema\"");
    row("ema=[0.99, 1.01]", "\"ema\"");
    row("interval_mask_ratio=[0.7, 0.6]", "\"interval_mask_ratio\"");
    row("interval_mask_ratio=[0.005, 0.6]", "\"interval_mask_ratio\"");
    row("lead_keep=0.99", "\"lead_keep\"");
    row("leads=[\"I\", \"I\"]", "\"leads\"");
    row("leads=[]", "\"leads\"");
    row("low_hz=50", "\"low_hz\"");
    row("high_hz=125", "\"high_hz\"");
    row("name=../../elsewhere", "\"name\"");
    row("batch=1", "\"batch\"");
    row("loss_weights=[0, 0]", "\"loss_weights\"");
    row("architecture=er_jepa", "\"architecture\"");
    row("lead_weights=[1, 2]", "\"lead_weights\"");
    row("lead_weights=[1, \"two\"]", "\"lead_weights\"");
    row("lead_weights=[0,0,0,0,0,0,0,0,0,0,0,0]", "\"lead_weights\"");
    row("min_leads=13", "\"min_leads\"");
    row("target_layers=0", "\"target_layers\"");
    row("channel_share=1", "\"channel_share\"");
    row("threads", "key=value");
}

void TestEngineConfig::errorsNameTheKey() {
    QFETCH(QString, setting);
    QFETCH(QString, names);
    const auto config = resolveConfig({"nano", {}, {setting.toStdString()}});
    QVERIFY(config.failed());
    QCOMPARE(config.error().code, ErrorCode::ConfigInvalid);
    QVERIFY2(QString::fromStdString(config.error().text()).contains(names), config.error().text().c_str());
}

void TestEngineConfig::stepsAndEpochs() {
    QCOMPARE(resolve({"nano", {}, {"steps=250"}})["epochs"].get<int>(), 0); // the preset's epochs give way
    QCOMPARE(resolve({"nano", {}, {"steps=250", "epochs=2"}})["steps"].get<int>(), 0);
    const QTemporaryDir dir;
    ConfigRequest both;
    both.file = write(dir, R"({"steps": 10, "epochs": 2})").toStdString();
    const auto config = resolveConfig(both);
    QVERIFY(config.failed());
    QVERIFY(config.error().text().find("\"steps\"") != std::string::npos);
    QVERIFY(config.error().text().find("config.json") != std::string::npos); // and the file
    QVERIFY(resolveConfig({"nano", {}, {"epochs=0"}}).failed());
}

void TestEngineConfig::resolvedIsStable() {
    const auto once = resolveConfig({"nano", {}, {"seed=7"}});
    const auto again = completeConfig(*once);
    QCOMPARE(*again, *once);
    QVERIFY(checkConfig(*once).ok());
    QVERIFY(checkConfig("{\"width\": 96").failed());
    QVERIFY(checkConfig("[1, 2]").failed());
}

void TestEngineConfig::preprocessingFollowsTheModel() {
    const auto config = resolveConfig({"nano", {}, {"sampling_rate=100", "interval_samples=20", "low_hz=0"}});
    const auto keys = preprocessingKeys(*config);
    QVERIFY(keys.ok());
    QCOMPARE(keys->samplingRate, 100.0);
    QCOMPARE(keys->windowSeconds, 10.0);
    QCOMPARE(keys->lowHz, 0.0);
    QCOMPARE(keys->highHz, 40.0);
    QCOMPARE(keys->leads.size(), 12U);
}

void TestEngineConfig::unknownPresetNamesTheKnown() {
    const auto config = resolveConfig({"gigantic", {}, {}});
    QVERIFY(config.failed());
    QVERIFY(config.error().message.find("nano, small, base") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestEngineConfig)
#include "test_engine_config.moc"
