// analyze_output.h: what `dubplate analyze` prints for people.
//
// Shape    one input: a list of all that was found, in groups; several: a table with a line for each, then what there is
//          to note of each, then one line of summary.
// Memory   the texts of each line and note alone, since columns are as wide as their widest cell.
#pragma once

#include <string>

#include "apps/cli/table.h"
#include "exports/analysis/run.h"

namespace dubplate::cli {

std::string plan_text(const AnalysisPlan& plan);

class ReportText {
  public:
    ReportText(const AnalysisSpec& spec, std::size_t inputs);
    void add(const AnalyzedItem& item);
    std::string finish(const AnalysisSummary& summary) const;

  private:
    const AnalysisSpec& spec_;
    bool alone_;
    std::string details_;
    Table table_;
    std::string notes_;
};

}  // namespace dubplate::cli
