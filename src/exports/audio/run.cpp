#include "exports/audio/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/json.h"
#include "core/text.h"
#include "core/version.h"
#include "core/worker_pool.h"
#include "exports/audio/item_run.h"

namespace dubplate {

namespace {

// What the file system itself needs beside the bytes of the files.
constexpr std::uint64_t spare_bytes = 1 << 20;

Status check_room(const AudioPlan& plan) {
    DUBPLATE_TRY(const std::uint64_t free, plan.target.store->free_bytes(plan.target.output));
    const std::uint64_t needed = plan.estimated_bytes + spare_bytes;
    if (plan.estimated_bytes == 0 || free >= needed) return {};
    return fail(ErrorCode::io,
                fmt::format("{}: about {} are needed and {} are free", plan.target.output.string(),
                            format_bytes(needed), format_bytes(free)),
                "free some space, or choose another folder with --output");
}

void settle(ItemRun& item, Status status) {
    ManifestItem& result = item.result;
    // A batch holds neither a thousand open files nor what was heard of them.
    item.audio = {};
    item.kept.clear();
    item.shaped.reset();
    if (!status) {
        result.status = status.error().code == ErrorCode::canceled ? "canceled" : "failed";
        result.error = std::move(status).error().in_context(result.input);
        return;
    }
    const bool all_delivered =
        std::ranges::none_of(result.files, [](const ManifestFile& file) { return file.error.has_value(); });
    result.status = all_delivered ? "done" : "failed";
}

Status run_alone(ItemRun& item, RunContext& context) {
    DUBPLATE_CHECK(scan(item, context));
    ItemRun* const alone = &item;
    DUBPLATE_CHECK(find_levels(std::span(&alone, 1), context));
    return deliver(item, context);
}

// Every item by itself, side by side.
void run_items(std::vector<ItemRun*>& items, RunContext& context) {
    run_each(
        items.size(), context.options.jobs,
        [&](std::size_t i, const std::stop_token&) {
            settle(*items[i], run_alone(*items[i], context));
            return Status{};
        },
        context.stop);
}

// All measured, then one gain, then all delivered. What cannot be measured is left out of the album.
void run_album(std::vector<ItemRun*>& items, RunContext& context) {
    std::vector<Status> scanned = run_each(
        items.size(), context.options.jobs,
        [&](std::size_t i, const std::stop_token&) { return scan(*items[i], context); }, context.stop);
    std::vector<ItemRun*> album;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (scanned[i]) {
            album.push_back(items[i]);
        } else {
            settle(*items[i], std::move(scanned[i]));
        }
    }
    if (album.empty()) return;
    if (const Status status = find_levels(album, context); !status) {
        for (ItemRun* item : album) settle(*item, status);
        return;
    }
    run_each(
        album.size(), context.options.jobs,
        [&](std::size_t i, const std::stop_token&) {
            settle(*album[i], deliver(*album[i], context));
            return Status{};
        },
        context.stop);
}

double seconds_of(const PlannedItem& item) {
    const std::int64_t end = item.end_frame.value_or(item.source.frames);
    return item.error ? 0 : frames_to_seconds(end - item.begin_frame, item.source.stream.sample_rate_hz);
}

std::vector<std::unique_ptr<ItemRun>> make_item_runs(const AudioPlan& plan, const Progress::Part& progress) {
    std::vector<std::unique_ptr<ItemRun>> runs;
    double seconds_before = 0;
    for (const PlannedItem& planned : plan.items) {
        auto run = std::make_unique<ItemRun>();
        run->planned = &planned;
        run->result.input = planned.name;
        run->result.warnings = planned.warnings;
        run->result.error = planned.error;
        run->result.status = planned.error ? "failed" : "canceled";  // until it is settled
        if (plan.audio_seconds > 0) {
            const double seconds_behind = seconds_before + seconds_of(planned);
            run->progress =
                progress.part(seconds_before / plan.audio_seconds, seconds_behind / plan.audio_seconds);
            seconds_before = seconds_behind;
        }
        runs.push_back(std::move(run));
    }
    return runs;
}

// Inputs side by side come first; what they leave of the machine goes to the work on each.
int threads_for_each(std::size_t items, int jobs) {
    const int side_by_side =
        std::clamp(static_cast<int>(std::min<std::size_t>(items, 256)), 1, std::max(jobs, 1));
    return std::max(core_count() / side_by_side, 1);
}

}  // namespace

int jobs_within(const AudioPlan& plan, const RunOptions& options) {
    const int jobs = std::max(options.jobs, 1);
    if (options.memory_bytes == 0 || plan.estimated_memory_bytes <= program_memory_bytes) return jobs;
    const std::uint64_t for_each = plan.estimated_memory_bytes - program_memory_bytes;
    const std::uint64_t left = options.memory_bytes - std::min(options.memory_bytes, program_memory_bytes);
    return static_cast<int>(std::clamp<std::uint64_t>(left / for_each, 1, static_cast<std::uint64_t>(jobs)));
}

Result<Manifest> run_audio(const AudioPlan& plan, RunOptions options, Progress& progress,
                           std::stop_token stop) {
    progress.set_audio_seconds(plan.audio_seconds);
    Result<Manifest> manifest = run_audio(plan, options, progress.part(1), stop);
    if (manifest && !stop.stop_requested()) progress.complete();
    return manifest;
}

Result<Manifest> run_audio(const AudioPlan& plan, RunOptions options, const Progress::Part& progress,
                           std::stop_token stop) {
    const auto started = plan.target.clock->now();
    DUBPLATE_CHECK(check_room(plan));
    options.jobs = jobs_within(plan, options);
    std::vector<std::unique_ptr<ItemRun>> runs = make_item_runs(plan, progress);
    std::vector<ItemRun*> open;
    for (const auto& run : runs)
        if (!run->planned->error) open.push_back(run.get());
    RunContext context{.plan = plan,
                       .options = options,
                       .stop = stop,
                       .threads = threads_for_each(open.size(), options.jobs),
                       .scans = ScanCache(plan.items),
                       .mutex = {},
                       .taken_paths = {}};
    if (plan.spec.loudness.album) {
        run_album(open, context);
    } else {
        run_items(open, context);
    }
    Manifest manifest{.kind = "audio",
                      .version = std::string(version()),
                      .created_utc = to_iso8601(plan.target.clock->utc())};
    for (const auto& run : runs) {
        for (const ManifestFile& file : run->result.files)
            if (!file.error) manifest.audio_seconds += frames_to_seconds(file.frames, file.sample_rate_hz);
        manifest.items.push_back(std::move(run->result));
    }
    manifest.wall_seconds = std::chrono::duration<double>(plan.target.clock->now() - started).count();
    manifest.spec_json = dump_json(write_audio_spec(plan.spec));  // dump() throws at names that are not UTF-8
    return manifest;
}

}  // namespace dubplate
