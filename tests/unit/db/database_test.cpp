#include "db/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "support/databases.h"

namespace dubplate {

namespace {

constexpr std::array all_types{ColumnType::integer, ColumnType::real, ColumnType::text};
const DatabaseOptions impatient{.busy_timeout = std::chrono::milliseconds(20)};

class DatabaseTest : public test::OnBothDatabases {
  protected:
    Database open() {
        auto opened = Database::open(database().url(), impatient);
        EXPECT_TRUE(opened) << opened.error().to_string();
        return std::move(*opened);
    }
    Database open_with_table() {
        Database db = open();
        EXPECT_TRUE(db.execute("CREATE TABLE things (a BIGINT, b DOUBLE PRECISION, c TEXT UNIQUE)"));
        return db;
    }
};

TEST_P(DatabaseTest, GivesBackEveryValueExactly) {
    Database db = open_with_table();
    const Values cases[] = {
        {std::int64_t{0}, 0.1, std::string("")},
        {std::numeric_limits<std::int64_t>::max(), 1e300, std::string("it's a \"?\" :p1 \\ %")},
        {std::numeric_limits<std::int64_t>::min(), -1.0 / 3.0, std::string("\xc3\xa9\xf0\x9f\x8e\xb5\n\t")},
    };
    for (const Values& values : cases) {
        ASSERT_TRUE(db.execute("DELETE FROM things"));

        const auto inserted = db.execute("INSERT INTO things (a, b, c) VALUES (?, ?, ?)", values);

        ASSERT_TRUE(inserted) << inserted.error().to_string();
        EXPECT_EQ(*inserted, 1);
        int rows = 0;
        ASSERT_TRUE(db.query("SELECT a, b, c FROM things WHERE c = ?", {values[2]}, all_types,
                             [&](const Row& row) -> Status {
                                 EXPECT_EQ(row.integer(0), std::get<std::int64_t>(values[0]));
                                 EXPECT_EQ(row.real(1), std::get<double>(values[1]));
                                 EXPECT_EQ(row.text(2), std::get<std::string>(values[2]));
                                 ++rows;
                                 return {};
                             }));
        EXPECT_EQ(rows, 1);
    }
}

TEST_P(DatabaseTest, KeepsNullApartFromZeroAndFromNoText) {
    Database db = open_with_table();

    ASSERT_TRUE(db.execute("INSERT INTO things (a, b, c) VALUES (?, ?, ?)", {Value(), Value(), Value()}));

    ASSERT_TRUE(db.query("SELECT a, b, c FROM things", {}, all_types, [&](const Row& row) -> Status {
        EXPECT_TRUE(row.is_null(0) && row.is_null(1) && row.is_null(2));
        EXPECT_FALSE(row.optional_integer(0) || row.optional_real(1));
        EXPECT_EQ(row.text(2), "");
        return {};
    }));
}

TEST_P(DatabaseTest, UndoesATransactionThatFails) {
    Database db = open_with_table();

    const Status status = db.in_transaction([&]() -> Status {
        DUBPLATE_CHECK(db.execute("INSERT INTO things (a) VALUES (1)"));
        return fail(ErrorCode::io, "a disk that fails");
    });

    EXPECT_EQ(status.error().message, "a disk that fails");
    EXPECT_EQ(*db.find_integer("SELECT count(*) FROM things"), 0);
}

TEST_P(DatabaseTest, IsUsableAfterAStatementFailedInATransaction) {
    Database db = open_with_table();
    ASSERT_TRUE(db.execute("INSERT INTO things (c) VALUES ('one')"));

    const Status status = db.in_transaction([&]() -> Status {
        DUBPLATE_CHECK(db.execute("INSERT INTO things (c) VALUES ('one')"));
        return {};
    });

    EXPECT_EQ(status.error().code, ErrorCode::already_exists);
    EXPECT_EQ(*db.find_integer("SELECT count(*) FROM things"), 1);
    EXPECT_TRUE(db.in_transaction([&]() -> Status {
        DUBPLATE_CHECK(db.execute("INSERT INTO things (c) VALUES ('two')"));
        return {};
    }));
}

TEST_P(DatabaseTest, EndsAQueryWhereTheTakerFails) {
    Database db = open_with_table();
    for (std::int64_t i = 0; i < 10; ++i) ASSERT_TRUE(db.execute("INSERT INTO things (a) VALUES (?)", {i}));
    int rows = 0;

    const Status status =
        db.query("SELECT a FROM things", {}, std::array{ColumnType::integer}, [&](const Row&) -> Status {
            if (++rows == 3) return fail(ErrorCode::canceled, "enough");
            return {};
        });

    EXPECT_EQ(status.error().code, ErrorCode::canceled);
    EXPECT_EQ(rows, 3);
    EXPECT_EQ(*db.find_integer("SELECT count(*) FROM things"), 10) << "the connection goes on";
}

TEST_P(DatabaseTest, CallsAFaultInTheSqlInternal) {
    Database db = open();

    EXPECT_EQ(db.execute("SELEKT 1").error().code, ErrorCode::internal);
    EXPECT_EQ(db.find_integer("SELECT a FROM nowhere").error().code, ErrorCode::internal);
}

INSTANTIATE_TEST_SUITE_P(Databases, DatabaseTest, test::both_databases, test::dialect_name);

TEST(SqliteDatabase, SaysThatItIsLocked) {
    const test::EmptyDatabase database(Dialect::sqlite);
    auto first = Database::open(database.url(), impatient);
    auto second = Database::open(database.url(), impatient);
    ASSERT_TRUE(first && second);
    ASSERT_TRUE(first->execute("BEGIN IMMEDIATE"));

    const Status status = second->in_transaction([] { return Status(); });

    EXPECT_EQ(status.error().code, ErrorCode::unavailable);
    EXPECT_THAT(status.error().message, testing::HasSubstr("locked by another program"));
}

TEST(SqliteDatabase, TellsOnceThatItWaitsForLongerThanASecond) {
    const test::EmptyDatabase database(Dialect::sqlite);
    int told = 0;
    auto first = Database::open(database.url(), impatient);
    auto second = Database::open(
        database.url(), {.busy_timeout = std::chrono::milliseconds(1100), .on_long_wait = [&] { ++told; }});
    ASSERT_TRUE(first && second);
    ASSERT_TRUE(first->execute("BEGIN IMMEDIATE"));

    const Status status = second->in_transaction([] { return Status(); });

    EXPECT_EQ(status.error().code, ErrorCode::unavailable);
    EXPECT_EQ(told, 1);
}

TEST(SqliteDatabase, LeavesAFileAloneThatIsNone) {
    const TempFolder folder;
    const std::string text = "These are the notes of a session, and no database at all.";
    const auto path = folder.write("notes.db", text);

    const auto opened = Database::open(path.string());

    EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
    EXPECT_EQ(folder.read("notes.db"), text);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"notes.db"});
}

