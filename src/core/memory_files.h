// memory_files.h: the numbers on memory that Linux shows as files.
//
// What     reads /proc and the control groups under given roots, so that tests can make up both.
// Units    bytes.
// Errors   io where a file of /proc cannot be read, corrupt where a number is missing in it. Control groups
//          that are not there set no limit.
// Threads  plain functions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/result.h"

namespace dubplate {

struct MachineMemory {
    std::uint64_t total_bytes = 0;
    std::uint64_t available_bytes = 0;
};
Result<MachineMemory> read_machine_memory(const std::filesystem::path& proc);

struct ProcessMemory {
    std::uint64_t bytes = 0;
    std::uint64_t peak_bytes = 0;
};
Result<ProcessMemory> read_process_memory(const std::filesystem::path& proc);

// Nothing where no control group limits us.
struct GroupMemory {
    std::optional<std::uint64_t> limit_bytes;  // the smallest on the way up
    std::optional<std::uint64_t>
        available_bytes;  // the smallest rest on the way up; cache that can go counts as free
};
GroupMemory read_group_memory(const std::filesystem::path& proc, const std::filesystem::path& cgroup);

}  // namespace dubplate
