// SPDX-License-Identifier: GPL-3.0-or-later
// What the golden fixtures do not say: configuration, initialisation, masks, lead subsets, chance from one seed.
#include "core/jepa/er_jepa.h"
#include "core/jepa/losses.h"

#include <QTest>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <numeric>
#include <set>

using namespace precordia;

namespace {

ModelConfig config(const std::string& json) {
    auto parsed = parseModelConfig(json);
    if (!parsed.ok())
        qFatal("%s", failureText(parsed).c_str());
    return *parsed;
}

ModelConfig smallConfig() {
    return config(R"({"width": 24, "predictor_width": 12, "intervals": 10, "interval_samples": 20, "channel_depth": 1,
                      "temporal_depth": 1, "temporal_predictor_depth": 1, "min_block": 2})");
}

at::Tensor signal(const ModelConfig& c, std::int64_t batch) {
    return at::arange(batch * c.leadCount() * c.samples(), at::kFloat)
        .mul(0.37)
        .sin()
        .view({batch, c.leadCount(), c.samples()});
}

std::vector<std::int64_t> row(const at::Tensor& t, std::int64_t b) {
    const auto* p = t.data_ptr<std::int64_t>() + b * t.size(1);
    return {p, p + t.size(1)};
}

bool splits(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b, std::int64_t n) {
    std::vector<std::int64_t> both(a), all(static_cast<std::size_t>(n));
    both.insert(both.end(), b.begin(), b.end());
    std::ranges::sort(both);
    std::iota(all.begin(), all.end(), 0);
    return std::ranges::is_sorted(a) && std::ranges::is_sorted(b) && both == all;
}

} // namespace

class JepaModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }
    void configurationComesBack();
    void badConfigurationsNameTheKey_data();
    void badConfigurationsNameTheKey();
    void masksSplitLeadsAndIntervals_data();
    void masksSplitLeadsAndIntervals();
    void masksHideBlocks();
    void masksCoverAllPlaces();
    void beatsAreFoundAndHiddenWhole();
    void shapesOfMasks();
    void heavyLeadsAreSeenMoreOften();
    void headsAskTheLeads();
    void theSeedDecides();
    void initialisationHasTheRightSpread();
    void beatsAreWhereTheSlopeIs();
    void someLeadsGiveAnotherEncoding();
    void leadOrderDoesNotMatter();
    void hiddenIntervalsAreNotSeen();
    void dropoutRepeatsByItsSeed();
    void regularisersAgreeWithAHandCalculation();
    void sharesOneMemory();
};

void JepaModelTest::configurationComesBack() {
    QCOMPARE(config("{}"), ModelConfig{});
    const ModelConfig c =
        config(R"({"epochs": 3, "model": {"leads": ["I", "V1", "V5"], "sampling_rate": 500, "width": 48,
        "heads": 4, "tokenizer": "shared", "aggregation": "lead-linear", "dropout": 0.1, "interval_mask_ratio": [0.3, 0.4],
        "ema": [0.99, 1], "loss_weights": [1, 2], "regulariser": "sigreg", "scale": "recording", "lead_keep": 0.5}})");
    QCOMPARE(c.leadCount(), 3);
    QCOMPARE(c.visibleLeads(), 2);                                                      // Python rounds 1.5 to 2
    QCOMPARE(config(R"({"leads": ["I", "II", "III", "V1", "V6"]})").visibleLeads(), 2); // and 2.5 to 2
    QVERIFY(c.tokenizer == Tokenizer::Shared && c.aggregation == Aggregation::LeadLinear);
    QVERIFY(c.regulariser == Regulariser::SigReg && c.scale == Scale::Recording);
    QCOMPARE(config(modelConfigJson(c)), c);
    // A model's hash is taken over this text: what is at its default and came later must not be in it.
    QVERIFY(modelConfigJson(c).find("architecture") == std::string::npos);
    QVERIFY(modelConfigJson(ModelConfig{}).ends_with(R"("scale":"fixed"})"));
    QCOMPARE(smallConfig().recordingWidth(), 4 * 24 + 9); // ten intervals have nine lags
}

