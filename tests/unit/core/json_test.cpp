#include "core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace dubplate {
namespace {

TEST(ParseJson, ReadsEveryKindOfValue) {
    const auto json = parse_json(R"({"a": [1, -2, 3.5, true, false, null, "x\u00f6\ud83c\udfb5"], "b": {}})");

    ASSERT_TRUE(json) << json.error().to_string();
    EXPECT_EQ((*json)["a"], Json::array({1, -2, 3.5, true, false, nullptr, "xö🎵"}));
    EXPECT_EQ((*json)["b"], Json::object());
    EXPECT_EQ(*parse_json("3"), 3);
    EXPECT_EQ(*parse_json("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(ParseJson, KeepsWhatIsNested) {
    const std::string text = R"([[[1], {"a": [{"b": [2, {"c": 3}]}]}], 4])";

    EXPECT_EQ(*parse_json(text), Json::parse(text));
}

TEST(ParseJson, NamesTheLineAndTheColumn) {
    const auto json = parse_json("{\n  \"a\": 1,\n  \"b\": x\n}", "song.json");

    ASSERT_FALSE(json);
    EXPECT_EQ(json.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(json.error().message.substr(0, 29), "song.json: line 3, column 8: ");
}

TEST(ParseJson, RefusesWhatIsNotJson) {
    for (const char* text :
         {"", " ", "{", "[1,]", "{\"a\":}", "nul", "01", "+1", "NaN", "Infinity", "1e999", "'a'", "\"\xff\"",
          "\"\\ud800\"", "// c\n1", "[1] 2", "{\"a\" 1}", "\"a", "\"\n\""}) {
        const auto json = parse_json(text);
        ASSERT_FALSE(json) << text;
        EXPECT_EQ(json.error().code, ErrorCode::invalid_argument) << text;
        EXPECT_NE(json.error().message.find("line "), std::string::npos) << json.error().message;
    }
}

TEST(ParseJson, RefusesAKeyThatAppearsTwice) {
    const auto json = parse_json("{\"gain\": 1,\n\"gain\": 2}");

    ASSERT_FALSE(json);
    EXPECT_EQ(json.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(json.error().message, "line 2, column 6: the key \"gain\" appears twice");
    EXPECT_TRUE(parse_json(R"([{"gain": 1}, {"gain": 2}, {"a": {"gain": 1}, "gain": 2}])"));
}

TEST(ParseJson, RefusesWhatIsNestedTooDeep) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };

    EXPECT_TRUE(parse_json(nested(max_json_depth)));
    EXPECT_EQ(parse_json(nested(max_json_depth + 1)).error().code, ErrorCode::limit_exceeded);
    EXPECT_EQ(parse_json(std::string(1'000'000, '[')).error().code, ErrorCode::limit_exceeded);
}

TEST(ParseJson, RefusesWhatIsTooLong) {
    const std::string longest = "\"" + std::string(max_json_bytes - 2, 'a') + "\"";

    EXPECT_TRUE(parse_json(longest));
    EXPECT_EQ(parse_json(longest + " ").error().code, ErrorCode::limit_exceeded);
}

TEST(DumpJson, IsCanonical) {
    const Json json{{"b", Json::array({1, 2.5, -16.0})},
                    {"a", {{"y", nullptr}, {"x", true}}},
                    {"c", Json::array()},
                    {"d", Json::object()}};

    EXPECT_EQ(dump_json(json), R"({
  "a": {
    "x": true,
    "y": null
  },
  "b": [
    1,
    2.5,
    -16
  ],
  "c": [],
  "d": {}
}
)");
}

TEST(DumpJson, WritesDoublesSoThatTheyComeBackTheSame) {
    for (const double value :
         {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 123456.789, 1e21, 5.0e-7}) {
        const auto back = parse_json(dump_json(Json(value)));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->get<double>(), value);
        EXPECT_EQ(std::signbit(back->get<double>()), std::signbit(value));
    }
    EXPECT_EQ(dump_json(0.1), "0.1\n");
    // 17 digits that some fast printers need, 16 do.
    EXPECT_EQ(dump_json(9007199254740993.0), "9007199254740992\n");
}

TEST(DumpJson, WritesNullForWhatIsNoNumber) {
    const Json json = Json::array(
        {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()});

    EXPECT_EQ(*parse_json(dump_json(json)), Json::array({nullptr, nullptr, nullptr}));
}

TEST(DumpJson, RepairsTextThatIsNotUtf8AndEscapesControlCharacters) {
    EXPECT_EQ(dump_json("a\xff"
                        "b"),
              "\"a\uFFFDb\"\n");
    EXPECT_EQ(dump_json("a\"\n\x01"), "\"a\\\"\\n\\u0001\"\n");
    EXPECT_TRUE(parse_json(dump_json(Json{{"\xff", 1}})));
}

TEST(DumpJson, IsTheSameAfterAnotherRound) {
    const std::string text =
        dump_json(*parse_json(R"({"z":[{"a":1e2,"b":"\u00e9"}],"a":-0.0,"m":12345678901234567890})"));

    EXPECT_EQ(dump_json(*parse_json(text)), text);
}

}  // namespace
}  // namespace dubplate
