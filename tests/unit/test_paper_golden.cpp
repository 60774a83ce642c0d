// SPDX-License-Identifier: GPL-3.0-or-later
// The paper against pictures that are kept: grid and traces at 96 dpi, without lettering, so that no machine's fonts
// have a say. PRECORDIA_WRITE_GOLDEN=1 writes them anew; look at every one before it is kept. And the same page on
// every device: screen, SVG, PDF and a printer's sheets.
#include "core/paper/paper.h"
#include "core/paper/print.h"

#include <QFile>
#include <QPageLayout>
#include <QPdfWriter>
#include <QProcess>
#include <QStandardPaths>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace precordia;

namespace {

constexpr double kDpi = 96, kScale = kDpi / 25.4; // px/mm
constexpr double kRate = 500, kBeat = 0.8;        // Hz; s between two R peaks, the first at 0.4 s
constexpr int kLoud = 48;                         // of 255: a difference that an eye sees
constexpr int kAllowed = 40;                      // px: what another version of the painter may do at line ends

// P, Q, R, S, T in one lead: mV at seconds from the R peak, each a Gaussian of this width.
struct Wave {
    double mv, at, width;
};
std::vector<Wave> wavesOf(std::size_t lead) {
    const double turn = std::cos(static_cast<double>(lead) * 0.55);
    return {{0.12, -0.16, 0.02},
            {-0.1, -0.026, 0.007},
            {1.1 * turn, 0, 0.009},
            {-0.3 - 0.05 * static_cast<double>(lead % 5), 0.028, 0.009},
            {0.28 * turn + 0.06, 0.27, 0.045}};
}
double millivolt(std::size_t lead, double seconds) {
    double sum = 0;
    for (double r = 0.4 - kBeat; r < 6; r += kBeat)
        for (const Wave& w : wavesOf(lead))
            sum += w.mv * std::exp(-0.5 * std::pow((seconds - r - w.at) / w.width, 2));
    return sum;
}

Recording made() {
    Recording recording;
    recording.name = "made";
    recording.samplingRate = kRate;
    for (std::size_t i = 0; i < 12; ++i) {
        Lead lead;
        lead.name = standardLeads()[i];
        for (int k = 0; k < 4 * static_cast<int>(kRate); ++k)
            lead.samples.push_back(static_cast<float>(1000 * millivolt(i, k / kRate)));
        recording.leads.push_back(std::move(lead));
    }
    return recording;
}

PaperOptions wordless(PaperLayout layout = PaperLayout::ThreeByFourRhythm) {
    PaperOptions options;
    options.layout = layout;
    options.lettering = false;
    options.centred = false; // 0 mV on the baseline: the picture can be computed
    return options;
}

struct Page {
    Recording recording = made();
    PaperOptions options = wordless();
};

Page pageOf(const QString& name) {
    Page page;
    if (name == QLatin1String("six-by-two-night")) {
        page.options = wordless(PaperLayout::SixByTwo);
        page.options.colours = PaperColours::night();
    } else if (name == QLatin1String("twelve-by-one-slow-and-low")) {
        page.options = wordless(PaperLayout::TwelveByOne);
        page.options.speed = 12.5;
        page.options.gain = 5;
    } else if (name == QLatin1String("fast-and-high")) { // tall waves are cut and marked
        page.options.speed = 50;
        page.options.gain = 40;
    } else if (name == QLatin1String("styles-and-gaps")) {
        page.options.leadStyles = {{"I", {1, true, false}}, {"V2", {2, false, false}}, {"aVF", {1, false, true}}};
        for (Lead& lead : page.recording.leads)
            for (int k = 700; k < 800; ++k)
                lead.samples[static_cast<std::size_t>(k)] = std::numeric_limits<float>::quiet_NaN();
    } else if (name == QLatin1String("cabrera")) {
        page.options = wordless(PaperLayout::Cabrera);
    } else if (name == QLatin1String("overlaid-high-contrast")) {
        page.options = wordless(PaperLayout::Overlaid);
        page.options.colours = PaperColours::highContrast();
    }
    return page;
}

const char* const kNames[] = {"three-by-four",   "six-by-two-night", "twelve-by-one-slow-and-low", "fast-and-high",
                              "styles-and-gaps", "cabrera",          "overlaid-high-contrast"};

QImage paint(const Recording& recording, const PaperOptions& options, double scale = kScale) {
    const PaperPage page = layoutPaper(recording, options);
    QImage image((page.sizeMm * scale).toSize(), QImage::Format_RGB32);
    image.fill(options.colours.ground);
    QPainter painter(&image);
    painter.scale(scale, scale);
    drawPaper(painter, recording, options, page);
    return image;
}

int differing(const QImage& a, const QImage& b) {
    if (a.size() != b.size())
        return std::numeric_limits<int>::max();
    int count = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
            const int most =
                std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)), std::abs(qBlue(p) - qBlue(q))});
            count += most > kLoud ? 1 : 0;
        }
    return count;
}