void JepaModelTest::badConfigurationsNameTheKey_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("key");
    const auto row = [](const char* json, const char* key) { QTest::newRow(json) << QString(json) << QString(key); };
    row(R"({"heads": 5})", "heads");
    row(R"({"width": "wide"})", "width");
    row(R"({"width": 96.5})", "width");
    row(R"({"width": 18446744073709551615})", "width");
    row(R"({"width": 27, "heads": 3})", "width");
    row(R"({"intervals": -1})", "intervals");
    row(R"({"predictor_heads": 7})", "predictor_heads");
    row(R"({"tokenizer": "letters"})", "tokenizer");
    row(R"({"leads": ["I", "I"]})", "leads");
    row(R"({"leads": "I"})", "leads");
    row(R"({"lead_keep": 1})", "lead_keep");
    row(R"({"interval_mask_ratio": [0.6, 0.5]})", "interval_mask_ratio");
    row(R"({"interval_mask_ratio": [0.5, 1.0]})", "interval_mask_ratio");
    row(R"({"interval_mask_ratio": 0.5})", "interval_mask_ratio");
    row(R"({"min_block": 51})", "min_block");
    row(R"({"dropout": null})", "dropout");
    row(R"({"ema": [0.9]})", "ema");
    row(R"({"architecture": "jepa"})", "architecture");
    row(R"({"lead_weights": [1, 2]})", "lead_weights");
    row(R"({"target_layers": 9})", "target_layers");
    row(R"({"mask": "blocks"})", "mask");
}

void JepaModelTest::badConfigurationsNameTheKey() {
    QFETCH(QString, json);
    QFETCH(QString, key);
    const auto result = parseModelConfig(json.toStdString());
    QVERIFY(result.failed());
    QVERIFY(result.error().code == ErrorCode::ConfigInvalid);
    QVERIFY2(QString::fromStdString(result.error().message).startsWith(key + ":"), result.error().message.c_str());
}

void JepaModelTest::masksSplitLeadsAndIntervals_data() {
    QTest::addColumn<QString>("json");
    for (const char* json :
         {"{}", R"({"lead_keep": 0.01})", R"({"lead_keep": 0.9, "interval_mask_ratio": [0.02, 0.02]})",
          R"({"interval_mask_ratio": [0.98, 0.98], "min_block": 50})",
          R"({"leads": ["I", "II"], "intervals": 3, "min_block": 1, "interval_mask_ratio": [0.34, 0.6]})"})
        QTest::newRow(json) << QString(json);
}

void JepaModelTest::masksSplitLeadsAndIntervals() {
    QFETCH(QString, json);
    const ModelConfig c = config(json.toStdString());
    Random random(7);
    for (int round = 0; round < 50; ++round) {
        const Masks m = sampleMasks(c, 4, random);
        QCOMPARE(m.visibleLeads.size(1), c.visibleLeads());
        const auto hidden = static_cast<double>(m.hiddenIntervals.size(1));
        const auto n = static_cast<double>(c.intervals);
        QVERIFY(hidden >= std::nearbyint(n * c.intervalMaskRatio[0]) &&
                hidden <= std::nearbyint(n * c.intervalMaskRatio[1]));
        for (std::int64_t b = 0; b < 4; ++b) {
            QVERIFY(splits(row(m.visibleLeads, b), row(m.hiddenLeads, b), c.leadCount()));
            QVERIFY(splits(row(m.visibleIntervals, b), row(m.hiddenIntervals, b), c.intervals));
        }
    }
}

void JepaModelTest::masksHideBlocks() {
    // Blocks of 5, the last one cut: at most one run of hidden intervals is shorter than a block.
    const ModelConfig c = config("{}");
    Random random(11);
    for (int round = 0; round < 100; ++round) {
        const auto hidden = row(sampleMasks(c, 1, random).hiddenIntervals, 0);
        int shortRuns = 0;
        for (std::size_t i = 0; i < hidden.size();) {
            std::size_t j = i + 1;
            while (j < hidden.size() && hidden[j] == hidden[j - 1] + 1)
                ++j;
            shortRuns += j - i < 5;
            i = j;
        }
        QVERIFY(shortRuns <= 1);
    }
}

