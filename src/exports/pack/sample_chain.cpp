#include "exports/pack/sample_chain.h"

#include <algorithm>

#include "audio/nodes/gain.h"
#include "audio/nodes/resample.h"
#include "audio/nodes/shape.h"

namespace dubplate {

namespace {

// Adds silence to what is too short.
class PadTo final : public Filter<float, float> {
  public:
    explicit PadTo(std::int64_t frames) : missing_(frames) {}

    Status start(const StreamFormat& format) override {
        silence_ = BlockBuffer<float>(format.channels, block_frames);
        return outputs_.start(format);
    }
    Status process(BlockView<const float> block) override {
        missing_ -= block.frames();
        return outputs_.process(block);
    }
    Status finish() override {
        for (; missing_ > 0; missing_ -= block_frames)
            DUBPLATE_CHECK(outputs_.process(silence_.const_view(std::min(missing_, block_frames))));
        return outputs_.finish();
    }

  private:
    std::int64_t missing_;
    BlockBuffer<float> silence_;
};

}  // namespace

SampleChain::SampleChain(const SampleSound& sound, SampleWriter& writer, WaveformPicture* picture)
    : sound_(sound),
      quantizer_(
          {.bits = 16, .dither = sound.keeps_samples ? Dither::none : Dither::tpdf, .seed = sound.seed}) {
    if (sound.channels != sound.source_channels) append(std::make_unique<ChannelFold>(sound.channels));
    if (sound.rates.from != sound.rates.to) append(std::make_unique<Resampler>(sound.rates.to, 1, true));
    constexpr auto all = std::numeric_limits<std::int64_t>::max();
    if (sound.skip_frames > 0 || sound.keep_frames < all) {
        const std::int64_t end = sound.keep_frames < all ? sound.skip_frames + sound.keep_frames : all;
        append(std::make_unique<Region>(sound.skip_frames, end));
    }
    if (!sound.keeps_samples) append(std::make_unique<Gain>(sound.gain_db));
    append(std::make_unique<PadTo>(sound.min_frames));
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
