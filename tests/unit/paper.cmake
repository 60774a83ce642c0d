# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_paper SOURCES test_paper.cpp LINK core_paper core_io Qt6::Svg LABELS unit)
add_dependencies(test_paper precordia-cli)
precordia_test(test_report SOURCES test_report.cpp LINK core_report Qt6::Svg LABELS unit)
precordia_test(test_paper_canvas SOURCES test_paper_canvas.cpp LINK ui LABELS ui)
precordia_test(test_paper_layouts SOURCES test_paper_layouts.cpp LINK core_paper LABELS unit)
