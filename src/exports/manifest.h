// manifest.h: what was delivered and what was measured on it: the end of spec, plan, run, proof.
//
// What     one ManifestFile for each deliverable, one ManifestItem for each input, and the summary. The human table, the
//          JSON of --json, the HTML report and a job's row are all made from it.
// Units    as in the names; loudness -inf (JSON null) for silence.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace dubplate {

struct MeasuredLoudness {
    double integrated_lufs = 0;
    double range_lu = 0;
    double max_momentary_lufs = 0;
    double max_short_term_lufs = 0;
    double true_peak_dbtp = 0;
    double true_peak_seconds = 0;  // where it stands
    bool is_short = false;         // shorter than 400 ms: not gated
};

// One line of the proof: "frames: 11134368, wanted 11134368, ok".
struct ProofCheck {
    std::string name;
    std::string wanted;
    std::string found;
    bool passed = false;
};

struct ProvenTag {
    std::string name;
    std::string wanted;
    std::string found;
    bool passed = false;
};

// A loss brought by a conversion, a bit depth or a container, with the reason.
struct ManifestLoss {
    std::string what;
    std::string why;
};

// What the report draws of one deliverable. Empty where no report was asked for.
struct ManifestPictures {
    std::vector<std::pair<float, float>> waveform;    // lowest and highest of each column, equal stretches
    std::vector<float> short_term_lufs;               // every 100 ms, from 3.0 s on
    std::vector<float> momentary_lufs;                // every 100 ms, from 0.4 s on
    std::vector<float> limiter_reduction_db;          // the largest of every 100 ms, positive
    std::vector<std::pair<double, double>> spectrum;  // center in Hz, level in dBFS
    std::vector<std::pair<double, double>> peaks;     // the highest true peaks: seconds, dBTP
    double seconds = 0;
};

struct ManifestFile {
    std::string path;           // as it was written
    std::string format;         // "flac"
    std::string encoder;        // "LAME 3.100, 320 kbit/s": library and settings
    std::string method;         // "encoded", "copied" (bit for bit) or "retagged" (audio bytes untouched)
    std::string method_reason;  // why: "already at the target in the asked format"
    int generations = 1;        // how often the audio was encoded by us to get here
    std::vector<std::string>
        generation_reasons;  // one for each encoding after the first: "true peak -0.7 over the ceiling -1.0"
    int sample_rate_hz = 0;
    int channels = 0;
    std::string bit_depth;  // "24", "float", "" where the format has none
    std::int64_t frames = 0;
    std::uint64_t bytes = 0;
    std::string sha256;
    double gain_db = 0;
    double limiter_max_reduction_db = 0;  // 0: idle
    double limiter_active_seconds = 0;
    std::optional<double> target_lufs;  // none: not normalized
    std::optional<double> ceiling_dbtp;
    MeasuredLoudness loudness;  // decoded again and measured
    std::vector<ProofCheck> checks;
    std::vector<ProvenTag> tags;
    std::vector<ManifestLoss> losses;
    std::string decoder;  // what the proof listened with: "libav, MP3"
    ManifestPictures pictures;
    std::optional<Error> error;  // set: not delivered, and why
};

struct ManifestItem {
    std::string input;   // as the user named it
    std::string status;  // "done", "failed", "canceled"
    std::optional<Error> error;
    std::string outcome;  // a named special case: "silent", "short", "already at target", ...; or empty
    // The source, before anything was done to it.
    std::string source_format;  // "WAV, PCM"
    double duration_seconds = 0;
    int sample_rate_hz = 0;
    int channels = 0;
    int bits = 0;
    bool is_float = false;
    std::string sha256;
    MeasuredLoudness loudness;
    ManifestPictures pictures;
    std::vector<std::string> warnings;
    std::vector<ManifestFile> files;
};

struct Manifest {
    std::string kind{};         // "audio"
    std::string version{};      // of Dubplate
    std::string created_utc{};  // ISO 8601
    std::vector<ManifestItem> items{};
    double wall_seconds = 0;
    double audio_seconds = 0;  // delivered, all files together
    std::string spec_json{};   // the canonical spec that this came from

    int done_count() const;
    int failed_count() const;
};

// {"items": [...], "summary": {...}}. with_pictures adds what the report draws.
nlohmann::json to_json(const Manifest& manifest, bool with_pictures = false);

}  // namespace dubplate
