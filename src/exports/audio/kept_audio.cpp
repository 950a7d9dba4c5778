#include "exports/audio/kept_audio.h"

#include <algorithm>
#include <utility>

#include "core/units.h"
#include "exports/audio/pass.h"

namespace dubplate {

namespace {

class Recorder final : public Sink<float> {
  public:
    explicit Recorder(std::int64_t frames) : frames_(frames) {}

    Status start(const StreamFormat& format) override {
        samples_ = BlockBuffer<float>(format.channels, std::max<std::int64_t>(frames_, 1));
        return {};
    }
    Status process(BlockView<const float> block) override {
        if (block.frames() > frames_ - filled_)
            return fail(ErrorCode::internal, "more frames came than were told");
        for (int c = 0; c < block.channels(); ++c)
            std::ranges::copy(block.channel(c), samples_.channel(c).data() + filled_);
        filled_ += block.frames();
        return {};
    }
    Status finish() override {
        if (filled_ == frames_) return {};
        return fail(ErrorCode::internal, "fewer frames came than were told");
    }

    BlockBuffer<float> take() { return std::move(samples_); }

  private:
    std::int64_t frames_;
    BlockBuffer<float> samples_;
    std::int64_t filled_ = 0;
};

std::int64_t frames_at(const Shape& shape, int rate_hz) {
    return resampled_frames(shape.frames(), shape.source_rate_hz, rate_hz);
}

}  // namespace

bool can_be_kept(const Shape& shape, int channels, int rate_hz) {
    const auto frame_bytes =
        static_cast<std::int64_t>(sizeof(float)) * shape.fold_channels.value_or(channels);
    return frames_at(shape, rate_hz) <= most_kept_bytes / frame_bytes;
}

Result<std::unique_ptr<KeptAudio>> keep_audio(AudioReader& reader, const Shape& shape, int rate_hz,
                                              int threads, Progress::Part progress, std::stop_token stop) {
    Recorder recorder(frames_at(shape, rate_hz));
    ExportGraph graph(shape, threads);
    graph.add_meter({.rate_hz = rate_hz, .gain_db = 0, .ceiling_dbtp = {}}, recorder);
    DUBPLATE_CHECK(run_pass(reader, graph.head(), shape.end_frame, progress, std::move(stop),
                            [&] { return graph.wants_more(); }));
    auto kept = std::make_unique<KeptAudio>();
    kept->samples = recorder.take();
    const std::int64_t frames = kept->samples.capacity();
    kept->shape = {
        .end_frame = frames, .fold_channels = {}, .source_frames = frames, .source_rate_hz = rate_hz};
    const AudioView view =
        AudioView::planar(kept->samples.channel(0).data(), frames, kept->samples.channels(), rate_hz);
    DUBPLATE_TRY(kept->audio, memory_input(view, "").open());
    return kept;
}

}  // namespace dubplate
