// SPDX-License-Identifier: GPL-3.0-or-later
// How large a millimetre is on a screen: what the display says of itself, or what a person measured with a bank card.
#pragma once

#include <QDialog>

class QLabel;
class QScreen;
class QSlider;

namespace precordia {

class Settings;

// Logical pixels a mm; what was measured on this screen, else by the display's own size (96 dpi where it tells
// nonsense).
double screenPixelsPerMm(const Settings& settings, const QScreen& screen);
void setScreenPixelsPerMm(Settings& settings, const QScreen& screen, double pixelsPerMm);

// A card of 85.60 x 53.98 mm (ISO/IEC 7810 ID-1) and a ruler on the screen, made larger or smaller until they are as
// large as the real ones.
class ScreenScaleDialog : public QDialog {
    Q_OBJECT
public:
    explicit ScreenScaleDialog(double pixelsPerMm, QWidget* parent = nullptr);
    double pixelsPerMm() const;

private:
    QSlider* size_;
    QLabel* says_;
};

} // namespace precordia
