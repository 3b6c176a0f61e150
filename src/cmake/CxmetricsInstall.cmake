# SPDX-License-Identifier: Apache-2.0
# `find_package(cxmetrics 0.1)` gives cxmetrics::headers and cxmetrics::cxmetrics.
include(CMakePackageConfigHelpers)

set(cxmetrics_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/cxmetrics")
install(
  TARGETS cxmetrics_headers cxmetrics
  EXPORT cxmetricsTargets
  FILE_SET HEADERS
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
)
install(EXPORT cxmetricsTargets NAMESPACE cxmetrics:: DESTINATION "${cxmetrics_config_dir}")
configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/cxmetricsConfig.cmake.in" "${PROJECT_BINARY_DIR}/cxmetricsConfig.cmake"
  INSTALL_DESTINATION "${cxmetrics_config_dir}"
)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/cxmetricsConfigVersion.cmake" COMPATIBILITY SameMinorVersion
)
install(FILES "${PROJECT_BINARY_DIR}/cxmetricsConfig.cmake" "${PROJECT_BINARY_DIR}/cxmetricsConfigVersion.cmake"
        DESTINATION "${cxmetrics_config_dir}"
)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/cxmetrics")
