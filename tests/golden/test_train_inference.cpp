// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is asked, through the Engine's face: encodings, reconstruction, surprise, files.
#include "core/jepa/er_jepa.h"
#include "core/jepa/standardise.h"
#include "core/train/engine_impl.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <ATen/ATen.h>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

namespace {

float largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size() || a.empty())
        return 1e9F;
    float largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

} // namespace

class TestTrainInference : public QObject {
    Q_OBJECT

    EngineImpl engine_;
    std::shared_ptr<MemoryWindows> windows_ = tinyWindows(18);
    QTemporaryDir dir_;
    fs::path run_ = fs::path(dir_.path().toStdString()) / "run";

    std::vector<Encodings> encode(const std::string& model, const WindowSource& windows, int batch, bool lead = false) {
        std::vector<Encodings> out;
        EncodeOptions options;
        options.batch = batch;
        options.leadLevel = lead;
        const auto done =
            engine_.encode(model, windows, 0, windows.size(), options, [&](std::int64_t i, const Encodings& e) {
                if (i != static_cast<std::int64_t>(out.size()))
                    return Result<Done>(makeError(ErrorCode::Bug, "out of order"));
                out.push_back(e);
                return Result<Done>(Done{});
            });
        if (!done)
            qWarning("%s", failureText(done).c_str());
        return out;
    }

private Q_SLOTS:
    void initTestCase();
    void encodingDoesNotDependOnTheBatch();
    void missingLeadsAreLeftOut();
    void encodesWithTheOnlineEncoder();
    void decoderIsFittedIntoTheFile();
    void reconstructionNeedsSense();
    void surpriseHidesEachIntervalInTurn();
    void aFileWithoutTeacherStartsAsTheEncoder();
    void randomModelIsOfItsSeed();
    void asksForWhatIsNotThere();
    void cudaOnACpuBuildSaysWhy();
};

void TestTrainInference::initTestCase() {
    PretrainRequest request;
    request.windows = windows_;
    request.configJson = tinyConfig({"steps=30"});
    request.runFolder = run_;
    request.device = "cpu";
    const auto summary = engine_.pretrain(request);
    QVERIFY2(summary.ok(), failureText(summary).c_str());
}

void TestTrainInference::encodingDoesNotDependOnTheBatch() {
    const auto model = engine_.loadModel(run_);
    QVERIFY2(model.ok(), failureText(model).c_str());
    QCOMPARE(model->hash.size(), 16U);
    const auto together = encode(model->hash, *windows_, 16, true);
    const auto again = encode(model->hash, *windows_, 16, true);
    const auto alone = encode(model->hash, *windows_, 1, true);
    QCOMPARE(together.size(), 18U);
    for (std::size_t i = 0; i < together.size(); ++i) {
        QCOMPARE(together[i].interval.size(), 10U * 24U);
        QCOMPARE(together[i].event.size(), 10U * 24U);
        QCOMPARE(together[i].lead.size(), 10U * 4U * 24U);
        QCOMPARE(static_cast<int>(together[i].recording.size()), model->recordingWidth);
        QCOMPARE(together[i].event, again[i].event);
        QVERIFY(largestDifference(together[i].event, alone[i].event) < 1e-5F);
        QVERIFY(largestDifference(together[i].lead, alone[i].lead) < 1e-5F);
        QVERIFY(largestDifference(together[i].recording, alone[i].recording) < 1e-5F);
    }
    QVERIFY(largestDifference(together[0].event, together[1].event) > 1e-2F);

    // Fewer layers on the same weights: the intervals do not know of the temporal ones, the events do.
    const auto shallow = [&](int channel, int temporal) {
        EncodeOptions options;
        options.channelLayers = channel, options.temporalLayers = temporal;
        std::vector<Encodings> out;
        const auto done = engine_.encode(model->hash, *windows_, 0, 1, options, [&](std::int64_t, const Encodings& e) {
            out.push_back(e);
            return Result<Done>(Done{});
        });
        return done ? out.front() : Encodings{};
    };
    const auto all = shallow(9, 9), noTemporal = shallow(-1, 0), noChannel = shallow(0, -1);
    QCOMPARE(all.event, encode(model->hash, *windows_, 1)[0].event);
    QCOMPARE(noTemporal.interval, all.interval);
    QVERIFY(largestDifference(noTemporal.event, all.event) > 1e-2F);
    QVERIFY(largestDifference(noChannel.interval, all.interval) > 1e-2F);
}

