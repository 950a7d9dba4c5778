#include "exports/video/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text.h"
#include "exports/video/midi_scene.h"
#include "exports/video/overrides.h"
#include "exports/video/scenes.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t project_limit_bytes = max_json_bytes;
constexpr double key_interval_s = 2;
constexpr double tail_s = 2;  // behind the last note of a project that says nothing of its length
constexpr double longest_video_s = 24 * 3600;
constexpr double estimated_bits_a_pixel = 0.08;  // of the ready scenes at crf 20, about

struct Piece {
    Project project;
    std::shared_ptr<const SongLevels> levels;
    double seconds = 0;
    Metadata tags;
    std::vector<Marker> markers;
    int marker_rate_hz = 1;
    std::string sound;  // path; empty: none
    std::optional<double> bpm;
    std::vector<std::string> warnings;
};

enum class InputKind { song, project, midi };

// Projects by their name; MIDI files by their first bytes, bare or in a RIFF.
Result<InputKind> kind_of(const std::string& input) {
    if (to_lower_ascii(fs::path(input).extension().string()) == ".json") return InputKind::project;
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(input));
    std::array<char, 12> head{};
    DUBPLATE_CHECK(source->read_at(0, std::as_writable_bytes(std::span(head))));
    const std::string_view text(head.data(), head.size());
    const bool is_midi = text.starts_with("MThd") || (text.starts_with("RIFF") && text.ends_with("RMID"));
    return is_midi ? InputKind::midi : InputKind::song;
}

std::string name_of(InputKind kind) {
    switch (kind) {
        case InputKind::project:
            return "project";
        case InputKind::midi:
            return "MIDI file";
        case InputKind::song:
            break;
    }
    return "song";
}

Result<Piece> read_project_file(const VideoSpec& spec) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(spec.input));
    DUBPLATE_TRY(const Bytes bytes, read_all(*source, project_limit_bytes));
    auto json = parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, spec.input);
    if (!json) return std::move(json).error();
    auto project = read_project(*json);
    if (!project) return std::move(project).error().in_context(spec.input);
    Piece piece;
    piece.seconds =
        seconds_of_beat(project->end_beat(), project->tempo) + (project->length_beats ? 0 : tail_s);
    piece.bpm = project->tempo.bpm_at(0);
    piece.tags.title = project->name;
    if (!project->audio.empty()) piece.sound = (fs::path(spec.input).parent_path() / project->audio).string();
    piece.project = *std::move(project);
    return piece;
}

Result<Piece> read_midi_file(const VideoSpec& spec) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(spec.input));
    auto midi = read_midi(*source);
    if (!midi) return std::move(midi).error().in_context(spec.input);
    auto project = make_midi_scene(*midi);
    if (!project) return std::move(project).error().in_context(spec.input);
    Piece piece;
    piece.seconds = seconds_of_beat(project->end_beat(), project->tempo) + tail_s;
    piece.bpm = project->tempo.bpm_at(0);
    piece.tags.title = project->name;
    piece.marker_rate_hz = 48'000;
    piece.markers = markers_of(*midi, project->tempo, piece.marker_rate_hz);
    piece.warnings = midi->warnings;
    piece.project = *std::move(project);
    return piece;
}

Result<Piece> hear_song(const VideoSpec& spec, Progress::Part progress, std::stop_token stop) {
    progress.stage("listening", spec.input);
    DUBPLATE_TRY(SongFacts song, listen_to(file_input(spec.input), std::move(progress), std::move(stop)));
    Piece piece;
    piece.project = make_scene(spec.scene, song);
    piece.levels = song.levels;
    piece.seconds = song.seconds;
    piece.tags = song.source.metadata;
    piece.markers = song.source.markers;
    piece.marker_rate_hz = song.source.stream.sample_rate_hz;
    piece.sound = spec.input;
    piece.bpm = song.bpm;
    return piece;
}

bool names_a_video(const fs::path& path) {
    const std::string extension = to_lower_ascii(path.extension().string());
    return extension == ".mp4" || extension == ".mov";
}

// The file's place: the output where it names one, else the input's name in that folder; with its size where there are several.
fs::path output_file(const VideoSpec& spec, const fs::path& output, const std::string& size) {
    const bool is_file = names_a_video(output);
    const bool is_one_of_many = spec.size.find(',') != std::string::npos;
    const std::string stem = (is_file ? output : fs::path(spec.input)).stem().string();
    const fs::path folder = is_file ? output.parent_path() : output;
    return folder / fmt::format("{}{}{}", stem, is_one_of_many ? "-" + size : "",
                                is_file ? output.extension().string() : ".mp4");
}

