#include "exports/audio/pass.h"

#include <algorithm>
#include <future>
#include <utility>

namespace dubplate {

namespace {

// What is decoded at once: enough that starting a thread for it costs next to nothing.
constexpr std::int64_t stretch_frames = 8 * block_frames;

// Reads one stretch ahead of its caller.
class ReadAhead {
  public:
    ReadAhead(AudioReader& reader, std::stop_token stop) : reader_(reader), stop_(std::move(stop)) {
        for (BlockBuffer<float>& stretch : stretches_)
            stretch = BlockBuffer<float>(reader.info().stream.channels, stretch_frames);
        begin_next();
    }

    // Empty at the end. Valid until the next call.
    Result<BlockView<const float>> next() {
        const BlockBuffer<float>& ready = stretches_[filling_];
        DUBPLATE_TRY(const std::int64_t frames, pending_.get());
        if (frames > 0) {
            filling_ = 1 - filling_;
            begin_next();
        }
        return ready.const_view(frames);
    }

  private:
    void begin_next() {
        pending_ =
            std::async(std::launch::async, [this, &stretch = stretches_[filling_]] { return fill(stretch); });
    }

    Result<std::int64_t> fill(BlockBuffer<float>& stretch) {
        std::int64_t filled = 0;
        while (filled < stretch_frames) {
            if (stop_.stop_requested()) return fail(ErrorCode::canceled, "canceled");
            const SubBlock room(stretch.view(stretch_frames), filled,
                                std::min(block_frames, stretch_frames - filled));
            DUBPLATE_TRY(const std::int64_t frames, reader_.read(room.view()));
            if (frames == 0) break;
            filled += frames;
        }
        return filled;
    }

    AudioReader& reader_;
    std::stop_token stop_;
    BlockBuffer<float> stretches_[2];
    std::size_t filling_ = 0;
    std::future<Result<std::int64_t>> pending_;  // last: it waits for its thread before the rest goes
};

}  // namespace

Result<std::int64_t> run_pass(AudioReader& reader, Sink<float>& head, std::int64_t expected_frames,
                              Progress::Part progress, std::stop_token stop,
                              const std::function<bool()>& wants_more) {
    DUBPLATE_CHECK(reader.rewind());
    DUBPLATE_CHECK(head.start(reader.info().stream));
    ReadAhead source(reader, stop);
    std::int64_t position = 0;
    while (true) {
        DUBPLATE_TRY(const BlockView<const float> stretch, source.next());
        if (stretch.frames() == 0) break;
        for (std::int64_t begin = 0; begin < stretch.frames(); begin += block_frames) {
            if (wants_more && !wants_more()) break;
            if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
            const SubBlock block(stretch, begin, std::min(block_frames, stretch.frames() - begin));
            DUBPLATE_CHECK(head.process(block.view()));
            position += block.view().frames();
            if (expected_frames > 0)
                progress.advance_to(static_cast<double>(position) / static_cast<double>(expected_frames));
        }
        if (wants_more && !wants_more()) break;
    }
    DUBPLATE_CHECK(head.finish());
    progress.finish();
    return position;
}

}  // namespace dubplate
