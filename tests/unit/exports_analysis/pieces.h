// pieces.h: signals and files for the tests of the analysis.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "audio/audio_view.h"
#include "core/store.h"
#include "formats/audio/format.h"
#include "support/signals.h"

namespace dubplate::test {

// Planar copy of a signal, and a view of it.
struct Held {
    std::vector<float> samples;
    AudioView view;

    explicit Held(const Audio& audio) {
        for (const auto& channel : audio.channels)
            samples.insert(samples.end(), channel.begin(), channel.end());
        view = AudioView::planar(samples.data(), audio.frames(), audio.format.channels,
                                 audio.format.sample_rate_hz);
    }
};

// Short bursts of a 1 kHz sine on every beat.
inline Audio clicks(double bpm, double seconds, int sample_rate_hz = 44100) {
    Audio audio(sample_rate_hz, 1, seconds_to_frames(seconds, sample_rate_hz));
    for (int beat = 0; beat * 60 / bpm < seconds; ++beat) {
        const std::int64_t begin = seconds_to_frames(beat * 60 / bpm, sample_rate_hz);
        for (std::int64_t i = 0; i < 2000 && begin + i < audio.frames(); ++i)
            audio.at(0, begin + i) = static_cast<float>(
                0.8 * std::exp(-static_cast<double>(i) / 400) *
                std::sin(2 * std::numbers::pi * 1000 * static_cast<double>(i) / sample_rate_hz));
    }
    return audio;
}

// As a file of 32 bit floats, or in another format of the catalog at 16 bits.
inline void write_audio(Store& store, const std::filesystem::path& path, const Audio& audio, TagSet tags = {},
                        const std::string& format_name = "wav") {
    const AudioFormat& format = *find_audio_format(format_name);
    auto file = store.create(path);
    ASSERT_TRUE(file) << file.error().to_string();
    WriterSettings settings;
    settings.stream = audio.format;
    settings.depth = format_name == "wav" ? BitDepth::float32 : BitDepth::pcm16;
    settings.frames = audio.frames();
    tags.sample_rate_hz = audio.format.sample_rate_hz;
    auto writer = format.create(**file, settings, tags);
    ASSERT_TRUE(writer) << writer.error().to_string();
    if (format.takes_integers(settings.depth)) {
        Signal<std::int32_t> integers(audio.format.sample_rate_hz, audio.format.channels, audio.frames());
        std::vector<std::int32_t*> pointers;
        for (int c = 0; c < audio.format.channels; ++c) {
            for (std::int64_t i = 0; i < audio.frames(); ++i)
                integers.at(c, i) = static_cast<std::int32_t>(audio.at(c, i) * 32767);
            pointers.push_back(integers.channels[static_cast<std::size_t>(c)].data());
        }
        ASSERT_TRUE((*writer)->write(BlockView<const std::int32_t>(
            std::vector<const std::int32_t*>(pointers.begin(), pointers.end()), audio.frames())));
    } else {
        std::vector<const float*> pointers;
        for (const auto& channel : audio.channels) pointers.push_back(channel.data());
        ASSERT_TRUE((*writer)->write(BlockView<const float>(pointers, audio.frames())));
    }
    ASSERT_TRUE((*writer)->finish(tags));
    ASSERT_TRUE((*file)->publish());
}

}  // namespace dubplate::test
