# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_base_result SOURCES test_base_result.cpp LINK core_base LABELS unit)
precordia_test(test_base_progress SOURCES test_base_progress.cpp LINK core_base LABELS unit)
precordia_test(test_base_file SOURCES test_base_file.cpp LINK core_base LABELS unit)
precordia_test(test_base_job SOURCES test_base_job.cpp LINK core_base LABELS unit)
