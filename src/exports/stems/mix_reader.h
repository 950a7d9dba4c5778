// mix_reader.h: the sum of the tracks, as a DAW plays them: with their gains, pans, mutes and solos.
//
// Shape    stereo out; mono and stereo tracks of one rate and length in.
// Pan      a balance: from the middle to one side, the other channel goes down to silence in a straight line; a mono track is
//          in both channels at its own level. It is what REAPER does by default (docs/formats has the others).
// Exact    sums are made in double, in the order of the tracks, whatever the number of threads.
// Owner    the reader owns the tracks.
// Threads  thread-compatible; tracks are read side by side on `threads` of them.
// Errors   read() and rewind(): none of their own. A track that fails is silent from there on, and errors() tells why: the others
//          go on.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "formats/audio/format.h"

namespace dubplate {

struct PanGains {
    double left = 1;
    double right = 1;
};
PanGains pan_gains(double pan);

// Reads until the block is full or the stream ends, and puts silence behind it. The number of frames that were read.
Result<std::int64_t> read_whole(AudioReader& reader, BlockView<float> target);

struct MixTrack {
    std::string name;
    std::unique_ptr<AudioReader> reader;
    double gain_db = 0;
    double pan = 0;
};

class MixReader final : public AudioReader {
  public:
    // At least one track. gain_db: of the sum; tags: that it tells, the tracks' own are not its.
    MixReader(std::vector<MixTrack> tracks, double gain_db, int threads, TagSet tags = {});
    ~MixReader() override;

    const SourceInfo& info() const override { return info_; }
    Result<std::int64_t> read(BlockView<float> target) override;
    Status rewind() override;

    // The largest sample of any track as it was read, before its gain: linear.
    double peak() const;
    // Of the tracks that failed, with their names; the first of all passes.
    std::vector<Error> errors() const;

  private:
    struct Input;
    Status mix_stretch();

    std::vector<Input> inputs_;
    SourceInfo info_;
    int threads_;
    std::array<std::vector<double>, 2> sum_;  // of a stretch
    std::int64_t filled_ = 0;                 // frames of it
    std::int64_t taken_ = 0;                  // of these
    std::int64_t position_ = 0;
};

}  // namespace dubplate
