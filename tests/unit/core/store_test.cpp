#include "core/store.h"
#include "support/bytes.h"
#include "support/failing_store.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace dubplate {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

std::string read_back_text(PendingFile& file) {
    const auto source = file.read_back();
    if (!source) return source.error().to_string();
    return to_text(*read_all(**source, 1'000'000));
}

// What every store promises.
class StoreTest : public ::testing::TestWithParam<bool> {
  protected:
    Store& store() { return GetParam() ? static_cast<Store&>(memory_) : files_; }
    fs::path path(const std::string& name) const { return folder_ / name; }
    std::string content(const std::string& name) {
        const auto source = store().open(path(name));
        if (!source) return source.error().to_string();
        return to_text(*read_all(**source, 1'000'000));
    }
    Status put(const std::string& name, std::string_view text, CreateOptions options = {}) {
        DUBPLATE_TRY(const auto file, store().create(path(name), options));
        DUBPLATE_CHECK(file->append(to_bytes(text)));
        return file->publish();
    }

    TempFolder folder_;
    FileStore files_;
    MemoryStore memory_;
};
INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, ::testing::Values(false, true),
                         [](const auto& test) { return std::string(test.param ? "Memory" : "File"); });

TEST_P(StoreTest, ShowsAFileOnceItIsPublished) {
    const auto file = store().create(path("a.wav"), {});
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->append(to_bytes("hello")));
    EXPECT_FALSE(store().exists(path("a.wav")));

    ASSERT_TRUE((*file)->publish());

    EXPECT_TRUE(store().exists(path("a.wav")));
    EXPECT_EQ(content("a.wav"), "hello");
    EXPECT_EQ((*file)->size(), 5U);
}

TEST_P(StoreTest, PublishesEmptyFiles) {
    ASSERT_TRUE(put("empty", ""));

    EXPECT_EQ(content("empty"), "");
}

TEST_P(StoreTest, ForgetsAFileThatIsNotPublished) {
    {
        const auto file = store().create(path("a.wav"), {});
        ASSERT_TRUE((*file)->append(to_bytes("hello")));
    }

    EXPECT_FALSE(store().exists(path("a.wav")));
    EXPECT_EQ(store().open(path("a.wav")).error().code, ErrorCode::not_found);
}

TEST_P(StoreTest, OverwritesBytesAndReadsThemBackBeforePublishing) {
    const auto file = store().create(path("a.wav"), {});
    ASSERT_TRUE((*file)->append(to_bytes("RIFF....data")));
    EXPECT_EQ(read_back_text(**file), "RIFF....data");

    ASSERT_TRUE((*file)->write_at(4, to_bytes("1234")));
    ASSERT_TRUE((*file)->append(to_bytes("!")));

    EXPECT_EQ(read_back_text(**file), "RIFF1234data!");
    EXPECT_EQ((*file)->size(), 13U);
    ASSERT_TRUE((*file)->publish());
    EXPECT_EQ(content("a.wav"), "RIFF1234data!");
}

TEST_P(StoreTest, ReadsBackWhatWasThereWhenAsked) {
    const auto file = store().create(path("a.wav"), {});
    ASSERT_TRUE((*file)->append(to_bytes("abc")));
    const auto source = (*file)->read_back();
    ASSERT_TRUE((*file)->append(Bytes(1'000'000, std::byte{'x'})));

    EXPECT_EQ((*source)->size(), 3U);
    EXPECT_EQ(to_text(*read_all(**source, 10)), "abc");
}

TEST_P(StoreTest, TakesAppendsOfAllSizesInOrder) {
    const auto file = store().create(path("big"), {});
    std::string wanted;
    for (const std::size_t size : {1U, 262'143U, 1U, 262'144U, 0U, 700'000U, 5U, 262'145U}) {
        const std::string text(size, static_cast<char>('a' + wanted.size() % 26));
        wanted += text;
        ASSERT_TRUE((*file)->append(to_bytes(text)));
        ASSERT_EQ((*file)->size(), wanted.size());
    }
    ASSERT_TRUE((*file)->publish());

    const auto source = store().open(path("big"));
    EXPECT_EQ(to_text(*read_all(**source, 10'000'000)), wanted);
}

