#include "library/files/outputs.h"

#include <gtest/gtest.h>

#include "library/edits.h"
#include "library/files/disk.h"
#include "library/files/output_name.h"
#include "library/files/verify.h"
#include "support/libraries.h"

namespace dubplate {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OutputsTest : public test::LibraryTest {
  protected:
    OutputFiles open() {
        auto opened = OutputFiles::open(catalog(), root());
        EXPECT_TRUE(opened) << opened.error().to_string();
        return std::move(*opened);
    }
    std::filesystem::path root() const { return files() / "outputs"; }
    std::string store(OutputFiles& outputs, const std::string& job, const std::string& content) {
        const auto output = outputs.store(job, sound(job + ".wav", content));
        EXPECT_TRUE(output) << output.error().to_string();
        return output ? output->path : "";
    }
    std::vector<std::string> listed(OutputFiles& outputs, const OutputFilter& filter = {}) {
        std::vector<std::string> paths;
        EXPECT_TRUE(outputs.list(filter, [&](const Output& output) -> Status {
            paths.push_back(output.path);
            return {};
        }));
        return paths;
    }
    std::vector<std::string> findings(OutputFiles& outputs) {
        std::vector<std::string> found;
        const auto verified = verify_library(catalog(), outputs, false, [&](const Finding& finding) {
            found.push_back(finding.problem + " " + std::filesystem::path(finding.path).filename().string());
        });
        EXPECT_TRUE(verified) << verified.error().to_string();
        return found;
    }
    // What a process killed after the journal's row was written leaves.
    void journal(const std::string& operation, const std::string& source, const std::string& target) {
        ASSERT_TRUE(
            catalog().database.execute("INSERT INTO file_journal (folder, operation, source, target, sha256, "
                                       "size_bytes, job_id, created) SELECT ?, ?, ?, ?, sha256, "
                                       "size_bytes, job_id, created FROM outputs WHERE path = ?",
                                       {root().string(), operation, source, target, source}));
    }
};

TEST_P(OutputsTest, LieByDayUnderTheNameOfTheirJob) {
    OutputFiles outputs = open();

    const std::string path = store(outputs, "3f2a-77", "abc");

    EXPECT_EQ(path, "2026/01/01/3f2a-77.wav");
    EXPECT_EQ(files().read("outputs/" + path), "abc");
    EXPECT_TRUE(outputs.exists(path));
    const auto found = outputs.find("3f2a-77");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size_bytes, 3);
    EXPECT_EQ(outputs.full_path(found->path), root() / path);
    EXPECT_THAT(findings(outputs), IsEmpty());
}

TEST_P(OutputsTest, NeverReplaceOneAnother) {
    OutputFiles outputs = open();
    const std::string path = store(outputs, "job", "abc");

    const auto again = outputs.store("job", sound("other/job.wav", "def"));

    EXPECT_EQ(again.error().code, ErrorCode::already_exists);
    EXPECT_EQ(files().read("outputs/" + path), "abc");
    EXPECT_THAT(findings(outputs), IsEmpty());
}

TEST_P(OutputsTest, AreMovedCopiedAndDeleted) {
    OutputFiles outputs = open();
    const std::string path = store(outputs, "job", "abc");

    const auto copied = outputs.copy(path, "archive/copy.wav");
    const auto moved = outputs.move("2026/01/01/job.wav", "archive/night drive.wav");

    ASSERT_TRUE(copied && moved);
    EXPECT_FALSE(outputs.exists(path));
    EXPECT_EQ(files().read("outputs/archive/copy.wav"), "abc");
    EXPECT_EQ(files().read("outputs/archive/night drive.wav"), "abc");
    EXPECT_EQ(outputs.move("archive/copy.wav", "archive/night drive.wav").error().code,
              ErrorCode::already_exists);
    EXPECT_EQ(outputs.move("none.wav", "a.wav").error().code, ErrorCode::not_found);
    EXPECT_TRUE(*outputs.remove("archive/copy.wav"));
    EXPECT_FALSE(*outputs.remove("archive/copy.wav"));
    EXPECT_THAT(listed(outputs), ElementsAre("archive/night drive.wav"));
    EXPECT_THAT(findings(outputs), IsEmpty());
}