Status check_output(const VideoTarget& target, VideoPlan& plan) {
    const fs::path& file = plan.file;
    const std::string extension = to_lower_ascii(target.output.extension().string());
    if (!extension.empty() && !names_a_video(target.output) && !fs::is_directory(target.output))
        return fail(ErrorCode::unsupported,
                    fmt::format("{}: videos are made as .mp4 and .mov", target.output.string()),
                    "end the name with .mp4");
    if (extension == ".mov") plan.container = VideoContainer::mov;
    const bool is_apples = plan.spec.codec == VideoCodec::h264 || plan.spec.codec == VideoCodec::hevc;
    if (plan.container == VideoContainer::mov && !is_apples)
        return fail(ErrorCode::unsupported, "codec: MOV holds h264 and hevc alone", "end the name with .mp4");
    if (!target.overwrite && target.store->exists(file))
        return fail(ErrorCode::already_exists, fmt::format("{} exists", file.string()),
                    "use --overwrite, or another name");
    return {};
}

// What is asked for, made small and quick.
void make_preview(VideoSettings& settings) {
    constexpr int widest = 640;
    constexpr double fastest_hz = 30;
    constexpr int least_crf = 26;
    while (std::max(settings.width, settings.height) > widest &&
           std::min(settings.width, settings.height) > 64) {
        settings.width = settings.width / 4 * 2;
        settings.height = settings.height / 4 * 2;
    }
    while (settings.rate.hz() > fastest_hz) settings.rate.denominator *= 2;
    settings.preset = VideoPreset::fast;
    settings.crf = std::max(settings.crf, least_crf);
}

Result<double> seconds_of(const std::string& text, const TempoMap& tempo, double otherwise) {
    if (text.empty()) return otherwise;
    DUBPLATE_TRY(const VideoTime time, parse_video_time(text));
    return time.in_beats ? seconds_of_beat(time.value, tempo) : time.value;
}

Status set_length(const Piece& piece, VideoPlan& plan) {
    DUBPLATE_TRY(plan.start_s, seconds_of(plan.spec.start, piece.project.tempo, 0));
    DUBPLATE_TRY(const double asked_end, seconds_of(plan.spec.end, piece.project.tempo, piece.seconds));
    const double end = std::min(asked_end, piece.seconds);
    if (!(plan.start_s < end))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("start: {} is not before the end, {}", format_duration(plan.start_s),
                                format_duration(end)),
                    fmt::format("the piece is {} long", format_duration(piece.seconds)));
    if (end - plan.start_s > longest_video_s)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("{} is longer than 24 hours", format_duration(end - plan.start_s)));
    const FrameRate rate = plan.settings.rate;
    // A length that is a whole number of frames but for rounding has them all.
    constexpr double rounding = 1e-6;
    plan.frames = static_cast<std::int64_t>(
        std::floor((end - plan.start_s) * rate.numerator / rate.denominator + rounding));
    if (plan.frames < 1)
        return fail(ErrorCode::invalid_argument, "the stretch is shorter than a frame", "move start or end");
    plan.settings.key_interval = std::max(1, static_cast<int>(std::lround(key_interval_s * rate.hz())));
    plan.segment_frames = std::int64_t{2} * plan.settings.key_interval;
    if (plan.spec.segments > 0)
        plan.segment_frames =
            std::max<std::int64_t>(1, (plan.frames + plan.spec.segments - 1) / plan.spec.segments);
    return {};
}

// Points and regions of the song as chapters of the video, the first from its start on.
std::vector<Chapter> chapters_of(const Piece& piece, const VideoPlan& plan) {
    std::vector<Chapter> chapters;
    const double length = plan.seconds();
    for (const Marker& marker : piece.markers) {
        const double at = static_cast<double>(marker.frame) / piece.marker_rate_hz - plan.start_s;
        if (at < 0 || at >= length || marker.label.empty()) continue;
        if (!chapters.empty()) chapters.back().end_s = at;
        chapters.push_back({at, length, marker.label});
    }
    return chapters;
}

