// That lists and lookups go by an index, as EXPLAIN QUERY PLAN of SQLite and EXPLAIN of PostgreSQL tell.
#include <gtest/gtest.h>

#include <array>

#include "library/events.h"
#include "library/exports.h"
#include "library/generations.h"
#include "library/kits.h"
#include "support/libraries.h"

namespace dubplate {

namespace {

using testing::HasSubstr;
using testing::Not;

class PlanTest : public test::LibraryTest {
  protected:
    bool is_sqlite() const { return GetParam() == Dialect::sqlite; }

    std::string plan_of(const SqlQuery& query) {
        std::string plan;
        constexpr std::array sqlite_types{ColumnType::integer, ColumnType::integer, ColumnType::integer,
                                          ColumnType::text};
        constexpr std::array postgresql_types{ColumnType::text};
        if (!is_sqlite()) forbid_what_needs_no_index();
        const std::span<const ColumnType> types = is_sqlite() ? std::span<const ColumnType>(sqlite_types)
                                                              : std::span<const ColumnType>(postgresql_types);
        const Status status =
            catalog().database.query((is_sqlite() ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + query.sql,
                                     query.values, types, [&](const Row& row) -> Status {
                                         plan += row.text(types.size() - 1) + "\n";
                                         return {};
                                     });
        EXPECT_TRUE(status) << status.error().to_string();
        return plan;
    }

    // A table of a few rows is read whole, whatever its indexes: PostgreSQL is told to do so only where it must.
    void forbid_what_needs_no_index() {
        for (const char* what : {"seqscan", "sort", "incremental_sort"})
            ASSERT_TRUE(catalog().database.execute(std::string("SET enable_") + what + " = off"));
    }

    auto goes_by_an_index() const { return HasSubstr(is_sqlite() ? "USING" : "Index"); }
    // Not even rows that are alike in what they are sorted by.
    auto sorts() const { return HasSubstr(is_sqlite() ? "TEMP B-TREE" : "Sort"); }
    auto reads_a_whole_table() const { return HasSubstr(is_sqlite() ? "SCAN" : "Seq Scan"); }

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
            EXPECT_THAT(plan, goes_by_an_index()) << field.name << direction;
            EXPECT_THAT(plan, Not(sorts())) << field.name << direction << plan;
        }
    }
}

TEST_P(PlanTest, RangesWordsAndKeysAreLookedUp) {
    for (const char* text :
         {"bpm:90..110 bpm+", "bpm:90..110", "key:Am", "kind:take", "added:2026-11..", "genre:=house",
          "title:=night", "artist:=ada", "album:=x", "duration:1..10", "loudness:-20..-10", "size:1..100",
          "id:3fa9", "sha256:3fa9", "tag:dark", "path:/a/b"}) {
        const std::string plan = plan_of(text);
        EXPECT_THAT(plan, goes_by_an_index()) << text << "\n" << plan;
        EXPECT_THAT(plan, Not(reads_a_whole_table())) << text << "\n" << plan;
    }
}

TEST_P(PlanTest, TheHistoryIsReadFromItsEnd) {
    EXPECT_THAT(plan_of(SqlQuery{events_sql(false, true), {std::int64_t{20}}}), Not(sorts()));
    EXPECT_THAT(plan_of(SqlQuery{events_sql(true, true), {std::string("a"), std::int64_t{20}}}),
                HasSubstr("events_subject"));
}

TEST_P(PlanTest, EveryOtherListComesInTheOrderOfAnIndex) {
    const Value limit = std::int64_t{20};
    const Value id = std::int64_t{1};
    const Value word = std::string("failed");
    const SqlQuery lists[] = {{exports_sql(false), {limit}},
                              {exports_sql(true), {word, limit}},
                              {sp404_exports_sql(false), {limit, limit}},
                              {sp404_exports_sql(true), {word, limit, limit}},
                              {sp404_samples_sql(), {id}},
                              {kits_sql(), {}},
                              {pads_sql(), {id}},
                              {generations_sql(false), {limit}},
                              {generations_sql(true), {word, limit}},
                              {prompts_sql(), {limit}}};

    for (const SqlQuery& list : lists) {
        const std::string plan = plan_of(list);

        EXPECT_THAT(plan, goes_by_an_index()) << list.sql;
        EXPECT_THAT(plan, Not(sorts())) << list.sql;
    }
}

TEST_P(PlanTest, TheNewestOfAKindComeInTheOrderOfItsIndex) {
    EXPECT_THAT(plan_of("kind:take", 20), Not(sorts()));
}

INSTANTIATE_TEST_SUITE_P(Databases, PlanTest, test::both_databases, test::dialect_name);

}  // namespace

}  // namespace dubplate
