#include "exports/stems/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/json.h"
#include "core/param_lists.h"
#include "core/text.h"
#include "exports/stems/spec_params.h"
#include "formats/daw/format.h"
#include "organize/file_name.h"
#include "score/tempo_map.h"

namespace dubplate {

namespace {

Status validate_tracks(const StemsSpec& spec) {
    for (std::size_t i = 0; i < spec.tracks.size(); ++i) {
        const StemTrack& track = spec.tracks[i];
        if (track.file.empty())
            return fail(ErrorCode::invalid_argument, fmt::format("tracks[{}].file: is not given", i),
                        "name the track's audio file");
        if (track.color.empty()) continue;
        if (const Result<DawColor> color = parse_color(track.color); !color)
            return Error(color.error()).in_context(fmt::format("tracks[{}].color", i));
    }
    return {};
}

Status validate_music(const StemsSpec& spec) {
    if (const auto signature = parse_time_signature(spec.time_signature); !signature)
        return Error(signature.error()).in_context("time_signature");
    for (std::size_t i = 0; i < spec.time_signatures.size(); ++i)
        if (const auto signature = parse_time_signature(spec.time_signatures[i].signature); !signature)
            return Error(signature.error()).in_context(fmt::format("time_signatures[{}]", i));
    return {};
}

}  // namespace

StemsSpec::StemsSpec() {
    audio.loudness.normalize = false;
}

Result<StemsSpec> read_stems_spec(const Json& json, const std::filesystem::path& base) {
    if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the session must be a JSON object");
    Json flat = json;
    for (const char* key : {"tracks", "tempo", "time_signatures", "markers"}) flat.erase(key);
    DUBPLATE_TRY(StemsSpec spec, stems_spec_params().read(flat));
    DUBPLATE_CHECK(read_list(json, "tracks", stem_track_params(), spec.tracks));
    DUBPLATE_CHECK(read_list(json, "tempo", stem_tempo_params(), spec.tempo));
    DUBPLATE_CHECK(read_list(json, "time_signatures", stem_time_signature_params(), spec.time_signatures));
    DUBPLATE_CHECK(read_list(json, "markers", stem_marker_params(), spec.markers));
    const auto resolve = [&](std::string& file) {
        if (!base.empty() && !file.empty() && std::filesystem::path(file).is_relative())
            file = (base / file).string();
    };
    for (StemTrack& track : spec.tracks) resolve(track.file);
    resolve(spec.mix);
    resolve(spec.markers_file);
    resolve(spec.reaper_template);
    DUBPLATE_CHECK(validate(spec));
    return spec;
}

Json write_stems_spec(const StemsSpec& spec) {
    Json json = stems_spec_params().write(spec);
    json["tracks"] = write_list(spec.tracks, stem_track_params());
    json["tempo"] = write_list(spec.tempo, stem_tempo_params());
    json["time_signatures"] = write_list(spec.time_signatures, stem_time_signature_params());
    json["markers"] = write_list(spec.markers, stem_marker_params());
    return json;
}

Json stems_spec_schema() {
    Json schema = make_schema(stems_spec_params().params(), "Dubplate multitrack delivery");
    Json& properties = schema["properties"];
    properties["tracks"] = list_schema(stem_track_params(), "track");
    properties["tempo"] = list_schema(stem_tempo_params(), "tempo change");
    properties["time_signatures"] = list_schema(stem_time_signature_params(), "time signature");
    properties["markers"] = list_schema(stem_marker_params(), "marker or region");
    return schema;
}

Status validate(const StemsSpec& spec) {
    DUBPLATE_CHECK(validate(spec.audio));
    DUBPLATE_CHECK(validate_tracks(spec));
    DUBPLATE_CHECK(validate_music(spec));
    if (!spec.inputs.empty() && !spec.tracks.empty())
        return fail(ErrorCode::invalid_argument, "inputs and tracks contradict each other",
                    "name a session or audio files, not both");
    for (const std::string& daw : spec.daw)
        if (std::ranges::count(spec.daw, daw) > 1)
            return fail(ErrorCode::invalid_argument, "daw: " + daw + " is given twice");
    if (safe_name(spec.folder) != spec.folder)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("folder: \"{}\" is no name of a folder", escape_control(spec.folder)),
                    fmt::format("use \"{}\"; --output says where it is made", safe_name(spec.folder)));
    const bool has_reaper = std::ranges::find(spec.daw, "reaper") != spec.daw.end();
    if (!spec.reaper_template.empty() && !has_reaper)
        return fail(ErrorCode::invalid_argument, "template: has no effect: no REAPER project is made",
                    "add --daw reaper");
    return {};
}

Result<TimeSignature> parse_time_signature(const std::string& text) {
    TimeSignature signature;
    const std::size_t slash = text.find('/');
    const char* const end = text.data() + text.size();
    const auto number = [](const char* from, const char* to, int& value) {
        const auto [rest, error] = std::from_chars(from, to, value);
        return error == std::errc() && rest == to;
    };
    if (slash == std::string::npos || !number(text.data(), text.data() + slash, signature.numerator) ||
        !number(text.data() + slash + 1, end, signature.denominator))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("\"{}\" is no time signature", escape_control(text)),
                    "write it as 4/4 or 7/8");
    DUBPLATE_CHECK(TempoMap::make({}, {{0, signature}}));
    return signature;
}

Result<DawColor> parse_color(const std::string& text) {
    std::uint32_t value = 0;
    const char* const end = text.data() + text.size();
    const bool has_form = text.size() == 7 && text.front() == '#';
    if (!has_form || std::from_chars(text.data() + 1, end, value, 16).ptr != end)
        return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is no color", escape_control(text)),
                    "write it as #rrggbb");
    return DawColor{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 0xFF),
                    static_cast<std::uint8_t>(value & 0xFF)};
}

}  // namespace dubplate
