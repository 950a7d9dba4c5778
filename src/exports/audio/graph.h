// graph.h: the chain of nodes that one pass over one source runs through.
//
//                                             ┌─ meter                       (measuring passes)
//   reader ─▶ region ─▶ fold ─▶ fades ─┬─▶ resample 48 kHz ─▶ gain ─▶ limiter -1.0 ─┬─▶ quantize 24 ─┬─▶ WAV writer
//                                      │                                            │                └─▶ ∥ FLAC writer
//                                      │                                            ├─▶ quantize 16 ──▶ AIFF writer
//                                      │                                            └─▶ meter
//                                      └─▶ (44.1 kHz as it is) ─▶ gain ─▶ limiter -2.2 ─▶ ∥ MP3 writer
//
// - What two outputs share, they share: the builder looks every node up by its settings before it makes a new one, so
//   there is one decode for each pass, one resampler for each rate, one limiter for each gain and ceiling, one
//   quantizer for each depth; the chain forks only where outputs differ.
// - A node that would change nothing is not made: no region, no fold, no fade, no resampler at the same rate, no
//   limiter where no ceiling is held.
// - ∥ is an encoder with threads of its own (WriterSettings): encoders work side by side, beside the chain.
// - The end is a call: finish() runs down the whole tree exactly once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "audio/nodes/limiter.h"
#include "audio/nodes/quantizer.h"
#include "audio/nodes/shape.h"
#include "audio/stream.h"
#include "core/hash.h"
#include "formats/audio/format.h"

namespace dubplate {

// What happens to the source before its level is touched. Frames at the source's rate.
struct Shape {
    std::int64_t begin_frame = 0;
    std::int64_t end_frame = 0;  // exclusive, exact
    std::optional<int> fold_channels;
    std::int64_t fade_in_frames = 0;
    std::int64_t fade_out_frames = 0;
    std::int64_t source_frames = 0;
    int source_rate_hz = 0;

    std::int64_t frames() const { return end_frame - begin_frame; }
    // Does the shaped audio differ from the source's?
    bool changes_audio() const {
        return frames() != source_frames || fold_channels || fade_in_frames > 0 || fade_out_frames > 0;
    }
};

// One way through the level stage.
struct Level {
    int rate_hz = 0;
    double gain_db = 0;
    std::optional<double> ceiling_dbtp;  // none: no limiter
    std::vector<LowerCeiling> lower{};   // where an encoder has lifted peaks above it
    auto operator<=>(const Level&) const = default;
};

// Fingerprint of the samples on their way into a lossless writer, one for each channel; the proof makes the same from
// what it decodes. Over float values, so that it does not matter how the samples were stored.
class SampleDigest {
  public:
    void start(int channels);
    void update(BlockView<const float> block);
    std::string finish();

  private:
    std::vector<Fingerprint> channels_;
};

class ExportGraph {
  public:
    // threads: that a node may work on where that pays.
    ExportGraph(const Shape& shape, int threads);

    void add_meter(const Level& level, Sink<float>& meter);
    // digest: filled for lossless writers, else null.
    void add_writer(const Level& level, const WriterSettings& settings, Dither dither, std::uint64_t seed,
                    const AudioFormat& format, AudioWriter& writer, SampleDigest* digest);

    Sink<float>& head();
    // False as soon as the region has passed: the rest of the source need not be decoded.
    bool wants_more() const;

    // After finish(). Null where the level has no limiter.
    const LimiterResult* limiter(const Level& level) const;
    std::int64_t clipped_samples() const;

  private:
    using QuantizerKey = std::tuple<Level, int, Dither>;

    template <class Node, class... Args>
    Node& make(Args&&... args);
    Filter<float, float>& at_rate(int rate_hz);
    Filter<float, float>& at_level(const Level& level);
    Quantizer& quantizer(const Level& level, int bits, Dither dither, std::uint64_t seed);

    Shape shape_;
    int threads_;
    std::vector<std::shared_ptr<void>> nodes_;  // in the order of making
    Region* region_ = nullptr;
    Filter<float, float>* head_ = nullptr;
    Filter<float, float>* shaped_ = nullptr;
    std::map<int, Filter<float, float>*> rates_;
    std::map<Level, Filter<float, float>*> levels_;
    std::map<Level, Limiter*> limiters_;
    std::map<QuantizerKey, Quantizer*> quantizers_;
};

}  // namespace dubplate
