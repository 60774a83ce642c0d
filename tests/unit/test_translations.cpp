// SPDX-License-Identifier: GPL-3.0-or-later
// Every string of the sources has its German, whole and with the same placeholders; what the core says in English is
// known to the window.
#include "core/base/result.h"
#include "core/engine/alarms.h"
#include "core/engine/verdict.h"
#include "ui/shell/appearance.h"
#include "ui/texts.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QXmlStreamReader>
#include <QtTest>

using namespace precordia;

namespace {

struct Entry {
    QString context, source, type;
    QStringList forms; // one, or one a plural form
    bool plural = false;
};

QString sourceFolder() {
    return qEnvironmentVariable("PRECORDIA_SOURCE_DIR");
}

QList<Entry> readEntries(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QXmlStreamReader xml(&file);
    QList<Entry> entries;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (xml.name() == QLatin1String("message")) {
            entries << Entry{context, {}, {}, {}, xml.attributes().value("numerus") == QLatin1String("yes")};
        } else if (xml.name() == QLatin1String("source")) {
            entries.back().source = xml.readElementText();
        } else if (xml.name() == QLatin1String("translation")) {
            entries.back().type = xml.attributes().value("type").toString();
            if (!entries.back().plural)
                entries.back().forms << xml.readElementText();
        } else if (xml.name() == QLatin1String("numerusform")) {
            entries.back().forms << xml.readElementText();
        }
    }
    return xml.hasError() ? QList<Entry>{} : entries;
}

// "%L2" is %2 with the signs of the language.
QStringList placeholders(const QString& text) {
    static const QRegularExpression expression(QStringLiteral("%L?([1-9]|n)"));
    QStringList found;
    for (auto i = expression.globalMatch(text); i.hasNext();)
        found << i.next().captured(1);
    found.sort();
    return found;
}

// Mnemonics of a menu's text: a single "&" before a letter.
qsizetype mnemonics(QString text) {
    return text.remove(QLatin1String("&&")).count(QLatin1Char('&'));
}

QString spaces(const QString& text) {
    static const QRegularExpression ends(QStringLiteral("^(\\s*).*?(\\s*)$"),
                                         QRegularExpression::DotMatchesEverythingOption);
    const auto match = ends.match(text);
    return match.captured(1) + QLatin1Char('|') + match.captured(2);
}

QString run(const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(PRECORDIA_LUPDATE), arguments);
    if (!process.waitForFinished(120'000) || process.exitCode() != 0)
        return QString::fromLocal8Bit(process.readAll()) + process.errorString();
    return {};
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyStringIsTranslated_data();
    void everyStringIsTranslated();
    void errorsSpeakGerman();
    void phasesOfJobsAreKnown();
    void verdictsSpeakGerman();
    void adviceAndAlarmsSpeakGerman();
    void decimalSign();

private:
    QTemporaryDir folder_;
};

// The sources are read anew into a copy: a string that never reached the committed file is found too.
void TestTranslations::initTestCase() {
    QVERIFY(folder_.isValid());
    for (const QString& name : {QStringLiteral("precordia_de.ts"), QStringLiteral("precordia_en.ts")}) {
        const QString copy = folder_.filePath(name);
        QVERIFY(QFile::copy(sourceFolder() + QStringLiteral("/translations/") + name, copy));
        QStringList arguments{QStringLiteral("-silent"),
                              QStringLiteral("-I"),
                              sourceFolder(),
                              QStringLiteral("-locations"),
                              QStringLiteral("none"),
                              QStringLiteral("-no-obsolete"),
                              sourceFolder() + QStringLiteral("/ui"),
                              sourceFolder() + QStringLiteral("/core/report"),
                              sourceFolder() + QStringLiteral("/core/paper")};
        if (name.contains(QLatin1String("_en")))
            arguments << QStringLiteral("-pluralonly");
        QCOMPARE(run(arguments << QStringLiteral("-ts") << copy), QString());
    }
}

void TestTranslations::everyStringIsTranslated_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("atLeast");
    QTest::newRow("German") << QStringLiteral("precordia_de.ts") << 400;
    QTest::newRow("English plurals") << QStringLiteral("precordia_en.ts") << 10;
}

