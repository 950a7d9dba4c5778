// libraries.h: a catalog for one test, with a clock that stands still, and sounds that need no audio.
//
// Sounds   a "sound" is a small text file of lines "field=value"; pretend_analyzer() reads its facts from them and counts how
//          often it was asked. A line "vector=0.5 1 2" gives the vector.
#pragma once

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <sstream>

#include "library/add.h"
#include "library/query_sql.h"
#include "support/databases.h"

namespace dubplate::test {

inline Result<Found> read_sound(const std::filesystem::path& path) {
    Found found;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const std::size_t equals = line.find('=');
        if (line == "broken") return fail(ErrorCode::corrupt, path.string() + ": is broken");
        if (equals == std::string::npos) continue;
        const std::string name = line.substr(0, equals);
        const std::string value = line.substr(equals + 1);
        std::istringstream numbers(value);
        if (name == "vector")
            for (float number = 0; numbers >> number;) found.vector.push_back(number);
        const Field* field = find_asset_field(name);
        if (!field) continue;
        if (field->column == ColumnType::text) field->set(found.facts, value);
        if (field->column == ColumnType::real) field->set(found.facts, std::stod(value));
        if (field->column == ColumnType::integer)
            field->set(found.facts, static_cast<std::int64_t>(std::stoll(value)));
    }
    return found;
}

struct PretendAnalyzer {
    std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
    Analyzer analyzer{"pretend 1",
                      [calls = calls](const std::filesystem::path& path, const std::stop_token&) {
                          ++*calls;
                          return read_sound(path);
                      }};
};

class LibraryTest : public OnBothDatabases {
  protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        auto opened = open_catalog(database().url(), {}, clock_);
        ASSERT_TRUE(opened) << opened.error().to_string();
        catalog_.emplace(std::move(*opened));
    }

    Catalog& catalog() { return *catalog_; }
    ManualClock& clock() { return clock_; }
    const TempFolder& files() const { return files_; }
    PretendAnalyzer& pretend() { return pretend_; }

    std::string sound(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((files_ / name).parent_path());
        return files_.write(name, text).string();
    }

    std::vector<AddReport> add(const std::vector<std::string>& names, AddOptions options = {}) {
        std::vector<AddReport> reports;
        Progress progress;
        last_status_ = add_files(
            catalog(), database().url(), names, pretend_.analyzer, options, progress,
            [&](const AddReport& report) { reports.push_back(report); }, stop_.get_token());
        return reports;
    }
    std::string add_one(const std::string& name, const std::string& text) {
        const auto reports = add({sound(name, text)});
        EXPECT_EQ(reports.size(), 1U);
        EXPECT_FALSE(reports.front().error) << reports.front().error->to_string();
        return reports.front().asset_id;
    }

    Asset asset(const std::string& id) {
        auto found = find_asset(catalog(), id);
        EXPECT_TRUE(found) << found.error().to_string();
        return found ? *found : Asset{};
    }

    // The titles that a query finds, in their order.
    std::vector<std::string> titles(const std::string& text) {
        std::vector<std::string> found;
        const auto query = parse_query(text, catalog().now());
        EXPECT_TRUE(query) << query.error().to_string();
        const Status status = find_assets(catalog(), *query, 0, [&](const Asset& asset) -> Status {
            found.push_back(asset.title);
            return {};
        });
        EXPECT_TRUE(status) << status.error().to_string();
        return found;
    }

    Status last_status_;
    std::stop_source stop_;

  private:
    ManualClock clock_;
    TempFolder files_;
    PretendAnalyzer pretend_;
    std::optional<Catalog> catalog_;
};

}  // namespace dubplate::test
