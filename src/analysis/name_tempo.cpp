#include "analysis/name_tempo.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/text.h"

namespace dubplate {

namespace {

constexpr double lowest_marked_bpm = 20;
constexpr double highest_marked_bpm = 400;
// A number by itself may be anything; tempos of loops lie here.
constexpr double lowest_lone_bpm = 60;
constexpr double highest_lone_bpm = 200;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80) != 0;
}

// A run of letters, or a number with at most one point inside.
struct Word {
    std::string_view text;
    bool is_number = false;
    bool touches_before = false;  // nothing stands between it and the word before
};

std::vector<Word> words_of(std::string_view name) {
    std::vector<Word> words;
    std::size_t last_end = 0;
    for (std::size_t begin = 0; begin < name.size();) {
        std::size_t end = begin;
        const bool is_number = is_digit(name[begin]);
        if (is_number) {
            while (end < name.size() && is_digit(name[end])) ++end;
            if (end + 1 < name.size() && name[end] == '.' && is_digit(name[end + 1]))
                for (++end; end < name.size() && is_digit(name[end]);) ++end;
        } else {
            while (end < name.size() && is_letter(name[end])) ++end;
        }
        if (end == begin) {
            ++begin;
            continue;
        }
        words.push_back({name.substr(begin, end - begin), is_number, !words.empty() && begin == last_end});
        last_end = begin = end;
    }
    return words;
}

bool is_bpm(const Word& word) {
    return word.text == "bpm";
}

bool counts_something_else(std::string_view text) {
    static constexpr std::array<std::string_view, 9> units{"hz", "khz", "bit", "bits", "kbps",
                                                           "ms", "s",   "sec", "st"};
    return std::ranges::find(units, text) != units.end();
}

std::optional<double> number_within(const Word& word, double lowest, double highest) {
    const std::optional<double> number = word.is_number ? parse_number(word.text) : std::nullopt;
    return number && *number >= lowest && *number <= highest ? number : std::nullopt;
}

std::optional<double> marked_bpm(const std::vector<Word>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!is_bpm(words[i])) continue;
        for (const std::size_t neighbor : {i - 1, i + 1})
            if (neighbor < words.size())
                if (const auto bpm = number_within(words[neighbor], lowest_marked_bpm, highest_marked_bpm))
                    return bpm;
    }
    return std::nullopt;
}

std::optional<double> lone_bpm(const std::vector<Word>& words) {
    std::optional<double> found;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto bpm = number_within(words[i], lowest_lone_bpm, highest_lone_bpm);
        const bool touches = words[i].touches_before || (i + 1 < words.size() && words[i + 1].touches_before);
        if (!bpm || touches || words[i].text.starts_with('0')) continue;
        if (i + 1 < words.size() && counts_something_else(words[i + 1].text)) continue;
        if (found && *found != *bpm) return std::nullopt;
        found = bpm;
    }
    return found;
}

}  // namespace

std::optional<double> bpm_in_name(std::string_view stem) {
    const std::string name = to_lower_ascii(stem);
    const std::vector<Word> words = words_of(name);
    if (const auto bpm = marked_bpm(words)) return bpm;
    return lone_bpm(words);
}

}  // namespace dubplate
