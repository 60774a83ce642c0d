# SPDX-License-Identifier: GPL-3.0-or-later
# Compiler, cache and linker choices that hold for every target.
option(PRECORDIA_TESTS "Build the test suite" ON)
option(PRECORDIA_WERROR "Warnings are errors (on in every preset)" OFF)
set(PRECORDIA_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: address,undefined or thread")

option(PRECORDIA_FUZZ "Link the fuzz targets with libFuzzer (clang)" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)   # static core libraries go into the engine module too
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -O2: -O3 costs build time and gains nothing here, the heavy arithmetic is in BLAS, oneDNN and Eigen.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(PRECORDIA_CCACHE ccache)
if(PRECORDIA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the source tree, so that a second clone or build folder hits the same cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${PRECORDIA_CCACHE})
endif()
find_program(PRECORDIA_MOLD mold)
if(PRECORDIA_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()
if(PRECORDIA_SANITIZE)
  add_compile_options(-fsanitize=${PRECORDIA_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PRECORDIA_SANITIZE})
endif()
# A torch file takes up to 1.5 GB and 20 s to compile: never more than two at once.
set_property(GLOBAL PROPERTY JOB_POOLS torch_pool=2)

add_library(precordia_flags INTERFACE)
target_compile_options(precordia_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wundef
  # False alarms of GCC 12 in the standard library at -O2: stop_source and variant; std::string + (bug 105651)
  -Wno-maybe-uninitialized -Wno-restrict
  $<$<BOOL:${PRECORDIA_WERROR}>:-Werror>)
target_compile_definitions(precordia_flags INTERFACE
  QT_NO_KEYWORDS QT_NO_CAST_FROM_BYTEARRAY QT_DISABLE_DEPRECATED_BEFORE=0x060400
  PRECORDIA_VERSION="${PROJECT_VERSION}")
