// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/view_registry.h"

#include "ui/beat/beat_view.h"
#include "ui/compare/compare_view.h"
#include "ui/ecg/ecg_view.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/events/events_view.h"
#include "ui/intervals/intervals_view.h"
#include "ui/map/map_view.h"
#include "ui/report/report_view.h"
#include "ui/training/training_view.h"

namespace precordia {

namespace {

using Factory = std::function<View*(Session&)>;

template <typename T>
[[maybe_unused]] Factory view() {
    return [](Session& session) -> View* { return new T(session); };
}

} // namespace

// A line a view, in the order of the tabs: ECG, Beat, Compare, Intervals, Events, Map, Training, Evaluate, Report.
std::vector<Factory> viewFactories() {
    std::vector<Factory> factories;
    factories.push_back(view<EcgView>());
    factories.push_back(view<BeatView>());
    factories.push_back(view<CompareView>());
    factories.push_back(view<IntervalsView>());
    factories.push_back(view<EventsView>());
    factories.push_back(view<MapView>());
    factories.push_back(view<TrainingView>());
    factories.push_back(view<EvaluateView>());
    factories.push_back(view<ReportView>());
    return factories;
}

} // namespace precordia
