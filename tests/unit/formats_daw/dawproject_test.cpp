#include "formats/daw/dawproject.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "formats/daw/beats.h"
#include "formats/daw/format.h"
#include "formats/daw/xml_reader.h"
#include "support/bytes.h"
#include "support/failing_store.h"
#include "support/repository.h"
#include "support/temp_folder.h"
#include "support/xml_judge.h"
#include "unit/formats_daw/whole_session.h"
#include "zip/read_zip.h"

namespace dubplate {

namespace {

const DawFormat& dawproject() {
    return *find_daw_format("dawproject");
}

void put_media(MemoryStore& store, const DawSession& session) {
    for (const DawTrack& track : session.tracks)
        if (!track.file.empty()) store.put("delivery/" + track.file, to_bytes("audio of " + track.name));
}

Status write(Store& store, const DawSession& session, std::stop_token stop = {}) {
    DUBPLATE_TRY(auto file, store.create("delivery/x.dawproject"));
    DUBPLATE_CHECK(dawproject().write(session, DawMedia{&store, "delivery"}, *file, std::move(stop)));
    return file->publish();
}

Bytes written(const DawSession& session) {
    MemoryStore store;
    put_media(store, session);
    const Status status = write(store, session);
    EXPECT_TRUE(status) << status.error().to_string();
    return store.take("delivery/x.dawproject").value_or(Bytes{});
}

Result<DawSession> read(Bytes bytes) {
    return dawproject().read(
        *make_memory_source(std::make_shared<const Bytes>(std::move(bytes)), "x.dawproject"));
}

// What xmllint says of the text by the schema; empty: valid.
std::string schema_faults(const std::string& xml, const std::string& schema) {
    const TempFolder folder;
    const std::string page = folder.write("page.xml", xml).string();
    const std::string xsd = (test::repository() / "tests/data/dawproject" / schema).string();
    const std::string command =
        "xmllint --noout --nonet --schema '" + xsd + "' '" + page + "' > '" + page + ".log' 2>&1";
    if (std::system(command.c_str()) == 0) return {};
    std::ifstream log(page + ".log");
    return {std::istreambuf_iterator<char>(log), {}};
}

}  // namespace

TEST(Dawproject, IsValidByBothSchemas) {
    DUBPLATE_NEEDS_XMLLINT();
    DawSession empty;
    for (const DawSession& session : {test::whole_session(), empty}) {
        EXPECT_EQ(schema_faults(dawproject_xml(session), "Project.xsd"), "");
        EXPECT_EQ(schema_faults(dawproject_metadata_xml(session.metadata), "MetaData.xsd"), "");
    }
    EXPECT_NE(schema_faults("<Project/>", "Project.xsd"), "");
}

TEST(Dawproject, BringsTheSessionBack) {
    const DawSession session = test::whole_session();

    const auto back = read(written(session));

    ASSERT_TRUE(back) << back.error().to_string();
    test::expect_same(*back, session);
}

TEST(Dawproject, BringsAnEmptySessionBack) {
    const auto back = read(written(DawSession{}));

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, DawSession{});
}

