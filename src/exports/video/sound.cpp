#include "exports/video/sound.h"

#include <algorithm>

#include "audio/nodes/resample.h"
#include "audio/nodes/shape.h"
#include "core/units.h"

namespace dubplate {

namespace {

// Cuts what is too long, and lays silence behind what is too short.
class ExactLength final : public Filter<float, float> {
  public:
    explicit ExactLength(std::int64_t frames) : left_(frames) {}
    Status start(const StreamFormat& format) override {
        silence_ = BlockBuffer<float>(format.channels, block_frames);
        return outputs_.start(format);
    }
    Status process(BlockView<const float> block) override {
        const std::int64_t frames = std::min(block.frames(), left_);
        left_ -= frames;
        given_ += frames;
        return outputs_.process(SubBlock<const float>(block, 0, frames).view());
    }
    Status finish() override {
        while (left_ > 0) {
            const std::int64_t frames = std::min(left_, block_frames);
            DUBPLATE_CHECK(outputs_.process(silence_.const_view(frames)));
            left_ -= frames;
            given_ += frames;
        }
        return outputs_.finish();
    }
    std::int64_t given() const { return given_; }
    bool is_full() const { return left_ == 0; }

  private:
    std::int64_t left_;
    std::int64_t given_ = 0;
    BlockBuffer<float> silence_;
};

}  // namespace

struct SoundFeed::Impl {
    Impl(const VideoPlan& plan, OpenedAudio opened, std::int64_t begin, std::int64_t end)
        : audio(std::move(opened)),
          region(begin, end),
          fold(plan.sound_format.channels),
          resampler(plan.sound_format.sample_rate_hz),
          exact(plan.sound_frames()),
          buffer(audio.reader->info().stream.channels, block_frames) {
        region.add_output(fold);
        fold.add_output(resampler);
        resampler.add_output(exact);
    }

    OpenedAudio audio;
    Region region;
    ChannelFold fold;
    Resampler resampler;
    ExactLength exact;
    BlockBuffer<float> buffer;
    bool is_finished = false;
};

Result<SoundFeed> SoundFeed::start(const VideoPlan& plan, Sink<float>& end) {
    DUBPLATE_TRY(OpenedAudio audio, plan.sound->open());
    const StreamFormat format = audio.reader->info().stream;
    const std::int64_t begin = seconds_to_frames(plan.start_s, format.sample_rate_hz);
    // A little more than is needed: the end is cut behind the resampler.
    const std::int64_t last = begin + seconds_to_frames(plan.seconds(), format.sample_rate_hz) + 1;
    auto impl = std::make_unique<Impl>(plan, std::move(audio), begin, last);
    impl->exact.add_output(end);
    DUBPLATE_CHECK(impl->region.start(format));
    return SoundFeed(std::move(impl));
}

SoundFeed::SoundFeed(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SoundFeed::SoundFeed(SoundFeed&&) noexcept = default;
SoundFeed& SoundFeed::operator=(SoundFeed&&) noexcept = default;
SoundFeed::~SoundFeed() = default;

Status SoundFeed::advance_to(std::int64_t frame, const std::stop_token& stop) {
    Impl& impl = *impl_;
    while (!impl.is_finished && (impl.exact.given() < frame || impl.exact.is_full())) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::int64_t got, impl.audio.reader->read(impl.buffer.view(block_frames)));
        if (got > 0) DUBPLATE_CHECK(impl.region.process(impl.buffer.const_view(got)));
        if (got > 0 && !impl.region.done()) continue;
        impl.is_finished = true;
        DUBPLATE_CHECK(impl.region.finish());
    }
    return {};
}

}  // namespace dubplate
