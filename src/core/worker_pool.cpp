#include "core/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>

namespace dubplate {

namespace {

Error canceled() {
    return fail(ErrorCode::canceled, "stopped before the end");
}

// The only catch-all: a thread's entry must not throw.
Status call(const ItemTask& task, std::size_t item, const std::stop_token& stop) {
    try {
        return task(item, stop);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::unavailable, "out of memory", "use fewer --jobs, or close other programs");
    } catch (const std::exception& exception) {
        return fail(ErrorCode::internal, std::string("unexpected exception: ") + exception.what());
    } catch (...) {
        return fail(ErrorCode::internal, "unexpected exception of an unknown kind");
    }
}

// Calls `work(item)` for each item on `threads` threads and waits for all of them.
void share_out(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t item = next++; item < count; item = next++) work(item);
    };
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < std::min(threads, count); ++i) pool.emplace_back(run);
}

class FirstError {
  public:
    bool set(Error error) {
        const std::lock_guard lock(mutex_);
        if (error_) return false;
        error_ = std::move(error);
        return true;
    }
    Status status() && {
        if (error_) return *std::move(error_);
        return {};
    }

  private:
    std::mutex mutex_;
    std::optional<Error> error_;  // guarded by mutex_
};

}  // namespace

int core_count() {
    return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

Status run_all(std::span<const Task> tasks, int threads, std::stop_token stop) {
    DUBPLATE_ASSERT(threads >= 1);
    std::stop_source inner;
    const std::stop_callback forward(stop, [&] { inner.request_stop(); });
    FirstError first;
    const ItemTask task = [&](std::size_t item, const std::stop_token& token) { return tasks[item](token); };
    share_out(tasks.size(), static_cast<std::size_t>(threads), [&](std::size_t item) {
        // Set even where the stop was ours: then an error is there already, and stays.
        if (inner.stop_requested()) {
            first.set(canceled());
            return;
        }
        Status status = call(task, item, inner.get_token());
        if (status) return;
        first.set(std::move(status).error());
        inner.request_stop();
    });
    return std::move(first).status();
}

Status run_together(std::span<const Task> tasks, std::stop_token stop) {
    if (tasks.empty()) return {};
    return run_all(tasks, static_cast<int>(tasks.size()), std::move(stop));
}

std::vector<Status> run_each(std::size_t count, int threads, const ItemTask& task, std::stop_token stop) {
    DUBPLATE_ASSERT(threads >= 1);
    std::vector<Status> statuses(count);
    share_out(count, static_cast<std::size_t>(threads), [&](std::size_t item) {
        // Each thread writes its own items' statuses, which are read after all threads ended.
        statuses[item] = stop.stop_requested() ? Status(canceled()) : call(task, item, stop);
    });
    return statuses;
}

}  // namespace dubplate
