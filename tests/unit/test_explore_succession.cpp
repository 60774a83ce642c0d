// SPDX-License-Identifier: GPL-3.0-or-later
// When a run's model takes the place of the study's: by hand-made neighbours, and with two runs of the engine.
#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/explore/frequent_labels.h"
#include "core/explore/succession.h"
#include "core/study/demo.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace precordia;
namespace fs = std::filesystem;

class TestExploreSuccession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void neighboursByHand();
    void verdictsAreReadFromTheFolder();
    void aModelIsComparedBeforeItTakesThePlace();
};

// The four rows of the trainer's own test: twins agree in three of four standardised dimensions (cosine 0.5), others
// in none or one (-1, -0.5).
void TestExploreSuccession::neighboursByHand() {
    Matrix x(4, 4);
    x << 1.F, 2.F, 3.F, 0.1F, 1.F, 2.F, 3.F, -0.1F, -1.F, -2.F, -3.F, 0.1F, -1.F, -2.F, -3.F, -0.1F;
    QCOMPARE(knnAuroc(x, {1, 1, 0, 0}, {0, 1, 2, 3}, 1), 1.0);
    QCOMPARE(knnAuroc(x, {1, 1, 0, 0}, {0, 0, 1, 1}, 1), 0.0); // a twin is kin: the nearest allowed one is wrong
    QVERIFY(std::isnan(knnAuroc(x, {1, 1, 1, 1}, {0, 1, 2, 3}, 1)));
    QCOMPARE(knnAuroc(x, {1, -1, 1, -1, 0, 1, 0, 1}, {0, 1, 2, 3}, 1), 1.0); // the second label has one kind only
    // Of three neighbours each sees one of its own kind and two of the other, whatever it is: no order.
    QCOMPARE(knnAuroc(x, {1, 0, 1, 0}, {0, 1, 2, 3}, 3), 0.0); // positives see 1 of 3, negatives 2 of 3
    x(0, 0) = std::nanf("");
    QVERIFY(std::isnan(knnAuroc(x, {1, 1, 0, 0}, {0, 1, 2, 3}, 1)));
    QVERIFY(std::isnan(knnAuroc(Matrix::Zero(3, 2), {1, 0}, {0, 1, 2}, 1))); // labels that do not fit
}

void TestExploreSuccession::verdictsAreReadFromTheFolder() {
    const QTemporaryDir temporary;
    const fs::path folder = temporary.path().toStdString();
    QCOMPARE(lastVerdict(folder), std::string());
    QVERIFY(writeFileAtomically(folder / "metrics.csv", "step,total,channel,temporal,verdict\n0,,,,healthy\n"
                                                        "100,1,1,1,collapsed\n101,1,1,1,\n")
                .ok());
    QCOMPARE(lastVerdict(folder), std::string("collapsed"));
}

void TestExploreSuccession::aModelIsComparedBeforeItTakesThePlace() {
    const QTemporaryDir temporary;
    const fs::path folder = fs::path(temporary.path().toStdString()) / "study";
    Progress progress;
    QVERIFY(makeDemoStudy(folder, 48, 3, {}, progress).ok());
    const auto study = Study::open(folder);
    QVERIFY(study.ok());
    const auto engine = loadEngine();
    QVERIFY2(engine.ok(), failureText(engine).c_str());
    ConfigRequest tiny;
    tiny.settings = {"threads=1",        "width=12",          "heads=3",           "channel_depth=1",
                     "temporal_depth=1", "predictor_width=6", "predictor_heads=3", "temporal_predictor_depth=1",
                     "batch=4",          "steps=2",           "diagnose_every=0",  "precision=float32"};
    const auto config = resolveConfig(tiny);
    QVERIFY2(config.ok(), failureText(config).c_str());
    const auto twin = (*engine)->randomModel(*config, 7);
    QVERIFY(twin.ok());
    const auto cache = SignalCache::build(folder, *preprocessingOf(*twin), {}, progress);
    QVERIFY(cache.ok());
    auto labels = frequentLabels(**study, **cache);
    QVERIFY(labels.ok());
    QVERIFY(!labels->names.empty());
    PretrainRequest request;
    request.windows = *cache;
    request.configJson = *config;
    request.device = "cpu";
    request.labels = std::make_shared<const ProbeLabels>(std::move(*labels));
    request.runFolder = (*study)->runsFolder() / "first";
    const auto first = (*engine)->pretrain(request);
    QVERIFY2(first.ok(), failureText(first).c_str());
    QVERIFY(std::isfinite(first->last.knn));

    // Nothing there: it takes the place, and a collapsed one only where not even the demo weights are.
    auto succession = judgeSuccession(**study, **engine, *first, request.labels, {}, progress);
    QVERIFY(succession.ok());
    QCOMPARE(succession->word, std::string("first"));
    QVERIFY(succession->takes && succession->former.empty());
    auto collapsed = *first;
    collapsed.last.verdict = "collapsed";
    succession = judgeSuccession(**study, **engine, collapsed, request.labels, {}, progress);
    QCOMPARE(succession->word, std::string("collapsed"));
    QCOMPARE(succession->takes, demoModelFile().empty());

    // The study's own: asked with the same windows and labels it has the figure that its own run found.
    const auto model = (*engine)->loadModel(first->model);
    QVERIFY(model.ok());
    QVERIFY(keepModel(**study, *model).ok());
    QVERIFY((*study)->setCurrentModel(model->hash).ok());
    auto next = *first;
    const auto judged = [&](double knn, const char* verdict) {
        next.last.knn = knn;
        next.last.verdict = verdict;
        return judgeSuccession(**study, **engine, next, request.labels, {}, progress).value();
    };
    const auto same = judged(first->last.knn, "healthy");
    QCOMPARE(same.former, model->hash);
    QVERIFY2(std::abs(same.formerKnn - first->last.knn) < 0.005,
             qPrintable(QStringLiteral("%1 %2").arg(same.formerKnn).arg(first->last.knn)));
    QCOMPARE(same.word, std::string("alike"));
    QCOMPARE(judged(same.formerKnn + 0.05, "healthy").word, std::string("better"));
    QVERIFY(judged(same.formerKnn + 0.05, "healthy").takes);
    const auto worse = judged(same.formerKnn - 0.05, "early");
    QCOMPARE(worse.word, std::string("worse"));
    QVERIFY(worse.takes);
    const auto lost = judged(same.formerKnn + 0.05, "collapsed");
    QCOMPARE(lost.word, std::string("collapsed"));
    QVERIFY(!lost.takes);
    QCOMPARE(judged(std::nan(""), "healthy").word, std::string("unknown"));
    next.last.knn = 0.5;
    QCOMPARE(judgeSuccession(**study, **engine, next, nullptr, {}, progress)->word, std::string("unknown"));

    // Who asks for no model gets the study's own, not the newest run; a collapsed run is nobody's choice.
    request.runFolder = (*study)->runsFolder() / "second";
    QVERIFY((*engine)->pretrain(request).ok());
    QCOMPARE(chooseModel(**study, {})->path, modelFile(**study, model->hash));
    QVERIFY((*study)->setCurrentModel({}).ok());
    QCOMPARE(chooseModel(**study, {})->path, request.runFolder / "model.safetensors");
    QVERIFY(writeFileAtomically(request.runFolder / "metrics.csv",
                                "step,total,channel,temporal,verdict\n2,1,1,1,collapsed\n")
                .ok());
    QCOMPARE(chooseModel(**study, {})->path, first->model);
}

QTEST_MAIN(TestExploreSuccession)
#include "test_explore_succession.moc"
