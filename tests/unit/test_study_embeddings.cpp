// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/embedding_store.h"
#include "study_test_data.h"

#include <QProcess>
#include <QTest>

#include <limits>
#include <thread>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

namespace {

constexpr int kIntervals = 5, kLeads = 3, kWidth = 4, kRecordingWidth = 7;

EmbeddingHeader header() {
    return {"m0de1", "prep", "da7a", kIntervals, kLeads, kWidth, kRecordingWidth};
}

// A number that tells level, row and place, so that a row in the wrong place shows.
std::vector<float> row(int level, int number, int length) {
    std::vector<float> values(static_cast<std::size_t>(length));
    for (int i = 0; i < length; ++i)
        values[static_cast<std::size_t>(i)] = static_cast<float>(level * 100000 + number * 1000 + i) + 0.25F;
    return values;
}

Result<Done> append(EmbeddingWriter& writer, int number, std::int64_t id, bool lead) {
    return writer.append(RecordingId(id), row(1, number, kRecordingWidth), row(2, number, kIntervals * kWidth),
                         row(3, number, kIntervals * kWidth),
                         lead ? row(4, number, kIntervals * kLeads * kWidth) : std::vector<float>());
}

} // namespace

class TestStudyEmbeddings : public QObject {
    Q_OBJECT

    static fs::path writeFile(const Folder& dir, int rows, bool lead) {
        const auto path = dir / "e/test.h5";
        auto writer = EmbeddingWriter::create(path, header(), lead);
        if (!writer)
            qFatal("%s", failureText(writer).c_str());
        for (int i = 0; i < rows; ++i)
            if (const auto done = append(**writer, i, 10 + i / 2, lead); !done)
                qFatal("%s", failureText(done).c_str());
        if (const auto done = (*writer)->finish(); !done)
            qFatal("%s", failureText(done).c_str());
        return path;
    }
    static int files(const fs::path& folder) {
        return static_cast<int>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }

private Q_SLOTS:
    void everyLevelComesBack() {
        const Folder dir;
        const auto file = EmbeddingFile::open(writeFile(dir, 6, true));
        QVERIFY2(file.ok(), failureText(file).c_str());
        const auto& e = **file;
        QCOMPARE(e.header().modelHash, std::string("m0de1"));
        QCOMPARE(e.header().preprocessingHash, std::string("prep"));
        QCOMPARE(e.header().dataHash, std::string("da7a"));
        QCOMPARE(e.header().recordingWidth, kRecordingWidth);
        QVERIFY(e.hasLeadLevel());
        QCOMPARE(e.ids().size(), 6U);
        QCOMPARE(e.rowOf(RecordingId(11)), 2); // its first window
        QCOMPARE(e.rowOf(RecordingId(99)), -1);
        const auto recording = e.read("recording");
        QCOMPARE(recording->shape, (std::vector<std::int64_t>{6, kRecordingWidth}));
        const auto event = e.read("event");
        QCOMPARE(event->shape, (std::vector<std::int64_t>{6, kIntervals, kWidth}));
        for (int i = 0; i < 6; ++i) {
            QCOMPARE(e.readRow("event", i)->values, row(3, i, kIntervals * kWidth));
            QCOMPARE(e.readRow("interval", i)->values, row(2, i, kIntervals * kWidth));
            QCOMPARE(e.readRow("lead", i)->values, row(4, i, kIntervals * kLeads * kWidth));
            QCOMPARE(recording->values[static_cast<std::size_t>(i * kRecordingWidth)], row(1, i, 1)[0]);
        }
        QCOMPARE(e.readRow("lead", 0)->shape, (std::vector<std::int64_t>{kIntervals, kLeads, kWidth}));
        QVERIFY(e.read("beat").error().code == ErrorCode::NotFound);
        QVERIFY(e.readRow("event", 6).error().code == ErrorCode::ValueOutOfRange);
        QVERIFY(e.readRow("event", -1).error().code == ErrorCode::ValueOutOfRange);
    }

