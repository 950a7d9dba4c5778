#include "formats/daw/reaper_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/text.h"
#include "formats/daw/reaper_read.h"
#include "formats/daw/rpp_text.h"
#include "unit/formats_daw/sessions.h"

namespace dubplate::test {

namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view mixer = R"(<REAPER_PROJECT 0.1 "7.0/win64" 1700000000
  SAMPLERATE 44100 1 0
  TEMPO 90 4 4
	<NOTES 0 2
    |  my own   notes .
  >
  <TRACK {AAAAAAAA-0000-4000-8000-000000000001}
    NAME "Bus"
    ISBUS 1 1
    AUXRECV 2 0 1 0 0 0 0 0 0 -1:U 0 -1 ''
    <FXCHAIN
      <VST "ReaVerb" reaverb.dll 0 "" 1919252066
        bXlWUw==
      >
    >
  >
  <TRACK {AAAAAAAA-0000-4000-8000-000000000002}
    NAME Child
    ISBUS 2 -1
  >
  <TRACK {AAAAAAAA-0000-4000-8000-000000000003}
    NAME Sender
    ISBUS 0 0
  >
  <EXTENSIONS
  >
>
)";

DawSession two_stems() {
    DawSession session = small_session();
    session.tracks.resize(2);
    return session;
}

std::string filled(std::string_view text, const DawSession& session = two_stems()) {
    const auto result = fill_reaper_template(text, session);
    return result ? *result : result.error().to_string();
}

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
    std::string changed(text);
    for (std::size_t at = changed.find(what); at != std::string::npos;
         at = changed.find(what, at + by.size()))
        changed.replace(at, what.size(), by);
    return changed;
}

std::vector<std::string> track_names(std::string_view text) {
    std::vector<std::string> names;
    const auto lines = scan_rpp(text);
    EXPECT_TRUE(lines);
    for (const RppLine& line : *lines)
        if (rpp_key(line) == "NAME" && line.depth == 2) names.push_back(rpp_words(line)[1]);
    return names;
}

int folder_balance(std::string_view text) {
    int level = 0;
    const auto lines = scan_rpp(text);
    for (const RppLine& line : *lines)
        if (rpp_key(line) == "ISBUS") level += std::stoi(rpp_words(line)[2]);
    return level;
}

TEST(ReaperTemplate, PutsTracksAfterTheLastAndLeavesEveryLineAsItWas) {
    const std::string result = filled(mixer);

    const std::size_t place = mixer.find("  <EXTENSIONS");
    ASSERT_GT(result.size(), mixer.size());
    EXPECT_EQ(result.substr(0, place), mixer.substr(0, place));
    EXPECT_TRUE(result.ends_with(mixer.substr(place)));
    EXPECT_EQ(track_names(result),
              (std::vector<std::string>{"Bus", "Child", "Sender", "Drums", "Kick \"in\"", "it's snare"}));
    EXPECT_EQ(folder_balance(result), 0);
}

TEST(ReaperTemplate, IsReadAsTheSessionWithTheTracksOfBoth) {
    const auto session = parse_reaper(filled(mixer));

    ASSERT_TRUE(session) << session.error().to_string();
    ASSERT_EQ(session->tracks.size(), 4U);
    EXPECT_EQ(session->tracks[0].group, "Bus");
    EXPECT_EQ(session->tracks[2].group, "Drums");
    EXPECT_EQ(session->tracks[2].file, "audio/Kick.wav");
}

TEST(ReaperTemplate, KeepsWindowsLineEnds) {
    const std::string windows = replaced(mixer, "\n", "\r\n");

    const std::string result = filled(windows);

    EXPECT_EQ(result, replaced(filled(mixer), "\n", "\r\n"));
}

