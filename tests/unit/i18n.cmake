# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_translations SOURCES test_translations.cpp LINK ui LABELS unit)
target_compile_definitions(test_translations PRIVATE PRECORDIA_LUPDATE="$<TARGET_FILE:Qt6::lupdate>")
precordia_test(test_german_window SOURCES test_german_window.cpp LINK ui LABELS ui)
