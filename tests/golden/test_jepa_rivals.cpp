// SPDX-License-Identifier: GPL-3.0-or-later
// The rivals of ER-JEPA, and the options of ER-JEPA that the page-long reference leaves out, against their plain
// definitions in reference/rivals.py: losses, encodings and every gradient of one step, in float32 and in double. The
// batches hold windows of several lead sets.
#include "core/jepa/masked_attention.h"
#include "core/jepa/model.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/tensor.h>

using namespace precordia;

namespace {

struct Case {
    const char* name;
    const char* config; // laid over the small configuration of rivals.py
};

constexpr Case kCases[] = {
    {"er-jepa: windows of three lead sets", R"({"subsets": [[0,1,2,3,4,5,6,7,8,9,10,11], [0,1,6,10], [3]]})"},
    {"er-jepa: attention over the leads, sigreg and lead sets",
     R"({"aggregation": "attention", "regulariser": "sigreg", "subsets": [[0,1,2,3,4,5,6,7,8,9,10,11], [1,7]]})"},
    {"er-jepa: lead-linear, lead sets",
     R"({"aggregation": "lead-linear", "regulariser": "none", "subsets": [[0,1,2,3,4,5,6,7,8,9,10,11], [1,7,8]]})"},
    {"er-jepa: lead-linear, the leads' encodings regularised too",
     R"({"aggregation": "lead-linear", "regulariser_lead": "vicreg", "subsets": [[0,1,2,3,4,5,6,7,8,9,10,11], [1,7,8]]})"},
    {"er-jepa: the leads' encodings alone, by sigreg", R"({"regulariser": "none", "regulariser_lead": "sigreg"})"},
    {"er-jepa: without its channel JEPA", R"({"architecture": "er-jepa-no-channel"})"},
    {"er-jepa: its own teacher, sigreg", R"({"teacher": "self", "regulariser": "sigreg"})"},
    {"er-jepa: both target levels, two layers, centred, a regulariser a level",
     R"({"target_level": "both", "target_layers": 2, "target_centre": "recording", "regulariser_interval": "sigreg",
         "regulariser_event": "vicreg", "channel_depth": 2})"},
    {"er-jepa: interval targets, regulariser at one level",
     R"({"target_level": "interval", "regulariser_event": "none", "temporal_depth": 3})"},
    {"1d-jepa", R"({"architecture": "1d-jepa", "regulariser": "none", "heads": 2})"},
    {"1d-jepa: lead sets, regularised",
     R"({"architecture": "1d-jepa", "subsets": [[0,1,2,3,4,5,6,7,8,9,10,11], [0,5]]})"},
    {"ecg-jepa", R"({"architecture": "ecg-jepa", "regulariser": "none"})"},
    {"ecg-jepa: lead sets, regularised, deeper",
     R"({"architecture": "ecg-jepa", "channel_depth": 2, "subsets": [[0,1,2,3,4,5,6,7,8,9,10,11], [0,5,7]]})"},
    {"lenepa", R"({"architecture": "lenepa", "regulariser": "sigreg", "regulariser_weight": 20.0})"},
    {"lenepa: lead sets",
     R"({"architecture": "lenepa", "regulariser": "sigreg", "subsets": [[0,1,2,3,4,5,6,7,8,9,10,11], [2,9]]})"},
};

// Largest difference over largest value, or over `scale` where that is more.
double apart(const at::Tensor& got, const at::Tensor& want, double scale) {
    if (got.sizes() != want.sizes())
        return 1e9;
    const double largest = std::max(scale, want.abs().max().item<double>());
    return (got.detach().to(at::kDouble) - want.to(at::kDouble)).abs().max().item<double>() / largest;
}

} // namespace

class JepaRivalsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyTensorAndGradient_data();
    void everyTensorAndGradient();
    void aMixedBatchIsTheWeightedSumOfItsGroups();
    void theFutureIsNotSeen();
    void tokensSeeTheirLeadAndTheirTime();

private:
    QString why_;
    QTemporaryDir folder_;
};

