#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/report_files.h"
#include "apps/cli/video_output.h"
#include "core/json.h"
#include "exports/video/report.h"
#include "exports/video/run.h"

namespace dubplate::cli {

namespace {

constexpr const char* example = R"(
Examples:
  dubplate video song.flac -o song.mp4
  dubplate video song.wav --scene terrain --size 1080p --start 0:30 --end 1:00 -o teaser.mp4
  dubplate video project.json --audio mix.wav --size vertical --fps 30 -o story.mp4
  dubplate video song.wav --scene galaxy --frame 1:02 cover.png
)";

struct VideoOptions {
    CommonOptions common;
    ParamOptions params;
    std::string input;
    std::string output = ".";
    std::vector<std::string> frame;  // a time and a file
    std::vector<std::string> reports;
    bool print_schema = false;
};

Result<VideoSpec> read_spec(const VideoOptions& options) {
    DUBPLATE_TRY(Json json, options.params.collect());
    if (!options.input.empty()) json["input"] = options.input;
    return read_video_spec(json);
}

Result<int> write_still(const VideoPlan& plan, const VideoOptions& options, FileStore& store) {
    DUBPLATE_TRY(const VideoTime time, parse_video_time(options.frame[0]));
    const double seconds =
        time.in_beats ? seconds_of_beat(time.value, plan.stage->project().tempo) : time.value;
    DUBPLATE_TRY(const PixelImage image, render_still(plan, seconds));
    DUBPLATE_TRY(const Bytes png, encode_png(image));
    DUBPLATE_TRY(const auto file, store.create(options.frame[1], {.overwrite = options.common.overwrite}));
    DUBPLATE_CHECK(file->append(png));
    DUBPLATE_CHECK(file->publish());
    if (options.common.json) {
        print_json(still_json(plan, options.frame[1], seconds));
    } else if (!options.common.quiet) {
        std::fputs(still_text(plan, options.frame[1], seconds).c_str(), stdout);
    }
    return 0;
}

Result<int> run_plan(const VideoPlan& plan, const VideoOptions& options, Progress& progress, ProgressBar& bar,
                     std::stop_token stop) {
    const VideoRunOptions run{.jobs = job_count(options.common), .keep = segments_beside(plan.file)};
    const Result<VideoReport> report = run_video(plan, run, progress, std::move(stop));
    bar.clear();
    if (!report) return report.error();
    DUBPLATE_TRY(const std::string page, render_html(*report, plan));
    DUBPLATE_CHECK(write_reports(options.reports, options.common.overwrite,
                                 [&](bool html) { return html ? page : dump_json(to_json(*report, plan)); }));
    if (options.common.json) {
        print_json(to_json(*report, plan));
    } else if (!options.common.quiet) {
        std::fputs(report_text(*report, plan).c_str(), stdout);
    }
    return 0;
}

Result<int> run_video_command(const VideoOptions& options, std::stop_token stop) {
    if (options.print_schema) {
        print_json(video_spec_schema());
        return 0;
    }
    Result<VideoSpec> spec = read_spec(options);
    if (!spec) return options.params.as_typed(std::move(spec).error());
    DUBPLATE_CHECK(check_reports(options.reports, options.common.overwrite));
    FileStore store;
    const bool is_still = !options.frame.empty();
    // A still does not care for the video's file.
    const VideoTarget target{.store = &store,
                             .output = options.output,
                             .overwrite = options.common.overwrite || options.common.dry_run || is_still};
    ProgressBar bar(options.common.quiet || options.common.json);
    Progress progress(bar.listener());
    Progress listening(bar.listener());
    const Result<VideoPlan> plan = plan_video(*spec, target, listening.part(1), stop);
    bar.clear();
    if (!plan) return options.params.as_typed(plan.error());
    if (options.common.dry_run) {
        if (options.common.json) {
            print_json(to_json(*plan));
        } else if (!options.common.quiet) {
            std::fputs(plan_text(*plan).c_str(), stdout);
        }
        return 0;
    }
    if (is_still) return write_still(*plan, options, store);
    return run_plan(*plan, options, progress, bar, stop);
}

}  // namespace

void add_video_command(CLI::App& program, std::stop_token stop, int& exit_status) {
    CLI::App& command =
        *program.add_subcommand("video", "a video with sound, drawn from a song or a project");
    const auto options = std::make_shared<VideoOptions>();
    command.add_option("INPUT", options->input, "a song, a project (.json) or a MIDI file");
    command.add_option("-o,--output", options->output, "the .mp4 file, or the folder for it [here]")
        ->type_name("FILE");
    command.add_option("--frame", options->frame, "write one frame as a picture instead, at this time")
        ->expected(2)
        ->type_name("T FILE.png");
    options->params.add_to(command, video_spec_params().params());
    add_report_option(command, options->reports);
    command.add_flag("--schema", options->print_schema, "print the spec's keys as a JSON Schema");
    add_common_options(command, options->common);
    command.footer(example);
    command.callback([options, &exit_status, stop] {
        Result<int> status = run_video_command(*options, stop);
        exit_status = status ? *status : report_error(status.error(), options->common.json);
    });
}

}  // namespace dubplate::cli
