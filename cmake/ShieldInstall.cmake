# Installs libshield: libraries, headers, a CMake package (`find_package(Shield)`, targets
# Shield::client and Shield::mock) and a pkg-config file (`shield`). The component is called sdk:
#
#   cmake --install build/release --component sdk --prefix /opt/shield

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Everything a program that uses the library links, and what it is called from outside.
set(SHIELD_SDK_TARGETS
  base crypto opening policy proof connection client_state client_content client_home client
  client_mock proto wire client_transport)
set(SHIELD_SDK_LIBRARIES "")

# Shield::client is the whole: the library and its connection over gRPC.
add_library(shield_sdk INTERFACE)
target_link_libraries(shield_sdk INTERFACE shield_client shield_client_transport shield_wire)
set_target_properties(shield_sdk PROPERTIES EXPORT_NAME client)
set_target_properties(shield_client PROPERTIES EXPORT_NAME client_core)
# Shield::mock is for the tests of such programs: a broker and an authority in memory.
set_target_properties(shield_client_mock PROPERTIES EXPORT_NAME mock)

foreach(name IN LISTS SHIELD_SDK_TARGETS)
  get_target_property(type shield_${name} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    string(APPEND SHIELD_SDK_LIBRARIES " -lshield_${name}")
  endif()
  get_target_property(export_name shield_${name} EXPORT_NAME)
  if(NOT export_name)
    set_target_properties(shield_${name} PROPERTIES EXPORT_NAME ${name})
  endif()
  get_target_property(sets shield_${name} INTERFACE_HEADER_SETS)
  set(headers "")
  if(sets)
    set(headers FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/shield COMPONENT sdk)
  endif()
  install(TARGETS shield_${name} EXPORT ShieldTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk ${headers})
endforeach()
install(TARGETS shield_sdk EXPORT ShieldTargets)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Shield)
install(EXPORT ShieldTargets NAMESPACE Shield:: DESTINATION ${package_folder} COMPONENT sdk)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/ShieldConfig.cmake.in
  ${PROJECT_BINARY_DIR}/ShieldConfig.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ShieldConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ShieldConfig.cmake ${PROJECT_BINARY_DIR}/ShieldConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT sdk)

configure_file(${PROJECT_SOURCE_DIR}/cmake/shield.pc.in ${PROJECT_BINARY_DIR}/shield.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/shield.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/client/example/
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/example COMPONENT sdk)

# The programs themselves:
#
#   cmake --install build/release --component programs --prefix /usr
install(TARGETS shield_program shieldd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)

# The systemd units, which are switched on one by one as each says in its head:
#
#   cmake --install build/release --component units --prefix /usr
file(GLOB shield_units CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/deploy/*.service ${PROJECT_SOURCE_DIR}/deploy/*.timer)
install(FILES ${shield_units} DESTINATION lib/systemd/system COMPONENT units)
