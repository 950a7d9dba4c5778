#include "video/synths/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace dubplate {

#define ENTRY(name) extern const SynthType name##_synth;
#include "video/synths/catalog.def"
#undef ENTRY

namespace {

constexpr std::array catalog{
#define ENTRY(name) &name##_synth,
#include "video/synths/catalog.def"
#undef ENTRY
};

}  // namespace

std::span<const SynthType* const> synth_types() {
    return catalog;
}

const SynthType* find_synth_type(std::string_view name) {
    const auto found = std::ranges::find(catalog, name, &SynthType::name);
    return found == catalog.end() ? nullptr : *found;
}

Result<std::unique_ptr<Synth>> make_synth(const Instrument& instrument) {
    const SynthType* type = find_synth_type(instrument.type);
    if (type != nullptr) return type->make(instrument.settings);
    std::vector<std::string> names;
    for (const SynthType* known : catalog) names.emplace_back(known->name);
    const auto nearest = nearest_name(instrument.type, names);
    return fail(ErrorCode::not_found, fmt::format("there is no synth {}", escape_control(instrument.type)),
                nearest ? fmt::format("did you mean {}?", *nearest)
                        : fmt::format("these are there: {}", fmt::join(names, ", ")));
}

}  // namespace dubplate