void JepaRivalsTest::initTestCase() {
    at::set_num_threads(1);
    // One process for all: starting torch takes longer than the fixtures do.
    QString script = "import sys, json\nsys.dont_write_bytecode = True\nsys.path.insert(0, sys.argv[1])\n"
                     "import torch, rivals\ntorch.set_num_threads(1)\n";
    for (std::size_t i = 0; i < std::size(kCases); ++i)
        script += QString("rivals.fixture(sys.argv[2] + '/%1.safetensors', %1, json.loads('''%2'''))\n")
                      .arg(i)
                      .arg(kCases[i].config);
    QProcess python;
    python.start(
        "/usr/bin/python3",
        {"-c", script, qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/tests/golden/reference", folder_.path()});
    if (python.waitForFinished(120000) && python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0)
        return;
    why_ = python.error() == QProcess::FailedToStart ? "no python3" : python.readAllStandardError();
    // Absent torch is a place without oracles; any other failure of the script is a failure of the test.
    QVERIFY2(why_ == "no python3" || why_.contains("No module named 'torch'") ||
                 why_.contains("No module named 'numpy'"),
             qPrintable(why_));
}

void JepaRivalsTest::everyTensorAndGradient_data() {
    QTest::addColumn<int>("index");
    QTest::addColumn<bool>("wide");
    for (int i = 0; i < static_cast<int>(std::size(kCases)); ++i)
        for (const bool wide : {true, false})
            QTest::addRow("%s, %s", kCases[i].name, wide ? "double" : "float32") << i << wide;
}

void JepaRivalsTest::everyTensorAndGradient() {
    QFETCH(int, index);
    QFETCH(bool, wide);
    if (!why_.isEmpty())
        QSKIP(qPrintable("no python3 with torch here: " + why_.section('\n', -2)));
    // What is stored is float32 of what was computed in double. In float32 the formulas round: gradients that are sums
    // of what cancels, to a thousandth.
    const double tolerance = wide ? 1e-5 : 2e-3;
    const auto type = wide ? at::kDouble : at::kFloat;
    const auto file = readSafetensors(folder_.filePath(QString("%1.safetensors").arg(index)).toStdString());
    QVERIFY2(file.ok(), failureText(file).c_str());
    const auto config = parseModelConfig(file->metadata.at("config"));
    QVERIFY2(config.ok(), failureText(config).c_str());
    NamedTensors weights;
    int wanted = 0;
    for (const auto& [name, tensor] : file->tensors) {
        if (name.starts_with("weight."))
            weights.emplace_back(name.substr(7), tensor);
        wanted += name.starts_with("gradient.") || name.starts_with("out.") || name.starts_with("encode.");
    }
    const auto parameters = Parameters::fromTensors(*config, weights);
    QVERIFY2(parameters.ok(), failureText(parameters).c_str());
    QCOMPARE(parameters->all().size(), weights.size());
    const auto model = JepaModel::make(*config, parameters->to(at::TensorOptions(type)));

    std::vector<LeadBatch> groups;
    for (int i = 0; i < std::stoi(file->metadata.at("groups")); ++i) {
        const std::string nth = "." + std::to_string(i);
        const std::int64_t recordings = file->find("x" + nth)->size(0);
        const auto mask = [&](const char* name) { // one of no columns has no place in a file
            const at::Tensor* found = file->find("mask" + nth + "." + name);
            return found != nullptr ? *found : at::empty({recordings, 0}, at::kLong);
        };
        groups.push_back(
            {file->find("x" + nth)->to(type), *file->find("leads" + nth),
             Masks{mask("visible_leads"), mask("hidden_leads"), mask("visible_intervals"), mask("hidden_intervals")}});
        if (groups.back().leads.size(0) == config->leadCount())
            groups.back().leads = at::Tensor();
    }
    int compared = 0;
    QStringList complaints;
    const auto check = [&](const std::string& name, const at::Tensor& got, double scale = 1e-9) {
        const at::Tensor* want = file->find(name);
        ++compared;
        if (want == nullptr || !got.defined())
            complaints << QString::fromStdString(name + " is not there");
        else if (const double by = apart(got, *want, scale); !(by <= tolerance))
            complaints << QString("%1 differs by %2").arg(name.c_str()).arg(by);
    };
    const auto out = model->loss(groups, 0, file->find("directions")->to(type));
    out.total.backward();
    check("out.total", out.total);
    check("out.channel", out.channel);
    check("out.temporal", out.temporal);
    check("out.regulariser", out.regulariser);
    // A bias that a batch norm takes out again has no gradient but rounding: in float32 measured by the largest of all.
    double largest = 0;
    for (const auto& [name, tensor] : model->parameters().trainable())
        if (tensor.grad().defined())
            largest = std::max(largest, tensor.grad().abs().max().item<double>());
    for (const auto& [name, tensor] : model->parameters().trainable())
        if (tensor.grad().defined() && file->find("gradient." + name) != nullptr)
            check("gradient." + name, tensor.grad(), wide ? 1e-9 : largest * 1e-3);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto encodings = model->encode(groups[i].x, groups[i].leadsOfEach());
        const std::string of = "encode." + std::to_string(i) + ".";
        check(of + "lead", encodings.lead);
        check(of + "interval", encodings.interval);
        check(of + "event", encodings.event);
    }
    QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join("; ")));
    QCOMPARE(compared, wanted); // nothing of the fixture was left out
}

