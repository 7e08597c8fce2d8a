# Layers as targets.
#
#   shield_library(<name> HEADERS a.h … SOURCES a.cc … DEPENDS shield::base … [LINK PkgConfig::x …]
#                  [LABELS …] [ALONE a.cc …])
#   shield_executable(<name> SOURCES … DEPENDS … [LINK …] [OUTPUT shieldd])
#   shield_test(<name> SOURCES … DEPENDS … [LINK …] [LABELS …] [COST …] [ALONE a.cc …])
#
# ALONE: which of its sources are compiled one by one, also in a unity build, for they have private names
# in common with others, each meaning its own (kFirstLine of one text, kFirstLine of another).
#
# COST: how many seconds its slowest test takes, about; ctest begins with the slowest, which would
# otherwise keep one core waiting at the end.
#
# DEPENDS names Shield's own targets and is the whole truth about what a target may include:
# shield_check_layers() reads every `#include "…"` of every target at configure time and stops when
# one belongs to a target that is not in DEPENDS. That is how "only downward", "broker and client
# never meet" and "nothing under broker/ opens a slot" hold by construction.

set_property(GLOBAL PROPERTY SHIELD_TARGETS "")

function(_shield_register name)
  set_property(GLOBAL APPEND PROPERTY SHIELD_TARGETS ${name})
endfunction()

function(_shield_setup name)
  cmake_parse_arguments(ARG "" "OUTPUT" "HEADERS;SOURCES;DEPENDS;LINK;LABELS" ${ARGN})
  set(files "")
  foreach(file IN LISTS ARG_HEADERS ARG_SOURCES)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    list(APPEND files "${file}")
  endforeach()
  set_target_properties(${name} PROPERTIES SHIELD_FILES "${files}" SHIELD_DEPENDS "${ARG_DEPENDS}")
  set_property(TARGET ${name} PROPERTY SHIELD_HEADERS "${ARG_HEADERS}")
  _shield_register(${name})
endfunction()

function(_shield_compile_alone)
  if(ARGN)
    set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
endfunction()

function(shield_library name)
  cmake_parse_arguments(ARG "" "" "HEADERS;SOURCES;DEPENDS;LINK;LABELS;ALONE" ${ARGN})
  set(target shield_${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:shield_compiler>)
    shield_use_precompiled(${target})
    _shield_compile_alone(${ARG_ALONE})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(shield::${name} ALIAS ${target})
  if(ARG_HEADERS)
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}"
                   FILES ${ARG_HEADERS})
    if(ARG_SOURCES)
      # Each header compiles alone: `cmake --build … --target all_verify_interface_header_sets`.
      set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    endif()
  endif()
  target_link_libraries(${target} ${scope} ${ARG_DEPENDS} ${ARG_LINK})
  _shield_setup(${target} HEADERS ${ARG_HEADERS} SOURCES ${ARG_SOURCES} DEPENDS ${ARG_DEPENDS})
endfunction()

function(shield_executable name)
  cmake_parse_arguments(ARG "" "OUTPUT" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE shield_compiler ${ARG_DEPENDS} ${ARG_LINK})
  if(ARG_OUTPUT)
    # A program people run: all of them stand in one folder, under the name it is known by.
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${ARG_OUTPUT}
                          RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  endif()
  _shield_setup(${name} SOURCES ${ARG_SOURCES} DEPENDS ${ARG_DEPENDS})
endfunction()