void TestTranslations::everyStringIsTranslated() {
    QFETCH(QString, file);
    QFETCH(int, atLeast);
    const auto entries = readEntries(folder_.filePath(file));
    QVERIFY2(entries.size() >= atLeast, qPrintable(QStringLiteral("%1 strings").arg(entries.size())));
    QStringList faults;
    for (const Entry& entry : entries) {
        const QString place = entry.context + QStringLiteral(": ") + entry.source;
        if (!entry.type.isEmpty())
            faults << place + QStringLiteral(" is ") + entry.type;
        if (entry.forms.size() != (entry.plural ? 2 : 1))
            faults << place + QStringLiteral(" has not the forms it needs");
        for (const QString& form : entry.forms) {
            if (form.trimmed().isEmpty())
                faults << place + QStringLiteral(" has no translation");
            else if (placeholders(form) != placeholders(entry.source))
                faults << place + QStringLiteral(" has other placeholders: ") + form;
            else if (mnemonics(form) != mnemonics(entry.source))
                faults << place + QStringLiteral(" has other mnemonics: ") + form;
            else if (spaces(form) != spaces(entry.source))
                faults << place + QStringLiteral(" has other spaces around it: ") + form;
        }
    }
    QVERIFY2(faults.isEmpty(), qPrintable(QLatin1Char('\n') + faults.join(QLatin1Char('\n'))));
}

void TestTranslations::errorsSpeakGerman() {
    // A reason of NotFound stands by itself.
    const auto reasonOf = [](int code) {
        return code == static_cast<int>(ErrorCode::NotFound) ? "there is no such run" : "400 of 1000 samples";
    };
    // Before any translator: the window's list of sentences is the core's.
    for (int code = 0; code <= static_cast<int>(ErrorCode::Bug); ++code) {
        const Error error{static_cast<ErrorCode>(code), reasonOf(code), "a/b.hea, line 3"};
        QCOMPARE(Texts::error(error).toStdString(), error.text());
        QCOMPARE(Texts::error(error.text()).toStdString(), error.text());
    }
    installLanguage(*qApp, QStringLiteral("de"));
    for (int code = 0; code <= static_cast<int>(ErrorCode::Bug); ++code) {
        const Error error{static_cast<ErrorCode>(code), reasonOf(code), "a/b.hea, line 3"};
        QVERIFY2(Texts::error(error).toStdString() != error.text(), error.text().c_str());
        QCOMPARE(Texts::error(error.text()), Texts::error(error));
    }
    QCOMPARE(Texts::error(makeError(ErrorCode::FileTruncated, "400 of 1000 samples", "b.hea")),
             QStringLiteral("b.hea: die Datei endet zu früh: 400 of 1000 samples"));
    QCOMPARE(Texts::error(std::string("the file is not there")), QStringLiteral("die Datei ist nicht da"));
    QCOMPARE(Texts::error(makeError(ErrorCode::NotFound, "no recording has the number 7", "study")),
             QStringLiteral("study: keine Aufzeichnung hat die Nummer 7"));
    QCOMPARE(Texts::error(std::string("label \"a: b\": too few recordings for 5 folds: 4 recordings with the label and "
                                      "12 without, at least 5 of each are needed")),
             QStringLiteral("label \"a: b\": zu wenige Aufzeichnungen für 5 Teile: 4 mit dem Label und 12 ohne, von "
                            "beiden sind mindestens 5 nötig"));
    QCOMPARE(Texts::error(std::string("label \"x\": only 1 recording has the label: with fewer than 10 the figures "
                                      "would mean nothing")),
             QStringLiteral("label \"x\": Aufzeichnungen mit dem Label: 1; mit weniger als 10 würden die Werte nichts "
                            "besagen"));
    // Only where the sentence stands by itself.
    QCOMPARE(Texts::error(std::string("x: it is not there yet")), QStringLiteral("x: it is not there yet"));
    QCOMPARE(Texts::failure(Result<int>(Cancelled{})), QStringLiteral("beendet"));
    QCOMPARE(Texts::failure(Result<int>(1)), QString());
}

// Every phase that the core names is in the window's list.
void TestTranslations::phasesOfJobsAreKnown() {
    QStringList known;
    for (const Entry& entry : readEntries(folder_.filePath(QStringLiteral("precordia_de.ts"))))
        if (entry.context == QLatin1String("Texts"))
            known << entry.source;
    static const QRegularExpression begin(QStringLiteral("\\bbegin\\(\\s*\"([^\"]+)\""));
    int found = 0;
    QDirIterator files(sourceFolder() + QStringLiteral("/core"), {QStringLiteral("*.cpp"), QStringLiteral("*.h")},
                       QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(file.readAll());
        for (auto i = begin.globalMatch(text); i.hasNext(); ++found) {
            const QString phase = i.next().captured(1);
            QVERIFY2(known.contains(phase), qPrintable(file.fileName() + QStringLiteral(": ") + phase));
        }
    }
    QVERIFY(found > 10);
    installLanguage(*qApp, QStringLiteral("de"));
    QCOMPARE(Texts::phase("Fitting the event decoder"), QStringLiteral("Ereignisdekoder wird angepasst"));
    QCOMPARE(Texts::phase("something else"), QStringLiteral("something else"));
}

