// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/csv_writer.h"
