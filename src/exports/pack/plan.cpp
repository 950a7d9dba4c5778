#include "exports/pack/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/text.h"
#include "core/units.h"
#include "exports/pack/folder_before.h"
#include "exports/pack/loop_rates.h"
#include "exports/pack/names.h"
#include "exports/pack/project.h"
#include "exports/pack/sources.h"
#include "organize/name_template.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t bytes_of_others = 1U << 20U;  // manifest, sheets, project
constexpr double cents_worth_telling = 3;

bool is_zip_path(const fs::path& path) {
    return to_lower_ascii(path.extension().string()) == ".zip";
}

// Does it come out as it went in?
bool fits_as_it_is(const SourceInfo& info, const PackSpec& spec, int channels) {
    return info.stream.sample_rate_hz == device_of(spec).sample_rate_hz && !info.lossy && !info.is_float &&
           info.bits <= 16 && info.stream.channels == channels;
}

// A loop that spans the whole file: its end is played into its beginning.
bool is_whole_loop(const SourceInfo& info) {
    if (info.acid && !info.acid->one_shot && info.acid->beats.value_or(0) > 0) return true;
    return info.loop && info.loop->begin_frame == 0 && info.loop->end_frame >= info.frames;
}

class Planner {
  public:
    Planner(const PackSpec& spec, const ExportTarget& target, Progress::Part progress, std::stop_token stop)
        : progress_(std::move(progress)), stop_(std::move(stop)), names_(profile_of(spec)) {
        plan_.spec = spec;
        plan_.device = &device_of(spec);
        plan_.target = target;
        plan_.is_zip = is_zip_path(target.output);
    }

    Result<PackPlan> make(const std::vector<ExpandedInput>& inputs) {
        DUBPLATE_CHECK(validate(plan_.spec));
        DUBPLATE_TRY(template_, NameTemplate::parse(plan_.spec.name));
        DUBPLATE_TRY(std::vector<FoundSource> found, find_sources(plan_.spec, inputs, progress_, stop_));
        for (FoundSource& source : found) {
            plan_.sources.push_back(std::move(source.source));
            slices_.push_back(std::move(source.slices));
        }
        DUBPLATE_CHECK(plan_.spec.pads.empty() ? add_samples() : add_pads());
        choose_tempo();
        DUBPLATE_CHECK(add_pictures());
        if (plan_.samples.empty() && std::ranges::none_of(plan_.sources, [](const PackSource& source) {
                return source.error.has_value();
            }))
            return fail(ErrorCode::invalid_argument, "there are no samples");
        DUBPLATE_CHECK(check_nothing_in_the_way(plan_));
        DUBPLATE_TRY(plan_.files_before, files_before(plan_));
        add_warnings();
        mark_padded();
        add_estimate();
        return std::move(plan_);
    }

  private:
    const PackSpec& spec() const { return plan_.spec; }
    const SamplerDevice& device() const { return *plan_.device; }

    // ---- samples of inputs ----

