#include "exports/pack/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "analysis/key.h"
#include "core/text.h"
#include "core/units.h"
#include "core/worker_pool.h"
#include "exports/analysis/analyze.h"
#include "exports/pack/drum_names.h"

namespace dubplate {

namespace {

double as_devices_hold(double bpm) {
    return std::round(100 * bpm) / 100;
}

// Every reason for which the device would refuse it.
SampleValidation validate(const SourceInfo& info, const PackSpec& spec) {
    const SamplerDevice& device = device_of(spec);
    SampleValidation validation{.format_supported = true, .file_readable = true};
    const double seconds = frames_to_seconds(info.frames, info.stream.sample_rate_hz);
    validation.duration_ms = 1000 * seconds;
    const bool cuts = !spec.slice.empty();
    const std::int64_t frames =
        resampled_frames(info.frames, info.stream.sample_rate_hz, device.sample_rate_hz);
    const bool is_empty = info.frames == 0 && info.frames_exact;
    validation.meets_duration_requirement = spec.pad_short ? !is_empty : frames >= device.min_frames();
    if (is_empty) {
        validation.errors.emplace_back("holds no audio, 0 frames");
    } else if (!validation.meets_duration_requirement && info.frames_exact) {
        validation.errors.push_back(fmt::format("{:.0f} ms long, the {} needs {} ms",
                                                std::floor(1000 * seconds), device.title,
                                                device.min_milliseconds));
    }
    if (frames > device.max_frames && !cuts)
        validation.errors.push_back(
            fmt::format("{} long, the {} holds {}", format_duration(seconds), device.title,
                        format_duration(frames_to_seconds(device.max_frames, device.sample_rate_hz))));
    if (info.stream.channels > device.max_channels && !spec.mono) {
        validation.format_supported = false;
        validation.errors.push_back(
            fmt::format("{} channels, the {} takes mono and stereo", info.stream.channels, device.title));
    }
    return validation;
}

std::string hint_of(const SampleValidation& validation, const SamplerDevice& device) {
    if (!validation.format_supported)
        return "use --mono, or fold it first with `dubplate export --channels 2`";
    if (validation.duration_ms > 1000 * frames_to_seconds(device.max_frames, device.sample_rate_hz))
        return "cut it, or use --slice";
    return validation.meets_duration_requirement || validation.duration_ms == 0 ? "" : "use --pad-short";
}

Slices equal_slices(const SourceInfo& info, int count) {
    Slices slices;
    for (int i = 0; i < count; ++i) slices.begin_frames.push_back(info.frames * i / count);
    return slices;
}

Slices slices_at(const std::vector<double>& seconds, const SourceInfo& info, std::int64_t shortest) {
    Slices slices;
    for (const double place : seconds) {
        const std::int64_t frame =
            std::clamp<std::int64_t>(seconds_to_frames(place, info.stream.sample_rate_hz), 0, info.frames);
        const bool is_first = slices.begin_frames.empty();
        if (!is_first && frame - slices.begin_frames.back() < shortest) continue;
        if (info.frames - frame < shortest) break;
        slices.begin_frames.push_back(frame);
    }
    return slices;
}

class Looker {
  public:
    Looker(const PackSpec& spec, std::stop_token stop) : spec_(spec), stop_(std::move(stop)) {}

    FoundSource look(const ExpandedInput& expanded) const {
        FoundSource found;
        PackSource& source = found.source;
        if (!expanded.input) {
            source.input.name = expanded.name;
            refuse(source, Error(expanded.input.error()));
            return found;
        }
        source.input = *expanded.input;
        const auto looked = look_inside(found);
        if (!looked) refuse(source, Error(looked.error()).in_context(source.input.name));
        return found;
    }

  private:
    static void refuse(PackSource& source, Error error) {
        if (source.validation.errors.empty()) source.validation.errors.push_back(error.message);
        source.error = std::move(error);
    }