TEST_P(StoreTest, RefusesToReplaceUnlessTold) {
    ASSERT_TRUE(put("a.wav", "old"));

    const auto refused = store().create(path("a.wav"), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::already_exists);
    EXPECT_NE(refused.error().hint.find("--overwrite"), std::string::npos);
    EXPECT_EQ(content("a.wav"), "old");

    ASSERT_TRUE(put("a.wav", "new", {.overwrite = true}));
    EXPECT_EQ(content("a.wav"), "new");
}

TEST_P(StoreTest, LetsTheFirstOfTwoWritersOfOneNameWin) {
    const auto first = store().create(path("a.wav"), {});
    const auto second = store().create(path("a.wav"), {});
    ASSERT_TRUE(first && second);
    ASSERT_TRUE((*first)->append(to_bytes("first")));
    ASSERT_TRUE((*second)->append(to_bytes("second")));

    ASSERT_TRUE((*first)->publish());
    const Status late = (*second)->publish();

    EXPECT_EQ(late.error().code, ErrorCode::already_exists);
    EXPECT_EQ(content("a.wav"), "first");
}

TEST_P(StoreTest, ReadsAnyPlace) {
    ASSERT_TRUE(put("a.wav", "0123456789"));
    const auto source = store().open(path("a.wav"));
    std::array<std::byte, 4> target{};

    EXPECT_EQ((*source)->read_at(2, target), 4U);
    EXPECT_EQ(to_text(target), "2345");
    EXPECT_EQ((*source)->read_at(8, target), 2U);
    EXPECT_EQ((*source)->read_at(10, target), 0U);
    EXPECT_EQ((*source)->read_at(~std::uint64_t{0}, target), 0U);
    EXPECT_EQ((*source)->read_at(0, {}), 0U);
    EXPECT_EQ((*source)->name(), path("a.wav").string());
}

TEST_P(StoreTest, RefusesNamesThatNameNoFile) {
    for (const fs::path& bad : {fs::path(), folder_.path() / ""})
        EXPECT_EQ(store().create(bad, {}).error().code, ErrorCode::invalid_argument) << bad;
}

TEST_P(StoreTest, ReadAllRefusesWhatIsLongerThanTheLimit) {
    ASSERT_TRUE(put("a.wav", "12345"));
    const auto source = store().open(path("a.wav"));

    EXPECT_TRUE(read_all(**source, 5));
    EXPECT_EQ(read_all(**source, 4).error().code, ErrorCode::limit_exceeded);
}

TEST_P(StoreTest, TellsFreeSpaceOfFoldersThatAreNotThereYet) {
    const auto free = store().free_bytes(path("not/yet/there"));

    ASSERT_TRUE(free);
    EXPECT_GT(*free, 0U);
}

TEST_P(StoreTest, ServesManyThreadsAtOnce) {
    std::vector<int> published(16, 0);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < published.size(); ++i)
            threads.emplace_back([&, i] {
                const std::string name = "deep/" + std::to_string(i % 4) + "/song.wav";
                published[i] = put(name, std::string(1000, 'x')).has_value() ? 1 : 0;
            });
    }

    // Four threads for each of four names.
    EXPECT_EQ(std::count(published.begin(), published.end(), 1), 4);
    for (const char* name : {"deep/0/song.wav", "deep/1/song.wav", "deep/2/song.wav", "deep/3/song.wav"})
        EXPECT_EQ(content(name), std::string(1000, 'x'));
}

// What files alone have.
TEST(FileStore, LeavesNothingBehindButTheFile) {
    const TempFolder folder;
    FileStore store;
    {
        const auto file = store.create(folder / "a.wav");
        ASSERT_TRUE((*file)->append(to_bytes("x")));
        EXPECT_EQ(folder.names(), (Names{".a.wav.part"}));
        ASSERT_TRUE((*file)->publish());
    }
    EXPECT_EQ(folder.names(), (Names{"a.wav"}));

    { const auto dropped = store.create(folder / "b.wav"); }
    EXPECT_EQ(folder.names(), (Names{"a.wav"}));
}

