#include "exports/stems/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/text.h"
#include "core/units.h"
#include "exports/stems/placed_reader.h"
#include "exports/stems/session.h"
#include "exports/stems/track_names.h"
#include "exports/stems/tracks.h"
#include "formats/daw/reaper_template.h"
#include "organize/file_name.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr double worth_telling_seconds = 0.05;
constexpr std::uint64_t most_template_bytes = 64U << 20U;

// Opened once, to see what it is.
struct Source {
    AudioInput input;
    SourceInfo info;
    std::int64_t frames = 0;  // exact
};

// All frames, by reading them.
Result<std::int64_t> count_frames(AudioReader& reader, const std::stop_token& stop) {
    BlockBuffer<float> block(reader.info().stream.channels, block_frames);
    for (std::int64_t frames = 0;;) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::int64_t got, reader.read(block.view(block_frames)));
        if (got == 0) return frames;
        frames += got;
    }
}

Result<Source> look_at(AudioInput input, std::optional<int> channels, const std::stop_token& stop) {
    DUBPLATE_TRY(const OpenedAudio opened, input.open());
    Source source{std::move(input), opened.reader->info(), opened.reader->info().frames};
    if (source.info.stream.channels > 2 && !channels)
        return fail(ErrorCode::unsupported,
                    fmt::format("{} channels; stems are mono or stereo", source.info.stream.channels),
                    "use --channels 2");
    if (!source.info.frames_exact) {
        DUBPLATE_TRY(source.frames, count_frames(*opened.reader, stop));
    }
    if (source.frames == 0) return fail(ErrorCode::corrupt, "holds no audio, 0 frames");
    return source;
}

int common_rate(const std::vector<std::optional<Source>>& sources) {
    std::map<int, int> counts;
    for (const auto& source : sources)
        if (source) ++counts[source->info.stream.sample_rate_hz];
    return std::ranges::max_element(counts, {},
                                    [](const auto& entry) { return std::pair(entry.second, entry.first); })
        ->first;
}

class Planner {
  public:
    Planner(const StemsSpec& spec, const ExportTarget& target, std::stop_token stop)
        : stop_(std::move(stop)),
          plan_{.spec = spec, .target = target, .folder = target.output / safe_name(spec.folder)} {}

    Result<StemsPlan> make() {
        DUBPLATE_CHECK(validate(plan_.spec));
        DUBPLATE_TRY(const std::vector<FoundTrack> tracks, find_tracks(plan_.spec, stop_));
        for (const FoundTrack& track : tracks) DUBPLATE_CHECK(add_track(track));
        if (std::ranges::none_of(sources_, [](const auto& source) { return source.has_value(); }))
            return *first_error();
        plan_.sample_rate_hz = plan_.spec.audio.sample_rate_hz.value_or(common_rate(sources_));
        plan_.frames = session_frames();
        DUBPLATE_TRY(plan_.session,
                     make_session(plan_.spec, plan_.sample_rate_hz, plan_.frames, plan_.warnings));
        DUBPLATE_CHECK(plan_audio_of_stems());
        DUBPLATE_CHECK(plan_mix());
        fill_session();
        DUBPLATE_CHECK(plan_extras());
        warn_of_tracks();
        add_estimates();
        return std::move(plan_);
    }

  private:
    Status add_track(const FoundTrack& found) {
        PlannedStem stem{
            .name = names_.take(found.track.name, plan_.stems.size() + 1), .track = found.track, .error = {}};
        Result<Source> source = found.input ? look_at(*found.input, plan_.spec.audio.channels, stop_)
                                            : Result<Source>(Error(found.input.error()));
        if (!source && source.error().code == ErrorCode::canceled) return source.error();
        if (source) {
            sources_.emplace_back(*std::move(source));
        } else {
            sources_.emplace_back();
            stem.error = std::move(source).error().in_context(stem.name);
        }
        plan_.stems.push_back(std::move(stem));
        return {};
    }

    const std::optional<Error>& first_error() const {
        return std::ranges::find_if(plan_.stems,
                                    [](const PlannedStem& stem) { return stem.error.has_value(); })
            ->error;
    }

