// SPDX-License-Identifier: GPL-3.0-or-later
// The ground the XML readers stand on: bounded parsing, encodings, Base64, telling the formats apart.
#include "core/io/base64.h"
#include "core/io/reader.h"
#include "core/io/xml_document.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

using namespace precordia;
using namespace precordia::test;

namespace {

std::span<const std::byte> spanOf(const QByteArray& data) {
    return std::as_bytes(std::span(data.constData(), static_cast<std::size_t>(data.size())));
}

Result<xml::Document> parse(const QByteArray& data, const xml::Limits& limits = {}) {
    return xml::Document::parse(spanOf(data), "x.xml", false, limits);
}

QByteArray utf16(const QString& text, bool little, bool mark) {
    QByteArray out;
    const auto put = [&](ushort unit) {
        const char low = static_cast<char>(unit & 0xFF);
        const char high = static_cast<char>(unit >> 8);
        out.append(little ? low : high).append(little ? high : low);
    };
    if (mark)
        put(0xFEFF);
    for (const auto c : text)
        put(c.unicode());
    return out;
}

std::string bytesOf(const Result<std::vector<std::byte>>& bytes) {
    std::string out;
    if (bytes.ok())
        for (const auto b : *bytes)
            out.push_back(static_cast<char>(b));
    return bytes.ok() ? out : "error";
}

} // namespace

