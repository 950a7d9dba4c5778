#include "tags/musical_key.h"

#include "core/text.h"
#include "tags/text.h"

#include <array>

namespace dubplate {

namespace {

// "1A" to "12A", then "1B" to "12B", of the wheel that DJ programs write.
constexpr std::array<std::string_view, 24> camelot{"Abm", "Ebm", "Bbm", "Fm",  "Cm", "Gm", "Dm", "Am",
                                                   "Em",  "Bm",  "F#m", "C#m", "B",  "F#", "Db", "Ab",
                                                   "Eb",  "Bb",  "F",   "C",   "G",  "D",  "A",  "E"};

std::optional<std::string> from_camelot(std::string_view text) {
    if (text.size() < 2 || text.size() > 3) return std::nullopt;
    const char mode = upper_ascii(text.substr(text.size() - 1))[0];
    const auto hour = parse_integer(text.substr(0, text.size() - 1));
    if (!hour || *hour < 1 || *hour > 12 || (mode != 'A' && mode != 'B')) return std::nullopt;
    return std::string(camelot[static_cast<std::size_t>(*hour - 1) + (mode == 'B' ? 12 : 0)]);
}

// Open Key's "1m" to "12m" and "1d" to "12d": the same wheel, of which "1" is where Camelot has "8".
std::optional<std::string> from_open_key(std::string_view text) {
    if (text.size() < 2 || text.size() > 3) return std::nullopt;
    const char mode = text.back();
    const auto hour = parse_integer(text.substr(0, text.size() - 1));
    if (!hour || *hour < 1 || *hour > 12 || (mode != 'm' && mode != 'd')) return std::nullopt;
    return std::string(camelot[static_cast<std::size_t>((*hour + 6) % 12) + (mode == 'd' ? 12 : 0)]);
}

// "" for major, "m" for minor, none for anything else.
std::optional<std::string_view> mode_of(std::string_view text) {
    if (text == "m") return "m";
    if (text.empty() || text == "M") return "";
    const std::string upper = upper_ascii(text);
    if (upper == "MAJOR" || upper == "MAJ") return "";
    if (upper == "MINOR" || upper == "MIN") return "m";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> normalize_key(std::string_view text) {
    text = trim(text);
    if (auto key = from_camelot(text)) return key;
    if (auto key = from_open_key(text)) return key;
    if (text.empty()) return std::nullopt;
    std::string key = upper_ascii(text.substr(0, 1));
    if (key[0] < 'A' || key[0] > 'G') return std::nullopt;
    text.remove_prefix(1);
    constexpr std::array<std::pair<std::string_view, char>, 4> accidentals{
        {{"#", '#'}, {"b", 'b'}, {"\xE2\x99\xAF", '#'}, {"\xE2\x99\xAD", 'b'}}};
    for (const auto& [sign, spelled] : accidentals) {
        if (!text.starts_with(sign)) continue;
        key += spelled;
        text.remove_prefix(sign.size());
        break;
    }
    const auto mode = mode_of(trim(text));
    if (!mode) return std::nullopt;
    return key.append(*mode);
}

}  // namespace dubplate
