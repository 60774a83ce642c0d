# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_engine_config SOURCES test_engine_config.cpp LINK core_engine nlohmann_json::nlohmann_json LABELS unit)
precordia_test(test_engine_loader SOURCES test_engine_loader.cpp LINK core_engine LABELS unit ENGINE)
precordia_test(test_engine_run SOURCES test_engine_run.cpp LINK core_engine LABELS unit)
