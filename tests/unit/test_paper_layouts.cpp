// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts beyond the usual ones, and leads that are drawn in a way of their own: measured in the pictures.
#include "core/paper/page_words.h"
#include "core/paper/paper.h"
#include "tests/unit/paper_fixture.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <cmath>
#include <limits>
#include <random>

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

constexpr double kPixels = 5, kPageMm = 250; // px a mm; the page

// One lead over the page's 240 mm, nothing else on it.
PaperOptions plain(double seconds) {
    PaperOptions options;
    options.layout = PaperLayout::Single;
    options.grid = options.calibrationPulse = options.centred = false;
    options.speed = 240 / seconds;
    return options;
}

// The traces alone: names and foot in the colour of the ground.
QImage drawn(const Recording& recording, PaperOptions options) {
    options.colours.text = options.colours.ground;
    const auto page = layoutPaper(recording, options, kPageMm);
    QImage image(static_cast<int>(kPageMm * kPixels), 300, QImage::Format_RGB32);
    image.fill(options.colours.ground);
    QPainter painter(&image);
    painter.scale(kPixels, kPixels);
    drawPaper(painter, recording, options, page);
    return image;
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

    // As the file has it: 1.5 is how "018M" is kept.
    void agesAreWholeInTheirUnit_data() {
        QTest::addColumn<double>("years");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* said, double years) { QTest::newRow(said) << years << QString(said); };
        row("78 years", 78);
        row("78 years", 78.9); // who is not 79 yet
        row("2 years", 2);
        row("1 year", 1); // of a birth date: no more is known
        row("under 1 year", 0);
        row("18 months", 1.5);
        row("23 months", 23 / 12.0);
        row("1 month", 1 / 12.0);
        row("3 months", 0.25);
        row("12 days", 12 / 365.2425);
        row("1 day", 1 / 365.2425);
        row("21 days", 3 / 52.1775);     // 3 weeks
        row("100 days", 100 / 365.2425); // "100D"
        row("8 months", 0.7);
    }
    void agesAreWholeInTheirUnit() {
        QFETCH(double, years);
        QFETCH(QString, said);
        QCOMPARE(ageText(years), said);
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

    // A page of a minute on 1,200 columns: each is filled from the smallest to the largest of its 25 samples, found
    // here one by one; where nothing was recorded there is nothing.
    void aLongStripIsFilledByColumns() {
        auto recording = measurable({"II"}, 500, 60);
        auto& samples = recording.leads.front().samples;
        std::mt19937 random(5);
        for (auto& v : samples)
            v = static_cast<float>(static_cast<int>(random() % 1201) - 600);
        std::fill(samples.begin() + 10'000, samples.begin() + 11'500, std::numeric_limits<float>::quiet_NaN());
        auto options = plain(61.28371); // no sample on the border of two pixels
        const auto image = drawn(recording, options);
        const auto page = layoutPaper(recording, options, kPageMm);
        const auto& strip = page.strips.front();
        int compared = 0;
        for (int x = static_cast<int>(strip.rect.left() * kPixels) + 2;
             x < static_cast<int>(strip.rect.right() * kPixels) - 2; ++x) {
            float low = 1e9F, high = -1e9F;
            for (std::size_t i = 0; i < samples.size(); ++i) {
                const double at = strip.xOf(static_cast<double>(i) / 500, options.speed) * kPixels;
                if (at < x || at >= x + 1 || !std::isfinite(samples[i]))
                    continue;
                for (const auto other :
                     {i - 1, i, i + 1}) // halfway to its neighbours: the line crosses the border there
                    if (other < samples.size() && std::isfinite(samples[other])) {
                        const double there = strip.xOf(static_cast<double>(other) / 500, options.speed) * kPixels;
                        const float v = there >= x && there < x + 1 ? samples[i] : (samples[i] + samples[other]) / 2;
                        low = std::min(low, v);
                        high = std::max(high, v);
                    }
            }
            int top = -1, bottom = -1;
            for (int y = 0; y < image.height(); ++y)
                if (inkAt(image, x, y, options.colours.ground, options.colours.trace) > 0.5) {
                    top = top < 0 ? y : top;
                    bottom = y + 1;
                }
            if (low > high) {
                QCOMPARE(top, -1);
                continue;
            }
            const double gain = stripGain(strip, options) * kPixels;
            QVERIFY2(
                std::abs(top - (strip.baselineY * kPixels - static_cast<double>(high) * gain)) <= 1.5,
                qPrintable(QStringLiteral("%1: %2 to %3, %4 to %5 uV").arg(x).arg(top).arg(bottom).arg(low).arg(high)));
            QVERIFY2(
                std::abs(bottom - (strip.baselineY * kPixels - static_cast<double>(low) * gain)) <= 1.5,
                qPrintable(QStringLiteral("%1: %2 to %3, %4 to %5 uV").arg(x).arg(top).arg(bottom).arg(low).arg(high)));
            ++compared;
        }
        QVERIFY(compared > 1000);
    }

    // A part of a recording lies where it lies in the whole, drawn as lines or as columns.
    void aPartLiesAtItsTime() {
        for (const double seconds : {8.0, 30.0}) {
            const auto whole = measurable({"II"}, 500, 60);
            auto part = whole;
            part.firstSample = 6000; // 12 s to 55 s; lines are of three samples each
            auto& samples = part.leads.front().samples;
            samples.assign(whole.leads.front().samples.begin() + 6000, whole.leads.front().samples.begin() + 27'500);
            auto options = plain(seconds);
            options.startSeconds = 17.0137; // no sample on the border of two pixels
            const auto image = drawn(whole, options);
            QCOMPARE(drawn(part, options), image);
            options.startSeconds = 17.25;
            QVERIFY(drawn(part, options) != image);
        }
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

    // Half gain for the chest leads: 1 mV is 5 mm there, and calibration, foot and gain say so.
    void chestLeadsAtHalfTheGain() {
        for (const char* chest : {"V1", "V4", "V6"})
            QVERIFY2(isChestLead(chest), chest);
        for (const char* limb : {"I", "aVR", "VX", "V", "", "vm5", "MLII", "V10", "V3R", "V7"})
            QVERIFY2(!isChestLead(limb), limb);
        auto options = bare(PaperLayout::ThreeByFour);
        setChestGain(options, 0.5);
        options.calibrationPulse = true;
        const auto recording = measurable();
        const auto page = layoutPaper(recording, options);
        const auto image = paint(recording, options, page);
        const auto ink = options.colours.trace;
        QVERIFY(std::abs(heightAt(image, page.strips[0], options, 0.6, ink) - 10) < 0.05); // I
        QVERIFY(std::abs(heightAt(image, page.strips[6], options, 5.6, ink) - 5) < 0.05);  // V1: 5.0 to 7.5 s
        QCOMPARE(stripGain(page.strips[0], options), 0.01);
        QCOMPARE(stripGain(page.strips[6], options), 0.005);
        // The pulse is 5 mm wide and ends 2.5 mm before the traces: its first half is 10 mm high, its second 5 mm.
        const auto pulse = [&](double mmBeforeTraces) {
            const double y =
                inkCentreY(image, static_cast<int>((page.traceArea.left() - mmBeforeTraces) * kScale),
                           static_cast<int>((page.strips[0].baselineY - 12) * kScale),
                           static_cast<int>((page.strips[0].baselineY + 2) * kScale), options.colours.ground, ink);
            return page.strips[0].baselineY - y / kScale;
        };
        QVERIFY(std::abs(pulse(6.2) - 10) < 0.05);
        QVERIFY(std::abs(pulse(3.8) - 5) < 0.05);
        QCOMPARE(gainText(options), QStringLiteral("10/5"));
        QVERIFY(standardFooter(options).contains(QStringLiteral("10/5 mm/mV")));
        options.leadStyles["V2"].gain = 2; // one of its own: no gain of the chest leads
        QCOMPARE(chestGain(options), 1.0);
        options.leadStyles["V2"].inverted = true;
        setChestGain(options, 1);
        QCOMPARE(gainText(options), QStringLiteral("10"));
        QCOMPARE(options.leadStyles.size(), std::size_t(1)); // what else was said of V2
    }

    // 4 mV rise 40 mm: beyond half a row of 30 mm into the next one, which the page tells; at half the gain they fit.
    void aCutTraceIsExplained() {
        auto recording = measurable();
        for (float& v : recording.leads[7].samples) // V2, in the second row
            v *= 4;
        PaperOptions options;
        options.layout = PaperLayout::ThreeByFour;
        options.grid = false;
        const auto page = layoutPaper(recording, options);
        QImage image((page.sizeMm * kScale).toSize(), QImage::Format_RGB32);
        const auto draw = [&] {
            image.fill(options.colours.ground);
            QPainter painter(&image);
            painter.scale(kScale, kScale);
            drawPaper(painter, recording, options, page);
        };
        // Ink at the left of the foot, where the legend stands; the foot itself is at the right.
        const auto legend = [&] {
            double ink = 0;
            for (int x = static_cast<int>(page.traceArea.left() * kScale); x < 60 * kScale; ++x)
                for (auto y = static_cast<int>((page.sizeMm.height() - 6) * kScale); y < image.height(); ++y)
                    ink += inkAt(image, x, y, options.colours.ground, options.colours.text);
            return ink;
        };
        draw();
        QVERIFY(legend() > 100);
        setChestGain(options, 0.5);
        draw();
        QCOMPARE(legend(), 0.0);
    }

    void partsAreNamed() {
        QCOMPARE(partText(0, 10, 30), QStringLiteral("0 to 10 s of 30 s"));
        QCOMPARE(partText(3.217, 13.217, 30.5), QStringLiteral("3.22 to 13.22 s of 30.5 s"));
        QCOMPARE(partText(86390, 86400, 86400), QStringLiteral("86390 to 86400 s of 86400 s"));
        QCOMPARE(partText(1.5, 2, 10, QLocale(QLocale::German)), QStringLiteral("1,5 to 2 s of 10 s"));
    }

    // Small lettering over the grid: somewhere its strokes stand out against the ground by 4.5 : 1, in each theme.
    void letteringStandsOut() {
        const auto luminance = [](const QColor& c) {
            const auto part = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
            return 0.2126 * part(c.redF()) + 0.7152 * part(c.greenF()) + 0.0722 * part(c.blueF());
        };
        for (const auto& colours : {PaperColours::standard(), PaperColours::night(), PaperColours::highContrast()}) {
            const double text = luminance(colours.text), ground = luminance(colours.ground),
                         grid = luminance(colours.majorGrid);
            const auto ratio = [](double a, double b) { return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05); };
            QVERIFY(ratio(text, ground) >= 4.5);
            QVERIFY(ratio(text, grid) >= 4.5); // where a line of the grid runs through a letter
        }
    }

    // The foot of the page never claims a raw trace that is filtered.
    void footTellsTheFilters() {
        PaperOptions options;
        QVERIFY(standardFooter(options).contains(QStringLiteral("filters: off")));
        options.filters = filterText({0.5, 50, 40});
        QVERIFY(standardFooter(options).contains(QStringLiteral("filters: 0.5\u201340 Hz, notch 50 Hz")));
        QVERIFY(standardFooter(options).contains(QStringLiteral("Research use only")));
        QCOMPARE(filterText({}), QString());
        QCOMPARE(filterText({0.05, 0, 0}), QStringLiteral("high-pass 0.05 Hz"));
        QCOMPARE(filterText({0, 60, 150}), QStringLiteral("low-pass 150 Hz, notch 60 Hz"));
        QCOMPARE(filterText({0.5, 0, 40}, QLocale(QLocale::German)), QStringLiteral("0,5\u201340 Hz"));
    }

    // A QRS where the name would stand: the name stands beside it, not where the page moves along the recording.
    void namesStepAside() {
        Recording recording = measurable({"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"});
        constexpr double mmPerSecond = 25, right = 4; // mm: the pulse fills the strip's first 4 mm but its first 0.5
        for (Lead& lead : recording.leads)
            for (std::size_t i = 0; i < lead.samples.size(); ++i) {
                const double mm = static_cast<double>(i) / 500 * mmPerSecond;
                lead.samples[i] = mm >= 0.5 && mm < right ? 1200.0F : 0.0F;
            }
        PaperOptions options;
        options.layout = PaperLayout::TwelveByOne;
        options.headroomFromRows = true;
        options.grid = false;
        options.colours.text = QColor(255, 0, 0);
        const auto firstRed = [&](const Recording& shown, double width) {
            const PaperPage page = layoutPaper(shown, options, width);
            const PaperStrip& strip = page.strips[3];
            constexpr double scale = 8;
            QImage image((page.sizeMm * scale).toSize(), QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            painter.scale(scale, scale);
            drawPaper(painter, shown, options, page);
            painter.end();
            for (int x = static_cast<int>(strip.rect.left() * scale); x < strip.rect.right() * scale; ++x)
                for (int y = static_cast<int>((strip.rect.top() + 2) * scale); y < (strip.rect.top() + 4.5) * scale;
                     ++y)
                    if (QColor(image.pixel(x, y)).red() > 230 && QColor(image.pixel(x, y)).green() < 60)
                        return x / scale - strip.rect.left();
            return -1.0;
        };
        const double aside = firstRed(recording, 0);
        QVERIFY2(aside > right && aside < right + 2.5, qPrintable(QString::number(aside)));
        const double fixed = firstRed(recording, 120); // a part: the page moves
        QVERIFY2(fixed > 0.5 && fixed < 2.5, qPrintable(QString::number(fixed)));
    }
};

QTEST_MAIN(TestPaperLayouts)
#include "test_paper_layouts.moc"
