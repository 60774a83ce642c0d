# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_quiet_qt SOURCES test_quiet_qt.cpp ${PROJECT_SOURCE_DIR}/app/quiet_qt.cpp LINK core_base LABELS unit)
precordia_test(test_pretrain_cli SOURCES test_pretrain_cli.cpp LINK core_base LABELS unit ENGINE)
add_dependencies(test_pretrain_cli precordia-cli)
