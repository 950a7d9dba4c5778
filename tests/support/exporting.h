// exporting.h: exports of test signals in memory, in a line each.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "exports/audio/export.h"
#include "support/signals.h"

namespace dubplate::test {

inline AudioSpec spec_of(const std::vector<std::string>& formats) {
    AudioSpec spec;
    spec.formats = formats;
    return spec;
}

// A signal as an input. It borrows the signal through a planar copy that it keeps alive.
inline ExpandedInput input_of(const Audio& audio, const std::string& name, Metadata metadata = {}) {
    auto planar = std::make_shared<std::vector<float>>();
    for (const auto& channel : audio.channels) planar->insert(planar->end(), channel.begin(), channel.end());
    const AudioView view =
        AudioView::planar(planar->data(), audio.frames(), audio.format.channels, audio.format.sample_rate_hz);
    AudioInput input = memory_input(view, name, std::move(metadata));
    input.open = [planar, open = input.open] { return open(); };
    return {name, input};
}

inline Result<Manifest> run_inputs(const AudioSpec& spec, const std::vector<ExpandedInput>& inputs,
                                   Store& store, RunOptions options = {}, std::stop_token stop = {}) {
    DUBPLATE_TRY(const AudioPlan plan, plan_audio(spec, inputs, {.store = &store, .output = "/out"}, stop));
    Progress progress;
    return run_audio(plan, options, progress, stop);
}

// One signal, exported; fails the test where anything is out of spec.
struct Exported {
    MemoryStore store;
    Manifest manifest;

    const ManifestFile& file(std::size_t index = 0) const { return manifest.items.at(0).files.at(index); }
    // Decoded again, all of it.
    Audio decoded(std::size_t index = 0) {
        Audio audio;
        auto source = store.open(file(index).path);
        auto reader = open_audio(**source);
        EXPECT_TRUE(reader) << reader.error().to_string();
        const StreamFormat format = (*reader)->info().stream;
        audio = Audio(format.sample_rate_hz, format.channels, 0);
        BlockBuffer<float> buffer(format.channels, block_frames);
        while (true) {
            const auto frames = (*reader)->read(buffer.view(block_frames));
            EXPECT_TRUE(frames);
            if (!frames || *frames == 0) return audio;
            for (int c = 0; c < format.channels; ++c) {
                const auto part = buffer.channel(c).first(static_cast<std::size_t>(*frames));
                auto& channel = audio.channels[static_cast<std::size_t>(c)];
                channel.insert(channel.end(), part.begin(), part.end());
            }
        }
    }
};

inline std::unique_ptr<Exported> export_signal(const AudioSpec& spec, const Audio& audio,
                                               Metadata metadata = {}) {
    auto exported = std::make_unique<Exported>();
    auto manifest = run_inputs(spec, {input_of(audio, "signal", std::move(metadata))}, exported->store);
    EXPECT_TRUE(manifest) << manifest.error().to_string();
    if (!manifest) return exported;
    exported->manifest = *std::move(manifest);
    for (const ManifestItem& item : exported->manifest.items) {
        EXPECT_FALSE(item.error) << item.error->to_string();
        for (const ManifestFile& file : item.files) EXPECT_FALSE(file.error) << file.error->to_string();
    }
    return exported;
}

}  // namespace dubplate::test