TEST(SqliteDatabase, TellsDamageWhereItMeetsIt) {
    const TempFolder folder;
    const std::string path = (folder / "catalog.db").string();
    {
        auto db = Database::open(path);
        ASSERT_TRUE(db && db->execute("CREATE TABLE things (a TEXT)"));
        ASSERT_TRUE(db->execute("INSERT INTO things (a) VALUES ('x')"));
    }
    std::string bytes = folder.read("catalog.db");
    bytes.replace(100, bytes.size() - 100, bytes.size() - 100, '\x55');  // all behind the file's header
    folder.write("catalog.db", bytes);

    auto db = Database::open(path);
    const auto found = db ? db->find_text("SELECT a FROM things") : db.error();

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::corrupt) << found.error().to_string();
    EXPECT_THAT(found.error().message, testing::EndsWith("database disk image is malformed"))
        << "the database's own words, without the SQL";
    EXPECT_THAT(found.error().message, testing::Not(testing::HasSubstr("::")));
    EXPECT_EQ(folder.read("catalog.db"), bytes);
}

TEST(PostgresqlDatabase, SaysThatTheServerHasNoSuchDatabase) {
    const test::EmptyDatabase database(Dialect::postgresql);
    if (database.url().empty()) GTEST_SKIP() << database.reason();
    std::string url = database.url();
    const std::size_t name = url.find('/', url.find("://") + 3) + 1;
    url.replace(name, url.find('?') - name, "nope");

    const auto opened = Database::open(url);

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(opened.error().hint, testing::HasSubstr("check the URL"));
}

TEST(SqliteDatabase, TakesPathsWithSpacesAndQuotes) {
    const TempFolder folder;

    const auto db = Database::open((folder / "a folder/it's mine.db").string());

    ASSERT_TRUE(db) << db.error().to_string();
    EXPECT_TRUE(std::filesystem::exists(folder / "a folder"));
}

TEST(SqliteDatabase, IsNotMadeWhereItIsOnlyToBeRead) {
    const TempFolder folder;

    const auto db = Database::open((folder / "none.db").string(), {.create = false});

    EXPECT_EQ(db.error().code, ErrorCode::not_found);
    EXPECT_TRUE(folder.names().empty());
}

TEST(DatabaseUrl, RefusesWhatItDoesNotKnowAndHidesPasswords) {
    EXPECT_EQ(Database::open("mysql://host/name").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(Database::open("").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(Database::open("sqlite:").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(Database::open("postgresql://me@host/x' user='root").error().code, ErrorCode::invalid_argument);
    const auto unreachable = Database::open("postgresql://me:secret@/x?host=/nowhere/at/all");
    EXPECT_EQ(unreachable.error().code, ErrorCode::unavailable) << unreachable.error().to_string();
    EXPECT_THAT(unreachable.error().to_string(), testing::Not(testing::HasSubstr("secret")));
}

}  // namespace

}  // namespace dubplate
