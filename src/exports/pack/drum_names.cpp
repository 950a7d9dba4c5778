#include "exports/pack/drum_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/text.h"

namespace dubplate {

namespace {

// Words are parted by blanks.
struct Vocabulary {
    SampleKind kind;
    std::string_view parts;  // of words, or of words that were written apart ("bass drum")
    std::string_view whole;  // words alone
};

// The abbreviations are those of drum machines and of the kits that are passed around.
constexpr std::array<Vocabulary, 9> vocabularies{{
    {SampleKind::loop, "loop break groove", "brk"},
    {SampleKind::closed_hat, "hihat openhat closedhat hatopen hatclosed hhopen hhclosed hhpedal",
     "hat hats hhat hh chh ch ohh oh ho"},
    {SampleKind::kick, "kick bassdrum", "bd kik kck kd k"},
    {SampleKind::snare, "snare", "sd sn snr"},
    {SampleKind::clap, "clap snap", "cp hcp"},
    {SampleKind::rim, "rimshot stick", "rim rims rs"},
    {SampleKind::tom, "floortom racktom hitom lotom midtom hightom lowtom",
     "tom toms tomh tomm toml tomhi tomlo tommid tm lt mt ht ft"},
    {SampleKind::cymbal, "crash cymbal splash china ridebell ridecup",
     "ride rides rd rc rb cy cym cr crs cc"},
    {SampleKind::percussion,
     "perc conga bongo shaker tamb cowbell clave maraca cabasa guiro agogo triangle woodblock timbale "
     "whistle "
     "djembe cajon",
     "wood cb cl ma lc mc hc wb"},
}};

bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words;
    char before = ' ';
    for (const char c : name) {
        const bool is_letter = is_small(c) || is_capital(c);
        const bool begins =
            is_letter && (!(is_small(before) || is_capital(before)) || (is_small(before) && is_capital(c)));
        if (begins) words.emplace_back();
        if (is_letter) words.back() += c;
        before = c;
    }
    for (std::string& word : words) word = to_lower_ascii(word);
    return words;
}

bool any_of_list(std::string_view list, const auto& wanted) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        if (wanted(list.substr(0, end))) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

bool speaks_of(const std::vector<std::string>& words, const Vocabulary& vocabulary) {
    const auto has_part = [&](std::string_view part) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i].find(part) != std::string::npos) return true;
            if (i + 1 < words.size() && words[i] + words[i + 1] == part) return true;
        }
        return false;
    };
    const auto has_word = [&](std::string_view whole) {
        return std::ranges::find(words, whole) != words.end();
    };
    return any_of_list(vocabulary.parts, has_part) || any_of_list(vocabulary.whole, has_word);
}

bool is_open(const std::vector<std::string>& words) {
    return std::ranges::any_of(words, [](const std::string& word) {
        return word.find("open") != std::string::npos || word == "op" || word == "oh" || word == "ohh" ||
               word == "ho";
    });
}

}  // namespace

std::optional<SampleKind> kind_by_name(std::string_view stem) {
    const std::vector<std::string> words = words_of(stem);
    for (const Vocabulary& vocabulary : vocabularies) {
        if (!speaks_of(words, vocabulary)) continue;
        const bool is_hat = vocabulary.kind == SampleKind::closed_hat;
        return is_hat && is_open(words) ? SampleKind::open_hat : vocabulary.kind;
    }
    return std::nullopt;
}

bool is_drum(SampleKind kind) {
    return kind != SampleKind::loop && kind != SampleKind::other;
}

}  // namespace dubplate
