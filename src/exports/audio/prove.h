// prove.h: listens to what was delivered.
//
// What     prove_audio() decodes a file with a decoder that shares no code with the writer (open_for_proof), measures it,
//          reads its tags back, hashes it, and holds all that against what was wanted, line by line.
// Checks   format, sample rate, channels, bit depth, frames (exact), samples (bit for bit, where the format is lossless),
//          loudness (within 0.1 LU), true peak (at or under the ceiling), each tag.
// Threads  re-entrant; files are proven side by side.
// Errors   corrupt and io: the file could not be read back at all; canceled. What was read and is not as wanted is no
//          error but a check that did not pass.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "audio/nodes/loudness_meter.h"
#include "audio/nodes/pictures.h"
#include "core/progress.h"
#include "exports/manifest.h"
#include "formats/audio/format.h"

namespace dubplate {

// How far the delivered loudness may be from the target (EBU R128 s1 allows live programs 1 LU; a file can do better).
inline constexpr double loudness_tolerance_lu = 0.1;

struct Expectation {
    const AudioFormat* format = nullptr;
    StreamFormat stream;
    std::optional<BitDepth> depth;  // none: lossy, or copied from a source of another depth
    std::int64_t frames = 0;
    std::optional<double> loudness_lufs;       // none: nothing is promised (not normalized, silence)
    std::optional<double> ceiling_dbtp;        // likewise
    std::optional<std::string> sample_digest;  // of the samples that went into a lossless writer (graph.h)
    Metadata metadata;
    bool dual_mono = false;
};

struct Proof {
    LoudnessResult loudness;
    std::vector<ProofCheck> checks;
    std::vector<ProvenTag> tags;
    std::string sha256;
    std::uint64_t bytes = 0;
    std::string decoder;
    ManifestPictures pictures;  // empty unless asked for

    bool passed() const;
    // The first check or tag that did not pass, as "true peak: found -0.70 dBTP, wanted at most -1.00".
    std::string first_failure() const;
    // Did everything pass but the loudness and the true peak, which another encoding can mend?
    bool level_alone_failed() const;
};

struct ProveOptions {
    bool pictures = false;
    int threads = 1;  // to decode on, where the format allows it, and to measure on
};

Result<Proof> prove_audio(const ByteSource& file, const Expectation& wanted, ProveOptions options,
                          Progress::Part progress, std::stop_token stop);

ManifestPictures make_pictures(const WaveformPicture& waveform, const SpectrumPicture& spectrum,
                               const LoudnessResult& loudness, int sample_rate_hz);

// LoudnessResult as the manifest has it.
MeasuredLoudness to_measured(const LoudnessResult& result, int sample_rate_hz);

}  // namespace dubplate
