# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_jepa_golden SOURCES test_jepa_golden.cpp LINK core_jepa LABELS golden)
precordia_test(test_jepa_safetensors SOURCES test_jepa_safetensors.cpp LINK core_jepa LABELS golden)
precordia_test(test_jepa_half SOURCES test_jepa_half.cpp LINK core_jepa LABELS golden)
precordia_test(test_jepa_rivals SOURCES test_jepa_rivals.cpp LINK core_jepa LABELS golden)
precordia_test(test_jepa_model SOURCES test_jepa_model.cpp LINK core_jepa LABELS golden)
# Measures, asserts nothing: built with the tests so that it stays compilable, run by hand.
add_executable(jepa_step_bench jepa_step_bench.cpp)
target_link_libraries(jepa_step_bench PRIVATE core_train precordia_flags)
