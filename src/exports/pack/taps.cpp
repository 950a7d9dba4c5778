#include "exports/pack/taps.h"

#include <algorithm>
#include <vector>

namespace dubplate {

namespace {

Status check_stop(const std::stop_token& stop) {
    if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
    return {};
}

class TapPass {
  public:
    explicit TapPass(std::span<Tap> taps) : taps_(taps), sinks_(taps.size()), is_done_(taps.size()) {}

    Status process(BlockView<const float> block, std::int64_t position) {
        for (std::size_t i = 0; i < taps_.size(); ++i) {
            const std::int64_t begin = std::max(taps_[i].begin_frame, position);
            const std::int64_t end = std::min(taps_[i].end_frame, position + block.frames());
            if (begin >= end || is_done_[i]) continue;
            DUBPLATE_CHECK(open(i));
            DUBPLATE_CHECK(sinks_[i]->process(SubBlock(block, begin - position, end - begin).view()));
            if (end == taps_[i].end_frame) DUBPLATE_CHECK(close(i));
        }
        return {};
    }

    bool wants_more() const { return std::ranges::find(is_done_, false) != is_done_.end(); }

    Status finish() {
        for (std::size_t i = 0; i < taps_.size(); ++i) {
            if (is_done_[i]) continue;
            DUBPLATE_CHECK(open(i));
            DUBPLATE_CHECK(close(i));
        }
        return {};
    }

  private:
    Status open(std::size_t i) {
        if (sinks_[i] != nullptr) return {};
        DUBPLATE_TRY(sinks_[i], taps_[i].open());
        return {};
    }

    Status close(std::size_t i) {
        is_done_[i] = true;
        DUBPLATE_CHECK(sinks_[i]->finish());
        return taps_[i].done ? taps_[i].done() : Status();
    }

    std::span<Tap> taps_;
    std::vector<Sink<float>*> sinks_;
    std::vector<bool> is_done_;
};

}  // namespace

Status run_taps(AudioReader& reader, std::span<Tap> taps, std::int64_t expected_frames,
                Progress::Part progress, const std::stop_token& stop) {
    DUBPLATE_CHECK(reader.rewind());
    BlockBuffer<float> block(reader.info().stream.channels, block_frames);
    TapPass pass(taps);
    for (std::int64_t position = 0; pass.wants_more();) {
        DUBPLATE_CHECK(check_stop(stop));
        DUBPLATE_TRY(const std::int64_t frames, reader.read(block.view(block_frames)));
        if (frames == 0) break;
        DUBPLATE_CHECK(pass.process(block.const_view(frames), position));
        position += frames;
        if (expected_frames > 0)
            progress.advance_to(static_cast<double>(position) / static_cast<double>(expected_frames));
    }
    DUBPLATE_CHECK(pass.finish());
    progress.finish();
    return {};
}

Status feed_loop(AudioReader& reader, std::int64_t begin_frame, std::int64_t end_frame, int turns,
                 std::int64_t more, Sink<float>& sink, const std::stop_token& stop) {
    BlockBuffer<float> block(reader.info().stream.channels, block_frames);
    const std::int64_t turn_frames = end_frame - begin_frame;
    for (std::int64_t left = turns * turn_frames + more; left > 0;) {
        DUBPLATE_CHECK(reader.rewind());
        std::int64_t position = 0;
        const std::int64_t turn_end = begin_frame + std::min(left, turn_frames);
        while (position < turn_end) {
            DUBPLATE_CHECK(check_stop(stop));
            const std::int64_t wanted = std::min(block_frames, turn_end - position);
            DUBPLATE_TRY(const std::int64_t frames, reader.read(block.view(wanted)));
            if (frames == 0)
                return fail(ErrorCode::corrupt, "ends before the end of its loop", "give a whole file");
            const std::int64_t skip = std::clamp<std::int64_t>(begin_frame - position, 0, frames);
            if (skip < frames)
                DUBPLATE_CHECK(sink.process(SubBlock(block.const_view(frames), skip, frames - skip).view()));
            position += frames;
        }
        left -= turn_end - begin_frame;
    }
    return sink.finish();
}

}  // namespace dubplate
