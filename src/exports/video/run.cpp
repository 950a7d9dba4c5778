#include "exports/video/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/hash.h"
#include "core/ordered_work.h"
#include "core/version.h"
#include "exports/video/cpu_time.h"
#include "exports/video/prove.h"
#include "exports/video/sound.h"

namespace dubplate {

namespace {

constexpr double rendered_at = 0.9;  // of the whole; the rest is the proof

Result<Renderer> make_renderer(const VideoPlan& plan) {
    return Renderer::make({plan.settings.width, plan.settings.height, plan.spec.bloom});
}

struct Segment {
    EncodedVideo video;
    VideoCosts costs;
};

Result<Segment> render_segment(const VideoPlan& plan, std::int64_t segment, Progress::Part progress,
                               std::stop_token stop) {
    Segment made;
    CpuTimer timer;
    DUBPLATE_TRY(Renderer renderer, make_renderer(plan));
    const std::int64_t first = segment * plan.segment_frames;
    const std::int64_t count = std::min(plan.segment_frames, plan.frames - first);
    const auto draw = [&](std::int64_t index, const YuvPlanes& target) {
        made.costs.encode_s += timer.lap();
        const Scene scene = plan.stage->scene_at(plan.time_of(first + index));
        made.costs.scene_s += timer.lap();
        renderer.render(scene, target);
        progress.advance_to(static_cast<double>(index + 1) / static_cast<double>(count));
        made.costs.render_s += timer.lap();
    };
    DUBPLATE_TRY(made.video, encode_video(plan.settings, count, draw, std::move(stop)));
    made.costs.encode_s += timer.lap();
    return made;
}

// Puts segments and sound into the file, in their order.
class Joiner {
  public:
    Joiner(const VideoPlan& plan, PendingFile& file, std::stop_token stop)
        : plan_(plan), file_(file), encoder_(plan.spec.audio_bitrate_kbps), stop_(std::move(stop)) {}

    Status start() {
        if (!plan_.sound) return {};
        DUBPLATE_TRY(SoundFeed feed, SoundFeed::start(plan_, encoder_));
        feed_ = std::make_unique<SoundFeed>(std::move(feed));
        return {};
    }

    Status take(Segment segment) {
        costs_ += segment.costs;
        EncodedVideo& video = segment.video;
        if (!writer_) DUBPLATE_CHECK(begin(video.header));
        if (video.header != header_) return fail(ErrorCode::internal, "segments have different headers");
        for (VideoPacket& packet : video.packets) {
            packet.pts += position_;
            packet.dts += position_;
            DUBPLATE_CHECK(write_sound_until(packet.dts));
            DUBPLATE_CHECK(writer_->write(packet));
        }
        position_ += static_cast<std::int64_t>(video.packets.size());
        return {};
    }

    Status finish() {
        DUBPLATE_CHECK(write_sound_until(plan_.frames + plan_.segment_frames));
        return writer_->finish();
    }

    const VideoCosts& costs() const { return costs_; }

  private:
    Status begin(const Bytes& header) {
        header_ = header;
        Mp4Settings settings{.video = plan_.settings,
                             .video_header = header,
                             .frames = plan_.frames,
                             .tags = plan_.tags,
                             .chapters = plan_.chapters};
        if (plan_.sound)
            settings.sound = Mp4Sound{plan_.sound_format, encoder_.header(), plan_.spec.audio_bitrate_kbps,
                                      plan_.sound_frames()};
        DUBPLATE_TRY(Mp4Writer writer, Mp4Writer::make(file_, settings));
        writer_ = std::make_unique<Mp4Writer>(std::move(writer));
        return {};
    }

    // The sound that is heard before a frame of the video.
    Status write_sound_until(std::int64_t frame) {
        if (!feed_) return {};
        CpuTimer timer;
        const auto until = static_cast<std::int64_t>(static_cast<double>(frame) / plan_.settings.rate.hz() *
                                                     plan_.sound_format.sample_rate_hz);
        DUBPLATE_CHECK(feed_->advance_to(std::min(until, plan_.sound_frames()), stop_));
        for (const AudioPacket& packet : encoder_.take()) DUBPLATE_CHECK(writer_->write(packet));
        costs_.sound_s += timer.lap();
        return {};
    }

    const VideoPlan& plan_;
    PendingFile& file_;
    AacEncoder encoder_;
    std::unique_ptr<SoundFeed> feed_;
    std::unique_ptr<Mp4Writer> writer_;
    Bytes header_;
    std::int64_t position_ = 0;
    VideoCosts costs_;
    std::stop_token stop_;
};

Result<VideoCosts> render_all(const VideoPlan& plan, int jobs, PendingFile& file, Progress::Part progress,
                              const std::stop_token& stop) {
    Joiner joiner(plan, file, stop);
    DUBPLATE_CHECK(joiner.start());
    OrderedWork<Segment> work(jobs, stop, [&](Segment segment) { return joiner.take(std::move(segment)); });
    const auto count = plan.segment_count();
    for (std::int64_t i = 0; i < count; ++i) {
        const auto share = [&](std::int64_t segment) {
            return std::min(
                1.0, static_cast<double>(segment * plan.segment_frames) / static_cast<double>(plan.frames));
        };
        DUBPLATE_CHECK(
            work.add([&plan, i, part = progress.part(share(i), share(i + 1))](const std::stop_token& asked) {
                return render_segment(plan, i, part, asked);
            }));
    }
    DUBPLATE_CHECK(work.finish());
    DUBPLATE_CHECK(joiner.finish());
    return joiner.costs();
}

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
    DUBPLATE_TRY(report.costs, render_all(plan, jobs, *file, whole.part(0, rendered_at), stop));
    report.render_seconds = seconds_since(clock, started);
    started = clock.now();
    whole.stage("proving", plan.file.filename().string());
    DUBPLATE_TRY(const auto written, file->read_back());
    DUBPLATE_TRY(report.checks, prove_video(*written, plan, jobs, whole.part(rendered_at, 1), stop));
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
    DUBPLATE_TRY(Renderer renderer, make_renderer(plan));
    return renderer.render_still(plan.stage->scene_at(seconds));
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
                    {"format", "mp4"},
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
