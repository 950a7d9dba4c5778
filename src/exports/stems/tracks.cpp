#include "exports/stems/tracks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <span>

#include "core/text.h"
#include "exports/stems/track_names.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

struct KnownGroup {
    std::string_view group;
    std::string_view color;
    std::span<const std::string_view> words;
};

constexpr std::array<std::string_view, 23> drum_words{
    "drum", "drums",  "kick",    "kik",      "bd",        "snare", "snr",  "sd",
    "hat",  "hats",   "hihat",   "hh",       "tom",       "toms",  "ride", "crash",
    "oh",   "cymbal", "cymbals", "overhead", "overheads", "clap",  "room"};
constexpr std::array<std::string_view, 10> percussion_words{
    "perc", "percussion", "shaker", "tamb", "tambourine", "conga", "congas", "bongo", "bongos", "cowbell"};
constexpr std::array<std::string_view, 4> bass_words{"bass", "bs", "sub", "808"};
constexpr std::array<std::string_view, 9> guitar_words{"gtr",  "gtrs", "guitar", "guitars", "git",
                                                       "egtr", "agtr", "banjo",  "ukulele"};
constexpr std::array<std::string_view, 12> keys_words{"keys",  "key",   "piano",  "pno", "rhodes", "organ",
                                                      "wurli", "synth", "synths", "pad", "pads",   "arp"};
constexpr std::array<std::string_view, 11> string_words{
    "string", "strings", "violin", "viola", "cello", "brass", "horn", "horns", "trumpet", "sax", "orchestra"};
constexpr std::array<std::string_view, 11> vocal_words{"vox", "vocal", "vocals",  "voice",   "lead", "bv",
                                                       "bvs", "choir", "backing", "harmony", "adlib"};
constexpr std::array<std::string_view, 9> effect_words{"fx",  "sfx",   "riser", "impact",  "reverb",
                                                       "rev", "delay", "noise", "ambience"};

constexpr std::array<KnownGroup, 8> known_groups{{{"Drums", "#d9534f", drum_words},
                                                  {"Percussion", "#e08e45", percussion_words},
                                                  {"Bass", "#8e6bbf", bass_words},
                                                  {"Guitars", "#c9a227", guitar_words},
                                                  {"Keys", "#4a90d9", keys_words},
                                                  {"Strings", "#3aa6a0", string_words},
                                                  {"Vocals", "#5cb85c", vocal_words},
                                                  {"FX", "#8a8f98", effect_words}}};

// "Drums_Kick2" as drums, kick, 2.
std::vector<std::string> words_of(const std::string& name) {
    std::vector<std::string> words(1);
    bool was_digit = false;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_digit = std::isdigit(byte) != 0;
        const bool is_word = std::isalnum(byte) != 0 || byte >= 0x80;
        if ((!is_word || is_digit != was_digit) && !words.back().empty()) words.emplace_back();
        if (is_word) words.back() += static_cast<char>(std::tolower(byte));
        was_digit = is_digit;
    }
    return words;
}

// Underscores as spaces, and the number in front left out: "01_Drums_Kick" reads "Drums Kick".
std::string readable(const std::string& stem) {
    std::string name = stem;
    std::ranges::replace(name, '_', ' ');
    const std::size_t digits = name.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || digits > 3) return name;
    const std::size_t begin = name.find_first_not_of(" .-", digits);
    const bool is_apart = begin != digits && begin != std::string::npos;
    return is_apart ? name.substr(begin) : name;
}

// Folders one by one, each in the order that people count in.
std::vector<ExpandedInput> expand_in_order(const std::vector<std::string>& names,
                                           const std::stop_token& stop) {
    std::vector<ExpandedInput> all;
    for (const std::string& name : names) {
        std::vector<ExpandedInput> expanded = expand_inputs({name}, stop);
        std::ranges::stable_sort(expanded, natural_less, &ExpandedInput::name);
        std::ranges::move(expanded, std::back_inserter(all));
    }
    return all;
}

