// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts beyond the usual ones, and leads that are drawn in a way of their own: measured in the pictures.
#include "core/paper/paper.h"
#include "tests/unit/paper_fixture.h"

#include <QTest>

using namespace precordia;
using namespace precordia::test;

namespace {

constexpr double kScale = 8; // pixels a mm

QImage paint(const Recording& recording, const PaperOptions& options, const PaperPage& page) {
    QImage image((page.sizeMm * kScale).toSize(), QImage::Format_RGB32);
    image.fill(options.colours.ground);
    QPainter painter(&image);
    painter.scale(kScale, kScale);
    drawPaper(painter, recording, options, page);
    return image;
}

std::vector<std::string> names(const PaperPage& page) {
    std::vector<std::string> out;
    for (const auto& strip : page.strips)
        out.push_back((strip.inverted ? "-" : "") + strip.name + (strip.rhythm ? "*" : ""));
    return out;
}

PaperOptions bare(PaperLayout layout) {
    PaperOptions options;
    options.layout = layout;
    options.grid = false;
    options.calibrationPulse = false;
    options.centred = false;
    options.lettering = false; // would count as ink
    return options;
}

// mm from the baseline to the trace at a time; positive: up. NaN: nothing is drawn there.
double heightAt(const QImage& image, const PaperStrip& strip, const PaperOptions& options, double seconds,
                const QColor& ink) {
    const double y = inkCentreY(image, static_cast<int>(std::lround(strip.xOf(seconds, options.speed) * kScale)),
                                static_cast<int>(strip.rect.top() * kScale),
                                static_cast<int>(strip.rect.bottom() * kScale), options.colours.ground, ink);
    return strip.baselineY - y / kScale;
}

} // namespace

class TestPaperLayouts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyNameIsThatOfItsLayout() {
        for (const char* name : {"3x4", "3x4+1", "3x4+3", "6x2", "cabrera", "12x1", "overlaid", "1"}) {
            QVERIFY2(paperLayout(name).has_value(), name);
            QCOMPARE(paperLayoutName(*paperLayout(name)), std::string_view(name));
        }
        QCOMPARE(paperLayoutNames(), std::string("3x4, 3x4+1, 3x4+3, 6x2, cabrera, 12x1, overlaid, 1"));
    }

    void threeRhythmStrips() {
        const auto page = layoutPaper(measurable(), bare(PaperLayout::ThreeByFourThreeRhythm));
        QCOMPARE(page.strips.size(), std::size_t(15));
        const auto all = names(page);
        QCOMPARE(std::vector<std::string>(all.end() - 3, all.end()), (std::vector<std::string>{"II*", "V1*", "V5*"}));
        for (std::size_t i = 12; i < 15; ++i)
            QCOMPARE(page.strips[i].endSeconds, 10.0);
        // Six rows of 25 mm, nothing over another.
        QCOMPARE(page.traceArea.height(), 150.0);
        QCOMPARE(page.strips[14].rect.bottom(), page.traceArea.bottom());
    }

    // The frontal plane in order of its angles: aVL -30, I 0, -aVR 30, II 60, aVF 90, III 120.
    void cabrera() {
        const auto options = bare(PaperLayout::Cabrera);
        const auto recording = measurable();
        const auto page = layoutPaper(recording, options);
        QCOMPARE(names(page), (std::vector<std::string>{"aVL", "I", "-aVR", "II", "aVF", "III", "V1", "V2", "V3", "V4",
                                                        "V5", "V6"}));
        QVERIFY(page.notShown.empty());
        const auto image = paint(recording, options, page);
        const auto ink = options.colours.trace;
        QVERIFY(std::abs(heightAt(image, page.strips[1], options, 2.6, ink) - 10) < 0.05); // the step of 1 mV in I
        QVERIFY(std::abs(heightAt(image, page.strips[2], options, 2.6, ink) + 10) < 0.05); // and in -aVR
        QVERIFY(std::abs(stripGain(page.strips[2], options) + 0.01) < 1e-12);
    }

    void overlaid() {
        const auto options = bare(PaperLayout::Overlaid);
        auto recording = measurable();
        for (std::size_t lead = 0; lead < recording.leads.size(); ++lead) // each at its own height
            for (float& v : recording.leads[lead].samples)
                v = static_cast<float>(lead % 6) * 400.0F;
        const auto page = layoutPaper(recording, options);
        QCOMPARE(page.strips.size(), std::size_t(12));
        for (std::size_t i = 0; i < 12; ++i) {
            QCOMPARE(page.strips[i].baselineY, page.strips[i < 6 ? 0 : 6].baselineY);
            QCOMPARE(page.strips[i].overlay, static_cast<int>(i % 6));
            QCOMPARE(page.strips[i].endSeconds, 10.0);
        }
        // Six lines of six colours, 4 mm apart.
        const auto image = paint(recording, options, page);
        std::vector<QRgb> seen;
        for (int i = 0; i < 6; ++i) {
            const double y = page.strips[0].baselineY - 4.0 * i;
            const auto colour = image.pixel(static_cast<int>(100 * kScale), static_cast<int>(std::lround(y * kScale)));
            QVERIFY(colour != options.colours.ground.rgb());
            QVERIFY(std::find(seen.begin(), seen.end(), colour) == seen.end());
            seen.push_back(colour);
        }
    }

    void styleOfOneLead() {
        auto options = bare(PaperLayout::TwelveByOne);
        options.rowHeight = 50;
        options.leadStyles = {{"II", {2, false, false}}, {"III", {1, true, false}}, {"V1", {1, false, true}}};
        const auto recording = measurable();
        const auto page = layoutPaper(recording, options);
        const auto image = paint(recording, options, page);
        const auto ink = options.colours.trace;
        QVERIFY(std::abs(heightAt(image, page.strips[0], options, 2.6, ink) - 10) < 0.05);
        QVERIFY(std::abs(heightAt(image, page.strips[1], options, 2.6, ink) - 20) < 0.05);
        QVERIFY(std::abs(heightAt(image, page.strips[2], options, 2.6, ink) + 10) < 0.05);
        QVERIFY(std::isnan(heightAt(image, page.strips[6], options, 2.6, ink)));
        QCOMPARE(stripGain(page.strips[1], options), 0.02);
    }

    // The foot of the page never claims a raw trace that is filtered.
    void footTellsTheFilters() {
        PaperOptions options;
        QVERIFY(standardFooter(options).contains(QStringLiteral("filters: off")));
        options.filters = QStringLiteral("0.5 Hz, 50 Hz");
        QVERIFY(standardFooter(options).contains(QStringLiteral("filters: 0.5 Hz, 50 Hz")));
        QVERIFY(standardFooter(options).contains(QStringLiteral("Research use only")));
    }
};

QTEST_MAIN(TestPaperLayouts)
#include "test_paper_layouts.moc"
