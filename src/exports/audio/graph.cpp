#include "exports/audio/graph.h"

#include "audio/kernels/samples.h"
#include "audio/nodes/gain.h"
#include "audio/nodes/resample.h"

namespace dubplate {

namespace {

// Where a chain begins, and what stands in for stages that are not needed.
class Pass final : public Filter<float, float> {
  public:
    Status start(const StreamFormat& format) override { return outputs_.start(format); }
    Status process(BlockView<const float> block) override { return outputs_.process(block); }
    Status finish() override { return outputs_.finish(); }
};

class FloatWriterSink final : public Sink<float> {
  public:
    FloatWriterSink(AudioWriter& writer, SampleDigest* digest) : writer_(writer), digest_(digest) {}

    Status start(const StreamFormat& format) override {
        if (digest_ != nullptr) digest_->start(format.channels);
        return {};
    }
    Status process(BlockView<const float> block) override {
        if (digest_ != nullptr) digest_->update(block);
        return writer_.write(block);
    }
    Status finish() override { return {}; }  // the file is ended by its owner, who has the tags

  private:
    AudioWriter& writer_;
    SampleDigest* digest_;
};

class IntegerWriterSink final : public Sink<std::int32_t> {
  public:
    IntegerWriterSink(AudioWriter& writer, int bits, SampleDigest* digest)
        : writer_(writer), bits_(bits), digest_(digest) {}

    Status start(const StreamFormat& format) override {
        if (digest_ != nullptr) digest_->start(format.channels);
        as_float_ = BlockBuffer<float>(format.channels, block_frames);
        return {};
    }
    Status process(BlockView<const std::int32_t> block) override {
        for (std::int64_t done = 0; digest_ != nullptr && done < block.frames();) {
            const std::int64_t frames = std::min(block.frames() - done, block_frames);
            const SubBlock part(block, done, frames);
            for (int c = 0; c < block.channels(); ++c)
                to_floats(part.view().channel(c).data(), as_float_.channel(c).data(), frames, bits_);
            digest_->update(std::as_const(as_float_).const_view(frames));
            done += frames;
        }
        return writer_.write(block);
    }
    Status finish() override { return {}; }

  private:
    AudioWriter& writer_;
    int bits_;
    SampleDigest* digest_;
    BlockBuffer<float> as_float_;
};

}  // namespace

void SampleDigest::start(int channels) {
    channels_ = std::vector<Fingerprint>(static_cast<std::size_t>(channels));
}

void SampleDigest::update(BlockView<const float> block) {
    for (int c = 0; c < block.channels(); ++c)
        channels_[static_cast<std::size_t>(c)].update(std::as_bytes(block.channel(c)));
}

std::string SampleDigest::finish() {
    std::string digest;
    for (const Fingerprint& channel : channels_) digest += channel.finish();
    return digest;
}

template <class Node, class... Args>
Node& ExportGraph::make(Args&&... args) {
    auto node = std::make_shared<Node>(std::forward<Args>(args)...);
    Node& made = *node;
    nodes_.push_back(std::move(node));
    return made;
}

ExportGraph::ExportGraph(const Shape& shape, int threads) : shape_(shape), threads_(threads) {
    head_ = shaped_ = &make<Pass>();
    const auto then = [this](Filter<float, float>& node) {
        shaped_->add_output(node);
        shaped_ = &node;
    };
    if (shape_.frames() != shape_.source_frames) {
        region_ = &make<Region>(shape_.begin_frame, shape_.end_frame);
        then(*region_);
    }
    if (shape_.fold_channels) then(make<ChannelFold>(*shape_.fold_channels));
    if (shape_.fade_in_frames > 0 || shape_.fade_out_frames > 0)
        then(make<Fades>(shape_.fade_in_frames, shape_.fade_out_frames, shape_.frames()));
}

Sink<float>& ExportGraph::head() {
    return *head_;
}

bool ExportGraph::wants_more() const {
    return region_ == nullptr || !region_->done();
}

Filter<float, float>& ExportGraph::at_rate(int rate_hz) {
    if (rate_hz == shape_.source_rate_hz) return *shaped_;
    Filter<float, float>*& node = rates_[rate_hz];
    if (node == nullptr) {
        node = &make<Resampler>(rate_hz, threads_);
        shaped_->add_output(*node);
    }
    return *node;
}

Filter<float, float>& ExportGraph::at_level(const Level& level) {
    if (const auto found = levels_.find(level); found != levels_.end()) return *found->second;
    // Also at 0 dB, where it changes no finite sample: it keeps NaN and infinities from what follows.
    auto& gain = make<Gain>(level.gain_db);
    at_rate(level.rate_hz).add_output(gain);
    Filter<float, float>* end = &gain;
    if (level.ceiling_dbtp) {
        auto& limiter =
            make<Limiter>(LimiterSettings{.ceiling_dbtp = *level.ceiling_dbtp, .lower = level.lower});
        limiters_[level] = &limiter;
        end->add_output(limiter);
        end = &limiter;
    }
    levels_[level] = end;
    return *end;
}

Quantizer& ExportGraph::quantizer(const Level& level, int bits, Dither dither, std::uint64_t seed) {
    Quantizer*& node = quantizers_[{level, bits, dither}];
    if (node == nullptr) {
        node = &make<Quantizer>(QuantizerSettings{.bits = bits, .dither = dither, .seed = seed});
        at_level(level).add_output(*node);
    }
    return *node;
}

void ExportGraph::add_meter(const Level& level, Sink<float>& meter) {
    at_level(level).add_output(meter);
}

void ExportGraph::add_writer(const Level& level, const WriterSettings& settings, Dither dither,
                             std::uint64_t seed, const AudioFormat& format, AudioWriter& writer,
                             SampleDigest* digest) {
    if (format.takes_integers(settings.depth)) {
        const int bits = bits_of(settings.depth);
        quantizer(level, bits, dither, seed).add_output(make<IntegerWriterSink>(writer, bits, digest));
    } else {
        at_level(level).add_output(make<FloatWriterSink>(writer, digest));
    }
}

const LimiterResult* ExportGraph::limiter(const Level& level) const {
    const auto found = limiters_.find(level);
    return found == limiters_.end() ? nullptr : &found->second->result();
}

std::int64_t ExportGraph::clipped_samples() const {
    std::int64_t clipped = 0;
    for (const auto& [key, node] : quantizers_) clipped += node->clipped_samples();
    return clipped;
}

}  // namespace dubplate
