// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"
#include "core/base/hash.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace precordia;
namespace fs = std::filesystem;

class TestBaseFile : public QObject {
    Q_OBJECT
    static std::string text(const std::vector<std::byte>& bytes) {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    static int entries(const fs::path& folder) {
        return static_cast<int>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }

private Q_SLOTS:
    void writesReadsAndReplaces() {
        const QTemporaryDir dir;
        const fs::path path = fs::path(dir.path().toStdString()) / "a.txt";
        QVERIFY(writeFileAtomically(path, std::string_view("first")).ok());
        QVERIFY(writeFileAtomically(path, std::string_view("second, longer")).ok());
        const auto back = readFile(path);
        QVERIFY(back.ok());
        QCOMPARE(text(*back), std::string("second, longer"));
        QCOMPARE(entries(path.parent_path()), 1); // no temporary file stays
        const auto head = readFileHead(path, 6);
        QVERIFY(head.ok());
        QCOMPARE(text(*head), std::string("second"));
    }

    void refusesWithoutATrace() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        fs::create_directory(folder / "taken"); // a folder cannot be replaced by a file
        const auto onto = writeFileAtomically(folder / "taken", std::string_view("x"));
        QVERIFY(onto.failed());
        QVERIFY(onto.error().code == ErrorCode::FileUnwritable);
        QCOMPARE(entries(folder), 1);
        const auto nowhere = writeFileAtomically(folder / "no" / "such" / "folder", std::string_view("x"));
        QVERIFY(nowhere.failed() && nowhere.error().code == ErrorCode::FileUnwritable);
    }

    void piecesAppearTogetherOrNotAtAll() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        const auto path = folder / "pieces";
        const auto bytes = [](std::string_view words) { return std::as_bytes(std::span(words)); };
        {
            NewFile given(path);
            QVERIFY(given.write(bytes("half")).ok());
            QVERIFY(given.complete().ok());
            QVERIFY(!fs::exists(path));
            QCOMPARE(entries(folder), 1);
        }
        QCOMPARE(entries(folder), 0);
        NewFile kept(path);
        QVERIFY(kept.write(bytes("one, ")).ok());
        NewFile moved(std::move(kept));
        QVERIFY(moved.write(bytes("two")).ok());
        QVERIFY(moved.appear().ok());
        QCOMPARE(text(*readFile(path)), std::string("one, two"));
        QCOMPARE(entries(folder), 1);
        NewFile nowhere(folder / "no" / "folder");
        QVERIFY(nowhere.write(bytes("x")).failed());
        QCOMPARE(nowhere.appear().error().code, ErrorCode::FileUnwritable);
    }

    // A pipe without a writer would hold the reader for ever.
    void aPipeIsNoFile() {
        const QTemporaryDir dir;
        const fs::path pipe = fs::path(dir.path().toStdString()) / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QCOMPARE(readFile(pipe).error().code, ErrorCode::FileUnreadable);
        QCOMPARE(readFileHead(pipe, 10).error().code, ErrorCode::FileUnreadable);
    }

    void keepsToTheUmask() {
        const QTemporaryDir dir;
        const fs::path path = fs::path(dir.path().toStdString()) / "private";
        const auto old = ::umask(077);
        const bool written = writeFileAtomically(path, std::string_view("x")).ok();
        ::umask(old);
        QVERIFY(written);
        struct stat info {};
        QCOMPARE(::stat(path.c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
    }

    void readErrorsSayWhatIsWrong() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        QVERIFY(readFile(folder / "none").error().code == ErrorCode::FileNotFound);
        QVERIFY(readFile(folder).error().code == ErrorCode::FileUnreadable); // a folder
        QVERIFY(writeFileAtomically(folder / "ten", std::string_view("0123456789")).ok());
        const auto tooLarge = readFile(folder / "ten", 9);
        QVERIFY(tooLarge.failed() && tooLarge.error().code == ErrorCode::ValueOutOfRange);
        QVERIFY(readFile(folder / "ten", 10).ok());
        QVERIFY(sha256OfFile(folder / "none").error().code == ErrorCode::FileNotFound);
    }

    // FIPS 180-4 example values (NIST, "SHA-256 examples") and the empty message.
    void sha256MatchesFips() {
        QCOMPARE(sha256Hex(std::string_view("")),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256Hex(std::string_view("abc")),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256Hex(std::string_view("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
        QCOMPARE(sha256Hex(std::string(1'000'000, 'a')),
                 std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    void piecesHashLikeTheWhole() {
        std::string message;
        for (int i = 0; i < 300; ++i)
            message += static_cast<char>(i * 7);
        const QTemporaryDir dir;
        const fs::path path = fs::path(dir.path().toStdString()) / "m";
        for (const std::size_t piece : {1U, 3U, 55U, 56U, 63U, 64U, 65U, 128U, 299U}) {
            Sha256 hash;
            for (std::size_t at = 0; at < message.size(); at += piece)
                hash.update(std::string_view(message).substr(at, piece));
            QCOMPARE(hash.hex(), sha256Hex(message));
        }
        QVERIFY(writeFileAtomically(path, message).ok());
        QCOMPARE(*sha256OfFile(path), sha256Hex(message));
    }
};

QTEST_APPLESS_MAIN(TestBaseFile)
#include "test_base_file.moc"
