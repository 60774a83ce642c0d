// SPDX-License-Identifier: GPL-3.0-or-later
// Where the strips lie: margins and rows in millimetres, traces starting on a 5 mm line, baselines on a 1 mm line.
#include "core/paper/paper.h"
#include "core/paper/trace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string>

namespace precordia {

namespace {

constexpr double kMargin = 5;
constexpr double kPulseZone = 10;    // left of the traces
constexpr double kHeaderHeight = 10; // with a header; else kMargin
constexpr double kFooterHeight = 10;
constexpr double kLongestPage = 1500; // 60 s at 25 mm/s
constexpr double kShortestTrace = 10;
constexpr std::size_t kStandardNeeded = 6;
constexpr double kMostHeadroom = 12; // what a tall first row may cost
constexpr double kMostOfRows = 0.4;  // and how much of the rows' height, where it is taken from them
constexpr double kHeaderFoot = 7.5;  // under the header's text
constexpr double kClear = 1.5;       // above the tallest wave: half a pen and the baseline's rounding
constexpr std::size_t kBlocks = 32;  // spread over the recording
constexpr std::size_t kBlockLength = 1024;

struct Grid {
    int rows = 1, columns = 1;
    double rowHeight = 30;
    int rhythms = 0; // strips under the columns
    bool overlaid = false;
};

Grid gridOf(PaperLayout layout) {
    switch (layout) {
    case PaperLayout::ThreeByFour:
        return {3, 4, 30, 0, false};
    case PaperLayout::ThreeByFourRhythm:
        return {3, 4, 30, 1, false};
    case PaperLayout::ThreeByFourThreeRhythm:
        return {3, 4, 25, 3, false};
    case PaperLayout::SixByTwo:
    case PaperLayout::Cabrera:
        return {6, 2, 25, 0, false};
    case PaperLayout::TwelveByOne:
        return {12, 1, 15, 0, false};
    case PaperLayout::Overlaid:
        return {2, 1, 60, 0, true};
    case PaperLayout::Single:
        return {1, 1, 40, 0, false};
    }
    return {};
}

// The order in which the columns are filled. Cabrera (Fumagalli 1949): the frontal plane from -30 to 120 degrees.
const std::vector<std::string>& leadOrder(PaperLayout layout) {
    static const std::vector<std::string> cabrera = {"aVL", "I",  "aVR", "II", "aVF", "III",
                                                     "V1",  "V2", "V3",  "V4", "V5",  "V6"};
    return layout == PaperLayout::Cabrera ? cabrera : standardLeads();
}

// A lead that a strip shows: in the recording, derived on the way, or absent.
struct Slot {
    std::string name;
    LeadIndex lead;
    bool derived = false;
};

// `derived` is an excerpt of the recording, with the limb leads that could be computed.
Slot slotOf(const Recording& recording, const Recording& derived, const std::string& name) {
    const LeadIndex index = recording.find(name);
    if (index.valid())
        return {name, index, recording.leads[static_cast<std::size_t>(index.value)].derived};
    return {name, LeadIndex{}, derived.find(name).valid()};
}

bool available(const Slot& slot) {
    return slot.lead.valid() || slot.derived;
}

// Names and order with some blocks of the samples: layout is asked on every zoom step and must not copy a long signal.
// Blocks, not single samples: an R wave lasts only a few.
Recording excerptOf(const Recording& recording) {
    Recording names;
    names.samplingRate = recording.samplingRate;
    for (const Lead& lead : recording.leads) {
        Lead copy;
        copy.name = lead.name;
        copy.unit = lead.unit;
        const std::size_t n = lead.samples.size();
        if (n <= kBlocks * kBlockLength)
            copy.samples = lead.samples;
        else
            for (std::size_t block = 0; block < kBlocks; ++block) {
                const auto from =
                    lead.samples.begin() + static_cast<std::ptrdiff_t>((n - kBlockLength) / (kBlocks - 1) * block);
                copy.samples.insert(copy.samples.end(), from, from + static_cast<std::ptrdiff_t>(kBlockLength));
            }
        if (copy.samples.empty())
            copy.samples.assign(1, 0.0F);
        names.leads.push_back(std::move(copy));
    }
    deriveLimbLeads(names);
    return names;
}

Slot rhythmSlot(const Recording& recording, const Recording& derived, const std::string& wanted) {
    // Where the wanted one is absent, the usual ones.
    for (const std::string& name : {wanted, std::string("II"), std::string("MLII"), std::string("V1")}) {
        const Slot slot = slotOf(recording, derived, name);
        if (available(slot))
            return slot;
    }
    return {recording.leads.front().name, LeadIndex(0), recording.leads.front().derived};
}

std::vector<Slot> everyLead(const Recording& recording) {
    std::vector<Slot> slots;
    for (std::size_t i = 0; i < recording.leads.size(); ++i)
        slots.push_back({recording.leads[i].name, LeadIndex(static_cast<std::int32_t>(i)), recording.leads[i].derived});
    return slots;
}

// Cabrera's third lead is -aVR.
bool upsideDown(const std::string& name, PaperLayout layout) {
    return layout == PaperLayout::Cabrera && name == "aVR";
}

// How far the lead's waves rise above its baseline as it is drawn, mm: to the 99.9th percentile (the 0.1st of a lead
// that is upside down), so that one artefact moves nothing.
double riseOf(const Lead& lead, const PaperOptions& options) {
    const auto style = options.leadStyles.find(lead.name);
    if (style != options.leadStyles.end() && style->second.hidden)
        return 0;
    if (lead.unit != "uV")
        return 0; // made to fit its row
    std::vector<float> values;
    values.reserve(lead.samples.size());
    std::copy_if(lead.samples.begin(), lead.samples.end(), std::back_inserter(values),
                 [](float v) { return std::isfinite(v); });
    if (values.empty())
        return 0;
    const auto at = [&](double part) {
        const auto place = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
        std::nth_element(values.begin(), place, values.end());
        return static_cast<double>(*place);
    };
    PaperStrip drawn;
    drawn.name = lead.name;
    drawn.inverted = upsideDown(lead.name, options.layout);
    const double mmPerUv = stripGain(drawn, options);
    return (at(mmPerUv < 0 ? 0.001 : 0.999) - (options.centred ? at(0.5) : 0.0)) * mmPerUv;
}

// Room above the first row for its leads; the rows shrink by it when the page must keep its height.
double giveHeadroom(Grid& grid, int rows, double top, const std::vector<Slot>& slots, const Recording& excerpt,
                    const PaperOptions& options) {
    double rise = 0;
    const auto inFirstRow = [&](std::size_t i) {
        if (grid.overlaid)
            return i < (slots.size() + 1) / 2;
        return i % static_cast<std::size_t>(grid.rows) == 0 && (i == 0 || grid.columns > 1);
    };
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (const LeadIndex index = excerpt.find(slots[i].name); index.valid() && inFirstRow(i))
            rise = std::max(rise, riseOf(excerpt.leads[static_cast<std::size_t>(index.value)], options));
    const double needed = rise + kClear + (options.header.isEmpty() ? 0 : kHeaderFoot) - top;
    const double missing = needed - grid.rowHeight / 2;
    if (missing <= 0)
        return 0;
    if (!options.headroomFromRows)
        return std::min(std::ceil(missing), kMostHeadroom);
    // Rows that shrink by d give rows * d and lower the first baseline's place in its row by d / 2.
    const double whole = rows * grid.rowHeight;
    const double headroom = std::min({missing * rows / (rows - 0.5), kMostHeadroom, kMostOfRows * whole});
    grid.rowHeight = (whole - headroom) / rows;
    return headroom;
}

class Strips {
public:
    Strips(PaperPage& page, const Grid& grid, const PaperOptions& options)
        : page_(page)
        , grid_(grid)
        , options_(options) {}

