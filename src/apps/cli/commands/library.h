// library.h: what the verbs of `dubplate library` have in common.
//
// What     each verb adds itself to the command, with its own options, --catalog, --json and --quiet; LibraryVerb opens the
//          catalog, runs the verb and turns its error into an exit status.
// Output   lists are printed line by line: memory does not grow with them.
#pragma once

#include <functional>
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/json_list.h"
#include "library/analyzer.h"
#include "library/catalog.h"

namespace dubplate::cli {

struct LibraryOptions {
    std::string catalog;  // empty: the default one
    std::string outputs;  // folder of the jobs' files; empty: the default one
    bool json = false;
    bool quiet = false;
    bool dry_run = false;
    int jobs = 0;
    bool facts_only = false;  // what stands in the files, and nothing that is heard
};

std::string catalog_url(const LibraryOptions& options);
std::string outputs_folder(const LibraryOptions& options);

struct LibraryContext {
    CLI::App& library;
    std::stop_token stop;
    int& exit_status;
};

// A verb with --catalog, --json and --quiet. `run` gets the open catalog; where the verb only reads (`makes` is false), a
// catalog that is not there is an error and none is made.
struct VerbHelp {
    const char* name;
    const char* help;
    const char* examples;
    bool makes = false;
    bool dry_run = false;
};
using RunVerb = std::function<Result<int>(Catalog& catalog)>;
CLI::App& add_verb(const LibraryContext& context, const VerbHelp& help,
                   std::shared_ptr<LibraryOptions> options, RunVerb run);

// One line of a list of assets: "3fa9c1d2e4b5a697  Night Drive  ...". The columns have fixed widths. A tempo or a key that is more likely wrong than
// right has a question mark.
std::string asset_line(const Asset& asset);
std::string asset_heading();

void add_library_add(const LibraryContext& context);
void add_library_lists(const LibraryContext& context);  // list, find, similar
void add_library_show(const LibraryContext& context);   // show, history, stats
// What analyzes files for the library.
Analyzer library_analyzer(const LibraryOptions& options);

void add_library_files(const LibraryContext& context);    // files, clean, verify
void add_library_watch(const LibraryContext& context);    // watch, export-tags
void add_library_edit(const LibraryContext& context);     // edit, rm
void add_library_records(const LibraryContext& context);  // exports, kits, generations, preferences

}  // namespace dubplate::cli
