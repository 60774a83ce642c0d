# SPDX-License-Identifier: GPL-3.0-or-later
foreach(area collapse head inference memory optimiser processes resume variants)
  precordia_test(test_train_${area}
    SOURCES test_train_${area}.cpp
    LINK core_train nlohmann_json::nlohmann_json
    LABELS golden)
endforeach()
