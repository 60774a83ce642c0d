// SPDX-License-Identifier: GPL-3.0-or-later
// Two processes do together what one does alone. Here they are two engines of one process: each has its own compute
// thread, and they talk over the loopback as processes do.
#include "core/base/hash.h"
#include "core/train/checkpoint.h"
#include "core/train/engine_impl.h"
#include "core/train/meeting_place.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <netinet/in.h>
#include <set>
#include <sstream>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

namespace {

struct Row {
    double total = 0, channel = 0, temporal = 0, regulariser = 0, gradientNorm = 0;
};

class TestTrainProcesses : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::shared_ptr<MemoryWindows> windows_ = tinyWindows(23);
    int runs_ = 0;

    fs::path fresh() { return fs::path(dir_.path().toStdString()) / std::to_string(runs_++); }
    PretrainRequest request(const fs::path& folder, const std::string& config);
    std::vector<Result<RunSummary>> together(int processes, const std::vector<PretrainRequest>& requests);

private Q_SLOTS:
    void theLossIsThatOfOneProcess_data();
    void theLossIsThatOfOneProcess();
    void anyOfThemStopsAllAndEitherNumberGoesOn();
    void whatDoesNotFitTogetherIsRefused();
    void anAddressElsewhereIsRefused();
    void aListeningSocketIsSeen();
    void nothingIsListenedOnBeyondTheLoopback();
    void onlyOneRunMeetsAtAPort();
    void autoTrainsLikeThePrecisionThatItNames();
};

} // namespace

PretrainRequest TestTrainProcesses::request(const fs::path& folder, const std::string& config) {
    PretrainRequest r;
    r.windows = windows_;
    r.configJson = config;
    r.runFolder = folder;
    r.device = "cpu";
    return r;
}

// Each request by an engine of its own, all at the same time.
std::vector<Result<RunSummary>> TestTrainProcesses::together(int processes,
                                                             const std::vector<PretrainRequest>& requests) {
    const auto store = fresh().string() + ".store";
    std::vector<std::optional<Result<RunSummary>>> results(requests.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t rank = 0; rank < requests.size(); ++rank)
            threads.emplace_back([&, rank] {
                EngineImpl engine;
                auto mine = requests[rank];
                mine.place = ProcessPlace{static_cast<int>(rank), processes, store, {}, 0, false, {}};
                results[rank].emplace(engine.pretrain(mine));
            });
    }
    std::vector<Result<RunSummary>> out;
    for (auto& result : results)
        out.push_back(std::move(*result));
    return out;
}

void TestTrainProcesses::theLossIsThatOfOneProcess_data() {
    QTest::addColumn<int>("processes");
    QTest::addColumn<QString>("regulariser");
    QTest::newRow("two, VICReg") << 2 << "vicreg";
    QTest::newRow("two, SIGReg") << 2 << "sigreg";
    QTest::newRow("two, none") << 2 << "none";
    QTest::newRow("three with shares of 2, 2 and 3") << 3 << "vicreg";
}