TEST(ReaperTemplate, ReplacesPlaceholdersWhereTheyStand) {
    std::string text = replaced(mixer, "  SAMPLERATE 44100 1 0\n", "  {{SAMPLE_RATE}}\n");
    text = replaced(text, "  TEMPO 90 4 4\n", "    {{TEMPO}}\n  {{MARKERS}}\n");
    text = replaced(text, "  <EXTENSIONS", "      {{TRACKS}}\n  <EXTENSIONS");

    const std::string result = filled(text);

    EXPECT_THAT(result, Not(HasSubstr("{{")));
    const auto session = parse_reaper(result);
    ASSERT_TRUE(session) << session.error().to_string();
    EXPECT_EQ(session->sample_rate_hz, 48'000);
    EXPECT_EQ(session->tempo, two_stems().tempo);
    EXPECT_EQ(session->markers, two_stems().markers);
    EXPECT_THAT(result, HasSubstr("\n      <TRACK {"));
}

TEST(ReaperTemplate, ReplacesPlaceholdersWithinOtherWordsByTheirValues) {
    std::string text = replaced(mixer, "TEMPO 90 4 4", "TEMPO {{TEMPO}} 4 4 {{TEMPO}}");
    text = replaced(text, "SAMPLERATE 44100", "SAMPLERATE {{SAMPLE_RATE}}");
    text = replaced(text, "|  my own", "|{{TRACKS}} / {{MARKERS}} {{OTHER}}");

    const std::string result = filled(text);

    EXPECT_THAT(result, HasSubstr("  TEMPO 93.5 4 4 93.5\n"));
    EXPECT_THAT(result, HasSubstr("  SAMPLERATE 48000 1 0\n"));
    EXPECT_THAT(result, HasSubstr("|Kick in, its snare / Intro, Loop A, \xC3\x9C"
                                  "bergang x {{OTHER}}   notes .\n"));
}

TEST(ReaperTemplate, DoesNotReplacePlaceholdersInTheNamesOfTheSession) {
    DawSession session = two_stems();
    session.tracks[0].name = "{{MARKERS}}";

    EXPECT_EQ(track_names(filled(mixer, session))[4], "{{MARKERS}}");
}

TEST(ReaperTemplate, MovesTheNumbersOfSendsWhereTracksGoInBeforeOthers) {
    const std::string first = "  {{TRACKS}}\n  <TRACK {AAAAAAAA-0000-4000-8000-000000000001}";
    const std::string last = "  {{TRACKS}}\n  <EXTENSIONS";

    // Two stems and their folder.
    EXPECT_THAT(filled(replaced(mixer, "  <TRACK {AAAAAAAA-0000-4000-8000-000000000001}", first)),
                HasSubstr("    AUXRECV 5 0 1 0 0 0 0 0 0 -1:U 0 -1 ''\n"));
    EXPECT_THAT(filled(replaced(mixer, "  <EXTENSIONS", last)), HasSubstr("    AUXRECV 2 0 1 "));
}

TEST(ReaperTemplate, TakesAProjectWithoutTracks) {
    const std::string result = filled("<REAPER_PROJECT 0.1\n  TEMPO 90 4 4\n>");

    EXPECT_THAT(result, StartsWith("<REAPER_PROJECT 0.1\n  TEMPO 90 4 4\n  <TRACK {"));
    EXPECT_TRUE(result.ends_with("\n  >\n>"));
    EXPECT_EQ(track_names(result).size(), 3U);
}

constexpr std::string_view channel_strip = R"(<TRACK {BBBBBBBB-0000-4000-8000-000000000001}
  NAME Strip
  PEAKCOL 20000000
  VOLPAN 0.25 0.5 -1 -1 0.5
  NCHAN 4
  AUXRECV 3 0 1
  <FXCHAIN
    FXID {CCCCCCCC-0000-4000-8000-000000000001}
    <VST "ReaEQ"
      bXlWUw==
    >
  >
  <ITEM
    POSITION 0
    <SOURCE WAVE
      FILE "old.wav"
    >
  >
>
)";

TEST(ReaperTemplate, TakesATrackTemplateAsThePatternOfEachTrack) {
    const std::string result = filled(channel_strip);

    const auto session = parse_reaper(result);
    ASSERT_TRUE(session) << session.error().to_string();
    DawSession expected = two_stems();
    expected.tracks[1].color = DawColor{0x00, 0x2D, 0x31};  // that of the pattern, where the session has none
    EXPECT_EQ(*session, expected);
    EXPECT_THAT(result, Not(HasSubstr("old.wav")));
    EXPECT_THAT(result, Not(HasSubstr("AUXRECV")));
    EXPECT_THAT(result, Not(HasSubstr("CCCCCCCC-")));
    EXPECT_THAT(
        result,
        HasSubstr("    VOLPAN 1.412537544622754 1 -1 -1 0.5\n    NCHAN 4\n    <FXCHAIN\n      FXID {"));
    EXPECT_THAT(result, HasSubstr("      <VST \"ReaEQ\"\n        bXlWUw==\n      >\n    >\n"));
    EXPECT_EQ(folder_balance(result), 0);
}

