// packing.h: packs of test signals in memory, in a line each.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "exports/pack/run.h"
#include "support/exporting.h"

namespace dubplate::test {

inline Result<PackManifest> run_pack_of(const PackSpec& spec, const std::vector<ExpandedInput>& inputs,
                                        Store& store, int jobs = 1, std::stop_token stop = {},
                                        std::string output = "/pack") {
    DUBPLATE_TRY(const PackPlan plan,
                 plan_pack(spec, inputs, {.store = &store, .output = std::move(output)}, {}, stop));
    Progress progress;
    return run_pack(plan, jobs, progress, stop);
}

// A file of 16 bits in memory, as samples.
inline Signal<float> decode(MemoryStore& store, const std::filesystem::path& path) {
    Audio audio;
    auto source = store.open(path);
    EXPECT_TRUE(source) << path;
    if (!source) return audio;
    auto reader = open_audio(**source);
    EXPECT_TRUE(reader) << path;
    if (!reader) return audio;
    const SourceInfo& info = (*reader)->info();
    audio = Audio(info.stream.sample_rate_hz, info.stream.channels, info.frames);
    std::vector<float*> pointers;
    for (auto& channel : audio.channels) pointers.push_back(channel.data());
    const BlockView<float> all(pointers, info.frames);
    for (std::int64_t at = 0; at < info.frames;) {
        const auto frames = (*reader)->read(SubBlock(all, at, info.frames - at).view());
        EXPECT_TRUE(frames && *frames > 0);
        if (!frames || *frames == 0) break;
        at += *frames;
    }
    return audio;
}

// Exactly what 16 bits hold.
inline Audio in_16_bits(Audio audio) {
    for (auto& channel : audio.channels)
        for (float& sample : channel) sample = std::round(sample * 32768.0f) / 32768.0f;
    return audio;
}

// A WAV file of 16 bits as an input, which tells its rate and depth as a file does.
inline ExpandedInput wav_input(MemoryStore& store, const Audio& audio, const std::string& name,
                               const TagSet& tags = {}) {
    const std::filesystem::path path = "/in/" + name;
    WriterSettings settings;
    settings.stream = audio.format;
    settings.depth = BitDepth::pcm16;
    settings.frames = audio.frames();
    auto file = store.create(path, {.overwrite = true});
    auto writer = find_audio_format("wav")->create(**file, settings, tags);
    EXPECT_TRUE(writer);
    Signal<std::int32_t> samples(audio.format.sample_rate_hz, audio.format.channels, audio.frames());
    for (int c = 0; c < audio.format.channels; ++c)
        for (std::int64_t i = 0; i < audio.frames(); ++i)
            samples.at(c, i) = static_cast<std::int32_t>(std::lround(audio.at(c, i) * 32768.0f));
    std::vector<const std::int32_t*> pointers;
    for (const auto& channel : samples.channels) pointers.push_back(channel.data());
    EXPECT_TRUE((*writer)->write(BlockView<const std::int32_t>(pointers, audio.frames())));
    EXPECT_TRUE((*writer)->finish(tags));
    EXPECT_TRUE((*file)->publish());
    AudioInput input;
    input.name = name;
    input.stem = std::filesystem::path(name).stem().string();
    input.path = path;
    input.open = [&store, path]() -> Result<OpenedAudio> {
        DUBPLATE_TRY(auto bytes, store.open(path));
        std::shared_ptr<const ByteSource> shared = std::move(bytes);
        DUBPLATE_TRY(auto reader, open_audio(*shared));
        return OpenedAudio{shared, std::move(reader)};
    };
    return {name, input};
}

}  // namespace dubplate::test
