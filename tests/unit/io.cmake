# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_io_names SOURCES test_io_names.cpp LINK core_io LABELS unit)
precordia_test(test_io_wfdb SOURCES test_io_wfdb.cpp LINK core_io LABELS unit)
precordia_test(test_io_annotation SOURCES test_io_annotation.cpp LINK core_io LABELS unit)
precordia_test(test_io_csv SOURCES test_io_csv.cpp LINK core_io LABELS unit)
precordia_test(test_io_dicom SOURCES test_io_dicom.cpp LINK core_io LABELS unit)
precordia_test(test_io_data SOURCES test_io_data.cpp LINK core_io LABELS unit)
precordia_test(test_io_cli SOURCES test_io_cli.cpp LINK core_io LABELS unit)
add_dependencies(test_io_cli precordia-cli)
