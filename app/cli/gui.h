// SPDX-License-Identifier: GPL-3.0-or-later
// The fonts of Qt need an application object, though no display (main() chooses the offscreen platform).
#pragma once

namespace precordia::cli {

// Makes the one QGuiApplication of the process when a command first draws; later calls do nothing.
void ensureGui();

} // namespace precordia::cli
