#include "exports/audio/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "core/units.h"
#include "exports/audio/plan_file.h"
#include "exports/audio/split.h"
#include "exports/audio/tagging.h"
#include "organize/file_name.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

// The parts of one input are told apart by their places and labels, where no name was asked for.
constexpr const char* part_name = "{input} {index:02} {region?}";

// What planning keeps at hand while it goes through the inputs.
struct Planner {
    const AudioSpec& spec;
    const ExportTarget& target;
    const NameTemplate& name;
    const Tagger& tagger;
    std::vector<fs::path> input_paths{};
    UniqueNames names{};
    bool output_is_file = false;
};

NameValues name_values(const PlannedItem& item, const PlannedFile& file, int index,
                       const std::string& region) {
    return {.input = item.input.stem,
            .metadata = file.tags.metadata,
            .format = std::string(file.format->name),
            .sample_rate_hz = file.settings.stream.sample_rate_hz,
            .bit_depth = file.format->lossless ? std::string(name_of(file.settings.depth)) : "",
            .channels = file.settings.stream.channels,
            .region = region,
            .index = index};
}

Status check_path(const Planner& planner, const fs::path& path) {
    for (const fs::path& input : planner.input_paths) {
        std::error_code ignored;
        if (fs::equivalent(path, input, ignored))
            return fail(ErrorCode::invalid_argument, path.string() + " is one of the inputs",
                        "choose another folder with --output, or another name with --name");
    }
    if (!planner.target.overwrite && planner.target.store->exists(path))
        return fail(ErrorCode::already_exists, path.string() + " exists already",
                    "use --overwrite to replace it, or choose another folder with --output");
    return {};
}

// {lufs} and {tp} stand for what is aimed at until the run has measured.
Result<fs::path> plan_path(Planner& planner, const PlannedItem& item, const PlannedFile& file) {
    fs::path path = planner.target.output;
    if (!planner.output_is_file) {
        NameValues values = file.name_values;
        values.integrated_lufs = planner.spec.loudness.target_lufs;
        values.true_peak_dbtp = planner.spec.loudness.true_peak_dbtp;
        DUBPLATE_TRY(const std::string stem, planner.name.render(values));
        path /= planner.names.take((item.input.subfolder / stem).generic_string(),
                                   file.format->extensions.front());
    }
    DUBPLATE_CHECK(check_path(planner, path));
    return path;
}

Status plan_files(Planner& planner, PlannedItem& item, int index, const std::string& region,
                  const Metadata& overlay) {
    DUBPLATE_TRY(const TagSet tags, planner.tagger.tags_for(item.source, item.input.stem, overlay, index));
    for (const std::string& name : planner.spec.formats) {
        const AudioFormat& format = *find_audio_format(name);
        DUBPLATE_TRY(PlannedFile file, plan_file(item, format, tags, planner.spec));
        file.name_values = name_values(item, file, index, region);
        DUBPLATE_TRY(file.path, plan_path(planner, item, file));
        item.files.push_back(std::move(file));
    }
    return {};
}

// Start and end of the spec on the source's frames.
Status cut(PlannedItem& item, const EditSpec& edit) {
    const int rate = item.source.stream.sample_rate_hz;
    const double length = frames_to_seconds(item.source.frames, rate);
    const auto past_the_end = [&](double seconds) {
        return item.source.frames_exact && seconds_to_frames(seconds, rate) >= item.source.frames;
    };
    if (edit.start_seconds) {
        if (past_the_end(*edit.start_seconds))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("--start {} is past the end at {}", format_duration(*edit.start_seconds),
                                    format_duration(length)));
        item.begin_frame = seconds_to_frames(*edit.start_seconds, rate);
    }
    if (edit.end_seconds && !past_the_end(*edit.end_seconds))
        item.end_frame = seconds_to_frames(*edit.end_seconds, rate);
    if (edit.end_seconds && past_the_end(*edit.end_seconds))
        item.warnings.push_back(fmt::format("--end {} is past the end at {}: exported to its end",
                                            format_duration(*edit.end_seconds), format_duration(length)));
    return {};
}

