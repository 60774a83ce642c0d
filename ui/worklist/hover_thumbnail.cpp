// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/hover_thumbnail.h"

#include "core/study/recording_source.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QLabel>
#include <QMetaObject>
#include <QPainter>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace precordia {

namespace {

constexpr std::size_t kKept = 96; // of 0.3 MB each
constexpr double kShownSeconds = 10;
constexpr double kLongestSeconds = 600; // a longer one would have to be read whole for ten seconds of it
const QSize kSize(360, 132);
constexpr int kNameRoom = 26; // px left of the traces

std::vector<std::string> leadsToShow(const Recording& recording, const std::vector<std::string>& wanted) {
    std::vector<std::string> leads;
    for (const auto& name : wanted)
        if (recording.find(name).valid())
            leads.push_back(name);
    for (const Lead& lead : recording.leads)
        if (leads.size() < wanted.size() && std::find(leads.begin(), leads.end(), lead.name) == leads.end())
            leads.push_back(lead.name);
    return leads;
}

} // namespace

QImage thumbnailOf(const Recording& recording, const std::vector<std::string>& wanted, const PaperColours& colours,
                   QSize size, double scale) {
    QImage image(size * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(colours.ground);
    const auto leads = leadsToShow(recording, wanted);
    const double seconds = std::min(kShownSeconds, recording.seconds());
    if (leads.empty() || seconds <= 0)
        return image;
    PaperOptions options;
    options.calibrationPulse = false;
    options.footer = QStringLiteral(" ");
    options.colours = colours;
    const double pxPerMm = (size.width() - kNameRoom) / (kShownSeconds * options.speed);
    const double rowMm = size.height() / pxPerMm / static_cast<double>(leads.size());
    PaperPage page;
    page.sizeMm = QSizeF(size.width() / pxPerMm, size.height() / pxPerMm);
    page.traceArea = QRectF(kNameRoom / pxPerMm, 0, kShownSeconds * options.speed, page.sizeMm.height());
    for (std::size_t i = 0; i < leads.size(); ++i) {
        PaperStrip strip;
        strip.lead = recording.find(leads[i]);
        strip.endSeconds = seconds;
        strip.rect = QRectF(page.traceArea.left(), static_cast<double>(i) * rowMm, page.traceArea.width(), rowMm);
        strip.baselineY = strip.rect.top() + rowMm * 0.6;
        page.strips.push_back(strip); // without a name: at this scale it would be too small to read
    }
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.save();
    painter.scale(pxPerMm, pxPerMm);
    drawPaper(painter, recording, options, page);
    painter.restore();
    painter.setPen(colours.text);
    QFont font = Theme::smallFont();
    painter.setFont(font);
    for (std::size_t i = 0; i < leads.size(); ++i)
        painter.drawText(QPointF(4, static_cast<double>(i) * rowMm * pxPerMm + QFontMetricsF(font).ascent() + 3),
                         QString::fromStdString(leads[i]));
    return image;
}

HoverThumbnail::HoverThumbnail(QWidget* parent)
    : QFrame(parent, Qt::ToolTip | Qt::FramelessWindowHint)
    , picture_(new QLabel(this))
    , text_(new QLabel(this)) {
    setObjectName(QStringLiteral("hoverThumbnail"));
    setRole(this, "card");
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kStep * 2, Theme::kStep * 2, Theme::kStep * 2, Theme::kStep * 2);
    column->setSpacing(Theme::kStep);
    picture_->setFixedSize(kSize);
    picture_->setAlignment(Qt::AlignCenter);
    setRole(picture_, "small");
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::PlainText); // names and labels come from files
    text_->setFixedWidth(kSize.width());
    setRole(text_, "plain");
    column->addWidget(picture_);
    column->addWidget(text_);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &HoverThumbnail::forget);
}

HoverThumbnail::~HoverThumbnail() = default;

bool HoverThumbnail::hasPicture() const {
    return isVisible() && !picture_->pixmap(Qt::ReturnByValue).isNull();
}

void HoverThumbnail::forget() {
    dismiss();
    pictures_.clear();
    ++generation_;
}

void HoverThumbnail::dismiss() {
    wanted_ = RecordingId();
    ++generation_;
    if (worker_ && job_ != 0)
        worker_->stop(job_);
    hide();
}

void HoverThumbnail::show(const QImage& picture) {
    picture_->setPixmap(QPixmap::fromImage(picture));
}

// Beside the row, on the side where there is room, within the screen.
void HoverThumbnail::place() {
    adjustSize();
    const QRect room = screen()->availableGeometry();
    int x = beside_.right() + Theme::kStep * 2;
    if (x + width() > room.right())
        x = beside_.left() - width() - Theme::kStep * 2;
    const int y = std::clamp(beside_.top(), room.top(), std::max(room.top(), room.bottom() - height()));
    move(std::max(room.left(), x), y);
}

void HoverThumbnail::want(const std::filesystem::path& study, const RecordingRow& row, const QString& text,
                          const QRect& beside) {
    dismiss();
    wanted_ = row.id;
    beside_ = beside;
    text_->setText(text);
    const auto known =
        std::find_if(pictures_.begin(), pictures_.end(), [&](const auto& one) { return one.first == row.id; });
    if (known != pictures_.end()) {
        pictures_.splice(pictures_.begin(), pictures_, known);
        show(pictures_.front().second);
    } else if (row.samplingRate <= 0 || static_cast<double>(row.samples) > kLongestSeconds * row.samplingRate) {
        picture_->setText(tr("A long recording: choose it to see it."));
    } else {
        picture_->setText(tr("Reading…"));
        if (!worker_)
            worker_ = std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
                QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
            });
        job_ = worker_->start<QImage>(
            "thumbnail",
            [study, id = row.id, colours = theme().paper, scale = devicePixelRatioF()](const StopToken& stop,
                                                                                       Progress&) -> Result<QImage> {
                const auto opened = Study::open(study);
                if (!opened)
                    return opened.as<QImage>();
                auto recording = readBeginning(**opened, id, kShownSeconds);
                if (!recording)
                    return recording.as<QImage>();
                if (stop.stop_requested())
                    return Cancelled{};
                deriveLimbLeads(*recording);
                return thumbnailOf(*recording, {"II", "V1"}, colours, kSize, scale);
            },
            [this, id = row.id, generation = generation_](Result<QImage> drawn) {
                if (generation != generation_)
                    return; // the pointer has gone on
                if (!drawn.ok()) {
                    picture_->setText(tr("The recording cannot be read now."));
                    return;
                }
                pictures_.emplace_front(id, *drawn);
                if (pictures_.size() > kKept)
                    pictures_.pop_back();
                show(*drawn);
            });
    }
    place();
    QFrame::show();
}

} // namespace precordia
