#include "core/posix_file.h"
#include "core/store.h"
#include "support/bytes.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <thread>

namespace dubplate {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{-1, -1};
        EXPECT_EQ(::pipe(ends.data()), 0);
        reader = FileDescriptor(ends[0]);
        writer = FileDescriptor(ends[1]);
    }
    void write(std::string_view text) const {
        while (!text.empty()) {
            const auto count = ::write(writer.get(), text.data(), text.size());
            if (count <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void close_writer() { FileDescriptor closed = std::move(writer); }

    FileDescriptor reader;
    FileDescriptor writer;
};

TEST(Spool, KeepsAllThatAPipeDelivers) {
    Pipe pipe;
    std::string wanted;
    for (int i = 0; i < 100'000; ++i) wanted += std::to_string(i);
    std::jthread writer([&] {
        pipe.write(wanted);
        pipe.close_writer();
    });

    const auto source = spool(pipe.reader.get(), "standard input", 10'000'000);
    writer.join();

    ASSERT_TRUE(source) << source.error().to_string();
    EXPECT_EQ((*source)->name(), "standard input");
    EXPECT_EQ((*source)->size(), wanted.size());
    EXPECT_EQ(to_text(*read_all(**source, 10'000'000)), wanted);
}

TEST(Spool, TakesAnEmptyPipe) {
    Pipe pipe;
    pipe.close_writer();

    EXPECT_EQ((*spool(pipe.reader.get(), "standard input", 10))->size(), 0U);
}

TEST(Spool, RefusesMoreThanTheLimit) {
    Pipe exact;
    exact.write("12345");
    exact.close_writer();
    Pipe longer;
    longer.write("123456");
    longer.close_writer();

    EXPECT_TRUE(spool(exact.reader.get(), "standard input", 5));
    EXPECT_EQ(spool(longer.reader.get(), "standard input", 5).error().code, ErrorCode::limit_exceeded);
}

TEST(Spool, StopsWhileItWaitsForBytes) {
    Pipe pipe;
    std::stop_source stop;
    const std::jthread asker([&] { stop.request_stop(); });

    const auto source = spool(pipe.reader.get(), "standard input", 10, stop.get_token());

    EXPECT_EQ(source.error().code, ErrorCode::canceled);
}

class TemporaryFolderVariable {
  public:
    explicit TemporaryFolderVariable(const std::string& folder) {
        if (const char* before = std::getenv("TMPDIR")) before_ = before;
        ::setenv("TMPDIR", folder.c_str(), 1);
    }
    TemporaryFolderVariable(const TemporaryFolderVariable&) = delete;
    TemporaryFolderVariable& operator=(const TemporaryFolderVariable&) = delete;
    ~TemporaryFolderVariable() {
        if (before_.empty()) {
            ::unsetenv("TMPDIR");
        } else {
            ::setenv("TMPDIR", before_.c_str(), 1);
        }
    }

  private:
    std::string before_;
};

TEST(Spool, LeavesNoNameInTheTemporaryFolder) {
    const TempFolder folder;
    const TemporaryFolderVariable variable(folder.path().string());
    Pipe pipe;
    pipe.write("12345");
    pipe.close_writer();

    const auto source = spool(pipe.reader.get(), "standard input", 10);

    ASSERT_TRUE(source);
    EXPECT_TRUE(folder.names().empty());
    EXPECT_EQ(to_text(*read_all(**source, 10)), "12345");
}

TEST(Spool, NamesATemporaryFolderThatIsNotThere) {
    const TempFolder folder;
    const TemporaryFolderVariable variable((folder / "none").string());
    Pipe pipe;
    pipe.close_writer();

    const auto source = spool(pipe.reader.get(), "standard input", 10);

    ASSERT_FALSE(source);
    EXPECT_NE(source.error().message.find("none"), std::string::npos);
}

TEST(Spool, RefusesADescriptorThatCannotBeRead) {
    EXPECT_EQ(spool(-1, "standard input", 10).error().code, ErrorCode::io);
}

}  // namespace
}  // namespace dubplate
