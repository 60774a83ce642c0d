# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_synthesis SOURCES test_synthesis.cpp LINK core_ecg LABELS unit)
precordia_test(test_signal_filter SOURCES test_signal_filter.cpp LINK core_signal LABELS unit)
precordia_test(test_signal_preprocess SOURCES test_signal_preprocess.cpp LINK core_signal LABELS unit)
# Reads annotated records through core_io where the data folder is there.
precordia_test(test_signal_r_peaks SOURCES test_signal_r_peaks.cpp LINK core_signal core_io LABELS unit)
precordia_test(test_signal_display_filter SOURCES test_signal_display_filter.cpp LINK core_signal LABELS unit)
precordia_test(test_signal_trend SOURCES test_signal_trend.cpp LINK core_signal LABELS unit)
precordia_test(test_signal_measurements SOURCES test_signal_measurements.cpp LINK core_signal LABELS unit)
precordia_test(test_signal_delineation SOURCES test_signal_delineation.cpp LINK core_signal core_io LABELS unit)
precordia_test(test_signal_quality SOURCES test_signal_quality.cpp LINK core_signal LABELS unit)
precordia_test(test_signal_cli SOURCES test_signal_cli.cpp LINK core_io LABELS unit)
add_dependencies(test_signal_cli precordia-cli)
