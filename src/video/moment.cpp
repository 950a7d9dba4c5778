#include "video/moment.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

double between(std::span<const float> values, std::size_t stride, std::size_t offset, double frame) {
    const auto count = static_cast<double>(values.size() / stride);
    if (!(frame >= 0) || frame >= count) return 0;
    const auto first = static_cast<std::size_t>(frame);
    const std::size_t second = std::min(first + 1, values.size() / stride - 1);
    const double share = frame - static_cast<double>(first);
    return (1 - share) * static_cast<double>(values[first * stride + offset]) +
           share * static_cast<double>(values[second * stride + offset]);
}

}  // namespace

double SongLevels::band_at(int band, double seconds) const {
    if (band < 0 || band >= bands) return 0;
    return between(values, static_cast<std::size_t>(bands), static_cast<std::size_t>(band), seconds / hop_s);
}

double SongLevels::loudness_at(double seconds) const {
    return loudness.empty() ? 0 : between(loudness, 1, 0, seconds / hop_s);
}

double seconds_of_beat(double beat, const TempoMap& tempo) {
    if (beat < 0) return beat * 60 / tempo.bpm_at(0);
    // The tick below, and the rest at its tempo: ticks alone would make steps of 30 us.
    const auto tick = static_cast<std::int64_t>(beat * static_cast<double>(ticks_per_quarter));
    const double rest = beat - static_cast<double>(tick) / static_cast<double>(ticks_per_quarter);
    return tempo.seconds_at(tick) + rest * 60 / tempo.bpm_at(tick);
}

Moment make_moment(double seconds, const TempoMap& tempo, const SongLevels* song) {
    Moment moment{.seconds = seconds, .beat = 0, .bpm = tempo.bpm_at(0), .tempo = &tempo, .song = song};
    if (seconds < 0) {
        moment.beat = seconds * moment.bpm / 60;
        return moment;
    }
    const std::int64_t tick = tempo.tick_at(seconds);
    moment.bpm = tempo.bpm_at(tick);
    moment.beat = static_cast<double>(tick) / static_cast<double>(ticks_per_quarter) +
                  (seconds - tempo.seconds_at(tick)) * moment.bpm / 60;
    return moment;
}

Moment Moment::at_beat(double other_beat) const {
    Moment moment = make_moment(seconds_of_beat(other_beat, *tempo), *tempo, song);
    moment.beat = other_beat;
    return moment;
}

Moment Moment::at_seconds(double other_seconds) const {
    return make_moment(other_seconds, *tempo, song);
}

NoteList::NoteList(const std::vector<Note>& notes, const TempoMap& tempo) {
    for (const Note& note : notes) {
        PlayedNote played{static_cast<int>(notes_.size()), note, seconds_of_beat(note.start_beat, tempo),
                          seconds_of_beat(note.start_beat + note.duration_beats, tempo)};
        longest_s_ = std::max(longest_s_, played.end_s - played.start_s);
        lowest_ = std::min(lowest_, note.pitch);
        highest_ = std::max(highest_, note.pitch);
        notes_.push_back(played);
    }
    std::ranges::stable_sort(notes_, {}, &PlayedNote::start_s);
    if (notes_.empty()) lowest_ = highest_ = 60;
}

std::span<const PlayedNote> NoteList::around(double seconds, double ahead_s, double tail_s) const {
    const auto begin =
        std::ranges::lower_bound(notes_, seconds - tail_s - longest_s_, {}, &PlayedNote::start_s);
    const auto end = std::ranges::upper_bound(notes_, seconds + ahead_s, {}, &PlayedNote::start_s);
    if (begin >= end) return {};
    return {begin, end};
}

}  // namespace dubplate
