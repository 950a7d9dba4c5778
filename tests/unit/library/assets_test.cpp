#include "library/assets.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "core/prng.h"
#include "library/edits.h"
#include "library/events.h"
#include "library/found.h"
#include "library/similar.h"
#include "support/libraries.h"

namespace dubplate {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AssetsTest : public test::LibraryTest {
  protected:
    static constexpr std::array two_texts{ColumnType::text, ColumnType::text};
    // All that the library knows, but for when it came to know it: each asset, and where it lies.
    std::vector<std::string> contents() { return contents_of(catalog()); }
    static std::vector<std::string> contents_of(Catalog& catalog) {
        std::vector<std::string> lines;
        const auto query = parse_query("id+", 0);
        EXPECT_TRUE(find_assets(catalog, *query, 0, [&](const Asset& asset) -> Status {
            Asset timeless = asset;
            timeless.added = 0;
            timeless.analyzed.reset();
            nlohmann::json json;
            to_json(json, timeless);
            lines.push_back(json.dump());
            return {};
        }));
        EXPECT_TRUE(catalog.database.query("SELECT asset_id, path FROM asset_files ORDER BY path", {},
                                           two_texts, [&](const Row& row) -> Status {
                                               for (std::string& line : lines)
                                                   if (line.find("\"id\":\"" + row.text(0)) !=
                                                       std::string::npos)
                                                       line += " " + row.text(1);
                                               return {};
                                           }));
        return lines;
    }
    std::vector<std::string> contents_of_a_fresh_catalog(
        const std::vector<std::span<const std::string>>& calls, int jobs) {
        const test::EmptyDatabase fresh(GetParam());
        auto catalog = open_catalog(fresh.url(), {}, clock());
        EXPECT_TRUE(catalog) << catalog.error().to_string();
        for (const auto& paths : calls) {
            Progress progress;
            const Status added =
                add_files(*catalog, fresh.url(), {paths.begin(), paths.end()}, pretend().analyzer,
                          {.jobs = jobs}, progress, [](const AddReport&) {});
            EXPECT_TRUE(added) << added.error().to_string();
        }
        return contents_of(*catalog);
    }
};

TEST_P(AssetsTest, KnowTheSameFileAtOnceWhereverItLies) {
    const std::string id = add_one("a.wav", "title=Night\nbpm=92");

    const auto reports = add({sound("copies/b.wav", "title=Night\nbpm=92")});

    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].status, AddStatus::known);
    EXPECT_EQ(reports[0].asset_id, id);
    EXPECT_EQ(*pretend().calls, 1) << "the same content is analyzed once";
}

TEST_P(AssetsTest, ReadNoFileAgainThatIsUnchanged) {
    add({sound("a.wav", "bpm=92"), sound("b.wav", "bpm=93")});

    const auto again = add({files().path().string()});

    ASSERT_EQ(again.size(), 2U);
    EXPECT_EQ(again[0].status, AddStatus::unchanged);
    EXPECT_EQ(again[1].status, AddStatus::unchanged);
    EXPECT_EQ(*pretend().calls, 2);
}

TEST_P(AssetsTest, AreAnalyzedAnewByANewerAnalyzer) {
    const std::string id = add_one("a.wav", "bpm=92");
    pretend().analyzer.version = "pretend 2";

    const auto reports = add({files().path().string()});

    EXPECT_EQ(reports[0].status, AddStatus::known);
    EXPECT_EQ(reports[0].asset_id, id);
    EXPECT_EQ(*pretend().calls, 2);
}

TEST_P(AssetsTest, KeepTheirAnalysisWhenTheyAreRemovedAndComeBack) {
    const std::string id = add_one("a.wav", "bpm=92\ntitle=Night");
    ASSERT_TRUE(remove_asset(catalog(), id));
    EXPECT_EQ(find_asset(catalog(), id).error().code, ErrorCode::not_found);

    const auto reports = add({files().path().string()});

    EXPECT_EQ(reports[0].status, AddStatus::added);
    EXPECT_EQ(asset(id).bpm, 92);
    EXPECT_EQ(*pretend().calls, 1);
}

