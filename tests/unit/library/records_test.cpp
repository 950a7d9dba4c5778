// Kits, exports, preferences, prompts and generations; and the schema from each of its earlier versions.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "db/sql_text.h"
#include "library/exports.h"
#include "library/generations.h"
#include "library/kits.h"
#include "library/migrations.h"
#include "library/preferences.h"
#include "library/watch.h"
#include "support/libraries.h"

namespace dubplate {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RecordsTest : public test::LibraryTest {};

TEST_P(RecordsTest, AKitHoldsOneSampleOnEachPad) {
    const std::string sample = add_one("a.wav", "bpm=90");
    const auto kit = create_kit(catalog(), "House", "for Friday");
    ASSERT_TRUE(kit) << kit.error().to_string();

    ASSERT_TRUE(
        assign_pad(catalog(), kit->id,
                   {.bank = 'J', .number = 16, .sample_id = sample, .volume = 0.5, .pitch_shift = -3}));
    ASSERT_TRUE(assign_pad(catalog(), kit->id, {.bank = 'A', .number = 1, .sample_id = sample}));

    EXPECT_EQ(assign_pad(catalog(), kit->id, {.bank = 'A', .number = 1, .sample_id = sample}).error().code,
              ErrorCode::already_exists);
    EXPECT_EQ(assign_pad(catalog(), kit->id, {.bank = 'K', .number = 1, .sample_id = sample}).error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(assign_pad(catalog(), kit->id, {.bank = 'A', .number = 17, .sample_id = sample}).error().code,
              ErrorCode::invalid_argument);
    EXPECT_FALSE(assign_pad(catalog(), kit->id, {.bank = 'B', .number = 1, .sample_id = "none"}));
    const auto pads = list_pads(catalog(), kit->id);
    ASSERT_EQ(pads->size(), 2U);
    EXPECT_EQ((*pads)[1].bank, 'J');
    EXPECT_EQ((*pads)[1].volume, 0.5);
    EXPECT_EQ((*pads)[1].pitch_shift, -3);
    EXPECT_THAT(remove_asset(catalog(), sample).error().message, HasSubstr("on a pad of the kit \"House\""));
    ASSERT_TRUE(clear_pad(catalog(), kit->id, 'A', 1));
    ASSERT_TRUE(remove_kit(catalog(), kit->id));
    EXPECT_TRUE(remove_asset(catalog(), sample));
}

TEST_P(RecordsTest, KitsAreListedByName) {
    for (const char* name : {"b", "A", "c"}) ASSERT_TRUE(create_kit(catalog(), name));
    std::vector<std::string> names;

    ASSERT_TRUE(list_kits(catalog(), [&](const Kit& kit) -> Status {
        names.push_back(kit.name);
        return {};
    }));

    EXPECT_THAT(names, ElementsAre("A", "b", "c"));
    EXPECT_EQ(create_kit(catalog(), "").error().code, ErrorCode::invalid_argument);
}

TEST_P(RecordsTest, ExportsAreListedTheNewestFirst) {
    ASSERT_TRUE(record_export(
        catalog(), {.kind = "audio", .output_path = "one", .file_count = 2, .manifest = R"({"items": []})"}));
    clock().advance(std::chrono::seconds(1));
    ASSERT_TRUE(record_export(catalog(), {.kind = "stems", .output_path = "two"}));
    std::vector<std::string> paths;
    const auto take = [&](const ExportRecord& record) -> Status {
        paths.push_back(record.output_path + record.manifest);
        return {};
    };

    ASSERT_TRUE(list_exports(catalog(), "", 10, take));
    ASSERT_TRUE(list_exports(catalog(), "audio", 10, take));

    EXPECT_THAT(paths, ElementsAre("two{}", R"(one{"items": []})", R"(one{"items": []})"));
}

TEST_P(RecordsTest, AnExportForTheSamplerKeepsEachSamplesOutcome) {
    const auto id = record_sp404_export(
        catalog(), {.export_type = "batch", .output_path = "card"},
        {{.sample_id = "a", .output_filename = "a.wav", .output_subfolder = "house", .file_size_bytes = 9},
         {.sample_id = "b", .output_filename = "b.wav", .error_message = "too short"}});

    ASSERT_TRUE(id) << id.error().to_string();
    const auto samples = list_sp404_samples(catalog(), *id);
    ASSERT_EQ(samples->size(), 2U);
    EXPECT_EQ((*samples)[0].output_subfolder, "house");
    EXPECT_FALSE((*samples)[0].error_message);
    EXPECT_EQ((*samples)[1].error_message, "too short");
    int count = 0;
    ASSERT_TRUE(list_sp404_exports(catalog(), "batch", 20, 0, [&](const Sp404Export& record) -> Status {
        EXPECT_EQ(record.sample_count, 2);
        EXPECT_FALSE(record.user_id);
        ++count;
        return {};
    }));
    EXPECT_EQ(count, 1);
}

TEST_P(RecordsTest, PreferencesHaveDefaultsAndAreKept) {
    EXPECT_EQ(*read_preferences(catalog()), Sp404Preferences{});
    const Sp404Preferences mine{
        .export_format = "aiff", .sanitize_filenames = false, .export_base_path = "card"};

    ASSERT_TRUE(store_preferences(catalog(), mine));
    ASSERT_TRUE(store_preferences(catalog(), mine));

    EXPECT_EQ(*read_preferences(catalog()), mine);
}

TEST(Preferences, AreSetByNameAndCheckIt) {
    Sp404Preferences preferences;

    ASSERT_TRUE(set_preference(preferences, "sp404_export_format=aiff"));
    ASSERT_TRUE(set_preference(preferences, "default_organization=bpm"));
    ASSERT_TRUE(set_preference(preferences, "sp404_sanitize_filenames=false"));
    ASSERT_TRUE(set_preference(preferences, "sp404_export_base_path=packs/a=b"));

    EXPECT_EQ(preferences, (Sp404Preferences{"aiff", "bpm", false, true, "packs/a=b"}));
    for (const auto& [name, value] : preference_values(preferences))
        EXPECT_TRUE(set_preference(preferences, name + "="));
    EXPECT_EQ(preferences, Sp404Preferences{});
    EXPECT_THAT(set_preference(preferences, "sp404_exprot_format=wav").error().to_string(),
                testing::HasSubstr("did you mean sp404_export_format?"));
    EXPECT_THAT(set_preference(preferences, "colors=1").error().to_string(),
                testing::HasSubstr("there are sp404_export_format, "));
    EXPECT_THAT(set_preference(preferences, "export_format=mp3").error().to_string(),
                testing::HasSubstr("it is one of wav, aiff"));
    EXPECT_THAT(set_preference(preferences, "export_format").error().to_string(),
                testing::HasSubstr("NAME=VALUE"));
    EXPECT_EQ(preferences, Sp404Preferences{});
}

TEST_P(RecordsTest, AGenerationGoesForwardOnlyAndItsPromptIsCounted) {
    ASSERT_TRUE(create_generation(
        catalog(), {.id = "job-1", .prompt = "warm pads", .model_name = "small", .duration_seconds = 16}));
    ASSERT_TRUE(create_generation(
        catalog(), {.id = "job-2", .prompt = "warm pads", .model_name = "small", .duration_seconds = 8}));
    EXPECT_EQ(create_generation(catalog(), {.id = "job-2", .prompt = "other"}).error().code,
              ErrorCode::already_exists);
    EXPECT_EQ(create_generation(catalog(), {.id = "job-3", .prompt = "ab"}).error().code,
              ErrorCode::invalid_argument);

    Generation done = *find_generation(catalog(), "job-1");
    done.status = "completed";
    done.file_path = "2026/01/01/job-1.wav";
    done.generation_time_seconds = 12.5;
    ASSERT_TRUE(update_generation(catalog(), done));
    done.status = "processing";

    EXPECT_EQ(update_generation(catalog(), done).error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(find_generation(catalog(), "job-1")->completed_at);
    EXPECT_EQ(find_generation(catalog(), "none").error().code, ErrorCode::not_found);
    EXPECT_EQ(*count_generations(catalog()),
              (std::map<std::string, std::int64_t>{{"completed", 1}, {"pending", 1}}));
    std::vector<std::int64_t> uses;
    ASSERT_TRUE(list_prompts(catalog(), 5, [&](const Prompt& prompt) -> Status {
        uses.push_back(prompt.used_count);
        return {};
    }));
    EXPECT_THAT(uses, ElementsAre(2));
    std::vector<std::string> pending;
    ASSERT_TRUE(list_generations(catalog(), "pending", 5, [&](const Generation& each) -> Status {
        pending.push_back(each.id + " " + each.prompt);
        return {};
    }));
    EXPECT_THAT(pending, ElementsAre("job-2 warm pads"));
}

// What a program of that version had written: its tables as they were, in the words of its time.
Status fill_as_of(Database& database, std::size_t version) {
    constexpr std::string_view rows_of[] = {
        "INSERT INTO assets (id, sha256, kind, path, named, title, artist, album, genre, comment, format, "
        "size_bytes, key, "
        "added) VALUES ('aaaa', 'aaaabb', 'take', '/a', 0, 'Old', '', '', '', '', 'wav', 1, '', 1)",
        "INSERT INTO kits (name, description, is_public, created, updated) VALUES ('House', '', 0, 1, 1); "
        "INSERT INTO kit_samples (kit_id, sample_id, pad_bank, pad_number, volume, pitch_shift) VALUES (1, "
        "'aaaa', 'B', 3, 1, "
        "-2); INSERT INTO exports (kind, output_path, file_count, total_size_bytes, manifest, created_at) "
        "VALUES ('stems', "
        "'/out', 4, 99, '{}', 5); INSERT INTO sp404_exports (export_type, sample_count, output_path, "
        "organized_by, format, "
        "total_size_bytes, export_duration_seconds, created_at) VALUES ('batch', 1, '/card', 'flat', 'wav', "
        "7, 0.5, 6); "
        "INSERT INTO sp404_export_samples (export_id, sample_id, output_filename, conversion_successful, "
        "file_size_bytes, "
        "conversion_time_seconds) VALUES (1, 'aaaa', 'A1.WAV', 1, 7, 0.5)",
        "INSERT INTO prompts (text, used_count, first_used_at, last_used_at) VALUES ('warm pads', 2, 1, 2); "
        "INSERT INTO generations (id, prompt_id, model_name, model_version, duration_seconds, status, "
        "created_at, details) "
        "VALUES ('job-1', 1, 'm', '1', 8, 'failed', 3, '{}')",
        "INSERT INTO outputs (path, job_id, sha256, size_bytes, created) VALUES ('a.wav', 'job-1', 'cc', 3, "
        "4)"};
    for (const std::string_view rows : std::span(rows_of).first(std::min(version, std::size(rows_of))))
        for (const std::string& statement : split_statements(rows))
            DUBPLATE_CHECK(database.execute(statement));
    return {};
}

// All of it in one line, by the functions of today.
std::string told_by(Catalog& catalog) {
    std::string told = find_asset(catalog, "aaaa")->title;
    EXPECT_TRUE(list_kits(catalog, [&](const Kit& kit) -> Status {
        told += ", kit " + kit.name;
        return {};
    }));
    const auto pads = list_pads(catalog, 1);
    for (const Pad& pad : *pads) told += " " + std::string(1, pad.bank) + pad.sample_id;
    EXPECT_TRUE(list_exports(catalog, "stems", 9, [&](const ExportRecord& record) -> Status {
        told += ", stems in " + record.output_path;
        return {};
    }));
    EXPECT_TRUE(list_sp404_exports(catalog, "batch", 9, 0, [&](const Sp404Export& record) -> Status {
        told += ", card " + record.output_path;
        return {};
    }));
    const auto samples = list_sp404_samples(catalog, 1);
    for (const Sp404Sample& sample : *samples) told += " " + sample.output_filename;
    EXPECT_TRUE(list_generations(catalog, "failed", 9, [&](const Generation& generation) -> Status {
        told += ", " + generation.id + " of " + generation.prompt;
        return {};
    }));
    const auto output = catalog.database.find_text("SELECT path FROM outputs");
    EXPECT_TRUE(output) << output.error().to_string();
    return told + (*output ? ", output " + **output : "");
}

TEST_P(RecordsTest, TheCatalogIsBroughtUpFromEveryEarlierVersionWithWhatItHolds) {
    const std::string held[] = {"Old", ", kit House Baaaa, stems in /out, card /card A1.WAV",
                                ", job-1 of warm pads", ", output a.wav"};
    std::string expected;
    for (std::size_t version = 1; version <= catalog_migrations().size(); ++version) {
        const test::EmptyDatabase old(GetParam());
        {
            auto db = Database::open(old.url());
            ASSERT_TRUE(db && migrate(*db, catalog_migrations().first(version)));
            const Status filled = fill_as_of(*db, version);
            ASSERT_TRUE(filled) << filled.error().to_string();
        }
        if (version <= std::size(held)) expected += held[version - 1];

        auto opened = open_catalog(old.url());

        ASSERT_TRUE(opened) << opened.error().to_string();
        EXPECT_EQ(told_by(*opened), expected) << "of version " << version;
        EXPECT_TRUE(create_kit(*opened, "new"));
        EXPECT_TRUE(create_generation(*opened, {.id = "x", .prompt = "abc"}));
    }
}

TEST_P(RecordsTest, ANewerCatalogIsRefusedAndLeftAsItIs) {
    ASSERT_TRUE(catalog().database.execute("UPDATE schema_version SET version = 99"));

    const auto opened = open_catalog(database().url());

    EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
    EXPECT_EQ(*catalog().database.find_integer("SELECT version FROM schema_version"), 99);
}

INSTANTIATE_TEST_SUITE_P(Databases, RecordsTest, test::both_databases, test::dialect_name);

TEST(FolderWatcher, TellsFilesWhenTheyAreWhole) {
    const TempFolder folder;
    auto watcher = FolderWatcher::open(folder.path(), std::chrono::milliseconds(30));
    ASSERT_TRUE(watcher) << watcher.error().to_string();
    std::ofstream open_file(folder / "open.wav");
    open_file << "half" << std::flush;
    folder.write(".hidden.wav", "x");
    folder.write("whole.wav", "x");
    std::filesystem::create_directories(folder / "new/inside");
    folder.write("new/inside/deep.wav", "x");
    std::vector<std::string> told;

    while (told.size() < 2) {
        const auto news = watcher->next({});
        ASSERT_TRUE(news);
        for (const std::string& path : news->files)
            told.push_back(std::filesystem::path(path).filename().string());
    }

    EXPECT_THAT(told, testing::UnorderedElementsAre("whole.wav", "deep.wav"));
    open_file << "the rest";
    open_file.close();
    EXPECT_EQ(watcher->next({})->files, std::vector<std::string>{(folder / "open.wav").string()});
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(watcher->next(stop.get_token())->files.empty());
    EXPECT_EQ(FolderWatcher::open(folder / "none").error().code, ErrorCode::not_found);
}

}  // namespace

}  // namespace dubplate
