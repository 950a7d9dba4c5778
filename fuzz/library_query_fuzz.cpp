// Any text as a query of the library: it is refused with a place inside of it, or becomes SQL that holds nothing of it, with
// as many places as values.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "library/query.h"
#include "library/query_sql.h"

namespace dubplate {

namespace {

void check_query(std::string_view text) {
    constexpr std::int64_t now = 1'763'683'200'000;
    QueryPlace place;
    const auto query = parse_query(text, now, &place);
    DUBPLATE_ASSERT(place.at <= text.size());
    const std::string pointed = point_at(text, place);
    DUBPLATE_ASSERT(pointed.find('^') != std::string::npos);
    if (!query) {
        DUBPLATE_ASSERT(!query.error().message.empty());
        return;
    }
    const SqlQuery sql = query_to_sql(*query, 10);
    DUBPLATE_ASSERT(static_cast<std::size_t>(std::ranges::count(sql.sql, '?')) == sql.values.size());
    // Of the user's text not even a character beyond our own words may stand in the SQL.
    constexpr std::string_view ours =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ,.()=<>?'\\%";
    DUBPLATE_ASSERT(sql.sql.find_first_not_of(ours) == std::string::npos);
}

}  // namespace

}  // namespace dubplate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dubplate::check_query(std::string(data, data + size));
    return 0;
}
