#include "exports/video/run.h"

#include <fmt/format.h>

#include <chrono>

#include "core/hash.h"
#include "core/version.h"
#include "exports/video/prove.h"
#include "exports/video/render.h"
#include "exports/video/segment_folder.h"

namespace dubplate {

namespace {

constexpr double rendered_at = 0.9;  // of the whole; the rest is the proof

double seconds_since(const Clock& clock, std::chrono::nanoseconds start) {
    return std::chrono::duration<double>(clock.now() - start).count();
}

}  // namespace

Result<VideoReport> run_video(const VideoPlan& plan, const VideoRunOptions& options, Progress& progress,
                              std::stop_token stop) {
    const Clock& clock = *plan.target.clock;
    VideoReport report{.input = plan.spec.input,
                       .path = plan.file.string(),
                       .version = std::string(version()),
                       .created_utc = to_iso8601(clock.utc()),
                       .encoder = encoder_text(plan.settings),
                       .warnings = plan.warnings};
    progress.set_audio_seconds(plan.seconds());
    Progress::Part whole = progress.part(1);
    DUBPLATE_TRY(const auto file, plan.target.store->create(plan.file, {.overwrite = plan.target.overwrite}));
    const int jobs = std::max(options.jobs, 1);
    auto started = clock.now();
    whole.stage("rendering", plan.file.filename().string());
    SegmentFolder kept(options.keep, options.keep.empty() ? "" : key_of(plan));
    DUBPLATE_TRY(report.costs, render_video(plan, jobs, kept, *file, whole.part(0, rendered_at), stop));
    report.resumed_segments = kept.found();
    report.render_seconds = seconds_since(clock, started);
    started = clock.now();
    whole.stage("proving", plan.file.filename().string());
    DUBPLATE_TRY(const auto written, file->read_back());
    DUBPLATE_TRY(VideoProof proof, prove_video(*written, plan, jobs, whole.part(rendered_at, 1), stop));
    report.checks = std::move(proof.checks);
    report.contact_sheet = std::move(proof.contact_sheet);
    DUBPLATE_TRY(report.sha256, sha256_of(*written, stop));
    report.bytes = file->size();
    report.prove_seconds = seconds_since(clock, started);
    for (const ProofCheck& check : report.checks)
        if (!check.passed)
            return fail(ErrorCode::internal,
                        fmt::format("{}: the proof did not pass: {}: found {}, wanted {}", plan.file.string(),
                                    check.name, check.found, check.wanted));
    DUBPLATE_CHECK(file->publish());
    progress.complete();
    return report;
}

Result<PixelImage> render_still(const VideoPlan& plan, double seconds) {
    DUBPLATE_TRY(const auto renderer, make_renderer(plan.renderer, plan.renderer_options()));
    return renderer->render_still(plan.stage->scene_at(seconds));
}

Json to_json(const VideoReport& report, const VideoPlan& plan) {
    Json checks = Json::array();
    for (const ProofCheck& check : report.checks)
        checks.push_back({{"name", check.name},
                          {"wanted", check.wanted},
                          {"found", check.found},
                          {"passed", check.passed}});
    const Json file{{"path", report.path},
                    {"status", "done"},
                    {"format", plan.container == VideoContainer::mov ? "mov" : "mp4"},
                    {"renderer", plan.renderer.name},
                    {"encoder", report.encoder},
                    {"width", plan.settings.width},
                    {"height", plan.settings.height},
                    {"frame_rate", plan.settings.rate.hz()},
                    {"frames", plan.frames},
                    {"duration_seconds", plan.seconds()},
                    {"bytes", report.bytes},
                    {"sha256", report.sha256},
                    {"checks", std::move(checks)}};
    const double wall = report.render_seconds + report.prove_seconds;
    return {{"items",
             {{{"input", report.input},
               {"status", "done"},
               {"error", nullptr},
               {"bpm", plan.bpm ? Json(*plan.bpm) : Json(nullptr)},
               {"warnings", report.warnings},
               {"files", Json::array({file})}}}},
            {"summary",
             {{"kind", "video"},
              {"version", report.version},
              {"created_utc", report.created_utc},
              {"inputs", 1},
              {"done", 1},
              {"failed", 0},
              {"canceled", 0},
              {"render_seconds", report.render_seconds},
              {"prove_seconds", report.prove_seconds},
              {"wall_seconds", wall},
              {"segments", plan.segment_count()},
              {"resumed_segments", report.resumed_segments},
              {"cpu_seconds",
               {{"scene", report.costs.scene_s},
                {"render", report.costs.render_s},
                {"encode", report.costs.encode_s},
                {"sound", report.costs.sound_s}}},
              {"frames_per_second", report.render_seconds > 0
                                        ? Json(static_cast<double>(plan.frames) / report.render_seconds)
                                        : Json(nullptr)}}},
            {"spec", write_video_spec(plan.spec)}};
}

}  // namespace dubplate
