#include "exports/audio/spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "exports/audio/presets.h"

namespace dubplate {

namespace {

// A number is a natural way to write a bit depth in JSON and TOML.
Json with_depth_as_text(Json json) {
    if (json.is_object() && json.contains("bit_depth") && json["bit_depth"].is_number_integer())
        json["bit_depth"] = std::to_string(json["bit_depth"].get<std::int64_t>());
    return json;
}

Result<Json> find_preset(const std::string& name, const std::map<std::string, Json>& user_presets) {
    std::vector<std::string> names;
    for (const AudioPreset& preset : builtin_audio_presets()) {
        if (preset.name == name) return preset.values;
        names.push_back(preset.name);
    }
    if (const auto user = user_presets.find(name); user != user_presets.end())
        return with_depth_as_text(user->second);
    for (const auto& [user_name, values] : user_presets) names.push_back(user_name);
    const auto nearest = nearest_name(name, names);
    return fail(ErrorCode::invalid_argument, "preset: there is none called \"" + escape_control(name) + "\"",
                nearest ? "did you mean " + std::string(*nearest) + "?" : "--presets lists them");
}

}  // namespace

Result<AudioSpec> read_audio_spec(const Json& json, const std::map<std::string, Json>& user_presets) {
    if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the spec must be a JSON object");
    Json merged = Json::object();
    if (const auto preset = json.find("preset");
        preset != json.end() && preset->is_string() && *preset != "") {
        DUBPLATE_TRY(merged, find_preset(preset->get<std::string>(), user_presets));
    }
    // null means "decide for me" here, which a merge patch would take for "remove": so level by level.
    const std::function<void(Json&, const Json&)> overlay = [&](Json& base, const Json& over) {
        for (const auto& [key, value] : over.items()) {
            if (value.is_object() && base.contains(key) && base[key].is_object()) {
                overlay(base[key], value);
            } else {
                base[key] = value;
            }
        }
    };
    overlay(merged, with_depth_as_text(json));
    DUBPLATE_TRY(AudioSpec spec, audio_spec_params().read(merged));
    DUBPLATE_CHECK(validate(spec));
    return spec;
}

Json write_audio_spec(const AudioSpec& spec) {
    return audio_spec_params().write(spec);
}

Json audio_spec_schema() {
    return make_schema(audio_spec_params().params(), "Dubplate audio export");
}

namespace {

Status validate_formats(const AudioSpec& spec) {
    if (spec.formats.empty())
        return fail(ErrorCode::invalid_argument, "formats: none is given",
                    "name at least one, as in --format wav");
    for (const std::string& name : spec.formats) {
        if (std::ranges::count(spec.formats, name) > 1)
            return fail(ErrorCode::invalid_argument, "formats: " + name + " is given twice");
        const AudioFormat* format = find_audio_format(name);
        if (!spec.bit_depth || format->depths.empty()) continue;
        if (std::ranges::find(format->depths, *spec.bit_depth) == format->depths.end()) {
            std::string allowed;
            for (const BitDepth depth : format->depths)
                allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(depth));
            return fail(ErrorCode::invalid_argument,
                        "bit_depth: " + std::string(format->title) + " has no " +
                            std::string(name_of(*spec.bit_depth)),
                        "it has " + allowed);
        }
    }
    return {};
}

}  // namespace

Status validate(const AudioSpec& spec) {
    DUBPLATE_CHECK(validate_formats(spec));
    if (std::ranges::count(spec.inputs, "-") > 1)
        return fail(ErrorCode::invalid_argument, "inputs: standard input is given twice", "name \"-\" once");
    const EditSpec& edit = spec.edit;
    if (edit.start_seconds && edit.end_seconds && *edit.end_seconds <= *edit.start_seconds)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("edit: the end at {} is not after the start at {}",
                                format_duration(*edit.end_seconds), format_duration(*edit.start_seconds)));
    if (!spec.split.empty() && (edit.start_seconds || edit.end_seconds))
        return fail(ErrorCode::invalid_argument, "split and start or end contradict each other",
                    "leave one of them out");
    return {};
}

namespace {

// Is the value there, and more than a switch that is off?
bool is_asked(const Json& asked, std::string_view path) {
    const Json* value = find_at_path(asked, path);
    return value != nullptr && !value->is_null() && *value != false;
}

Status unused(std::string_view path, std::string why, std::string hint) {
    return fail(ErrorCode::invalid_argument, std::string(path) + ": has no effect: " + why, std::move(hint));
}

}  // namespace

Status check_asked(const Json& asked, const AudioSpec& spec) {
    if (is_asked(asked, "mp3.bitrate_kbps") && is_asked(asked, "mp3.vbr_quality"))
        return fail(ErrorCode::invalid_argument,
                    "mp3: bitrate_kbps (--bitrate) and vbr_quality (--vbr) contradict each other",
                    "leave one of them out");
    for (const std::string_view path :
         {"loudness.target_lufs", "loudness.true_peak_dbtp", "loudness.on_peak", "loudness.album"})
        if (is_asked(asked, path) && !spec.loudness.normalize)
            return unused(path, "nothing is normalized", "leave it out, or normalize");
    const auto is_mp3 = [](const std::string& format) { return format == "mp3"; };
    for (const std::string_view path : {"mp3.bitrate_kbps", "mp3.vbr_quality"})
        if (is_asked(asked, path) && std::ranges::none_of(spec.formats, is_mp3))
            return unused(path, "no MP3 is made", "leave it out, or add mp3 to the formats");
    if (is_asked(asked, "bit_depth") && std::ranges::all_of(spec.formats, is_mp3))
        return unused("bit_depth", "MP3 has none", "leave it out, or add another format");
    return {};
}

}  // namespace dubplate
