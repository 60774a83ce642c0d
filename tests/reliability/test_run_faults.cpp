// SPDX-License-Identifier: GPL-3.0-or-later
// A run whose disk is full, whose folder vanishes, whose files are damaged, whose numbers explode: one clear error, the
// last good state kept, nothing half-written.
#include "core/jepa/random.h"
#include "core/train/checkpoint.h"
#include "core/train/engine_impl.h"
#include "tests/golden/train_fixture.h"

#include <QProcess>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <limits>
#include <sys/resource.h>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    fs::path operator/(const char* name) const { return fs::path(dir_.path().toStdString()) / name; }

private:
    QTemporaryDir dir_;
};

// Files of this process end at this length while it lives: what a full disk does, wherever the suite runs.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        before_ = std::signal(SIGXFSZ, SIG_IGN); // an error of write() in place of the signal
        ::getrlimit(RLIMIT_FSIZE, &old_);
        rlimit limit = old_;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, before_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit old_{};
    void (*before_)(int) = nullptr;
};

class NamedWindows final : public WindowSource {
public:
    explicit NamedWindows(std::shared_ptr<MemoryWindows> windows) : windows_(std::move(windows)) {}
    std::int64_t size() const override { return windows_->size(); }
    WindowShape shape() const override { return windows_->shape(); }
    void read(std::int64_t i, std::span<float> out, std::span<std::uint8_t> present) const override {
        windows_->read(i, out, present);
    }
    std::string dataHash() const override { return windows_->dataHash(); }
    std::string origin(std::int64_t i) const override { return "recording " + std::to_string(100 + i); }

private:
    std::shared_ptr<MemoryWindows> windows_;
};

PretrainRequest request(const std::shared_ptr<const WindowSource>& windows, const fs::path& folder,
                        const std::vector<std::string>& settings) {
    PretrainRequest r;
    r.windows = windows;
    r.configJson = tinyConfig(settings);
    r.runFolder = folder;
    r.device = "cpu";
    return r;
}

int temporaries(const fs::path& folder) {
    int count = 0;
    std::error_code ec;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ec))
        count += entry.path().extension() == ".tmp" ? 1 : 0;
    return count;
}

void flip(const fs::path& path, std::uint64_t bit) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    char byte = 0;
    file.seekg(static_cast<std::streamoff>(bit / 8)).get(byte);
    byte = static_cast<char>(byte ^ (1 << (bit % 8)));
    file.seekp(static_cast<std::streamoff>(bit / 8)).put(byte);
}

bool says(const Error& error, const char* words) {
    return error.text().find(words) != std::string::npos;
}

} // namespace

class TestRunFaults : public QObject {
    Q_OBJECT

    EngineImpl engine_;
    std::shared_ptr<MemoryWindows> windows_ = tinyWindows(16);

    Result<RunSummary> until(PretrainRequest r, std::int64_t step) {
        std::stop_source stop;
        r.stop = stop.get_token();
        r.onUpdate = [&stop, step](const TrainUpdate& u) {
            if (u.step == step)
                stop.request_stop();
        };
        return engine_.pretrain(r);
    }

private Q_SLOTS:
    void aFullDiskKeepsTheLastCheckpoint();
    void aFullFileSystemToo();
    void aRunThatCannotBeginLeavesNothing();
    void aVanishedFolderIsNotMadeAgain();
    void aPoisonedRecordingIsNamed();
    void explodingWeightsAreNotKept();
    void aDamagedCheckpointIsPassedOverAndSaid_data();
    void aDamagedCheckpointIsPassedOverAndSaid();
    void damagedAllIsRefusedWithEachReason();
    void aCheckpointOfAnotherConfigurationIsRefused();
    void strayTemporariesOfTheDeadAreRemoved();
    void anyFlippedBitOfTheWeightsIsRefused();
    void theProgramsOwnWeightsKeepTheirHash();
};

