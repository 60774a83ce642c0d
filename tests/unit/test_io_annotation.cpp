// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/reader.h"
#include "core/io/wfdb_annotation.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

using namespace precordia;
using namespace precordia::test;

namespace {

// One word of annot(5): code in the upper 6 bits, time step in the lower 10.
int word(int code, int value) {
    return code << 10 | value;
}

Result<wfdb::AnnotationFile> parsed(const QByteArray& data) {
    return wfdb::parseAnnotations(std::as_bytes(std::span(data.constData(), static_cast<std::size_t>(data.size()))),
                                  "a.atr");
}

constexpr int kSkip = 59, kNum = 60, kSub = 61, kChan = 62, kAux = 63;

} // namespace

class TestIoAnnotation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindOfWord() {
        QByteArray data =
            words16({word(28, 18)}) + words16({word(kAux, 5)}) + QByteArray("(AFIB\0", 6); // padded to even
        data += words16({word(1, 59), word(kChan, 1), word(kSub, 3), word(kNum, 2)});
        data += words16({word(kSkip, 0), 1, 2}); // 1 * 65536 + 2, the high word first
        data += words16({word(5, 0), word(39, 4), 0});
        const auto file = parsed(data);
        QVERIFY2(file.ok(), failureText(file).c_str());
        QCOMPARE(file->marks.size(), 4U);
        QCOMPARE(file->marks[0].symbol, std::string("+"));
        QCOMPARE(file->marks[0].text, std::string("(AFIB"));
        QCOMPARE(file->marks[0].time, std::int64_t{18});
        QVERIFY(!file->marks[0].channel);
        QCOMPARE(file->marks[1].time, std::int64_t{77});
        QCOMPARE(file->marks[1].symbol, std::string("N"));
        QCOMPARE(file->marks[1].channel.value_or(-1), 1);
        QCOMPARE(file->marks[2].time, std::int64_t{77 + 65538});
        QCOMPARE(file->marks[2].symbol, std::string("V"));
        QCOMPARE(file->marks[2].channel.value_or(-1), 1); // stays until changed
        QCOMPARE(file->marks[3].symbol, std::string("("));
        QCOMPARE(file->marks[1].subtype, 3); // of its mark alone
        QCOMPARE(file->marks[2].subtype, 0);
        QCOMPARE(file->marks[1].number, 2); // stays
        QCOMPARE(file->marks[3].number, 2);
    }

    // Steps add up beyond 32 bits: three of 2^31 - 1, then two beats a second apart.
    void aLongTime() {
        QByteArray data;
        for (int i = 0; i < 3; ++i)
            data += words16({word(kSkip, 0), 0x7FFF, 0xFFFF});
        const auto file = parsed(data + words16({word(1, 11), word(1, 1000), 0}));
        QVERIFY(file.ok());
        QCOMPARE(file->marks[0].time, std::int64_t{3} * 2147483647 + 11);
        QCOMPARE(file->marks[1].time - file->marks[0].time, std::int64_t{1000});
    }

    void aNegativeStep() {
        const auto file = parsed(words16({word(1, 100), word(kSkip, 0), 0xFFFF, 0xFFF6, word(1, 0), 0})); // -10
        QVERIFY(file.ok());
        QCOMPARE(file->marks[1].time, std::int64_t{90});
    }

    void timeResolutionAndOwnCodes() {
        const auto note = [](const QByteArray& text) {
            QByteArray out = words16({word(22, 0), word(kAux, static_cast<int>(text.size()))}) + text;
            return text.size() % 2 != 0 ? out + QByteArray(1, '\0') : out;
        };
        QByteArray data = note("## time resolution: 1000");
        data += note("## annotation type definitions") + note("42 zap a spike") + note("## end of definitions");
        data += words16({word(42, 500), word(43, 10), 0});
        const auto file = parsed(data);
        QVERIFY(file.ok());
        QCOMPARE(file->ticksPerSecond.value_or(0), 1000.0);
        QCOMPARE(file->marks.size(), 2U);
        QCOMPARE(file->marks[0].symbol, std::string("zap"));
        QCOMPARE(file->unknownCodes, 1); // 43
    }

    void refused() {
        QVERIFY(parsed(words16({word(1, 5)})).failed());                     // no end
        QVERIFY(parsed(words16({word(1, 5), word(kAux, 600), 0})).failed()); // text beyond the end
        QVERIFY(parsed(words16({word(kSkip, 0), 1})).failed());
        QVERIFY(parsed({}).failed());
    }

    // One file a lead (LUDB), marks outside the recording left out, a torn file named.
    void besideARecord() {
        const Folder folder;
        folder.write("r.dat", words16(std::vector<int>(200, 7)));
        folder.write("r.hea",
                     std::string("r 2 100 100\nr.dat 16 1/uV 16 0 7 700 0 i\nr.dat 16 1/uV 16 0 7 700 0 ii\n"));
        folder.write("r.ii", words16({word(39, 10), word(24, 5), word(40, 5), 0}));
        folder.write("r.v1", words16({word(1, 3), 0})); // a lead that the record has not
        folder.write("r.atr", words16({word(1, 50), word(1, 50), 0}));
        folder.write("r.qrs", words16({word(1, 50)}));
        const auto r = Registry::standard().read(folder.path("r.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->annotations.size(), 5U);
        QCOMPARE(r->annotations[0].source, std::string("atr"));
        QVERIFY(!r->annotations[0].lead.valid());
        QCOMPARE(r->annotations[1].lead, LeadIndex{1});
        QCOMPARE(r->annotations[2].sample, SampleIndex{15});
        QCOMPARE(r->annotations[2].symbol, std::string("p"));
        QVERIFY(!r->annotations[4].lead.valid());
        QCOMPARE(warnings(*r, WarningCode::Annotation), 2U); // sample 100 of 100, and r.qrs

        ReadOptions options;
        options.annotations = false;
        QCOMPARE(Registry::standard().read(folder.path("r.hea"), options)->annotations.size(), 0U);
    }

    void mutations() {
        const QByteArray good = words16({word(28, 18), word(kAux, 4)}) + QByteArray("(VT\0", 4) +
                                words16({word(1, 9), word(kSkip, 0), 0, 9, word(5, 1), word(kChan, 1), 0});
        Dice dice(7);
        int readable = 0;
        for (int i = 0; i < 20000; ++i)
            readable += parsed(mutated(good, dice)).ok() ? 1 : 0;
        QVERIFY(readable > 1000);
    }
};

QTEST_APPLESS_MAIN(TestIoAnnotation)
#include "test_io_annotation.moc"
