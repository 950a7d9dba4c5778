#include "exports/video/spec.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/text.h"
#include "exports/video/scenes.h"

namespace dubplate {

namespace {

#define MEMBER(access)     \
    [](auto& s) -> auto& { \
        return s.access;   \
    }

struct NamedSize {
    std::string_view name;
    PictureSize size;
};
constexpr std::array<NamedSize, 7> named_sizes{{{"480p", {854, 480}},
                                                {"720p", {1280, 720}},
                                                {"1080p", {1920, 1080}},
                                                {"1440p", {2560, 1440}},
                                                {"4k", {3840, 2160}},
                                                {"square", {1080, 1080}},
                                                {"vertical", {1080, 1920}}}};

void add_what(ParamTable<VideoSpec>& table) {
    table
        .add({.path = "input", .type = ParamType::text, .help = "a song, a project (.json) or a MIDI file"},
             MEMBER(input))
        .add({.path = "audio",
              .type = ParamType::text,
              .option = "--audio",
              .placeholder = "FILE",
              .help = "what is heard with a project or a MIDI file"},
             MEMBER(audio))
        .add({.path = "scene",
              .type = ParamType::text,
              .option = "--scene",
              .placeholder = "NAME",
              .help = "what a song looks like: " + fmt::format("{}", fmt::join(scene_names(), ", "))},
             MEMBER(scene))
        .add({.path = "set",
              .type = ParamType::text,
              .list = true,
              .option = "--set",
              .placeholder = "TRACK.SETTING=VALUE",
              .help = "a setting of a track's synth or effects, or of the stage"},
             MEMBER(set))
        .add({.path = "start",
              .type = ParamType::text,
              .option = "--start",
              .placeholder = "T",
              .help = "where the video begins: 1:30, 62.5 or, in beats, 32b"},
             MEMBER(start))
        .add({.path = "end",
              .type = ParamType::text,
              .option = "--end",
              .placeholder = "T",
              .help = "where it ends"},
             MEMBER(end));
}

void add_how(ParamTable<VideoSpec>& table) {
    table
        .add(
            {.path = "size",
             .type = ParamType::text,
             .option = "--size",
             .placeholder = "WxH",
             .help =
                 "size of the picture, or one of 480p, 720p, 1080p, 1440p, 4k, square, vertical; or several: "
                 "720p,square"},
            MEMBER(size))
        .add({.path = "preview",
              .type = ParamType::boolean,
              .option = "--preview",
              .help = "small and quick: 640 pixels and 30 frames a second at most, preset fast"},
             MEMBER(preview))
        .add({.path = "codec",
              .type = ParamType::choice,
              .choices = {"h264", "hevc", "vp9", "av1"},
              .option = "--codec",
              .placeholder = "NAME",
              .help = "of the pictures; H.264 plays everywhere"},
             MEMBER(codec))
        .add({.path = "segments",
              .type = ParamType::integer,
              .minimum = 0,
              .maximum = 10'000,
              .option = "--segments",
              .placeholder = "N",
              .help = "pieces that are made side by side; 0: one for each four seconds"},
             MEMBER(segments))
        .add({.path = "frame_rate",
              .type = ParamType::text,
              .unit = "",
              .option = "--fps",
              .placeholder = "FPS",
              .help = "frames a second, 1 to 240; also 29.97 or 30000/1001"},
             MEMBER(frame_rate))
        .add({.path = "preset",
              .type = ParamType::choice,
              .choices = {"fast", "balanced", "small", "lossless"},
              .option = "--preset",
              .placeholder = "NAME",
              .help = "speed against size"},
             MEMBER(preset))
        .add({.path = "crf",
              .type = ParamType::integer,
              .minimum = 0,
              .maximum = 51,
              .option = "--crf",
              .placeholder = "N",
              .help = "quality, from 0 (best) to 51"},
             MEMBER(crf))
        .add({.path = "audio_bitrate_kbps",
              .type = ParamType::integer,
              .unit = "kbit/s",
              .minimum = 64,
              .maximum = 320,
              .option = "--audio-bitrate",
              .placeholder = "KBPS",
              .help = "of the AAC sound"},
             MEMBER(audio_bitrate_kbps))
        .add({.path = "renderer",
              .type = ParamType::choice,
              .choices = {"auto", "cpu", "gpu"},
              .option = "--renderer",
              .placeholder = "NAME",
              .help = "what draws: the GPU, the processor, or the GPU where there is one"},
             MEMBER(renderer));
}

void add_bloom(ParamTable<VideoSpec>& table) {
    table
        .add({.path = "bloom.intensity",
              .type = ParamType::number,
              .minimum = 0,
              .maximum = 10,
              .option = "--bloom",
              .placeholder = "X",
              .help = "light around what is bright; 0: none"},
             MEMBER(bloom.intensity))
        .add({.path = "bloom.threshold",
              .type = ParamType::number,
              .minimum = 0,
              .maximum = 10,
              .option = "--bloom-threshold",
              .placeholder = "LUMA",
              .help = "from where on something blooms"},
             MEMBER(bloom.threshold))
        .add({.path = "bloom.smoothing",
              .type = ParamType::number,
              .minimum = 0,
              .maximum = 10,
              .option = "--bloom-smoothing",
              .placeholder = "LUMA",
              .help = "how much above it blooms in full"},
             MEMBER(bloom.smoothing))
        .add({.path = "bloom.radius",
              .type = ParamType::number,
              .minimum = 0,
              .maximum = 1,
              .option = "--bloom-radius",
              .placeholder = "R",
              .help = "how far it reaches, 0 to 1"},
             MEMBER(bloom.radius))
        .add({.path = "bloom.levels",
              .type = ParamType::integer,
              .minimum = 1,
              .maximum = 12,
              .option = "--bloom-levels",
              .placeholder = "N",
              .help = "sizes at which it is blurred, each half the one before"},
             MEMBER(bloom.levels));
}

#undef MEMBER

Status in_context(const char* path, const Error& error) {
    return fail(error.code, fmt::format("{}: {}", path, error.message), error.hint);
}

Status validate(const VideoSpec& spec) {
    for (const std::string& text : split_sizes(spec.size))
        if (const auto size = parse_picture_size(text); !size) return in_context("size", size.error());
    if (const auto rate = parse_frame_rate(spec.frame_rate); !rate)
        return in_context("frame_rate", rate.error());
    for (const auto& [path, text] : {std::pair("start", &spec.start), std::pair("end", &spec.end)})
        if (!text->empty())
            if (const auto time = parse_video_time(*text); !time) return in_context(path, time.error());
    if (!spec.scene.empty())
        if (const Status known = check_scene_name(spec.scene); !known)
            return in_context("scene", known.error());
    return {};
}

}  // namespace

const ParamTable<VideoSpec>& video_spec_params() {
    static const ParamTable<VideoSpec> table = [] {
        ParamTable<VideoSpec> made;
        add_what(made);
        add_how(made);
        add_bloom(made);
        return made;
    }();
    return table;
}

Result<VideoSpec> read_video_spec(const Json& json) {
    if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the spec must be a JSON object");
    DUBPLATE_TRY(VideoSpec spec, video_spec_params().read(json));
    DUBPLATE_CHECK(validate(spec));
    return spec;
}

Json write_video_spec(const VideoSpec& spec) {
    return video_spec_params().write(spec);
}

Json video_spec_schema() {
    return make_schema(video_spec_params().params(), "Dubplate video");
}

Result<PictureSize> parse_picture_size(std::string_view text) {
    const std::string lower = to_lower_ascii(text);
    for (const NamedSize& named : named_sizes)
        if (named.name == lower) return named.size;
    const auto parts = split(lower, 'x');
    if (parts.size() == 2) {
        const auto width = parse_integer(parts[0]);
        const auto height = parse_integer(parts[1]);
        const auto fits = [](const auto& side) { return side && *side >= 0 && *side <= 1'000'000; };
        if (fits(width) && fits(height)) {
            const PictureSize size{static_cast<int>(*width), static_cast<int>(*height)};
            DUBPLATE_CHECK(check_picture_size(size.width, size.height));
            return size;
        }
    }
    return fail(ErrorCode::invalid_argument, fmt::format("{} is not a size", escape_control(text)),
                "write it as 1920x1080, 1080p, 4k, square or vertical");
}

std::vector<std::string> split_sizes(std::string_view text) {
    std::vector<std::string> sizes;
    for (const auto& part : split(text, ',')) sizes.emplace_back(trim(part));
    return sizes;
}

Result<FrameRate> parse_frame_rate(std::string_view text) {
    // What is called 29.97 is 30000/1001.
    constexpr std::array<std::pair<std::string_view, FrameRate>, 4> broadcast{{{"23.976", {24'000, 1001}},
                                                                               {"29.97", {30'000, 1001}},
                                                                               {"59.94", {60'000, 1001}},
                                                                               {"119.88", {120'000, 1001}}}};
    for (const auto& [name, rate] : broadcast)
        if (text == name) return rate;
    const auto parts = split(text, '/');
    const auto numerator = parse_integer(parts[0]);
    const auto denominator = parts.size() == 2 ? parse_integer(parts[1]) : std::optional<std::int64_t>(1);
    constexpr std::int64_t most = 1'000'000;
    const bool is_ratio = parts.size() <= 2 && numerator && denominator && *numerator > 0 &&
                          *numerator <= most && *denominator > 0 && *denominator <= most;
    if (is_ratio) {
        const FrameRate rate{static_cast<int>(*numerator), static_cast<int>(*denominator)};
        if (rate.hz() >= slowest_frame_rate && rate.hz() <= fastest_frame_rate) return rate;
    }
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} is not a frame rate from {} to {}", escape_control(text), slowest_frame_rate,
                            fastest_frame_rate),
                "write it as 60, 29.97 or 30000/1001");
}

Result<VideoTime> parse_video_time(std::string_view text) {
    if (text.ends_with("b")) {
        const auto beats = parse_number(trim(text.substr(0, text.size() - 1)));
        if (!beats || !(*beats >= 0 && *beats <= 1e6))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("{} is no number of beats", escape_control(text)), "write it as 32b");
        return VideoTime{*beats, true};
    }
    DUBPLATE_TRY(const double seconds, parse_time(text));
    return VideoTime{seconds, false};
}

}  // namespace dubplate