// One item for the whole input, or one for each of its regions.
void plan_input(Planner& planner, const ExpandedInput& expanded, std::vector<PlannedItem>& items) {
    PlannedItem item;
    item.name = expanded.name;
    const auto fail_item = [&](Error error) {
        item.files.clear();
        item.error = std::move(error);
        items.push_back(std::move(item));
    };
    if (!expanded.input) return fail_item(expanded.input.error());
    item.input = *expanded.input;
    Result<OpenedAudio> opened = item.input.open();
    if (!opened) return fail_item(std::move(opened).error().in_context(item.name));
    item.source = opened->reader->info();
    item.source_metadata = item.source.metadata;
    item.warnings = item.source.warnings;
    if (item.source.frames == 0 && item.source.frames_exact)
        return fail_item(fail(ErrorCode::corrupt, item.name + ": holds no audio, 0 frames"));
    if (Status status = cut(item, planner.spec.edit); !status)
        return fail_item(std::move(status).error().in_context(item.name));

    const Result<MarkedRegions> split = split_regions(planner.spec.split, item.source);
    if (!split) return fail_item(Error(split.error()).in_context(item.name));
    std::ranges::copy(split->losses, std::back_inserter(item.source.losses));
    const auto plan_part = [&](PlannedItem part, int index, const MarkedRegion& region) {
        if (Status status = plan_files(planner, part, index, region.label, region.tags); !status) {
            part.files.clear();
            part.error = std::move(status).error().in_context(part.name);
        }
        items.push_back(std::move(part));
    };
    if (split->regions.empty()) return plan_part(std::move(item), static_cast<int>(items.size()) + 1, {});
    int index = 0;
    for (const MarkedRegion& region : split->regions) {
        PlannedItem part = item;
        ++index;
        part.name += " [" + (region.label.empty() ? std::to_string(index) : region.label) + "]";
        part.begin_frame = region.begin_frame;
        part.end_frame = region.end_frame;
        plan_part(std::move(part), index, region);
    }
}

// An output with a format's extension is a file. It must be one file, and its extension must be the format.
Result<bool> output_is_file(const AudioSpec& spec, const ExportTarget& target, std::size_t input_count) {
    const std::string extension = target.output.extension().string();
    const AudioFormat* format =
        extension.size() > 1 ? find_format_by_extension(extension.substr(1)) : nullptr;
    std::error_code ignored;
    if (format == nullptr || fs::is_directory(target.output, ignored)) return false;
    if (input_count != 1 || spec.formats.size() != 1 || !spec.split.empty())
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("--output {} is a file, but {} files would be made", target.output.string(),
                        spec.split.empty() ? std::to_string(input_count * spec.formats.size()) : "several"),
            "give a folder");
    if (format->name != spec.formats.front())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("--output {} and --format {} contradict each other", target.output.string(),
                                spec.formats.front()),
                    "leave one of them out");
    return true;
}

// Rough: measured on one core of a current machine, in seconds for each second of stereo audio at 44.1 kHz.
double estimate_cpu_seconds(const PlannedItem& item) {
    const double seconds = frames_to_seconds(region_frames(item), item.source.stream.sample_rate_hz);
    double factor = 0.002;  // decode and measure
    for (const PlannedFile& file : item.files) {
        factor += 0.002 + (file.format->name == "mp3" ? 0.012 : 0.002);
        if (file.settings.stream.sample_rate_hz != item.source.stream.sample_rate_hz) factor += 0.001;
    }
    return seconds * factor * item.source.stream.channels / 2.0;
}

void add_estimates(AudioPlan& plan) {
    for (const PlannedItem& item : plan.items) {
        if (item.error) continue;
        plan.audio_seconds += frames_to_seconds(region_frames(item), item.source.stream.sample_rate_hz);
        plan.estimated_cpu_seconds += estimate_cpu_seconds(item);
        std::uint64_t memory = program_memory_bytes + (8ULL << 20);  // what is read ahead, and a meter
        for (const PlannedFile& file : item.files) {
            plan.estimated_bytes += file.estimated_bytes;
            memory += (file.format->encodes ? 8ULL : 1ULL) << 20;  // segments on their way through an encoder
        }
        plan.estimated_memory_bytes = std::max(plan.estimated_memory_bytes, memory);
    }
}

}  // namespace

