// analysis_audio.h: a whole audio file in memory, for the programs of the analysis benchmark.
//
// Shape    planar, one vector for each channel, as long as the file.
// Errors   end the program with their text: this is a benchmark.
#pragma once

#include "audio/audio_view.h"
#include "core/store.h"
#include "formats/audio/format.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace dubplate::bench {

struct LoadedAudio {
    StreamFormat format;
    std::vector<float> samples;  // channel after channel
    std::int64_t frames = 0;

    AudioView view() const {
        return AudioView::planar(samples.data(), frames, format.channels, format.sample_rate_hz);
    }
};

template <class T>
T need(Result<T> result, const char* name) {
    if (result) return *std::move(result);
    std::fprintf(stderr, "%s: %s\n", name, result.error().to_string().c_str());
    std::exit(1);
}

inline LoadedAudio load(const char* name) {
    FileStore store;
    const auto source = need(store.open(name), name);
    const auto reader = need(open_audio(*source), name);
    LoadedAudio audio{reader->info().stream, {}, reader->info().frames};
    audio.samples.resize(static_cast<std::size_t>(audio.frames * audio.format.channels));
    BlockBuffer<float> buffer(audio.format.channels, block_frames);
    for (std::int64_t at = 0; at < audio.frames;) {
        const std::int64_t got =
            need(reader->read(buffer.view(std::min(block_frames, audio.frames - at))), name);
        if (got == 0) break;
        for (int c = 0; c < audio.format.channels; ++c)
            std::copy_n(buffer.channel(c).data(), got, audio.samples.data() + c * audio.frames + at);
        at += got;
    }
    return audio;
}

}  // namespace dubplate::bench