    std::int64_t begin_of(std::size_t i) const {
        return seconds_to_frames(plan_.stems[i].track.start_seconds, plan_.sample_rate_hz);
    }

    std::int64_t session_frames() const {
        std::int64_t frames = 0;
        for (std::size_t i = 0; i < sources_.size(); ++i)
            if (sources_[i])
                frames =
                    std::max(frames, begin_of(i) + resampled_frames(sources_[i]->frames,
                                                                    sources_[i]->info.stream.sample_rate_hz,
                                                                    plan_.sample_rate_hz));
        return frames + seconds_to_frames(plan_.spec.tail_seconds, plan_.sample_rate_hz);
    }

    // An input that opens `source` in its place in the session, with the gain as it is known by then.
    AudioInput placed(const AudioInput& source, std::string name, Placement placement) const {
        AudioInput input;
        input.stem = safe_name(name);
        input.name = std::move(name);
        input.path = source.path;
        input.subfolder = plan_.spec.subfolders ? "audio" : "";
        input.open = [open = source.open, placement = std::move(placement),
                      gain = plan_.gain_db]() -> Result<OpenedAudio> {
            DUBPLATE_TRY(OpenedAudio opened, open());
            Placement now = placement;
            now.gain_db = *gain;
            DUBPLATE_TRY(auto reader, place(std::move(opened), std::move(now)));
            return OpenedAudio{nullptr, std::move(reader)};
        };
        return input;
    }

    Placement placement(const SourceInfo& source, std::int64_t begin_frame, Metadata metadata) const {
        Placement place{.sample_rate_hz = plan_.sample_rate_hz,
                        .begin_frame = begin_frame,
                        .frames = plan_.frames,
                        .channels = plan_.spec.audio.channels,
                        .gain_db = 0,
                        .tags = {}};
        place.tags.metadata = merge(source.metadata, metadata);
        place.tags.markers = plan_.session.markers;
        return place;
    }

    Metadata metadata_of(const std::string& name, std::size_t number) const {
        Metadata metadata = plan_.session.metadata;
        metadata.title = name;
        if (number > 0) metadata.track = {static_cast<int>(number), static_cast<int>(plan_.stems.size())};
        return metadata;
    }

    // Rates, channels and lengths are the tracks' own by now.
    AudioSpec audio_spec() const {
        AudioSpec spec = plan_.spec.audio;
        spec.sample_rate_hz.reset();
        spec.channels.reset();
        return spec;
    }

    ExportTarget folder_target() const {
        ExportTarget target = plan_.target;
        target.output = plan_.folder;
        return target;
    }

