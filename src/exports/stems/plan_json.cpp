#include "exports/stems/plan.h"

namespace dubplate {

Json to_json(const StemsPlan& plan) {
    Json json = to_json(plan.audio);
    if (!plan.mix.items.empty()) {
        const Json mix = to_json(plan.mix);
        json["items"].push_back(mix["items"].front());
        json["summary"]["files"] = plan.audio.file_count() + plan.mix.file_count();
    }
    json["summary"]["estimated_bytes"] = plan.estimated_bytes;
    json["spec"] = write_stems_spec(plan.spec);
    json["sample_rate_hz"] = plan.sample_rate_hz;
    json["frames"] = plan.frames;
    json["warnings"] = plan.warnings;
    json["projects"] = Json::array();
    for (const PlannedProject& project : plan.projects) {
        Json losses = Json::array();
        for (const Loss& loss : project.losses) losses.push_back({{"what", loss.what}, {"why", loss.why}});
        json["projects"].push_back(
            {{"kind", project.format->name}, {"path", project.path.string()}, {"losses", std::move(losses)}});
    }
    return json;
}

}  // namespace dubplate
