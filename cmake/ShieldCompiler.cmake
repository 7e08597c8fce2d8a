# Compiler settings that every target of the project shares. Presets choose the build type and the
# sanitizer; this file turns the choice into flags, so that no target sets its own.

set(SHIELD_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, for example address,undefined")
option(SHIELD_HARDENED "Hardening flags for binaries that are shipped" OFF)

find_program(SHIELD_CCACHE ccache)
if(SHIELD_CCACHE)
  # A miss costs no second run of the preprocessor, and precompiled headers (ShieldPrecompiled.cmake)
  # are known by their checksums.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_DEPEND=1 CCACHE_PCH_EXTSUM=1
    CCACHE_SLOPPINESS=pch_defines,time_macros "${SHIELD_CCACHE}")
endif()

add_library(shield_compiler INTERFACE)
target_compile_options(shield_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror)

# Of a unity build: sources of one compiler call. Presets choose it; in `dev` and `analyze` each
# source is compiled by itself.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 takes the value of an absl::StatusOr that holds an error for one that might be read.
  target_compile_options(shield_compiler INTERFACE -Wno-maybe-uninitialized)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # The house annotates its locks (base/mutex.h); only clang can check them.
  target_compile_options(shield_compiler INTERFACE -Wthread-safety -Wthread-safety-beta)
endif()

if(SHIELD_SANITIZE)
  add_compile_options(-fsanitize=${SHIELD_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SHIELD_SANITIZE})
endif()

if(SHIELD_FUZZ)
  # Every library is instrumented, so that the fuzzer sees which inputs reach new code.
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

if(SHIELD_HARDENED)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection)
  add_compile_definitions(_FORTIFY_SOURCE=3 _GLIBCXX_ASSERTIONS)
  add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()

# Debian builds Abseil and gRPC without NDEBUG; a different setting here would give inline
# functions of their headers two definitions in one program.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