StemTrack track_of(const AudioInput& input) {
    const GuessedGroup guess = guess_group(input.stem);
    return {.name = input.stem, .file = input.path.string(), .color = guess.color, .group = guess.group};
}

// A folder of a project needs two tracks and no others between them; a guess that gives less is dropped.
template <class Tracks, class Projection>
void drop_lone_groups(Tracks& tracks, Projection track_of_entry) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> spans;  // count, and the last place
    std::set<std::string> dropped;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        auto& [count, last] = spans[track_of_entry(tracks[i]).group];
        if (count > 0 && last + 1 != i) dropped.insert(track_of_entry(tracks[i]).group);
        ++count;
        last = i;
    }
    for (auto& entry : tracks) {
        std::string& group = track_of_entry(entry).group;
        if (spans[group].first < 2 || dropped.contains(group)) group.clear();
    }
}

}  // namespace

GuessedGroup guess_group(const std::string& name) {
    const std::vector<std::string> words = words_of(name);
    for (const std::string& word : words)
        for (const KnownGroup& known : known_groups)
            if (std::ranges::find(known.words, word) != known.words.end())
                return {std::string(known.group), std::string(known.color)};
    return {};
}

bool is_mix_name(const std::string& name) {
    const std::string lower = to_lower_ascii(name);
    return lower == "mix" || lower == "master";
}

Result<std::vector<FoundTrack>> find_tracks(const StemsSpec& spec, std::stop_token stop) {
    std::vector<FoundTrack> found;
    for (const StemTrack& track : spec.tracks) {
        FoundTrack entry{track, file_input(track.file)};
        if (entry.track.name.empty()) entry.track.name = entry.input->stem;
        found.push_back(std::move(entry));
    }
    for (ExpandedInput& expanded : expand_in_order(spec.inputs, stop)) {
        if (!expanded.input && spec.inputs.size() == 1) return std::move(expanded.input).error();
        std::error_code ignored;
        const bool is_mix =
            expanded.input && !spec.mix.empty() && fs::equivalent(expanded.input->path, spec.mix, ignored);
        if (is_mix) continue;  // it lies in the folder of its stems
        StemTrack track = expanded.input ? track_of(*expanded.input)
                                         : StemTrack{.name = fs::path(expanded.name).stem().string(),
                                                     .file = expanded.name};
        found.push_back({std::move(track), std::move(expanded.input)});
    }
    if (spec.tracks.empty())
        drop_lone_groups(found, [](FoundTrack& entry) -> StemTrack& { return entry.track; });
    if (found.empty())
        return fail(ErrorCode::invalid_argument, "there are no tracks",
                    "name audio files, a folder, or a session with tracks");
    return found;
}

Result<StemsSpec> propose_session(const fs::path& folder, std::stop_token stop) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return fail(ErrorCode::not_found, folder.string() + ": is no folder",
                    "name the folder that holds the tracks");
    StemsSpec spec;
    for (const ExpandedInput& expanded : expand_in_order({folder.string()}, stop)) {
        DUBPLATE_TRY(const AudioInput input, expanded.input);
        StemTrack track = track_of(input);
        track.name = readable(input.stem);
        track.file = input.path.lexically_relative(folder).string();
        if (is_mix_name(track.name) && spec.mix.empty()) {
            spec.mix = track.file;
        } else {
            spec.tracks.push_back(std::move(track));
        }
    }
    // Neighbors of one group are one folder in a project, so a group stands together, where its first track was.
    std::vector<StemTrack> ordered;
    for (const StemTrack& track : spec.tracks) {
        const auto last = std::ranges::find_if(ordered.rbegin(), ordered.rend(), [&](const StemTrack& other) {
            return !track.group.empty() && other.group == track.group;
        });
        ordered.insert(last == ordered.rend() ? ordered.end() : last.base(), track);
    }
    drop_lone_groups(ordered, [](StemTrack& track) -> StemTrack& { return track; });
    spec.tracks = std::move(ordered);
    return spec;
}

}  // namespace dubplate
