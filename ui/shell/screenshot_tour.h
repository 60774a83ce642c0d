// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the window through its states and saves a picture of each: <view>-<state>-<theme>-<size>.png.
#pragma once

#include "ui/shell/main_window.h"

#include <QDir>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace precordia {

class ScreenshotTour {
public:
    // study "": a small demo study is made, embedded and briefly pretrained in a temporary folder.
    ScreenshotTour(const QString& out, const QString& study);
    ~ScreenshotTour();
    int run(); // exit code; says on stderr what it waits for in vain

private:
    bool waitFor(const QString& what, const std::function<bool()>& reached, int milliseconds);
    bool settle(); // until nothing is on its way, and everything is painted
    void shoot(const QString& view, const QString& state, int scale = 1);
    void shootWindows(const QString& state);
    void setTheme(const QString& name);
    void setSize(int width, int height);

    void welcome();
    bool openStudy();
    void emptyStates();
    bool trainAndEmbed();
    bool useDemoWeights();
    void chooseRecording();
    void views(const QString& state);
    void viewStates();
    void worklistStates();
    void worklistColumns();
    void labelStates();
    void helpers();
    void messages();

    QDir out_;
    QString study_;
    std::unique_ptr<QTemporaryDir> temporary_;
    std::unique_ptr<MainWindow> window_;
    QString theme_;
    int pictures_ = 0;
    bool failed_ = false;
};

} // namespace precordia