TEST(Dawproject, PlacesEveryFrameExactlyAcrossTempoChanges) {
    const DawSession session = test::whole_session();
    for (std::int64_t frame = 0; frame < 1'000'000; frame += 997) {
        const double quarters = quarters_at(session.tempo, static_cast<double>(frame) / 44'100);
        const double seconds = seconds_at_quarters(session.tempo, quarters);
        EXPECT_EQ(std::llround(seconds * 44'100), frame);
        EXPECT_NEAR(quarters * static_cast<double>(ticks_per_quarter),
                    static_cast<double>(session.tempo.tick_at(static_cast<double>(frame) / 44'100)), 0.51);
    }
}

TEST(Dawproject, SaysTimesThatCanBeComputedFromTheXmlAlone) {
    DawSession session;
    session.tempo = *TempoMap::make({{0, 120}, {4 * ticks_per_quarter, 60}}, {});
    session.tracks = {test::track_of("a", "audio/a.wav", 48'000, 144'000)};
    session.markers = {{144'000, 0, "m"}};
    const auto document = parse_xml(to_bytes(dawproject_xml(session)));
    ASSERT_TRUE(document);
    const pugi::xml_node arrangement = (*document)->child("Project").child("Arrangement");
    const pugi::xml_node clip = arrangement.select_node("Lanes/Lanes/Clips/Clip").node();

    // One second at 120 bpm is two beats; the next second two more, and then a beat to the second.
    EXPECT_EQ(clip.attribute("time").as_double(), 2);
    EXPECT_EQ(clip.attribute("duration").as_double(), 4);
    EXPECT_EQ(clip.attribute("playStart").as_double(), 0);
    EXPECT_EQ(std::string(clip.attribute("contentTimeUnit").value()), "seconds");
    EXPECT_EQ(clip.child("Audio").attribute("duration").as_double(), 3);
    EXPECT_EQ(arrangement.child("Markers").child("Marker").attribute("time").as_double(), 5);
}

TEST(Dawproject, HoldsTheAudioStoredAndItsTextDeflated) {
    const DawSession session = test::whole_session();
    const auto archive = make_memory_source(std::make_shared<const Bytes>(written(session)), "x");

    const auto entries = read_zip(*archive);

    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 6u);
    EXPECT_EQ(entries->at(0).name, "metadata.xml");
    EXPECT_EQ(entries->at(1).name, "project.xml");
    EXPECT_EQ(entries->at(2).name, "audio/Kick.wav");
    EXPECT_EQ(entries->at(1).method, ZipMethod::deflate);
    EXPECT_EQ(entries->at(2).method, ZipMethod::store);
    EXPECT_EQ(to_text(read_zip_entry(*archive, entries->at(2)).value_or(Bytes{})), "audio of Kick");
}

TEST(Dawproject, HoldsAFileOfTwoTracksOnce) {
    DawSession session;
    const DawTrack track = test::track_of("a", "audio/a.wav", 0, 10);
    session.tracks = {track, track};

    const auto back = read(written(session));

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(back->tracks.size(), 2u);
}

TEST(Dawproject, GivesTheSameBytesTwice) {
    EXPECT_EQ(written(test::whole_session()), written(test::whole_session()));
}

TEST(Dawproject, TellsWhatItCannotHold) {
    DawSession session;
    session.metadata.isrc = "DEABC2600001";
    session.metadata.date = "2026-11-21";
    session.metadata.genre = "House";
    session.tracks = {test::track_of("loud", "audio/a.wav", 0, 1), test::track_of("gone", "", 0, 0),
                      test::track_of("odd\x01", "audio/b.ogg", 0, 1)};
    session.tracks[0].gain_db = 7;
    session.markers = {{0, 100, "Chorus"}};
    std::vector<std::string> what;
    for (const Loss& loss : dawproject().losses(session)) what.push_back(loss.what);

    EXPECT_EQ(what, (std::vector<std::string>{"tag date", "tag isrc", "gain of track 'loud'", "track 'gone'",
                                              "name of track 'odd\uFFFD'", "file of track 'odd\uFFFD'",
                                              "end of region 'Chorus'"}));
    const auto back = read(written(session));
    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_NEAR(back->tracks[0].gain_db, 6.0206, 1e-4);
}

TEST(Dawproject, TellsOfNoLossWhereThereIsNone) {
    DawSession session = test::whole_session();
    session.tracks.pop_back();  // the one without a file

    EXPECT_TRUE(dawproject().losses(session).empty());
}

TEST(Dawproject, FailsCleanlyAtEveryWriteAndWhereAFileIsGone) {
    const DawSession session = test::whole_session();
    MemoryStore memory;
    put_media(memory, session);
    FailingStore store(memory);
    ASSERT_TRUE(write(store, session));
    ASSERT_TRUE(memory.take("delivery/x.dawproject"));
    const std::int64_t operations = store.operations();
    const auto before = memory.list();
    for (std::int64_t n = 1; n <= operations; ++n) {
        store.fail_at(n);
        EXPECT_FALSE(write(store, session)) << n;
        EXPECT_EQ(memory.list(), before) << n;
    }

    MemoryStore without;
    const Status status = write(without, session);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::not_found);
}

TEST(Dawproject, StopsWhereItIsAsked) {
    const DawSession session = test::whole_session();
    MemoryStore store;
    put_media(store, session);
    std::stop_source stop;
    stop.request_stop();

    const Status status = write(store, session, stop.get_token());

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::canceled);
}

TEST(Dawproject, RefusesProjectsThatAreDamagedOrLeaveTheirFolder) {
    EXPECT_FALSE(read(to_bytes("no zip")));
    for (const char* xml :
         {"<Project", "<Other/>", "<Project><Transport><Tempo value='0'/></Transport></Project>",
          "<Project><Transport><TimeSignature numerator='4' denominator='3'/></Transport></Project>",
          "<Project><Structure><Track id='a'/></Structure><Arrangement><Lanes><Lanes track='a'><Clips><Clip "
          "time='0'>"
          "<Audio channels='2' sampleRate='48000' duration='1'><File "
          "path='../../etc/passwd'/></Audio></Clip></Clips>"
          "</Lanes></Lanes></Arrangement></Project>",
          "<Project><Arrangement><Markers><Marker time='-1'/></Markers></Arrangement></Project>"}) {
        const auto session = read_dawproject_xml(to_bytes(xml));
        ASSERT_FALSE(session) << xml;
        EXPECT_EQ(session.error().code, ErrorCode::corrupt) << xml;
    }
}

TEST(Dawproject, RefusesFoldersThatAreTooDeep) {
    std::string xml = "<Project><Structure>";
    for (int i = 0; i < 100'000; ++i) xml += "<Track contentType='tracks'>";
    for (int i = 0; i < 100'000; ++i) xml += "</Track>";

    const auto session = read_dawproject_xml(to_bytes(xml + "</Structure></Project>"));

    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, ErrorCode::limit_exceeded);
}

}  // namespace dubplate