TEST_P(AssetsTest, KeepAnEditForGood) {
    const std::string id = add_one("a.wav", "bpm=184\nkey=A minor\ngenre=House");

    ASSERT_TRUE(apply_edits(catalog(), id, {{"bpm", "92"}, {"key", "Cm"}}));

    EXPECT_EQ(asset(id).bpm, 92);
    EXPECT_EQ(asset(id).key, "C minor");
    pretend().analyzer.version = "pretend 2";
    add({files().path().string()});
    EXPECT_EQ(*pretend().calls, 2);
    EXPECT_EQ(asset(id).bpm, 92) << "no later analysis changes it";
    EXPECT_EQ(asset(id).key, "C minor");
    EXPECT_EQ(asset(id).genre, "House");
}

TEST_P(AssetsTest, GoBackToWhatWasFoundWhereAnEditIsTakenBack) {
    const std::string id = add_one("a.wav", "bpm=184");
    ASSERT_TRUE(apply_edits(catalog(), id, {{"bpm", "92"}, {"kind", "take"}, {"title", "Mine"}}));

    ASSERT_TRUE(apply_edits(catalog(), id, {{"bpm", ""}, {"kind", ""}, {"title", ""}}));

    EXPECT_EQ(asset(id).bpm, 184);
    EXPECT_EQ(asset(id).kind, "sample");
    EXPECT_EQ(asset(id).title, "a") << "the file's name, for want of a title";
    EXPECT_THAT(*list_edits(catalog(), id), IsEmpty());
}

TEST_P(AssetsTest, HandWhatTheUserSaidOnToTheFilesNewContent) {
    const std::string id = add_one("a.wav", "bpm=184");
    ASSERT_TRUE(apply_edits(catalog(), id, {{"genre", "house"}, {"tags", "dark"}}));

    const auto reports = add({sound("a.wav", "bpm=96 and longer")});

    ASSERT_EQ(reports[0].status, AddStatus::changed);
    EXPECT_NE(reports[0].asset_id, id);
    EXPECT_EQ(asset(reports[0].asset_id).genre, "house");
    EXPECT_THAT(*list_tags(catalog(), reports[0].asset_id), ElementsAre("dark"));
    EXPECT_EQ(find_asset(catalog(), id).error().code, ErrorCode::not_found);
}

TEST_P(AssetsTest, AreFollowedToWhereTheirFileWasMoved) {
    const std::string id = add_one("a.wav", "bpm=184");
    add({sound("copy.wav", "bpm=184")});
    ASSERT_TRUE(apply_edits(catalog(), id, {{"bpm", "92"}}));
    std::filesystem::create_directory(files() / "new");
    const std::string moved = (files() / "new" / "b.wav").string();
    std::filesystem::rename(files() / "a.wav", moved);

    const auto reports = add({moved});

    EXPECT_EQ(reports[0].status, AddStatus::known);
    std::vector<std::string> paths;
    ASSERT_TRUE(list_files(catalog(), id, [&](const FileState& file) -> Status {
        paths.push_back(file.path);
        return {};
    }));
    EXPECT_THAT(paths, ElementsAre((files() / "copy.wav").string(), moved)) << "a copy that is there stays";
    EXPECT_EQ(asset(id).bpm, 92);
    std::vector<std::string> told;
    ASSERT_TRUE(list_events(catalog(), id, 1, [&](const Event& event) -> Status {
        told.push_back(event.event + " " + event.detail);
        return {};
    }));
    EXPECT_THAT(told, ElementsAre("moved " + (files() / "a.wav").string() + " to " + moved));
}

