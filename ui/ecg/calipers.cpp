// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/calipers.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPointer>
#include <QUndoCommand>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kReach = 6;       // px: how near a hand must come
constexpr double kOnTrace = 2.5;   // mm: nearer, a point is laid on the trace
constexpr double kStepUv = 10;     // of the arrow keys
constexpr double kLeastUv = 20;    // smaller heights are no measurement: the lines would only cover the trace
constexpr double kShortest = 1e-9; // s
constexpr int kMostMarks = 400;    // of a march-out on one page
constexpr int kMoveByKey = 0x6361; // among the undo commands of the window

const Lead* leadOf(const Recording& recording, const std::string& name) {
    const auto index = recording.find(name);
    return index.valid() ? &recording.leads[static_cast<std::size_t>(index.value)] : nullptr;
}

double onSample(double seconds, const Recording& recording) {
    const auto first = static_cast<double>(recording.firstSample); // of a long recording a part is at hand
    const double last = first + std::max<double>(0, static_cast<double>(recording.samples()) - 1);
    return std::clamp(std::round(seconds * recording.samplingRate), first, last) / recording.samplingRate;
}

// Both ends moved by so much, or as far as the recording goes: the distance stays.
void shift(Caliper& c, double by, const Recording& recording) {
    const double left = std::min(c.fromSeconds, c.toSeconds), right = std::max(c.fromSeconds, c.toSeconds);
    const double distance = c.toSeconds - c.fromSeconds;
    const double first = by < 0 ? onSample(left + by, recording) : onSample(right + by, recording) - (right - left);
    c.fromSeconds = onSample(distance < 0 ? first - distance : first, recording);
    c.toSeconds = onSample(c.fromSeconds + distance, recording);
}

std::optional<double> valueAt(const Lead& lead, double seconds, const Recording& recording) {
    const auto at = static_cast<std::size_t>(std::llround(seconds * recording.samplingRate) - recording.firstSample);
    if (at >= lead.samples.size() || !std::isfinite(lead.samples[at]))
        return std::nullopt;
    return static_cast<double>(lead.samples[at]);
}

// y in mm of a value in this strip.
double heightOf(const PaperStrip& strip, const Lead& lead, const PaperOptions& options, double uv) {
    const double centre = options.centred ? paperCentre(lead) : 0;
    return strip.baselineY - (uv - centre) * stripGain(strip, options);
}

} // namespace

// Text and JSON ---------------------------------------------------------------------

QString caliperText(const Caliper& c) {
    const QLocale locale;
    const double seconds = std::abs(c.toSeconds - c.fromSeconds);
    QString text = Calipers::tr("%1 ms").arg(locale.toString(std::round(seconds * 1000), 'f', 0));
    if (seconds > kShortest)
        text += Calipers::tr(" · %1 bpm").arg(locale.toString(std::round(60 / seconds), 'f', 0));
    return text + Calipers::tr(" · %1 mV").arg(locale.toString((c.toUv - c.fromUv) / 1000, 'f', 2));
}

std::string calipersToJson(const std::vector<Caliper>& calipers) {
    auto list = nlohmann::json::array();
    for (const auto& c : calipers)
        list.push_back({{"lead", c.lead},
                        {"from_s", c.fromSeconds},
                        {"to_s", c.toSeconds},
                        {"from_uv", c.fromUv},
                        {"to_uv", c.toUv},
                        {"march_out", c.marchOut},
                        {"all_leads", c.allLeads}});
    return list.dump();
}

std::vector<Caliper> calipersFromJson(const std::string& json) {
    const auto list = nlohmann::json::parse(json, nullptr, false);
    std::vector<Caliper> out;
    if (!list.is_array())
        return out;
    try {
        for (const auto& one : list)
            out.push_back({one.at("lead").get<std::string>(), one.at("from_s").get<double>(),
                           one.at("to_s").get<double>(), one.at("from_uv").get<double>(), one.at("to_uv").get<double>(),
                           one.at("march_out").get<bool>(), one.at("all_leads").get<bool>()});
    } catch (const nlohmann::json::exception&) {
        return {};
    }
    return out;
}

// Undo --------------------------------------------------------------------------------

class CaliperEdit : public QUndoCommand {
public:
    enum class Kind { Once, Key, KeyHeld };
    CaliperEdit(Calipers& calipers, RecordingId recording, const QString& text, std::vector<Caliper> before,
                std::vector<Caliper> after, Kind kind = Kind::Once)
        : QUndoCommand(text)
        , calipers_(&calipers)
        , recording_(recording)
        , before_(std::move(before))
        , after_(std::move(after))
        , kind_(kind) {}
    int id() const override { return kind_ == Kind::Once ? -1 : kMoveByKey; }
    // A held key repeats itself: one step for undo.
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const CaliperEdit*>(other); // of the same id
        if (next->kind_ != Kind::KeyHeld || next->recording_ != recording_ || next->calipers_ != calipers_ ||
            next->before_ != after_)
            return false;
        after_ = next->after_;
        return true;
    }
    void undo() override {
        if (calipers_)
            calipers_->apply(recording_, before_);
    }
    void redo() override {
        if (calipers_)
            calipers_->apply(recording_, after_);
    }

