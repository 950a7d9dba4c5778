# Warnings, hardening, sanitizers and coverage as one interface target that every module links privately,
# so that nothing leaks into the programs that use the installed library.

add_library(dubplate_compiler INTERFACE)

target_compile_options(dubplate_compiler INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough
    -fstack-protector-strong
    # A fused multiply-add rounds once where two instructions round twice: without this flag the same
    # source gives other last bits on other machines, and files would differ.
    -ffp-contract=off)
target_compile_definitions(dubplate_compiler INTERFACE _GLIBCXX_ASSERTIONS _FILE_OFFSET_BITS=64)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(dubplate_compiler INTERFACE
        -Wduplicated-cond -Wduplicated-branches -Wlogical-op)
else()
    target_compile_options(dubplate_compiler INTERFACE -Wthread-safety)
endif()
if(DUBPLATE_WERROR)
    target_compile_options(dubplate_compiler INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT DUBPLATE_SANITIZE)
    target_compile_definitions(dubplate_compiler INTERFACE _FORTIFY_SOURCE=2)
    # g++ 12 at -O3 sees overlaps in std::string that are not there (GCC bug 105651), and the like.
    target_compile_options(dubplate_compiler INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()

# The audio loops are written for the vectorizer, which g++ 12 runs in full at -O3 alone.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -ftree-vectorize -g1")
# The sanitizers' builds: -O1 keeps their tests quick and compiles in two thirds of the time of -O2.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

if(DUBPLATE_SANITIZE)
    target_compile_options(dubplate_compiler INTERFACE
        -fsanitize=${DUBPLATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(dubplate_compiler INTERFACE -fsanitize=${DUBPLATE_SANITIZE})
endif()
if(DUBPLATE_COVERAGE)
    target_compile_options(dubplate_compiler INTERFACE --coverage -O0 -g)
    target_link_options(dubplate_compiler INTERFACE --coverage)
endif()

find_program(DUBPLATE_CCACHE ccache)
if(DUBPLATE_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${DUBPLATE_CCACHE}")
endif()
