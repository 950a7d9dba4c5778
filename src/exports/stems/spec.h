// spec.h: what a user asks of a multitrack delivery, as plain data with its defaults in place. The session description is
// this spec, written into a file: tracks, tempo, markers and how to deliver them.
//
// JSON     flat, with the keys of an audio export for formats, rate, depth, dither, tags and names, and lists of objects for
//          tracks, tempo, time_signatures and markers. Unknown keys are refused with their path: "tracks[2].pann".
// Tracks   none: one for each input. Files are relative to the session file, where there is one.
// Units    in the names; beats are quarter notes from the start.
// Level    stems keep their balance: one gain for all of them, 0 dB unless a loudness is asked for, which is the mix's.
// Errors   invalid_argument with the path, the value and what is allowed.
// Threads  plain values.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exports/audio/spec.h"
#include "formats/daw/session.h"

namespace dubplate {

struct StemTrack {
    std::string name{};  // empty: the file's, without its extension
    std::string file{};
    std::string color{};  // "#rrggbb", or empty
    double gain_db = 0;
    double pan = 0;  // -1 (left) to 1 (right)
    bool mute = false;
    bool solo = false;
    std::string group{};
    double start_seconds = 0;
    bool operator==(const StemTrack&) const = default;
};

struct StemTempo {
    double beat = 0;
    double bpm = 120;
    bool operator==(const StemTempo&) const = default;
};

struct StemTimeSignature {
    double beat = 0;
    std::string signature = "4/4";
    bool operator==(const StemTimeSignature&) const = default;
};

struct StemMarker {
    double seconds = 0;
    double length_seconds = 0;  // 0: a point
    std::string label;
    bool operator==(const StemMarker&) const = default;
};

struct StemsSpec {
    StemsSpec();

    AudioSpec audio;  // its loudness, edits, split and inputs are not used
    std::vector<std::string> inputs;
    std::vector<StemTrack> tracks;
    std::vector<StemTempo> tempo;                    // none: bpm
    std::vector<StemTimeSignature> time_signatures;  // none: time_signature
    std::vector<StemMarker> markers;
    std::optional<double> bpm;  // none: projects are at 120, and no tag tells a tempo
    std::string time_signature = "4/4";
    std::string markers_file;  // a label file, a CUE sheet or a MIDI file
    std::string mix;           // path of the mix that the stems are to sum to
    double tail_seconds = 0;   // behind the end of the longest
    std::optional<double> target_lufs;
    double true_peak_dbtp = -1;  // that the mix may reach where a loudness is asked for
    std::string project = "project";
    std::string folder = "multitrack-export";
    bool subfolders = false;  // audio in audio/
    bool metadata = false;    // a JSON and a text sheet for the project and each track
    std::vector<std::string> daw;
    std::string reaper_template;
    bool zip = false;

    bool operator==(const StemsSpec&) const = default;
};

const ParamTable<StemsSpec>& stems_spec_params();  // all but the lists of objects

// base: what relative files of tracks are relative to; empty: the working folder.
Result<StemsSpec> read_stems_spec(const Json& json, const std::filesystem::path& base = {});
Json write_stems_spec(const StemsSpec& spec);
Json stems_spec_schema();

// What contradicts itself or cannot be done whatever the tracks.
Status validate(const StemsSpec& spec);

Result<TimeSignature> parse_time_signature(const std::string& text);  // "7/8"
Result<DawColor> parse_color(const std::string& text);                // "#rrggbb"

}  // namespace dubplate