void JepaModelTest::masksCoverAllPlaces() {
    // 400 draws: each lead is seen in about half, no interval is always or never hidden.
    const ModelConfig c = config("{}");
    Random random(3);
    std::vector<int> seen(12), hidden(50);
    const Masks m = sampleMasks(c, 400, random);
    for (std::int64_t b = 0; b < 400; ++b) {
        for (const auto l : row(m.visibleLeads, b))
            ++seen[static_cast<std::size_t>(l)];
        for (const auto t : row(m.hiddenIntervals, b))
            ++hidden[static_cast<std::size_t>(t)];
    }
    for (const int n : seen)
        QVERIFY(n > 150 && n < 250); // mean 200, deviation 10
    for (const int n : hidden)
        QVERIFY(n > 40 && n < 360);
}

void JepaModelTest::beatsAreFoundAndHiddenWhole() {
    // Beats at 0.9, 1.7, 3.1, 4.3 and 5.3 s of 6 s; half-way between them 1.3, 2.4, 3.7 and 4.8 s. The second lead
    // carries a slow wave.
    at::Tensor x = at::zeros({2, 600});
    for (const std::int64_t beat : {90, 170, 310, 430, 530})
        x[0].slice(0, beat - 1, beat + 2).copy_(at::tensor({300.0F, -900.0F, 250.0F}));
    x[1].copy_(at::linspace(0, 40, 600).sin() * 400);
    using Spans = std::vector<std::array<std::int64_t, 2>>;
    QCOMPARE(beatSpans(x, 10, 100), (Spans{{0, 13}, {13, 24}, {24, 37}, {37, 48}, {48, 60}}));
    QVERIFY(beatSpans(at::zeros({2, 600}), 10, 100).empty());
    QVERIFY(beatSpans(x / 0.0, 10, 100).empty()); // not a number anywhere

    ModelConfig c = config(R"({"leads": ["I", "II"], "sampling_rate": 100, "interval_samples": 10, "intervals": 60,
                               "mask": "beat", "min_block": 3})");
    Random random(5);
    for (int i = 0; i < 20; ++i) {
        const Masks masks = sampleMasks(c, x.unsqueeze(0), {0, 1}, 30, false, random);
        QCOMPARE(masks.hiddenIntervals.size(1), 30);
        int cut = 0;
        for (const auto& [first, end] : beatSpans(x, 10, 100)) {
            const auto in = masks.hiddenIntervals.ge(first).logical_and(masks.hiddenIntervals.lt(end)).sum();
            const auto hidden = in.item<std::int64_t>();
            cut += hidden > 0 && hidden < end - first;
        }
        QVERIFY2(cut <= 1, qPrintable(QString::number(cut)));
    }
}

void JepaModelTest::shapesOfMasks() {
    // Runs of hidden intervals in 200 masks that hide 24 of 50: single ones, four blocks of six, blocks of min_block.
    const auto runs = [](const char* json) {
        const ModelConfig c = config(json);
        Random random(7);
        const auto hidden = sampleMasks(c, 200, random).hiddenIntervals;
        const at::Tensor gap = hidden.slice(1, 1) - hidden.slice(1, 0, hidden.size(1) - 1);
        return static_cast<double>(gap.gt(1).sum().item<std::int64_t>()) / 200 + 1;
    };
    const double single = runs(R"({"mask": "random", "interval_mask_ratio": [0.48, 0.48]})");
    const double four = runs(R"({"mask": "multi-block", "interval_mask_ratio": [0.48, 0.48]})");
    const double blocks = runs(R"({"mask": "block", "min_block": 24, "interval_mask_ratio": [0.48, 0.48]})");
    QVERIFY2(single > 11 && single < 14, qPrintable(QString::number(single))); // 24 * 27 / 50 are expected: 12.96
    QVERIFY2(four > 2 && four < 6, qPrintable(QString::number(four)));
    QCOMPARE(blocks, 1.0);
}

