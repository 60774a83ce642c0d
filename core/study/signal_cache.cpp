// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/signal_cache.h"
