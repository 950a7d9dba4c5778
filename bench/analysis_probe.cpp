// Tempo and key of audio files as lines of JSON, with the time that each took from memory; --cues adds what
// analysis_tune.py fits the constants to.
#include "analysis/music.h"
#include "analysis/pulse.h"
#include "analysis_audio.h"

#include <fmt/format.h>
#include <time.h>

#include <string>
#include <string_view>

namespace dubplate::bench {

namespace {

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::string number_or_null(const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : "null";
}

std::string cues_of(const MusicFinder& finder) {
    const OnsetEnvelope& envelope = finder.onsets();
    const OnsetCounts counts = count_onsets(envelope.onsets(), envelope.grid().hop_s);
    const Levels levels = find_pulse(envelope.onsets(), envelope.grid().hop_s, counts).levels;
    std::string text;
    for (const Level& level : levels.levels)
        text +=
            fmt::format("{}{{\"bpm\": {}, \"probability\": {}, \"cues\": [{}]}}", text.empty() ? "" : ", ",
                        level.bpm, level.probability, fmt::join(level.cues, ", "));
    const ChromaSummary chroma = summarize(finder.chroma());
    return fmt::format(
        ", \"levels\": [{}], \"pulse\": {}, \"contrast\": {}, \"onsets_per_second\": {}, \"gliding\": {}, "
        "\"windows\": {}, \"notes\": [{}], "
        "\"bass\": [{}], "
        "\"tonality\": {}, \"agreement\": {}, \"tuning_cents\": {}",
        text, levels.pulse, counts.contrast, counts.per_second, envelope.gliding(), chroma.windows,
        fmt::join(chroma.notes, ", "), fmt::join(chroma.bass, ", "), chroma.tonality, chroma.agreement,
        finder.chroma().tuning_cents());
}

void print(const char* name, bool with_cues) {
    const LoadedAudio audio = load(name);
    const double begin = cpu_ms();
    MusicFinder finder;
    if (const Status fed = feed(audio.view(), finder); !fed) {
        std::fprintf(stderr, "%s: %s\n", name, fed.error().to_string().c_str());
        std::exit(1);
    }
    const Tempo tempo = finder.tempo();
    const KeyEstimate key = finder.key();
    const double took_ms = cpu_ms() - begin;
    fmt::print(
        "{{\"file\": \"{}\", \"bpm\": {}, \"bpm_confidence\": {}, \"source\": \"{}\", \"steady\": {}, "
        "\"beats\": {}, \"downbeats\": [{:.3f}], "
        "\"key\": {}, \"key_confidence\": {}, \"ms\": {:.3f}{}}}\n",
        name, number_or_null(tempo.bpm), tempo.confidence, tempo.source, tempo.steady, tempo.beats_s.size(),
        fmt::join(tempo.downbeats_s, ", "), key.key ? "\"" + key.key->name() + "\"" : "null", key.confidence,
        took_ms, with_cues ? cues_of(finder) : "");
}

}  // namespace

}  // namespace dubplate::bench

int main(int count, char** arguments) {
    const bool with_cues = count > 1 && std::string_view(arguments[1]) == "--cues";
    for (int i = with_cues ? 2 : 1; i < count; ++i) dubplate::bench::print(arguments[i], with_cues);
}
