# SPDX-License-Identifier: GPL-3.0-or-later
precordia_test(test_io_names SOURCES test_io_names.cpp LINK core_io LABELS unit)
precordia_test(test_io_wfdb SOURCES test_io_wfdb.cpp LINK core_io LABELS unit)
precordia_test(test_io_annotation SOURCES test_io_annotation.cpp LINK core_io LABELS unit)
precordia_test(test_io_csv SOURCES test_io_csv.cpp LINK core_io LABELS unit)
precordia_test(test_io_edf SOURCES test_io_edf.cpp edf_fixture.h LINK core_io LABELS unit)
find_library(PRECORDIA_EDFLIB edf) # the oracle of this one test, never of the program
if(PRECORDIA_EDFLIB)
  precordia_test(test_io_edf_oracle SOURCES test_io_edf_oracle.cpp edf_fixture.h LINK core_io ${PRECORDIA_EDFLIB} LABELS unit)
endif()
precordia_test(test_io_dicom SOURCES test_io_dicom.cpp LINK core_io LABELS unit)
precordia_test(test_io_data SOURCES test_io_data.cpp LINK core_io LABELS unit)
precordia_test(test_io_cli SOURCES test_io_cli.cpp LINK core_io LABELS unit)
add_dependencies(test_io_cli precordia-cli)
