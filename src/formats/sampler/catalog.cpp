#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "formats/sampler/device.h"

namespace dubplate {

#define ENTRY(name) extern const SamplerDevice name##_device;
#include "formats/sampler/catalog.def"
#undef ENTRY

namespace {

#define ENTRY(name) +1
constexpr std::size_t entries = 0
#include "formats/sampler/catalog.def"
    ;
#undef ENTRY

constexpr std::array<const SamplerDevice*, entries> catalog{
#define ENTRY(name) &name##_device,
#include "formats/sampler/catalog.def"
#undef ENTRY
};

std::int64_t frames_of(int milliseconds, int sample_rate_hz) {
    return (std::int64_t{milliseconds} * sample_rate_hz + 999) / 1000;
}

}  // namespace

std::span<const SamplerDevice* const> sampler_devices() {
    return catalog;
}

const SamplerDevice* find_sampler_device(std::string_view name) {
    const auto found = std::ranges::find(catalog, name, &SamplerDevice::name);
    return found == catalog.end() ? nullptr : *found;
}

std::string PadPlace::to_string() const {
    return fmt::format("{}{:02}", static_cast<char>('A' + bank), number);
}

std::int64_t SamplerDevice::min_frames() const {
    return frames_of(min_milliseconds, sample_rate_hz);
}

std::int64_t SamplerDevice::padded_frames() const {
    return frames_of(padded_milliseconds, sample_rate_hz);
}

const SampleFileKind* SamplerDevice::find_plain_file(std::string_view kind_name) const {
    const auto found = std::ranges::find(plain_files, kind_name, &SampleFileKind::name);
    return found == plain_files.end() ? nullptr : *found;
}

bool SamplerDevice::has(PadPlace place) const {
    return place.bank >= 0 && place.bank < banks && place.number >= 1 && place.number <= pads_per_bank;
}

std::size_t SamplerDevice::index_of(PadPlace place) const {
    DUBPLATE_ASSERT(has(place));
    return static_cast<std::size_t>(place.bank * pads_per_bank + place.number - 1);
}

PadPlace SamplerDevice::place_at(std::size_t index) const {
    DUBPLATE_ASSERT(index < static_cast<std::size_t>(pads()));
    const int number = static_cast<int>(index);
    return {number / pads_per_bank, number % pads_per_bank + 1};
}

Result<PadPlace> SamplerDevice::parse_place(std::string_view text) const {
    const std::string lower = to_lower_ascii(trim(text));
    const auto number = lower.empty() ? std::nullopt : parse_integer(std::string_view(lower).substr(1));
    if (number && *number >= 1 && *number <= pads_per_bank) {
        const PadPlace place{lower[0] - 'a', static_cast<int>(*number)};
        if (has(place)) return place;
    }
    return fail(ErrorCode::invalid_argument,
                fmt::format("the {} has no pad '{}'", title, escape_control(text)),
                fmt::format("its banks are A to {}, their pads 1 to {}: A1, B07",
                            static_cast<char>('A' + banks - 1), pads_per_bank));
}

}  // namespace dubplate
