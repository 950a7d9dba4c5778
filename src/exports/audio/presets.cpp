#include "exports/audio/presets.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "core/json.h"

namespace dubplate {

namespace {

constexpr std::uint64_t preset_limit_bytes = 64 * 1024;

AudioPreset platform(std::string name, std::string help, double target_lufs, double true_peak_dbtp) {
    return {std::move(name),
            std::move(help),
            {{"loudness",
              {{"normalize", true}, {"target_lufs", target_lufs}, {"true_peak_dbtp", true_peak_dbtp}}}}};
}

bool is_builtin(const std::string& name) {
    return std::ranges::any_of(builtin_audio_presets(),
                               [&](const AudioPreset& preset) { return preset.name == name; });
}

Status check_name(const std::string& name) {
    const bool is_option = name.starts_with('-');
    const bool plain =
        !name.empty() && !is_option && name.size() <= 64 &&
        std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
    if (!plain)
        return fail(
            ErrorCode::invalid_argument,
            "preset name: 1 to 64 letters, digits, \"-\" and \"_\" are allowed, not beginning with \"-\"");
    if (is_builtin(name))
        return fail(ErrorCode::invalid_argument, "preset \"" + name + "\" is built in",
                    "choose another name");
    return {};
}

}  // namespace

const std::vector<AudioPreset>& builtin_audio_presets() {
    static const std::vector<AudioPreset> presets{
        platform("streaming", "-16 LUFS, -1 dBTP: safe everywhere", -16, -1),
        platform("apple", "Apple Music Sound Check: -16 LUFS, -1 dBTP", -16, -1),
        platform("youtube", "YouTube: -14 LUFS, -1 dBTP", -14, -1),
        platform("amazon", "Amazon Music: -14 LUFS, -2 dBTP", -14, -2),
        platform("spotify", "Spotify, normal: -14 LUFS, -1 dBTP", -14, -1),
        platform("spotify-loud", "Spotify, loud: -11 LUFS, -2 dBTP", -11, -2),
        platform("broadcast", "EBU R128: -23 LUFS, -1 dBTP", -23, -1),
        platform("podcast", "speech: -16 LUFS, -1 dBTP", -16, -1),
        {"studio",
         "WAV, 96 kHz, 32 bit, normalized",
         {{"formats", {"wav"}},
          {"sample_rate_hz", 96000},
          {"bit_depth", "32"},
          {"loudness", {{"normalize", true}}}}},
        {"standard",
         "WAV, 48 kHz, 24 bit",
         {{"formats", {"wav"}}, {"sample_rate_hz", 48000}, {"bit_depth", "24"}}},
        {"web",
         "MP3, 44.1 kHz, 320 kbit/s",
         {{"formats", {"mp3"}}, {"sample_rate_hz", 44100}, {"mp3", {{"bitrate_kbps", 320}}}}},
        {"archive",
         "FLAC, 96 kHz, 24 bit, level as it is",
         {{"formats", {"flac"}},
          {"sample_rate_hz", 96000},
          {"bit_depth", "24"},
          {"dither", "none"},
          {"loudness", {{"normalize", false}}}}},
    };
    return presets;
}

std::filesystem::path user_preset_folder() {
    const auto folder = [](const char* variable) -> std::filesystem::path {
        const char* value = std::getenv(variable);
        return value != nullptr && *value == '/' ? value : "";
    };
    if (const auto config = folder("XDG_CONFIG_HOME"); !config.empty())
        return config / "dubplate" / "presets";
    return folder("HOME") / ".config" / "dubplate" / "presets";
}

std::map<std::string, Json> load_user_presets(const std::filesystem::path& folder,
                                              std::vector<std::string>& problems) {
    std::map<std::string, Json> presets;
    std::error_code ignored;
    FileStore store;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (entry.path().extension() != ".json") continue;
        const auto load = [&]() -> Result<Json> {
            DUBPLATE_TRY(const auto source, store.open(entry.path()));
            DUBPLATE_TRY(const Bytes bytes, read_all(*source, preset_limit_bytes));
            return parse_json(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
        };
        if (Result<Json> values = load()) {
            presets.emplace(entry.path().stem().string(), *std::move(values));
        } else {
            problems.push_back(std::move(values).error().in_context(entry.path().string()).to_string());
        }
    }
    return presets;
}

Status save_user_preset(const std::filesystem::path& folder, const std::string& name, const Json& values,
                        bool overwrite) {
    DUBPLATE_CHECK(check_name(name));
    FileStore store;
    const std::filesystem::path path = folder / (name + ".json");
    if (!overwrite && store.exists(path))
        return fail(ErrorCode::already_exists, "there is a preset called \"" + name + "\" already",
                    "use --overwrite to replace it, or choose another name");
    DUBPLATE_TRY(const auto file, store.create(path, {.overwrite = overwrite}));
    const std::string text = dump_json(values) + "\n";
    DUBPLATE_CHECK(file->append(std::as_bytes(std::span(text))));
    return file->publish();
}

}  // namespace dubplate