private:
    QPointer<Calipers> calipers_;
    RecordingId recording_;
    std::vector<Caliper> before_, after_;
    Kind kind_;
};

Calipers::Calipers(QUndoStack& undo, QObject* parent) : QObject(parent), undo_(undo) {}

void Calipers::set(RecordingId recording, std::vector<Caliper> calipers) {
    recording_ = recording;
    calipers_ = std::move(calipers);
    chosen_ = -1;
    drag_.reset();
    Q_EMIT changed();
}

void Calipers::apply(RecordingId recording, const std::vector<Caliper>& calipers) {
    if (recording == recording_) {
        calipers_ = calipers;
        chosen_ = std::min(chosen_, static_cast<int>(calipers_.size()) - 1);
        Q_EMIT changed();
    }
    Q_EMIT edited(recording, calipers);
}

void Calipers::change(const QString& text, std::vector<Caliper> before, std::vector<Caliper> after) {
    if (before != after)
        undo_.push(new CaliperEdit(*this, recording_, text, std::move(before), std::move(after)));
}

// Places ------------------------------------------------------------------------------

// The strip under a point, or the one of `lead` when that is asked for and shown at this time.
std::optional<Calipers::Place> Calipers::placeAt(QPointF at, const PaperFrame& f, const std::string& lead) const {
    const QPointF mm = at / f.pixelsPerMm;
    const PaperStrip* best = nullptr;
    double nearest = 0;
    for (const auto& strip : f.page->strips) {
        const Lead* samples = leadOf(*f.recording, strip.name);
        if (samples == nullptr || samples->unit != "uV" || (!lead.empty() && strip.name != lead))
            continue;
        const bool inColumn = mm.x() >= strip.rect.left() && mm.x() <= strip.rect.right();
        if (lead.empty() && (!inColumn || !strip.rect.contains(mm)))
            continue;
        // Among strips of one lead the one whose column and row are nearest.
        double far = std::abs(mm.y() - strip.baselineY) + (inColumn ? 0 : 1000);
        if (strip.overlay >= 0) // several leads on one baseline: the one whose trace is nearest
            if (const auto v =
                    valueAt(*samples, onSample(strip.secondsAt(mm.x(), f.options->speed), *f.recording), *f.recording))
                far = std::abs(heightOf(strip, *samples, *f.options, *v) - mm.y());
        if (best == nullptr || far < nearest) {
            best = &strip;
            nearest = far;
        }
    }
    if (best == nullptr)
        return std::nullopt;
    const Lead& samples = *leadOf(*f.recording, best->name);
    Place place;
    place.strip = static_cast<std::size_t>(best - f.page->strips.data());
    place.seconds = onSample(best->secondsAt(mm.x(), f.options->speed), *f.recording);
    const double centre = f.options->centred ? paperCentre(samples) : 0;
    place.uv = centre + (best->baselineY - mm.y()) / stripGain(*best, *f.options);
    if (const auto v = valueAt(samples, place.seconds, *f.recording);
        v && std::abs(heightOf(*best, samples, *f.options, *v) - mm.y()) <= kOnTrace)
        place.uv = *v;
    return place;
}

Calipers::Hit Calipers::hitAt(QPointF at, const PaperFrame& f) const {
    Hit hit;
    double nearest = kReach;
    const auto look = [&](int index, Part part, double distance) {
        if (distance < nearest) {
            hit = {index, part, true};
            nearest = distance;
        }
    };
    for (std::size_t i = calipers_.size(); i-- > 0;) {
        const Caliper& c = calipers_[i];
        for (const auto& strip : f.page->strips) {
            const bool here = c.allLeads || strip.name == c.lead;
            if (!here || at.y() < strip.rect.top() * f.pixelsPerMm || at.y() > strip.rect.bottom() * f.pixelsPerMm)
                continue;
            const double from = strip.xOf(c.fromSeconds, f.options->speed) * f.pixelsPerMm;
            const double to = strip.xOf(c.toSeconds, f.options->speed) * f.pixelsPerMm;
            look(static_cast<int>(i), Part::From, std::abs(at.x() - from));
            look(static_cast<int>(i), Part::To, std::abs(at.x() - to));
            const Lead* lead = leadOf(*f.recording, strip.name);
            if (lead != nullptr && strip.name == c.lead && at.x() > std::min(from, to) && at.x() < std::max(from, to))
                look(static_cast<int>(i), Part::Whole,
                     std::abs(at.y() - heightOf(strip, *lead, *f.options, c.toUv) * f.pixelsPerMm) + 0.5);
        }
    }
    if (hit.index >= 0)
        if (const Caliper& c = calipers_[static_cast<std::size_t>(hit.index)]; c.allLeads)
            hit.ownLead = std::any_of(f.page->strips.begin(), f.page->strips.end(), [&](const PaperStrip& strip) {
                return strip.name == c.lead && strip.rect.contains(at / f.pixelsPerMm);
            });
    return hit;
}

