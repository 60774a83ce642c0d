// SPDX-License-Identifier: GPL-3.0-or-later
// A small demo study, made once for an executable, and waiting for what comes from worker threads.
#pragma once

#include "core/study/demo.h"
#include "core/study/study.h"
#include "ui/session.h"

#include <QTemporaryDir>
#include <QTest>

namespace precordia {

class StudyFixture {
public:
    explicit StudyFixture(int recordings, std::uint64_t seed = 7) {
        Progress progress;
        const auto made = makeDemoStudy(folder(), recordings, seed, {}, progress);
        valid_ = temporary_.isValid() && made.ok();
    }
    bool valid() const { return valid_; }
    std::filesystem::path folder() const { return std::filesystem::path(temporary_.path().toStdString()) / "study"; }
    QString path() const { return temporary_.filePath(QStringLiteral("study")); }
    QString elsewhere(const char* name) const { return temporary_.filePath(QLatin1String(name)); }

private:
    QTemporaryDir temporary_;
    bool valid_ = false;
};

constexpr int kPatience = 60000; // ms: for a machine with other work, not a limit of ours

inline bool openAndWait(Session& session, const QString& folder) {
    session.openStudy(folder);
    if (!QTest::qWaitFor([&] { return session.hasStudy() && !session.rows()->empty() && session.idle(); }, kPatience))
        return false;
    // Idle also between the rows and the recording in focus; one that cannot be read never comes.
    (void)QTest::qWaitFor([&] { return session.recording() != nullptr; }, 3000);
    return session.idle() || QTest::qWaitFor([&] { return session.idle(); }, kPatience);
}

} // namespace precordia
