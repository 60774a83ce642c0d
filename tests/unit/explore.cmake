# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_explore_map SOURCES test_explore_map.cpp LINK core_explore LABELS unit)
precordia_test(test_explore_probe SOURCES test_explore_probe.cpp LINK core_explore LABELS unit)
precordia_test(test_explore_history SOURCES test_explore_history.cpp LINK core_explore LABELS unit)
precordia_test(test_explore_truth SOURCES test_explore_truth.cpp LINK core_explore LABELS unit)
precordia_test(test_explore_surprise SOURCES test_explore_surprise.cpp LINK core_explore LABELS unit)
precordia_test(test_explore_study SOURCES test_explore_study.cpp LINK core_explore nlohmann_json::nlohmann_json LABELS unit ENGINE)
precordia_test(test_explore_metrics SOURCES test_explore_metrics.cpp LINK core_explore LABELS unit)
precordia_test(test_explore_compare SOURCES test_explore_compare.cpp LINK core_report nlohmann_json::nlohmann_json Qt6::Svg LABELS unit ENGINE)