// Hands -------------------------------------------------------------------------------

bool Calipers::press(QPointF at, const PaperFrame& f) {
    const Hit hit = hitAt(at, f);
    const auto place =
        placeAt(at, f, hit.index < 0 ? std::string() : calipers_[static_cast<std::size_t>(hit.index)].lead);
    if (!place)
        return false;
    drag_ = Drag{calipers_, hit.part, *place, hit.ownLead};
    if (hit.index < 0) {
        const auto& strip = f.page->strips[place->strip];
        calipers_.push_back({strip.name, place->seconds, place->seconds, place->uv, place->uv, false, false});
        chosen_ = static_cast<int>(calipers_.size()) - 1;
        drag_->part = Part::To;
    } else {
        chosen_ = hit.index;
    }
    part_ = drag_->part;
    Q_EMIT changed();
    return true;
}

bool Calipers::move(QPointF at, const PaperFrame& f) {
    if (!drag_ || chosen_ < 0)
        return false;
    Caliper& c = calipers_[static_cast<std::size_t>(chosen_)];
    const auto place = placeAt(at, f, c.lead);
    if (!place)
        return true;
    if (drag_->part == Part::Whole) {
        c = drag_->before[static_cast<std::size_t>(chosen_)];
        shift(c, place->seconds - drag_->from.seconds, *f.recording);
    } else {
        const bool from = drag_->part == Part::From;
        (from ? c.fromSeconds : c.toSeconds) = place->seconds;
        if (drag_->ownLead)
            (from ? c.fromUv : c.toUv) = place->uv;
    }
    Q_EMIT changed();
    return true;
}

bool Calipers::release() {
    if (!drag_)
        return false;
    auto before = std::move(drag_->before);
    drag_.reset();
    const auto after = calipers_;
    if (after.size() > before.size() && after.back().fromSeconds == after.back().toSeconds &&
        std::abs(after.back().toUv - after.back().fromUv) < kLeastUv) {
        calipers_ = before; // a click beside every caliper lets go
        chosen_ = -1;
        Q_EMIT changed();
        return true;
    }
    change(after.size() > before.size() ? tr("Lay a caliper") : tr("Move a caliper"), std::move(before), after);
    return true;
}

void Calipers::moveBy(double seconds, double uv, bool both, const Recording& recording, bool again) {
    const auto before = calipers_;
    auto after = calipers_;
    Caliper& c = after[static_cast<std::size_t>(chosen_)];
    if (both) {
        shift(c, seconds, recording);
        c.fromUv += uv, c.toUv += uv;
    } else if (part_ == Part::From) {
        c.fromSeconds = onSample(c.fromSeconds + seconds, recording), c.fromUv += uv;
    } else {
        c.toSeconds = onSample(c.toSeconds + seconds, recording), c.toUv += uv;
    }
    if (before != after)
        undo_.push(new CaliperEdit(*this, recording_, tr("Move a caliper"), before, std::move(after),
                                   again ? CaliperEdit::Kind::KeyHeld : CaliperEdit::Kind::Key));
}

bool Calipers::key(const QKeyEvent& event, const PaperFrame& f) {
    if (chosen_ < 0 || drag_)
        return false;
    const bool both = event.modifiers().testFlag(Qt::ShiftModifier) || part_ == Part::Whole;
    const double sample = 1 / f.recording->samplingRate;
    const auto before = calipers_;
    auto after = calipers_;
    Caliper& c = after[static_cast<std::size_t>(chosen_)];
    switch (event.key()) {
    case Qt::Key_Left:
        moveBy(-sample, 0, both, *f.recording, event.isAutoRepeat());
        return true;
    case Qt::Key_Right:
        moveBy(sample, 0, both, *f.recording, event.isAutoRepeat());
        return true;
    case Qt::Key_Up:
        moveBy(0, kStepUv, both, *f.recording, event.isAutoRepeat());
        return true;
    case Qt::Key_Down:
        moveBy(0, -kStepUv, both, *f.recording, event.isAutoRepeat());
        return true;
    case Qt::Key_X:
        part_ = part_ == Part::From ? Part::To : Part::From;
        Q_EMIT changed();
        return true;
    case Qt::Key_M:
        c.marchOut = !c.marchOut;
        change(c.marchOut ? tr("March out") : tr("March out no more"), before, after);
        return true;
    case Qt::Key_A:
        c.allLeads = !c.allLeads;
        change(c.allLeads ? tr("Caliper through all leads") : tr("Caliper on one lead"), before, after);
        return true;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        after.erase(after.begin() + chosen_);
        change(tr("Take a caliper away"), before, after);
        chosen_ = -1;
        Q_EMIT changed();
        return true;
    case Qt::Key_Escape:
        chosen_ = -1;
        Q_EMIT changed();
        return true;
    default:
        return false;
    }
}

