#include <fmt/format.h>

#include "core/json.h"
#include "exports/pack/plan.h"

namespace dubplate {

Json to_json(const PackPlan& plan) {
    Json items = Json::array();
    for (std::size_t i = 0; i < plan.sources.size(); ++i) {
        const PackSource& source = plan.sources[i];
        Json samples = Json::array();
        for (const PlannedSample& sample : plan.samples) {
            if (sample.source != i) continue;
            Json files = Json::array();
            for (const SampleFile& file : sample.files) files.push_back(file.path.generic_string());
            Json pads = Json::array();
            for (const PlannedPad& pad : sample.pads) pads.push_back(pad.place.to_string());
            samples.push_back({{"name", sample.name},
                               {"files", std::move(files)},
                               {"pads", std::move(pads)},
                               {"method", sample.keeps_samples ? "keep" : "convert"},
                               {"padded", sample.is_padded},
                               {"error", sample.error ? Json(*sample.error) : Json()}});
        }
        items.push_back({{"input", source.input.name},
                         {"duration_ms", source.validation.duration_ms},
                         {"valid", source.validation.valid()},
                         {"errors", source.validation.errors},
                         {"samples", std::move(samples)},
                         {"error", source.error ? Json(*source.error) : Json()}});
    }
    return {{"items", std::move(items)},
            {"warnings", plan.warnings},
            {"summary",
             {{"device", plan.spec.device},
              {"samples", plan.samples.size()},
              {"failed", plan.failed_count()},
              {"project", plan.project_folder().generic_string()},
              {"estimated_bytes", plan.estimated_bytes}}}};
}

}  // namespace dubplate