QString fileOf(const QString& name) {
    return qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + QStringLiteral("/tests/unit/paper_golden/") + name +
           QStringLiteral(".png");
}

bool dark(const QImage& image, int x, int y) {
    return image.valid(x, y) && qGray(image.pixel(x, y)) < 110;
}

// Every dark pixel of one has a dark one beside it in the other, or is counted.
int unmatched(const QImage& a, const QImage& b) {
    int count = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x) {
            if (!dark(a, x, y))
                continue;
            bool found = false;
            for (int dy = -1; dy <= 1 && !found; ++dy)
                for (int dx = -1; dx <= 1 && !found; ++dx)
                    found = b.valid(x + dx, y + dy) && qGray(b.pixel(x + dx, y + dy)) < 190;
            count += found ? 0 : 1;
        }
    return count;
}

int darkPixels(const QImage& image) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += dark(image, x, y) ? 1 : 0;
    return count;
}

bool rasterise(const QString& pdf, const QString& to, int dpi) {
    const QString tool = QStandardPaths::findExecutable(QStringLiteral("pdftoppm"));
    return !tool.isEmpty() &&
           QProcess::execute(tool, {QStringLiteral("-r"), QString::number(dpi), QStringLiteral("-png"), pdf, to}) == 0;
}

} // namespace

