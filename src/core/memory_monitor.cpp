#include "core/memory_monitor.h"

#include "core/memory_files.h"

#include <algorithm>

namespace dubplate {

namespace {

constexpr std::size_t kept_profiles = 4096;  // 88 bytes each: 352 KiB, and an hour at one for each second

std::uint64_t limit_of(const MachineMemory& machine, const GroupMemory& group) {
    return std::min(machine.total_bytes, group.limit_bytes.value_or(machine.total_bytes));
}

}  // namespace

MemoryMonitor::MemoryMonitor(MemoryMonitorOptions options) : options_(std::move(options)) {}

Result<std::uint64_t> MemoryMonitor::limit() const {
    DUBPLATE_TRY(const MachineMemory machine, read_machine_memory(options_.proc));
    return limit_of(machine, read_group_memory(options_.proc, options_.cgroup));
}

Result<MemoryProfile> MemoryMonitor::read_profile() const {
    DUBPLATE_TRY(const MachineMemory machine, read_machine_memory(options_.proc));
    DUBPLATE_TRY(const ProcessMemory process, read_process_memory(options_.proc));
    const GroupMemory group = read_group_memory(options_.proc, options_.cgroup);
    MemoryProfile profile;
    profile.time = options_.clock->now();
    profile.total_bytes = limit_of(machine, group);
    profile.available_bytes =
        std::min(machine.available_bytes, group.available_bytes.value_or(machine.available_bytes));
    profile.process_bytes = process.bytes;
    profile.process_peak_bytes = process.peak_bytes;
    if (options_.gpu) profile.gpu = options_.gpu();
    return profile;
}

MemoryLevel MemoryMonitor::level_of(const MemoryProfile& profile) const {
    const double share =
        static_cast<double>(profile.process_bytes) / static_cast<double>(profile.total_bytes);
    if (share >= error_share_) return MemoryLevel::error;
    return share >= warning_share_ ? MemoryLevel::warning : MemoryLevel::normal;
}

void MemoryMonitor::record(const MemoryProfile& profile) {
    std::unique_lock lock(mutex_);
    history_.push_back(profile);
    if (history_.size() > kept_profiles) history_.pop_front();
    for (auto& [label, tracked] : tracked_)
        if (profile.process_bytes > tracked.peak.process_bytes) tracked.peak = profile;
    const MemoryLevel before = std::exchange(level_, level_of(profile));
    if (level_ <= before || !listener_) return;
    const Listener listener = listener_;
    const MemoryLevel level = level_;
    lock.unlock();
    listener(level, profile);
}

Result<MemoryProfile> MemoryMonitor::snapshot() {
    DUBPLATE_TRY(const MemoryProfile profile, read_profile());
    record(profile);
    return profile;
}

Status MemoryMonitor::start_tracking(std::string_view label) {
    DUBPLATE_TRY(const MemoryProfile profile, snapshot());
    const std::lock_guard lock(mutex_);
    const bool is_new =
        tracked_.try_emplace(std::string(label), TrackedMemory{{}, profile, profile, profile}).second;
    if (is_new) return {};
    return fail(ErrorCode::already_exists, "'" + std::string(label) + "' is tracked already",
                "end it first, or use another label");
}

Result<TrackedMemory> MemoryMonitor::end_tracking(std::string_view label) {
    DUBPLATE_TRY(const MemoryProfile profile, snapshot());
    const std::lock_guard lock(mutex_);
    const auto found = tracked_.find(label);
    if (found == tracked_.end())
        return fail(ErrorCode::not_found, "'" + std::string(label) + "' is not tracked", "start it first");
    TrackedMemory tracked = found->second;
    tracked_.erase(found);
    tracked.end = profile;
    tracked.duration = profile.time - tracked.start.time;
    // The high-water mark rose, so it was reached within this label, between two profiles perhaps.
    if (profile.process_peak_bytes > tracked.start.process_peak_bytes &&
        profile.process_peak_bytes > tracked.peak.process_bytes) {
        tracked.peak.process_bytes = profile.process_peak_bytes;
        tracked.peak.process_peak_bytes = profile.process_peak_bytes;
    }
    return tracked;
}

double MemoryMonitor::average_usage(std::chrono::nanoseconds window) const {
    const auto now = options_.clock->now();
    const std::lock_guard lock(mutex_);
    double sum = 0;
    double seconds = 0;
    auto until = now;
    for (auto profile = history_.rbegin(); profile != history_.rend(); ++profile) {
        if (profile->time < now - window) break;
        const double held = std::chrono::duration<double>(until - profile->time).count();
        sum += held * static_cast<double>(profile->process_bytes);
        seconds += held;
        until = profile->time;
    }
    if (seconds > 0) return sum / seconds;
    const bool has_one = !history_.empty() && history_.back().time >= now - window;
    return has_one ? static_cast<double>(history_.back().process_bytes) : 0.0;
}

void MemoryMonitor::set_warning_threshold(double share) {
    const std::lock_guard lock(mutex_);
    warning_share_ = share;
}

void MemoryMonitor::set_error_threshold(double share) {
    const std::lock_guard lock(mutex_);
    error_share_ = share;
}

void MemoryMonitor::set_listener(Listener listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
}

void MemoryMonitor::watch(std::chrono::milliseconds interval) {
    DUBPLATE_ASSERT(!watcher_.joinable());
    watcher_ = std::jthread([this, interval](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            // A profile that cannot be taken now is missing in the history; the next may be there.
            static_cast<void>(snapshot());
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, stop, interval, [] { return false; });
        }
    });
}

}  // namespace dubplate
