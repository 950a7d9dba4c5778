#include "analysis/music.h"

#include <algorithm>

namespace dubplate {

MusicFinder::MusicFinder() {
    frames_.add_short(onsets_);
    frames_.add_long(chroma_);
}

Tempo MusicFinder::tempo(const TempoOptions& options) const {
    return find_tempo({onsets_, frames_.duration_s(), frames_.peak()}, options);
}

KeyEstimate MusicFinder::key() const {
    return find_key(chroma_);
}

Status feed(const AudioView& audio, Sink<float>& sink) {
    DUBPLATE_CHECK(sink.start({audio.sample_rate_hz, audio.channels}));
    BlockBuffer<float> buffer(audio.channels, block_frames);
    for (std::int64_t begin = 0; begin < audio.frames; begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, audio.frames - begin);
        for (int c = 0; c < audio.channels; ++c)
            for (std::int64_t i = 0; i < frames; ++i)
                buffer.channel(c)[static_cast<std::size_t>(i)] = audio.at(begin + i, c);
        DUBPLATE_CHECK(sink.process(buffer.const_view(frames)));
    }
    return sink.finish();
}

Result<Music> find_music(const AudioView& audio, const TempoOptions& options) {
    MusicFinder finder;
    DUBPLATE_CHECK(feed(audio, finder));
    return Music{finder.tempo(options), finder.key()};
}

}  // namespace dubplate
