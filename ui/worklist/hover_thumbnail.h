// SPDX-License-Identifier: GPL-3.0-or-later
// The card beside a row on which the pointer rests: the first ten seconds of II and V1 on paper, and what is known of
// the recording. Read and drawn by a worker; the latest ones are kept.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/job.h"
#include "core/paper/paper.h"
#include "core/study/study.h"
#endif

#include <QFrame>
#include <QImage>

#include <list>
#include <memory>

class QLabel;

namespace precordia {

// `leads` of the recording under each other, or its first ones where it has none of these; size in px at scale 1.
QImage thumbnailOf(const Recording& recording, const std::vector<std::string>& leads, const PaperColours& colours,
                   QSize size, double scale);

class HoverThumbnail : public QFrame {
    Q_OBJECT
public:
    explicit HoverThumbnail(QWidget* parent);
    ~HoverThumbnail() override;

    // The card of a recording beside `beside` (global); the picture follows when it is drawn.
    void want(const std::filesystem::path& study, const RecordingRow& row, const QString& text, const QRect& beside);
    void dismiss();
    void forget();                                    // another study, or another theme
    RecordingId recording() const { return wanted_; } // invalid: nothing is shown
    bool hasPicture() const;
    int kept() const { return static_cast<int>(pictures_.size()); }

private:
    void show(const QImage& picture);
    void place();

    QLabel* picture_;
    QLabel* text_;
    QRect beside_;
    RecordingId wanted_;
    std::list<std::pair<RecordingId, QImage>> pictures_; // latest first
    std::uint64_t generation_ = 0;
    int job_ = 0;
    std::unique_ptr<JobRunner> worker_; // last: stopped first
};

} // namespace precordia