// The files in any order, by several threads or one, in one call or in several, into a catalog that knows nothing.
TEST_P(AssetsTest, DoNotDependOnTheOrderInWhichTheyCame) {
    constexpr int files_count = 9;
    constexpr int contents_count = 4;  // so that each lies at two or three places
    std::vector<std::string> paths;
    for (int i = 0; i < files_count; ++i) {
        const std::string content = std::to_string(i % contents_count);
        // Half of them have a title; that of the others is the name of their first file.
        const std::string title = i % 2 == 0 ? "\ntitle=sound " + content : "";
        paths.push_back(sound("f" + std::to_string(i) + ".wav", "bpm=8" + content + title));
    }
    add(paths, {.jobs = 3});
    const auto expected = contents();
    ASSERT_EQ(expected.size(), contents_count);

    for (std::uint64_t round = 0; round < 12; ++round) {
        const Random random(20261122, round);
        for (std::size_t i = paths.size() - 1; i > 0; --i)
            std::swap(paths[i], paths[random.bits(i) % (i + 1)]);
        const std::size_t first = random.bits(paths.size()) % (paths.size() + 1);
        const auto jobs = static_cast<int>(1 + round % 3);
        const std::span all(paths);

        const auto found = contents_of_a_fresh_catalog({all.first(first), all.subspan(first)}, jobs);

        EXPECT_EQ(found, expected) << "round " << round << ": " << testing::PrintToString(paths);
    }
}

TEST_P(AssetsTest, GoOnAfterAFileThatFails) {
    const auto reports = add(
        {sound("a.wav", "broken"), sound("b.wav", "bpm=90"), (files() / "none.wav").string()}, {.jobs = 2});

    ASSERT_EQ(reports.size(), 3U);
    EXPECT_EQ(reports[0].error->code, ErrorCode::corrupt);
    EXPECT_EQ(reports[1].status, AddStatus::added);
    EXPECT_EQ(reports[2].error->code, ErrorCode::not_found);
    EXPECT_TRUE(last_status_);
}

TEST_P(AssetsTest, KeepWhatWasDoneWhereTheWorkIsStoppedAndGoOnFromThere) {
    for (int i = 0; i < 8; ++i) sound("f" + std::to_string(i) + ".wav", "bpm=" + std::to_string(80 + i));
    pretend().analyzer.analyze = [this, calls = pretend().calls](const std::filesystem::path& path,
                                                                 const std::stop_token&) {
        if (++*calls == 4) stop_.request_stop();
        return test::read_sound(path);
    };

    add({files().path().string()});

    EXPECT_EQ(last_status_.error().code, ErrorCode::canceled);
    const auto done = contents().size();
    EXPECT_GT(done, 0U);
    EXPECT_LT(done, 8U);
    stop_ = std::stop_source();
    add({files().path().string()});
    EXPECT_TRUE(last_status_);
    EXPECT_EQ(contents().size(), 8U);
}

TEST_P(AssetsTest, RefuseAFileThatChangesWhileItIsRead) {
    const std::string path = sound("a.wav", "bpm=92");
    pretend().analyzer.analyze = [&](const std::filesystem::path& read, const std::stop_token&) {
        std::ofstream(path, std::ios::app) << "\nmore";
        return test::read_sound(read);
    };

    const auto reports = add({path});

    EXPECT_EQ(reports[0].error->code, ErrorCode::unavailable);
    EXPECT_THAT(reports[0].error->message, HasSubstr("changed while it was read"));
    EXPECT_THAT(contents(), IsEmpty());
}

TEST_P(AssetsTest, WriteNothingInADryRun) {
    const auto reports = add({sound("a.wav", "bpm=92")}, {.dry_run = true});

    EXPECT_EQ(reports[0].status, AddStatus::added);
    EXPECT_THAT(contents(), IsEmpty());
    EXPECT_EQ(*pretend().calls, 0);
}

