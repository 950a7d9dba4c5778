// A real disk that is full: a tmpfs of 512 KiB, where this user may mount one.
#include "core/store.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <sys/mount.h>

#include <cerrno>
#include <cstring>

namespace dubplate {
namespace {

class SmallDisk {
  public:
    explicit SmallDisk(const std::filesystem::path& path) : path_(path) {
        is_mounted_ = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=512k") == 0;
        if (!is_mounted_) reason_ = std::strerror(errno);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (is_mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    }
    bool is_mounted() const { return is_mounted_; }
    const std::string& reason() const { return reason_; }

  private:
    std::filesystem::path path_;
    bool is_mounted_ = false;
    std::string reason_;
};

TEST(FullDisk, LeavesNothingAndSaysWhatToDo) {
    const TempFolder folder;
    const SmallDisk disk(folder.path());
    if (!disk.is_mounted()) GTEST_SKIP() << "no small disk can be mounted here: " << disk.reason();
    FileStore store;
    {
        const auto file = store.create(folder / "out/a.wav");
        ASSERT_TRUE(file);
        Status status;
        for (int i = 0; i < 20 && status; ++i) status = (*file)->append(Bytes(100'000));
        if (status) status = (*file)->publish();

        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, ErrorCode::io);
        EXPECT_NE(status.error().message.find("No space left on device"), std::string::npos);
        EXPECT_NE(status.error().hint.find("free some space"), std::string::npos);
    }

    EXPECT_TRUE(folder.names().empty());
}

TEST(FullDisk, IsSeenBeforeTheWork) {
    const TempFolder folder;
    const SmallDisk disk(folder.path());
    if (!disk.is_mounted()) GTEST_SKIP() << "no small disk can be mounted here: " << disk.reason();
    FileStore store;

    const auto free = store.free_bytes(folder / "not/yet");

    ASSERT_TRUE(free);
    EXPECT_LE(*free, 512U * 1024);
    EXPECT_GT(*free, 0U);
}

}  // namespace
}  // namespace dubplate
