// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/why_empty.h"

#include <QCoreApplication>

namespace precordia {

namespace {
struct WhyEmpty {
    Q_DECLARE_TR_FUNCTIONS(WhyEmpty)
};
} // namespace

void explainEmpty(EmptyState& state, const Session& session, const QString& title, const QString& invitation) {
    const auto recording = session.recording();
    if (!session.hasStudy() || !recording)
        state.set(title, invitation);
    else if (!session.model())
        state.set(
            WhyEmpty::tr("No model yet"),
            WhyEmpty::tr("What is shown here comes from a model. Pretrain one on this study in the Training view, "
                         "or open a model with Model > Use a model file…"));
    else if (recording->windows.empty())
        state.set(WhyEmpty::tr("The model cannot read this recording"),
                  WhyEmpty::tr("It is too short, or has none of the leads that the model knows."));
    else
        state.set(title, WhyEmpty::tr("The model is reading this recording…"));
}

} // namespace precordia
