// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/trace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace precordia::paper {

namespace {

struct Segment {
    QPointF from, to;
    bool leaves = false; // `to` was cut: the line ends at the border
};

// Liang & Barsky 1984: the part of a segment inside a rectangle.
std::optional<Segment> clipSegment(QPointF a, QPointF b, const QRectF& r) {
    const QPointF d = b - a;
    double low = 0, high = 1;
    const auto cut = [&](double p, double q) {
        if (p == 0)
            return q >= 0;
        const double t = q / p;
        if (p < 0)
            low = std::max(low, t);
        else
            high = std::min(high, t);
        return low <= high;
    };
    if (!cut(-d.x(), a.x() - r.left()) || !cut(d.x(), r.right() - a.x()) || !cut(-d.y(), a.y() - r.top()) ||
        !cut(d.y(), r.bottom() - a.y()))
        return std::nullopt;
    return Segment{a + low * d, high < 1 ? a + high * d : b, high < 1};
}

// Collects clipped points into unbroken lines.
class LineSink {
public:
    explicit LineSink(const QRectF& clip) : clip_(clip) {}

    void add(QPointF point) {
        if (!last_) {
            if (clip_.contains(point))
                line_ << point;
        } else if (const auto segment = clipSegment(*last_, point, clip_)) {
            if (line_.isEmpty())
                line_ << segment->from;
            line_ << segment->to;
            if (segment->leaves)
                flush();
        } else {
            flush();
        }
        last_ = point;
    }
    void gap() {
        flush();
        last_.reset();
    }
    std::vector<QPolygonF> take() {
        flush();
        return std::move(lines_);
    }

private:
    void flush() {
        if (!line_.isEmpty())
            lines_.push_back(std::move(line_));
        line_ = QPolygonF();
    }

    QRectF clip_;
    std::optional<QPointF> last_;
    QPolygonF line_;
    std::vector<QPolygonF> lines_;
};

} // namespace

std::vector<QPolygonF> traceLines(std::span<const float> samples, const TraceMapping& m, const QRectF& clip,
                                  double columnsPerMm) {
    if (samples.empty() || m.rate <= 0 || m.speed <= 0)
        return {};
    const auto n = static_cast<std::int64_t>(samples.size());
    const auto secondsAt = [&](double x) { return m.t0 + (x - m.x0) / m.speed; };
    const double perColumn = m.rate / (m.speed * columnsPerMm);
    const std::int64_t bucket = perColumn > 2 ? static_cast<std::int64_t>(perColumn) : 1;
    // One bucket more on either side, so that the line reaches the border.
    const auto sampleAt = [&](double x) { return std::clamp((secondsAt(x) - m.firstSeconds) * m.rate, -1e15, 1e15); };
    auto first = static_cast<std::int64_t>(std::floor(sampleAt(clip.left()))) - bucket;
    auto last = static_cast<std::int64_t>(std::ceil(sampleAt(clip.right()))) + bucket;
    first = std::clamp<std::int64_t>(first - ((first % bucket) + bucket) % bucket, 0, n);
    last = std::clamp<std::int64_t>(last, -1, n - 1);

    LineSink sink(clip);
    const auto emitSample = [&](std::int64_t i) {
        const double seconds = m.firstSeconds + static_cast<double>(i) / m.rate;
        sink.add({m.x0 + (seconds - m.t0) * m.speed,
                  m.baselineY - static_cast<double>(samples[static_cast<std::size_t>(i)]) * m.mmPerUnit});
    };
    const auto value = [&](std::int64_t i) { return samples[static_cast<std::size_t>(i)]; };
    for (std::int64_t i = first; i <= last;) {
        if (!std::isfinite(value(i))) {
            sink.gap();
            ++i;
            continue;
        }
        std::int64_t low = i, high = i;
        const std::int64_t end = std::min((i / bucket + 1) * bucket, n);
        for (; i < end && std::isfinite(value(i)); ++i) {
            if (value(i) < value(low))
                low = i;
            if (value(i) > value(high))
                high = i;
        }
        emitSample(std::min(low, high));
        if (low != high)
            emitSample(std::max(low, high));
    }
    return sink.take();
}

