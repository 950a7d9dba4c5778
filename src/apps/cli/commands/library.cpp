#include "apps/cli/commands/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "core/json.h"
#include "core/text.h"

namespace dubplate::cli {

namespace {

constexpr const char* examples = R"(
Examples:
  dubplate library add samples/
  dubplate library find bpm:90..110 key:"A minor" genre:house
  dubplate library edit 3fa9c1d2 bpm=92 tags=dark,loop
)";

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

void append_spaces(std::string& line, int count) {
    line.append(static_cast<std::size_t>(std::max(0, count)), ' ');
}

// Cut or filled up to so many columns. Most text is plain and short: lists are long.
void append_cell(std::string& line, std::string_view text, int width) {
    if (is_plain(text) && static_cast<int>(text.size()) <= width) {
        line += text;
        return append_spaces(line, width - static_cast<int>(text.size()));
    }
    const std::string cut = shorten_to_width(escape_control(text), width);
    line += cut;
    append_spaces(line, width - display_width(cut));
}

void append_right(std::string& line, std::string_view text, int width) {
    append_spaces(line, width - static_cast<int>(text.size()));
    line += text;
}

// More likely wrong than right.
bool is_doubtful(std::optional<double> confidence) {
    return confidence && *confidence < 0.5;
}

void append_number(std::string& line, const std::optional<double>& value, int width) {
    if (!value) return append_right(line, "-", width);
    fmt::format_to(std::back_inserter(line), "{:>{}.1f}", *value, width);
}

constexpr int title_width = 32;
constexpr int number_width = 7;
constexpr int key_width = 9;
constexpr int genre_width = 14;

}  // namespace

std::string catalog_url(const LibraryOptions& options) {
    return options.catalog.empty() ? default_catalog_url() : options.catalog;
}

std::string outputs_folder(const LibraryOptions& options) {
    if (!options.outputs.empty()) return options.outputs;
    const char* named = std::getenv("AUDIO_OUTPUT_DIR");
    return named && *named ? named : data_folder() + "/outputs";
}

Analyzer library_analyzer(const LibraryOptions& options) {
    return options.facts_only ? facts_analyzer() : full_analyzer();
}

CLI::App& add_verb(const LibraryContext& context, const VerbHelp& help,
                   std::shared_ptr<LibraryOptions> options, RunVerb run) {
    CLI::App& verb = *context.library.add_subcommand(help.name, help.help);
    verb.add_option("--catalog", options->catalog,
                    "a file, or postgresql://user@host/name [$DUBPLATE_LIBRARY, else one in your home]")
        ->type_name("PATH|URL");
    verb.add_flag("--json", options->json, "print one JSON document, and nothing else, on standard output");
    verb.add_flag("--quiet,-q", options->quiet, "print errors alone");
    if (help.dry_run)
        verb.add_flag("--dry-run", options->dry_run, "print what would be done and write nothing");
    verb.footer(help.examples);
    const bool makes = help.makes;
    int& exit_status = context.exit_status;
    verb.callback([options, run = std::move(run), makes, &exit_status] {
        const auto work = [&]() -> Result<int> {
            const auto tell = [options] {
                if (!options->quiet)
                    print_message("the catalog is locked by another program; waiting for it");
            };
            Result<Catalog> catalog = open_catalog(
                catalog_url(*options), {.create = makes && !options->dry_run, .on_long_wait = tell});
            // What would be done without a catalog is what would be done with an empty one.
            if (!catalog && catalog.error().code == ErrorCode::not_found && makes && options->dry_run) {
                options->catalog = in_memory_url;
                catalog = open_catalog(options->catalog);
            }
            if (!catalog) return catalog.error();
            return run(*catalog);
        };
        const Result<int> status = work();
        exit_status = status ? *status : report_error(status.error(), options->json);
    });
    return verb;
}

std::string asset_heading() {
    std::string line;
    append_cell(line, "ID", asset_id_digits);
    line += "  ";
    append_cell(line, "TITLE", title_width);
    append_right(line, "BPM", number_width);
    line += "  ";
    append_cell(line, "KEY", key_width);
    append_right(line, "LENGTH", number_width + 3);
    append_right(line, "LUFS", number_width);
    line += "  ";
    append_cell(line, "GENRE", genre_width);
    return line + "FORMAT";
}

std::string asset_line(const Asset& asset) {
    const auto or_dash = [](std::string_view text) { return text.empty() ? "-" : text; };
    std::string line;
    line.reserve(128);
    append_cell(line, asset.id, asset_id_digits);
    line += "  ";
    append_cell(line, asset.title, title_width);
    append_number(line, asset.bpm, number_width);
    line += is_doubtful(asset.bpm_confidence) ? "? " : "  ";
    append_cell(line, asset.key.empty() ? "-" : asset.key + (is_doubtful(asset.key_confidence) ? "?" : ""),
                key_width);
    append_right(line, asset.duration_seconds ? format_duration(*asset.duration_seconds) : "-",
                 number_width + 3);
    append_number(line, asset.loudness_lufs, number_width);
    line += "  ";
    append_cell(line, or_dash(asset.genre), genre_width);
    return line += or_dash(asset.format);
}

void add_library_command(CLI::App& program, std::stop_token stop, int& exit_status) {
    CLI::App& library =
        *program.add_subcommand("library", "the catalog of your sounds, and the files that jobs made");
    library.require_subcommand(1);
    library.footer(examples);
    const LibraryContext context{library, std::move(stop), exit_status};
    add_library_add(context);
    add_library_lists(context);
    add_library_show(context);
    add_library_edit(context);
    add_library_files(context);
    add_library_watch(context);
    add_library_records(context);
}

}  // namespace dubplate::cli
