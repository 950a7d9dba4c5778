#include "core/text.h"
#include "tags/fields.h"
#include "tags/metadata.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

struct GenreTemplate {
    std::string_view name;
    std::string_view genre;
};

constexpr std::array<GenreTemplate, 10> genre_templates{{{"electronic", "Electronic"},
                                                         {"rock", "Rock"},
                                                         {"jazz", "Jazz"},
                                                         {"classical", "Classical"},
                                                         {"hip-hop", "Hip Hop"},
                                                         {"pop", "Pop"},
                                                         {"ambient", "Ambient"},
                                                         {"folk", "Folk"},
                                                         {"metal", "Metal"},
                                                         {"blues", "Blues"}}};

// "Hip Hop", "hip_hop" and "hiphop" are all "HIPHOP".
std::string plain_name(std::string_view name) {
    std::string plain = upper_ascii(trim(name));
    std::erase_if(plain, [](char c) { return c == ' ' || c == '_' || c == '-'; });
    return plain;
}

Metadata of_genre(const GenreTemplate& entry) {
    Metadata metadata;
    metadata.genre = entry.genre;
    if (entry.name == "electronic") {
        metadata.bpm = 128;
        metadata.key = "Fm";
    } else if (entry.name == "classical") {
        metadata.custom = {{"MOVE", "1"}, {"OPUS", ""}};  // empty: a blank to fill in, never written
    } else if (entry.name == "jazz") {
        metadata.custom = {{"BAND", ""}, {"LIVE", "N"}};
    }
    return metadata;
}

}  // namespace

std::vector<std::string> metadata_template_names() {
    std::vector<std::string> names{"empty", "minimal", "full"};
    for (const auto& entry : genre_templates) names.emplace_back(entry.name);
    return names;
}

Result<Metadata> metadata_template(std::string_view name, int current_year) {
    const std::string plain = plain_name(name);
    if (plain == "EMPTY" || plain == "FULL") return Metadata{};
    if (plain == "MINIMAL") {
        Metadata metadata;
        metadata.date = fmt::format("{:04}", current_year);
        return metadata;
    }
    const auto found = std::ranges::find_if(
        genre_templates, [&](const GenreTemplate& entry) { return plain_name(entry.name) == plain; });
    if (found != genre_templates.end()) return of_genre(*found);
    return fail(ErrorCode::not_found, fmt::format("there is no tag template {}", shown(name)),
                fmt::format("choose one of {}", fmt::join(metadata_template_names(), ", ")));
}

}  // namespace dubplate
