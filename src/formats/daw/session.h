// session.h: what a DAW is to open: the tracks of a delivery, each with its file, and the time that they run in.
//
// What     plain data between exports/stems, which fills it, and the project writers of this folder. Every track plays one file
//          from its own begin to its end; folders are made of the tracks' groups.
// Units    positions and lengths in frames at the session's rate; musical time in the tempo map. Gain in dB, pan from -1 (left)
//          to 1 (right), as a balance on stereo.
// Paths    of files: relative to the folder of the delivery, with '/', no "..". Projects refer to them relative to themselves.
// Names    UTF-8, any text: writers quote, escape or replace what their format cannot hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "score/tempo_map.h"
#include "tags/metadata.h"

namespace dubplate {

struct DawColor {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    bool operator==(const DawColor&) const = default;
};

struct DawTrack {
    // Every member has an initializer, so that designated ones may leave out any.
    std::string name{};
    std::string
        file{};  // "audio/Drums.wav"; empty: it could not be delivered, and the track is there without a clip
    std::string format{};  // the audio format's name: "wav", "aiff", "flac", "mp3"
    int channels = 2;      // of the file
    std::int64_t begin_frame = 0;
    std::int64_t frames = 0;  // of the file
    std::optional<DawColor> color{};
    double gain_db = 0;  // -inf: silent
    double pan = 0;
    bool mute = false;
    bool solo = false;
    std::string group{};  // tracks in a row that share it are in one folder; empty: none
    bool operator==(const DawTrack&) const = default;
};

struct DawSession {
    std::string name;  // of the song, and of the project file without its extension
    Metadata metadata;
    int sample_rate_hz = 48'000;
    int bit_depth = 24;
    std::vector<DawTrack> tracks;
    TempoMap tempo;
    std::vector<Marker> markers;  // points and regions, by frame
    std::int64_t frames() const;  // to the end of the last clip and region
    bool operator==(const DawSession&) const = default;
};

}  // namespace dubplate