void TestTrainProcesses::theLossIsThatOfOneProcess() {
    QFETCH(int, processes);
    QFETCH(QString, regulariser);
    // A heavy regulariser: it is what looks past a process's own recordings. Dropout: its chance must be the same too.
    const auto config = tinyConfig(
        {"batch=7", "steps=25", "regulariser_weight=0.5", "dropout=0.1", "regulariser=" + regulariser.toStdString()});
    const auto record = [](PretrainRequest& r, std::vector<Row>& rows) {
        r.onUpdate = [&rows](const TrainUpdate& u) {
            if (u.step > 0)
                rows.push_back({u.total, u.channel, u.temporal, u.regulariser, u.gradientNorm});
        };
    };
    std::vector<Row> alone;
    auto one = request(fresh(), config);
    record(one, alone);
    EngineImpl engine;
    const auto whole = engine.pretrain(one);
    QVERIFY2(whole.ok(), failureText(whole).c_str());

    std::vector<std::vector<Row>> shared(static_cast<std::size_t>(processes));
    const auto folder = fresh();
    std::vector<PretrainRequest> requests(static_cast<std::size_t>(processes), request(folder, config));
    for (std::size_t rank = 0; rank < requests.size(); ++rank)
        record(requests[rank], shared[rank]);
    for (const auto& result : together(processes, requests))
        QVERIFY2(result.ok(), failureText(result).c_str());

    double worst = 0;
    QCOMPARE(alone.size(), std::size_t{25});
    for (const auto& rows : shared) {
        QCOMPARE(rows.size(), alone.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (const auto value :
                 {&Row::total, &Row::channel, &Row::temporal, &Row::regulariser, &Row::gradientNorm}) {
                const double expected = alone[i].*value;
                if (expected != 0)
                    worst = std::max(worst, std::abs(rows[i].*value - expected) / std::abs(expected));
                else
                    QCOMPARE(rows[i].*value, 0.0);
            }
    }
    qInfo("largest relative difference in 25 steps: %.2g", worst);
    QVERIFY2(worst < 1e-5, qPrintable(QString::number(worst)));
    QVERIFY(fs::exists(folder / "model.safetensors"));
    const auto rows = QString::fromUtf8(contents(folder / "metrics.csv")).count(QLatin1Char('\n'));
    QCOMPARE(rows, 2 + 25); // head, start, steps: written by one process alone
}

void TestTrainProcesses::anyOfThemStopsAllAndEitherNumberGoesOn() {
    const auto config = tinyConfig({"batch=6", "steps=20"});
    EngineImpl engine;
    const auto whole = engine.pretrain(request(fresh(), config));
    QVERIFY(whole.ok());
    for (const std::size_t stopper : {0, 1}) {
        const auto folder = fresh();
        std::stop_source stop;
        std::vector<PretrainRequest> requests(2, request(folder, config));
        requests[stopper].stop = stop.get_token();
        requests[stopper].onUpdate = [&stop](const TrainUpdate& u) {
            if (u.step == 8)
                stop.request_stop();
        };
        for (const auto& result : together(2, requests))
            QVERIFY(result.cancelled());
        QCOMPARE(newestCheckpoint(folder)->state.step, 8);
        const auto copy = fresh();
        fs::copy(folder, copy, fs::copy_options::recursive);

        auto onward = request(folder, config); // by one
        onward.resume = true;
        const auto resumed = engine.pretrain(onward);
        QVERIFY2(resumed.ok(), failureText(resumed).c_str());
        QVERIFY(std::abs(resumed->last.total - whole->last.total) < 1e-5 * whole->last.total);
        onward.runFolder = copy; // by two
        for (const auto& result : together(2, {onward, onward})) {
            QVERIFY2(result.ok(), failureText(result).c_str());
            QVERIFY(std::abs(result->last.total - whole->last.total) < 1e-5 * whole->last.total);
        }
    }
}

void TestTrainProcesses::whatDoesNotFitTogetherIsRefused() {
    // Another configuration, or a folder where a run is already: every process ends, and nothing is overwritten.
    const auto folder = fresh();
    auto results = together(2, {request(folder, tinyConfig({"learning_rate=0.001"})),
                                request(folder, tinyConfig({"learning_rate=0.002"}))});
    for (const auto& result : results) {
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::WrongUse);
    }
    const auto taken = request(folder, tinyConfig());
    results = together(2, {taken, taken});
    QVERIFY(results[0].failed());
    QCOMPARE(results[0].error().code, ErrorCode::AlreadyExists);
    QVERIFY(results[1].failed());
    QCOMPARE(results[1].error().code, ErrorCode::ProcessLost);
    const auto small = request(fresh(), tinyConfig({"batch=2"}));
    for (const auto& result : together(3, {small, small, small})) {
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::ConfigInvalid);
    }
}

void TestTrainProcesses::anAddressElsewhereIsRefused() {
    EngineImpl engine;
    auto r = request(fresh(), tinyConfig());
    for (const char* address : {"192.0.2.1", "::", "0.0.0.0", "127.example.org", "example.org", ""}) {
        r.place = ProcessPlace{0, 2, {}, address, 29500, false, {}};
        const auto result = engine.pretrain(r);
        QVERIFY2(result.failed(), address);
        QCOMPARE(result.error().code, ErrorCode::WrongUse);
        QVERIFY(!fs::exists(r.runFolder));
    }
}

namespace {

// Addresses, as /proc/net has them, that this process's sockets listen on.
std::vector<std::string> listening() {
    std::set<std::string> own; // inodes
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = fs::read_symlink(entry.path(), gone).string();
        if (target.rfind("socket:[", 0) == 0)
            own.insert(target.substr(8, target.size() - 9));
    }
    std::vector<std::string> out;
    for (const char* table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line);
        while (std::getline(file, line)) {
            std::istringstream words(line);
            std::string number, local, remote, state, skip, inode;
            words >> number >> local >> remote >> state;
            for (int i = 0; i < 5; ++i)
                words >> skip;
            words >> inode;
            if (state == "0A" && own.contains(inode))
                out.push_back(local.substr(0, local.find(':')));
        }
    }
    return out;
}

} // namespace

