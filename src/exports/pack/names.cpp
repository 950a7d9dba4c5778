#include "exports/pack/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace dubplate {

namespace {

constexpr double highest_bpm = 300;

// "F# minor" and "F minor" are to stay apart where neither "#" nor a space is left.
std::string key_folder(const std::string& key) {
    if (key.empty()) return "unknown_key";
    std::string folder;
    for (const char c : key) folder += c == '#' ? "sharp" : std::string(1, c);
    return safe_name(folder, NameProfile::sampler);
}

}  // namespace

NameProfile profile_of(const PackSpec& spec) {
    return spec.sanitize ? NameProfile::sampler : NameProfile::desktop;
}

std::string bpm_folder(const std::vector<double>& ranges, std::optional<double> bpm) {
    if (!bpm || *bpm <= 0 || *bpm >= highest_bpm) return "unknown_bpm";
    const auto above = std::ranges::upper_bound(ranges, *bpm);
    if (above == ranges.begin()) return "slow";
    if (above == ranges.end()) return "fast";
    return safe_name(fmt::format("{}-{}", format_number(*(above - 1)), format_number(*above)),
                     NameProfile::sampler);
}

std::string folder_of(const PackSpec& spec, const PackSource& source) {
    switch (spec.organize) {
        case Organize::genre:
            return source.info.metadata.genre.empty()
                       ? "unknown_genre"
                       : safe_name(source.info.metadata.genre, NameProfile::sampler);
        case Organize::bpm:
            return bpm_folder(spec.bpm_ranges, source.bpm);
        case Organize::key:
            return key_folder(source.key);
        case Organize::flat:
        case Organize::kit:
            break;
    }
    return {};
}

std::string bank_folder(int bank) {
    return fmt::format("bank_{}", static_cast<char>('A' + bank));
}

std::string pad_file_stem(PadPlace place, const std::string& name) {
    return fmt::format("pad_{:02}_{}", place.number, name);
}

std::string pad_name(const SamplerDevice& device, const std::string& name) {
    const std::size_t most = device.max_pad_name == 0 ? max_name_bytes : device.max_pad_name;
    return safe_name(name, NameProfile::sampler, most);
}

}  // namespace dubplate