void JepaModelTest::heavyLeadsAreSeenMoreOften() {
    ModelConfig c = config(R"({"leads": ["I", "II", "V1", "V5"], "lead_keep": 0.25, "lead_weights": [4, 0, 1, 3]})");
    Random random(3);
    const auto seen = sampleMasks(c, 4000, random).visibleLeads.flatten();
    for (const auto& [lead, share] : {std::pair{0, 0.5}, std::pair{1, 0.0}, std::pair{2, 0.125}, std::pair{3, 0.375}}) {
        const double got = static_cast<double>(seen.eq(lead).sum().item<std::int64_t>()) / 4000;
        QVERIFY2(std::abs(got - share) < 0.03, qPrintable(QString("%1: %2").arg(lead).arg(got))); // 3.8 deviations
    }
    // Of the leads that are there: V1 and V5 alone, by their own weights.
    const auto two = sampleMasks(c, at::zeros({4000, 2, 10}), {2, 3}, 5, false, random).visibleLeads;
    const double got = static_cast<double>(two.eq(1).sum().item<std::int64_t>()) / 4000;
    QVERIFY2(std::abs(got - 0.75) < 0.03, qPrintable(QString::number(got)));
}

void JepaModelTest::headsAskTheLeads() {
    ModelConfig c = smallConfig();
    c.aggregation = Aggregation::Attention;
    const auto parameters = Parameters::initialise(c, 2);
    const ErJepa model(c, parameters);
    const auto z = model.encode(signal(c, 2)).lead;
    const at::NoGradGuard none;
    const at::Tensor weights = model.encoder().attentionToLeads(z);
    QCOMPARE(weights.sizes().vec(), (std::vector<std::int64_t>{2, 10, c.heads, 12}));
    QVERIFY((weights.sum(3) - 1).abs().max().item<double>() < 1e-5);
    // A head that asks for nothing takes all leads alike: the interval is the mean of their values.
    parameters["encoder.aggregate_query"].detach().zero_();
    const at::Tensor values = at::matmul(z, parameters["encoder.aggregate_value.weight"].t());
    QVERIFY((model.encoder().intervals(z, {}) - values.mean(2)).abs().max().item<double>() < 1e-5);
    QVERIFY(!ErJepa(smallConfig(), Parameters::initialise(smallConfig(), 2)).encoder().attentionToLeads(z).defined());
}

void JepaModelTest::theSeedDecides() {
    const ModelConfig c = smallConfig();
    Random a(5), b(5), other(6);
    const Masks first = sampleMasks(c, 3, a), second = sampleMasks(c, 3, b), third = sampleMasks(c, 3, other);
    QVERIFY(first.visibleLeads.equal(second.visibleLeads) && first.hiddenIntervals.equal(second.hiddenIntervals));
    QVERIFY(!first.visibleLeads.equal(third.visibleLeads));
    Random resumed(a.state()); // a checkpoint keeps one number
    QVERIFY(sampleMasks(c, 3, a).hiddenLeads.equal(sampleMasks(c, 3, resumed).hiddenLeads));
    // SplitMix64 from state 0, as its authors' C program prints it.
    Random zero(0);
    QCOMPARE(zero.next(), 0xE220A8397B1DCDAFULL);
    QCOMPARE(zero.next(), 0x6E789E6AA1B965F4ULL);

    const auto p = Parameters::initialise(c, 1), q = Parameters::initialise(c, 1), r = Parameters::initialise(c, 2);
    for (std::size_t i = 0; i < p.all().size(); ++i)
        QVERIFY(p.all()[i].second.equal(q.all()[i].second));
    QVERIFY(!p["encoder.patch_weight"].equal(r["encoder.patch_weight"]));
}

void JepaModelTest::initialisationHasTheRightSpread() {
    const ModelConfig c = config(R"({"aggregation": "lead-linear"})");
    const auto p = Parameters::initialise(c, 4);
    const auto spread = [&p](const char* name) { return p[name].detach().std().item<double>(); };
    QVERIFY(std::abs(spread("encoder.channel.blocks.1.attn.qkv.weight") - 0.02) < 0.001);
    QVERIFY(std::abs(spread("encoder.patch_weight") - 1 / std::sqrt(50.0)) < 0.003);
    QVERIFY(std::abs(spread("encoder.aggregate") - 1 / std::sqrt(12.0 * 96)) < 0.001);
    QVERIFY(std::abs(spread("channel_predictor.place") - 0.02) < 0.004);
    QCOMPARE(p["encoder.temporal.blocks.0.fc1.bias"].abs().max().item<double>(), 0.0);
    QCOMPARE(p["encoder.temporal.norm.weight"].min().item<double>(), 1.0);
    for (const auto& [name, tensor] : p.all())
        if (name.starts_with("target.")) {
            QVERIFY2(tensor.equal(p["encoder." + name.substr(7)].detach()) && !tensor.requires_grad(), name.c_str());
        }
    QVERIFY(!p["temporal_predictor.place"].requires_grad());
    QCOMPARE(p.encoder().size(), p.target().size());
}

