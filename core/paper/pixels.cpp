// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/pixels.h"

#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace precordia::paper {

namespace {

constexpr int kWhole = 256; // of a pixel's ink

// `part` of 256 of the ink, the rest stays; all four channels, premultiplied.
void blend(quint32& pixel, quint32 ink, quint32 part) {
    constexpr quint32 kTwo = 0x00FF00FFU, kHalf = 0x00800080U;
    const quint32 rest = kWhole - part;
    const quint32 low = ((ink & kTwo) * part + (pixel & kTwo) * rest + kHalf) >> 8U;
    const quint32 high = ((ink >> 8U) & kTwo) * part + ((pixel >> 8U) & kTwo) * rest + kHalf;
    pixel = (low & kTwo) | (high & ~kTwo);
}

// Along its longer direction ("along") a segment takes a step a pixel; "across" is the other one.
struct Axes {
    quint32* first;
    qsizetype alongStride, acrossStride;
    int along, across; // pixels there are
};

struct Ends {
    double along0, across0, along1, across1;
    bool longer0, longer1; // by half a pixel
};

void strokeSegment(const Axes& axes, Ends e, quint32 ink) {
    if (e.along0 > e.along1)
        e = {e.along1, e.across1, e.along0, e.across0, e.longer1, e.longer0};
    const double length = e.along1 - e.along0;
    const double slope = length > 0 ? (e.across1 - e.across0) / length : 0.0;
    const double begin = e.along0 - (e.longer0 ? 0.5 : 0.0), end = e.along1 + (e.longer1 ? 0.5 : 0.0);
    const int from = std::max(0, static_cast<int>(std::floor(begin)));
    const int last = std::min(axes.along - 1, static_cast<int>(std::ceil(end)) - 1);
    // Where the middle of the line runs at the middle of a step, in 1/65536 pixels, less half a pixel.
    constexpr double kUnit = 65536;
    auto at = static_cast<qint64>(std::floor((e.across0 + (from + 0.5 - e.along0) * slope - 0.5) * kUnit));
    const auto step = static_cast<qint64>(slope * kUnit);
    quint32* pixel = axes.first + from * axes.alongStride;
    for (int k = from; k <= last; ++k, at += step, pixel += axes.alongStride) {
        quint32 ends = kWhole;
        if (k < begin || k + 1 > end)
            ends = static_cast<quint32>(kWhole * (std::min(end, k + 1.0) - std::max(begin, static_cast<double>(k))));
        const auto place = at >> 16;
        const auto further = static_cast<quint32>(at >> 8) & 0xFFU;
        if (place >= 0 && place < axes.across)
            blend(pixel[place * axes.acrossStride], ink, ends * (kWhole - further) / kWhole);
        if (place + 1 >= 0 && place + 1 < axes.across)
            blend(pixel[(place + 1) * axes.acrossStride], ink, ends * further / kWhole);
    }
}

// From top to bottom of what a line covers at four places of every column of pixels. A line that never runs back has
// one stretch at each, because it is unbroken: nothing is counted twice, however it turns within a pixel.
class Sections {
public:
    static constexpr int kPlaces = 4; // of a pixel

    Sections(int firstColumn, int columns)
        : first_(static_cast<float>(firstColumn))
        , top_(static_cast<std::size_t>(columns * kPlaces), std::numeric_limits<float>::infinity())
        , bottom_(top_.size(), -std::numeric_limits<float>::infinity()) {}

    void disc(const QPointF& at, float radius) {
        const auto x = static_cast<float>(at.x()), y = static_cast<float>(at.y());
        const float square = radius * radius;
        for (auto [i, end] = places(x - radius, x + radius); i < end; ++i) {
            const float away = middleOf(i) - x;
            const float height = std::sqrt(std::max(0.0F, square - away * away));
            top_[i] = std::min(top_[i], y - height);
            bottom_[i] = std::max(bottom_[i], y + height);
        }
    }

    // Both edges run beside it; they begin and end where the perpendicular meets the discs of its ends.
    void segment(const QPointF& from, const QPointF& to, float radius) {
        const auto x = static_cast<float>(from.x()), y = static_cast<float>(from.y());
        const auto endX = static_cast<float>(to.x());
        if (!(endX > x))
            return; // upright: the discs say it all
        const float slope = (static_cast<float>(to.y()) - y) / (endX - x);
        const float steepness = std::sqrt(1 + slope * slope);
        const float shift = radius * slope / steepness, half = radius * steepness;
        for (auto [i, end] = places(x + shift, endX + shift); i < end; ++i)
            top_[i] = std::min(top_[i], y + slope * (middleOf(i) - x) - half);
        for (auto [i, end] = places(x - shift, endX - shift); i < end; ++i)
            bottom_[i] = std::max(bottom_[i], y + slope * (middleOf(i) - x) + half);
    }