// Without this the test below would see nothing and pass.
void TestTrainProcesses::aListeningSocketIsSeen() {
    QCOMPARE(listening(), std::vector<std::string>());
    for (const auto& [address, name] : {std::pair(INADDR_LOOPBACK, "0100007F"), std::pair(INADDR_ANY, "00000000")}) {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(address);
        QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
        QCOMPARE(::listen(fd, 1), 0);
        QCOMPARE(listening(), std::vector<std::string>{name});
        ::close(fd);
    }
}

// As another program starts them, with MASTER_ADDR and MASTER_PORT and no agent that keeps a store.
void TestTrainProcesses::nothingIsListenedOnBeyondTheLoopback() {
    const auto folder = fresh();
    std::set<std::string> seen; // Gloo listens for a moment only, while the processes connect
    std::jthread watching([&seen](const std::stop_token& stop) {
        while (!stop.stop_requested())
            for (const auto& address : listening())
                seen.insert(address);
    });
    std::vector<std::optional<Result<RunSummary>>> results(2);
    {
        std::vector<std::jthread> threads;
        for (const int rank : {1, 0}) // the first one need not come first
            threads.emplace_back([&, rank] {
                EngineImpl engine;
                auto mine = request(folder, tinyConfig({"batch=6", "steps=4"}));
                mine.place = ProcessPlace{rank, 2, {}, "127.0.0.1", 29517, false, "none/0"};
                results[static_cast<std::size_t>(rank)].emplace(engine.pretrain(mine));
            });
    }
    watching.request_stop();
    watching.join();
    for (const auto& result : results)
        QVERIFY2(result->ok(), failureText(*result).c_str());
    qInfo("listened on: %s", seen.empty() ? "nothing that was seen" : seen.begin()->c_str());
    for (const auto& address : seen)
        QVERIFY2(address == "0100007F", address.c_str()); // 127.0.0.1
}

void TestTrainProcesses::onlyOneRunMeetsAtAPort() {
    auto held = MeetingPlace::hold("a run");
    QVERIFY2(held.ok(), failureText(held).c_str());
    const auto second = MeetingPlace::hold("a run");
    QVERIFY(second.failed());
    QCOMPARE(second.error().code, ErrorCode::ProcessLost);
    QVERIFY(MeetingPlace::hold("another run").ok());
    const auto found = findMeeting("a run", std::chrono::seconds(60), {});
    QVERIFY(found.ok());
    QCOMPARE(*found, (*held)->storeFile());
    const auto store = (*held)->storeFile();
    QVERIFY(fs::exists(store.parent_path()));
    QCOMPARE(fs::status(store.parent_path()).permissions() & fs::perms::all, fs::perms::owner_all);
    held = makeError(ErrorCode::NotFound, {}); // the run ends
    QVERIFY(!fs::exists(store.parent_path()));
    QVERIFY(MeetingPlace::hold("a run").ok());
    const auto nobody = findMeeting("nobody's run", std::chrono::seconds(0), {});
    QVERIFY(nobody.failed());
    QCOMPARE(nobody.error().code, ErrorCode::ProcessLost);
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(findMeeting("nobody's run", std::chrono::seconds(60), stop.get_token()).cancelled());
}

// A model whose shape the bf16 kernels take: what "auto" comes to is one thing for all processes, and their losses are
// those of one process told to compute in it. (Who chooses is not shown: the threads of this test share one
// measurement.)
void TestTrainProcesses::autoTrainsLikeThePrecisionThatItNames() {
    const std::vector<std::string> wide = {"batch=6", "steps=4", "width=48", "dropout=0"};
    const auto with = [&wide](const std::string& precision) {
        auto settings = wide;
        settings.push_back("precision=" + precision);
        return tinyConfig(settings);
    };
    const auto folder = fresh();
    const auto shared = together(2, {request(folder, with("auto")), request(folder, with("auto"))});
    for (const auto& result : shared)
        QVERIFY2(result.ok(), failureText(result).c_str());
    const auto environment = contents(folder / "environment.json");
    const bool bf16 = environment.contains("\"precision\": \"bf16\"");
    QVERIFY(bf16 || environment.contains("\"precision\": \"float32\""));
    qInfo("auto came to %s", bf16 ? "bf16" : "float32");
    EngineImpl engine;
    const auto alone = engine.pretrain(request(fresh(), with(bf16 ? "bf16" : "float32")));
    QVERIFY(alone.ok());
    QVERIFY(std::abs(shared[0]->last.total - alone->last.total) < (bf16 ? 1e-3 : 1e-5) * alone->last.total);
    QCOMPARE(shared[0]->last.total, shared[1]->last.total);
}

QTEST_GUILESS_MAIN(TestTrainProcesses)
#include "test_train_processes.moc"
