// made_sample.h: a sample that was converted and proven, whose files wait to be delivered.
//
// Owner    its files are removed with it where they were not published.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/nodes/pictures.h"
#include "exports/manifest.h"
#include "exports/pack/loop_rates.h"
#include "exports/pack/plan.h"

namespace dubplate {

struct MadeFile {
    std::filesystem::path path{};  // relative to the pack
    std::unique_ptr<PendingFile> file{};
    std::uint64_t bytes = 0;
    std::string sha256{};
    std::vector<ProofCheck> checks{};
};

struct MadeSample {
    const PlannedSample* planned = nullptr;
    SampleLayout layout{};
    std::int64_t begin_frame = 0;  // of the source, where silence was trimmed
    RatePair rates{};              // from the source's frames to its own
    double gain_db = 0;
    std::int64_t clipped_samples = 0;
    std::int64_t bad_samples = 0;  // of the source: not a number, or infinite
    double seconds = 0;            // that the work took
    std::vector<MadeFile> files{};
    std::vector<SamplerPad> pads{};          // of a kit
    std::vector<WaveformColumn> waveform{};  // where it is drawn
    std::optional<Error> error{};

    // Where a frame of the source came to lie.
    std::int64_t place_of(std::int64_t source_frame) const;
};

}  // namespace dubplate
