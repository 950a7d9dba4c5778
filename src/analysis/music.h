// music.h: tempo and key of a stream in one pass.
//
// Use      as a sink in a graph: start(), process()*, finish(), then tempo() and key(); or find_music() on audio in memory. Others who
//          want the same spectra are added to frames() before start().
// Memory   flat but for what the tempo keeps: 6 MB an hour, and as much again while it is sought.
// Threads  thread-compatible; no state survives from one stream to the next, so files may be analyzed side by side
//          in any order with the same results.
// Errors   as FrameStream::start().
#pragma once

#include "analysis/chroma.h"
#include "analysis/frames.h"
#include "analysis/key.h"
#include "analysis/onset_envelope.h"
#include "analysis/tempo.h"
#include "audio/audio_view.h"

namespace dubplate {

class MusicFinder final : public Sink<float> {
  public:
    MusicFinder();

    FrameStream& frames() { return frames_; }
    const OnsetEnvelope& onsets() const { return onsets_; }
    const Chroma& chroma() const { return chroma_; }

    Status start(const StreamFormat& format) override { return frames_.start(format); }
    Status process(BlockView<const float> block) override { return frames_.process(block); }
    Status finish() override { return frames_.finish(); }

    // After finish().
    Tempo tempo(const TempoOptions& options = {}) const;
    KeyEstimate key() const;

  private:
    FrameStream frames_;
    OnsetEnvelope onsets_;
    Chroma chroma_;
};

// Feeds a view to a sink in blocks, from start() to finish().
Status feed(const AudioView& audio, Sink<float>& sink);

struct Music {
    Tempo tempo;
    KeyEstimate key;
};

Result<Music> find_music(const AudioView& audio, const TempoOptions& options = {});

}  // namespace dubplate
