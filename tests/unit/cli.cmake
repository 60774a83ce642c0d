# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_quiet_qt SOURCES test_quiet_qt.cpp ${PROJECT_SOURCE_DIR}/app/quiet_qt.cpp LINK core_base LABELS unit)
