// worker_pool.h: pieces of work, side by side on threads that all end before the call returns.
//
// What     run_together() gives every task a thread of its own, for pipelines whose stages wait for each
//          other; run_all() shares many tasks out to a few threads; run_each() does so for items 0 to count -
//          1, carries on after failures and returns each item's status.
// Order    items are begun in order and may end in any; statuses are in the order of the items.
// Errors   run_together() and run_all(): the first error in time; it asks the others to stop, and what they
//          then return (canceled) does not replace it. canceled where `stop` was asked for before the end. An
//          exception out of a task is `internal`, out of memory `unavailable`.
// Threads  safe to call from several threads at once; a task may call these functions itself.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "core/result.h"

namespace dubplate {

// How many threads this machine runs at once, at least 1.
int core_count();

using Task = std::function<Status(std::stop_token)>;
using ItemTask = std::function<Status(std::size_t item, std::stop_token)>;

Status run_together(std::span<const Task> tasks, std::stop_token stop = {});

// threads: at least 1; more than there are tasks are not started.
Status run_all(std::span<const Task> tasks, int threads, std::stop_token stop = {});

std::vector<Status> run_each(std::size_t count, int threads, const ItemTask& task, std::stop_token stop = {});

}  // namespace dubplate
