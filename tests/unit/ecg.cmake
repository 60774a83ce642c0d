# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_ecg_recording SOURCES test_ecg_recording.cpp LINK core_ecg LABELS unit)
