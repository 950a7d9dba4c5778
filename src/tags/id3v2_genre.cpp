#include "tags/id3v2_genre.h"

#include "core/text.h"

#include <taglib/id3v1genres.h>

namespace dubplate {

namespace {

std::string by_reference(std::string_view text) {
    if (text == "RX") return "Remix";
    if (text == "CR") return "Cover";
    const auto number = text.size() <= 3 ? parse_integer(text) : std::nullopt;
    return number ? genre_of_number(static_cast<int>(*number)) : std::string();
}

}  // namespace

std::string genre_of_number(int number) {
    return number >= 0 ? TagLib::ID3v1::genre(number).to8Bit(true) : std::string();
}

std::string read_id3_genre(std::string_view text) {
    if (auto name = by_reference(text); !name.empty()) return name;
    std::string genre;
    while (text.starts_with('(') && !text.starts_with("((")) {
        const auto end = text.find(')');
        const auto name =
            end == std::string_view::npos ? std::string() : by_reference(text.substr(1, end - 1));
        if (name.empty()) break;
        genre += (genre.empty() ? "" : "; ") + name;
        text.remove_prefix(end + 1);
    }
    if (text.starts_with("((")) text.remove_prefix(1);
    // "(17)Rock": the text refines the number.
    return text.empty() ? genre : std::string(text);
}

std::string write_id3_genre(std::string_view genre) {
    std::string text(genre);
    // The second bracket says that the first is meant as such; elsewhere it would only be seen.
    return text.starts_with('(') && read_id3_genre(text) != text ? "(" + text : text;
}

}  // namespace dubplate
