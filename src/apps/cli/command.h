// command.h: what every command of the program has in common.
//
// What     the common options (--json, --quiet, --jobs, ...), the stop token that Ctrl-C sets, and how errors end.
// Output   results to standard output; progress and diagnostics to standard error. With --json one document on standard
//          output and nothing else there.
// Exit     0 all done; 1 some of the batch failed; else the code of the error (result.h).
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/params.h"
#include "core/result.h"

namespace dubplate::cli {

struct CommonOptions {
    bool json = false;
    bool quiet = false;
    bool dry_run = false;
    bool overwrite = false;
    int jobs = 0;              // 0: the machine's cores, 4 at most
    std::uint64_t memory = 0;  // MiB; 0: a quarter of what there is
};

void add_common_options(CLI::App& command, CommonOptions& options);
// --memory, for commands whose work takes so much of it that fewer may go side by side.
void add_memory_option(CLI::App& command, CommonOptions& options);
int job_count(const CommonOptions& options);
int jobs_on_all_cores(const CommonOptions& options);  // of work that takes little memory
std::uint64_t memory_bytes(const CommonOptions& options);

// Adds one option for each parameter that has one. What the user gave is collected as partial JSON of the spec.
class ParamOptions {
  public:
    void add_to(CLI::App& command, const std::vector<Param>& params);
    // Errors: a value that does not fit.
    Result<Json> collect() const;
    // An error that begins with the path of a parameter names its option instead, where the value was typed there.
    Error as_typed(Error error) const;

  private:
    struct Given {
        const Param* param;
        CLI::Option* option;
    };
    std::vector<Given> options_;
};

// Prints the error (as JSON where asked) and gives its exit status.
int report_error(const Error& error, bool json);
void print_line(std::string_view text);     // standard output
void print_json(const Json& json);          // likewise
void print_message(std::string_view text);  // standard error, "dubplate: " in front

// Each command adds itself to the program. `exit_status` is set when it ran.
void add_export_command(CLI::App& program, std::stop_token stop, int& exit_status);
void add_stems_command(CLI::App& program, std::stop_token stop, int& exit_status);
void add_pack_command(CLI::App& program, std::stop_token stop, int& exit_status);
void add_analyze_command(CLI::App& program, std::stop_token stop, int& exit_status);
void add_video_command(CLI::App& program, std::stop_token stop, int& exit_status);
void add_library_command(CLI::App& program, std::stop_token stop, int& exit_status);

}  // namespace dubplate::cli