    Status look_inside(FoundSource& found) const {
        PackSource& source = found.source;
        DUBPLATE_TRY(const OpenedAudio opened, source.input.open());
        source.info = opened.reader->info();
        if (opened.bytes) source.bytes = opened.bytes->size();
        source.validation = validate(source.info, spec_);
        if (!source.validation.valid()) {
            std::string reasons;
            for (const std::string& reason : source.validation.errors)
                reasons += (reasons.empty() ? "" : "; ") + reason;
            return fail(ErrorCode::unsupported, reasons, hint_of(source.validation, device_of(spec_)));
        }
        if (source.info.metadata.bpm) source.bpm = as_devices_hold(*source.info.metadata.bpm);
        if (const auto key = parse_key(source.info.metadata.key)) source.key = key->name();
        if (const auto count = slice_count(spec_.slice)) found.slices = equal_slices(source.info, *count);
        const bool cuts_at_music = !spec_.slice.empty() && !slice_count(spec_.slice);
        const bool needs_bpm = spec_.organize == Organize::bpm && !source.bpm;
        const auto kind = kind_by_name(source.input.stem);
        const bool needs_key =
            spec_.organize == Organize::key && source.key.empty() && !(kind && is_drum(*kind));
        if (!cuts_at_music && !needs_bpm && !needs_key) return {};
        return analyze(found);
    }

    Status analyze(FoundSource& found) const {
        PackSource& source = found.source;
        if (source.input.path.empty()) return {};
        FileStore store;
        const AnalyzeOptions options{
            .tempo = true, .key = spec_.organize == Organize::key, .structure = true};
        DUBPLATE_TRY(const Analysis analysis, analyze_file(store, source.input.path, options, stop_));
        if (!source.bpm && analysis.tempo && analysis.tempo->bpm)
            source.bpm = as_devices_hold(*analysis.tempo->bpm);
        if (source.key.empty() && analysis.key && analysis.key->key) source.key = analysis.key->key->name();
        if (spec_.slice != "beats" && spec_.slice != "onsets") return {};
        // The frames of some formats are known only now.
        source.info.frames = analysis.source.frames;
        const SamplerDevice& device = device_of(spec_);
        const std::int64_t shortest =
            seconds_to_frames(device.min_milliseconds / 1000.0, source.info.stream.sample_rate_hz) + 1;
        const bool at_beats = spec_.slice == "beats";
        std::vector<double> places;
        if (at_beats && analysis.tempo) places = analysis.tempo->beats_s;
        if (!at_beats && analysis.features) places = analysis.features->onsets_s;
        found.slices = slices_at(places, source.info, shortest);
        if (found.slices.begin_frames.empty())
            return fail(ErrorCode::unsupported, fmt::format("no {} were found to cut at", spec_.slice),
                        "give a number of equal slices");
        return {};
    }

    const PackSpec& spec_;
    std::stop_token stop_;
};

}  // namespace

std::vector<ExpandedInput> named_inputs(const PackSpec& spec, const std::stop_token& stop) {
    if (spec.pads.empty()) return expand_inputs(spec.inputs, stop);
    std::vector<std::string> names;
    for (const PackPad& pad : spec.pads)
        if (std::ranges::find(names, pad.sample) == names.end()) names.push_back(pad.sample);
    std::vector<ExpandedInput> inputs;
    for (const std::string& name : names) inputs.push_back({name, file_input(name)});
    return inputs;
}

Result<std::vector<FoundSource>> find_sources(const PackSpec& spec, const std::vector<ExpandedInput>& inputs,
                                              const Progress::Part& progress, std::stop_token stop) {
    if (inputs.empty())
        return fail(ErrorCode::invalid_argument, "there are no samples",
                    "name audio files, folders or a kit");
    std::vector<FoundSource> found(inputs.size());
    Progress::Part part = progress;
    part.stage("looking");
    std::atomic<std::size_t> done = 0;
    const Looker looker(spec, stop);
    const auto statuses = run_each(
        inputs.size(), core_count(),
        [&](std::size_t i, const std::stop_token&) -> Status {
            found[i] = looker.look(inputs[i]);
            part.advance_to(static_cast<double>(++done) / static_cast<double>(inputs.size()));
            return {};
        },
        stop);
    if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
    for (std::size_t i = 0; i < inputs.size(); ++i)
        if (!statuses[i]) found[i].source.error = statuses[i].error();
    return found;
}

}  // namespace dubplate
