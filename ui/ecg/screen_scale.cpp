// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/screen_scale.h"

#include "ui/settings/settings.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QScreen>
#include <QSlider>
#include <QVBoxLayout>

#include <functional>

namespace precordia {

namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kCardWidth = 85.60, kCardHeight = 53.98; // mm
constexpr double kCorner = 3.18;                          // of a card, mm
constexpr int kRuler = 100;                               // mm
constexpr double kSteps = 100;                            // of the slider a pixel and mm
constexpr double kSmallest = 1.5, kLargest = 16;          // pixels a mm: 38 to 400 dpi

QString keyOf(const QScreen& screen) {
    return QStringLiteral("screen/%1 %2/pixels_per_mm").arg(screen.manufacturer(), screen.name()).simplified();
}

class Card : public QWidget {
public:
    Card(std::function<double()> scale, QWidget* parent) : QWidget(parent), scale_(std::move(scale)) {
        setMinimumSize(560, 420);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const double px = scale_();
        const QRectF card(12, 12, kCardWidth * px, kCardHeight * px);
        painter.setPen(QPen(theme().text, 1));
        painter.setBrush(theme().soft());
        painter.drawRoundedRect(card, kCorner * px, kCorner * px);
        painter.setPen(theme().secondary);
        painter.drawText(card, Qt::AlignCenter, ScreenScaleDialog::tr("a bank card"));
        const double y = card.bottom() + 28;
        painter.setPen(QPen(theme().text, 1));
        painter.drawLine(QPointF(12, y), QPointF(12 + kRuler * px, y));
        for (int mm = 0; mm <= kRuler; ++mm) {
            const double x = 12 + mm * px;
            painter.drawLine(QPointF(x, y), QPointF(x, y + (mm % 10 == 0 ? 12 : mm % 5 == 0 ? 8 : 5)));
            if (mm % 10 == 0)
                painter.drawText(QRectF(x - 20, y + 14, 40, 16), Qt::AlignCenter, QString::number(mm / 10));
        }
        painter.drawText(QPointF(12 + kRuler * px + 8, y + 12), QStringLiteral("cm"));
    }

private:
    std::function<double()> scale_;
};

} // namespace

double screenPixelsPerMm(const Settings& settings, const QScreen& screen) {
    if (const double measured = settings.value(keyOf(screen)).toDouble(); measured >= kSmallest && measured <= kLargest)
        return measured;
    const double said = screen.physicalDotsPerInch() / kMmPerInch;
    return said >= kSmallest && said <= kLargest ? said : 96 / kMmPerInch;
}

void setScreenPixelsPerMm(Settings& settings, const QScreen& screen, double pixelsPerMm) {
    settings.setValue(keyOf(screen), pixelsPerMm);
}

ScreenScaleDialog::ScreenScaleDialog(double pixelsPerMm, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("True size on this screen"));
    auto* what =
        new QLabel(tr("Hold a bank card or a ruler against the screen and move the slider until the picture is "
                      "as large. ECG paper in true size is then correct to the millimetre."),
                   this);
    what->setWordWrap(true);
    size_ = new QSlider(Qt::Horizontal, this);
    size_->setAccessibleName(tr("Size"));
    size_->setRange(static_cast<int>(kSmallest * kSteps), static_cast<int>(kLargest * kSteps));
    size_->setSingleStep(1);
    size_->setPageStep(5);
    size_->setValue(static_cast<int>(pixelsPerMm * kSteps + 0.5));
    says_ = new QLabel(this);
    setRole(says_, "secondary");
    auto* card = new Card([this] { return this->pixelsPerMm(); }, this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(Theme::kPanel);
    column->addWidget(what);
    column->addWidget(card, 1);
    column->addWidget(size_);
    column->addWidget(says_);
    column->addWidget(buttons);
    const auto show = [this, card] {
        says_->setText(tr("%1 pixels a millimetre (%2 dpi)")
                           .arg(QLocale().toString(this->pixelsPerMm(), 'f', 2),
                                QLocale().toString(this->pixelsPerMm() * kMmPerInch, 'f', 0)));
        card->setMinimumSize(static_cast<int>(kRuler * this->pixelsPerMm()) + 60,
                             static_cast<int>(kCardHeight * this->pixelsPerMm()) + 90);
        card->update();
    };
    connect(size_, &QSlider::valueChanged, this, show);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    show();
}

double ScreenScaleDialog::pixelsPerMm() const {
    return size_->value() / kSteps;
}

} // namespace precordia
