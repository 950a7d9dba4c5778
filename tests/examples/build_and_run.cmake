# Installs Dubplate below SCRATCH, builds the project in SOURCE against it and runs each program there is.
# Needs BUILD, SOURCE, SCRATCH, COMPILER.

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\nended with ${status}:\n${output}")
    endif()
    message("${output}")
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}/work")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${SCRATCH}/installed")
run("${CMAKE_COMMAND}" -G Ninja -S "${SOURCE}" -B "${SCRATCH}/build" "-DCMAKE_CXX_COMPILER=${COMPILER}"
    "-DCMAKE_PREFIX_PATH=${SCRATCH}/installed")
run("${CMAKE_COMMAND}" --build "${SCRATCH}/build")
run("${CMAKE_COMMAND}" -E chdir "${SCRATCH}/work" "${SCRATCH}/build/export_tone" tone.flac)
if(NOT EXISTS "${SCRATCH}/work/tone.flac")
    message(FATAL_ERROR "export_tone wrote no tone.flac")
endif()