TEST(FileStore, KeepsTheOldFileWhenAnOverwriteIsDropped) {
    const TempFolder folder;
    folder.write("a.wav", "old");
    FileStore store;
    {
        const auto file = store.create(folder / "a.wav", {.overwrite = true});
        ASSERT_TRUE((*file)->append(to_bytes("half of the new")));
    }

    EXPECT_EQ(folder.read("a.wav"), "old");
    EXPECT_EQ(folder.names(), (Names{"a.wav"}));
}

TEST(FileStore, RemovesTheFoldersItMadeWhereNothingWasPublished) {
    const TempFolder folder;
    FileStore store;
    {
        const auto first = store.create(folder / "a/b/one.wav");
        const auto second = store.create(folder / "a/b/two.wav");
        ASSERT_TRUE(first && second);
    }
    EXPECT_EQ(folder.names(), Names{});
}

TEST(FileStore, KeepsTheFoldersInWhichSomethingWasPublished) {
    const TempFolder folder;
    FileStore store;
    {
        const auto kept = store.create(folder / "a/b/one.wav");
        const auto dropped = store.create(folder / "a/c/two.wav");
        ASSERT_TRUE((*kept)->publish());
    }
    EXPECT_EQ(folder.names(), (Names{"a", "a/b", "a/b/one.wav"}));
}

TEST(FileStore, KeepsFoldersThatWereThereBefore) {
    const TempFolder folder;
    fs::create_directory(folder / "mine");
    FileStore store;
    { const auto dropped = store.create(folder / "mine/yours/one.wav"); }

    EXPECT_EQ(folder.names(), (Names{"mine"}));
}