    void anotherProgramReadsIt() {
        const Folder dir;
        QProcess python;
        python.start("/usr/bin/python3", {"-c", "import h5py"});
        if (!python.waitForFinished() || python.exitCode() != 0)
            QSKIP("python3-h5py is not here");
        const auto path = writeFile(dir, 3, true);
        python.start("/usr/bin/python3",
                     {"-c",
                      "import h5py, sys\n"
                      "f = h5py.File(sys.argv[1])\n"
                      "print(f['recording'].shape, f['interval'].shape, f['event'].dtype, f['lead'].shape,"
                      " f['recording_id'][:].tolist(), f.attrs['model_hash'].decode(), float(f['lead'][2, 4, 1, 3]))",
                      QString::fromStdString(path.string())});
        QVERIFY(python.waitForFinished());
        // lead, row 2, place (4 * 3 + 1) * 4 + 3 = 55
        QCOMPARE(QString::fromUtf8(python.readAllStandardOutput()).trimmed(),
                 QString("(3, 7) (3, 5, 4) float32 (3, 5, 3, 4) [10, 10, 11] m0de1 402055.25"));
    }

    void anUnfinishedWriterLeavesNothing() {
        const Folder dir;
        const auto path = writeFile(dir, 2, false);
        {
            const auto writer = EmbeddingWriter::create(path, header(), true);
            QVERIFY(append(**writer, 0, 1, true).ok());
            QCOMPARE(files(dir / "e"), 2);
        }
        QCOMPARE(files(dir / "e"), 1);
        QCOMPARE((*EmbeddingFile::open(path))->ids().size(), 2U); // the old one stands
    }

    void wrongRowsAreRefused() {
        const Folder dir;
        const auto writer = EmbeddingWriter::create(dir / "a.h5", header(), false);
        const auto good = row(2, 0, kIntervals * kWidth);
        auto bad = row(1, 0, kRecordingWidth);
        bad.pop_back();
        QVERIFY((*writer)->append(RecordingId(1), bad, good, good, {}).error().code == ErrorCode::WrongUse);
        bad.push_back(std::numeric_limits<float>::quiet_NaN());
        QVERIFY((*writer)->append(RecordingId(1), bad, good, good, {}).error().code == ErrorCode::NotFinite);
        QVERIFY(append(**writer, 0, 1, false).ok());
        QVERIFY((*writer)->finish().ok());
        QVERIFY((*writer)->finish().error().code == ErrorCode::WrongUse);
        QVERIFY(append(**writer, 1, 2, false).error().code == ErrorCode::WrongUse);
        const auto file = EmbeddingFile::open(dir / "a.h5");
        QCOMPARE((*file)->ids().size(), 1U);
        QVERIFY(!(*file)->hasLeadLevel());
        QVERIFY(EmbeddingWriter::create(dir / "b.h5", {}, false).error().code == ErrorCode::WrongUse);
    }

    void anEmptyTableIsATable() {
        const Folder dir;
        const auto file = EmbeddingFile::open(writeFile(dir, 0, true));
        QVERIFY2(file.ok(), failureText(file).c_str());
        QVERIFY((*file)->read("event")->values.empty());
    }

    void damagedFilesAreRefused() {
        const Folder dir;
        const auto path = writeFile(dir, 40, true);
        QVERIFY(EmbeddingFile::open(dir / "none.h5").error().code == ErrorCode::FileNotFound);
        dir.write("junk.h5", std::string(5000, 'j'));
        QVERIFY(EmbeddingFile::open(dir / "junk.h5").error().code == ErrorCode::FormatInvalid);
        const auto whole = fs::file_size(path);
        for (const auto part : {whole / 4, whole / 2, whole - 100}) {
            fs::copy_file(path, dir / "cut.h5", fs::copy_options::overwrite_existing);
            fs::resize_file(dir / "cut.h5", part);
            const auto cut = EmbeddingFile::open(dir / "cut.h5");
            QVERIFY(cut.failed() && cut.error().code == ErrorCode::FormatInvalid);
        }
    }

    void threadsShareTheLibrary() {
        const Folder dir;
        const auto file = EmbeddingFile::open(writeFile(dir, 8, true));
        std::atomic<int> right = 0;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&, t] {
                    for (int i = 0; i < 8; ++i)
                        right += (*file)->readRow("lead", i)->values == row(4, i, kIntervals * kLeads * kWidth) ? 1 : 0;
                    const auto writer =
                        EmbeddingWriter::create(dir / ("t" + std::to_string(t) + ".h5"), header(), false);
                    for (int i = 0; i < 8; ++i)
                        right += append(**writer, i, i, false).ok() ? 1 : 0;
                    right += (*writer)->finish().ok() ? 1 : 0;
                });
        }
        QCOMPARE(right.load(), 4 * 17);
    }
};

QTEST_GUILESS_MAIN(TestStudyEmbeddings)
#include "test_study_embeddings.moc"
