# dubplate_module(path USES module... [PUBLIC_LIBS lib...] [PRIVATE_LIBS lib...])
#
# One folder below src/ becomes one static library, dubplate::<path with _ for />. A module is declared
# after the modules that it uses, so a circle or an arrow upwards does not configure. Each pair is written
# to module_uses.txt in the build folder, where the lint of the floors reads what a folder may include.

set(DUBPLATE_USES_TABLE "${CMAKE_BINARY_DIR}/module_uses.txt")
file(WRITE "${DUBPLATE_USES_TABLE}" "")
file(TOUCH "${CMAKE_BINARY_DIR}/empty.cpp")
define_property(GLOBAL PROPERTY DUBPLATE_MODULES)

function(_dubplate_link target visibility)
    foreach(lib IN LISTS ARGN)
        get_target_property(includes third_party_${lib} INTERFACE_LINK_LIBRARIES)
        target_link_libraries(${target} ${visibility} dubplate_third_party::${lib})
    endforeach()
endfunction()

function(_dubplate_declare path target)
    cmake_parse_arguments(ARG "" "" "USES;PUBLIC_LIBS;PRIVATE_LIBS" ${ARGN})
    target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>")
    target_link_libraries(${target} PRIVATE dubplate_compiler Threads::Threads)
    foreach(used IN LISTS ARG_USES)
        string(REPLACE "/" "_" used_target "${used}")
        if(NOT TARGET dubplate_${used_target})
            message(FATAL_ERROR "module ${path} uses ${used}, which is not declared above it")
        endif()
        target_link_libraries(${target} PUBLIC dubplate_${used_target})
        file(APPEND "${DUBPLATE_USES_TABLE}" "${path} ${used}\n")
    endforeach()
    file(APPEND "${DUBPLATE_USES_TABLE}" "${path} ${path}\n")
    _dubplate_link(${target} PUBLIC ${ARG_PUBLIC_LIBS})
    _dubplate_link(${target} PRIVATE ${ARG_PRIVATE_LIBS})
endfunction()

function(dubplate_module path)
    string(REPLACE "/" "_" name "${path}")
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${path}/*.cpp" "${CMAKE_SOURCE_DIR}/src/${path}/*.h")
    if(NOT sources)
        set(sources "${CMAKE_BINARY_DIR}/empty.cpp")
    endif()
    add_library(dubplate_${name} STATIC ${sources})
    set_target_properties(dubplate_${name} PROPERTIES LINKER_LANGUAGE CXX)
    add_library(dubplate::${name} ALIAS dubplate_${name})
    _dubplate_declare(${path} dubplate_${name} ${ARGN})
    set_property(GLOBAL APPEND PROPERTY DUBPLATE_MODULES dubplate_${name})
endfunction()

function(dubplate_program name path)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${path}/*.cpp")
    if(NOT sources)
        set(sources "${CMAKE_BINARY_DIR}/empty.cpp")
    endif()
    add_executable(${name} ${sources})
    _dubplate_declare(${path} ${name} ${ARGN})
    # The header-only command line parser takes the optimizer half a minute a file under the sanitizers.
    if(DUBPLATE_SANITIZE)
        target_compile_options(${name} PRIVATE -O0)
    endif()
    install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# libdubplate.so holds every module. A program that links it needs our headers, tl::expected, fmt and
# nlohmann_json, and none of the codecs' development files.
function(dubplate_shared_library)
    include(GNUInstallDirs)
    include(CMakePackageConfigHelpers)
    get_property(modules GLOBAL PROPERTY DUBPLATE_MODULES)
    add_library(dubplate_shared SHARED "${CMAKE_BINARY_DIR}/empty.cpp")
    set_target_properties(dubplate_shared PROPERTIES OUTPUT_NAME dubplate EXPORT_NAME dubplate
        VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
    foreach(module IN LISTS modules)
        target_link_libraries(dubplate_shared PRIVATE
            "$<BUILD_INTERFACE:-Wl,--whole-archive,$<TARGET_FILE:${module}>,--no-whole-archive>"
            "$<BUILD_INTERFACE:${module}>")
        add_dependencies(dubplate_shared ${module})
    endforeach()
    target_link_libraries(dubplate_shared PRIVATE $<BUILD_INTERFACE:dubplate_compiler>
        INTERFACE tl::expected fmt::fmt nlohmann_json::nlohmann_json)
    target_compile_features(dubplate_shared PUBLIC cxx_std_20)
    target_include_directories(dubplate_shared INTERFACE $<INSTALL_INTERFACE:include/dubplate>)

    install(TARGETS dubplate_shared EXPORT dubplate LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT dubplate NAMESPACE dubplate:: FILE dubplateTargets.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/dubplate)
    install(DIRECTORY "${CMAKE_SOURCE_DIR}/src/" DESTINATION include/dubplate
        FILES_MATCHING PATTERN "*.h" PATTERN "apps" EXCLUDE)
    file(WRITE "${CMAKE_BINARY_DIR}/dubplateConfig.cmake.in" [[
@PACKAGE_INIT@
include(CMakeFindDependencyMacro)
find_dependency(fmt)
find_dependency(nlohmann_json)
find_dependency(tl-expected)
include("${CMAKE_CURRENT_LIST_DIR}/dubplateTargets.cmake")
]])
    configure_package_config_file("${CMAKE_BINARY_DIR}/dubplateConfig.cmake.in"
        "${CMAKE_BINARY_DIR}/dubplateConfig.cmake" INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/dubplate)
    write_basic_package_version_file("${CMAKE_BINARY_DIR}/dubplateConfigVersion.cmake"
        COMPATIBILITY SameMinorVersion)
    install(FILES "${CMAKE_BINARY_DIR}/dubplateConfig.cmake" "${CMAKE_BINARY_DIR}/dubplateConfigVersion.cmake"
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/dubplate)
endfunction()
