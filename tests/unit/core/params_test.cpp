#include "core/params.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace dubplate {

enum class Wave { none, sine, saw };
template <>
struct EnumNames<Wave> {
    static constexpr std::array<std::pair<Wave, std::string_view>, 3> table{
        {{Wave::none, "none"}, {Wave::sine, "sine"}, {Wave::saw, "saw"}}};
};

namespace {

struct Spec {
    std::vector<std::string> inputs;
    std::optional<int> rate_hz;
    struct {
        int bitrate_kbps = 320;
        std::optional<int> quality;
    } mp3;
    struct {
        bool normalize = true;
        double target_lufs = -16;
    } loudness;
    Wave wave = Wave::sine;
    std::vector<Wave> waves{Wave::sine};
    double start_seconds = 0;
    std::map<std::string, std::string> tags;
    std::string name = "{input}";
};

ParamTable<Spec> make_table() {
    ParamTable<Spec> table;
    const std::vector<std::string> waves{"none", "sine", "saw"};
    table
        .add(
            {.path = "inputs", .type = ParamType::text, .list = true},
            [](auto& s) -> auto& { return s.inputs; })
        .add(
            {.path = "rate_hz",
             .type = ParamType::integer,
             .nullable = true,
             .unit = "Hz",
             .minimum = 8000,
             .maximum = 192000,
             .option = "--sample-rate",
             .help = "samples for each second"},
            [](auto& s) -> auto& { return s.rate_hz; })
        .add(
            {.path = "mp3.bitrate_kbps",
             .type = ParamType::integer,
             .unit = "kbit/s",
             .minimum = 32,
             .maximum = 320},
            [](auto& s) -> auto& { return s.mp3.bitrate_kbps; })
        .add(
            {.path = "mp3.quality",
             .type = ParamType::integer,
             .nullable = true,
             .prefix = "V",
             .minimum = 0,
             .maximum = 9},
            [](auto& s) -> auto& { return s.mp3.quality; })
        .add(
            {.path = "loudness.normalize", .type = ParamType::boolean},
            [](auto& s) -> auto& { return s.loudness.normalize; })
        .add(
            {.path = "loudness.target_lufs",
             .type = ParamType::number,
             .unit = "LUFS",
             .minimum = -60,
             .maximum = 0},
            [](auto& s) -> auto& { return s.loudness.target_lufs; })
        .add(
            {.path = "wave", .type = ParamType::choice, .choices = waves},
            [](auto& s) -> auto& { return s.wave; })
        .add(
            {.path = "waves", .type = ParamType::choice, .list = true, .choices = waves},
            [](auto& s) -> auto& { return s.waves; })
        .add(
            {.path = "start_seconds", .type = ParamType::time, .unit = "s", .minimum = 0},
            [](auto& s) -> auto& { return s.start_seconds; })
        .add(
            {.path = "tags", .type = ParamType::text_map}, [](auto& s) -> auto& { return s.tags; })
        .add(
            {.path = "name", .type = ParamType::text}, [](auto& s) -> auto& { return s.name; });
    return table;
}

const ParamTable<Spec>& table() {
    static const ParamTable<Spec> made = make_table();
    return made;
}

const Param& param(std::string_view path) {
    for (const Param& each : table().params())
        if (each.path == path) return each;
    throw std::out_of_range(std::string(path));
}

std::string error_of(std::string_view path, std::string_view text) {
    const auto value = parse_value(param(path), text);
    return value ? "no error: " + value->dump() : value.error().to_string();
}

TEST(ParamTable, WritesEveryParameter) {
    EXPECT_EQ(table().write({}),
              Json::parse(R"({"inputs": [], "rate_hz": null, "wave": "sine", "waves": ["sine"],
        "mp3": {"bitrate_kbps": 320, "quality": null}, "loudness": {"normalize": true, "target_lufs": -16.0},
        "start_seconds": 0.0, "tags": {}, "name": "{input}"})"));
}

TEST(ParamTable, ReadsBackWhatItWrote) {
    Spec spec;
    spec.inputs = {"a.wav", "b, c.wav"};
    spec.rate_hz = 44100;
    spec.mp3 = {.bitrate_kbps = 128, .quality = 2};
    spec.loudness = {.normalize = false, .target_lufs = -23.5};
    spec.wave = Wave::saw;
    spec.waves = {Wave::none, Wave::saw};
    spec.start_seconds = 1.25;
    spec.tags = {{"title", "Jóga"}, {"a.b", "dots"}};
    spec.name = "x";

    const auto back = table().read(table().write(spec));

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(table().write(*back), table().write(spec));
    EXPECT_EQ(back->waves, spec.waves);
    EXPECT_EQ(back->rate_hz, 44100);
}

TEST(ParamTable, MergesOverTheDefaults) {
    const auto spec = table().read(Json::parse(R"({"mp3": {"quality": 3}})"));

    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->mp3.quality, 3);
    EXPECT_EQ(spec->mp3.bitrate_kbps, 320);
    EXPECT_EQ(spec->loudness.target_lufs, -16);
}

