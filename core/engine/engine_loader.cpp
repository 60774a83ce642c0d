// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine_loader.h"
