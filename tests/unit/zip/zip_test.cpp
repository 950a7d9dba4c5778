#include <gtest/gtest.h>

#include <cstdlib>

#include "support/bytes.h"
#include "support/failing_store.h"
#include "support/temp_folder.h"
#include "zip/little_endian.h"
#include "zip/read_zip.h"
#include "zip/zip_writer.h"

namespace dubplate {

namespace {

Bytes bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

// Longer than a block, and of little use to deflate.
Bytes noise(std::size_t size) {
    Bytes bytes(size);
    std::uint32_t state = 1;
    for (std::byte& b : bytes) {
        state = state * 1'664'525 + 1'013'904'223;
        b = static_cast<std::byte>(state >> 24);
    }
    return bytes;
}

struct Content {
    std::string name;
    Bytes bytes;
    ZipMethod method;
};

std::vector<Content> one_of_each() {
    return {{"project.xml", bytes_of(std::string(100'000, 'x')), ZipMethod::deflate},
            {"audio/Bässe 🎸 \"1\" & 2.wav", noise(200'001), ZipMethod::store},
            {"audio/noise.wav", noise(65'536), ZipMethod::deflate},
            {"empty", {}, ZipMethod::store},
            {"empty too", {}, ZipMethod::deflate}};
}

Status write_zip(Store& store, const std::filesystem::path& path, const std::vector<Content>& contents,
                 bool always_zip64 = false) {
    DUBPLATE_TRY(auto file, store.create(path, {.overwrite = true}));
    ZipWriter writer(*file, always_zip64);
    for (const Content& content : contents)
        DUBPLATE_CHECK(writer.add(content.name, content.bytes, content.method));
    DUBPLATE_CHECK(writer.finish());
    return file->publish();
}

Bytes zip_of(const std::vector<Content>& contents, bool always_zip64 = false) {
    MemoryStore store;
    EXPECT_TRUE(write_zip(store, "a.zip", contents, always_zip64));
    return store.take("a.zip").value_or(Bytes{});
}

std::unique_ptr<ByteSource> source_of(Bytes bytes) {
    return make_memory_source(std::make_shared<const Bytes>(std::move(bytes)), "a.zip");
}

int run(const std::string& command) {
    return std::system((command + " > /dev/null 2>&1").c_str());
}

constexpr const char* python_judge =
    "import sys, zipfile\n"
    "z = zipfile.ZipFile(sys.argv[1])\n"
    "assert z.testzip() is None\n"
    "assert [i.file_size for i in z.infolist()] == [100000, 200001, 65536, 0, 0]\n"
    "assert z.namelist()[1] == 'audio/B\\u00e4sse \\U0001f3b8 \"1\" & 2.wav'\n"
    "assert all(i.flag_bits == 0x800 for i in z.infolist())\n"
    "assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in z.infolist())\n";

void expect_judges_agree(bool always_zip64) {
    const TempFolder folder;
    FileStore store;
    ASSERT_TRUE(write_zip(store, folder / "a.zip", one_of_each(), always_zip64));
    const std::string path = (folder / "a.zip").string();

    const std::string script = folder.write("judge.py", python_judge).string();
    EXPECT_EQ(run("python3 '" + script + "' '" + path + "'"), 0);
    if (run("command -v unzip") == 0) {
        EXPECT_EQ(run("unzip -tqq '" + path + "'"), 0);
    }
}

}  // namespace

TEST(ZipWriter, IsReadByUnzipAndByPython) {
    expect_judges_agree(false);
}

TEST(ZipWriter, IsReadByThemInZip64Too) {
    expect_judges_agree(true);
}

TEST(ZipWriter, GivesTheSameBytesTwice) {
    EXPECT_EQ(zip_of(one_of_each()), zip_of(one_of_each()));
}

TEST(ZipWriter, TellsSizesAndCrcInTheLocalHeader) {
    const Bytes zip = zip_of({{"a", bytes_of("123456789"), ZipMethod::store}});

    EXPECT_EQ(zip::take(zip, 14, 4), 0xcbf43926u);  // the CRC of these nine digits
    EXPECT_EQ(zip::take(zip, 18, 4), 9u);
    EXPECT_EQ(zip::take(zip, 22, 4), 9u);
}

TEST(ZipWriter, RefusesNamesThatLeaveTheFolderOrComeTwice) {
    for (const char* name : {"", "/a", "a/", "../a", "a/../b", "a//b", "./a", "a\\b", "a\nb", "\xff"}) {
        MemoryStore store;
        const Status status = write_zip(store, "a.zip", {{name, {}, ZipMethod::store}});
        ASSERT_FALSE(status) << name;
        EXPECT_EQ(status.error().code, ErrorCode::invalid_argument) << name;
    }
    MemoryStore store;
    EXPECT_FALSE(write_zip(store, "a.zip", {{"a", {}, ZipMethod::store}, {"a", {}, ZipMethod::store}}));
}

TEST(ZipWriter, FailsAtEveryWriteAndLeavesNoFile) {
    MemoryStore memory;
    FailingStore store(memory);
    ASSERT_TRUE(write_zip(store, "a.zip", one_of_each()));
    ASSERT_TRUE(memory.take("a.zip"));
    const std::int64_t operations = store.operations();

    for (std::int64_t n = 1; n <= operations; ++n) {
        store.fail_at(n);
        EXPECT_FALSE(write_zip(store, "a.zip", one_of_each())) << n;
        EXPECT_TRUE(memory.list().empty()) << n;
    }
}

TEST(ZipWriter, StopsWhereItIsAsked) {
    MemoryStore store;
    const auto file = *store.create("a.zip");
    ZipWriter writer(*file);
    std::stop_source stop;
    stop.request_stop();

    const Status status = writer.add("a", noise(10), ZipMethod::store, stop.get_token());

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::canceled);
}

TEST(ZipReader, GivesBackWhatWasWritten) {
    for (const bool always_zip64 : {false, true}) {
        const auto archive = source_of(zip_of(one_of_each(), always_zip64));
        const auto entries = read_zip(*archive);
        ASSERT_TRUE(entries) << entries.error().to_string();
        const std::vector<Content> expected = one_of_each();
        ASSERT_EQ(entries->size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            EXPECT_EQ((*entries)[i].name, expected[i].name);
            const auto content = read_zip_entry(*archive, (*entries)[i]);
            ASSERT_TRUE(content) << content.error().to_string();
            EXPECT_EQ(*content, expected[i].bytes);
        }
    }
}

TEST(ZipReader, TellsWhereAStoredEntryCanBeReadInPlace) {
    const Bytes zip = zip_of(one_of_each());
    const auto archive = source_of(zip);
    const auto entries = read_zip(*archive);
    ASSERT_TRUE(entries);

    const auto offset = zip_content_offset(*archive, (*entries)[1]);

    ASSERT_TRUE(offset);
    const Bytes expected = noise(200'001);
    EXPECT_TRUE(
        std::equal(expected.begin(), expected.end(), zip.begin() + static_cast<std::ptrdiff_t>(*offset)));
}

TEST(ZipReader, ReadsAnArchiveOfPython) {
    const TempFolder folder;
    const std::string path = (folder / "b.zip").string();
    const std::string script =
        folder
            .write("write.py",
                   "import sys, zipfile\n"
                   "with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:\n"
                   "    z.comment = b'PK\\x05\\x06 in a comment'\n"
                   "    z.writestr('a.txt', 'hello ' * 1000)\n")
            .string();
    ASSERT_EQ(run("python3 '" + script + "' '" + path + "'"), 0);
    FileStore store;
    const auto archive = store.open(path);
    ASSERT_TRUE(archive);

    const auto entries = read_zip(**archive);

    ASSERT_TRUE(entries) << entries.error().to_string();
    const auto content = read_zip_entry(**archive, entries->at(0));
    ASSERT_TRUE(content);
    EXPECT_EQ(content->size(), 6000u);
}

TEST(ZipReader, RefusesWhatIsLargerThanItsLimits) {
    const auto archive = source_of(zip_of(one_of_each()));

    EXPECT_EQ(read_zip(*archive, {.entries = 4}).error().code, ErrorCode::limit_exceeded);
    EXPECT_EQ(read_zip(*archive, {.ratio = 10}).error().code, ErrorCode::limit_exceeded);
    const auto entries = read_zip(*archive);
    ASSERT_TRUE(entries);
    EXPECT_EQ(read_zip_entry(*archive, entries->at(0), {.entry_bytes = 99'999}).error().code,
              ErrorCode::limit_exceeded);
}

TEST(ZipReader, NoticesAChangedByteAndAnArchiveCutShort) {
    Bytes zip = zip_of({{"a", noise(1000), ZipMethod::store}});
    zip[500] ^= std::byte{1};
    const auto changed = source_of(zip);
    const auto entries = read_zip(*changed);
    ASSERT_TRUE(entries);
    EXPECT_EQ(read_zip_entry(*changed, entries->at(0)).error().code, ErrorCode::corrupt);

    zip.pop_back();
    EXPECT_EQ(read_zip(*source_of(zip)).error().code, ErrorCode::corrupt);
    EXPECT_EQ(read_zip(*source_of({})).error().code, ErrorCode::corrupt);
}

}  // namespace dubplate
