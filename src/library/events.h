// events.h: what happened in the library, in the order in which it happened.
//
// Shape    an event ("added", "changed", "edited", "removed", "moved", "deleted", "exported", "generated"), its subject (an
//          asset's or a job's id) and a word on it ("bpm=92"). Rows are only ever added.
// Errors   those of the database.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "library/catalog.h"

namespace dubplate {

struct Event {
    std::int64_t happened = 0;
    std::string event, subject, detail;
};

Status record_event(Catalog& catalog, std::string_view event, std::string_view subject,
                    std::string_view detail = {});

// Newest first. subject: "" for all. limit: 0 for all.
Status list_events(Catalog& catalog, std::string_view subject, std::int64_t limit,
                   const std::function<Status(const Event&)>& take);
// What list_events() asks the database, for the test of its plan.
std::string events_sql(bool of_one_subject, bool limited);

}  // namespace dubplate