TEST(FileStore, RemovesTheFoldersItMadeWhereCreatingFailed) {
    const TempFolder folder;
    FileStore store;

    const auto file = store.create(folder / "a/b" / std::string(256, 'x'));

    EXPECT_EQ(file.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(file.error().hint.find("--name"), std::string::npos);
    EXPECT_EQ(folder.names(), Names{});
}

TEST(FileStore, TakesNamesOf255BytesAndOddOnes) {
    const TempFolder folder;
    FileStore store;
    std::string long_name;
    while (long_name.size() + 4 <= 251) long_name += "\U0001F3B5";
    const Names names{std::string(251, 'x') + ".wav",
                      std::string(251, 'x') + ".mp3",
                      long_name + ".wav",
                      "quote\"'`.wav",
                      "line\nfeed.wav",
                      "-f.wav",
                      ".hidden.wav"};
    {
        // All at once: the cut hidden names of the first two are the same.
        std::vector<std::unique_ptr<PendingFile>> files;
        for (const std::string& name : names) {
            auto file = store.create(folder / name);
            ASSERT_TRUE(file) << file.error().to_string();
            ASSERT_TRUE((*file)->append(to_bytes(name)));
            files.push_back(*std::move(file));
        }
        for (const auto& file : files) ASSERT_TRUE(file->publish());
    }
    EXPECT_EQ(folder.names().size(), names.size());
    for (const std::string& name : names) EXPECT_EQ(folder.read(name), name);
}

TEST(FileStore, ReplacesWhatAKilledProcessLeftBehind) {
    const TempFolder folder;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        FileStore store;
        const auto file = store.create(folder / "a.wav");
        static_cast<void>((*file)->append(Bytes(1'000'000)));
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(folder.names(), (Names{".a.wav.part"})) << "no final name appears";

    FileStore store;
    {
        const auto file = store.create(folder / "a.wav");
        EXPECT_EQ(folder.names(), (Names{".a.wav.part"}));
        ASSERT_TRUE((*file)->append(to_bytes("good")));
        ASSERT_TRUE((*file)->publish());
    }

    EXPECT_EQ(folder.names(), (Names{"a.wav"}));
    EXPECT_EQ(folder.read("a.wav"), "good");
}

TEST(FileStore, DoesNotTouchTheHiddenFileOfALivingWriter) {
    const TempFolder folder;
    FileStore one;
    FileStore other;
    const auto first = one.create(folder / "a.wav", {.overwrite = true});
    const auto second = other.create(folder / "a.wav", {.overwrite = true});
    EXPECT_EQ(folder.names(), (Names{".a.wav.2.part", ".a.wav.part"}));
    ASSERT_TRUE((*first)->append(to_bytes("first")));
    ASSERT_TRUE((*second)->append(to_bytes("second")));

    ASSERT_TRUE((*first)->publish());
    EXPECT_EQ(folder.read("a.wav"), "first");
    ASSERT_TRUE((*second)->publish());

    EXPECT_EQ(folder.read("a.wav"), "second");
    EXPECT_EQ(folder.names(), (Names{"a.wav"}));
}

TEST(FileStore, DoesNotFollowALinkUnderTheHiddenName) {
    const TempFolder folder;
    folder.write("victim", "precious");
    fs::create_symlink("victim", folder / ".a.wav.part");
    FileStore store;

    {
        const auto file = store.create(folder / "a.wav");
        ASSERT_TRUE(file);
        ASSERT_TRUE((*file)->append(to_bytes("song")));
        ASSERT_TRUE((*file)->publish());
    }

    EXPECT_EQ(folder.read("victim"), "precious");
    EXPECT_EQ(folder.read("a.wav"), "song");
}

TEST(FileStore, TakesALinkToNowhereAsExisting) {
    const TempFolder folder;
    fs::create_symlink("nowhere", folder / "a.wav");
    FileStore store;

    EXPECT_TRUE(store.exists(folder / "a.wav"));
    EXPECT_EQ(store.create(folder / "a.wav").error().code, ErrorCode::already_exists);
}

TEST(FileStore, NamesFoldersPipesAndDevicesForWhatTheyAre) {
    const TempFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    fs::create_directory(folder / "inner");
    folder.write("file", "x");
    FileStore store;

    const auto pipe = store.open(folder / "pipe");
    EXPECT_EQ(pipe.error().code, ErrorCode::unsupported);
    EXPECT_NE(pipe.error().hint.find("'-'"), std::string::npos);
    EXPECT_EQ(store.open("/dev/null").error().code, ErrorCode::unsupported);
    EXPECT_EQ(store.open(folder / "inner").error().code, ErrorCode::invalid_argument);
    EXPECT_NE(store.open(folder / "inner").error().message.find("is a folder"), std::string::npos);
    EXPECT_EQ(store.open(folder / "none").error().code, ErrorCode::not_found);
    EXPECT_EQ(store.open(folder / "file/below").error().code, ErrorCode::not_found);

    EXPECT_EQ(store.create(folder / "inner", {.overwrite = true}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(store.create(folder / "pipe", {.overwrite = true}).error().code, ErrorCode::unsupported);
    EXPECT_FALSE(store.create(folder / "file/below"));
    EXPECT_FALSE(store.create(folder / ".."));
    EXPECT_EQ(folder.names(), (Names{"file", "inner", "pipe"}));
}

TEST(FileStore, KeepsTheSizeThatAFileHadWhenItWasOpened) {
    const TempFolder folder;
    folder.write("a.wav", "12345");
    FileStore store;
    const auto source = store.open(folder / "a.wav");
    folder.write("a.wav", "123456789");

    EXPECT_EQ((*source)->size(), 5U);
    EXPECT_EQ(to_text(*read_all(**source, 100)), "12345");
}

// The system's limit on a file's length stands in for a disk that is full: the write fails in the middle.
class FileLengthLimit {
  public:
    explicit FileLengthLimit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileLengthLimit(const FileLengthLimit&) = delete;
    FileLengthLimit& operator=(const FileLengthLimit&) = delete;
    ~FileLengthLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, SIG_DFL);
    }

  private:
    rlimit before_{};
};

TEST(FileStore, LeavesNothingWhereAWriteFailsInTheMiddle) {
    const TempFolder folder;
    FileStore store;
    {
        const FileLengthLimit limit(400'000);
        const auto file = store.create(folder / "new/a.wav");
        Status status;
        for (int i = 0; i < 10 && status; ++i) status = (*file)->append(Bytes(100'000));
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, ErrorCode::io);
        EXPECT_NE(status.error().message.find("a.wav"), std::string::npos);

        const Status published = (*file)->publish();
        EXPECT_EQ(published.error().code, ErrorCode::io) << "a file with a hole must not appear";
    }

    EXPECT_EQ(folder.names(), Names{});
}

TEST(FileStore, LeavesNothingWhereTheLastFlushFails) {
    const TempFolder folder;
    FileStore store;
    {
        const FileLengthLimit limit(1000);
        const auto file = store.create(folder / "a.wav");
        ASSERT_TRUE((*file)->append(Bytes(2000))) << "still in the buffer";

        EXPECT_FALSE((*file)->publish());
        EXPECT_FALSE((*file)->read_back());
    }

    EXPECT_EQ(folder.names(), Names{});
}

TEST(FileStore, NamesAFolderThatCannotBeWritten) {
    const TempFolder folder;
    fs::create_directory(folder / "locked");
    fs::permissions(folder.path(), fs::perms(0755));
    fs::permissions(folder / "locked", fs::perms(0555));
    // The superuser may write anywhere, so he steps down for a moment.
    constexpr uid_t nobody = 65534;
    const bool is_root = ::geteuid() == 0;
    if (is_root && ::seteuid(nobody) != 0)
        GTEST_SKIP() << "running as root, who may not become another user here";
    FileStore store;

    const auto file = store.create(folder / "locked/a.wav");
    const auto deeper = store.create(folder / "locked/new/a.wav");
    if (is_root) {
        ASSERT_EQ(::seteuid(0), 0);
    }

    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::io);
    EXPECT_NE(file.error().message.find("locked"), std::string::npos);
    EXPECT_NE(file.error().message.find("Permission denied"), std::string::npos);
    EXPECT_EQ(deeper.error().code, ErrorCode::io);
    EXPECT_EQ(folder.names(), (Names{"locked"}));
}

TEST(MemoryStore, ListsTakesAndPuts) {
    MemoryStore store;
    store.put("b.wav", to_bytes("b"));
    store.put("out/./a.wav", to_bytes("a"));

    EXPECT_EQ(store.list(), (std::vector<fs::path>{"b.wav", "out/a.wav"}));
    EXPECT_TRUE(store.exists("./out/a.wav"));
    EXPECT_EQ(to_text(*store.take("b.wav")), "b");
    EXPECT_EQ(store.take("b.wav").error().code, ErrorCode::not_found);
    EXPECT_EQ(store.list(), (std::vector<fs::path>{"out/a.wav"}));
}

TEST(MemoryStore, KeepsAnOpenSourceAliveAfterItWasReplaced) {
    MemoryStore store;
    store.put("a", to_bytes("old"));
    const auto source = store.open("a");
    store.put("a", to_bytes("new"));

    EXPECT_EQ(to_text(*read_all(**source, 10)), "old");
}

TEST(FailingStore, FailsAtEachOperationInTurnAndCountsThem) {
    MemoryStore memory;
    FailingStore store(memory);
    const auto write = [&]() -> Status {
        DUBPLATE_TRY(const auto file, store.create("a.wav"));
        DUBPLATE_CHECK(file->append(to_bytes("abc")));
        DUBPLATE_CHECK(file->write_at(0, to_bytes("x")));
        return file->publish();
    };
    ASSERT_TRUE(write());
    ASSERT_EQ(store.operations(), 4);
    ASSERT_EQ(to_text(*memory.take("a.wav")), "xbc");

    for (int n = 1; n <= 4; ++n) {
        store.fail_at(n);
        EXPECT_EQ(write().error().code, ErrorCode::io) << n;
        EXPECT_EQ(store.operations(), n);
        EXPECT_TRUE(memory.list().empty());
    }
    store.fail_at(5);
    EXPECT_TRUE(write());
}

}  // namespace
}  // namespace dubplate