void TestTrainInference::missingLeadsAreLeftOut() {
    // What a missing lead's row holds must not matter; windows with other lead sets around it neither.
    MemoryWindows mixed(windows_->shape());
    auto zeros = tinyWindow(3);
    std::fill(zeros.begin() + 400, zeros.begin() + 600, 0.0F);
    mixed.add(tinyWindow(1));
    mixed.add(tinyWindow(3), {1, 1, 0, 1});
    mixed.add(zeros, {1, 1, 0, 1});
    mixed.add(tinyWindow(3));
    const auto model = engine_.loadModel(run_);
    const auto e = encode(model->hash, mixed, 16, true);
    QCOMPARE(e.size(), 4U);
    QVERIFY(largestDifference(e[1].event, e[2].event) < 1e-5F);
    QVERIFY(largestDifference(e[1].event, e[3].event) > 1e-4F);
    QVERIFY(largestDifference(e[0].event, encode(model->hash, *windows_, 16)[1].event) < 1e-5F);
    for (int t = 0; t < 10; ++t)
        for (int d = 0; d < 24; ++d) {
            QCOMPARE(e[1].lead[static_cast<std::size_t>((t * 4 + 2) * 24 + d)], 0.0F);
            QVERIFY(e[1].lead[static_cast<std::size_t>((t * 4 + 3) * 24 + d)] != 0.0F);
        }
    MemoryWindows none(windows_->shape());
    none.add(tinyWindow(0), {0, 0, 0, 0});
    const auto refused = engine_.encode(model->hash, none, 0, 1, {},
                                        [](std::int64_t, const Encodings&) { return Result<Done>(Done{}); });
    QVERIFY(refused.failed());
    QCOMPARE(refused.error().code, ErrorCode::LeadMissing);
}

void TestTrainInference::encodesWithTheOnlineEncoder() {
    auto file = readModel(run_);
    QVERIFY(file.ok());
    const auto window = tinyWindow(0);
    const auto x = standardise(at::tensor(window).view({1, 4, 200}), file->jepa->config().scale);
    const auto online = file->jepa->encode(x).event.contiguous();
    const auto info = engine_.loadModel(run_);
    const auto e = encode(info->hash, *windows_, 16);
    const std::vector<float> expected(online.data_ptr<float>(), online.data_ptr<float>() + online.numel());
    QVERIFY(largestDifference(e[0].event, expected) < 1e-5F);
    const at::NoGradGuard noGrad;
    const auto teacher = dynamic_cast<const ErJepa&>(*file->jepa).teacher()(x).event;
    QVERIFY((teacher - online).abs().max().item<float>() > 1e-4F); // else this test shows nothing
}

