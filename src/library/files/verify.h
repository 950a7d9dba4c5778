// verify.h: whether the library is as its catalog says: nothing missing, nothing changed, nothing that nobody knows.
//
// Checks   each file of an asset, and each output: is it there, has it the size, the time and (unless quick) the checksum of its
//          row; each file below the folder of the outputs: has it a row; the database itself (SQLite's integrity check).
// Repairs  what a killed process left half done was finished or taken back when the outputs were opened; that is told. Nothing
//          else is changed.
// Errors   those of the database; canceled. What is wrong with files is a finding, not an error.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "library/files/outputs.h"

namespace dubplate {

struct Finding {
    std::string problem;  // "missing", "changed", "damaged", "stray", "unreadable"
    std::string path;
    std::string detail;
};

struct Verified {
    std::int64_t files = 0;  // that were looked at
    std::int64_t findings = 0;
    int recovered = 0;
};

Result<Verified> verify_library(Catalog& catalog, OutputFiles& outputs, bool quick,
                                const std::function<void(const Finding&)>& report, std::stop_token stop = {});

}  // namespace dubplate