class TestIoXml : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void encodings_data() {
        QTest::addColumn<QByteArray>("data");
        const QString text = QString::fromUtf8("<a b='\xC3\xBC'>\xC2\xB5V \xF0\x9F\xAB\x80</a>"); // ü, µV, a heart
        QTest::newRow("UTF-8") << text.toUtf8();
        QTest::newRow("UTF-8 with mark") << "\xEF\xBB\xBF" + text.toUtf8();
        QTest::newRow("UTF-16 little") << utf16(text, true, true);
        QTest::newRow("UTF-16 big") << utf16(text, false, true);
        QTest::newRow("UTF-16 little without mark") << utf16(text, true, false);
        QTest::newRow("UTF-16 big without mark") << utf16(text, false, false);
        QTest::newRow("UTF-16 by name, UTF-8 in truth") << "<?xml version='1.0' encoding='utf-16'?>" + text.toUtf8();
    }
    void encodings() {
        QFETCH(QByteArray, data);
        const auto document = parse(data);
        QVERIFY2(document.ok(), failureText(document).c_str());
        QCOMPARE(document->root().text(), std::string("\xC2\xB5V \xF0\x9F\xAB\x80"));
        QCOMPARE(document->root().attribute("b"), std::string("\xC3\xBC"));
        QCOMPARE(xml::rootName(spanOf(data)), std::string("a"));
    }

    void latin1() {
        for (const auto* head : {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", ""}) { // declared, and not
            const auto document = parse(QByteArray(head) + "<a>M\xFCller</a>");
            QVERIFY(document.ok());
            QCOMPARE(document->root().text(), std::string("M\xC3\xBCller"));
        }
        // Declared as Latin-1, two bytes are two letters, whatever they would be in UTF-8.
        const auto document = parse("<?xml version='1.0' encoding='iso-8859-1'?><a>\xC3\xBC</a>");
        QCOMPARE(document->root().text(), std::string("\xC3\x83\xC2\xBC"));
    }

    void namesWithoutPrefix() {
        const auto document = parse("<h:a xmlns:h='urn:x' xsi:type='PQ'><h:b><c>1</c></h:b><b>2</b><d/>tail</h:a>");
        const auto root = document->root();
        QCOMPARE(root.name(), std::string_view("a"));
        QCOMPARE(root.attribute("type"), std::string("PQ"));
        QCOMPARE(root.attribute("h"), std::string()); // a namespace is no attribute
        QCOMPARE(root.textOf("b/c"), std::string("1"));
        QCOMPARE(root.children("b").size(), 2U);
        QCOMPARE(root.children().size(), 3U);
        QCOMPARE(root.descendant("c").parent().name(), std::string_view("b"));
        QCOMPARE(root.text(), std::string("tail"));
        QCOMPARE(root.allText(), std::string("1 2 tail"));
        const auto nothing = root.path("b/x/y");
        QVERIFY(!nothing);
        QVERIFY(nothing.children().empty() && nothing.text().empty() && nothing.name().empty());
        QVERIFY(!nothing.child("z") && !nothing.parent() && nothing.attribute("q").empty());
    }

    void textInParts() {
        const auto document = parse("<a>1 2<!-- between --> 3<![CDATA[ 4]]> &amp; &#181;</a>");
        QCOMPARE(document->root().text(), std::string("1 2 3 4 & \xC2\xB5"));
    }

    // Neither is a file opened nor does a text grow.
    void entitiesAreNotExpanded() {
        const Folder folder;
        const auto secret = folder.write("secret.txt", QByteArray("secret words"));
        const auto document =
            parse("<!DOCTYPE a [<!ENTITY f SYSTEM \"file://" + QByteArray::fromStdString(secret.string()) +
                  "\"><!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;&l;&l;&l;&l;&l;'>]><a>&f;&m;</a>");
        QVERIFY2(document.ok(), failureText(document).c_str());
        QCOMPARE(document->root().text(), std::string("&f;&m;"));
    }

    void depthAndNumberAreBounded() {
        QByteArray deep, shut;
        for (int i = 0; i < 200'000; ++i) {
            deep += "<a>";
            shut += "</a>";
        }
        const auto document = parse(deep + shut);
        QVERIFY(document.failed());
        QCOMPARE(document.error().code, ErrorCode::FormatInvalid);
        QVERIFY(document.error().message.find("deep") != std::string::npos);
        QVERIFY(parse(QByteArray("<a>").repeated(120) + QByteArray("</a>").repeated(120)).ok());
        const auto many = parse("<a>" + QByteArray("<b/>").repeated(1000) + "</a>", {.nodes = 500, .depth = 10});
        QCOMPARE(many.error().code, ErrorCode::ValueOutOfRange);
    }

    void placeOfAnError() {
        const auto document = parse("<a>\n <b>\n </c>\n</a>");
        QVERIFY(document.failed());
        QVERIFY2(document.error().where.find("x.xml, line 3") == 0, document.error().text().c_str());
        for (const auto& bad : {QByteArray(), QByteArray("   "), QByteArray("<a>"), QByteArray("<a></a>\0<b/>", 12),
                                QByteArray("no xml"), QByteArray("<a b=c/>")})
            QVERIFY2(parse(bad).failed(), bad.constData());
    }

    void rootNames_data() {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << QByteArray("<a>") << "a";
        QTest::newRow("prefixed") << QByteArray("<h:a x='1'>") << "a";
        QTest::newRow("after all sorts")
            << QByteArray("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- <b> --><!DOCTYPE a [<!ENTITY x '>'>]>\n<a\n>")
            << "a";
        QTest::newRow("doctype with dtd") << QByteArray("<!DOCTYPE a SYSTEM \"a.dtd\">\n<a/>") << "a";
        QTest::newRow("cut") << QByteArray("<!-- long") << "";
        QTest::newRow("name cut") << QByteArray("<Anno") << "";
        QTest::newRow("none") << QByteArray("1,2,3") << "";
    }
    void rootNames() {
        QFETCH(QByteArray, data);
        QFETCH(QString, name);
        QCOMPARE(QString::fromStdString(xml::rootName(spanOf(data))), name);
    }

    // RFC 4648, section 10.
    void base64Vectors_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("bytes");
        const char* const vectors[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};
        for (const auto& v : vectors)
            QTest::newRow(v[0]) << QByteArray(v[1]) << QByteArray(v[0]);
        QTest::newRow("white space") << QByteArray(" Zm\r\n9v\tYg\n=\n= ") << QByteArray("foob");
        QTest::newRow("all of the alphabet") << QByteArray("+/+/") << QByteArray("\xFB\xFF\xBF");
    }
    void base64Vectors() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, bytes);
        QCOMPARE(bytesOf(base64Decoded(text.toStdString(), "w")), bytes.toStdString());
    }
    void base64Refuses() {
        for (const auto* bad : {"Z", "Zg", "Zg=", "Zm8", "Zg===", "Zm9v=", "=", "Zg==Zg==", "Zm9-", "Zm9\xC3"})
            QVERIFY2(base64Decoded(bad, "w").failed(), bad);
    }

    // By content, whatever the name; another XML is named as such.
    void formatsByContent() {
        const Folder folder;
        const auto key = [&](const QByteArray& content) {
            const auto reader = Registry::standard().find(folder.write("x.dat", content));
            return reader.ok() ? std::string((*reader)->key()) : reader.error().message;
        };
        QCOMPARE(key("<!-- a --><AnnotatedECG xmlns='urn:hl7-org:v3'>"), std::string("aecg"));
        QCOMPARE(
            key("<?xml version='1.0' encoding='ISO-8859-1'?><!DOCTYPE RestingECG SYSTEM 'restecg.dtd'><RestingECG>"),
            std::string("muse-xml"));
        QCOMPARE(key(utf16("<?xml version='1.0' encoding='utf-16'?><restingecgdata>", true, true)),
                 std::string("sierra-xml"));
        const auto other = key("<?xml version='1.0'?><sapphire/>");
        QVERIFY2(other.find("XML file of another kind") != std::string::npos, other.c_str());
    }
};

QTEST_APPLESS_MAIN(TestIoXml)
#include "test_io_xml.moc"
