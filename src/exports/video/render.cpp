#include "exports/video/render.h"

#include <algorithm>

#include "core/memory_monitor.h"
#include "core/ordered_work.h"
#include "exports/video/cpu_time.h"
#include "exports/video/sound.h"
#include "video/tile_renderer.h"

namespace dubplate {

namespace {

// Half a gigabyte in all, with what the program itself and the packets take.
constexpr std::uint64_t most_memory_bytes = std::uint64_t{440} << 20U;

struct Segment {
    EncodedVideo video;
    VideoCosts costs;
};

Result<Segment> render_segment(const VideoPlan& plan, RendererPool& renderers, std::int64_t segment,
                               bool draws_ahead, Progress::Part progress, std::stop_token stop) {
    Segment made;
    CpuTimer encoding;
    double drawing_s = 0;  // on the same thread
    DUBPLATE_TRY(auto renderer, renderers.take());
    const std::int64_t first = segment * plan.segment_frames;
    const std::int64_t count = std::min(plan.segment_frames, plan.frames - first);
    std::int64_t begun = 0;
    const auto draw = [&](std::int64_t index, const YuvPlanes& target) -> Status {
        CpuTimer timer;
        double scene_s = 0;
        double render_s = 0;
        for (; begun < std::min(index + renderer->most_under_way(), count); ++begun) {
            const Scene scene = plan.stage->scene_at(plan.time_of(first + begun));
            scene_s += timer.lap();
            DUBPLATE_CHECK(renderer->begin(scene));
            render_s += timer.lap();
        }
        DUBPLATE_CHECK(renderer->take(target));
        progress.advance_to(static_cast<double>(index + 1) / static_cast<double>(count));
        render_s += timer.lap();
        made.costs.scene_s += scene_s;
        made.costs.render_s += render_s;
        if (!draws_ahead) drawing_s += scene_s + render_s;
        return {};
    };
    DUBPLATE_TRY(made.video, encode_video(plan.settings, count, draw, std::move(stop), draws_ahead));
    made.costs.encode_s += encoding.lap() - drawing_s;
    renderers.give_back(std::move(renderer));
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
        Mp4Settings settings{.container = plan_.container,
                             .video = plan_.settings,
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

}  // namespace

VideoWorkers workers_for(const VideoPlan& plan, int jobs) {
    const std::uint64_t each = tile_renderer_memory_bytes(plan.settings.width, plan.settings.height) +
                               encoder_memory_bytes(plan.settings);
    const std::uint64_t limit =
        std::min(most_memory_bytes, MemoryMonitor().limit().value_or(most_memory_bytes) / 2);
    const auto fitting = std::max<std::int64_t>(1, static_cast<std::int64_t>(limit / each));
    const auto segments = std::min({std::int64_t{jobs}, fitting, plan.segment_count()});
    return {static_cast<int>(segments), 2 * segments <= jobs};
}

Result<VideoCosts> render_video(const VideoPlan& plan, int jobs, SegmentFolder& kept, PendingFile& file,
                                Progress::Part progress, const std::stop_token& stop) {
    const VideoWorkers workers = workers_for(plan, jobs);
    Joiner joiner(plan, file, stop);
    DUBPLATE_CHECK(joiner.start());
    RendererPool renderers(plan.renderer, plan.renderer_options());
    OrderedWork<Segment> work(workers.segments, stop,
                              [&](Segment segment) { return joiner.take(std::move(segment)); });
    const auto count = plan.segment_count();
    for (std::int64_t i = 0; i < count; ++i) {
        const auto share = [&](std::int64_t segment) {
            return std::min(
                1.0, static_cast<double>(segment * plan.segment_frames) / static_cast<double>(plan.frames));
        };
        DUBPLATE_CHECK(work.add([&, i, part = progress.part(share(i), share(i + 1))](
                                    const std::stop_token& asked) -> Result<Segment> {
            if (auto found = kept.find(i)) return Segment{*std::move(found), {}};
            DUBPLATE_TRY(Segment made, render_segment(plan, renderers, i, workers.draw_ahead, part, asked));
            if (count > 1) DUBPLATE_CHECK(kept.keep(i, made.video));
            return made;
        }));
    }
    DUBPLATE_CHECK(work.finish());
    DUBPLATE_CHECK(joiner.finish());
    return joiner.costs();
}

}  // namespace dubplate