    // Column by column: the first column holds I, II, III, as on every machine. The rhythm strips are the last slots.
    void fill(const std::vector<Slot>& slots) {
        if (slots.empty())
            return; // a recording without leads
        const double width = page_.traceArea.width() / grid_.columns;
        const auto inColumns = slots.size() - static_cast<std::size_t>(grid_.rhythms);
        for (std::size_t i = 0; i < inColumns && i < static_cast<std::size_t>(grid_.rows * grid_.columns); ++i) {
            const auto column = static_cast<int>(i) / grid_.rows;
            add(slots[i], static_cast<int>(i) % grid_.rows, page_.traceArea.left() + column * width, width,
                options_.startSeconds + column * width / options_.speed);
            page_.strips.back().inverted = upsideDown(slots[i].name, options_.layout);
        }
        for (std::size_t i = inColumns; i < slots.size(); ++i) {
            add(slots[i], grid_.rows + static_cast<int>(i - inColumns), page_.traceArea.left(), page_.traceArea.width(),
                options_.startSeconds);
            page_.strips.back().rhythm = true;
        }
    }

    // Half of the leads on each of the two rows.
    void overlay(const std::vector<Slot>& slots) {
        const std::size_t inFirst = (slots.size() + 1) / 2;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            const bool second = i >= inFirst;
            add(slots[i], second ? 1 : 0, page_.traceArea.left(), page_.traceArea.width(), options_.startSeconds);
            page_.strips.back().overlay = static_cast<int>(second ? i - inFirst : i);
        }
    }

private:
    void add(const Slot& slot, int row, double left, double width, double start) {
        PaperStrip strip;
        strip.lead = slot.lead;
        strip.name = slot.name;
        strip.derived = slot.derived;
        strip.topmost = row == 0;
        strip.startSeconds = start;
        strip.endSeconds = start + width / options_.speed;
        strip.rect = QRectF(left, page_.traceArea.top() + row * grid_.rowHeight, width, grid_.rowHeight);
        strip.baselineY = std::round(strip.rect.center().y());
        page_.strips.push_back(std::move(strip));
    }