// By hand: squared steps of lead 1 are 0 1 | 0 4, of lead 2 0 0 | 0 1; so the shares are 1/6 and 5/6, and the weighted
// means (1 * 1 + 5 * 4) / 6 = 3.5 and 35.
void JepaModelTest::beatsAreWhereTheSlopeIs() {
    const at::Tensor x = at::tensor({0.F, 1.F, 1.F, 3.F, 0.F, 0.F, 0.F, 1.F}).view({1, 2, 4});
    const at::Tensor shares = slopeShares(x, 2);
    QVERIFY((shares - at::tensor({1.F / 6, 5.F / 6}).view({1, 2})).abs().max().item<double>() < 1e-6);
    const at::Tensor u = at::tensor({1.F, 10.F, 4.F, 40.F}).view({1, 2, 2});
    QVERIFY((meanAtBeats(u, shares) - at::tensor({3.5F, 35.F})).abs().max().item<double>() < 1e-5);
    QCOMPARE(slopeShares(at::zeros({1, 2, 4}), 2).abs().max().item<double>(), 0.0);

    ModelConfig c = smallConfig();
    const ErJepa plain(c, Parameters::initialise(c, 2));
    c.pooling = Pooling::MeanStdRhythmBeats;
    const ErJepa beats(c, Parameters::initialise(c, 2));
    const at::Tensor signals = signal(c, 2);
    const at::Tensor embedding = beats.embed(signals);
    QCOMPARE(embedding.size(1), c.recordingWidth());
    const auto e = beats.encode(signals);
    const std::int64_t before = c.recordingWidth() - c.width;
    QVERIFY(embedding.narrow(1, 0, before).equal(plain.embed(signals))); // what was there stays as it was
    QVERIFY(embedding.narrow(1, before, c.width).equal(meanAtBeats(e.interval, slopeShares(signals, c.intervals))));
    QVERIFY(modelConfigJson(c).find("mean-std-rhythm-beats") != std::string::npos);
    QCOMPARE(config(modelConfigJson(c)), c);
}

void JepaModelTest::someLeadsGiveAnotherEncoding() {
    for (const char* aggregation : {"mean", "lead-linear"}) {
        ModelConfig c = smallConfig();
        c.aggregation = aggregation == std::string("mean") ? Aggregation::Mean : Aggregation::LeadLinear;
        const ErJepa model(c, Parameters::initialise(c, 2));
        const at::Tensor x = signal(c, 2);
        const auto all = at::arange(c.leadCount(), at::kLong).expand({2, c.leadCount()});
        const at::Tensor whole = model.embed(x);
        QCOMPARE(whole.size(1), c.recordingWidth());
        QVERIFY((model.embed(x, all) - whole).abs().max().item<double>() < 1e-5); // said or silent, it is the same
        const at::Tensor few = at::tensor({std::int64_t{0}, std::int64_t{6}, std::int64_t{7}});
        const at::Tensor some = model.embed(x.index_select(1, few), few.expand({2, 3}));
        QVERIFY(some.isfinite().all().item<bool>());
        QVERIFY((some - whole).abs().max().item<double>() > 1e-3);
        const at::Tensor others = model.embed(x.index_select(1, few), (few + 1).expand({2, 3}));
        QVERIFY((some - others).abs().max().item<double>() > 1e-3); // it knows which lead says it
    }
}