TEST(ParamTable, HoldsDefaultsThatFitTheirOwnRules) {
    for (const Param& each : table().params())
        EXPECT_TRUE(check_value(each, each.default_value)) << each.path;
}

TEST(ParamTable, RefusesUnknownKeysAndGuessesTheRightOne) {
    const auto error = [](const char* text) { return table().read(Json::parse(text)).error().to_string(); };

    EXPECT_EQ(error(R"({"mp3": {"bitrat_kbps": 1}})"),
              "unknown key \"mp3.bitrat_kbps\"; did you mean \"mp3.bitrate_kbps\"?");
    EXPECT_EQ(error(R"({"target_lufs": -14})"),
              "unknown key \"target_lufs\"; did you mean \"loudness.target_lufs\"?");
    EXPECT_EQ(error(R"({"mp3.quality": 1})"), "unknown key \"mp3.quality\"; write it as nested objects");
    EXPECT_EQ(error(R"({"completely_different": 1})"), "unknown key \"completely_different\"");
    EXPECT_EQ(error(R"({"": 1})"), "unknown key \"\"");
    EXPECT_EQ(error(R"({"a\nb": 1})"), "unknown key \"a\\nb\"");
}

TEST(ParamTable, RefusesALevelThatIsNoObject) {
    const auto error = [](const char* text) { return table().read(Json::parse(text)).error().to_string(); };

    EXPECT_EQ(error(R"({"mp3": 3})"), "mp3: '3' is not an object");
    EXPECT_EQ(error(R"({"mp3": null})"), "mp3: 'null' is not an object");
    EXPECT_EQ(error("[]"), "the document: '[]' is not an object");
}

TEST(ParamTable, RefusesWrongTypesAndRangesWithThePath) {
    const auto error = [](const char* text) { return table().read(Json::parse(text)).error().to_string(); };

    EXPECT_EQ(error(R"({"mp3": {"bitrate_kbps": 500}})"),
              "mp3.bitrate_kbps: 500 is outside 32 to 320 kbit/s");
    EXPECT_EQ(error(R"({"mp3": {"bitrate_kbps": 128.5}})"),
              "mp3.bitrate_kbps: '128.5' is not a whole number, 32 to 320 kbit/s");
    EXPECT_EQ(error(R"({"mp3": {"bitrate_kbps": null}})"),
              "mp3.bitrate_kbps: null is not a whole number, 32 to 320 kbit/s");
    EXPECT_EQ(error(R"({"mp3": {"bitrate_kbps": "128"}})"),
              "mp3.bitrate_kbps: '128' is not a whole number, 32 to 320 kbit/s");
    EXPECT_EQ(error(R"({"loudness": {"normalize": 1}})"), "loudness.normalize: '1' is not true or false");
    EXPECT_EQ(error(R"({"start_seconds": -1})"), "start_seconds: -1 is not 0 s or more");
    EXPECT_EQ(error(R"({"wave": "sin"})"), "wave: sin is not one of none, sine, saw; did you mean sine?");
    EXPECT_EQ(error(R"({"waves": "saw"})"), "waves: 'saw' is not a list");
    EXPECT_EQ(error(R"({"waves": ["saw", 3]})"), "waves[1]: '3' is not one of none, sine, saw");
    EXPECT_EQ(error(R"({"tags": {"year": 2026}})"), "tags.year: '2026' is not text");
    EXPECT_EQ(error(R"({"tags": []})"), "tags: '[]' is not pairs of text, as KEY=VALUE");
    EXPECT_EQ(error(R"({"name": 3})"), "name: '3' is not text");
    EXPECT_EQ(error(R"({"inputs": [null]})"), "inputs[0]: 'null' is not text");
}

