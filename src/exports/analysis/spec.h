// spec.h: what is asked of an analysis: plain data, one table of parameters for the command line, the JSON and its schema.
//
// Units    in the names.
// Errors   invalid_argument with the path, the value and what is allowed; contradictions name both sides.
// Threads  plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/params.h"

namespace dubplate {

struct AnalysisSpec {
    std::vector<std::string> inputs{};
    bool facts_only = false;  // nothing is decoded; the fields below are then not used
    bool tempo = true;
    std::optional<double> min_bpm{};  // both or none: the tempo is told within them, by halves and doubles
    std::optional<double> max_bpm{};
    bool key = false;
    bool structure = true;
    bool write_tags = false;
    double min_confidence = 0.7;  // of what is written as a tag
    std::string picture{};        // .svg or .png; with several inputs it holds {input}

    bool operator==(const AnalysisSpec&) const = default;
};

// Every parameter of the spec, in the order in which the help shows them.
const ParamTable<AnalysisSpec>& analysis_spec_params();

// Merges over the defaults; refuses unknown keys, wrong types, values out of range and contradictions.
Result<AnalysisSpec> read_analysis_spec(const Json& json);
Json write_analysis_spec(const AnalysisSpec& spec);
Json analysis_spec_schema();

// What contradicts itself or cannot be done whatever the input.
Status validate(const AnalysisSpec& spec);

}  // namespace dubplate