    PaperPage& page_;
    const Grid& grid_;
    const PaperOptions& options_;
};

} // namespace

PaperColours PaperColours::standard() {
    return {QColor(0xFFFBFAU), QColor(0xF6D5D2U), QColor(0xE7A9A4U), QColor(0x16181BU),
            QColor(0x1B1F24U), QColor(0x0B6BCBU), QColor(0x9AA3ADU)};
}

PaperColours PaperColours::night() {
    return {QColor(0x10151AU), QColor(0x1E2A33U), QColor(0x34495AU), QColor(0xCFF5DFU),
            QColor(0xE6EAEEU), QColor(0x5AA9FFU), QColor(0x5C6670U)};
}

PaperColours PaperColours::highContrast() {
    return {QColor(0xFFFFFFU), QColor(0xC8C8C8U), QColor(0x808080U), QColor(0x000000U),
            QColor(0x000000U), QColor(0x0B6BCBU), QColor(0x606060U)};
}

namespace {
constexpr std::array<std::pair<std::string_view, PaperLayout>, 8> kLayoutNames{{
    {"3x4", PaperLayout::ThreeByFour},
    {"3x4+1", PaperLayout::ThreeByFourRhythm},
    {"3x4+3", PaperLayout::ThreeByFourThreeRhythm},
    {"6x2", PaperLayout::SixByTwo},
    {"cabrera", PaperLayout::Cabrera},
    {"12x1", PaperLayout::TwelveByOne},
    {"overlaid", PaperLayout::Overlaid},
    {"1", PaperLayout::Single},
}};
}

std::optional<PaperLayout> paperLayout(std::string_view name) {
    for (const auto& [known, layout] : kLayoutNames)
        if (known == name)
            return layout;
    return std::nullopt;
}

std::string_view paperLayoutName(PaperLayout layout) {
    for (const auto& [name, known] : kLayoutNames)
        if (known == layout)
            return name;
    return {};
}

std::string paperLayoutNames() {
    std::string names;
    for (const auto& [name, layout] : kLayoutNames)
        names += (names.empty() ? "" : ", ") + std::string(name);
    return names;
}

PaperPage layoutPaper(const Recording& recording, const PaperOptions& options, double pageWidthMm) {
    PaperPage page;
    Grid grid = gridOf(options.layout);
    std::vector<Slot> slots;
    Recording derived;
    if (!recording.leads.empty()) {
        derived = excerptOf(recording);
        std::size_t found = 0;
        if (options.layout != PaperLayout::Single) {
            for (const std::string& name : leadOrder(options.layout)) {
                slots.push_back(slotOf(recording, derived, name));
                found += available(slots.back()) ? 1 : 0;
            }
            if (found < kStandardNeeded) {
                slots = everyLead(recording);
                grid = {static_cast<int>(slots.size()), 1, slots.size() > 4 ? 20.0 : 30.0, 0, false};
            }
        }
        if (grid.rhythms > 0 || options.layout == PaperLayout::Single)
            slots.push_back(rhythmSlot(recording, derived, options.rhythmLead));
        for (const char* name : {"V1", "V5"})
            if (grid.rhythms == 3)
                slots.push_back(slotOf(recording, derived, name));
    }
    if (options.rowHeight > 0)
        grid.rowHeight = options.rowHeight;

    const double left = kMargin + (options.calibrationPulse ? kPulseZone : 0);
    double top = options.header.isEmpty() ? kMargin : kHeaderHeight;
    double traceWidth = std::max(paper::lastSecond(recording) - options.startSeconds, 0.0) * options.speed;
    if (pageWidthMm > 0)
        traceWidth = pageWidthMm - left - kMargin;
    traceWidth = std::clamp(traceWidth, kShortestTrace, kLongestPage);
    const int rows = grid.rows + grid.rhythms;
    top += giveHeadroom(grid, rows, top, slots, derived, options);
    page.traceArea = QRectF(left, top, traceWidth, rows * grid.rowHeight);
    page.sizeMm = QSizeF(left + traceWidth + kMargin, page.traceArea.bottom() + kFooterHeight);
    Strips strips(page, grid, options);
    grid.overlaid ? strips.overlay(slots) : strips.fill(slots);
    for (const Lead& lead : recording.leads)
        if (std::none_of(page.strips.begin(), page.strips.end(),
                         [&](const PaperStrip& s) { return s.name == lead.name; }))
            page.notShown.push_back(lead.name);
    return page;
}

std::optional<std::pair<double, double>> shownPart(const Recording& recording, const PaperOptions& options,
                                                   const PaperPage& page) {
    constexpr double kNothing = 0.05; // s
    const double last = paper::lastSecond(recording);
    const double end = std::min(options.startSeconds + page.traceArea.width() / options.speed, last);
    if (options.startSeconds < kNothing && end > last - kNothing)
        return std::nullopt;
    return std::pair(options.startSeconds, end);
}

} // namespace precordia
