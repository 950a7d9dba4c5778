#include "formats/midi/midi_file.h"

#include "score/tempo_walk.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr double microseconds_per_minute = 60e6;
constexpr int most_digits = 6;

}  // namespace

double bpm_of_microseconds(int microseconds) {
    const double exact = microseconds_per_minute / microseconds;
    double scale = 1;
    for (int digits = 0; digits <= most_digits; ++digits, scale *= 10) {
        const double rounded = std::round(exact * scale) / scale;
        if (rounded > 0 && std::llround(microseconds_per_minute / rounded) == microseconds) return rounded;
    }
    return exact;
}

int microseconds_of_bpm(double bpm) {
    const double exact = std::round(microseconds_per_minute / bpm);
    return static_cast<int>(std::clamp<double>(exact, 1, max_tempo_microseconds));
}

TempoMap tempo_map_of(const MidiFile& file) {
    std::vector<TempoChange> tempos;
    for (const MidiTempo& tempo : file.tempos)
        tempos.push_back({tempo.tick, std::min(bpm_of_microseconds(tempo.microseconds), fastest_bpm)});
    auto map = TempoMap::make(std::move(tempos), file.signatures);
    // The reader lets nothing through that a map refuses.
    DUBPLATE_ASSERT(map.has_value());
    return *std::move(map);
}

std::vector<Marker> markers_of(const MidiFile& file, const TempoMap& tempo, int sample_rate_hz) {
    std::vector<MidiText> texts;
    for (const MidiTrack& track : file.tracks)
        std::ranges::copy_if(track.texts, std::back_inserter(texts), [](const MidiText& text) {
            return text.kind == MidiTextKind::marker || text.kind == MidiTextKind::cue;
        });
    std::ranges::stable_sort(texts, {}, &MidiText::tick);
    TempoWalk walk(tempo);
    std::vector<Marker> markers;
    for (const MidiText& text : texts)
        markers.push_back({std::llround(walk.seconds_at(text.tick) * sample_rate_hz), 0, text.text});
    return markers;
}

}  // namespace dubplate