void TestRunFaults::aFullDiskKeepsTheLastCheckpoint() {
    const Folder folder;
    const auto whole = engine_.pretrain(request(windows_, folder / "whole", {"checkpoint_every=4"}));
    QVERIFY2(whole.ok(), failureText(whole).c_str());
    auto r = request(windows_, folder / "run", {"checkpoint_every=4"});
    QVERIFY(until(r, 9).cancelled());
    r.resume = true;
    {
        const FullDisk full(20'000); // the small files fit, weights do not
        const auto result = engine_.pretrain(r);
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::FileUnwritable);
        QVERIFY2(says(result.error(), "step-12.safetensors"), result.error().text().c_str());
        QVERIFY2(says(result.error(), "resumed from step 9"), result.error().text().c_str());
    }
    QCOMPARE(temporaries(folder / "run"), 0);
    QVERIFY(!fs::exists(folder / "run/checkpoints/step-12.safetensors"));
    QVERIFY(!fs::exists(folder / "run/model.safetensors"));
    const auto resumed = engine_.pretrain(r); // there is room again
    QVERIFY2(resumed.ok(), failureText(resumed).c_str());
    QCOMPARE(contents(resumed->model), contents(whole->model));
}

void TestRunFaults::aFullFileSystemToo() {
    const Folder folder;
    const auto whole = engine_.pretrain(request(windows_, folder / "whole", {"checkpoint_every=4"}));
    QVERIFY(whole.ok());
    const auto one = fs::file_size(folder / "whole/checkpoints/step-20.safetensors");
    const auto disk = folder / "disk";
    fs::create_directories(disk);
    // Two checkpoints fit, and half of the third.
    const auto size = "size=" + std::to_string(one * 5 / 2 + 40'000);
    const auto run = [](const QString& program, const QStringList& arguments) {
        QProcess process;
        process.start(program, arguments);
        return process.waitForFinished(10'000) && process.exitCode() == 0;
    };
    const auto place = QString::fromStdString(disk.string());
    if (!run("mount", {"-t", "tmpfs", "-o", QString::fromStdString(size), "tmpfs", place}))
        QSKIP("no file system may be mounted here");
    const auto unmount = qScopeGuard([&] { run("umount", {"-l", place}); });
    const auto result = engine_.pretrain(request(windows_, disk / "run", {"checkpoint_every=4"}));
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::FileUnwritable);
    QVERIFY2(says(result.error(), "No space left"), result.error().text().c_str());
    QVERIFY2(says(result.error(), "resumed from step 8"), result.error().text().c_str());
    QCOMPARE(temporaries(disk), 0);
    QVERIFY(readResumePoint(disk / "run", tinyConfig({"checkpoint_every=4"}), false).ok());
}

void TestRunFaults::aRunThatCannotBeginLeavesNothing() {
    const Folder folder;
    std::ofstream(folder / "file") << "in place of a folder";
    for (const auto* place : {"file", "file/run"}) {
        const auto result = engine_.pretrain(request(windows_, folder / place, {}));
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::FileUnwritable);
        QVERIFY2(says(result.error(), "file"), result.error().text().c_str());
    }
    {
        const FullDisk full(0);
        const auto result = engine_.pretrain(request(windows_, folder / "run", {}));
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::FileUnwritable);
    }
    QVERIFY(!fs::exists(folder / "run"));
    fs::create_directories(folder / "odd");
    std::ofstream(folder / "odd/checkpoints") << "in place of a folder";
    const auto result = engine_.pretrain(request(windows_, folder / "odd", {"checkpoint_every=2"}));
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::FileUnwritable);
    QVERIFY2(says(result.error(), "no checkpoint yet"), result.error().text().c_str());
}

void TestRunFaults::aVanishedFolderIsNotMadeAgain() {
    const Folder folder;
    auto r = request(windows_, folder / "run", {"checkpoint_every=6"});
    r.onUpdate = [&folder](const TrainUpdate& u) {
        if (u.step == 7)
            fs::rename(folder / "run", folder / "elsewhere"); // a drive that was taken off
    };
    const auto result = engine_.pretrain(r);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::FileUnwritable);
    QVERIFY2(says(result.error(), "run/checkpoints"), result.error().text().c_str());
    QVERIFY(!fs::exists(folder / "run"));
    r.onUpdate = nullptr;
    r.resume = true;
    r.runFolder = folder / "elsewhere"; // the drive is back
    const auto resumed = engine_.pretrain(r);
    QVERIFY2(resumed.ok(), failureText(resumed).c_str());
}

