# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_jepa_golden SOURCES test_jepa_golden.cpp LINK core_jepa LABELS golden)
