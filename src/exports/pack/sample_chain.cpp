#include "exports/pack/sample_chain.h"

#include <algorithm>
#include <cmath>

#include "audio/nodes/gain.h"
#include "audio/nodes/resample.h"
#include "audio/nodes/shape.h"

namespace dubplate {

namespace {

// Adds silence to what is too short.
class PadTo final : public Filter<float, float> {
  public:
    PadTo(std::int64_t shortest, std::int64_t padded) : shortest_(shortest), padded_(padded) {}

    Status start(const StreamFormat& format) override {
        silence_ = BlockBuffer<float>(format.channels, block_frames);
        return outputs_.start(format);
    }
    Status process(BlockView<const float> block) override {
        frames_ += block.frames();
        return outputs_.process(block);
    }
    Status finish() override {
        std::int64_t missing = frames_ < shortest_ ? padded_ - frames_ : 0;
        for (; missing > 0; missing -= block_frames)
            DUBPLATE_CHECK(outputs_.process(silence_.const_view(std::min(missing, block_frames))));
        return outputs_.finish();
    }

  private:
    std::int64_t shortest_;
    std::int64_t padded_;
    std::int64_t frames_ = 0;
    BlockBuffer<float> silence_;
};

// Counts what is no number, or infinite.
class BadCounter final : public Filter<float, float> {
  public:
    explicit BadCounter(std::int64_t& count) : count_(count) {}
    Status start(const StreamFormat& format) override { return outputs_.start(format); }
    Status process(BlockView<const float> block) override {
        for (int c = 0; c < block.channels(); ++c)
            count_ +=
                std::ranges::count_if(block.channel(c), [](float sample) { return !std::isfinite(sample); });
        return outputs_.process(block);
    }
    Status finish() override { return outputs_.finish(); }

  private:
    std::int64_t& count_;
};

}  // namespace

SampleChain::SampleChain(const SampleSound& sound, SampleWriter& writer, WaveformPicture* picture)
    : sound_(sound),
      quantizer_(
          {.bits = 16, .dither = sound.keeps_samples ? Dither::none : Dither::tpdf, .seed = sound.seed}) {
    if (sound.is_float) append(std::make_unique<BadCounter>(bad_samples_));
    if (sound.channels != sound.source_channels) append(std::make_unique<ChannelFold>(sound.channels));
    if (sound.rates.from != sound.rates.to) append(std::make_unique<Resampler>(sound.rates.to, 1, true));
    constexpr auto all = std::numeric_limits<std::int64_t>::max();
    if (sound.skip_frames > 0 || sound.keep_frames < all) {
        const std::int64_t end = sound.keep_frames < all ? sound.skip_frames + sound.keep_frames : all;
        append(std::make_unique<Region>(sound.skip_frames, end));
    }
    // Gain also makes numbers of what is none.
    if (sound.gain_db != 0 || sound.is_float) append(std::make_unique<Gain>(sound.gain_db));
    append(std::make_unique<PadTo>(sound.min_frames, sound.padded_frames));
    nodes_.back()->add_output(quantizer_);
    if (picture != nullptr) nodes_.back()->add_output(*picture);
    quantizer_.add_output(writer);
}

SampleChain::~SampleChain() = default;

void SampleChain::append(std::unique_ptr<Filter<float, float>> node) {
    if (!nodes_.empty()) nodes_.back()->add_output(*node);
    nodes_.push_back(std::move(node));
}

Result<Sink<float>*> SampleChain::start() {
    DUBPLATE_CHECK(nodes_.front()->start({sound_.rates.from, sound_.source_channels}));
    return nodes_.front().get();
}

}  // namespace dubplate
