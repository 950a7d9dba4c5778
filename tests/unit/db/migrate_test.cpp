#include "db/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "db/sql_text.h"
#include "support/databases.h"

namespace dubplate {

namespace {

constexpr std::array steps{
    Migration{1,
              "CREATE TABLE things (id {id}, name {text}); -- one; two\nCREATE INDEX x ON things (name "
              "{nulls_first});"},
    Migration{2, "INSERT INTO things (name) VALUES ('a;b?');"},
    Migration{3, "ALTER TABLE things ADD COLUMN size BIGINT;"},
};

class MigrateTest : public test::OnBothDatabases {
  protected:
    Database open() {
        auto opened = Database::open(database().url());
        EXPECT_TRUE(opened) << opened.error().to_string();
        return std::move(*opened);
    }
};

TEST_P(MigrateTest, RunsEachOnceFromWhereverItBegins) {
    for (std::size_t from = 0; from <= steps.size(); ++from) {
        const test::EmptyDatabase empty(GetParam());
        auto db = Database::open(empty.url());
        ASSERT_TRUE(db);
        ASSERT_TRUE(migrate(*db, std::span(steps).first(from)));

        const auto ran = migrate(*db, steps);

        ASSERT_TRUE(ran) << ran.error().to_string();
        EXPECT_EQ(*ran, static_cast<int>(steps.size() - from));
        EXPECT_EQ(*db->find_integer("SELECT count(*) FROM things WHERE name = ? AND size IS NULL",
                                    {std::string("a;b?")}),
                  1);
    }
}

TEST_P(MigrateTest, RefusesANewerDatabaseAndLeavesItAsItIs) {
    Database db = open();
    ASSERT_TRUE(migrate(db, steps));

    const auto ran = migrate(db, std::span(steps).first(2));

    EXPECT_EQ(ran.error().code, ErrorCode::unsupported);
    EXPECT_THAT(ran.error().message,
                testing::HasSubstr("has version 3, and this program knows those up to 2"));
    EXPECT_EQ(*db.find_integer("SELECT version FROM schema_version"), 3);
}

TEST_P(MigrateTest, RefusesTheDatabaseOfAnotherProgram) {
    Database db = open();
    ASSERT_TRUE(db.execute("CREATE TABLE theirs (a BIGINT)"));

    EXPECT_EQ(migrate(db, steps).error().code, ErrorCode::corrupt);

    EXPECT_FALSE(db.find_integer("SELECT count(*) FROM schema_version"));
}

TEST_P(MigrateTest, DoesAllOrNothing) {
    Database db = open();
    constexpr std::array broken{steps[0], Migration{2, "CREATE NONSENSE;"}};

    EXPECT_EQ(migrate(db, broken).error().code, ErrorCode::internal);

    EXPECT_FALSE(db.find_integer("SELECT count(*) FROM things"));
    EXPECT_EQ(*migrate(db, steps), 3);
}

INSTANTIATE_TEST_SUITE_P(Databases, MigrateTest, test::both_databases, test::dialect_name);

TEST(SqlText, NumbersParametersOutsideOfQuotes) {
    EXPECT_EQ(numbered_parameters("a = ? AND b = '?' OR \"c?\" = ? -- ?\n"),
              "a = :p1 AND b = '?' OR \"c?\" = :p2 -- ?\n");
}

TEST(SqlText, SplitsScriptsOutsideOfQuotesAndComments) {
    EXPECT_THAT(split_statements("a; 'b;c' -- d;e\n; ;"), testing::ElementsAre("a", "'b;c'"));
}

}  // namespace

}  // namespace dubplate
