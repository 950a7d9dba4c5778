#include "exports/video/overrides.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "video/effects/catalog.h"
#include "video/stage/stage.h"
#include "video/synths/catalog.h"

namespace dubplate {

namespace {

Error not_found(const std::string& what, std::string_view name, const std::vector<std::string>& known) {
    const auto nearest = nearest_name(name, known);
    return fail(ErrorCode::not_found, fmt::format("set: {} {}", what, escape_control(name)),
                nearest ? fmt::format("did you mean {}?", *nearest)
                        : fmt::format("these are there: {}", fmt::join(known, ", ")));
}

std::vector<std::string> names_of(const std::vector<Param>& params) {
    std::vector<std::string> names;
    for (const Param& param : params) names.push_back(param.path);
    return names;
}

// All that can be set on a track, and where it stands.
struct Place {
    std::string name;
    Json* settings = nullptr;
};

std::vector<Place> places_of(ProjectTrack& track) {
    std::vector<Place> places;
    const auto add = [&](Instrument& instrument, const auto* type) {
        if (type == nullptr) return;
        for (const std::string& name : names_of(type->params()))
            places.push_back({name, &instrument.settings});
    };
    add(track.synth, find_synth_type(track.synth.type));
    for (Instrument& effect : track.effects) add(effect, find_effect_type(effect.type));
    return places;
}

Result<std::vector<Place>> find_places(Project& project, const std::string& owner) {
    if (owner == "stage") {
        std::vector<Place> places;
        for (const std::string& name : names_of(stage_params().params()))
            places.push_back({name, &project.stage});
        return places;
    }
    std::vector<std::string> known;
    for (ProjectTrack& track : project.tracks) {
        if (track.id == owner || track.name == owner) return places_of(track);
        known.push_back(track.name.empty() ? track.id : track.name);
    }
    known.emplace_back("stage");
    return not_found("there is no track", owner, known);
}

Status apply(Project& project, const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::size_t dot = equals == std::string::npos ? equals : text.rfind('.', equals);
    if (dot == std::string::npos || dot == 0)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("set: {} has no track, setting and value", escape_control(text)),
                    "write it as lead.spin_speed=90");
    const std::string owner = text.substr(0, dot);
    const std::string name = snake_case(text.substr(dot + 1, equals - dot - 1));
    const std::string value = text.substr(equals + 1);
    DUBPLATE_TRY(const std::vector<Place> places, find_places(project, owner));
    const auto place = std::ranges::find(places, name, &Place::name);
    if (place == places.end()) {
        std::vector<std::string> known;
        for (const Place& one : places) known.push_back(one.name);
        return not_found(owner + " has no setting", name, known);
    }
    const auto json = parse_json(value, "set");
    (*place->settings)[name] = json ? *json : Json(value);
    return {};
}

}  // namespace

Status apply_settings(Project& project, const std::vector<std::string>& settings) {
    for (const std::string& setting : settings) DUBPLATE_CHECK(apply(project, setting));
    return {};
}

}  // namespace dubplate
