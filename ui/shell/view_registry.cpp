// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/view_registry.h"

namespace precordia {

namespace {

using Factory = std::function<View*(Session&)>;

template <typename T>
[[maybe_unused]] Factory view() {
    return [](Session& session) -> View* { return new T(session); };
}

} // namespace

// A line a view, in the order of the tabs: ECG, Intervals, Events, Map, Training, Report.
std::vector<Factory> viewFactories() {
    std::vector<Factory> factories;
    return factories;
}

} // namespace precordia