void TestRunFaults::aPoisonedRecordingIsNamed() {
    auto bad = tinyWindow(99);
    bad[300] = std::numeric_limits<float>::infinity();
    const auto windows = tinyWindows(15);
    windows->add(bad);
    const Folder folder;
    const auto result =
        engine_.pretrain(request(std::make_shared<NamedWindows>(windows), folder / "run", {"checkpoint_every=1"}));
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::NotFinite);
    QVERIFY2(says(result.error(), "window 15 (recording 115)"), result.error().text().c_str());
    QVERIFY2(says(result.error(), "is kept in"), result.error().text().c_str());
    QVERIFY(engine_.loadModel(folder / "run").ok()); // refuses weights that are not finite
}

void TestRunFaults::explodingWeightsAreNotKept() {
    // A decay of 10 at a rate of 10 multiplies each weight with -99 a step: 10^38 is passed at the twentieth.
    const Folder folder;
    auto r = request(
        std::make_shared<NamedWindows>(windows_), folder / "run",
        {"learning_rate=10", "weight_decay=10", "warmup=0", "final_lr=1", "clip=0", "steps=60", "checkpoint_every=5"});
    const auto result = engine_.pretrain(r);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::NotFinite);
    QVERIFY2(says(result.error(), "learning_rate"), result.error().text().c_str());
    QVERIFY2(says(result.error(), "(recording 1"), result.error().text().c_str()); // the batch, by name
    const auto point = readResumePoint(folder / "run", r.configJson, false);
    QVERIFY2(point.ok(), failureText(point).c_str());
    for (const auto& [name, tensor] : point->file.tensors)
        QVERIFY2(tensor.isfinite().all().item<bool>(), name.c_str());
}

void TestRunFaults::aDamagedCheckpointIsPassedOverAndSaid_data() {
    QTest::addColumn<QString>("damage");
    for (const char* damage : {"flip in the data", "flip in the header", "cut", "state beside it", "weights gone"})
        QTest::newRow(damage) << damage;
}

void TestRunFaults::aDamagedCheckpointIsPassedOverAndSaid() {
    QFETCH(QString, damage);
    const Folder folder;
    const auto whole = engine_.pretrain(request(windows_, folder / "whole", {"checkpoint_every=4"}));
    QVERIFY(whole.ok());
    auto r = request(windows_, folder / "run", {"checkpoint_every=4"});
    QVERIFY(until(r, 10).cancelled()); // checkpoints 8 and 10
    const auto weights = folder / "run/checkpoints/step-10.safetensors";
    if (damage == "flip in the data")
        flip(weights, fs::file_size(weights) * 8 - 77);
    else if (damage == "flip in the header")
        flip(weights, 8 * 200 + 3);
    else if (damage == "cut")
        fs::resize_file(weights, fs::file_size(weights) - 100);
    else if (damage == "weights gone")
        fs::remove(weights);
    else {
        auto state = nlohmann::json::parse(contents(folder / "run/checkpoints/step-10.json").toStdString());
        state["position"] = state["position"].get<int>() + 1;
        std::ofstream(folder / "run/checkpoints/step-10.json") << state.dump();
    }
    std::vector<std::string> notices;
    r.resume = true;
    r.onNotice = [&notices](const std::string& notice) { notices.push_back(notice); };
    const auto resumed = engine_.pretrain(r);
    QVERIFY2(resumed.ok(), failureText(resumed).c_str());
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY2(notices[0].find("step-10") != std::string::npos && notices[0].find("step 8") != std::string::npos,
             notices[0].c_str());
    QCOMPARE(contents(resumed->model), contents(whole->model));
    const auto environment = nlohmann::json::parse(contents(folder / "run/environment.json").toStdString());
    QCOMPARE(environment["damaged_checkpoints"].size(), std::size_t{1});
    QVERIFY(fs::exists(folder / "run/checkpoints/step-10.json.damaged")); // kept for a look, out of the way
}

void TestRunFaults::damagedAllIsRefusedWithEachReason() {
    const Folder folder;
    auto r = request(windows_, folder / "run", {"checkpoint_every=4"});
    QVERIFY(until(r, 10).cancelled());
    for (const char* name : {"run/checkpoints/step-10.safetensors", "run/checkpoints/step-8.safetensors"})
        flip(folder / name, fs::file_size(folder / name) * 8 - 77); // in the data
    r.resume = true;
    const auto result = engine_.pretrain(r);
    QVERIFY(result.failed()); // never silently from the start
    QCOMPARE(result.error().code, ErrorCode::NotFound);
    QVERIFY2(says(result.error(), "step-10") && says(result.error(), "step-8") && says(result.error(), "checksum"),
             result.error().text().c_str());
}

