// ordered_work.h: pieces of work, done side by side, whose results come out in the order in which they were given.
//
// What     add() gives a piece to one of `threads` threads, which are started as they are needed and live as long as this does.
//          Where `threads` + `ahead` pieces are not handed on yet, it waits for the oldest and hands its result on first: so
//          the work in memory is bounded. finish() hands on the rest.
// Ahead    pieces of different lengths, or a taker that waits now and then, leave threads idle unless some more wait for them.
// Taker    called by the thread that calls add() and finish(), one result after the other.
// Errors   the first of a piece or of the taker ends all: the call that meets it returns it, and so do later ones.
// Stop     a piece gets a token that is asked to stop with `stop` and by the destructor, which waits for the pieces that were
//          begun and leaves out the others.
// Threads  one caller. With one thread, pieces do not run beside each other, only beside the caller.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "core/result.h"

namespace dubplate {

template <class T>
class OrderedWork {
  public:
    using Work = std::function<Result<T>(std::stop_token)>;
    using Take = std::function<Status(T)>;

    OrderedWork(int threads, std::stop_token stop, Take take, int ahead = 0)
        : most_threads_(static_cast<std::size_t>(threads)),
          limit_(most_threads_ + static_cast<std::size_t>(ahead)),
          take_(std::move(take)),
          on_stop_(std::move(stop), Ask{&stop_}) {
        DUBPLATE_ASSERT(threads >= 1 && ahead >= 0);
    }
    OrderedWork(const OrderedWork&) = delete;
    OrderedWork& operator=(const OrderedWork&) = delete;
    ~OrderedWork() {
        for (std::jthread& thread : threads_) thread.request_stop();  // first: none begins another piece
        stop_.request_stop();
    }

    Status add(Work work) {
        while (status_ && results_.size() >= limit_) take_oldest();
        if (status_) begin(Piece(std::move(work)));
        return status_;
    }

    Status finish() {
        while (status_ && !results_.empty()) take_oldest();
        return status_;
    }

  private:
    using Piece = std::packaged_task<Result<T>(std::stop_token)>;
    struct Ask {
        std::stop_source* stop;
        void operator()() const { stop->request_stop(); }
    };

    void begin(Piece piece) {
        results_.push_back(piece.get_future());
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(piece));
        }
        more_.notify_one();
        if (threads_.size() < std::min(results_.size(), most_threads_))
            threads_.emplace_back([this](const std::stop_token& end) { work_until(end); });
    }

    void work_until(const std::stop_token& end) {
        for (;;) {
            std::unique_lock lock(mutex_);
            more_.wait(lock, end, [this] { return !waiting_.empty(); });
            if (end.stop_requested()) return;
            Piece piece = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            piece(stop_.get_token());
        }
    }

    void take_oldest() {
        Result<T> result = results_.front().get();
        results_.pop_front();
        status_ = result ? take_(*std::move(result)) : Status(std::move(result).error());
    }

    std::size_t most_threads_;
    std::size_t limit_;  // of results_
    Take take_;
    std::stop_source stop_;
    std::stop_callback<Ask> on_stop_;
    Status status_;
    std::deque<std::future<Result<T>>> results_;  // not handed on yet
    std::mutex mutex_;
    std::deque<Piece> waiting_;  // for a thread; guarded by mutex_
    std::condition_variable_any more_;
    std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace dubplate
