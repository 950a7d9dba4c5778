#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/report_files.h"
#include "apps/cli/video_output.h"
#include "core/json.h"
#include "exports/video/frames.h"
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
    std::string frames;              // a folder
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

Result<int> write_pictures(const VideoPlan& plan, const VideoOptions& options, Progress& progress,
                           ProgressBar& bar, const std::stop_token& stop) {
    const Status written = write_frames(plan, options.frames, job_count(options.common), progress, stop);
    bar.clear();
    if (!written) return written.error();
    if (options.common.json) {
        print_json(frames_json(plan, options.frames));
    } else if (!options.common.quiet) {
        std::fputs(frames_text(plan, options.frames).c_str(), stdout);
    }
    return 0;
}

// One after the other: each takes all threads.
Result<int> run_plans(const std::vector<VideoPlan>& plans, const VideoOptions& options, ProgressBar& bar,
                      const std::stop_token& stop) {
    Json all;
    std::string text;
    std::string pages;
    for (const VideoPlan& plan : plans) {
        Progress progress(bar.listener());
        const VideoRunOptions run{.jobs = job_count(options.common), .keep = segments_beside(plan.file)};
        const Result<VideoReport> report = run_video(plan, run, progress, stop);
        bar.clear();
        if (!report) return report.error();
        const Json one = to_json(*report, plan);
        if (all.is_null()) {
            all = one;
        } else {
            all["items"][0]["files"].push_back(one["items"][0]["files"][0]);
        }
        text += report_text(*report, plan);
        DUBPLATE_TRY(const std::string page, render_html(*report, plan));
        pages += page;
    }
    DUBPLATE_CHECK(write_reports(options.reports, options.common.overwrite,
                                 [&](bool html) { return html ? pages : dump_json(all); }));
    if (options.common.json) {
        print_json(all);
    } else if (!options.common.quiet) {
        std::fputs(text.c_str(), stdout);
    }
    return 0;
}

void print_plans(const std::vector<VideoPlan>& plans, const CommonOptions& common) {
    if (common.json) {
        Json all = to_json(plans.front());
        for (std::size_t i = 1; i < plans.size(); ++i) all["items"].push_back(to_json(plans[i])["items"][0]);
        print_json(all);
    } else if (!common.quiet) {
        for (const VideoPlan& plan : plans) std::fputs(plan_text(plan).c_str(), stdout);
    }
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
    const bool is_picture = !options.frame.empty() || !options.frames.empty();
    // A picture does not care for the video's file.
    const VideoTarget target{.store = &store,
                             .output = options.output,
                             .overwrite = options.common.overwrite || options.common.dry_run || is_picture};
    ProgressBar bar(options.common.quiet || options.common.json);
    Progress progress(bar.listener());
    Progress listening(bar.listener());
    Result<std::vector<VideoPlan>> plans = plan_videos(*spec, target, listening.part(1), stop);
    bar.clear();
    if (!plans) return options.params.as_typed(plans.error());
    if (options.common.dry_run) {
        print_plans(*plans, options.common);
        return 0;
    }
    if (!options.frame.empty()) return write_still(plans->front(), options, store);
    if (!options.frames.empty()) {
        plans->front().target.overwrite = options.common.overwrite;
        return write_pictures(plans->front(), options, progress, bar, stop);
    }
    return run_plans(*plans, options, bar, stop);
}

}  // namespace

void add_video_command(CLI::App& program, std::stop_token stop, int& exit_status) {
    CLI::App& command =
        *program.add_subcommand("video", "a video with sound, drawn from a song or a project");
    const auto options = std::make_shared<VideoOptions>();
    command.add_option("INPUT", options->input, "a song, a project (.json) or a MIDI file");
    command.add_option("-o,--output", options->output, "the .mp4 or .mov file, or the folder for it [here]")
        ->type_name("FILE");
    command.add_option("--frame", options->frame, "write one frame as a picture instead, at this time")
        ->expected(2)
        ->type_name("T FILE.png");
    options->params.add_to(command, video_spec_params().params());
    command
        .add_option("--frames", options->frames, "write every frame as a picture into this folder instead")
        ->type_name("DIR");
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
