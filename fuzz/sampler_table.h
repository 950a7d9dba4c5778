// sampler_table.h: any bytes as the table of a sampler's pads, as its harness and the replay of its corpus do it.
//
// Holds    what was read keeps the model's rules, and what the device holds of it comes back from a table that is written of it.
//          What breaks a rule aborts.
// Threads  plain functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "formats/sampler/device.h"

namespace dubplate {

inline void check_table(std::string_view device_name, std::span<const std::byte> bytes) {
    const SamplerDevice& device = *find_sampler_device(device_name);
    // Mono and stereo in turn, and no sample on every third pad.
    std::vector<int> channels(static_cast<std::size_t>(device.pads()));
    for (std::size_t i = 0; i < channels.size(); ++i) channels[i] = static_cast<int>(i % 3);
    const auto project = device.read_table(bytes, channels);
    if (!project) {
        DUBPLATE_ASSERT(is_valid_utf8(project.error().to_string()));
        return;
    }
    SamplerProject whole{.name = project->name, .bpm = project->bpm, .pads = {}};
    for (const SamplerPad& pad : project->pads) {
        DUBPLATE_ASSERT(device.has(pad.place) && pad.name.size() <= device.max_pad_name &&
                        is_valid_utf8(pad.name));
        DUBPLATE_ASSERT(0 <= pad.begin_frame && pad.begin_frame <= pad.end_frame &&
                        pad.end_frame <= pad.frames);
        if (pad.channels > 0) whole.pads.push_back(pad);
    }
    const auto back = device.read_table(device.write_table(whole), channels);
    DUBPLATE_ASSERT(back.has_value() && *back == device.held(whole));
}

}  // namespace dubplate