void TestRunFaults::aCheckpointOfAnotherConfigurationIsRefused() {
    const Folder folder;
    auto r = request(windows_, folder / "run", {});
    QVERIFY(until(r, 3).cancelled());
    auto config = nlohmann::json::parse(contents(folder / "run/config.json").toStdString());
    for (const auto& [key, value] : {std::pair<std::string, nlohmann::json>{"width", 48}, {"ema", {0.5, 1.0}}}) {
        auto other = config;
        other[key] = value;
        std::ofstream(folder / "run/config.json") << other.dump();
        r.resume = true;
        const auto result = engine_.pretrain(r);
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::ConfigInvalid);
        QVERIFY2(says(result.error(), ('"' + key + '"').c_str()), result.error().text().c_str());
    }
}

void TestRunFaults::strayTemporariesOfTheDeadAreRemoved() {
    const Folder folder;
    auto r = request(windows_, folder / "run", {});
    QVERIFY(until(r, 3).cancelled());
    QProcess dead;
    dead.start("true", QStringList());
    QVERIFY(dead.waitForStarted());
    const auto id = std::to_string(dead.processId());
    QVERIFY(dead.waitForFinished());
    const auto put = [&](const std::string& name) { std::ofstream(folder / "run/checkpoints" / name) << "half"; };
    put("step-9.safetensors." + id + "-0.tmp");
    put("step-9.safetensors." + std::to_string(::getpid()) + "-0.tmp"); // somebody is at it
    put("notes.tmp");                                                   // a person's own
    r.resume = true;
    QVERIFY(engine_.pretrain(r).ok());
    QVERIFY(!fs::exists(folder / "run/checkpoints" / ("step-9.safetensors." + id + "-0.tmp")));
    QCOMPARE(temporaries(folder / "run"), 2);
}

void TestRunFaults::anyFlippedBitOfTheWeightsIsRefused() {
    const Folder folder;
    const auto run = engine_.pretrain(request(windows_, folder / "run", {"steps=2"}));
    QVERIFY(run.ok());
    const auto good = contents(run->model);
    const auto bad = folder / "bad.safetensors";
    const auto put = [&bad](const QByteArray& bytes) {
        std::ofstream(bad, std::ios::binary).write(bytes.constData(), bytes.size());
        return readSafetensors(bad);
    };
    QVERIFY(put(good).ok());
    const auto key = good.indexOf("\"sha256\"");
    QVERIFY(key > 0);
    Random random(7);
    for (int i = 0; i < 300; ++i) {
        const auto byte = random.below(good.size());
        if (byte >= key && byte < key + 8)
            continue; // the checksum's own name: without it the file is as one of an older version
        auto flipped = good;
        flipped[static_cast<qsizetype>(byte)] =
            static_cast<char>(flipped[static_cast<qsizetype>(byte)] ^ (1 << random.below(8)));
        const auto file = put(flipped);
        QVERIFY2(file.failed(), std::to_string(byte).c_str());
        QVERIFY(!file.error().message.empty());
    }
    for (int i = 0; i < 100; ++i)
        QVERIFY(put(good.left(static_cast<qsizetype>(random.below(good.size())))).failed());
    QVERIFY(put(good.left(good.size() / 2)).failed());
    const auto model = engine_.loadModel(bad);
    QVERIFY(model.failed());
    QVERIFY2(says(model.error(), "bad.safetensors"), model.error().text().c_str());
}

void TestRunFaults::theProgramsOwnWeightsKeepTheirHash() {
    // Written before there were checksums.
    const auto file = demoModelFile();
    QVERIFY(!file.empty());
    const auto model = engine_.loadModel(file);
    QVERIFY2(model.ok(), failureText(model).c_str());
    const auto beside = nlohmann::json::parse(contents(fs::path(file).replace_extension(".json")).toStdString());
    QCOMPARE(model->hash, beside["hash"].get<std::string>());
}

QTEST_GUILESS_MAIN(TestRunFaults)
#include "test_run_faults.moc"