void TestTrainInference::decoderIsFittedIntoTheFile() {
    const auto before = engine_.loadModel(run_);
    QVERIFY(!before->hasDecoder);
    QCOMPARE(engine_.reconstruct(before->hash, *windows_, 0, {3, 4}).error().code, ErrorCode::ModelInvalid);
    Progress progress;
    const auto rough = engine_.fitDecoder(run_, windows_, {1, true}, {}, progress);
    QVERIFY2(rough.ok(), failureText(rough).c_str());
    const auto fitted = engine_.fitDecoder(run_, windows_, {150, true}, {}, progress);
    QVERIFY2(fitted.ok(), failureText(fitted).c_str());
    // Measured on windows held back; 15 short ones teach little of others.
    QVERIFY2(fitted->error < rough->error, qPrintable(QStringLiteral("%1 %2").arg(fitted->error).arg(rough->error)));
    const auto after = engine_.loadModel(run_);
    QVERIFY(after->hasDecoder);
    // What was measured comes back from the file: three kinds, the best of them kept, a row a lead and one for all.
    QVERIFY(after->decoder.has_value());
    QCOMPARE(after->decoder->kinds.size(), 3U);
    QCOMPARE(after->decoder->heldBack, 3); // a fifth of 18
    QCOMPARE(after->decoder->windows, 15);
    double best = 1e9;
    for (const auto& kind : after->decoder->kinds)
        best = std::min(best, kind.error);
    QCOMPARE(after->decoder->error, best);
    QCOMPARE(after->decoder->leads.size(), 5U);
    QCOMPARE(after->decoder->leads.back().lead, std::string("all"));
    double sum = 0; // the mean square over all leads is the mean of theirs
    for (std::size_t i = 0; i < 4; ++i)
        sum += after->decoder->leads[i].nearest * after->decoder->leads[i].nearest / 4;
    QVERIFY(std::abs(std::sqrt(sum) / after->decoder->leads.back().nearest - 1) < 1e-4);
    QVERIFY(after->decoder->leads.back().seen < after->decoder->leads.back().meanInterval);
    QCOMPARE(after->hash, before->hash); // the decoder changes no encoding

    const auto shown = engine_.reconstruct(after->hash, *windows_, 0, {3, 4});
    QVERIFY2(shown.ok(), failureText(shown).c_str());
    QCOMPARE(shown->waveform.size(), 4U * 200U);
    QCOMPARE(shown->hidden, std::vector<std::uint8_t>({0, 0, 0, 1, 1, 0, 0, 0, 0, 0}));
    QCOMPARE(shown->latentError.size(), 10U);
    for (std::size_t t = 0; t < 10; ++t)
        QCOMPARE(shown->latentError[t] > 0, t == 3 || t == 4);
    // In microvolts: as large as the signal, nearer to it than silence is.
    double silence = 0;
    double error = 0;
    const auto truth = at::tensor(tinyWindow(0)).view({4, 200});
    const auto centred = truth - truth.mean({1}, true);
    for (std::int64_t i = 0; i < 800; ++i) {
        const double value = centred.view({-1})[i].item<float>();
        silence += value * value;
        error += (shown->waveform[static_cast<std::size_t>(i)] - value) *
                 (shown->waveform[static_cast<std::size_t>(i)] - value);
    }
    QVERIFY2(error < 0.9 * silence, qPrintable(QStringLiteral("%1 of %2").arg(error).arg(silence)));

    std::stop_source stop;
    stop.request_stop();
    QVERIFY(engine_.fitDecoder(run_, windows_, {50, true}, stop.get_token(), progress).cancelled());
    QVERIFY(engine_.loadModel(run_)->hasDecoder); // what was there stays
}

void TestTrainInference::reconstructionNeedsSense() {
    const auto model = engine_.loadModel(run_);
    for (const std::vector<int>& hidden : {std::vector<int>{}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {10}, {-1}}) {
        const auto result = engine_.reconstruct(model->hash, *windows_, 0, hidden);
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::ValueOutOfRange);
    }
    QCOMPARE(engine_.reconstruct(model->hash, *windows_, 18, {1}).error().code, ErrorCode::ValueOutOfRange);
}

void TestTrainInference::surpriseHidesEachIntervalInTurn() {
    const auto model = engine_.loadModel(run_);
    const auto surprise = engine_.surprise(model->hash, *windows_, 2, {});
    QVERIFY2(surprise.ok(), failureText(surprise).c_str());
    QCOMPARE(surprise->perInterval.size(), 10U);
    // The same as hiding that one interval alone.
    for (const int t : {0, 4, 9}) {
        const auto alone = engine_.reconstruct(model->hash, *windows_, 2, {t});
        const auto i = static_cast<std::size_t>(t);
        QVERIFY(std::abs(alone->latentError[i] - surprise->perInterval[i]) < 1e-5F);
    }
    // Hidden in every block of three that holds it: the mean of what reconstructing those blocks says.
    SurpriseOptions options;
    options.block = 3;
    options.residuals = true;
    const auto blocks = engine_.surprise(model->hash, *windows_, 2, options);
    QVERIFY2(blocks.ok(), failureText(blocks).c_str());
    QCOMPARE(blocks->residual.size(), 10U * 24U);
    for (const int t : {0, 1, 5, 9}) {
        float sum = 0;
        int count = 0;
        for (int first = std::max(0, t - 2); first <= std::min(t, 7); ++first, ++count)
            sum += engine_.reconstruct(model->hash, *windows_, 2, {first, first + 1, first + 2})
                       ->latentError[static_cast<std::size_t>(t)];
        QCOMPARE(count, t == 0 || t == 9 ? 1 : t == 1 ? 2 : 3);
        QVERIFY(std::abs(sum / static_cast<float>(count) - blocks->perInterval[static_cast<std::size_t>(t)]) < 1e-5F);
    }
    for (const std::size_t t : {0U, 9U}) { // one block only: smooth L1 of the residual is the error
        float error = 0;
        for (std::size_t d = 0; d < 24; ++d) {
            const float r = std::abs(blocks->residual[t * 24 + d]);
            error += (r < 1 ? 0.5F * r * r : r - 0.5F) / 24;
        }
        QVERIFY(std::abs(error - blocks->perInterval[t]) < 1e-5F);
    }
    options.block = 10;
    QCOMPARE(engine_.surprise(model->hash, *windows_, 2, options).error().code, ErrorCode::ValueOutOfRange);
    // A tenth of ten intervals is one: the largest.
    QCOMPARE(surprise->recording, *std::max_element(surprise->perInterval.begin(), surprise->perInterval.end()));
}

