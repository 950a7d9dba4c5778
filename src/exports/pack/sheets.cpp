#include "exports/pack/sheets.h"

#include <fmt/format.h>

#include "core/text.h"
#include "core/units.h"

namespace dubplate {

namespace {

std::string known(const std::string& text) {
    return text.empty() ? "Unknown" : escape_control(text);
}

std::string tags_of(const Metadata& metadata) {
    std::string text;
    for (const auto& [name, value] : metadata.custom)
        text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
    return text;
}

}  // namespace

std::string sample_sheet(const PackSource& source, const MadeSample& made) {
    const Metadata& tags = source.info.metadata;
    const int rate = source.info.stream.sample_rate_hz;
    const std::string bpm = source.bpm ? format_number(*source.bpm) : std::string();
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        text += fmt::format("{}: {}\n", name, known(value));
    };
    line("Title", tags.title.empty() ? made.planned->name : tags.title);
    line("Artist", tags.artist);
    line("Genre", tags.genre);
    line("BPM", bpm);
    line("Key", source.key);
    line("Tags", tags_of(tags));
    text += "\n";
    line("Original file", source.input.path.filename().string());
    line("Original format", source.info.codec);
    line("Original sample rate", fmt::format("{} Hz", rate));
    line("Original duration", fmt::format("{:.2f} s", frames_to_seconds(source.info.frames, rate)));
    line("Converted sample rate", fmt::format("{} Hz", made.layout.sample_rate_hz));
    line("Converted bit depth", "16");
    line("Converted duration",
         fmt::format("{:.2f} s", frames_to_seconds(made.layout.frames, made.layout.sample_rate_hz)));
    line("SHA-256", made.files.front().sha256);
    return text;
}

}  // namespace dubplate
