# SPDX-License-Identifier: GPL-3.0-or-later
foreach(area cache embeddings import labels mapping privacy readers schema splits store worklist)
  precordia_test(test_study_${area} SOURCES test_study_${area}.cpp LINK core_study Qt6::Sql LABELS unit)
endforeach()
precordia_test(test_study_overview SOURCES test_study_overview.cpp LINK core_study LABELS unit)