function(shield_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;COST" "SOURCES;DEPENDS;LINK;LABELS;ENVIRONMENT;ALONE" ${ARGN})
  shield_executable(${name} SOURCES ${ARG_SOURCES} DEPENDS ${ARG_DEPENDS}
                    LINK GTest::gmock GTest::gtest_main ${ARG_LINK})
  shield_use_precompiled_for_tests(${name})
  _shield_compile_alone(${ARG_ALONE})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_COST)
    set(ARG_COST 0)
  endif()
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       TEST_PREFIX "${name}." TEST_LIST ${name}_discovered
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  # Properties that are lists do not survive the way through gtest_discover_tests; a file that ctest
  # reads after the discovery sets them.
  set(properties_file "${CMAKE_CURRENT_BINARY_DIR}/${name}_properties.cmake")
  file(WRITE "${properties_file}"
"if(${name}_discovered)
  set_tests_properties(\${${name}_discovered} PROPERTIES
    COST ${ARG_COST}
    LABELS \"${ARG_LABELS}\"
    ENVIRONMENT \"SHIELD_SOURCE_DIR=${PROJECT_SOURCE_DIR};SHIELD_BINARY_DIR=${PROJECT_BINARY_DIR}\")
endif()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${properties_file}")
endfunction()

# The path of an include, as the sources write it, to the target that owns it.
function(_shield_index_headers)
  get_property(targets GLOBAL PROPERTY SHIELD_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(files ${target} SHIELD_FILES)
    foreach(file IN LISTS files)
      if(file MATCHES "\\.h$")
        cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE path)
        set_property(GLOBAL PROPERTY "SHIELD_OWNER_${path}" ${target})
      endif()
    endforeach()
  endforeach()
endfunction()

# All Shield targets that `target` reaches through DEPENDS.
function(_shield_reach target out)
  set(reached "")
  set(open ${target})
  while(open)
    list(POP_FRONT open next)
    get_target_property(depends ${next} SHIELD_DEPENDS)
    foreach(dependency IN LISTS depends)
      string(REGEX REPLACE "^shield::" "shield_" dependency "${dependency}")
      if(TARGET ${dependency} AND NOT dependency IN_LIST reached)
        list(APPEND reached ${dependency})
        get_target_property(own ${dependency} SHIELD_FILES)
        if(own)
          list(APPEND open ${dependency})
        endif()
      endif()
    endforeach()
  endwhile()
  set(${out} "${reached}" PARENT_SCOPE)
endfunction()

# What no target of a folder may reach, however long the way.
set(SHIELD_FORBIDDEN_base crypto policy proto broker client tests)
set(SHIELD_FORBIDDEN_crypto policy proto broker client tests)
set(SHIELD_FORBIDDEN_policy crypto/opening proto broker client tests)
set(SHIELD_FORBIDDEN_proto crypto policy broker client tests)
set(SHIELD_FORBIDDEN_broker crypto/opening client tests)
set(SHIELD_FORBIDDEN_client broker tests)

# The folder of a target's sources, relative to the project, with a slash at the end.
function(_shield_folder target out)
  get_target_property(folder ${target} SOURCE_DIR)
  cmake_path(RELATIVE_PATH folder BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE folder)
  set(${out} "${folder}/" PARENT_SCOPE)
endfunction()

function(_shield_check_reach target out)
  set(faults "")
  _shield_folder(${target} folder)
  _shield_reach(${target} reached)
  string(REGEX REPLACE "/.*$" "" layer "${folder}")
  foreach(other IN LISTS reached)
    _shield_folder(${other} other_folder)
    foreach(forbidden IN LISTS SHIELD_FORBIDDEN_${layer})
      string(FIND "${other_folder}" "${forbidden}/" position)
      if(position EQUAL 0)
        string(APPEND faults "\n  ${target} in ${folder} reaches ${other} in ${other_folder}")
      endif()
    endforeach()
  endforeach()
  set(${out} "${faults}" PARENT_SCOPE)
endfunction()

function(shield_check_layers)
  _shield_index_headers()
  get_property(targets GLOBAL PROPERTY SHIELD_TARGETS)
  set(faults "")
  foreach(target IN LISTS targets)
    _shield_check_reach(${target} reach_faults)
    string(APPEND faults "${reach_faults}")
    get_target_property(files ${target} SHIELD_FILES)
    get_target_property(depends ${target} SHIELD_DEPENDS)
    set(allowed ${target})
    foreach(dependency IN LISTS depends)
      if(dependency MATCHES "^shield::(.*)$")
        list(APPEND allowed shield_${CMAKE_MATCH_1})
      else()
        list(APPEND allowed ${dependency})
      endif()
    endforeach()
    foreach(file IN LISTS files)
      file(STRINGS "${file}" lines REGEX "^#include \"[^\"]+\"")
      foreach(line IN LISTS lines)
        string(REGEX REPLACE "^#include \"([^\"]+)\".*$" "\\1" include "${line}")
        get_property(owner GLOBAL PROPERTY "SHIELD_OWNER_${include}")
        cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE path)
        if(owner)
          if(NOT owner IN_LIST allowed)
            string(APPEND faults "\n  ${path}: includes \"${include}\" of ${owner}, which ${target} does not depend on")
          endif()
        elseif(include MATCHES "^(base|crypto|policy|broker|client|tests)/")
          string(APPEND faults "\n  ${path}: includes \"${include}\", which no target owns")
        endif()
      endforeach()
    endforeach()
  endforeach()
  if(faults)
    message(FATAL_ERROR "layer check failed:${faults}\nThe layers are described in docs/design/architecture.md.")
  endif()
endfunction()
