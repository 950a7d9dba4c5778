// memory_monitor.h: how much memory there is, how much we use, and how much a piece of work took at most.
//
// What     MemoryMonitor takes profiles; between start_tracking(label) and end_tracking(label) it keeps the
//          highest; it averages over a window of time; it calls a listener when use passes a threshold.
// Limit    the smallest of the machine's memory and the limits of the control groups that we run in (cgroup
//          v1 and v2, ours and every one above it), so that a container is not killed for believing the
//          machine.
// Peak     profiles are taken at snapshot(), at the start and the end of a label and, after watch(), at every
//          interval. Where the kernel's own high-water mark rose within the label, that is its peak, exactly.
// Units    bytes; times as of Clock::now(); thresholds in shares of limit(), 0.8 and 0.9 at first.
// Calls    the listener is called at the way up through a threshold, once until use has fallen below it; by
//          the thread that took the profile. It may use the monitor.
// Threads  thread-safe.
// Errors   io, corrupt where /proc cannot be read; already_exists, not_found for labels.
// Source   proc(5): /proc/meminfo, /proc/self/status, /proc/self/cgroup; cgroup v2: kernel documentation
//          admin-guide/cgroup-v2, memory.max, memory.current, memory.stat; v1: cgroup-v1/memory.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "core/clock.h"
#include "core/result.h"

namespace dubplate {

struct GpuMemory {
    std::uint64_t total_bytes = 0;
    std::uint64_t used_bytes = 0;
    std::uint64_t free_bytes = 0;
};

struct MemoryProfile {
    std::chrono::nanoseconds time{};
    std::uint64_t total_bytes = 0;  // limit()
    std::uint64_t available_bytes =
        0;                            // what may still be taken before the machine or a control group is full
    std::uint64_t process_bytes = 0;  // resident, now
    std::uint64_t process_peak_bytes = 0;  // resident, the most since the process began
    std::optional<GpuMemory> gpu;
};

struct TrackedMemory {
    std::chrono::nanoseconds duration{};
    MemoryProfile start;
    MemoryProfile end;
    MemoryProfile peak;  // the one with the most process_bytes
};

enum class MemoryLevel { normal, warning, error };

struct MemoryMonitorOptions {
    std::filesystem::path proc = "/proc";
    std::filesystem::path cgroup = "/sys/fs/cgroup";
    const Clock* clock = &Clock::system();
    std::function<std::optional<GpuMemory>()> gpu{};  // empty: none
};

class MemoryMonitor {
  public:
    using Listener = std::function<void(MemoryLevel, const MemoryProfile&)>;

    explicit MemoryMonitor(MemoryMonitorOptions options = {});
    MemoryMonitor(const MemoryMonitor&) = delete;
    MemoryMonitor& operator=(const MemoryMonitor&) = delete;

    // The most that this process may use.
    Result<std::uint64_t> limit() const;

    Result<MemoryProfile> snapshot();
    Status start_tracking(std::string_view label);
    Result<TrackedMemory> end_tracking(std::string_view label);

    // Bytes of the process over the last `window`, each profile weighted by the time until the next. The last
    // profile's bytes where there is but one in the window; 0 where there is none. The last 4096 are kept.
    double average_usage(std::chrono::nanoseconds window) const;

    void set_warning_threshold(double share);  // of limit(), 0 to 1
    void set_error_threshold(double share);
    void set_listener(Listener listener);

    // Takes profiles on a thread of its own until the monitor ends. Once.
    void watch(std::chrono::milliseconds interval);

  private:
    Result<MemoryProfile> read_profile() const;
    void record(const MemoryProfile& profile);
    MemoryLevel level_of(const MemoryProfile& profile) const;

    const MemoryMonitorOptions options_;
    mutable std::mutex mutex_;
    std::deque<MemoryProfile> history_;                          // guarded by mutex_
    std::map<std::string, TrackedMemory, std::less<>> tracked_;  // guarded by mutex_
    double warning_share_ = 0.8;                                 // guarded by mutex_
    double error_share_ = 0.9;                                   // guarded by mutex_
    MemoryLevel level_ = MemoryLevel::normal;                    // guarded by mutex_
    Listener listener_;                                          // guarded by mutex_
    std::condition_variable_any wake_;
    std::jthread watcher_;  // last: it ends before what it uses
};

}  // namespace dubplate
