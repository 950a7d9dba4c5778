// channel.h: a bounded queue between threads.
//
// What     push() waits while it is full (back-pressure), pop() while it is empty. close() lets the readers
//          drain what is left. A stop request wakes both sides at once.
// Returns  push: false when closed or stopped, and the value is dropped. pop: nothing when closed and
//          drained, or stopped.
// Threads  thread-safe, any number of writers and readers.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace dubplate {

template <class T>
class Channel {
  public:
    explicit Channel(std::size_t capacity) : capacity_(capacity) {}
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    bool push(T value, std::stop_token stop) {
        std::unique_lock lock(mutex_);
        const bool ready = not_full_.wait(lock, stop, [&] { return closed_ || items_.size() < capacity_; });
        if (!ready || closed_ || stop.stop_requested()) return false;
        items_.push_back(std::move(value));
        not_empty_.notify_one();
        return true;
    }

    std::optional<T> pop(std::stop_token stop) {
        std::unique_lock lock(mutex_);
        const bool ready = not_empty_.wait(lock, stop, [&] { return closed_ || !items_.empty(); });
        if (!ready || items_.empty() || stop.stop_requested()) return std::nullopt;
        std::optional<T> value(std::move(items_.front()));
        items_.pop_front();
        not_full_.notify_one();
        return value;
    }

    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        not_full_.notify_all();
        not_empty_.notify_all();
    }

  private:
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable_any not_full_;
    std::condition_variable_any not_empty_;
    std::deque<T> items_;  // guarded by mutex_
    bool closed_ = false;  // guarded by mutex_
};

}  // namespace dubplate
