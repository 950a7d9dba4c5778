// What of a project a device holds, and how that differs from what was asked for.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "formats/sampler/device.h"
#include "formats/sampler/held.h"

namespace dubplate {

namespace {

std::string_view name_of(PadBus bus) {
    constexpr std::string_view names[] = {"dry", "bus 1", "bus 2"};
    return names[static_cast<std::size_t>(bus)];
}

std::string shown(double value) {
    return format_number(value);
}
std::string shown(std::int64_t value) {
    return std::to_string(value);
}
std::string shown(int value) {
    return std::to_string(value);
}
std::string shown(bool value) {
    return value ? "on" : "off";
}
std::string shown(const std::string& value) {
    return "'" + escape_control(value) + "'";
}
std::string shown(PadBus value) {
    return std::string(name_of(value));
}

// Collects the fields that are held as something else.
class Differences {
  public:
    Differences(const SamplerDevice& device, std::string place) : device_(device), place_(std::move(place)) {}

    template <class T>
    void compare(std::string_view field, const T& asked, const T& held) {
        if (asked == held) return;
        losses_.push_back({fmt::format("{}{} {}", place_, field, shown(asked)),
                           fmt::format("on the {} it is {}", device_.title, shown(held))});
    }
    std::vector<Loss> take() { return std::move(losses_); }

  private:
    const SamplerDevice& device_;
    std::string place_;
    std::vector<Loss> losses_;
};

}  // namespace

double held_bpm(double bpm, double min_bpm, double max_bpm, int steps_per_bpm) {
    return static_cast<double>(std::lround(std::clamp(bpm, min_bpm, max_bpm) * steps_per_bpm)) /
           steps_per_bpm;
}

std::string held_name(std::string_view name, std::size_t max_length) {
    std::string held(name.substr(0, max_length));
    for (char& c : held)
        if (c < ' ' || c > '~') c = '_';
    held.erase(held.find_last_not_of(' ') + 1);
    return held;
}

void hold_places(SamplerPad& pad) {
    pad.begin_frame = std::clamp<std::int64_t>(pad.begin_frame, 0, pad.frames);
    pad.end_frame = std::clamp(pad.end_frame, pad.begin_frame, pad.frames);
    pad.loop_frame = std::clamp(pad.loop_frame, pad.begin_frame, pad.end_frame);
}

SamplerProject SamplerDevice::held(const SamplerProject& project) const {
    SamplerProject held{.name = holds_project ? held_name(project.name, max_project_name) : "",
                        .bpm = holds_project ? held_bpm(project.bpm, min_bpm, max_bpm, 100) : default_bpm,
                        .pads = {}};
    for (const SamplerPad& pad : project.pads) held.pads.push_back(held_pad(pad));
    std::ranges::sort(held.pads, {}, &SamplerPad::place);
    return held;
}

std::vector<Loss> SamplerDevice::losses(const SamplerPad& pad) const {
    const SamplerPad held = held_pad(pad);
    const PadSettings& asked = pad.settings;
    const PadSettings& kept = held.settings;
    Differences differences(*this, fmt::format("pad {}: ", pad.place.to_string()));
    differences.compare("name", pad.name, held.name);
    differences.compare("begin", pad.begin_frame, held.begin_frame);
    differences.compare("end", pad.end_frame, held.end_frame);
    if (asked.loop) differences.compare("loop point", pad.loop_frame, held.loop_frame);
    differences.compare("number of chops", static_cast<std::int64_t>(pad.chop_frames.size()),
                        static_cast<std::int64_t>(held.chop_frames.size()));
    differences.compare("level", asked.level, kept.level);
    differences.compare("pan", asked.pan, kept.pan);
    differences.compare("pitch", asked.pitch, kept.pitch);
    differences.compare("gate", asked.gate, kept.gate);
    differences.compare("loop", asked.loop, kept.loop);
    differences.compare("reverse", asked.reverse, kept.reverse);
    differences.compare("mute group", asked.mute_group, kept.mute_group);
    differences.compare("tempo sync", asked.bpm_sync, kept.bpm_sync);
    differences.compare("tempo", asked.bpm.value_or(default_bpm), kept.bpm.value_or(default_bpm));
    differences.compare("bus", asked.bus, kept.bus);
    return differences.take();
}

std::vector<Loss> SamplerDevice::losses(const SamplerProject& project) const {
    const SamplerProject kept = held({.name = project.name, .bpm = project.bpm, .pads = {}});
    Differences differences(*this, "project: ");
    differences.compare("name", project.name, kept.name);
    differences.compare("tempo", project.bpm, kept.bpm);
    std::vector<Loss> all = differences.take();
    for (const SamplerPad& pad : project.pads) {
        std::vector<Loss> of_pad = losses(pad);
        all.insert(all.end(), of_pad.begin(), of_pad.end());
    }
    return all;
}

}  // namespace dubplate