int AudioPlan::file_count() const {
    int count = 0;
    for (const PlannedItem& item : items) count += static_cast<int>(item.files.size());
    return count;
}

Result<AudioPlan> plan_audio(const AudioSpec& spec, const ExportTarget& target, std::stop_token stop) {
    if (spec.inputs.empty())
        return fail(ErrorCode::invalid_argument, "no input is given", "name a file, a folder, or -");
    const std::vector<ExpandedInput> inputs = expand_inputs(spec.inputs, stop);
    return plan_audio(spec, inputs, target, std::move(stop));
}

Result<AudioPlan> plan_audio(const AudioSpec& spec, const std::vector<ExpandedInput>& inputs,
                             const ExportTarget& target, std::stop_token stop) {
    DUBPLATE_CHECK(validate(spec));
    const bool names_parts = !spec.split.empty() && spec.name == AudioSpec{}.name;
    DUBPLATE_TRY(const NameTemplate name, NameTemplate::parse(names_parts ? part_name : spec.name));
    DUBPLATE_TRY(const Tagger tagger, Tagger::make(spec, *target.clock));
    Planner planner{.spec = spec, .target = target, .name = name, .tagger = tagger};
    DUBPLATE_TRY(planner.output_is_file, output_is_file(spec, target, inputs.size()));
    for (const ExpandedInput& expanded : inputs)
        if (expanded.input && !expanded.input->path.empty())
            planner.input_paths.push_back(expanded.input->path);

    AudioPlan plan{.spec = spec, .target = target, .name = name, .output_is_file = planner.output_is_file};
    for (const ExpandedInput& expanded : inputs) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        plan_input(planner, expanded, plan.items);
    }
    add_estimates(plan);
    return plan;
}

Json to_json(const AudioPlan& plan) {
    Json items = Json::array();
    for (const PlannedItem& item : plan.items) {
        Json entry = {
            {"input", item.name}, {"status", item.error ? "failed" : "planned"}, {"warnings", item.warnings}};
        if (item.error) entry["error"] = *item.error;
        entry["files"] = Json::array();
        for (const PlannedFile& file : item.files) {
            Json losses = Json::array();
            for (const Loss& loss : file.losses) losses.push_back({{"what", loss.what}, {"why", loss.why}});
            entry["files"].push_back(
                {{"path", file.path.string()},
                 {"format", file.format->name},
                 {"sample_rate", file.settings.stream.sample_rate_hz},
                 {"channels", file.settings.stream.channels},
                 {"bit_depth", file.format->lossless ? Json(name_of(file.settings.depth)) : Json(nullptr)},
                 {"frames", file.settings.frames},
                 {"estimated_bytes", file.estimated_bytes},
                 {"may_be_copied", file.may_keep},
                 {"losses", std::move(losses)}});
        }
        items.push_back(std::move(entry));
    }
    return {{"items", std::move(items)},
            {"spec", write_audio_spec(plan.spec)},
            {"summary",
             {{"files", plan.file_count()},
              {"audio_seconds", plan.audio_seconds},
              {"estimated_bytes", plan.estimated_bytes},
              {"estimated_cpu_seconds", plan.estimated_cpu_seconds},
              {"estimated_memory_bytes", plan.estimated_memory_bytes}}}};
}

Result<fs::path> measured_path(const AudioPlan& plan, const PlannedItem& item, const PlannedFile& file,
                               double integrated_lufs, double true_peak_dbtp) {
    if (!plan.name.needs_measurement() || plan.output_is_file) return file.path;
    NameValues values = file.name_values;
    values.integrated_lufs = integrated_lufs;
    values.true_peak_dbtp = true_peak_dbtp;
    DUBPLATE_TRY(const std::string stem, plan.name.render(values));
    const fs::path name = safe_file_name(fs::path(stem).filename().string(), file.format->extensions.front());
    return plan.target.output / item.input.subfolder / fs::path(stem).parent_path() / name;
}

}  // namespace dubplate