TEST(ParamTable, TakesWholeNumbersInEitherSpelling) {
    EXPECT_EQ(table().read(Json::parse(R"({"rate_hz": 44100.0})"))->rate_hz, 44100);
    EXPECT_EQ(table().read(Json::parse(R"({"loudness": {"target_lufs": -14}})"))->loudness.target_lufs,
              -14.0);
}

TEST(ParamTable, RefusesNumbersPastEveryRange) {
    for (const char* text :
         {"1e300", "-1e300", "18446744073709551615", "-9223372036854775808", "9007199254740994"})
        EXPECT_FALSE(table().read(Json{{"mp3", {{"bitrate_kbps", Json::parse(text)}}}})) << text;
    EXPECT_FALSE(table().read(Json{{"loudness", {{"target_lufs", std::nan("")}}}}));
    EXPECT_FALSE(table().read(Json{{"start_seconds", std::numeric_limits<double>::infinity()}}));
}

TEST(ParseValue, ReadsEachType) {
    EXPECT_EQ(*parse_value(param("mp3.bitrate_kbps"), "128"), 128);
    EXPECT_EQ(*parse_value(param("mp3.bitrate_kbps"), " 128 kbit/s"), 128);
    EXPECT_EQ(*parse_value(param("mp3.quality"), "V0"), 0);
    EXPECT_EQ(*parse_value(param("mp3.quality"), "v9"), 9);
    EXPECT_EQ(*parse_value(param("rate_hz"), "auto"), nullptr);
    EXPECT_EQ(*parse_value(param("loudness.target_lufs"), "-14.5"), -14.5);
    EXPECT_EQ(*parse_value(param("loudness.target_lufs"), "-14LUFS"), -14.0);
    EXPECT_EQ(*parse_value(param("start_seconds"), "1:30"), 90.0);
    EXPECT_EQ(*parse_value(param("wave"), "SAW"), "saw");
    EXPECT_EQ(*parse_value(param("waves"), "saw, None"), Json::array({"saw", "none"}));
    EXPECT_EQ(*parse_value(param("waves"), ""), Json::array());
    EXPECT_EQ(*parse_value(param("tags"), "title=a = b"), (Json{{"title", "a = b"}}));
    EXPECT_EQ(*parse_value(param("tags"), "comment="), (Json{{"comment", ""}}));
    EXPECT_EQ(*parse_value(param("name"), " {input} "), " {input} ");
    for (const char* yes : {"true", "YES", "on", "1"})
        EXPECT_EQ(*parse_value(param("loudness.normalize"), yes), true);
    for (const char* no : {"false", "No", "off", "0"})
        EXPECT_EQ(*parse_value(param("loudness.normalize"), no), false);
}

