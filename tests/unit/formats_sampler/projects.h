// projects.h: pads and projects for the tests of samplers.
//
// Units    frames at the device's rate.
// Threads  pure functions.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/prng.h"
#include "formats/sampler/device.h"

namespace dubplate::test {

inline const SamplerDevice& device(std::string_view name) {
    return *find_sampler_device(name);
}

// A pad that every device holds as it is.
inline SamplerPad plain_pad(PadPlace place, int channels = 2, std::int64_t frames = 1000) {
    return {.place = place, .channels = channels, .frames = frames, .end_frame = frames};
}

inline std::vector<int> channels_of(const SamplerDevice& device, const SamplerProject& project) {
    std::vector<int> channels(static_cast<std::size_t>(device.pads()));
    for (const SamplerPad& pad : project.pads) channels[device.index_of(pad.place)] = pad.channels;
    return channels;
}

inline Result<SamplerProject> read_back(const SamplerDevice& device, const SamplerProject& project) {
    return device.read_table(device.write_table(project), channels_of(device, project));
}

// Any values, in range and out of it.
inline SamplerPad random_pad(const Random& random, PadPlace place) {
    std::uint64_t index = 0;
    const auto number = [&](std::int64_t low, std::int64_t high) {
        return low +
               static_cast<std::int64_t>(random.bits(index++) % static_cast<std::uint64_t>(high - low + 1));
    };
    const auto flag = [&] { return number(0, 1) == 1; };
    SamplerPad pad{
        .place = place, .channels = static_cast<int>(number(1, 2)), .frames = number(4800, 48'000'000)};
    for (std::int64_t length = number(0, 30); length > 0; --length)
        pad.name.push_back(static_cast<char>(number(1, 255)));
    pad.begin_frame = number(-10, pad.frames);
    pad.end_frame = number(0, pad.frames + 10);
    pad.loop_frame = number(0, pad.frames);
    for (std::int64_t chops = number(0, 20); chops > 0; --chops)
        pad.chop_frames.push_back(number(0, pad.frames));
    pad.settings = {.level = static_cast<int>(number(-3, 130)),
                    .pan = static_cast<int>(number(-64, 63)),
                    .pitch = static_cast<double>(number(-130'000, 130'000)) / 10'000,
                    .gate = flag(),
                    .loop = flag(),
                    .reverse = flag(),
                    .mute_group = static_cast<int>(number(0, 11)),
                    .bpm_sync = flag(),
                    .bpm = std::nullopt,
                    .bus = static_cast<PadBus>(number(0, 2))};
    if (flag()) pad.settings.bpm = static_cast<double>(number(300'000, 3'000'000)) / 10'000;
    return pad;
}

}  // namespace dubplate::test
