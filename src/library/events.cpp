#include "library/events.h"

#include <array>

namespace dubplate {

Status record_event(Catalog& catalog, std::string_view event, std::string_view subject,
                    std::string_view detail) {
    DUBPLATE_CHECK(catalog.database.execute(
        "INSERT INTO events (happened, event, subject, detail) VALUES (?, ?, ?, ?)",
        {catalog.now(), std::string(event), std::string(subject), std::string(detail)}));
    return {};
}

std::string events_sql(bool of_one_subject, bool limited) {
    return std::string("SELECT happened, event, subject, detail FROM events") +
           (of_one_subject ? " WHERE subject = ?" : "") + " ORDER BY id DESC" + (limited ? " LIMIT ?" : "");
}

Status list_events(Catalog& catalog, std::string_view subject, std::int64_t limit,
                   const std::function<Status(const Event&)>& take) {
    constexpr std::array types{ColumnType::integer, ColumnType::text, ColumnType::text, ColumnType::text};
    Values values;
    if (!subject.empty()) values.emplace_back(std::string(subject));
    if (limit > 0) values.emplace_back(limit);
    return catalog.database.query(events_sql(!subject.empty(), limit > 0), values, types,
                                  [&](const Row& row) {
                                      return take({row.integer(0), row.text(1), row.text(2), row.text(3)});
                                  });
}

}  // namespace dubplate