Status set_sound(const Piece& piece, VideoPlan& plan) {
    const std::string path = plan.spec.audio.empty() ? piece.sound : plan.spec.audio;
    if (path.empty()) {
        plan.warnings.push_back("nothing is heard: give --audio" +
                                std::string(plan.kind == "project" ? ", or name it in the project" : ""));
        return {};
    }
    plan.sound = file_input(path);
    auto opened = plan.sound->open();
    if (!opened) return std::move(opened).error();
    const StreamFormat format = opened->reader->info().stream;
    const bool keeps_rate = format.sample_rate_hz == 44'100 || format.sample_rate_hz == 48'000;
    plan.sound_format = {keeps_rate ? format.sample_rate_hz : 48'000, std::min(format.channels, 2)};
    return {};
}

Result<Piece> read_piece(InputKind kind, const VideoSpec& spec, Progress::Part progress,
                         std::stop_token stop) {
    if (kind == InputKind::song) {
        if (!spec.audio.empty())
            return fail(ErrorCode::invalid_argument, "audio: a song is heard itself", "leave --audio out");
        return hear_song(spec, std::move(progress), std::move(stop));
    }
    if (!spec.scene.empty())
        return fail(ErrorCode::invalid_argument, fmt::format("scene: a {} has its own", name_of(kind)),
                    "leave --scene out");
    return kind == InputKind::project ? read_project_file(spec) : read_midi_file(spec);
}

// What depends on the piece.
Status fill(const Piece& piece, VideoPlan& plan) {
    plan.warnings = piece.warnings;
    DUBPLATE_CHECK(set_length(piece, plan));
    DUBPLATE_CHECK(set_sound(piece, plan));
    plan.tags = piece.tags;
    plan.chapters = chapters_of(piece, plan);
    plan.bpm = piece.bpm;
    const double pixels =
        static_cast<double>(plan.settings.width) * plan.settings.height * static_cast<double>(plan.frames);
    plan.estimated_bytes =
        static_cast<std::uint64_t>(pixels * estimated_bits_a_pixel / 8 +
                                   (plan.sound ? plan.seconds() * plan.spec.audio_bitrate_kbps * 125 : 0));
    return {};
}

}  // namespace

std::int64_t VideoPlan::sound_frames() const {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(sound_format.sample_rate_hz) *
                                                static_cast<double>(frames) * settings.rate.denominator /
                                                settings.rate.numerator));
}

Result<std::vector<VideoPlan>> plan_videos(const VideoSpec& spec, const VideoTarget& target,
                                           Progress::Part progress, std::stop_token stop) {
    if (spec.input.empty())
        return fail(ErrorCode::invalid_argument, "input: there is none",
                    "name a song, a project (.json) or a MIDI file");
    std::vector<VideoPlan> plans;
    DUBPLATE_TRY(const FrameRate rate, parse_frame_rate(spec.frame_rate));
    DUBPLATE_TRY(const ChosenRenderer renderer, choose_renderer(spec.renderer));
    for (const std::string& size : split_sizes(spec.size)) {
        VideoPlan plan{.spec = spec, .target = target};
        plan.file = output_file(spec, target.output, size);
        DUBPLATE_CHECK(check_output(target, plan));
        DUBPLATE_TRY(const PictureSize sides, parse_picture_size(size));
        plan.settings = {.width = sides.width,
                         .height = sides.height,
                         .rate = rate,
                         .codec = spec.codec,
                         .preset = spec.preset,
                         .crf = spec.crf};
        plan.renderer = renderer;
        if (spec.preview) make_preview(plan.settings);
        for (const VideoPlan& other : plans)
            if (other.file == plan.file)
                return fail(ErrorCode::invalid_argument, fmt::format("size: {} stands there twice", size));
        plan.spec.size = size;
        plans.push_back(std::move(plan));
    }
    DUBPLATE_TRY(const InputKind kind, kind_of(spec.input));
    DUBPLATE_TRY(Piece piece, read_piece(kind, spec, std::move(progress), std::move(stop)));
    DUBPLATE_CHECK(apply_settings(piece.project, spec.set));
    DUBPLATE_TRY(Stage made, Stage::make(piece.project, piece.levels));
    const auto stage = std::make_shared<const Stage>(std::move(made));
    for (VideoPlan& plan : plans) {
        plan.kind = name_of(kind);
        plan.stage = stage;
        DUBPLATE_CHECK(fill(piece, plan));
    }
    return plans;
}

Result<VideoPlan> plan_video(const VideoSpec& spec, const VideoTarget& target, Progress::Part progress,
                             std::stop_token stop) {
    DUBPLATE_TRY(std::vector<VideoPlan> plans,
                 plan_videos(spec, target, std::move(progress), std::move(stop)));
    return std::move(plans.front());
}

Json to_json(const VideoPlan& plan) {
    return {{"items",
             {{{"input", plan.spec.input},
               {"kind", plan.kind},
               {"file", plan.file.string()},
               {"width", plan.settings.width},
               {"height", plan.settings.height},
               {"frame_rate", plan.settings.rate.hz()},
               {"frames", plan.frames},
               {"duration_seconds", plan.seconds()},
               {"start_seconds", plan.start_s},
               {"bpm", plan.bpm ? Json(*plan.bpm) : Json(nullptr)},
               {"tracks", plan.stage->project().tracks.size()},
               {"chapters", plan.chapters.size()},
               {"sample_rate_hz", plan.sound ? Json(plan.sound_format.sample_rate_hz) : Json(nullptr)},
               {"channels", plan.sound ? Json(plan.sound_format.channels) : Json(nullptr)},
               {"renderer", plan.renderer.name},
               {"encoder", encoder_text(plan.settings)},
               {"estimated_bytes", plan.estimated_bytes},
               {"warnings", plan.warnings}}}},
            {"spec", write_video_spec(plan.spec)}};
}

}  // namespace dubplate