// Painting ----------------------------------------------------------------------------

void Calipers::paint(QPainter& painter, const PaperFrame& frame) const {
    painter.save();
    painter.setFont(Theme::smallFont());
    for (std::size_t i = 0; i < calipers_.size(); ++i)
        paintOne(painter, frame, calipers_[i], static_cast<int>(i) == chosen_);
    painter.restore();
}

void Calipers::paintOne(QPainter& painter, const PaperFrame& f, const Caliper& c, bool chosen) const {
    const QColor colour = chosen ? theme().accent : theme().fileMark;
    const double px = f.pixelsPerMm;
    const double left = f.page->traceArea.left() * px, right = f.page->traceArea.right() * px;
    const PaperStrip* labelled = nullptr;
    for (const auto& strip : f.page->strips) {
        const bool own = strip.name == c.lead;
        if (!own && !c.allLeads)
            continue;
        const double top = strip.rect.top() * px, bottom = strip.rect.bottom() * px;
        const auto upright = [&](double seconds, Qt::PenStyle style, double width) {
            const double x = strip.xOf(seconds, f.options->speed) * px;
            if (x < strip.rect.left() * px - 0.5 || x > strip.rect.right() * px + 0.5)
                return false;
            painter.setPen(QPen(colour, width, style));
            painter.drawLine(QPointF(x, top), QPointF(x, bottom));
            return true;
        };
        const bool fromHere = upright(c.fromSeconds, Qt::SolidLine, chosen && part_ != Part::To ? 2 : 1);
        const bool toHere = upright(c.toSeconds, Qt::SolidLine, chosen && part_ != Part::From ? 2 : 1);
        const double step = c.toSeconds - c.fromSeconds;
        if (c.marchOut && std::abs(step) > kShortest)
            for (int k = 1; k < kMostMarks; ++k)
                if (!(upright(c.toSeconds + k * step, Qt::DashLine, 1) |
                      upright(c.fromSeconds - k * step, Qt::DashLine, 1)) &&
                    k * std::abs(step) * f.options->speed * px > right - left)
                    break;
        const Lead* lead = leadOf(*f.recording, strip.name);
        if (!own || lead == nullptr || !(fromHere || toHere))
            continue;
        if (labelled == nullptr || (fromHere && toHere))
            labelled = &strip;
        const double x1 = std::clamp(strip.xOf(c.fromSeconds, f.options->speed) * px, left, right);
        const double x2 = std::clamp(strip.xOf(c.toSeconds, f.options->speed) * px, left, right);
        painter.setPen(QPen(colour, 1));
        const double y1 = heightOf(strip, *lead, *f.options, c.fromUv) * px;
        const double y2 = heightOf(strip, *lead, *f.options, c.toUv) * px;
        painter.drawLine(QPointF(x1, y2), QPointF(x2, y2));
        if (std::abs(c.toUv - c.fromUv) >= kLeastUv)
            painter.drawLine(QPointF(x1, y1), QPointF(x2, y1));
    }
    if (labelled == nullptr)
        return;
    // The readout stands right of the later end, on the paper's ground so that it can be read over the trace.
    const QString text = caliperText(c);
    const QSizeF size = painter.fontMetrics().size(Qt::TextSingleLine, text) + QSizeF(8, 4);
    const double end = labelled->xOf(std::max(c.fromSeconds, c.toSeconds), f.options->speed) * px;
    double x = end + 4;
    if (x + size.width() > right)
        x = std::max(left,
                     labelled->xOf(std::min(c.fromSeconds, c.toSeconds), f.options->speed) * px - size.width() - 4);
    const QRectF box(QPointF(x, labelled->rect.top() * px + 2), size);
    QColor ground = f.options->colours.ground;
    ground.setAlpha(225);
    painter.fillRect(box, ground);
    painter.setPen(colour);
    painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace precordia
