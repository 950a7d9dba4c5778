#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "formats/daw/reaper_blocks.h"
#include "formats/daw/reaper_read.h"
#include "formats/daw/rpp_text.h"
#include "unit/formats_daw/sessions.h"

namespace dubplate::test {

namespace {

using testing::HasSubstr;
using testing::Not;

const DawFormat& reaper() {
    return *find_daw_format("reaper");
}

std::string text_of(const DawSession& session) {
    return to_text(written(reaper(), session));
}

TEST(Reaper, GivesBackTheSessionThatWasWritten) {
    const DawSession session = small_session();

    const auto back = read_back(reaper(), session);

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_TRUE(reaper().losses(session).empty());
    EXPECT_EQ(back->metadata, session.metadata);
    EXPECT_EQ(back->tempo, session.tempo);
    EXPECT_EQ(back->markers, session.markers);
    EXPECT_EQ(back->tracks, session.tracks);
    EXPECT_EQ(*back, session);
}

TEST(Reaper, GivesTheSameBytesForTheSameSession) {
    EXPECT_EQ(text_of(small_session()), text_of(small_session()));
}

TEST(Reaper, WritesATrackAsReaperDoes) {
    DawSession session;
    session.name = "S";
    session.sample_rate_hz = 44'100;
    session.tracks = {{.name = "A b",
                       .file = "audio/A b.wav",
                       .format = "wav",
                       .begin_frame = 1,
                       .frames = 22'050,
                       .color = DawColor{1, 2, 3},
                       .gain_db = -20,
                       .pan = 0.5,
                       .mute = true}};

    const std::string text = text_of(session);

    for (const char* line :
         {"SAMPLERATE 44100 1 0", "TEMPO 120 4 4", "  RENDER_CFG", "ZXZhdxgAAA==", "NAME \"A b\"",
          "PEAKCOL 16974337", "VOLPAN 0.1 0.5 -1 -1 1", "MUTESOLO 1 0 0", "ISBUS 0 0",
          "POSITION 0.00002267573696", "LENGTH 0.5\n", "<SOURCE WAVE\n", "FILE \"audio/A b.wav\""})
        EXPECT_THAT(text, HasSubstr(std::string(line).substr(std::string(line).find_first_not_of(' '))));
}

TEST(Reaper, PutsGroupsIntoFoldersThatAreClosed) {
    DawSession session;
    for (const char* group : {"A", "A", "B", "", "B", "B"}) {
        DawTrack& track = session.tracks.emplace_back();
        track.group = group;
        track.name = "x";
    }

    const std::string text = text_of(session);

    int level = 0;
    std::string states;
    const auto lines = scan_rpp(text);
    for (const RppLine& line : *lines) {
        if (rpp_key(line) != "ISBUS") continue;
        states += rpp_words(line)[2] + " ";
        level += std::stoi(rpp_words(line)[2]);
    }
    EXPECT_EQ(states, "1 0 -1 1 -1 0 1 0 -1 ");
    EXPECT_EQ(level, 0);
    EXPECT_EQ(read_back(reaper(), session)->tracks, session.tracks);
}

TEST(Reaper, WritesTempoChangesWithTheirTimeSignatures) {
    DawSession session = small_session();
    session.tempo =
        *TempoMap::make({{0, 120}, {8 * ticks_per_quarter, 60}},
                        {{0, {4, 4}}, {8 * ticks_per_quarter, {3, 4}}, {11 * ticks_per_quarter, {6, 8}}});

    const std::string text = text_of(session);

    EXPECT_THAT(text, HasSubstr("  TEMPO 120 4 4\n  <TEMPOENVEX\n"));
    EXPECT_THAT(text,
                HasSubstr("    PT 0 120 1 262148 0 1\n    PT 4 60 1 262147 0 1\n    PT 7 60 1 524294 0 1\n"));
}

TEST(Reaper, KeepsTempoChangesToTheTickOverAnHour) {
    DawSession session;
    session.name = "long";
    std::vector<TempoChange> tempos;
    for (int i = 0; i < 2000; ++i)
        tempos.push_back({i * 4 * ticks_per_quarter + i % 7 * 40, 100 + i % 89 * 0.37});
    session.tempo = *TempoMap::make(tempos, {});

    EXPECT_EQ(read_back(reaper(), session)->tempo, session.tempo);
}

TEST(Reaper, PlacesItemsToTheFrameAtEveryRate) {
    for (const int rate : {8'000, 44'100, 48'000, 96'000, 176'400, 384'000}) {
        DawSession session;
        session.name = "x";
        session.sample_rate_hz = rate;
        for (std::int64_t i = 0; i < 200; ++i)
            session.tracks.push_back({.name = "t",
                                      .file = "t.wav",
                                      .format = "wav",
                                      .begin_frame = i * i * 7919,
                                      .frames = 1 + i * 104'729});

        EXPECT_EQ(read_back(reaper(), session)->tracks, session.tracks) << rate;
    }
}

TEST(Reaper, QuotesNamesOfEveryKindAndTellsWhatItCannotHold) {
    const std::pair<std::string, std::string> names[] = {
        {"plain", "\"plain\""},
        {"say \"hi\"", "'say \"hi\"'"},
        {"it's \"hi\"", "`it's \"hi\"`"},
        {"it's `hi`", "\"it's `hi`\""},
        {"a\"b'c`d", "`a\"b'c'd`"},
        {"two\nlines", "\"two lines\""},
        {"a\xE2\x80\xA8"
         "b",
         "\"a b\""},
        {" ends ", "\" ends \""},
        {"\xFF", "\"\xEF\xBF\xBD\""},
        {"<TRACK", "\"<TRACK\""},
        {">", "\">\""},
    };
    for (const auto& [name, quoted] : names) {
        EXPECT_EQ(quote_rpp(name), quoted);
        DawSession session;
        session.name = "x";
        session.tracks = {{.name = name}};
        const auto back = read_back(reaper(), session);
        ASSERT_TRUE(back);
        EXPECT_EQ(back->tracks[0].name == name, reaper().losses(session).empty()) << name;
    }
}

TEST(Reaper, TellsEachLoss) {
    DawSession session = small_session();
    session.metadata.cover = Picture{"image/png", {}};
    session.tracks[0].name = "a\"b'c`";
    session.tracks[1].group = "a\nb";
    session.tracks[2].format = "m4a";
    session.markers[0].label = "\"'`";

    EXPECT_EQ(names_of(reaper().losses(session)),
              "cover; track 'a\"b'c`'; group 'a\\nb'; audio of 'Bass `low`'; marker '\"'`'");
}

TEST(Reaper, MakesIdentifiersThatLookRandomAndAreAllDifferent) {
    DawSession session = small_session();
    session.tracks.insert(session.tracks.end(), session.tracks.begin(), session.tracks.end());

    std::multiset<std::string> identifiers;
    const std::string text = text_of(session);
    const auto lines = scan_rpp(text);
    for (const RppLine& line : *lines)
        for (const std::string& word : rpp_words(line))
            if (word.starts_with('{') && rpp_key(line) != "TRACKID") identifiers.insert(word);

    EXPECT_EQ(identifiers.size(), std::set(identifiers.begin(), identifiers.end()).size());
    for (const std::string& identifier : identifiers)
        EXPECT_THAT(identifier,
                    testing::MatchesRegex(
                        "\\{[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}\\}"));
}

TEST(Reaper, ShowsATrackThatCouldNotBeDelivered) {
    const std::string text = text_of(small_session());

    EXPECT_THAT(text, HasSubstr("|not delivered: Missing\n"));
    EXPECT_THAT(text, HasSubstr("NAME \"Missing\"\n"));
}

TEST(Reaper, WritesSilenceAsZero) {
    DawSession session = small_session();
    session.tracks[0].gain_db = -std::numeric_limits<double>::infinity();

    EXPECT_THAT(text_of(session), HasSubstr("VOLPAN 0 -0.25 "));
    EXPECT_EQ(*read_back(reaper(), session), session);
}

TEST(ReaperReader, ReadsAProjectAsOthersWriteIt) {
    const auto session = parse_reaper(
        "\xEF\xBB\xBF<REAPER_PROJECT 0.1 \"6.80/win64\" 1680000000\r\n  TITLE Song\r\n  SAMPLERATE 44100 0 "
        "0\r\n"
        "  TEMPO 90 3 4 0\r\n  MARKER 1 1 one 0\r\n  MARKER 7 2 \"the region\" 9 0 1 B {x}\r\n  MARKER 7 3 "
        "\"\" 9\r\n"
        "  <TRACK\r\n    NAME Bus\r\n    ISBUS 1 1\r\n  >\r\n"
        "  <TRACK {1}\r\n    NAME `a b`\r\n    PEAKCOL 16576\r\n    ISBUS 2 -1\r\n    <ITEM\r\n      "
        "POSITION 1.5\r\n"
        "      LENGTH 2\r\n      <SOURCE SECTION\r\n        <SOURCE WAVE\r\n        >\r\n      >\r\n"
        "      <SOURCE WAVE\r\n        FILE \"x\\y.AIF\" 1\r\n      >\r\n    >\r\n  >\r\n>\r\n");

    ASSERT_TRUE(session) << session.error().to_string();
    EXPECT_EQ(session->name, "Song");
    EXPECT_EQ(session->tempo, *TempoMap::make({{0, 90}}, {{0, {3, 4}}}));
    EXPECT_EQ(session->markers, (std::vector<Marker>{{44'100, 0, "one"}, {88'200, 44'100, "the region"}}));
    ASSERT_EQ(session->tracks.size(), 1U);
    EXPECT_EQ(session->tracks[0], (DawTrack{.name = "a b",
                                            .file = "x\\y.AIF",
                                            .format = "aiff",
                                            .begin_frame = 66'150,
                                            .frames = 88'200,
                                            .group = "Bus"}));
}

TEST(ReaperReader, RefusesWhatIsNoProjectWithTheLine) {
    const std::pair<std::string, std::string> cases[] = {
        {"", "line 1: the project is empty"},
        {"RIFF", "line 1: a REAPER project begins with <REAPER_PROJECT"},
        {"\n<TRACK\n>\n", "line 2: a REAPER project begins with <REAPER_PROJECT"},
        {"<REAPER_PROJECT\n  <TRACK\n>\n", "line 1: the block <REAPER_PROJECT is not closed"},
        {"<REAPER_PROJECT\n>\n>\n", "line 3: a '>' that closes nothing"},
        {std::string("<REAPER_PROJECT\0\n>\n", 19), "line 1: zero bytes"},
        {"<REAPER_PROJECT\nSAMPLERATE x\n>",
         "line 2: SAMPLERATE has 'x' where a number from 1 to 1000000 stands"},
        {"<REAPER_PROJECT\nTEMPO\n>", "line 2: TEMPO has '' where a number"},
        {"<REAPER_PROJECT\nTEMPO 0 4 4\n>", "line 2: TEMPO has '0' where a number from 1 to 999"},
        {"<REAPER_PROJECT\nTEMPO 90 4 3\n>", "the tempo of the project: the time signature 4/3"},
        {"<REAPER_PROJECT\nMARKER 1 1e300 x 0\n>", "line 2: MARKER has '1e300'"},
        {"<REAPER_PROJECT\n<TRACK\nVOLPAN -1 0\n>\n>", "line 3: VOLPAN has '-1'"},
    };
    for (const auto& [text, message] : cases) {
        const auto session = parse_reaper(text);
        ASSERT_FALSE(session) << message;
        EXPECT_EQ(
            session.error().code == ErrorCode::corrupt || session.error().code == ErrorCode::invalid_argument,
            true);
        EXPECT_THAT(session.error().to_string(), HasSubstr(message));
    }
}

TEST(ReaperReader, LimitsDepthLinesAndTheirLength) {
    std::string deep;
    for (int i = 0; i <= max_rpp_depth; ++i) deep += "<A\n";
    const std::string many(max_rpp_lines + 1, '\n');
    const std::string wide(max_rpp_line_bytes + 1, 'x');

    for (const std::string& text : {deep, many, wide}) {
        const auto session = parse_reaper(text);
        ASSERT_FALSE(session);
        EXPECT_EQ(session.error().code, ErrorCode::limit_exceeded) << session.error().to_string();
    }
}

}  // namespace

}  // namespace dubplate::test