void TestTrainInference::aFileWithoutTeacherStartsAsTheEncoder() {
    auto file = readSafetensors(run_ / "model.safetensors");
    QVERIFY(file.ok());
    NamedTensors small;
    for (const auto& [name, tensor] : file->tensors)
        if (name.rfind("target.", 0) != 0)
            small.emplace_back(name, tensor);
    QVERIFY(small.size() < file->tensors.size());
    const auto path = fs::path(dir_.path().toStdString()) / "small.safetensors";
    QVERIFY(writeSafetensors(path, small, file->metadata).ok());
    const auto model = engine_.loadModel(path);
    QVERIFY2(model.ok(), failureText(model).c_str());
    QVERIFY(engine_.surprise(model->hash, *windows_, 0, {}).ok());
    const auto whole = engine_.loadModel(run_);
    QCOMPARE(encode(model->hash, *windows_, 16)[0].event, encode(whole->hash, *windows_, 16)[0].event);
    QVERIFY(model->hash != whole->hash); // its surprise is another
}

void TestTrainInference::randomModelIsOfItsSeed() {
    const auto a = engine_.randomModel(tinyConfig(), 1);
    const auto b = engine_.randomModel(tinyConfig(), 1);
    const auto c = engine_.randomModel(tinyConfig(), 2);
    const auto band = engine_.randomModel(tinyConfig({"low_hz=0.5"}), 1);
    QVERIFY(a->randomInit);
    QCOMPARE(a->hash, b->hash);
    QVERIFY(a->hash != c->hash);
    QVERIFY(a->hash != band->hash); // another band is another model
}

void TestTrainInference::asksForWhatIsNotThere() {
    const auto none = [](std::int64_t, const Encodings&) { return Result<Done>(Done{}); };
    QCOMPARE(engine_.encode("0123456789abcdef", *windows_, 0, 1, {}, none).error().code, ErrorCode::NotFound);
    const auto model = engine_.loadModel(run_);
    QCOMPARE(engine_.encode(model->hash, *windows_, 10, 9, {}, none).error().code, ErrorCode::ValueOutOfRange);
    const MemoryWindows other(WindowShape{4, 250, 100});
    MemoryWindows wrong(WindowShape{4, 250, 100});
    wrong.add(std::vector<float>(1000, 1.0F));
    QCOMPARE(engine_.encode(model->hash, wrong, 0, 1, {}, none).error().code, ErrorCode::ConfigInvalid);
    QCOMPARE(engine_.loadModel("/nowhere/model.safetensors").error().code, ErrorCode::FileNotFound);
    const auto stopEarly = engine_.encode(model->hash, *windows_, 0, 5, {}, [](std::int64_t, const Encodings&) {
        return Result<Done>(makeError(ErrorCode::FileUnwritable, "full"));
    });
    QCOMPARE(stopEarly.error().message, std::string("full"));
}

void TestTrainInference::cudaOnACpuBuildSaysWhy() {
    const auto info = engine_.info();
    QVERIFY(info.matrixGflops > 0);
    QCOMPARE(info.devices.front().key, std::string("cpu"));
    if (info.cudaReason.empty())
        QSKIP("this machine has CUDA");
    PretrainRequest request;
    request.windows = windows_;
    request.configJson = tinyConfig();
    request.runFolder = fs::path(dir_.path().toStdString()) / "cuda";
    request.device = "cuda";
    const auto result = engine_.pretrain(request);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::DeviceUnavailable);
    QVERIFY(result.error().message.find("CUDA") != std::string::npos);
    QVERIFY(!fs::exists(request.runFolder)); // nothing is left of a run that never was
    request.device = "abacus";
    QCOMPARE(engine_.pretrain(request).error().code, ErrorCode::WrongUse);
}

QTEST_GUILESS_MAIN(TestTrainInference)
#include "test_train_inference.moc"