void JepaModelTest::leadOrderDoesNotMatter() {
    const ModelConfig c = smallConfig();
    const ErJepa model(c, Parameters::initialise(c, 2));
    const at::Tensor x = signal(c, 1);
    const at::Tensor order = at::tensor({std::int64_t{3}, std::int64_t{0}, std::int64_t{9}});
    const at::Tensor sorted = at::tensor({std::int64_t{0}, std::int64_t{3}, std::int64_t{9}});
    const auto a = model.encode(x.index_select(1, order), order.unsqueeze(0));
    const auto b = model.encode(x.index_select(1, sorted), sorted.unsqueeze(0));
    QVERIFY((a.event - b.event).abs().max().item<double>() < 1e-5);
    QVERIFY((a.lead.select(2, 0) - b.lead.select(2, 1)).abs().max().item<double>() < 1e-5);
}

void JepaModelTest::hiddenIntervalsAreNotSeen() {
    const ModelConfig c = smallConfig();
    const ErJepa model(c, Parameters::initialise(c, 2));
    const at::Tensor hidden = at::arange(3, 6, at::kLong).unsqueeze(0);
    const at::Tensor visible = at::cat({at::arange(0, 3, at::kLong), at::arange(6, 10, at::kLong)}).unsqueeze(0);
    const at::Tensor x = signal(c, 1);
    at::Tensor changed = x.clone();
    changed.slice(2, 3 * 20, 6 * 20).fill_(9);
    const at::Tensor predicted = model.predictHidden(x, visible, hidden);
    QCOMPARE(predicted.sizes().vec(), (std::vector<std::int64_t>{1, 3, 24}));
    QVERIFY(model.predictHidden(changed, visible, hidden).equal(predicted));
    QVERIFY(!model.eventTargets(changed).equal(model.eventTargets(x)));
}

void JepaModelTest::dropoutRepeatsByItsSeed() {
    ModelConfig c = smallConfig();
    c.dropout = 0.3;
    const ErJepa model(c, Parameters::initialise(c, 2));
    Random random(1);
    const Masks masks = sampleMasks(c, 2, random);
    const at::Tensor x = signal(c, 2);
    const auto total = [&](std::uint64_t seed) { return model.loss(x, masks, seed).total.item<double>(); };
    QCOMPARE(total(1), total(1));
    QVERIFY(total(1) != total(2));
    QVERIFY(model.encode(x).event.equal(model.encode(x).event)); // none in evaluation
    c.dropout = 0;
    c.regulariser = Regulariser::SigReg; // its directions come from the seed as well
    const ErJepa projected(c, model.parameters());
    QCOMPARE(projected.loss(x, masks, 3).total.item<double>(), projected.loss(x, masks, 3).total.item<double>());
    QVERIFY(projected.loss(x, masks, 3).total.item<double>() != projected.loss(x, masks, 4).total.item<double>());
}

void JepaModelTest::regularisersAgreeWithAHandCalculation() {
    // z = [[0, 0], [2, 0]]: deviations sqrt(2 + 1e-4) and 1e-2, covariance off the diagonal 0.
    // hinge = ((1 - 1.414...)+ + (1 - 0.01)) / 2 = 0.495.
    const at::Tensor z = at::tensor({0.0F, 0.0F, 2.0F, 0.0F}).view({2, 2});
    QVERIFY(std::abs(vicreg(z).item<double>() - 0.495) < 1e-6);
    // z = [[1, 1], [-1, -1]]: deviations above 1, covariance [[2, 2], [2, 2]]: 0.04 * (4 + 4) / 2 = 0.16.
    const at::Tensor tied = at::tensor({1.0F, 1.0F, -1.0F, -1.0F}).view({2, 2});
    QVERIFY(std::abs(vicreg(tied).item<double>() - 0.16) < 1e-6);
}

void JepaModelTest::sharesOneMemory() {
    // An optimiser changes parameters in place; the model must see it.
    const ModelConfig c = smallConfig();
    const ErJepa model(c, Parameters::initialise(c, 2));
    const at::Tensor x = signal(c, 1);
    const at::Tensor before = model.encode(x).event;
    model.parameters()["encoder.event.bias"].data().add_(1);
    QVERIFY(!model.encode(x).event.equal(before));
}

QTEST_GUILESS_MAIN(JepaModelTest)
#include "test_jepa_model.moc"
