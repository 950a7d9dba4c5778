// That lists and lookups go by an index, as EXPLAIN QUERY PLAN of SQLite tells.
#include <gtest/gtest.h>

#include <array>

#include "library/events.h"
#include "support/libraries.h"

namespace dubplate {

namespace {

using testing::HasSubstr;
using testing::Not;

class PlanTest : public test::LibraryTest {
  protected:
    std::string plan_of(const SqlQuery& query) {
        std::string plan;
        constexpr std::array types{ColumnType::integer, ColumnType::integer, ColumnType::integer,
                                   ColumnType::text};
        const Status status = catalog().database.query("EXPLAIN QUERY PLAN " + query.sql, query.values, types,
                                                       [&](const Row& row) -> Status {
                                                           plan += row.text(3) + "\n";
                                                           return {};
                                                       });
        EXPECT_TRUE(status) << status.error().to_string();
        return plan;
    }
    std::string plan_of(const std::string& text, std::int64_t limit = 0) {
        const auto query = parse_query(text, 0);
        EXPECT_TRUE(query) << query.error().to_string();
        return plan_of(query_to_sql(*query, limit));
    }
};

TEST_P(PlanTest, EveryOrderOfTheListIsThatOfAnIndex) {
    for (const Field& field : asset_fields()) {
        if (!field.sortable) continue;
        for (const char* direction : {"+", "-"}) {
            const std::string plan = plan_of(std::string(field.name) + direction, 20);
            EXPECT_THAT(plan, HasSubstr("USING INDEX")) << field.name << direction;
            EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE FOR ORDER BY"))) << field.name << direction << plan;
        }
    }
}

TEST_P(PlanTest, RangesWordsAndKeysAreLookedUp) {
    for (const char* text :
         {"bpm:90..110 bpm+", "bpm:90..110", "key:Am", "kind:take", "added:2026-11..", "genre:=house",
          "title:=night", "artist:=ada", "album:=x", "duration:1..10", "loudness:-20..-10", "size:1..100",
          "id:3fa9", "sha256:3fa9", "tag:dark", "path:/a/b"}) {
        const std::string plan = plan_of(text);
        EXPECT_THAT(plan, HasSubstr("SEARCH assets USING")) << text << "\n" << plan;
        EXPECT_THAT(plan, Not(HasSubstr("SCAN"))) << text << "\n" << plan;
    }
}

TEST_P(PlanTest, TheHistoryIsReadFromItsEnd) {
    EXPECT_THAT(plan_of(SqlQuery{events_sql(false, true), {std::int64_t{20}}}),
                Not(HasSubstr("TEMP B-TREE")));
    EXPECT_THAT(plan_of(SqlQuery{events_sql(true, true), {std::string("a"), std::int64_t{20}}}),
                HasSubstr("USING INDEX events_subject"));
}

INSTANTIATE_TEST_SUITE_P(Databases, PlanTest, testing::Values(Dialect::sqlite), test::dialect_name);

}  // namespace

}  // namespace dubplate
