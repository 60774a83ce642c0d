// SPDX-License-Identifier: GPL-3.0-or-later
// The engine through dlopen, as the program gets it: this test links no torch.
#include "core/engine/blas_kernels.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"

#include <QTest>

#include <cstdlib>
#include <dlfcn.h>

using namespace precordia;

class TestEngineLoader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oldKernelsAreReplaced();
    void loadsWhenFirstNeeded();
    void openBlasUsesTheProcessorsVectors();
    void encodesAcrossTheBorder();
    void errorsCrossTheBorder();
};

void TestEngineLoader::oldKernelsAreReplaced() {
    QCOMPARE(betterKernels("Prescott", true, true), std::string("SkylakeX"));
    QCOMPARE(betterKernels("Prescott", true, false), std::string("Haswell"));
    QCOMPARE(betterKernels("NEHALEM", true, false), std::string("Haswell"));
    QCOMPARE(betterKernels("Nehalem", false, false), std::string());
    for (const char* good : {"Zen", "Haswell", "SkylakeX", "Cooperlake", "SapphireRapids", "Sandybridge", ""})
        QCOMPARE(betterKernels(good, true, true), std::string());
}

void TestEngineLoader::loadsWhenFirstNeeded() {
    QVERIFY(!engineLoaded());
    const auto engine = loadEngine();
    QVERIFY2(engine.ok(), failureText(engine).c_str());
    QVERIFY(engineLoaded());
    QCOMPARE(*loadEngine(), *engine);
    const auto info = (*engine)->info();
    QVERIFY(!info.libtorchVersion.empty());
    QVERIFY(info.matrixGflops > 0.1);
    QVERIFY(!info.devices.empty());
    QCOMPARE(QByteArray(std::getenv("OMP_WAIT_POLICY")).isEmpty(), false);
}

void TestEngineLoader::openBlasUsesTheProcessorsVectors() {
#if defined(__x86_64__)
    QVERIFY(loadEngine().ok());
    void* library = ::dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr)
        QSKIP("another BLAS is installed");
    const auto name = reinterpret_cast<const char* (*)()>(::dlsym(library, "openblas_get_corename"));
    QVERIFY(name != nullptr);
    __builtin_cpu_init();
    QCOMPARE(betterKernels(name(), __builtin_cpu_supports("avx2"), __builtin_cpu_supports("avx512vl")), std::string());
    ::dlclose(library);
#else
    QSKIP("the rule is about x86-64");
#endif
}

void TestEngineLoader::encodesAcrossTheBorder() {
    auto* engine = *loadEngine();
    const auto config = resolveConfig({"nano", {}, {"width=12", "heads=3", "predictor_width=6", "intervals=10"}});
    QVERIFY2(config.ok(), failureText(config).c_str());
    const auto model = engine->randomModel(*config, 5);
    QVERIFY2(model.ok(), failureText(model).c_str());
    MemoryWindows windows(WindowShape{12, 500, 250});
    for (int k = 0; k < 3; ++k) {
        std::vector<float> window(12 * 500);
        for (std::size_t i = 0; i < window.size(); ++i)
            window[i] = static_cast<float>((i * 37 + static_cast<std::size_t>(k)) % 201) - 100.0F;
        windows.add(std::move(window));
    }
    int seen = 0;
    const auto done = engine->encode(model->hash, windows, 0, 3, {}, [&](std::int64_t i, const Encodings& e) {
        seen += i == seen && e.event.size() == 120U && e.lead.empty() ? 1 : 100;
        return Result<Done>(Done{});
    });
    QVERIFY2(done.ok(), failureText(done).c_str());
    QCOMPARE(seen, 3);
    std::stop_source stop;
    stop.request_stop();
    EncodeOptions options;
    options.stop = stop.get_token();
    QVERIFY(engine
                ->encode(model->hash, windows, 0, 3, options,
                         [](std::int64_t, const Encodings&) { return Result<Done>(Done{}); })
                .cancelled());
}

void TestEngineLoader::errorsCrossTheBorder() {
    auto* engine = *loadEngine();
    const auto wrong = engine->randomModel(R"({"width": "wide"})", 1);
    QVERIFY(wrong.failed());
    QCOMPARE(wrong.error().code, ErrorCode::ConfigInvalid);
    QVERIFY(wrong.error().message.find("width") != std::string::npos);
    // More memory than any machine has: an error that says what to change, not an exception.
    const auto config =
        resolveConfig({"nano", {}, {"interval_samples=10000", "intervals=4096", "sampling_rate=10000"}});
    const auto huge = engine->benchEncode({*config, 1'000'000, 1, 0.1});
    QVERIFY(huge.failed());
    QCOMPARE(huge.error().code, ErrorCode::OutOfMemory);
    QVERIFY(huge.error().message.find("batch") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestEngineLoader)
#include "test_engine_loader.moc"