    // The rows that a column has a part of: from, and to without the last; of so many that there are.
    std::pair<int, int> reach(int column, int height) const {
        const auto begin = static_cast<std::size_t>(column * kPlaces);
        const auto top = *std::min_element(top_.begin() + begin, top_.begin() + begin + kPlaces);
        const auto bottom = *std::max_element(bottom_.begin() + begin, bottom_.begin() + begin + kPlaces);
        if (!(top < bottom))
            return {0, 0};
        const auto bounded = [height](float y) { return std::clamp(y, 0.0F, static_cast<float>(height)); };
        return {static_cast<int>(std::floor(bounded(top))), static_cast<int>(std::ceil(bounded(bottom)))};
    }
    // Adds to `rows` (the first is row `firstRow`) how much of each is covered in this column, at most kPlaces.
    void cover(int column, int firstRow, std::span<float> rows) const {
        const auto begin = static_cast<std::size_t>(column * kPlaces);
        for (std::size_t i = begin; i < begin + kPlaces; ++i) {
            const float top = std::max(top_[i] - static_cast<float>(firstRow), 0.0F);
            const float bottom = std::min(bottom_[i] - static_cast<float>(firstRow), static_cast<float>(rows.size()));
            if (!(top < bottom))
                continue;
            const auto upper = static_cast<std::size_t>(top);
            const auto lower = std::min(static_cast<std::size_t>(bottom), rows.size() - 1);
            if (upper == lower) {
                rows[upper] += bottom - top;
                continue;
            }
            rows[upper] += static_cast<float>(upper + 1) - top;
            for (std::size_t row = upper + 1; row < lower; ++row)
                rows[row] += 1;
            rows[lower] += bottom - static_cast<float>(lower);
        }
    }

private:
    float middleOf(std::size_t place) const { return first_ + (static_cast<float>(place) + 0.5F) * (1.0F / kPlaces); }
    // Those whose middle lies between the two.
    std::pair<std::size_t, std::size_t> places(float from, float to) const {
        const auto bounded = [this](float x) {
            return static_cast<std::size_t>(
                std::clamp(std::ceil((x - first_) * kPlaces - 0.5F), 0.0F, static_cast<float>(top_.size())));
        };
        return {bounded(from), bounded(to)};
    }

    float first_;
    std::vector<float> top_, bottom_;
};

} // namespace

std::optional<Pixels> Pixels::of(const QPainter& painter) {
    QPaintDevice* device = painter.device();
    if (device == nullptr || device->devType() != QInternal::Image || painter.hasClipping() || painter.opacity() != 1 ||
        painter.compositionMode() != QPainter::CompositionMode_SourceOver)
        return std::nullopt;
    auto* image = static_cast<QImage*>(device);
    if (image->format() != QImage::Format_RGB32 && image->format() != QImage::Format_ARGB32_Premultiplied)
        return std::nullopt;
    // The painter's own pixels: an image that is being painted is not shared, so nothing is copied here.
    return Pixels{reinterpret_cast<quint32*>(image->bits()),
                  image->bytesPerLine() / static_cast<qsizetype>(sizeof(quint32)), image->width(), image->height()};
}

void Pixels::fill(const QRect& asked, const QColor& opaque) const {
    const QRect there = asked & rect();
    const quint32 ink = opaque.rgba();
    if (there.width() == 1) {
        quint32* pixel = row(there.top()) + there.left();
        for (int y = there.height(); y > 0; --y, pixel += stride)
            *pixel = ink;
        return;
    }
    for (int y = there.top(); y <= there.bottom(); ++y)
        std::fill_n(row(y) + there.left(), there.width(), ink);
}

void strokeThin(const Pixels& pixels, std::span<const QPointF> points, const QColor& opaque) {
    const Axes sideways{pixels.first, 1, pixels.stride, pixels.width, pixels.height};
    const Axes upright{pixels.first, pixels.stride, 1, pixels.height, pixels.width};
    const quint32 ink = opaque.rgba();
    if (points.size() == 1) {
        const QPointF& at = points.front();
        strokeSegment(sideways, {at.x(), at.y(), at.x(), at.y(), true, true}, ink);
    }
    for (std::size_t i = 1; i < points.size(); ++i) {
        const QPointF &a = points[i - 1], &b = points[i];
        const bool first = i == 1, last = i + 1 == points.size();
        if (std::abs(b.x() - a.x()) >= std::abs(b.y() - a.y()))
            strokeSegment(sideways, {a.x(), a.y(), b.x(), b.y(), first, last}, ink);
        else
            strokeSegment(upright, {a.y(), a.x(), b.y(), b.x(), first, last}, ink);
    }
}

void strokeThick(const Pixels& pixels, std::span<const QPointF> points, double width, const QColor& opaque) {
    if (points.empty())
        return;
    const auto radius = static_cast<float>(width / 2);
    const auto columnOf = [&](double x) {
        return static_cast<int>(std::clamp(std::floor(x), 0.0, static_cast<double>(pixels.width)));
    };
    const int first = columnOf(points.front().x() - width / 2);
    const int end = std::min(pixels.width, columnOf(points.back().x() + width / 2) + 1);
    if (first >= end)
        return;
    Sections sections(first, end - first);
    for (std::size_t i = 0; i < points.size(); ++i) {
        sections.disc(points[i], radius);
        if (i > 0)
            sections.segment(points[i - 1], points[i], radius);
    }
    const quint32 ink = opaque.rgba();
    std::vector<float> rows;
    for (int column = 0; column < end - first; ++column) {
        const auto [top, bottom] = sections.reach(column, pixels.height);
        if (top >= bottom)
            continue;
        rows.assign(static_cast<std::size_t>(bottom - top), 0.0F);
        sections.cover(column, top, rows);
        quint32* pixel = pixels.row(top) + first + column;
        for (const float covered : rows) {
            blend(*pixel, ink, static_cast<quint32>(covered * (1.0F * kWhole / Sections::kPlaces) + 0.5F));
            pixel += pixels.stride;
        }
    }
}

} // namespace precordia::paper
