// databases.h: an empty database for one test, on SQLite or on the PostgreSQL server of the tests.
//
// Server   $DUBPLATE_POSTGRESQL names the folder in which tests/support/postgresql.py tells where it is; ctest starts it.
//          Without one the test is skipped and says why.
// Shape    on PostgreSQL a database of the test is a schema of its own, dropped with it.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "db/database.h"
#include "support/temp_folder.h"

namespace dubplate::test {

class EmptyDatabase {
  public:
    explicit EmptyDatabase(Dialect dialect) {
        if (dialect == Dialect::sqlite) {
            url_ = "sqlite:" + (folder_ / "catalog.db").string();
        } else {
            make_schema();
        }
    }
    ~EmptyDatabase() {
        if (!server_) return;
        EXPECT_TRUE(server_->execute("DROP SCHEMA " + schema_ + " CASCADE"));
    }
    EmptyDatabase(const EmptyDatabase&) = delete;
    EmptyDatabase& operator=(const EmptyDatabase&) = delete;

    const std::string& url() const { return url_; }  // empty: there is no server
    const std::string& reason() const { return reason_; }
    const TempFolder& folder() const { return folder_; }

  private:
    static std::string read(const std::string& name) {
        const char* folder = std::getenv("DUBPLATE_POSTGRESQL");
        std::ifstream file(std::string(folder ? folder : "") + "/" + name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void make_schema() {
        const std::string server = read("url");
        if (server.empty()) {
            const std::string why = read("reason");
            reason_ =
                "no PostgreSQL: " + (why.empty() ? "ctest starts one for its tests; run this with it" : why);
            return;
        }
        static int count = 0;
        schema_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
        auto opened = Database::open(server);
        ASSERT_TRUE(opened) << opened.error().to_string();
        server_ = std::move(*opened);
        ASSERT_TRUE(server_->execute("CREATE SCHEMA " + schema_));
        url_ = server + "&options=-csearch_path=" + schema_;
    }

    TempFolder folder_;
    std::string url_;
    std::string reason_;
    std::string schema_;
    std::optional<Database> server_;
};

// A test on each database: `database().url()` is empty at its start.
class OnBothDatabases : public ::testing::TestWithParam<Dialect> {
  protected:
    void SetUp() override {
        if (database_.url().empty()) GTEST_SKIP() << database_.reason();
    }
    const EmptyDatabase& database() const { return database_; }

  private:
    EmptyDatabase database_{GetParam()};
};

inline std::string dialect_name(const ::testing::TestParamInfo<Dialect>& info) {
    return info.param == Dialect::sqlite ? "SQLite" : "PostgreSQL";
}

inline const auto both_databases = ::testing::Values(Dialect::sqlite, Dialect::postgresql);

}  // namespace dubplate::test
