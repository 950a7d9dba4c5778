#include "video/effects/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace dubplate {

#define ENTRY(name) extern const EffectType name##_effect;
#include "video/effects/catalog.def"
#undef ENTRY

namespace {

constexpr std::array catalog{
#define ENTRY(name) &name##_effect,
#include "video/effects/catalog.def"
#undef ENTRY
};

}  // namespace

std::span<const EffectType* const> effect_types() {
    return catalog;
}

const EffectType* find_effect_type(std::string_view name) {
    const auto found = std::ranges::find(catalog, name, &EffectType::name);
    return found == catalog.end() ? nullptr : *found;
}

Result<std::unique_ptr<Effect>> make_effect(const Instrument& instrument) {
    const EffectType* type = find_effect_type(instrument.type);
    if (type != nullptr) return type->make(instrument.settings);
    std::vector<std::string> names;
    for (const EffectType* known : catalog) names.emplace_back(known->name);
    const auto nearest = nearest_name(instrument.type, names);
    return fail(ErrorCode::not_found, fmt::format("there is no effect {}", escape_control(instrument.type)),
                nearest ? fmt::format("did you mean {}?", *nearest)
                        : fmt::format("these are there: {}", fmt::join(names, ", ")));
}

}  // namespace dubplate
