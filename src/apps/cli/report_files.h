// report_files.h: --report: the proof as files of its own, HTML for people and JSON for programs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "core/result.h"

namespace dubplate::cli {

void add_report_option(CLI::App& command, std::vector<std::string>& reports);

// Before any work: the extensions, and whether they are in the way. Errors: invalid_argument, already_exists.
Status check_reports(const std::vector<std::string>& reports, bool overwrite);

// render: the text of a report, in HTML or else in JSON.
Status write_reports(const std::vector<std::string>& reports, bool overwrite,
                     const std::function<std::string(bool html)>& render);

}  // namespace dubplate::cli