TEST_P(OutputsTest, AreListedByDateExtensionAndLimitTheNewestFirst) {
    OutputFiles outputs = open();
    store(outputs, "a", "1");
    clock().advance(std::chrono::hours(24));
    const std::int64_t second_day = catalog().now();
    store(outputs, "b", "2");
    ASSERT_TRUE(outputs.store("c", sound("c.flac", "3")));

    EXPECT_THAT(listed(outputs), ElementsAre("2026/01/02/c.flac", "2026/01/02/b.wav", "2026/01/01/a.wav"));
    EXPECT_THAT(listed(outputs, {.from = second_day, .extension = "wav"}), ElementsAre("2026/01/02/b.wav"));
    EXPECT_THAT(listed(outputs, {.to = second_day}), ElementsAre("2026/01/01/a.wav"));
    EXPECT_THAT(listed(outputs, {.limit = 1}), ElementsAre("2026/01/02/c.flac"));
    const auto stats = outputs.compute_stats();
    ASSERT_TRUE(stats);
    EXPECT_EQ(stats->total_files, 3);
    EXPECT_EQ(stats->total_bytes, 3);
    EXPECT_EQ(*stats->newest - *stats->oldest, 86'400'000);
    EXPECT_THAT(stats->file_types, ElementsAre(std::pair("flac", 1), std::pair("wav", 2)));
}

TEST_P(OutputsTest, MayHaveNoExtension) {
    OutputFiles outputs = open();
    const std::string path = store(outputs, "job", "1");
    ASSERT_TRUE(outputs.move(path, "archive/plain"));

    const auto stats = outputs.compute_stats();

    ASSERT_TRUE(stats);
    EXPECT_THAT(stats->file_types, ElementsAre(std::pair("", 1)));
}

TEST_P(OutputsTest, AreCleanedByAgeButNotWhereTheLibraryNeedsThem) {
    OutputFiles outputs = open();
    const std::string old = store(outputs, "old", "old");
    const std::string needed = store(outputs, "needed", "needed");
    add({(root() / needed).string()});
    clock().advance(std::chrono::hours(24 * 31));
    const std::string fresh = store(outputs, "fresh", "fresh");

    const auto dry = outputs.clean(30, true);

    ASSERT_TRUE(dry);
    EXPECT_EQ(dry->deleted.size(), 1U);
    EXPECT_TRUE(outputs.exists(old));
    const auto cleaned = outputs.clean(30, false);
    ASSERT_TRUE(cleaned);
    EXPECT_EQ(cleaned->kept, 1);
    EXPECT_EQ(cleaned->bytes, 3);
    EXPECT_THAT(listed(outputs), ElementsAre(fresh, needed));
    EXPECT_EQ(outputs.remove(needed).error().code, ErrorCode::already_exists);
    EXPECT_THAT(findings(outputs), IsEmpty());
}

TEST_P(OutputsTest, LeaveNoEmptyFolders) {
    OutputFiles outputs = open();
    store(outputs, "old", "old");
    std::filesystem::create_directories(root() / "a/b/c");
    clock().advance(std::chrono::hours(24 * 31));

    const auto cleaned = outputs.clean(30, false);

    ASSERT_TRUE(cleaned) << cleaned.error().to_string();
    EXPECT_EQ(cleaned->folders, 6);  // a/b/c and 2026/01/01
    EXPECT_FALSE(std::filesystem::exists(root() / "a"));
    EXPECT_FALSE(std::filesystem::exists(root() / "2026"));
}

TEST_P(OutputsTest, KeepTheLibrarysPathsWhereTheyAreMoved) {
    OutputFiles outputs = open();
    const std::string path = store(outputs, "job", "bpm=92");
    const auto reports = add({(root() / path).string()});

    ASSERT_TRUE(outputs.move(path, "kept/take.wav"));

    EXPECT_EQ(asset(reports[0].asset_id).path, (root() / "kept/take.wav").string());
    EXPECT_THAT(findings(outputs), IsEmpty());
}