TEST(ReaperTemplate, GivesEachCopyOfATrackItsOwnIdentifiers) {
    std::vector<std::string> identifiers;
    const std::string result = filled(channel_strip);
    const auto lines = scan_rpp(result);
    for (const RppLine& line : *lines)
        for (const std::string& word : rpp_words(line))
            if (word.starts_with('{') && rpp_key(line) != "TRACKID") identifiers.push_back(word);

    std::ranges::sort(identifiers);
    EXPECT_EQ(std::ranges::adjacent_find(identifiers), identifiers.end());
}

TEST(ReaperTemplate, PutsTheTracksAfterThoseOfATemplateWithSeveral) {
    const std::string result = filled("<TRACK\n  NAME Bus\n>\n<TRACK\n  NAME Return\n  AUXRECV 0 0\n>\n");

    EXPECT_EQ(track_names(result),
              (std::vector<std::string>{"Bus", "Return", "Drums", "Kick \"in\"", "it's snare"}));
    const auto session = parse_reaper(result);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->tempo, two_stems().tempo);
    EXPECT_EQ(session->markers, two_stems().markers);
}

TEST(ReaperTemplate, PutsTheTracksWhereATrackTemplateAsksForThem) {
    EXPECT_EQ(track_names(filled("{{TRACKS}}\n<TRACK\n  NAME Bus\n>\n")),
              (std::vector<std::string>{"Drums", "Kick \"in\"", "it's snare", "Bus"}));
}

TEST(ReaperTemplate, RefusesWhatItCannotFillWithTheLine) {
    const std::pair<std::string, std::string> cases[] = {
        {"", "line 1: the template holds neither a project nor a track"},
        {"{\"json\": 1}", "line 1: neither a REAPER project nor a track template: '{\"json\": 1}'"},
        {"<?xml version=\"1.0\"?>\n<x>\n", "is not closed"},
        {"\n<ITEM\n>\n", "line 2: neither a REAPER project nor a track template"},
        {"<REAPER_PROJECT\n  <TRACK\n>\n", "line 1: the block <REAPER_PROJECT is not closed"},
        {"<REAPER_PROJECT\n>\n>\n", "line 3: a '>' that closes nothing"},
        {"<REAPER_PROJECT\n>\nmore\n", "line 3: neither a REAPER project"},
        {"<REAPER_PROJECT\n>\n<TRACK\n>\n", "line 3: a track stands behind the end of the project"},
        {"<REAPER_PROJECT\n>\n<REAPER_PROJECT\n>\n", "line 3: a second project begins"},
        {"<REAPER_PROJECT\n>\n{{TRACKS}}\n", "line 3: text stands behind the end of the project"},
        {"<REAPER_PROJECT\n{{TRACKS}}\n{{TRACKS}}\n>\n", "line 3: {{TRACKS}} stands there twice"},
        {"<REAPER_PROJECT\n<TRACK\n{{TRACKS}}\n>\n>\n", "line 3: {{TRACKS}} stands inside of another block"},
        {"<REAPER_PROJECT\n{{MARKERS}}<\n>\n", "line 2: a placeholder that is not alone begins the line"},
        {"<REAPER_PROJECT\n>{{MARKERS}}\n>\n", "line 2: a placeholder that is not alone begins the line"},
        {std::string("<REAPER_PROJECT\0\n>\n", 19), "line 1: zero bytes"},
    };
    for (const auto& [text, message] : cases) EXPECT_THAT(filled(text), HasSubstr(message));
}

TEST(ReaperTemplate, HoldsThreeHundredTracks) {
    DawSession session = two_stems();
    session.tracks.assign(300, session.tracks[0]);

    const auto back = parse_reaper(filled(mixer, session));

    ASSERT_TRUE(back);
    EXPECT_EQ(back->tracks.size(), 302U);
}

}  // namespace

}  // namespace dubplate::test
