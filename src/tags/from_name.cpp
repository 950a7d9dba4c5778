#include "tags/from_name.h"

#include "core/text.h"
#include "tags/fields.h"
#include "tags/text.h"

#include <string>

namespace dubplate {

namespace {

// "128" or "128 bpm".
bool take_bpm(Metadata& metadata, std::string_view mark) {
    const std::string upper = upper_ascii(trim(mark));
    std::string_view number = upper;
    if (number.ends_with("BPM")) number = trim(number.substr(0, number.size() - 3));
    return !number.empty() && !metadata.bpm && set_field(metadata, "bpm", number).has_value();
}

bool take_genre(Metadata& metadata, std::string_view mark) {
    return metadata.genre.empty() && !trim(mark).empty() && set_field(metadata, "genre", mark).has_value();
}

bool take_key(Metadata& metadata, std::string_view mark) {
    return metadata.key.empty() && !trim(mark).empty() && set_field(metadata, "key", mark).has_value();
}

// Takes the first "[...]" (or other pair) out of `text` whose content `take` accepts.
template <class Take>
void take_mark(std::string& text, char open, char close, Take take) {
    for (auto begin = text.find(open); begin != std::string::npos; begin = text.find(open, begin + 1)) {
        const auto end = text.find(close, begin);
        if (end == std::string::npos) return;
        if (!take(std::string_view(text).substr(begin + 1, end - begin - 1))) continue;
        const std::string before(trim(std::string_view(text).substr(0, begin)));
        const std::string after(trim(std::string_view(text).substr(end + 1)));
        text = before.empty() || after.empty() ? before + after : before + " " + after;
        return;
    }
}

}  // namespace

Metadata metadata_from_name(std::string_view stem) {
    Metadata metadata;
    const std::string whole = clean_text(stem);
    std::string text = whole;
    take_mark(text, '[', ']', [&](std::string_view mark) { return take_bpm(metadata, mark); });
    take_mark(text, '(', ')', [&](std::string_view mark) { return take_genre(metadata, mark); });
    take_mark(text, '{', '}', [&](std::string_view mark) { return take_key(metadata, mark); });

    const auto dash = text.find(" - ");
    std::string_view artist;
    std::string_view title = trim(text);
    if (dash != std::string::npos) {
        artist = trim(std::string_view(text).substr(0, dash));
        title = trim(std::string_view(text).substr(dash + 3));
        if (artist.empty() || title.empty()) {
            artist = {};
            title = trim(text);
        }
    }
    metadata.artist = artist;
    metadata.title = title.empty() ? whole : std::string(title);
    return metadata;
}

}  // namespace dubplate
