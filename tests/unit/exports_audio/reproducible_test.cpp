// The same song and the same spec give the same bytes, whenever that is.
#include <gtest/gtest.h>

#include <chrono>

#include "exports/audio/tagging.h"
#include "support/exporting.h"

namespace dubplate {
namespace {

using test::input_of;
using test::noise;
using test::spec_of;

// Every file that an export at this time writes.
std::map<std::string, Bytes> exported(const AudioSpec& spec, const std::vector<ExpandedInput>& inputs,
                                      const Clock& clock) {
    MemoryStore store;
    const auto plan = plan_audio(spec, inputs, {.store = &store, .output = "/out", .clock = &clock}, {});
    EXPECT_TRUE(plan);
    if (!plan) return {};
    Progress progress;
    EXPECT_TRUE(run_audio(*plan, {}, progress, {}));
    std::map<std::string, Bytes> files;
    for (const auto& path : store.list()) files[path.string()] = *store.take(path);
    return files;
}

TEST(Reproducible, ExportsOfAnotherYearAreTheSameBytes) {
    Metadata metadata;
    metadata.title = "Night Drive";
    const std::vector<ExpandedInput> inputs{input_of(noise(44100, 2, 2, 0.1), "night", metadata)};
    ManualClock clock;
    const AudioSpec spec = spec_of({"wav", "aiff", "flac", "mp3"});
    const auto now = exported(spec, inputs, clock);

    clock.advance(std::chrono::hours(3 * 366 * 24));

    EXPECT_EQ(now.size(), 4U);
    EXPECT_EQ(exported(spec, inputs, clock), now);
}

// As SOURCE_DATE_EPOCH does.
class FixedClock final : public Clock {
  public:
    std::chrono::nanoseconds now() const override { return {}; }
    std::chrono::system_clock::time_point utc() const override { return {}; }
    std::optional<std::chrono::system_clock::time_point> fixed_utc() const override { return utc(); }
};

std::string origination(const AudioSpec& spec, const SourceInfo& source, const Clock& clock) {
    const auto tagger = Tagger::make(spec, clock);
    EXPECT_TRUE(tagger);
    return tagger->tags_for(source, "song", {}, 0)->origination;
}

TEST(Reproducible, TheDateIsTheSourcesOwnOrTheOneThatWasSet) {
    SourceInfo source;
    EXPECT_EQ(origination({}, source, ManualClock()), "");
    EXPECT_EQ(origination({}, source, FixedClock()), "1970-01-01T00:00:00Z");
    source.origination = "2020-03-04T05:06:07";
    EXPECT_EQ(origination({}, source, FixedClock()), "2020-03-04T05:06:07");
    AudioSpec cleared;
    cleared.clear_tags = true;
    EXPECT_EQ(origination(cleared, source, ManualClock()), "");
}

Error refusal(std::map<std::string, std::string> tags) {
    AudioSpec spec;
    spec.tags = std::move(tags);
    const auto tagger = Tagger::make(spec, ManualClock());
    return tagger ? fail(ErrorCode::internal, "it was taken") : tagger.error();
}

TEST(Tagger, RefusesNumbersThatCountNothing) {
    EXPECT_NE(refusal({{"track", "0"}}).to_string().find("tag track: 0 is no number"), std::string::npos);
    EXPECT_EQ(refusal({{"disctotal", "0"}}).code, ErrorCode::invalid_argument);
    EXPECT_EQ(refusal({{"track", "0/12"}}).code, ErrorCode::invalid_argument);
    EXPECT_NE(refusal({{"disc", "2/1"}}).to_string().find("2 is above the total of 1"), std::string::npos);
    EXPECT_EQ(refusal({{"disc", "2"}, {"totaldiscs", "1"}}).code, ErrorCode::invalid_argument);
    EXPECT_EQ(refusal({{"disc", "2/2"}, {"track", ""}, {"tracktotal", "9"}}).message, "it was taken");
}

TEST(Tagger, TakesTheNumbersOfASourceAsTheyAre) {
    AudioSpec spec;
    spec.tags = {{"title", "Night"}};
    SourceInfo source;
    source.metadata.track = {5, 3};
    const auto tagger = Tagger::make(spec, ManualClock());
    ASSERT_TRUE(tagger);
    EXPECT_EQ(tagger->tags_for(source, "song", {}, 0)->metadata.track, (NumberOf{5, 3}));
}

TEST(Tagger, RefusesOneFieldUnderTwoNames) {
    const std::string text = refusal({{"year", "2001"}, {"Date", "2002"}}).to_string();
    EXPECT_NE(text.find("tags Date and year are both the tag date"), std::string::npos) << text;
    EXPECT_EQ(refusal({{"mood", "a"}, {"MOOD", "b"}}).code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dubplate
