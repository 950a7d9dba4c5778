// analyze_output.h: what `dubplate analyze` prints for people.
//
// Shape    one input: a list of all that was found, in groups; several: a table with a line for each, then what there is
//          to note of each, then one line of summary.
#pragma once

#include <string>

#include "exports/analysis/run.h"

namespace dubplate::cli {

std::string plan_text(const AnalysisPlan& plan);
std::string report_text(const AnalysisReport& report, const AnalysisSpec& spec);

}  // namespace dubplate::cli
