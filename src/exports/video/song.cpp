#include "exports/video/song.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/band_levels.h"
#include "analysis/music.h"
#include "exports/audio/pass.h"

namespace dubplate {

namespace {

constexpr std::size_t kick_group = 0;
constexpr std::size_t snare_group = 2;
constexpr std::size_t hat_group = 3;

struct Hit {
    double seconds = 0;
    float strength = 0;
};

// Peaks of one group that stand out of the half second around them.
std::vector<Hit> hits_of(const OnsetEnvelope& envelope, std::size_t group) {
    constexpr std::ptrdiff_t near = 3;     // frames, 30 ms
    constexpr std::ptrdiff_t around = 25;  // 250 ms
    constexpr float above_mean = 2.2F;
    constexpr float least = 0.5F;
    constexpr double apart_s = 0.09;
    const std::vector<Onset>& onsets = envelope.onsets();
    const auto count = static_cast<std::ptrdiff_t>(onsets.size());
    const auto value = [&](std::ptrdiff_t i) { return onsets[static_cast<std::size_t>(i)][group]; };
    std::vector<Hit> hits;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        bool is_peak = value(i) > least;
        for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(i - near, 0);
             is_peak && j < std::min(i + near + 1, count); ++j)
            is_peak = value(j) <= value(i);
        if (!is_peak) continue;
        float sum = 0;
        const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(i - around, 0);
        const std::ptrdiff_t end = std::min(i + around + 1, count);
        for (std::ptrdiff_t j = begin; j < end; ++j) sum += value(j);
        const double seconds = envelope.grid().time_s(static_cast<double>(i));
        const bool stands_out = value(i) > above_mean * sum / static_cast<float>(end - begin);
        if (stands_out && (hits.empty() || seconds - hits.back().seconds >= apart_s))
            hits.push_back({seconds, value(i)});
    }
    return hits;
}

std::vector<Note> notes_of(const std::vector<Hit>& hits, int pitch, const TempoMap& tempo) {
    float strongest = 0;
    for (const Hit& hit : hits) strongest = std::max(strongest, hit.strength);
    std::vector<Note> notes;
    for (const Hit& hit : hits) {
        const Moment moment = make_moment(hit.seconds, tempo, nullptr);
        notes.push_back(
            {moment.beat, 0.25, pitch, 30 + 97 * std::sqrt(static_cast<double>(hit.strength / strongest))});
    }
    return notes;
}

// One tempo from the first beat on, or that of each beat where it wanders.
Result<TempoMap> map_of(const Tempo& tempo) {
    if (!tempo.bpm || tempo.beats_s.empty()) return TempoMap();
    const auto in_range = [](double bpm) { return std::clamp(bpm, slowest_bpm, fastest_bpm); };
    const double period = 60 / *tempo.bpm;
    const double lead_beats = std::floor(tempo.beats_s.front() / period);
    const double lead_s = tempo.beats_s.front() - lead_beats * period;
    std::vector<TempoChange> changes;
    std::int64_t tick = 0;
    // What is left before the first whole beat becomes a beat of its own, where it is long enough to be one.
    const bool has_lead = lead_s > 60 / fastest_bpm;
    if (has_lead) {
        changes.push_back({0, in_range(60 / lead_s)});
        tick = ticks_per_quarter;
    }
    changes.push_back({tick, in_range(*tempo.bpm)});
    if (!tempo.steady) {
        tick += static_cast<std::int64_t>(lead_beats) * ticks_per_quarter;
        for (std::size_t i = 0; i + 1 < tempo.beats_s.size(); ++i, tick += ticks_per_quarter) {
            const double length = tempo.beats_s[i + 1] - tempo.beats_s[i];
            if (length > 0) changes.push_back({tick, in_range(60 / length)});
        }
    }
    return TempoMap::make(std::move(changes), {});
}

}  // namespace

Result<SongFacts> listen_to(const AudioInput& input, Progress::Part progress, std::stop_token stop) {
    DUBPLATE_TRY(const OpenedAudio audio, input.open());
    SongFacts facts;
    facts.source = audio.reader->info();
    const int rate = facts.source.stream.sample_rate_hz;
    if (static_cast<double>(facts.source.frames) / rate > longest_song_s)
        return fail(ErrorCode::limit_exceeded, input.name + ": is longer than 4 hours");
    MusicFinder music;
    BandLevels levels;
    music.frames().add_short(levels);
    DUBPLATE_TRY(const std::int64_t frames,
                 run_pass(*audio.reader, music, facts.source.frames, std::move(progress), stop));
    if (frames == 0) return fail(ErrorCode::corrupt, input.name + ": holds no audio, 0 frames");
    facts.seconds = static_cast<double>(frames) / rate;
    const Tempo tempo = music.tempo();
    facts.bpm = tempo.bpm;
    DUBPLATE_TRY(facts.tempo, map_of(tempo));
    auto song = std::make_shared<SongLevels>();
    song->hop_s = levels.grid().hop_s;
    song->bands = BandLevels::bands;
    song->values = levels.levels();
    song->loudness = levels.loudness();
    facts.levels = std::move(song);
    facts.kicks = notes_of(hits_of(music.onsets(), kick_group), 36, facts.tempo);
    facts.snares = notes_of(hits_of(music.onsets(), snare_group), 38, facts.tempo);
    facts.hats = notes_of(hits_of(music.onsets(), hat_group), 42, facts.tempo);
    return facts;
}

}  // namespace dubplate
