#include "core/log.h"

#include <gtest/gtest.h>

#include <string>

namespace dubplate {
namespace {

class LogTest : public ::testing::Test {
  protected:
    void SetUp() override { before_ = log_level(); }
    void TearDown() override { set_log_level(before_); }

    template <class Action>
    static std::string errors_of(Action action) {
        ::testing::internal::CaptureStderr();
        action();
        return ::testing::internal::GetCapturedStderr();
    }

  private:
    LogLevel before_ = LogLevel::warning;
};

TEST_F(LogTest, WritesOneLineWithItsLevelToStandardError) {
    set_log_level(LogLevel::info);

    EXPECT_EQ(errors_of([] { log_info("{} files in {}", 2, "out"); }), "dubplate: info: 2 files in out\n");
    EXPECT_EQ(errors_of([] { log_error("broken"); }), "dubplate: error: broken\n");
}

TEST_F(LogTest, KeepsQuietBelowItsLevel) {
    set_log_level(LogLevel::warning);
    EXPECT_EQ(errors_of([] { log_info("hidden"); }), "");
    EXPECT_EQ(errors_of([] { log_debug("hidden"); }), "");
    EXPECT_EQ(errors_of([] { log_warning("shown"); }), "dubplate: warning: shown\n");

    set_log_level(LogLevel::off);
    EXPECT_EQ(errors_of([] { log_error("hidden"); }), "");
}

TEST_F(LogTest, LetsNoNameForgeALineOrMoveTheCursor) {
    const std::string line = errors_of([] { log_error("{}", "a\ndubplate: error: forged \x1b[31m"); });

    EXPECT_EQ(line, "dubplate: error: a\\ndubplate: error: forged \\x1b[31m\n");
}

TEST_F(LogTest, TakesBracesInValuesAsTheyAre) {
    EXPECT_EQ(errors_of([] { log_error("{}", "{title} %s {}"); }), "dubplate: error: {title} %s {}\n");
}

TEST_F(LogTest, RemembersItsLevel) {
    for (const LogLevel level :
         {LogLevel::off, LogLevel::error, LogLevel::warning, LogLevel::info, LogLevel::debug}) {
        set_log_level(level);
        EXPECT_EQ(log_level(), level);
        EXPECT_EQ(is_logged(LogLevel::error), level != LogLevel::off);
    }
    EXPECT_FALSE(is_logged(LogLevel::off));
}

}  // namespace
}  // namespace dubplate
