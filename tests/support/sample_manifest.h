// sample_manifest.h: a manifest filled by hand, with one of everything that a report shows.
//
// What     sample_manifest(): a song delivered as FLAC and as MP3 (encoded twice), a mono one copied bit for bit,
//          an input that failed, and one that was canceled. The pictures are made by formulas, the same every time.
#pragma once

#include <cmath>
#include <numbers>
#include <string>

#include "core/units.h"
#include "exports/manifest.h"

namespace dubplate {

struct SamplePictureOptions {
    double seconds = 252.345;
    double level = 0.5;          // of the waveform
    double loudness_lufs = -16;  // around which the curves move
    double reduction_db = 0;     // the deepest of the limiter
    double peak_dbtp = -1.2;
};

// A song with a quiet intro, a break and a loud end.
inline double sample_loudness_shape(double share) {
    if (share < 0.08) return -14 + 120 * share;
    if (share > 0.55 && share < 0.63) return -11;
    return -1.5 + 3.5 * share;
}

inline ManifestPictures sample_pictures(const SamplePictureOptions& options) {
    constexpr int columns = 1200;
    ManifestPictures pictures;
    pictures.seconds = options.seconds;
    for (int i = 0; i < columns; ++i) {
        const double share = static_cast<double>(i) / columns;
        const double wobble = 0.75 + 0.17 * std::sin(i * 1.7) + 0.08 * std::sin(i * 0.31 + 1);
        const double high = options.level * db_to_gain(sample_loudness_shape(share)) * wobble * 1.3;
        const auto reach = static_cast<float>(std::min(high, db_to_gain(options.peak_dbtp)));
        pictures.waveform.emplace_back(-0.93F * reach, reach);
    }
    const auto steps = static_cast<int>(options.seconds * 10);
    for (int i = 4; i <= steps; ++i) {
        const double share = static_cast<double>(i) / steps;
        const double calm = options.loudness_lufs + sample_loudness_shape(share) + 0.5 * std::sin(i * 0.043);
        pictures.momentary_lufs.push_back(
            static_cast<float>(calm + 1.6 * std::sin(i * 0.9) + std::sin(i * 0.37)));
        if (i >= 30) pictures.short_term_lufs.push_back(static_cast<float>(calm));
    }
    for (int i = 0; i < steps; ++i) {
        const double beat = std::max(0.0, std::sin(i * 0.8) * std::sin(i * 0.013) - 0.3);
        pictures.limiter_reduction_db.push_back(static_cast<float>(options.reduction_db * beat));
    }
    for (double hz = 20; hz < 22050; hz *= std::pow(2.0, 1.0 / 6)) {
        const double octaves = std::log2(hz / 80);
        const double level = -26 - 2.6 * std::abs(octaves) - (hz > 15000 ? (hz - 15000) / 250 : 0) +
                             1.5 * std::sin(octaves * 5);
        pictures.spectrum.emplace_back(hz, level + options.loudness_lufs + 16);
    }
    for (int i = 0; i < 10; ++i)
        pictures.peaks.emplace_back(options.seconds * (0.08 + 0.09 * i),
                                    options.peak_dbtp - 0.07 * ((i * 7) % 10));
    return pictures;
}

inline ManifestFile sample_file(const std::string& path, const std::string& format) {
    ManifestFile file;
    file.path = path;
    file.format = format;
    file.encoder = format == "mp3" ? "LAME 3.100, 320 kbit/s" : "Dubplate";
    file.decoder = "libavcodec 59.37 (" + format + ")";
    file.method = "encoded";
    file.sample_rate_hz = 44100;
    file.channels = 2;
    file.bit_depth = format == "mp3" ? "" : "24";
    file.frames = 11128415;
    file.bytes = format == "mp3" ? 10112345 : 31234567;
    file.sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    file.gain_db = -6.2;
    file.target_lufs = -16;
    file.ceiling_dbtp = -1;
    file.loudness = {.integrated_lufs = -16.02,
                     .range_lu = 6.2,
                     .max_momentary_lufs = -11.4,
                     .max_short_term_lufs = -12.9,
                     .true_peak_dbtp = -1.2,
                     .true_peak_seconds = 20.19};
    file.checks = {{"frames", "11128415", "11128415", true},
                   {"sample rate", "44100 Hz", "44100 Hz", true},
                   {"channels", "2", "2", true},
                   {"loudness", "-16.00 LUFS within 0.1 LU", "-16.02 LUFS", true},
                   {"true peak", "at most -1.00 dBTP", "-1.20 dBTP", true}};
    file.tags = {{"title", "Night Drive", "Night Drive", true},
                 {"artist", "The Lamps", "The Lamps", true},
                 {"album", "Streets & Squares", "Streets & Squares", true},
                 {"date", "2026-11-21", "2026-11-21", true},
                 {"bpm", "93.5", "93.5", true}};
    file.pictures = sample_pictures({.reduction_db = 3.1});
    return file;
}

inline ManifestItem sample_song() {
    ManifestItem item;
    item.input = "mixes/Night Drive.wav";
    item.status = "done";
    item.source_format = "WAV, PCM";
    item.duration_seconds = 252.345;
    item.sample_rate_hz = 44100;
    item.channels = 2;
    item.bits = 24;
    item.sha256 = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    item.loudness = {.integrated_lufs = -9.8,
                     .range_lu = 6.3,
                     .max_momentary_lufs = -5.2,
                     .max_short_term_lufs = -6.7,
                     .true_peak_dbtp = 0.4,
                     .true_peak_seconds = 20.19};
    item.pictures = sample_pictures({.level = 1.0, .loudness_lufs = -9.8, .peak_dbtp = 0.4});
    item.warnings = {"the chunk 'junk' was passed over"};

    ManifestFile flac = sample_file("out/Night Drive.flac", "flac");
    flac.losses = {{"bit depth", "24 bit with triangular dither, from 32 bit float inside"}};
    ManifestFile mp3 = sample_file("out/Night Drive.mp3", "mp3");
    mp3.generations = 2;
    mp3.generation_reasons = {"true peak -0.71 dBTP, over the ceiling -1.00 dBTP"};
    mp3.limiter_max_reduction_db = 2.2;
    mp3.limiter_active_seconds = 14.6;
    flac.limiter_max_reduction_db = 2.1;
    flac.limiter_active_seconds = 13.9;
    mp3.losses = {{"samples", "MP3 is lossy"},
                  {"tag bpm", "ID3v2 holds whole numbers; 93.5 stands in TXXX:BPM"}};
    item.files = {flac, mp3};
    return item;
}

inline ManifestItem sample_copy() {
    ManifestItem item;
    item.input = "mixes/interlude.flac";
    item.status = "done";
    item.outcome = "already at the target";
    item.source_format = "FLAC";
    item.duration_seconds = 31.5;
    item.sample_rate_hz = 48000;
    item.channels = 1;
    item.bits = 16;
    item.loudness = {.integrated_lufs = -16.0,
                     .range_lu = 3.1,
                     .max_momentary_lufs = -12.0,
                     .max_short_term_lufs = -13.3,
                     .true_peak_dbtp = -3.4,
                     .true_peak_seconds = 12.25};
    item.pictures = sample_pictures({.seconds = 31.5, .peak_dbtp = -3.4});
    ManifestFile file = sample_file("out/interlude.flac", "flac");
    file.method = "copied";
    file.method_reason = "already at the target in the asked format";
    file.generations = 0;
    file.encoder.clear();
    file.gain_db = 0;
    file.sample_rate_hz = 48000;
    file.channels = 1;
    file.bit_depth = "16";
    file.frames = 1512000;
    file.bytes = 1650000;
    file.loudness = item.loudness;
    file.checks = {{"frames", "1512000", "1512000", true}, {"sample rate", "48000 Hz", "48000 Hz", true}};
    file.tags = {{"title", "Interlude", "Interlude", true}};
    file.pictures = item.pictures;
    item.files = {file};
    return item;
}

inline ManifestItem sample_failure() {
    ManifestItem item;
    item.input = "mixes/broken <b>take.wav";
    item.status = "failed";
    item.error = fail(ErrorCode::corrupt, "the header promises 10.0 s of audio, the file ends after 44 bytes",
                      "export the take again");
    return item;
}

inline ManifestItem sample_cancellation() {
    ManifestItem item;
    item.input = "mixes/late.wav";
    item.status = "canceled";
    item.error = fail(ErrorCode::canceled, "canceled");
    return item;
}

inline Manifest sample_manifest() {
    Manifest manifest;
    manifest.kind = "audio";
    manifest.version = "0.1.0";
    manifest.created_utc = "2026-11-21T08:15:00Z";
    manifest.wall_seconds = 2.71;
    manifest.audio_seconds = 536.19;
    manifest.spec_json =
        R"({"inputs": ["mixes"], "formats": ["flac", "mp3"], "loudness": {"target_lufs": -16}})";
    manifest.items = {sample_song(), sample_copy(), sample_failure(), sample_cancellation()};
    return manifest;
}

}  // namespace dubplate