TEST_P(OutputsTest, FinishOrTakeBackWhatAKilledProcessBegan) {
    std::string moved, deleted, stayed;
    {
        OutputFiles outputs = open();
        moved = store(outputs, "moved", "1");
        stayed = store(outputs, "stayed", "2");
        deleted = store(outputs, "deleted", "3");
    }
    journal("move", moved, "a/moved.wav");
    ASSERT_TRUE(move_entry(root() / moved, root() / "a/moved.wav"));  // killed before its row was changed
    journal("move", stayed, "a/stayed.wav");                          // killed before it was renamed
    journal("delete", deleted, "");                                   // killed before it was deleted
    journal("store", stayed, "a/whole.wav");                          // killed before its row was written
    std::filesystem::copy_file(root() / stayed, root() / "a/whole.wav");
    journal("store", stayed, "a/part.wav");  // killed while it was written
    std::ofstream(root() / "a/.part.wav.part") << "x";

    OutputFiles outputs = open();

    EXPECT_EQ(outputs.recovered(), 5);
    EXPECT_THAT(listed(outputs), testing::UnorderedElementsAre("a/moved.wav", stayed, "a/whole.wav"));
    EXPECT_THAT(findings(outputs), IsEmpty());
    EXPECT_EQ(open().recovered(), 0);
}

TEST_P(OutputsTest, AreVerified) {
    OutputFiles outputs = open();
    const std::string damaged = store(outputs, "damaged", "abc");
    const std::string gone = store(outputs, "gone", "def");
    add_one("asset.wav", "bpm=92");
    files().write("outputs/" + damaged, "abd");
    std::filesystem::remove(root() / gone);
    files().write("outputs/stray.wav", "x");
    std::filesystem::remove(files() / "asset.wav");

    EXPECT_THAT(findings(outputs), testing::UnorderedElementsAre("changed damaged.wav", "missing gone.wav",
                                                                 "stray stray.wav", "missing asset.wav"));
}

TEST_P(OutputsTest, AreListedByAnIndex) {
    if (GetParam() != Dialect::sqlite) return;
    constexpr std::array types{ColumnType::integer, ColumnType::integer, ColumnType::integer,
                               ColumnType::text};
    for (const OutputFilter& filter :
         {OutputFilter{}, OutputFilter{.from = 1}, OutputFilter{.to = 5, .limit = 3}}) {
        Values values;
        const std::string sql = OutputFiles::list_sql(filter, values);
        std::string plan;
        ASSERT_TRUE(catalog().database.query("EXPLAIN QUERY PLAN " + sql, values, types,
                                             [&](const Row& row) -> Status {
                                                 plan += row.text(3) + "\n";
                                                 return {};
                                             }));
        EXPECT_THAT(plan, HasSubstr("USING INDEX outputs_created"));
        EXPECT_THAT(plan, testing::Not(HasSubstr("TEMP B-TREE")));
    }
}

INSTANTIATE_TEST_SUITE_P(Databases, OutputsTest, test::both_databases, test::dialect_name);

TEST(OutputName, RefusesWhatWouldLeaveItsFolder) {
    for (const char* job : {"", "..", "a/b", "-rf", "a b", "a.b", "\xc3\xa9", "a\n"})
        EXPECT_FALSE(output_name(job, "wav", 0)) << job;
    EXPECT_FALSE(output_name(std::string(65, 'a'), "wav", 0));
    for (const char* extension : {"", "w/v", "..", "waaaaaaav"})
        EXPECT_FALSE(output_name("job", extension, 0)) << extension;
    EXPECT_EQ(*output_name("job_1", "WAV", 1'772'323'200'000), "2026/03/01/job_1.wav");
    for (const char* path :
         {"", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".hidden", "a/.part", "con", "a:b"})
        EXPECT_FALSE(check_relative_path(path)) << path;
    EXPECT_TRUE(check_relative_path("archive/Night Drive (2).wav"));
}

}  // namespace

}  // namespace dubplate