    Status plan_audio_of_stems() {
        std::vector<ExpandedInput> inputs;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            const PlannedStem& stem = plan_.stems[i];
            if (!sources_[i]) {
                inputs.push_back({stem.name, *stem.error});
                continue;
            }
            const Placement place = placement(sources_[i]->info, begin_of(i), metadata_of(stem.name, i + 1));
            inputs.push_back({stem.name, placed(sources_[i]->input, stem.name, place)});
        }
        DUBPLATE_TRY(plan_.audio, plan_audio(audio_spec(), inputs, folder_target(), stop_));
        for (std::size_t i = 0; i < plan_.stems.size(); ++i) {
            plan_.stems[i].error = plan_.audio.items[i].error;
            DUBPLATE_CHECK(check_way(plan_.audio.items[i]));
        }
        forget_copies(plan_.audio);
        return {};
    }

    // Without a mix, it is the sum of the tracks; of those that were delivered, when it comes to that.
    Status plan_mix() {
        const std::string name = names_.take("mix", 0);
        AudioInput input;
        plan_.mix_is_given = !plan_.spec.mix.empty();
        if (plan_.mix_is_given) {
            Result<Source> source = look_at(file_input(plan_.spec.mix), plan_.spec.audio.channels, stop_);
            if (!source) return std::move(source).error().in_context("mix");
            input = placed(source->input, name, placement(source->info, 0, metadata_of(name, 0)));
            warn_of_length(*source);
        } else {
            const std::vector<bool> heard = plan_.heard();
            if (std::ranges::find(heard, true) == heard.end() || is_one_as_it_is()) return {};
            input.name = input.stem = name;
            input.subfolder = plan_.spec.subfolders ? "audio" : "";
            input.open = [&plan = plan_]() -> Result<OpenedAudio> {
                DUBPLATE_TRY(auto reader, open_sum(plan, plan.heard(), 0, 1));
                return OpenedAudio{nullptr, std::move(reader)};
            };
        }
        AudioSpec spec = audio_spec();
        // A template is of tracks: it may ask for a number, or give a stem's name again.
        spec.name = AudioSpec{}.name;
        DUBPLATE_TRY(plan_.mix, plan_audio(spec, {{name, input}}, folder_target(), stop_));
        if (const auto& error = plan_.mix.items.front().error) return Error(*error);
        DUBPLATE_CHECK(check_mix_path());
        if (!plan_.mix_is_given)
            plan_.mix.items.front().input.open = nullptr;  // run_stems() knows which stems then
        forget_copies(plan_.mix);
        return {};
    }

    // The mix of one track would be that track again.
    bool is_one_as_it_is() const {
        const StemTrack& only = plan_.stems.front().track;
        return plan_.stems.size() == 1 && only.gain_db == 0 && only.pan == 0;
    }

    // Silence is put behind a mix that is shorter, and what is behind the end of a longer one is left out.
    void warn_of_length(const Source& mix) {
        const std::int64_t frames =
            resampled_frames(mix.frames, mix.info.stream.sample_rate_hz, plan_.sample_rate_hz);
        const std::int64_t stems =
            plan_.frames - seconds_to_frames(plan_.spec.tail_seconds, plan_.sample_rate_hz);
        const double seconds = frames_to_seconds(std::abs(frames - stems), plan_.sample_rate_hz);
        if (seconds < worth_telling_seconds) return;
        plan_.warnings.push_back(fmt::format("the mix is {:.3f} s {} than the stems", seconds,
                                             frames < stems ? "shorter" : "longer"));
    }

    Status check_mix_path() const {
        for (const PlannedFile& mix : plan_.mix.items.front().files)
            for (const PlannedItem& stem : plan_.audio.items)
                for (const PlannedFile& file : stem.files)
                    if (file.path == mix.path)
                        return fail(
                            ErrorCode::invalid_argument,
                            "name: a stem would have the name of the mix, " + mix.path.filename().string(),
                            "add {input} to --name");
        return {};
    }

    // What is in the way of one file is in the way of the delivery: half of it beside an older half helps nobody.
    static Status check_way(const PlannedItem& item) {
        if (item.error && item.error->code == ErrorCode::already_exists) return *item.error;
        return {};
    }

    // What is placed in a session is no copy of its source, even where the samples are the same.
    static void forget_copies(AudioPlan& plan) {
        for (PlannedItem& item : plan.items)
            for (PlannedFile& file : item.files) file.may_keep = false;
    }

    void fill_session() {
        for (std::size_t i = 0; i < plan_.stems.size(); ++i)
            plan_.session.tracks.push_back(make_track(plan_, i));
        // Of new recordings and renders: the deepest that is delivered.
        plan_.session.bit_depth = 16;
        for (const PlannedItem& item : plan_.audio.items)
            for (const PlannedFile& file : item.files)
                plan_.session.bit_depth = std::max(plan_.session.bit_depth, bits_of(file.settings.depth));
    }

    void warn_of_tracks() {
        for (const PlannedStem& stem : plan_.stems)
            if (plan_.spec.mix.empty() && is_mix_name(stem.track.name))
                plan_.warnings.push_back(fmt::format(
                    "\"{}\" is delivered as a track; name it with --mix to compare the stems with it",
                    stem.name));
        std::set<std::string> ended;
        for (std::size_t i = 1; i < plan_.stems.size(); ++i) {
            const std::string& before = plan_.stems[i - 1].track.group;
            const std::string& group = plan_.stems[i].track.group;
            if (group == before) continue;
            ended.insert(before);
            if (!group.empty() && ended.contains(group))
                plan_.warnings.push_back(fmt::format(
                    "the group \"{}\" becomes more than one folder: other tracks stand between its tracks",
                    group));
        }
    }

    void add_estimates() {
        std::uint64_t audio = plan_.audio.estimated_bytes + plan_.mix.estimated_bytes;
        std::uint64_t stems_of_a_project = 0;
        for (const PlannedItem& item : plan_.audio.items)
            if (!item.files.empty()) stems_of_a_project += item.files.front().estimated_bytes;
        plan_.estimated_bytes = audio * (plan_.spec.zip ? 2 : 1);
        for (const PlannedProject& project : plan_.projects)
            if (project.format->holds_media) plan_.estimated_bytes += stems_of_a_project;
    }

    Status plan_extras() {
        for (const std::string& name : plan_.spec.daw) {
            const DawFormat& format = *find_daw_format(name);
            PlannedProject project{.format = &format,
                                   .path = plan_.folder / format.path_for(plan_.session),
                                   .losses = format.losses(plan_.session)};
            DUBPLATE_CHECK(check_free(project.path));
            plan_.projects.push_back(std::move(project));
        }
        // All sheets are written together, so the first stands for them.
        if (plan_.spec.metadata) DUBPLATE_CHECK(check_free(plan_.folder / "metadata" / "project.json"));
        if (!plan_.spec.reaper_template.empty()) DUBPLATE_CHECK(read_template());
        if (!plan_.spec.zip) return {};
        plan_.zip = plan_.folder;
        plan_.zip += ".zip";
        return check_free(plan_.zip);
    }

    // Filled once to see whether it can be.
    Status read_template() {
        FileStore store;
        DUBPLATE_TRY(const auto source, store.open(plan_.spec.reaper_template));
        DUBPLATE_TRY(const Bytes bytes, read_all(*source, most_template_bytes));
        plan_.template_text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        const Result<std::string> filled = fill_reaper_template(plan_.template_text, plan_.session);
        if (!filled) return Error(filled.error()).in_context(plan_.spec.reaper_template);
        return {};
    }

    Status check_free(const fs::path& path) const {
        if (plan_.target.overwrite || !plan_.target.store->exists(path)) return {};
        return fail(ErrorCode::already_exists, path.string() + " exists already",
                    "use --overwrite to replace it, or choose another folder with --output");
    }

    std::stop_token stop_;
    StemsPlan plan_;
    std::vector<std::optional<Source>> sources_;  // as the stems
    TrackNames names_;
};

}  // namespace