TEST(ParseValue, NamesThePathTheValueAndWhatIsAllowed) {
    EXPECT_EQ(error_of("mp3.bitrate_kbps", "500"), "mp3.bitrate_kbps: 500 is outside 32 to 320 kbit/s");
    EXPECT_EQ(error_of("mp3.bitrate_kbps", "fast"),
              "mp3.bitrate_kbps: 'fast' is not a whole number, 32 to 320 kbit/s");
    EXPECT_EQ(error_of("mp3.bitrate_kbps", "auto"),
              "mp3.bitrate_kbps: 'auto' is not a whole number, 32 to 320 kbit/s");
    EXPECT_EQ(error_of("loudness.target_lufs", "+3"), "loudness.target_lufs: 3 is outside -60 to 0 LUFS");
    EXPECT_EQ(error_of("loudness.normalize", "maybe"), "loudness.normalize: 'maybe' is not true or false");
    EXPECT_EQ(error_of("wave", "swa"), "wave: swa is not one of none, sine, saw; did you mean saw?");
    EXPECT_EQ(error_of("waves", "saw,,sine"), "waves: 'saw,,sine' has an empty item");
    EXPECT_EQ(error_of("tags", "title"), "tags: 'title' is not pairs of text, as KEY=VALUE");
    EXPECT_EQ(error_of("tags", "=x"), "tags: '=x' is not pairs of text, as KEY=VALUE");
    EXPECT_EQ(error_of("start_seconds", "soon"),
              "start_seconds: 'soon' is not a time such as 1:30.5, 90.5s or 500ms, 0 s or more");
}

TEST(ParseTime, ReadsClocksSecondsAndMilliseconds) {
    EXPECT_EQ(parse_time("1:02:03.5"), 3723.5);
    EXPECT_EQ(parse_time("4:12.345"), 252.345);
    EXPECT_EQ(parse_time("62.5"), 62.5);
    EXPECT_EQ(parse_time("62.5s"), 62.5);
    EXPECT_EQ(parse_time("500ms"), 0.5);
    EXPECT_EQ(parse_time(" 90 s "), 90.0);
    EXPECT_EQ(parse_time("100:00:00"), 360'000.0);
    EXPECT_EQ(parse_time("0"), 0.0);
}

TEST(ParseTime, RefusesWhatNoClockShows) {
    for (const char* text :
         {"",    ":",   "1:",  ":30", "1:60",      "1:60:00", "1:2:3:4", "1.5:00", "-1",   "+1",
          "1e3", "nan", "inf", "1,5", "5 minutes", "ms",      "s",       ".",      "1..5", "0x10"}) {
        const auto time = parse_time(text);
        ASSERT_FALSE(time) << text;
        EXPECT_EQ(time.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(time.error().hint.empty());
    }
}

TEST(Paths, AreSetAndFoundInNestedObjects) {
    Json json = Json::object();
    set_at_path(json, "a.b.c", 1);
    set_at_path(json, "a.d", 2);

    EXPECT_EQ(json, Json::parse(R"({"a": {"b": {"c": 1}, "d": 2}})"));
    EXPECT_EQ(*find_at_path(json, "a.b.c"), 1);
    EXPECT_EQ(find_at_path(json, "a.x"), nullptr);
    EXPECT_EQ(find_at_path(json, "a.d.x"), nullptr);
}

TEST(Schema, DescribesEveryParameter) {
    const Json schema = make_schema(table().params(), "audio");

    EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(schema["title"], "audio");
    EXPECT_EQ(schema["additionalProperties"], false);
    const Json& properties = schema["properties"];
    EXPECT_EQ(properties["rate_hz"], Json::parse(R"({"type": ["integer", "null"], "minimum": 8000,
        "maximum": 192000, "default": null, "x-unit": "Hz", "x-option": "--sample-rate",
        "description": "samples for each second"})"));
    EXPECT_EQ(properties["mp3"]["additionalProperties"], false);
    EXPECT_EQ(properties["mp3"]["properties"]["bitrate_kbps"]["default"], 320);
    EXPECT_EQ(properties["waves"], Json::parse(R"({"type": "array", "default": ["sine"],
        "items": {"type": "string", "enum": ["none", "sine", "saw"]}})"));
    EXPECT_EQ(properties["tags"], Json::parse(R"({"type": "object", "default": {},
        "additionalProperties": {"type": "string"}})"));
    EXPECT_EQ(properties["start_seconds"]["type"], "number");
    EXPECT_FALSE(properties["start_seconds"].contains("maximum"));
}

}  // namespace
}  // namespace dubplate