class TestPaperGolden : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void looksAsKept_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : kNames)
            QTest::addRow("%s", name) << QString::fromLatin1(name);
    }

    void looksAsKept() {
        QFETCH(QString, name);
        const Page page = pageOf(name);
        const QImage now = paint(page.recording, page.options);
        if (qEnvironmentVariableIsSet("PRECORDIA_WRITE_GOLDEN")) {
            QVERIFY(now.save(fileOf(name)));
            QSKIP("written anew");
        }
        const QImage kept(fileOf(name));
        QVERIFY2(!kept.isNull(), qPrintable(fileOf(name)));
        QVERIFY(QFile(fileOf(name)).size() < 100 * 1024);
        QCOMPARE(now.size(), kept.size());
        const int count = differing(now, kept.convertToFormat(QImage::Format_RGB32));
        QVERIFY2(count <= kAllowed, qPrintable(QStringLiteral("%1 pixels differ").arg(count)));
    }

    // What the tolerance lets through is less than one lead that lies one pixel off, in time or in voltage.
    void onePixelIsNoticed_data() {
        QTest::addColumn<bool>("inTime");
        QTest::addRow("time") << true;
        QTest::addRow("voltage") << false;
    }

    void onePixelIsNoticed() {
        QFETCH(bool, inTime);
        const Page page = pageOf(QStringLiteral("three-by-four"));
        const QImage kept(fileOf(QStringLiteral("three-by-four")));
        Recording moved = page.recording;
        const auto v3 = moved.find("V3");
        auto& samples = moved.leads[static_cast<std::size_t>(v3.value)].samples;
        const double pixel = 1 / kScale; // mm
        if (inTime)
            for (std::size_t k = 0; k < samples.size(); ++k)
                samples[k] = static_cast<float>(
                    1000 * millivolt(8, static_cast<double>(k) / kRate - pixel / page.options.speed));
        else
            for (float& sample : samples)
                sample += static_cast<float>(1000 * pixel / page.options.gain);
        const int count = differing(paint(moved, page.options), kept.convertToFormat(QImage::Format_RGB32));
        QVERIFY2(count > 2 * kAllowed, qPrintable(QString::number(count)));
        PaperOptions coarser = page.options; // and a grid that lies one pixel off
        const QImage good = paint(page.recording, coarser);
        QVERIFY(differing(good, good.copy(1, 0, good.width(), good.height())) > 2 * kAllowed);
    }

    // The kept picture itself, against the formula that made the signal: nothing of the painter is asked.
    void theKeptPictureIsTheSignal() {
        const QImage kept(fileOf(QStringLiteral("three-by-four")));
        const Page page = pageOf(QStringLiteral("three-by-four"));
        const PaperPage laid = layoutPaper(page.recording, page.options);
        const PaperStrip& strip = laid.strips.back(); // lead II from 0 to 4 s
        QCOMPARE(strip.name, std::string("II"));
        int checked = 0;
        double worst = 0;
        for (double t = 0.05; t < 3.95; t += 0.01) {
            const double phase = std::fmod(t - 0.4 + 2 * kBeat, kBeat);
            if (phase < 0.06 || phase > kBeat - 0.06)
                continue; // the QRS is steeper than a column can tell
            const int x = static_cast<int>((strip.rect.left() + t * 25) * kScale);
            const double seconds = ((x + 0.5) / kScale - strip.rect.left()) / 25;
            double sum = 0, moment = 0;
            for (int y = static_cast<int>(strip.rect.top() * kScale); y < strip.rect.bottom() * kScale; ++y) {
                const double ink = std::max(0, 185 - qGray(kept.pixel(x, y))); // darker than any line of the grid
                sum += ink;
                moment += ink * (y + 0.5);
            }
            QVERIFY2(sum > 0, qPrintable(QString::number(t)));
            const double expected = (strip.baselineY - 10 * millivolt(1, seconds)) * kScale;
            worst = std::max(worst, std::abs(moment / sum - expected));
            ++checked;
        }
        QVERIFY(checked > 200);
        QVERIFY2(worst < 0.75, qPrintable(QStringLiteral("%1 px off").arg(worst)));
    }

    // One page, every device: the traces lie on each other to a pixel of 192 dpi.
    void everyDeviceShowsTheSame_data() {
        QTest::addColumn<QString>("device");
        for (const char* device : {"svg", "pdf", "printer"})
            QTest::addRow("%s", device) << QString::fromLatin1(device);
    }

    void everyDeviceShowsTheSame() {
        QFETCH(QString, device);
        constexpr int kFine = 192;
        const double scale = kFine / 25.4;
        const Recording recording = made();
        PaperOptions options = wordless();
        options.grid = false;
        const QImage expected = paint(recording, options, scale);
        QVERIFY(darkPixels(expected) > 3000);
        QTemporaryDir folder;
        const auto path = [&](const char* name) { return folder.filePath(QString::fromLatin1(name)); };
        QImage shown(expected.size(), QImage::Format_RGB32);
        shown.fill(options.colours.ground);
        if (device == QLatin1String("svg")) {
            QVERIFY(renderPaper(recording, options, path("page.svg").toStdString()).ok());
            QSvgRenderer renderer(path("page.svg"));
            QVERIFY(renderer.isValid());
            const QSizeF size = layoutPaper(recording, options).sizeMm * scale;
            QPainter painter(&shown);
            painter.setRenderHint(QPainter::Antialiasing);
            renderer.render(&painter, QRectF(QPointF(0, 0), size));
        } else {
            double left = 0, top = 0;
            if (device == QLatin1String("pdf")) {
                QVERIFY(renderPaper(recording, options, path("page.pdf").toStdString()).ok());
            } else {
                left = 12, top = 7;
                QPdfWriter writer(path("page.pdf"));
                writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Landscape,
                                                 QMarginsF(left, top, 10, 10), QPageLayout::Millimeter));
                QVERIFY(printPaper(writer, recording, options).ok());
            }
            if (!rasterise(path("page.pdf"), path("page"), kFine))
                QSKIP("pdftoppm (poppler-utils) is not installed");
            QImage sheet(path("page-1.png"));
            QVERIFY(!sheet.isNull());
            QPainter painter(&shown);
            painter.drawImage(QPointF(-std::round(left * scale), -std::round(top * scale)), sheet);
        }
        const int missing = unmatched(expected, shown), extra = unmatched(shown, expected);
        QVERIFY2(missing < 30 && extra < 30, qPrintable(QStringLiteral("%1 missing, %2 more").arg(missing).arg(extra)));
        // And it would be seen if they did not.
        QVERIFY(unmatched(expected, shown.copy(4, 0, shown.width(), shown.height())) > 300);
    }
};

QTEST_MAIN(TestPaperGolden)
#include "test_paper_golden.moc"
