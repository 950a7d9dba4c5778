#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/cli/commands/library.h"
#include "apps/cli/progress_bar.h"
#include "core/json.h"
#include "core/text.h"
#include "library/add.h"

namespace dubplate::cli {

namespace {

constexpr const char* examples = R"(
Examples:
  dubplate library add samples/
  dubplate library add "take 3.wav" --kind take
  dubplate library add ~/Archive --jobs 8 --dry-run
)";

struct AddVerb : LibraryOptions {
    std::vector<std::string> inputs;
    std::string kind = "sample";
};

// What is printed of each file, and the counts of the summary.
class Reporter {
  public:
    explicit Reporter(const AddVerb& options) : options_(options) {}

    void take(const AddReport& report) {
        ++counts_[static_cast<std::size_t>(report.status)];
        if (report.error) tell_once(*report.error);
        if (options_.json) {
            Json item{{"input", report.path}, {"status", name_of(report.status)}};
            item["id"] = report.asset_id.empty() ? Json() : Json(report.asset_id);
            item["error"] = report.error ? Json(*report.error) : Json();
            list_.item(item);
        } else if (!options_.quiet && report.status != AddStatus::failed &&
                   report.status != AddStatus::unchanged) {
            lines_.push_back(fmt::format("{:<10}{}  {}", name_of(report.status), report.asset_id,
                                         escape_control(report.path)));
        }
        if (!options_.json) flush_lines();
    }

    int finish() {
        flush_lines();
        Json summary = Json::object();
        for (std::size_t i = 0; i < counts_.size(); ++i)
            summary[std::string(name_of(static_cast<AddStatus>(i)))] = counts_[i];
        if (options_.json) {
            list_.finish(summary);
        } else if (!options_.quiet) {
            print_line(fmt::format("{}{} added, {} known, {} changed, {} unchanged, {} failed",
                                   options_.dry_run ? "would be: " : "", counts_[0], counts_[1], counts_[2],
                                   counts_[3], counts_[4]));
        }
        for (const std::string& error : errors_) print_message(error);
        const bool some_done = counts_[0] + counts_[1] + counts_[2] + counts_[3] > 0;
        return exit_status_ != 0 && some_done ? 1 : exit_status_;
    }

    // A database that cannot be written to fails many files, and in the end the whole.
    void tell_once(const Error& error) {
        const std::string text = error.to_string();
        if (errors_.empty() || errors_.back() != text) errors_.push_back(text);
        if (exit_status_ == 0) exit_status_ = info(error.code).exit_status;
    }

  private:
    void flush_lines() {
        for (const std::string& line : lines_) print_line(line);
        lines_.clear();
    }

    const AddVerb& options_;
    JsonList list_;
    std::array<std::int64_t, 5> counts_{};
    std::vector<std::string> lines_;
    std::vector<std::string> errors_;
    int exit_status_ = 0;
};

Result<int> run_add(const AddVerb& options, Catalog& catalog, const std::stop_token& stop) {
    ProgressBar bar(options.quiet || options.json);
    Progress progress(bar.listener());
    Reporter reporter(options);
    const AddOptions add{
        .kind = options.kind, .jobs = jobs_on_all_cores({.jobs = options.jobs}), .dry_run = options.dry_run};
    const Status status = add_files(
        catalog, catalog_url(options), options.inputs, library_analyzer(options), add, progress,
        [&](const AddReport& report) {
            bar.clear();
            reporter.take(report);
        },
        stop);
    bar.clear();
    if (!status && !stop.stop_requested()) reporter.tell_once(status.error());
    const int exit_status = reporter.finish();
    if (stop.stop_requested())
        return report_error(fail(ErrorCode::canceled,
                                 "canceled; what was added stays, and the same command goes on from there"),
                            false);
    return status ? exit_status : info(status.error().code).exit_status;
}

}  // namespace

void add_library_add(const LibraryContext& context) {
    const auto options = std::make_shared<AddVerb>();
    CLI::App& verb = add_verb(
        context, {"add", "files, or folders with all below them", examples, true, true}, options,
        [options, stop = context.stop](Catalog& catalog) { return run_add(*options, catalog, stop); });
    verb.add_option("INPUT", options->inputs, "files, folders or globs")->required();
    verb.add_flag("--facts-only", options->facts_only, "read what stands in the files; hear nothing");
    verb.add_option("--kind", options->kind, "what they are: sample, take, stem or video [sample]")
        ->check(CLI::IsMember({"sample", "take", "stem", "video"}).description(""))
        ->type_name("KIND");
    verb.add_option("--jobs,-j", options->jobs,
                    "how many files are worked on side by side [the cores, 4 at most]")
        ->check(CLI::Range(1, 256).description(""))
        ->type_name("N");
}

}  // namespace dubplate::cli