TEST_P(AssetsTest, AreFoundByTheBeginningOfTheirId) {
    const std::string id = add_one("a.wav", "bpm=92");

    EXPECT_EQ(asset(id.substr(0, 4)).id, id);
    EXPECT_EQ(asset(asset(id).sha256).id, id);
    EXPECT_EQ(find_asset(catalog(), id.substr(0, 3)).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(find_asset(catalog(), "../../etc").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(find_asset(catalog(), id[0] == 'f' ? "0000" : "ffff").error().code, ErrorCode::not_found);
}

TEST_P(AssetsTest, AreCountedByKindAndFormat) {
    add_one("a.wav", "duration_seconds=1.5\nformat=wav");
    add_one("b.wav", "duration_seconds=2.5\nformat=flac");

    const auto stats = compute_stats(catalog());

    ASSERT_TRUE(stats) << stats.error().to_string();
    EXPECT_EQ(stats->assets, 2);
    EXPECT_EQ(stats->files, 2);
    EXPECT_EQ(stats->total_seconds, 4);
    EXPECT_EQ(stats->by_format, (std::vector<std::pair<std::string, std::int64_t>>{{"flac", 1}, {"wav", 1}}));
}

TEST_P(AssetsTest, AreListedByHowMuchTheySoundAlike) {
    const std::string a = add_one("a.wav", "title=a\nvector=0 0 5");
    add_one("b.wav", "title=b\nvector=1 0 5");
    add_one("c.wav", "title=c\nvector=3 1 5");
    add_one("d.wav", "title=d");

    const auto similar = find_similar(catalog(), asset(a), 10);

    ASSERT_TRUE(similar) << similar.error().to_string();
    ASSERT_EQ(similar->size(), 2U);
    EXPECT_EQ((*similar)[0].asset.title, "b");
    EXPECT_EQ((*similar)[1].asset.title, "c");
    EXPECT_LT((*similar)[0].distance, (*similar)[1].distance);
    EXPECT_EQ(find_similar(catalog(), asset(a), 1)->size(), 1U);
}

TEST_P(AssetsTest, TellWhatHappenedToThem) {
    const std::string id = add_one("a.wav", "bpm=92");
    ASSERT_TRUE(apply_edits(catalog(), id, {{"bpm", "90"}}));
    ASSERT_TRUE(remove_asset(catalog(), id));
    std::vector<std::string> events;

    ASSERT_TRUE(list_events(catalog(), id, 0, [&](const Event& event) -> Status {
        events.push_back(event.event);
        return {};
    }));

    EXPECT_THAT(events, ElementsAre("removed", "edited", "added"));
}

INSTANTIATE_TEST_SUITE_P(Databases, AssetsTest, test::both_databases, test::dialect_name);

TEST(Edit, IsCheckedBeforeItIsMade) {
    EXPECT_EQ(parse_edit("bpm=900").error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(parse_edit("bmp=90").error().to_string(), HasSubstr("did you mean bpm?"));
    EXPECT_FALSE(parse_edit("sha256=0"));
    EXPECT_FALSE(parse_edit("bpm"));
    EXPECT_FALSE(parse_edit("kind=song"));
    EXPECT_FALSE(parse_edit("key=H"));
    EXPECT_FALSE(parse_edit("tags=a\nb"));
    EXPECT_TRUE(parse_edit("bpm="));
}

TEST(FoundVector, ComesBackBitForBit) {
    for (std::size_t size : {0U, 1U, 2U, 3U, 64U}) {
        std::vector<float> vector;
        for (std::size_t i = 0; i < size; ++i) vector.push_back(1.0F / static_cast<float>(i + 1) - 0.3F);
        std::vector<float> read;

        EXPECT_TRUE(read_vector(vector_text(vector), read));

        EXPECT_EQ(read, vector);
    }
    std::vector<float> none;
    EXPECT_FALSE(read_vector("AA=A", none));
}

}  // namespace

}  // namespace dubplate
