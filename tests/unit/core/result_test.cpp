#include "core/result.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <set>
#include <string>
#include <type_traits>

namespace dubplate {
namespace {

constexpr std::array all_codes{
    ErrorCode::invalid_argument, ErrorCode::not_found,   ErrorCode::already_exists, ErrorCode::io,
    ErrorCode::corrupt,          ErrorCode::unsupported, ErrorCode::limit_exceeded, ErrorCode::canceled,
    ErrorCode::unavailable,      ErrorCode::internal,
};

TEST(ErrorCodes, HaveTheDocumentedNamesAndStatuses) {
    EXPECT_EQ(info(ErrorCode::invalid_argument).name, "invalid_argument");
    EXPECT_EQ(info(ErrorCode::invalid_argument).http_status, 400);
    EXPECT_EQ(info(ErrorCode::not_found).http_status, 404);
    EXPECT_EQ(info(ErrorCode::already_exists).http_status, 409);
    EXPECT_EQ(info(ErrorCode::io).http_status, 500);
    EXPECT_EQ(info(ErrorCode::corrupt).http_status, 422);
    EXPECT_EQ(info(ErrorCode::unsupported).http_status, 422);
    EXPECT_EQ(info(ErrorCode::limit_exceeded).http_status, 413);
    EXPECT_EQ(info(ErrorCode::canceled).http_status, 409);
    EXPECT_EQ(info(ErrorCode::unavailable).http_status, 503);
    EXPECT_EQ(info(ErrorCode::internal).http_status, 500);
}

TEST(ErrorCodes, HaveExitStatusesFromTwoToElevenInOrder) {
    int wanted = 2;
    for (const ErrorCode code : all_codes) EXPECT_EQ(info(code).exit_status, wanted++) << info(code).name;
}

TEST(ErrorCodes, HaveNamesOfTheirOwn) {
    std::set<std::string_view> names;
    for (const ErrorCode code : all_codes) names.insert(info(code).name);

    EXPECT_EQ(names.size(), all_codes.size());
}

TEST(Error, ShowsItsContextFromTheOutsideIn) {
    Error error = fail(ErrorCode::corrupt, "frame 12 has no sync", "get the file again");
    error = std::move(error).in_context("reading tags");
    error = std::move(error).in_context("song.mp3");

    EXPECT_EQ(error.to_string(), "song.mp3: reading tags: frame 12 has no sync; get the file again");
}

TEST(Error, WithoutHintEndsWithItsMessage) {
    EXPECT_EQ(fail(ErrorCode::io, "disk broken").to_string(), "disk broken");
}

TEST(Error, BecomesJsonWithItsContextInTheMessage) {
    const Error error = fail(ErrorCode::not_found, "no such file", "look elsewhere").in_context("a.wav");

    const nlohmann::json json = error;

    EXPECT_EQ(json, nlohmann::json::parse(
                        R"({"code":"not_found","message":"a.wav: no such file","hint":"look elsewhere"})"));
}

TEST(SystemError, PicksTheCodeThatTellsTheCallerWhatToDo) {
    EXPECT_EQ(system_error(ENOENT, "x").code, ErrorCode::not_found);
    EXPECT_EQ(system_error(ENOTDIR, "x").code, ErrorCode::not_found);
    EXPECT_EQ(system_error(EEXIST, "x").code, ErrorCode::already_exists);
    EXPECT_EQ(system_error(ENAMETOOLONG, "x").code, ErrorCode::invalid_argument);
    EXPECT_EQ(system_error(EIO, "x").code, ErrorCode::io);
}

TEST(SystemError, NamesTheObjectAndHintsAtTheWayOut) {
    const Error error = system_error(ENOSPC, "cannot write out/a.wav");

    EXPECT_EQ(error.message, "cannot write out/a.wav: No space left on device");
    EXPECT_NE(error.hint.find("free some space"), std::string::npos);
}

TEST(SystemError, HintsForEveryCauseThatAUserCanMend) {
    for (const int number : {ENOSPC, EDQUOT, EACCES, EPERM, EROFS, ENAMETOOLONG, EFBIG, EMFILE})
        EXPECT_FALSE(system_error(number, "x").hint.empty()) << number;
    EXPECT_TRUE(system_error(EIO, "x").hint.empty());
}

Result<int> half_of(int number) {
    if (number % 2 != 0) return fail(ErrorCode::invalid_argument, std::to_string(number) + " is odd");
    return number / 2;
}
Status need_even(int number) {
    DUBPLATE_CHECK(half_of(number));
    return {};
}

// Two of each macro in one scope, two on one line: the hidden names must not collide.
Result<int> eighth_of(int number) {
    DUBPLATE_CHECK(need_even(number));
    DUBPLATE_CHECK(need_even(number));
    DUBPLATE_TRY(const int half, half_of(number));
    DUBPLATE_TRY(const int quarter, half_of(half));
    if (quarter > 0) DUBPLATE_CHECK(need_even(quarter));
    DUBPLATE_TRY(int eighth, half_of(quarter));
    return eighth;
}

TEST(ResultMacros, HandTheValueOnAndStopAtTheFirstError) {
    EXPECT_EQ(eighth_of(24), 3);
    EXPECT_EQ(eighth_of(7).error().message, "7 is odd");
    EXPECT_EQ(eighth_of(6).error().message, "3 is odd");
    EXPECT_EQ(eighth_of(4).error().message, "1 is odd");
}

TEST(Result, HoldsValuesThatOnlyMove) {
    const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
    const auto use = [&]() -> Result<int> {
        DUBPLATE_TRY(const auto pointer, make());
        return *pointer;
    };

    EXPECT_EQ(use(), 7);
}

TEST(AssertDeathTest, AbortsWithTheExpressionAndThePlace) {
    EXPECT_DEATH(DUBPLATE_ASSERT(1 + 1 == 3), "result_test.cpp.*1 \\+ 1 == 3");
}

}  // namespace
}  // namespace dubplate