void TestTranslations::verdictsSpeakGerman() {
    installLanguage(*qApp, QStringLiteral("de"));
    QCOMPARE(Texts::verdictWord("collapsed"), QStringLiteral("kollabiert"));
    QCOMPARE(Texts::verdict("Encodings differ between recordings and over time as they should: effective rank of the "
                            "event encodings 31.4 (at the start 12)."),
             QStringLiteral("Die Kodierungen unterscheiden sich zwischen Aufzeichnungen und über die Zeit, wie sie "
                            "sollen: effektiver Rang der Ereigniskodierungen 31,4 (zu Beginn 12)."));
    QCOMPARE(Texts::verdict("Encodings are losing their variety: the effective rank of the event encodings fell from "
                            "40.1 to 9.5; different recordings have nearly the same interval encodings (mean cosine "
                            "0.99)."),
             QStringLiteral("Die Kodierungen verlieren ihre Vielfalt: der effektive Rang der Ereigniskodierungen fiel "
                            "von 40,1 auf 9,5; verschiedene Aufzeichnungen haben fast gleiche Intervallkodierungen "
                            "(mittlerer Kosinus 0,99)."));
    QCOMPARE(Texts::device("AMD EPYC, 2 cores"), QStringLiteral("AMD EPYC, 2 Kerne"));
    QCOMPARE(Texts::verdict("Words nobody knows."), QStringLiteral("Words nobody knows."));
    // The patterns follow the words of the trainer: when these change, the German would silently be gone.
    QString words;
    for (const char* name : {"/core/engine/verdict.cpp", "/core/engine/alarms.cpp"}) {
        QFile file(sourceFolder() + QLatin1String(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        words += QString::fromUtf8(file.readAll());
    }
    for (const char* piece :
         {"Encodings differ between recordings and over time as they should",
          ": effective rank of the event encodings ", " (at the start ", "Encodings are losing their variety: ",
          "Encodings have lost their variety, the model cannot be used: ", "the effective rank", "the spread over time",
          " fell from ", "different recordings have nearly the same ", " encodings (mean cosine "})
        QVERIFY2(words.contains(QLatin1String(piece)), piece);
}

// What the core says of a run that collapses, all of it: nothing stays English.
void TestTranslations::adviceAndAlarmsSpeakGerman() {
    installLanguage(*qApp, QStringLiteral("de"));
    const LevelDiagnostics rich{0.8, 40, 0.3, 0.5, 0}, poor{0.7, 3, 0.4, 0.5, 0};
    VerdictContext run;
    run.ema = 0.9, run.regulariser = "none", run.learningRate = 0.005, run.warmup = 0, run.width = 96;
    const auto none = judge({{"event", rich}}, {{"event", poor}}, run);
    run.regulariser = "vicreg";
    const auto weak = judge({{"event", rich}}, {{"event", {0.8, 12, 0.3, 0.5, 0}}}, run);
    QCOMPARE(Texts::verdict(none.text),
             QStringLiteral("Die Kodierungen haben ihre Vielfalt verloren, das Modell ist unbrauchbar: der effektive "
                            "Rang der Ereigniskodierungen fiel von 40 auf 3 von 96."));
    const QStringList advice = Texts::advice(none.advice) + Texts::advice(weak.advice);
    QCOMPARE(advice.size(), 12);
    QCOMPARE(advice.front(), QStringLiteral("den Lehrer verlangsamen: ema=[0.996,1.0]; er begann bei 0.9"));
    for (const QString& one : advice)
        QVERIFY2(!one.contains(QStringLiteral(" it was ")) && !one.contains(QStringLiteral(" the ")) &&
                     !one.contains(QStringLiteral(" a ")),
                 qPrintable(one));
    QCOMPARE(Texts::earlyTest(earlyTest(300, none).text),
             QStringLiteral("Prüfung der zweiten Epoche, bei Schritt 300: nicht bestanden. ") +
                 Texts::verdict(none.text));
    TrainUpdate update;
    update.step = 812, update.total = 0.91, update.lossZ = 9.25, update.gradientNorm = 2, update.gradientZ = -8.5;
    QCOMPARE(Texts::alarm(alarmText(update)),
             QStringLiteral("Schritt 812: der Verlust 0,91 liegt 9,25 Standardabweichungen über dem Mittel der 128 "
                            "Schritte davor. Schritt 812: die Norm des Gradienten 2 liegt 8,5 Standardabweichungen "
                            "unter dem Mittel der 128 Schritte davor."));
}

void TestTranslations::decimalSign() {
    installLanguage(*qApp, QStringLiteral("de"));
    QCOMPARE(Texts::number(1234.56, 1), QStringLiteral("1234,6"));
    installLanguage(*qApp, QStringLiteral("en"));
    QCOMPARE(Texts::number(1234.56, 1), QStringLiteral("1234.6"));
}

QTEST_MAIN(TestTranslations)
#include "test_translations.moc"