    Status add_samples() {
        for (std::size_t i = 0; i < plan_.sources.size(); ++i) {
            if (plan_.sources[i].error) continue;
            const auto named = name_of(plan_.sources[i], static_cast<int>(i) + 1);
            if (!named) {
                refuse(plan_.sources[i], Error(named.error()).in_context(plan_.sources[i].input.name));
                continue;
            }
            add_slices(i, *named);
        }
        if (!spec().is_kit()) {
            for (PlannedSample& sample : plan_.samples)
                add_plain_file(sample, folder_for(sample), sample.name);
            return {};
        }
        if (plan_.samples.size() > static_cast<std::size_t>(device().pads()))
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("{} samples, and the {} has {} pads", plan_.samples.size(),
                                    device().title, device().pads()),
                        spec().slice.empty()
                            ? "choose fewer, or sort them with --organize genre, bpm or key"
                            : fmt::format("choose some with --slices 1-{}", device().pads()));
        for (std::size_t i = 0; i < plan_.samples.size(); ++i) {
            const int pads = device().pads_per_bank;
            const PadPlace place{static_cast<int>(i) / pads, static_cast<int>(i) % pads + 1};
            add_pad(plan_.samples[i], place, asked_of(plan_.samples[i]), plan_.samples[i].name);
        }
        return {};
    }

    static void refuse(PackSource& source, Error error) {
        source.validation.errors.push_back(error.message);
        source.error = std::move(error);
    }

    Result<std::string> name_of(const PackSource& source, int index) const {
        return template_.render({.input = source.input.stem,
                                 .metadata = source.info.metadata,
                                 .format = source.info.format,
                                 .sample_rate_hz = source.info.stream.sample_rate_hz,
                                 .bit_depth = std::to_string(source.info.bits),
                                 .channels = source.info.stream.channels,
                                 .index = index},
                                profile_of(spec()));
    }

    PlannedSample sample_of(std::size_t source, std::string name) const {
        const SourceInfo& info = plan_.sources[source].info;
        PlannedSample sample{.source = source, .name = std::move(name)};
        sample.channels = spec().mono ? 1 : std::min(info.stream.channels, device().max_channels);
        sample.keeps_samples = fits_as_it_is(info, spec(), sample.channels);
        return sample;
    }

    void add_slices(std::size_t source, const std::string& name) {
        const SourceInfo& info = plan_.sources[source].info;
        const std::vector<std::int64_t>& begins = slices_[source].begin_frames;
        if (begins.empty()) {
            PlannedSample sample = sample_of(source, name);
            if (is_whole_loop(info)) set_loop(sample, 0, info.frames);
            plan_.samples.push_back(std::move(sample));
            return;
        }
        const int digits = begins.size() > 99 ? 3 : 2;
        const auto [first, last] = slice_range(spec().slices).value_or(every_slice);
        if (static_cast<std::size_t>(first) > begins.size()) {
            refuse(plan_.sources[source],
                   fail(ErrorCode::invalid_argument, fmt::format("{}: there are {} slices, and the first of "
                                                                 "those asked for is {}",
                                                                 name, begins.size(), first)));
            return;
        }
        const std::size_t end = std::min(static_cast<std::size_t>(last), begins.size());
        for (auto i = static_cast<std::size_t>(first - 1); i < end; ++i) {
            PlannedSample sample = sample_of(source, fmt::format("{}_{:0{}}", name, i + 1, digits));
            sample.begin_frame = begins[i];
            sample.end_frame = i + 1 < begins.size() ? begins[i + 1] : info.frames;
            if (Status fits = check_slice(sample, info); !fits) sample.error = std::move(fits).error();
            plan_.samples.push_back(std::move(sample));
        }
    }

    Status check_slice(const PlannedSample& sample, const SourceInfo& info) const {
        const std::int64_t frames = resampled_frames(*sample.end_frame - sample.begin_frame,
                                                     info.stream.sample_rate_hz, device().sample_rate_hz);
        if (frames < device().min_frames() && !spec().pad_short)
            return fail(ErrorCode::unsupported,
                        fmt::format("{}: {:.0f} ms long, the {} needs {} ms", sample.name,
                                    1000 * frames_to_seconds(frames, device().sample_rate_hz), device().title,
                                    device().min_milliseconds),
                        "use --pad-short, or fewer slices");
        if (frames > device().max_frames)
            return fail(ErrorCode::unsupported,
                        fmt::format("{}: longer than the {} holds", sample.name, device().title),
                        "use more slices");
        return {};
    }

    static void set_loop(PlannedSample& sample, std::int64_t loop_frame, std::int64_t end_frame) {
        sample.loop_frame = loop_frame;
        sample.end_frame = end_frame;
    }

    // ---- pads ----

    // How a sample of a folder plays: a loop goes round, and everything else to its end.
    PackPad asked_of(const PlannedSample& sample) const {
        const PackSource& source = plan_.sources[sample.source];
        PackPad pad;
        pad.settings.loop = sample.loop_frame.has_value();
        pad.settings.gate = pad.settings.loop;
        if (source.bpm && *source.bpm >= device().min_bpm && *source.bpm <= device().max_bpm)
            pad.settings.bpm = source.bpm;
        return pad;
    }

    // Pads with one file and one loop share what is made of it.
    Status add_pads() {
        for (const PackPad& pad : spec().pads) {
            const auto source = std::ranges::find(plan_.sources, pad.sample,
                                                  [](const PackSource& s) { return s.input.name; });
            const auto index = static_cast<std::size_t>(source - plan_.sources.begin());
            if (source->error) continue;
            DUBPLATE_TRY(const PadPlace place, device().parse_place(pad.pad));
            const Result<std::string> named = name_of(*source, static_cast<int>(index) + 1);
            const std::string name = !pad.name.empty() ? pad.name : named ? *named : source->input.stem;
            PlannedSample wanted = sample_of(index, name);
            if (Status fits = fit_pad(pad, source->info, wanted); !fits)
                wanted.error =
                    std::move(fits).error().in_context(fmt::format("{} ({})", pad.pad, pad.sample));
            const auto same = std::ranges::find_if(plan_.samples, [&](const PlannedSample& sample) {
                return sample.source == index && sample.end_frame == wanted.end_frame &&
                       sample.loop_frame == wanted.loop_frame && !sample.error && !wanted.error;
            });
            PlannedSample& sample = same != plan_.samples.end() ? *same : plan_.samples.emplace_back(wanted);
            PackPad asked = pad;
            if (!asked.settings.bpm) asked.settings.bpm = asked_of(sample).settings.bpm;
            add_pad(sample, place, asked, name);
        }
        return {};
    }

    Status fit_pad(const PackPad& pad, const SourceInfo& info, PlannedSample& sample) const {
        const int rate = info.stream.sample_rate_hz;
        const double seconds = frames_to_seconds(info.frames, rate);
        for (const double place :
             {pad.start_seconds, pad.end_seconds.value_or(0), pad.loop_seconds.value_or(0),
              pad.chop_seconds.empty() ? 0 : pad.chop_seconds.back()})
            if (info.frames_exact && seconds_to_frames(place, rate) > info.frames)
                return fail(ErrorCode::invalid_argument,
                            fmt::format("{} lies behind the sample's end at {}", format_duration(place),
                                        format_duration(seconds)));
        if (!pad.settings.loop) return {};
        const std::int64_t end =
            pad.end_seconds ? seconds_to_frames(*pad.end_seconds, rate)
                            : (info.loop ? std::min(info.loop->end_frame, info.frames) : info.frames);
        const std::int64_t begin = pad.loop_seconds ? seconds_to_frames(*pad.loop_seconds, rate)
                                   : info.loop && !pad.end_seconds && pad.start_seconds == 0
                                       ? info.loop->begin_frame
                                       : seconds_to_frames(pad.start_seconds, rate);
        if (begin >= end) return fail(ErrorCode::invalid_argument, "its loop has no length");
        set_loop(sample, begin, end);
        return {};
    }

    void add_pad(PlannedSample& sample, PadPlace place, const PackPad& asked, const std::string& name) {
        sample.pads.push_back({.place = place, .name = pad_name(device(), name), .asked = asked});
        const fs::path folder = fs::path(safe_name(spec().kit, profile_of(spec()))) / bank_folder(place.bank);
        add_plain_file(sample, folder, pad_file_stem(place, safe_name(name, profile_of(spec()))));
        if (!spec().has_project()) return;
        const fs::path path = plan_.project_folder() / device().sample_path(place);
        sample.files.push_back({.path = path, .kind = device().project_file, .place = place});
        // Where no pad has a name, that is no news of this one.
        const std::string whole_name = device().max_pad_name > 0 ? safe_name(name, NameProfile::sampler) : "";
        for (Loss& loss :
             device().losses(SamplerPad{.place = place, .name = whole_name, .settings = asked.settings}))
            sample.losses.push_back(std::move(loss));
    }

    fs::path folder_for(const PlannedSample& sample) const {
        return folder_of(spec(), plan_.sources[sample.source]);
    }

    void add_plain_file(PlannedSample& sample, const fs::path& folder, const std::string& name) {
        const SampleFileKind& kind = file_kind_of(spec());
        const fs::path path = names_.take((folder / name).string(), kind.extension);
        SampleFile file{.path = path, .kind = &kind};
        if (spec().metadata) file.sheet = path.parent_path() / (path.stem().string() + "_metadata.txt");
        sample.files.push_back(std::move(file));
    }

    Status add_pictures() {
        if (!spec().has_project()) return {};
        DUBPLATE_CHECK(add_pictures(spec().startup, "startup"));
        return add_pictures(spec().screen_saver, "screen_saver");
    }

    Status add_pictures(const std::vector<std::string>& sources, const char* kind) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            DUBPLATE_TRY(Bytes content, screen_picture(device(), sources[i]));
            const fs::path folder = plan_.project_folder() / device().picture_folder;
            plan_.pictures.push_back(
                {sources[i], folder / fmt::format("{}_{}.bmp", kind, i + 1), std::move(content)});
        }
        return {};
    }

    // What was asked for, else that of the one file that was cut, else the device's own.
    void choose_tempo() {
        plan_.project_bpm = device().default_bpm;
        const auto& bpm = plan_.sources.front().bpm;
        const bool is_cut = !spec().slice.empty() && plan_.sources.size() == 1;
        if (is_cut && bpm && *bpm >= device().min_bpm && *bpm <= device().max_bpm) plan_.project_bpm = *bpm;
        plan_.project_bpm = spec().bpm.value_or(plan_.project_bpm);
    }

    // ---- the whole ----

    void add_warnings() {
        if (spec().has_project()) plan_.warnings.push_back(warning_of_project());
        add_warnings_of_repeated_inputs();
        for (const PlannedSample& sample : plan_.samples) {
            if (!sample.loop_frame || sample.error) continue;
            const SourceInfo& info = plan_.sources[sample.source].info;
            const std::int64_t turn = *sample.end_frame - *sample.loop_frame;
            const RatePair nominal{info.stream.sample_rate_hz, device().sample_rate_hz};
            const double exact = static_cast<double>(turn) * nominal.to / nominal.from;
            const double cents =
                1200 * std::abs(std::log2(static_cast<double>(looped_frames(turn, nominal)) / exact));
            if (cents > cents_worth_telling)
                plan_.warnings.push_back(fmt::format(
                    "{}: its loop is so short that its pitch moves by {:.0f} cents", sample.name, cents));
        }
    }

    std::string warning_of_project() const {
        const std::string replaced =
            device().projects > 1 ? fmt::format("loading it replaces project {} of the unit", spec().project)
                                  : "copied onto a card, it replaces the pads that lie there";
        return fmt::format(
            "the project is experimental: it was checked byte by byte, and not yet tried on a {}; {}",
            device().title, replaced);
    }

    // By the paths alone: links are made on purpose.
    void add_warnings_of_repeated_inputs() {
        std::map<fs::path, int> times;
        const fs::path here = fs::current_path();
        for (const PackSource& source : plan_.sources) {
            if (source.input.path.empty()) continue;
            if (++times[(here / source.input.path).lexically_normal()] == 2)
                plan_.warnings.push_back(source.input.name + " is given more than once");
        }
    }

    // As delivered, and before it is padded.
    std::int64_t frames_of(const PlannedSample& sample) const {
        const SourceInfo& info = plan_.sources[sample.source].info;
        return resampled_frames(sample.end_frame.value_or(info.frames) - sample.begin_frame,
                                info.stream.sample_rate_hz, device().sample_rate_hz);
    }

    void mark_padded() {
        if (!spec().pad_short) return;
        for (PlannedSample& sample : plan_.samples)
            sample.is_padded = plan_.will_make(sample) && !sample.loop_frame &&
                               plan_.sources[sample.source].info.frames_exact &&
                               frames_of(sample) < device().min_frames();
    }

    void add_estimate() {
        for (const PlannedSample& sample : plan_.samples) {
            if (!plan_.will_make(sample)) continue;
            const std::int64_t frames = sample.is_padded ? device().padded_frames() : frames_of(sample);
            plan_.estimated_bytes += sample.files.size() * 2 * static_cast<std::uint64_t>(sample.channels) *
                                     static_cast<std::uint64_t>(frames);
        }
        if (plan_.estimated_bytes == 0) return;  // nothing will be made
        plan_.estimated_bytes += bytes_of_others;
        // An archive is put together from files beside it.
        if (plan_.is_zip) plan_.estimated_bytes += plan_.estimated_bytes / 4;
    }

    PackPlan plan_;
    std::vector<Slices> slices_;  // of each source
    NameTemplate template_;
    Progress::Part progress_;
    std::stop_token stop_;
    UniqueNames names_;
};

}  // namespace

std::filesystem::path PackPlan::project_folder() const {
    return spec.has_project() ? device->project_folder(spec.project) : fs::path();
}

bool PackPlan::will_make(const PlannedSample& sample) const {
    return !sample.error && !sources[sample.source].error;
}

std::size_t PackPlan::failed_count() const {
    const auto failed = [](const auto& entry) { return entry.error.has_value(); };
    return static_cast<std::size_t>(std::ranges::count_if(sources, failed) +
                                    std::ranges::count_if(samples, failed));
}

Result<PackPlan> plan_pack(const PackSpec& spec, const ExportTarget& target, const Progress::Part& progress,
                           std::stop_token stop) {
    return plan_pack(spec, named_inputs(spec, stop), target, progress, stop);
}

Result<PackPlan> plan_pack(const PackSpec& spec, const std::vector<ExpandedInput>& inputs,
                           const ExportTarget& target, const Progress::Part& progress, std::stop_token stop) {
    return Planner(spec, target, progress, std::move(stop)).make(inputs);
}

}  // namespace dubplate
