# Headers of the standard library, Abseil and GoogleTest that nearly every source includes, parsed
# once a build: without this two thirds of the time of a compiler go into reading them again.
#
# They are precompiled twice, because libraries and programs are compiled differently (-fPIC, -fPIE).
# Each source still names what it uses: the analyze preset builds without these. Only GCC.

set(SHIELD_PRECOMPILED OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(SHIELD_PRECOMPILED ON)
  # The first lets ccache see which precompiled header a source was compiled with. The second is what
  # some libraries ask for; a header is precompiled with it or without.
  add_compile_options(-fpch-preprocess -pthread)
endif()

set(shield_common_headers
  <algorithm> <array> <atomic> <chrono> <cstddef> <cstdint> <filesystem> <fstream> <functional>
  <iterator> <map> <memory> <optional> <set> <span> <string> <thread> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/match.h> <absl/strings/str_cat.h> <absl/strings/str_split.h>
  <absl/strings/string_view.h> <absl/time/clock.h> <absl/time/time.h>)

# A target that has nothing but a precompiled header: of the common ones and HEADERS.
function(_shield_precompile name)
  cmake_parse_arguments(ARG "EXECUTABLE" "" "LINK;HEADERS" ${ARGN})
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/${name}.cc" CONTENT "\n")
  if(ARG_EXECUTABLE)
    add_executable(${name} "${PROJECT_BINARY_DIR}/${name}.cc")
  else()
    add_library(${name} STATIC "${PROJECT_BINARY_DIR}/${name}.cc")
  endif()
  target_link_libraries(${name} PRIVATE shield_compiler absl::statusor ${ARG_LINK})
  target_precompile_headers(${name} PRIVATE ${shield_common_headers} ${ARG_HEADERS})
  if(SHIELD_CCACHE)
    set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER
      "${PROJECT_SOURCE_DIR}/cmake/precompile;${CMAKE_CXX_COMPILER_LAUNCHER}")
  endif()
endfunction()

# For libraries.
function(shield_use_precompiled target)
  if(NOT SHIELD_PRECOMPILED)
    return()
  endif()
  if(NOT TARGET shield_precompiled)
    _shield_precompile(shield_precompiled)
  endif()
  target_precompile_headers(${target} REUSE_FROM shield_precompiled)
endfunction()

# For programs of tests.
function(shield_use_precompiled_for_tests target)
  if(NOT SHIELD_PRECOMPILED)
    return()
  endif()
  if(NOT TARGET shield_precompiled_test)
    _shield_precompile(shield_precompiled_test EXECUTABLE
      LINK GTest::gmock GTest::gtest_main
      HEADERS <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  target_precompile_headers(${target} REUSE_FROM shield_precompiled_test)
  # libstdc++ mutes these for its own strings by pragmas (bits/char_traits.h), which GCC 12 forgets in a
  # precompiled header; the last shows below -O2 only.
  target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow
                         $<$<NOT:$<CONFIG:Release>>:-Wno-stringop-overread>)
endfunction()