void JepaRivalsTest::aMixedBatchIsTheWeightedSumOfItsGroups() {
    auto config = parseModelConfig(R"({"width": 24, "predictor_width": 12, "intervals": 10, "interval_samples": 20,
        "channel_depth": 1, "temporal_depth": 1, "min_block": 2, "regulariser": "none"})");
    QVERIFY(config.ok());
    const auto model = JepaModel::make(*config, Parameters::initialise(*config, 1));
    Random random(3);
    std::vector<LeadBatch> groups;
    for (const auto& leads : {std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                              std::vector<std::int64_t>{1, 4, 9}, std::vector<std::int64_t>{7}}) {
        const auto n = static_cast<std::int64_t>(4 - groups.size());
        const at::Tensor x = at::rand({n, static_cast<std::int64_t>(leads.size()), 200});
        groups.push_back({x, at::tensor(leads), sampleMasks(*config, x, leads, 6, false, random)});
    }
    const double together = model->loss(groups, 0).total.item<double>();
    double sum = 0;
    for (const auto& group : groups)
        sum += model->loss({group}, 0).total.item<double>() * static_cast<double>(group.size()) / 9;
    QVERIFY(together > 0);
    QVERIFY2(std::abs(together - sum) < 1e-6, qPrintable(QString("%1 %2").arg(together).arg(sum)));
    // The last group has one lead: nothing to predict it from, and nothing that is not a number comes of it.
    QCOMPARE(groups.back().masks.hiddenLeads.size(1), 0);
    QCOMPARE(model->loss({groups.back()}, 0).channel.item<double>(), 0.0);
}

void JepaRivalsTest::theFutureIsNotSeen() {
    const auto config = parseModelConfig(
        R"({"architecture": "lenepa", "width": 24, "intervals": 10, "interval_samples": 20, "regulariser": "sigreg"})");
    QVERIFY2(config.ok(), failureText(config).c_str());
    const auto model = JepaModel::make(*config, Parameters::initialise(*config, 1));
    const at::Tensor x = at::rand({1, 12, 200});
    at::Tensor changed = x.clone();
    changed.slice(2, 120, 140).add_(5); // interval 6
    const auto before = model->encode(x).event, after = model->encode(changed).event;
    QVERIFY(before.slice(1, 0, 6).equal(after.slice(1, 0, 6)));
    for (std::int64_t t = 6; t < 10; ++t)
        QVERIFY(!before.select(1, t).equal(after.select(1, t)));
    QVERIFY(!model->predictsHidden());
    QVERIFY_THROWS_EXCEPTION(std::logic_error, (void)model->eventTargets(x));
}

// One block deep, a change of one patch reaches its own lead and its own time, and no other token.
void JepaRivalsTest::tokensSeeTheirLeadAndTheirTime() {
    const auto config = parseModelConfig(R"({"architecture": "ecg-jepa", "width": 24, "intervals": 10,
        "interval_samples": 20, "channel_depth": 0, "temporal_depth": 1})");
    QVERIFY2(config.ok(), failureText(config).c_str());
    const auto model = JepaModel::make(*config, Parameters::initialise(*config, 1));
    const at::Tensor x = at::rand({1, 12, 200});
    at::Tensor changed = x.clone();
    changed.select(1, 4).slice(1, 60, 80).add_(5); // lead 4, interval 3
    const at::Tensor moved =
        (model->encode(x).lead - model->encode(changed).lead).abs().sum(at::IntArrayRef{0, 3}); // [T, L]
    for (std::int64_t t = 0; t < 10; ++t)
        for (std::int64_t l = 0; l < 12; ++l)
            QCOMPARE(moved[t][l].item<float>() > 0, t == 3 || l == 4);
}

QTEST_GUILESS_MAIN(JepaRivalsTest)
#include "test_jepa_rivals.moc"
