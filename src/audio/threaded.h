// threaded.h: lets what stands behind it run on a thread of its own.
//
// What     Threaded<T> copies each block into a bounded channel; its thread hands them on in order. So encoders fan out
//          side by side, and the slowest holds the others back instead of filling the memory.
// Errors   the first error behind it stops its thread; the next process() or finish() returns it.
// Stop     a stop request ends both sides at once with `canceled`.
// Threads  one caller. The sinks behind it are used by its thread alone, from start() to the return of finish() or the
//          destructor.
#pragma once

#include <algorithm>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "audio/stream.h"
#include "core/channel.h"

namespace dubplate {

template <class T>
class Threaded final : public Filter<T, T> {
  public:
    explicit Threaded(std::stop_token stop) : stop_(std::move(stop)) {}
    ~Threaded() override { full_.close(); }  // the thread drains and ends; its destructor joins it

    Status start(const StreamFormat& format) override {
        DUBPLATE_CHECK(this->outputs_.start(format));
        for (std::size_t i = 0; i < blocks_in_flight; ++i)
            free_.push(Block{BlockBuffer<T>(format.channels, block_frames), 0}, stop_);
        thread_ = std::jthread([this] { run(); });
        return {};
    }

    Status process(BlockView<const T> block) override {
        for (std::int64_t done = 0; done < block.frames();) {
            std::optional<Block> free = free_.pop(stop_);
            if (!free) return error_or_canceled();
            free->frames = std::min(block.frames() - done, block_frames);
            for (int c = 0; c < block.channels(); ++c) {
                const auto from = block.channel(c).subspan(static_cast<std::size_t>(done),
                                                           static_cast<std::size_t>(free->frames));
                std::ranges::copy(from, free->buffer.channel(c).begin());
            }
            done += free->frames;
            if (!full_.push(*std::move(free), stop_)) return error_or_canceled();
        }
        return {};
    }

    Status finish() override {
        full_.close();
        if (thread_.joinable()) thread_.join();
        if (status_) return *status_;
        if (stop_.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        return this->outputs_.finish();
    }

  private:
    struct Block {
        BlockBuffer<T> buffer;
        std::int64_t frames;
    };
    // Enough for the thread to work on one while the next is filled and one waits: 3 x 64 KiB in stereo.
    static constexpr std::size_t blocks_in_flight = 3;

    void run() {
        while (std::optional<Block> block = full_.pop(stop_)) {
            if (Status status =
                    this->outputs_.process(std::as_const(block->buffer).const_view(block->frames));
                !status) {
                status_ = std::move(status);
                break;
            }
            free_.push(*std::move(block), stop_);
        }
        free_.close();  // wakes a caller that waits for room
        full_.close();
    }

    Status error_or_canceled() {
        full_.close();
        if (thread_.joinable()) thread_.join();  // after it, status_ is ours to read
        if (status_) return *status_;
        return fail(ErrorCode::canceled, "canceled");
    }

    std::stop_token stop_;
    Channel<Block> full_{blocks_in_flight};
    Channel<Block> free_{blocks_in_flight};
    std::optional<Status> status_;  // written by the thread before it ends, read after it was joined
    std::jthread thread_;
};

}  // namespace dubplate
