#include "exports/stems/placed_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "audio/nodes/resample.h"
#include "audio/nodes/shape.h"
#include "core/units.h"

namespace dubplate {

namespace {

// What came out of a chain and has not been read yet.
class Fifo final : public Sink<float> {
  public:
    Status start(const StreamFormat& format) override {
        channels_.assign(static_cast<std::size_t>(format.channels), {});
        taken_ = 0;
        return {};
    }
    Status process(BlockView<const float> block) override {
        for (int c = 0; c < block.channels(); ++c) {
            auto& channel = channels_[static_cast<std::size_t>(c)];
            channel.insert(channel.end(), block.channel(c).begin(), block.channel(c).end());
        }
        return {};
    }
    Status finish() override { return {}; }

    std::int64_t available() const { return std::ssize(channels_.front()) - taken_; }

    void take(BlockView<float> target) {
        for (int c = 0; c < target.channels(); ++c)
            std::copy_n(channels_[static_cast<std::size_t>(c)].begin() + taken_, target.frames(),
                        target.channel(c).begin());
        taken_ += target.frames();
        if (available() > 0) return;
        for (auto& channel : channels_) channel.clear();
        taken_ = 0;
    }

  private:
    std::vector<std::vector<float>> channels_;
    std::int64_t taken_ = 0;  // frames of what is there
};

// source ─▶ fold ─▶ resample ─▶ fifo: a stream that is pushed, read by pulling.
class Converted {
  public:
    Converted(AudioReader& source, const StreamFormat& target) : source_(source), target_(target) {}

    Result<std::int64_t> read(BlockView<float> target) {
        while (!ended_ && (!fold_ || fifo_.available() == 0)) DUBPLATE_CHECK(push_block());
        const std::int64_t frames = std::min(target.frames(), fifo_.available());
        fifo_.take(SubBlock(target, 0, frames).view());
        return frames;
    }

    Status rewind() {
        fold_.reset();
        ended_ = false;
        return source_.rewind();
    }

  private:
    Status start() {
        const StreamFormat from = source_.info().stream;
        block_ = BlockBuffer<float>(from.channels, block_frames);
        fold_ = std::make_unique<ChannelFold>(target_.channels);
        resampler_ = std::make_unique<Resampler>(target_.sample_rate_hz);
        fold_->add_output(*resampler_);
        resampler_->add_output(fifo_);
        return fold_->start(from);
    }

    Status push_block() {
        if (!fold_) DUBPLATE_CHECK(start());
        DUBPLATE_TRY(const std::int64_t frames, source_.read(block_.view(block_frames)));
        ended_ = frames == 0;
        return ended_ ? fold_->finish() : fold_->process(std::as_const(block_).const_view(frames));
    }

    AudioReader& source_;
    StreamFormat target_;
    BlockBuffer<float> block_;
    std::unique_ptr<ChannelFold> fold_;
    std::unique_ptr<Resampler> resampler_;
    Fifo fifo_;
    bool ended_ = false;
};

SourceInfo placed_info(const SourceInfo& source, const Placement& placement) {
    SourceInfo info = source;
    info.stream = {placement.sample_rate_hz, placement.channels.value_or(source.stream.channels)};
    info.frames = placement.frames;
    info.frames_exact = true;
    if (info.stream != source.stream || placement.gain_db != 0) {
        info.is_float = true;
        info.bits = 32;
    }
    info.metadata = placement.tags.metadata;
    info.markers = placement.tags.markers;
    info.loop.reset();
    info.acid.reset();
    return info;
}

class PlacedReader final : public AudioReader {
  public:
    PlacedReader(OpenedAudio source, const Placement& placement)
        : source_(std::move(source)),
          info_(placed_info(source_.reader->info(), placement)),
          begin_(placement.begin_frame),
          gain_(placement.gain_db == 0 ? 1.0F : static_cast<float>(db_to_gain(placement.gain_db))) {
        if (info_.stream != source_.reader->info().stream)
            converted_ = std::make_unique<Converted>(*source_.reader, info_.stream);
    }

    const SourceInfo& info() const override { return info_; }

    Result<std::int64_t> read(BlockView<float> target) override {
        const std::int64_t frames = std::min(target.frames(), info_.frames - position_);
        std::int64_t done = std::clamp<std::int64_t>(begin_ - position_, 0, frames);
        silence(SubBlock(target, 0, done).view());
        while (done < frames && !ended_) {
            const SubBlock rest(target, done, frames - done);
            DUBPLATE_TRY(const std::int64_t got, read_source(rest.view()));
            ended_ = got == 0;
            done += got;
        }
        if (ended_) info_.warnings = source_.reader->info().warnings;  // "ends early" is known by now
        silence(SubBlock(target, done, frames - done).view());
        position_ += frames;
        return frames;
    }

    Status rewind() override {
        position_ = 0;
        ended_ = false;
        return converted_ ? converted_->rewind() : source_.reader->rewind();
    }

  private:
    static void silence(BlockView<float> block) {
        for (int c = 0; c < block.channels(); ++c) std::ranges::fill(block.channel(c), 0.0F);
    }

    Result<std::int64_t> read_source(BlockView<float> target) {
        DUBPLATE_TRY(const std::int64_t got,
                     converted_ ? converted_->read(target) : source_.reader->read(target));
        if (gain_ == 1.0F) return got;
        for (int c = 0; c < target.channels(); ++c)
            for (float& sample : target.channel(c).first(static_cast<std::size_t>(got))) sample *= gain_;
        return got;
    }

    OpenedAudio source_;
    SourceInfo info_;
    std::int64_t begin_;
    float gain_;
    std::unique_ptr<Converted> converted_;  // null: as it is
    std::int64_t position_ = 0;
    bool ended_ = false;  // the source
};

}  // namespace

Result<std::unique_ptr<AudioReader>> place(OpenedAudio source, Placement placement) {
    return std::make_unique<PlacedReader>(std::move(source), placement);
}

}  // namespace dubplate
