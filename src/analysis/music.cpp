#include "analysis/music.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace dubplate {

MusicFinder::MusicFinder() {
    frames_.add_short(onsets_);
    frames_.add_long(chroma_);
}

Tempo MusicFinder::tempo(const TempoOptions& options) const {
    return find_tempo({onsets_, frames_.duration_s(), frames_.peak(), chroma_}, options);
}

KeyEstimate MusicFinder::key() const {
    return find_key(chroma_);
}

namespace {

// The frames of a view that lie side by side are passed as they are; others are gathered first.
class Gatherer {
  public:
    explicit Gatherer(const AudioView& audio) : audio_(audio) {
        if (audio.frame_stride != 1) gathered_ = BlockBuffer<float>(audio.channels, block_frames);
    }
    BlockView<const float> block(std::int64_t begin, std::int64_t frames) {
        if (audio_.frame_stride == 1) {
            for (int c = 0; c < audio_.channels; ++c)
                pointers_[static_cast<std::size_t>(c)] = audio_.data + begin + c * audio_.channel_stride;
            return {std::span(pointers_).first(static_cast<std::size_t>(audio_.channels)), frames};
        }
        for (int c = 0; c < audio_.channels; ++c)
            for (std::int64_t i = 0; i < frames; ++i)
                gathered_.channel(c)[static_cast<std::size_t>(i)] = audio_.at(begin + i, c);
        return gathered_.const_view(frames);
    }

  private:
    const AudioView& audio_;
    BlockBuffer<float> gathered_;
    std::array<const float*, max_channels> pointers_{};
};

}  // namespace

Status feed(const AudioView& audio, Sink<float>& sink) {
    if (audio.channels > max_channels)
        return fail(ErrorCode::unsupported,
                    "audio in memory may have up to 8 channels, not " + std::to_string(audio.channels));
    DUBPLATE_CHECK(sink.start({audio.sample_rate_hz, audio.channels}));
    Gatherer gatherer(audio);
    for (std::int64_t begin = 0; begin < audio.frames; begin += block_frames)
        DUBPLATE_CHECK(sink.process(gatherer.block(begin, std::min(block_frames, audio.frames - begin))));
    return sink.finish();
}

Result<Music> find_music(const AudioView& audio, const TempoOptions& options) {
    MusicFinder finder;
    DUBPLATE_CHECK(feed(audio, finder));
    return Music{finder.tempo(options), finder.key()};
}

}  // namespace dubplate
