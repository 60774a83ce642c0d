# SPDX-License-Identifier: GPL-3.0-or-later
# Mechanical gates: `--target format`, `format-check`, `tidy`.
file(GLOB_RECURSE precordia_sources CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/core/*.h ${CMAKE_SOURCE_DIR}/core/*.cpp ${CMAKE_SOURCE_DIR}/ui/*.h ${CMAKE_SOURCE_DIR}/ui/*.cpp
  ${CMAKE_SOURCE_DIR}/app/*.h ${CMAKE_SOURCE_DIR}/app/*.cpp ${CMAKE_SOURCE_DIR}/tests/*.h ${CMAKE_SOURCE_DIR}/tests/*.cpp)
find_program(PRECORDIA_CLANG_FORMAT clang-format)
if(PRECORDIA_CLANG_FORMAT)
  add_custom_target(format COMMAND ${PRECORDIA_CLANG_FORMAT} -i ${precordia_sources} VERBATIM)
  add_custom_target(format-check COMMAND ${PRECORDIA_CLANG_FORMAT} --dry-run -Werror ${precordia_sources} VERBATIM)
endif()
find_program(PRECORDIA_RUN_CLANG_TIDY NAMES run-clang-tidy run-clang-tidy-14)
if(PRECORDIA_RUN_CLANG_TIDY)
  add_custom_target(tidy COMMAND ${PRECORDIA_RUN_CLANG_TIDY} -quiet -p ${CMAKE_BINARY_DIR} "${CMAKE_SOURCE_DIR}/(core|ui|app)/.*\\.cpp$" VERBATIM)
endif()
