# Third-party libraries, all from the distribution, each under a short name: dubplate_third_party::<name>.
# A module names the ones that it needs; nothing else may include their headers.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 REQUIRED)

function(third_party name)
    cmake_parse_arguments(ARG "" "" "TARGETS;PKG" ${ARGN})
    add_library(third_party_${name} INTERFACE)
    add_library(dubplate_third_party::${name} ALIAS third_party_${name})
    if(ARG_PKG)
        pkg_check_modules(${name}_pkg REQUIRED IMPORTED_TARGET GLOBAL ${ARG_PKG})
        target_link_libraries(third_party_${name} INTERFACE PkgConfig::${name}_pkg)
    endif()
    target_link_libraries(third_party_${name} INTERFACE ${ARG_TARGETS})
endfunction()

# Headers alone: the library is loaded when it is first needed (src/core/shared_object.h).
function(third_party_loaded name)
    pkg_check_modules(${name}_pkg REQUIRED ${ARGN})
    add_library(third_party_${name} INTERFACE)
    add_library(dubplate_third_party::${name} ALIAS third_party_${name})
    target_include_directories(third_party_${name} SYSTEM INTERFACE ${${name}_pkg_INCLUDE_DIRS})
endfunction()

third_party(expected TARGETS tl::expected)
third_party(json TARGETS nlohmann_json::nlohmann_json)
third_party(fmt TARGETS fmt::fmt)
third_party(cli11 TARGETS CLI11::CLI11)
third_party(spdlog PKG spdlog)
third_party(tomlplusplus PKG tomlplusplus)
third_party(openssl PKG libcrypto)
third_party(taglib PKG taglib)
third_party(soxr PKG soxr)
third_party(fftw PKG fftw3f)
third_party_loaded(rsvg librsvg-2.0 cairo)
third_party(highway PKG libhwy)
third_party(xxhash PKG libxxhash)
third_party(zlib PKG zlib)
third_party(pugixml PKG pugixml)
third_party(sndfile PKG sndfile)
third_party_loaded(gles egl glesv2)
third_party_loaded(libav libavformat libavcodec libavutil libswscale)

# LAME ships neither a pkg-config file nor a CMake package.
find_library(MP3LAME_LIBRARY mp3lame REQUIRED)
third_party(mp3lame TARGETS ${MP3LAME_LIBRARY})

# SOCI's CMake package asks for every database that it was built with; the headers of its backends need those of the two.
find_library(SOCI_CORE_LIBRARY soci_core REQUIRED)
find_library(SOCI_SQLITE3_LIBRARY soci_sqlite3 REQUIRED)
find_library(SOCI_POSTGRESQL_LIBRARY soci_postgresql REQUIRED)
third_party(soci PKG sqlite3 libpq TARGETS ${SOCI_SQLITE3_LIBRARY} ${SOCI_POSTGRESQL_LIBRARY} ${SOCI_CORE_LIBRARY})
