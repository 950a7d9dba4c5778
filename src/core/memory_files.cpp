#include "core/memory_files.h"

#include "core/posix_file.h"
#include "core/text.h"

#include <fcntl.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace dubplate {

namespace fs = std::filesystem;

namespace {

// All files here are short; what is not is not read to its end.
std::optional<std::string> read_text(const fs::path& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return std::nullopt;
    constexpr std::size_t longest = 64 * 1024;
    std::string text(longest, '\0');
    const auto count = read_fully(file.get(), 0, std::as_writable_bytes(std::span(text)), path.native());
    if (!count) return std::nullopt;
    text.resize(*count);
    return text;
}

Result<std::string> need_text(const fs::path& path) {
    if (auto text = read_text(path)) return *std::move(text);
    return fail(ErrorCode::io, path.string() + " cannot be read");
}

// The number behind `key` at the start of a line: "MemTotal:   8006732 kB", "inactive_file 4096".
std::optional<std::uint64_t> find_number(std::string_view text, std::string_view key, std::uint64_t unit) {
    for (const std::string_view line : split(text, '\n')) {
        if (!line.starts_with(key)) continue;
        std::string_view rest = line.substr(key.size());
        if (rest.ends_with(" kB")) rest.remove_suffix(3);
        const auto number = parse_integer(trim(rest));
        if (number && *number >= 0) return static_cast<std::uint64_t>(*number) * unit;
    }
    return std::nullopt;
}

Result<std::uint64_t> need_kilobytes(std::string_view text, std::string_view key, const fs::path& path) {
    if (const auto bytes = find_number(text, key, 1024)) return *bytes;
    return fail(ErrorCode::corrupt, path.string() + " has no line " + std::string(key));
}

// "max" is no number: no limit.
std::optional<std::uint64_t> read_number(const fs::path& path) {
    const auto text = read_text(path);
    if (!text) return std::nullopt;
    const auto number = parse_integer(trim(*text));
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

// The names of one version of the interface.
struct Interface {
    fs::path root;
    std::string_view limit;
    std::string_view usage;
    std::string_view cache;  // of memory.stat: file pages not used lately, of the group and those below it
};

template <class T>
void keep_smaller(std::optional<T>& kept, T value) {
    kept = kept ? std::min(*kept, value) : value;
}

void add_group(GroupMemory& memory, const Interface& interface, const fs::path& group) {
    const auto limit = read_number(group / interface.limit);
    if (!limit) return;
    keep_smaller(memory.limit_bytes, *limit);
    const auto usage = read_number(group / interface.usage);
    if (!usage) return;
    const auto stat = read_text(group / "memory.stat");
    const std::uint64_t cache = stat ? find_number(*stat, interface.cache, 1).value_or(0) : 0;
    const std::uint64_t used = *usage - std::min(*usage, cache);
    keep_smaller(memory.available_bytes, *limit - std::min(*limit, used));
}

// In a container the path may name groups that are not mounted there: what is missing is passed over, and the
// root, which is the container's own group, is looked at in any case.
void add_groups_upwards(GroupMemory& memory, const Interface& interface, std::string_view path) {
    fs::path relative = fs::path(path).lexically_normal().relative_path();
    while (!relative.empty()) {
        add_group(memory, interface, interface.root / relative);
        relative = relative.parent_path();
    }
    add_group(memory, interface, interface.root);
}

}  // namespace

Result<MachineMemory> read_machine_memory(const fs::path& proc) {
    const fs::path path = proc / "meminfo";
    DUBPLATE_TRY(const std::string text, need_text(path));
    MachineMemory memory;
    DUBPLATE_TRY(memory.total_bytes, need_kilobytes(text, "MemTotal:", path));
    DUBPLATE_TRY(memory.available_bytes, need_kilobytes(text, "MemAvailable:", path));
    return memory;
}

Result<ProcessMemory> read_process_memory(const fs::path& proc) {
    const fs::path path = proc / "self/status";
    DUBPLATE_TRY(const std::string text, need_text(path));
    ProcessMemory memory;
    DUBPLATE_TRY(memory.bytes, need_kilobytes(text, "VmRSS:", path));
    DUBPLATE_TRY(memory.peak_bytes, need_kilobytes(text, "VmHWM:", path));
    return memory;
}

GroupMemory read_group_memory(const fs::path& proc, const fs::path& cgroup) {
    GroupMemory memory;
    const auto text = read_text(proc / "self/cgroup");
    if (!text) return memory;
    // "0::/path" is version 2; "4:cpu,memory:/path" is version 1.
    for (const std::string_view line : split(*text, '\n')) {
        const auto fields = split(line, ':');
        if (fields.size() < 3) continue;
        // The path may hold colons itself.
        const std::string_view path = line.substr(fields[0].size() + fields[1].size() + 2);
        if (fields[1].empty()) {
            // On machines with both versions, version 2 is mounted one level down.
            for (const fs::path& root : {cgroup, cgroup / "unified"})
                add_groups_upwards(memory, {root, "memory.max", "memory.current", "inactive_file"}, path);
            continue;
        }
        const auto controllers = split(fields[1], ',');
        if (std::ranges::find(controllers, "memory") == controllers.end()) continue;
        add_groups_upwards(
            memory,
            {cgroup / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"},
            path);
    }
    return memory;
}

}  // namespace dubplate
