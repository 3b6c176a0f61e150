# SPDX-License-Identifier: Apache-2.0
# The warnings of the house, for its own targets only. Presets turn them into errors.
add_library(cxmetrics_warnings INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(
    cxmetrics_warnings
    INTERFACE -Wall
              -Wextra
              -Wpedantic
              -Wconversion
              -Wsign-conversion
              -Wshadow
              -Wold-style-cast
              -Wdouble-promotion
              -Wnon-virtual-dtor
              # std::stable_sort of libstdc++ 12 uses what libstdc++ 12 deprecates, and clang says so
              $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
              # g++ 12 takes the concatenation of a text and a string for overlapping memory (its bug 105651)
              $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  )
endif()
