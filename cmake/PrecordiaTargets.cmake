# SPDX-License-Identifier: GPL-3.0-or-later
# Each folder is one target; what a folder may not know, it does not link. Includes are written from the source root.

# precordia_library(NAME SOURCES ... LINK ... [PRIVATE_LINK ...])
function(precordia_library name)
  cmake_parse_arguments(ARG "MOC" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE precordia_flags ${ARG_PRIVATE_LINK})
  set_target_properties(${name} PROPERTIES AUTOMOC ${ARG_MOC} AUTOUIC OFF AUTORCC OFF)
endfunction()

# precordia_test(NAME SOURCES ... LINK ... [LABELS unit|golden|ui] [OFFSCREEN] [ENGINE]): one Qt Test executable, one ctest line.
function(precordia_test name)
  cmake_parse_arguments(ARG "OFFSCREEN;ENGINE" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE precordia_flags Qt6::Test ${ARG_LINK})
  add_test(NAME ${name} COMMAND ${name})
  # QT_QPA_PLATFORM is set for all: a suite must not open windows on anyone's desk.
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 600
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;PRECORDIA_SOURCE_DIR=${CMAKE_SOURCE_DIR};PRECORDIA_ENGINE=$<TARGET_FILE:precordia_engine>;PRECORDIA_RESOURCES=${CMAKE_SOURCE_DIR}/resources;PRECORDIA_CLI=$<TARGET_FILE:precordia-cli>")
  if(ARG_ENGINE)
    add_dependencies(${name} precordia_engine)
  endif()
endfunction()