std::vector<TraceColumn> traceColumns(std::span<const float> samples, const TraceMapping& m, const QRectF& clip,
                                      const DeviceScale& device) {
    if (samples.empty() || m.rate <= 0 || m.speed <= 0)
        return {};
    const auto n = static_cast<std::int64_t>(samples.size());
    // Sample i lies at origin + i * step device pixels.
    const double step = m.speed / m.rate * device.scaleX;
    const double origin = (m.x0 + (m.firstSeconds - m.t0) * m.speed) * device.scaleX + device.offsetX;
    const auto firstIn = [&](double x) {
        return static_cast<std::int64_t>(std::clamp(std::ceil((x - origin) / step), 0.0, static_cast<double>(n)));
    };
    const auto yOf = [&](float v) {
        return (m.baselineY - static_cast<double>(v) * m.mmPerUnit) * device.scaleY + device.offsetY;
    };
    const double highest = clip.top() * device.scaleY + device.offsetY;
    const double lowest = clip.bottom() * device.scaleY + device.offsetY;
    const auto from = static_cast<int>(std::floor(clip.left() * device.scaleX + device.offsetX));
    const auto to = static_cast<int>(std::ceil(clip.right() * device.scaleX + device.offsetX));
    std::vector<TraceColumn> columns;
    columns.reserve(static_cast<std::size_t>(std::max(0, to - from)));
    for (int x = from; x < to; ++x) {
        const auto begin = firstIn(x), end = firstIn(x + 1.0);
        float low = std::numeric_limits<float>::infinity(), high = -low;
        const auto take = [&](float v) {
            low = v < low ? v : low; // NaN is never taken
            high = v > high ? v : high;
        };
        for (auto i = begin; i < end; ++i)
            take(samples[static_cast<std::size_t>(i)]);
        for (const auto border : {begin, end}) // halfway to the neighbour
            if (border > 0 && border < n && begin < end)
                take((samples[static_cast<std::size_t>(border - 1)] + samples[static_cast<std::size_t>(border)]) / 2);
        if (!(low <= high))
            continue;
        const double one = yOf(low), other = yOf(high);
        const double top = std::min(one, other), bottom = std::max(one, other);
        if (bottom >= highest && top <= lowest)
            columns.push_back({x, std::max(top, highest), std::min(bottom, lowest)});
    }
    return columns;
}

CutMarks cutMarks(std::span<const float> samples, const TraceMapping& m, const QRectF& clip, double apart) {
    if (samples.empty() || m.rate <= 0 || m.speed <= 0)
        return {};
    const auto sampleAt = [&](double x) {
        const double seconds = m.t0 + (x - m.x0) / m.speed;
        return std::clamp((seconds - m.firstSeconds) * m.rate, -1.0, static_cast<double>(samples.size()));
    };
    const auto first = static_cast<std::size_t>(std::max(std::ceil(sampleAt(clip.left())), 0.0));
    const auto end = static_cast<std::size_t>(std::max(std::floor(sampleAt(clip.right())) + 1, 0.0));
    CutMarks marks;
    struct Stretch {
        double furthest = 0, x = 0, last = 0;
    };
    Stretch up, down;
    const auto close = [](Stretch& stretch, std::vector<double>& into) {
        if (stretch.furthest > 0)
            into.push_back(stretch.x);
        stretch = {};
    };
    const auto follow = [&](Stretch& stretch, double beyond, double x, std::vector<double>& into) {
        if (stretch.furthest > 0 && x - stretch.last > apart)
            close(stretch, into);
        if (!(beyond > 0)) // NaN too
            return;
        if (beyond > stretch.furthest)
            stretch = {beyond, x, x};
        stretch.last = x;
    };
    // Nearly all samples lie well inside, which their value alone tells.
    const double atTop = (m.baselineY - clip.top()) / m.mmPerUnit,
                 atBottom = (m.baselineY - clip.bottom()) / m.mmPerUnit;
    const double margin = std::abs(atTop - atBottom) * 1e-4;
    const auto low = static_cast<float>(std::min(atTop, atBottom) + margin);
    const auto high = static_cast<float>(std::max(atTop, atBottom) - margin);
    for (std::size_t i = first; i < std::min(end, samples.size()); ++i) {
        if (samples[i] > low && samples[i] < high)
            continue;
        const double x = m.x0 + (m.firstSeconds + static_cast<double>(i) / m.rate - m.t0) * m.speed;
        const double y = m.baselineY - static_cast<double>(samples[i]) * m.mmPerUnit;
        follow(up, clip.top() - y, x, marks.above);
        follow(down, y - clip.bottom(), x, marks.below);
    }
    close(up, marks.above);
    close(down, marks.below);
    return marks;
}

bool runsThrough(std::span<const float> samples, const TraceMapping& m, const QRectF& box) {
    if (samples.empty() || m.rate <= 0 || m.speed <= 0)
        return false;
    const auto sampleAt = [&](double x) {
        const double seconds = m.t0 + (x - m.x0) / m.speed;
        return std::clamp((seconds - m.firstSeconds) * m.rate, 0.0, static_cast<double>(samples.size() - 1));
    };
    const auto first = static_cast<std::size_t>(sampleAt(box.left()));
    const auto last = static_cast<std::size_t>(std::ceil(sampleAt(box.right())));
    const auto yOf = [&](std::size_t i) { return m.baselineY - static_cast<double>(samples[i]) * m.mmPerUnit; };
    double before = yOf(first);
    for (std::size_t i = first; i <= last; ++i) { // a step of the line spans all heights between two samples
        const double here = yOf(i);
        if (std::min(before, here) <= box.bottom() && std::max(before, here) >= box.top()) // NaN: no
            return true;
        before = here;
    }
    return false;
}

} // namespace precordia::paper
