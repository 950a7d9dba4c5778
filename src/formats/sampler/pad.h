// pad.h: what a sampler's pads hold: the model that the devices' files are written from and read into.
//
// Units    frames at the device's rate, counted from the sample's first. Levels and pans as the units show them: 0 to 127,
//          and -51 (left) to 51 (right). Pitch in semitones, its fraction in hundredths.
// Order    pads are listed by bank and number; a bank's pads are numbered from 1, banks from 0 (A).
// Threads  plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dubplate {

// The place of a pad: "B07".
struct PadPlace {
    int bank = 0;    // 0 is A
    int number = 1;  // from 1
    auto operator<=>(const PadPlace&) const = default;
    std::string to_string() const;
};

enum class PadBus { dry, bus_1, bus_2 };

// How a pad plays its sample.
struct PadSettings {
    int level = 127;   // 0 to 127
    int pan = 0;       // -51 to 51
    double pitch = 0;  // semitones, -12 to 12
    bool gate = true;  // sounds while it is held; off: to its end (one-shot)
    bool loop = false;
    bool reverse = false;
    int mute_group = 0;  // 1 to 10; 0: none
    bool bpm_sync = false;
    std::optional<double> bpm{};  // of the sample, 40 to 200; none: the device's default
    PadBus bus = PadBus::bus_1;
    bool operator==(const PadSettings&) const = default;
};

struct SamplerPad {
    PadPlace place{};
    std::string name{};       // at most SamplerDevice::max_pad_name characters of ASCII
    int channels = 1;         // 0: read from a project in which its sample is missing
    std::int64_t frames = 0;  // of the sample's file
    std::int64_t begin_frame = 0;
    std::int64_t end_frame = 0;               // exclusive
    std::int64_t loop_frame = 0;              // where a loop begins again
    std::vector<std::int64_t> chop_frames{};  // ascending, at most SamplerDevice::max_chops
    PadSettings settings{};
    bool operator==(const SamplerPad&) const = default;
};

struct SamplerProject {
    std::string name{};
    double bpm = 90;                 // the unit's own default
    std::vector<SamplerPad> pads{};  // those that hold a sample, by place
    bool operator==(const SamplerProject&) const = default;
};

}  // namespace dubplate
