// ordered_work.h: pieces of work, done side by side, whose results come out in the order in which they were given.
//
// What     add() begins a piece on a thread of its own. Where `threads` pieces are under way, it waits for the oldest
//          and hands its result on first: so the work in memory is bounded. finish() hands on the rest.
// Taker    called by the thread that calls add() and finish(), one result after the other.
// Errors   the first of a piece or of the taker ends all: the call that meets it returns it, and so do later ones.
// Stop     a piece gets a token that is asked to stop with `stop` and by the destructor, which waits for all threads.
// Threads  one caller. With one thread, pieces do not run beside each other, only beside the caller.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <stop_token>
#include <utility>

#include "core/result.h"

namespace dubplate {

template <class T>
class OrderedWork {
  public:
    using Work = std::function<Result<T>(std::stop_token)>;
    using Take = std::function<Status(T)>;

    OrderedWork(int threads, std::stop_token stop, Take take)
        : limit_(static_cast<std::size_t>(threads)),
          take_(std::move(take)),
          on_stop_(std::move(stop), Ask{&stop_}) {
        DUBPLATE_ASSERT(threads >= 1);
    }
    OrderedWork(const OrderedWork&) = delete;
    OrderedWork& operator=(const OrderedWork&) = delete;
    ~OrderedWork() { stop_.request_stop(); }  // the futures then wait for their threads

    Status add(Work work) {
        while (status_ && pending_.size() >= limit_) take_oldest();
        if (status_) pending_.push_back(std::async(std::launch::async, std::move(work), stop_.get_token()));
        return status_;
    }

    Status finish() {
        while (status_ && !pending_.empty()) take_oldest();
        return status_;
    }

  private:
    struct Ask {
        std::stop_source* stop;
        void operator()() const { stop->request_stop(); }
    };

    void take_oldest() {
        Result<T> result = pending_.front().get();
        pending_.pop_front();
        status_ = result ? take_(*std::move(result)) : Status(std::move(result).error());
    }

    std::size_t limit_;
    Take take_;
    std::stop_source stop_;
    std::stop_callback<Ask> on_stop_;
    Status status_;
    std::deque<std::future<Result<T>>> pending_;
};

}  // namespace dubplate