std::size_t StemsPlan::failed_count() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(stems, [](const PlannedStem& stem) { return stem.error.has_value(); }));
}

std::vector<bool> StemsPlan::heard() const {
    const bool has_solo = std::ranges::any_of(stems, [](const PlannedStem& stem) { return stem.track.solo; });
    std::vector<bool> heard;
    for (const PlannedStem& stem : stems)
        heard.push_back(!stem.error && !stem.track.mute && (!has_solo || stem.track.solo));
    return heard;
}

Result<std::unique_ptr<MixReader>> open_sum(const StemsPlan& plan, const std::vector<bool>& heard,
                                            double gain_db, int threads) {
    std::vector<MixTrack> tracks;
    for (std::size_t i = 0; i < plan.stems.size(); ++i) {
        if (!heard[i]) continue;
        const PlannedStem& stem = plan.stems[i];
        Result<OpenedAudio> opened = plan.audio.items[i].input.open();
        if (!opened) return std::move(opened).error().in_context(stem.name);
        tracks.push_back({stem.name, std::move(opened->reader), stem.track.gain_db, stem.track.pan});
    }
    TagSet tags;
    tags.metadata = plan.session.metadata;
    tags.metadata.title = "mix";
    tags.markers = plan.session.markers;
    return std::make_unique<MixReader>(std::move(tracks), gain_db, threads, std::move(tags));
}

Result<StemsPlan> plan_stems(const StemsSpec& spec, const ExportTarget& target, std::stop_token stop) {
    return Planner(spec, target, std::move(stop)).make();
}

}  // namespace dubplate
