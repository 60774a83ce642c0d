// SPDX-License-Identifier: GPL-3.0-or-later
// Where the strips lie: margins and rows in millimetres, traces starting on a 5 mm line, baselines on a 1 mm line.
#include "core/paper/paper.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia {

namespace {

constexpr double kMargin = 5;
constexpr double kPulseZone = 10;    // left of the traces
constexpr double kHeaderHeight = 10; // with a header; else kMargin
constexpr double kFooterHeight = 10;
constexpr double kLongestPage = 1500; // 60 s at 25 mm/s
constexpr double kShortestTrace = 10;
constexpr std::size_t kStandardNeeded = 6;

struct Grid {
    int rows = 1, columns = 1;
    double rowHeight = 30;
    bool rhythm = false;
};

Grid gridOf(PaperLayout layout) {
    switch (layout) {
    case PaperLayout::ThreeByFour:
        return {3, 4, 30, false};
    case PaperLayout::ThreeByFourRhythm:
        return {3, 4, 30, true};
    case PaperLayout::SixByTwo:
        return {6, 2, 25, false};
    case PaperLayout::TwelveByOne:
        return {12, 1, 15, false};
    case PaperLayout::Single:
        return {1, 1, 40, false};
    }
    return {};
}

// A lead that a strip shows: in the recording, derived on the way, or absent.
struct Slot {
    std::string name;
    LeadIndex lead;
    bool derived = false;
};

// `derived` is the recording without samples to speak of, with the limb leads that could be computed.
Slot slotOf(const Recording& recording, const Recording& derived, const std::string& name) {
    const LeadIndex index = recording.find(name);
    if (index.valid())
        return {name, index, recording.leads[static_cast<std::size_t>(index.value)].derived};
    return {name, LeadIndex{}, derived.find(name).valid()};
}

bool available(const Slot& slot) {
    return slot.lead.valid() || slot.derived;
}

// Names and order without the samples: layout is asked on every zoom step and must not copy the signal.
Recording namesOnly(const Recording& recording) {
    Recording names;
    names.samplingRate = recording.samplingRate;
    for (const Lead& lead : recording.leads) {
        Lead copy;
        copy.name = lead.name;
        copy.unit = lead.unit;
        copy.samples.assign(1, 0.0F);
        names.leads.push_back(std::move(copy));
    }
    deriveLimbLeads(names);
    return names;
}

Slot rhythmSlot(const Recording& recording, const Recording& derived, const std::string& wanted) {
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

// Fills strips column by column: the first column holds I, II, III, as on every machine.
void addStrips(PaperPage& page, const std::vector<Slot>& slots, const Grid& grid, const PaperOptions& options) {
    const double columnWidth = page.traceArea.width() / grid.columns;
    const double columnSeconds = columnWidth / options.speed;
    const auto add = [&](const Slot& slot, int row, double left, double width, double start, double end, bool rhythm) {
        PaperStrip strip;
        strip.lead = slot.lead;
        strip.name = slot.name;
        strip.derived = slot.derived;
        strip.rhythm = rhythm;
        strip.startSeconds = start;
        strip.endSeconds = end;
        strip.rect = QRectF(left, page.traceArea.top() + row * grid.rowHeight, width, grid.rowHeight);
        strip.baselineY = std::round(strip.rect.center().y());
        page.strips.push_back(std::move(strip));
    };
    for (int column = 0; column < grid.columns; ++column)
        for (int row = 0; row < grid.rows; ++row) {
            const auto index = static_cast<std::size_t>(column * grid.rows + row);
            if (index >= slots.size())
                continue;
            const double start = options.startSeconds + column * columnSeconds;
            add(slots[index], row, page.traceArea.left() + column * columnWidth, columnWidth, start,
                start + columnSeconds, false);
        }
    if (grid.rhythm && !slots.empty())
        add(slots.back(), grid.rows, page.traceArea.left(), page.traceArea.width(), options.startSeconds,
            options.startSeconds + page.traceArea.width() / options.speed, true);
}

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
constexpr std::array<std::pair<std::string_view, PaperLayout>, 5> kLayoutNames{{
    {"3x4", PaperLayout::ThreeByFour},
    {"3x4+1", PaperLayout::ThreeByFourRhythm},
    {"6x2", PaperLayout::SixByTwo},
    {"12x1", PaperLayout::TwelveByOne},
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

PaperPage layoutPaper(const Recording& recording, const PaperOptions& options, double pageWidthMm) {
    PaperPage page;
    Grid grid = gridOf(options.layout);
    std::vector<Slot> slots;
    if (!recording.leads.empty()) {
        const Recording derived = namesOnly(recording);
        std::size_t found = 0;
        if (options.layout != PaperLayout::Single) {
            for (const std::string& name : standardLeads()) {
                slots.push_back(slotOf(recording, derived, name));
                found += available(slots.back()) ? 1 : 0;
            }
            if (found < kStandardNeeded) {
                slots = everyLead(recording);
                grid = {static_cast<int>(slots.size()), 1, slots.size() > 4 ? 20.0 : 30.0, false};
            }
        }
        if (grid.rhythm || options.layout == PaperLayout::Single)
            slots.push_back(rhythmSlot(recording, derived, options.rhythmLead));
    }
    if (options.rowHeight > 0)
        grid.rowHeight = options.rowHeight;

    const double left = kMargin + (options.calibrationPulse ? kPulseZone : 0);
    const double top = options.header.isEmpty() ? kMargin : kHeaderHeight;
    double traceWidth = std::max(recording.seconds() - options.startSeconds, 0.0) * options.speed;
    if (pageWidthMm > 0)
        traceWidth = pageWidthMm - left - kMargin;
    traceWidth = std::clamp(traceWidth, kShortestTrace, kLongestPage);
    const int rows = grid.rows + (grid.rhythm ? 1 : 0);
    page.traceArea = QRectF(left, top, traceWidth, rows * grid.rowHeight);
    page.sizeMm = QSizeF(left + traceWidth + kMargin, page.traceArea.bottom() + kFooterHeight);
    addStrips(page, slots, grid, options);
    for (const Lead& lead : recording.leads)
        if (std::none_of(page.strips.begin(), page.strips.end(),
                         [&](const PaperStrip& s) { return s.name == lead.name; }))
            page.notShown.push_back(lead.name);
    return page;
}

} // namespace precordia
