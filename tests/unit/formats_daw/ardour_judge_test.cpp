// Sessions that we wrote, opened and rendered by the real Ardour.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/units.h"
#include "formats/daw/ardour.h"
#include "formats/daw/beats.h"
#include "support/ardour.h"
#include "support/plain_wav.h"
#include "unit/formats_daw/whole_session.h"

namespace dubplate {

namespace {

constexpr int rate = 48'000;
constexpr std::int64_t frames = 30'011;
constexpr double full_scale = 1 << 23;

test::PlainWav noise(int channels, std::uint32_t seed) {
    test::PlainWav wav;
    wav.channels = channels;
    for (std::int64_t i = 0; i < frames * channels; ++i) {
        seed = seed * 1'664'525 + 1'013'904'223;
        wav.samples.push_back(static_cast<std::int32_t>(seed) >> 10);  // a quarter of full scale
    }
    return wav;
}

DawTrack add_track(DawSession& session, const TempFolder& folder, const std::string& name, int channels) {
    const std::string file = "audio/" + name + ".wav";
    std::filesystem::create_directories(folder / "delivery/audio");
    write_plain_wav(folder / ("delivery/" + file),
                    noise(channels, static_cast<std::uint32_t>(session.tracks.size()) + 1), rate);
    DawTrack track = test::track_of(name, file, 0, frames);
    track.channels = channels;
    return track;
}

// Mono and stereo, with gains, pans, a mute, a late begin, and a name that XML has to escape.
DawSession mixed_session(const TempFolder& folder) {
    DawSession session;
    session.name = "Song";
    session.sample_rate_hz = rate;
    session.tracks.push_back(add_track(session, folder, "Kick", 1));
    session.tracks.push_back(add_track(session, folder, "Drums & \"Söhne\"", 2));
    session.tracks.push_back(add_track(session, folder, "Muted", 2));
    session.tracks.push_back(add_track(session, folder, "Keys", 1));
    session.tracks[0].gain_db = 7.5;
    session.tracks[1].gain_db = -3.25;
    session.tracks[1].pan = -0.5;
    session.tracks[1].begin_frame = 1'234;
    session.tracks[2].mute = true;
    session.tracks[3].pan = 0.3;
    session.tracks[1].group = session.tracks[2].group = "Drums";
    session.markers = {{100, 0, "Verse"}, {200, 5'000, "Chorus"}};
    session.tempo = *TempoMap::make({{0, 93.5}, {ticks_per_quarter, 120}}, {{0, {3, 4}}});
    return session;
}

void write_session(const DawSession& session, const std::filesystem::path& folder) {
    std::ofstream(folder / (session.name + ".ardour"), std::ios::binary) << ardour_xml(session);
}

// left = min(1, 1 - pan), right = min(1, 1 + pan)
double side_gain(const DawTrack& track, int side) {
    return db_to_gain(track.gain_db) * std::min(1.0, side == 0 ? 1 - track.pan : 1 + track.pan);
}

std::vector<double> expected_sum(const DawSession& session, const std::filesystem::path& folder) {
    std::vector<double> sum(static_cast<std::size_t>(session.frames()) * 2);
    for (const DawTrack& track : session.tracks) {
        if (track.mute || track.file.empty()) continue;
        const test::PlainWav wav = test::read_plain_wav(folder / track.file);
        for (std::size_t i = 0; i < static_cast<std::size_t>(track.frames) * 2; ++i) {
            const std::size_t side = i % 2;
            const std::size_t from = wav.channels == 1 ? i / 2 : i;
            sum[static_cast<std::size_t>(track.begin_frame) * 2 + i] +=
                wav.samples[from] * side_gain(track, static_cast<int>(side));
        }
    }
    return sum;
}

double worst_difference(const DawSession& session, const std::filesystem::path& folder,
                        const TempFolder& scratch) {
    const auto wav = scratch / "export.wav";
    std::filesystem::remove(wav);
    EXPECT_TRUE(test::ardour_export(folder, session.name, wav));
    const std::vector<double> expected = expected_sum(session, folder);
    const test::PlainWav rendered = test::read_plain_wav(wav);
    EXPECT_EQ(rendered.channels, 2);
    EXPECT_EQ(rendered.samples.size(), expected.size());
    double worst = rendered.samples.size() == expected.size() ? 0 : full_scale;
    for (std::size_t i = 0; i < expected.size() && i < rendered.samples.size(); ++i)
        worst = std::max(worst, std::abs(expected[i] - rendered.samples[i]));
    return worst;
}

}  // namespace

TEST(ArdourJudge, RendersTheSumOfTheTracksTo24Bits) {
    DUBPLATE_NEEDS_ARDOUR();
    const TempFolder folder;
    const DawSession session = mixed_session(folder);
    write_session(session, folder / "delivery");

    // One unit of 24 bits for its rounding, and half of one for sums in float.
    EXPECT_LE(worst_difference(session, folder / "delivery", folder), 1.5);
}

TEST(ArdourJudge, HearsNothingButTheSoloedTrack) {
    DUBPLATE_NEEDS_ARDOUR();
    const TempFolder folder;
    DawSession session = mixed_session(folder);
    session.tracks[3].solo = true;
    write_session(session, folder / "delivery");
    for (std::size_t i = 0; i < 3; ++i) session.tracks[i].mute = true;

    EXPECT_LE(worst_difference(session, folder / "delivery", folder), 1.5);
}

TEST(ArdourJudge, FindsTheAudioInAFolderThatWasMoved) {
    DUBPLATE_NEEDS_ARDOUR();
    const TempFolder folder;
    DawSession session = mixed_session(folder);
    session.tracks.push_back(test::track_of("Undelivered", "", 0, 0));
    write_session(session, folder / "delivery");
    std::filesystem::rename(folder / "delivery", folder / "moved");

    const test::ArdourTracks tracks = test::ardour_tracks(folder / "moved", "Song");

    EXPECT_TRUE(tracks.loaded);
    EXPECT_EQ(tracks.found, (std::vector<std::string>{"Kick", "Drums & \"Söhne\"", "Muted", "Keys"}));
    EXPECT_TRUE(tracks.missing.empty());
    EXPECT_EQ(tracks.empty, std::vector<std::string>{"Undelivered"});
}

TEST(ArdourJudge, CatchesAFileThatIsGoneAlthoughArdourDoesNotFail) {
    DUBPLATE_NEEDS_ARDOUR();
    const TempFolder folder;
    const DawSession session = mixed_session(folder);
    write_session(session, folder / "delivery");
    std::filesystem::rename(folder / "delivery/audio/Keys.wav", folder / "Keys.wav");

    const test::ArdourTracks tracks = test::ardour_tracks(folder / "delivery", "Song");

    EXPECT_TRUE(tracks.loaded);
    EXPECT_EQ(tracks.missing, std::vector<std::string>{"Keys"});
}

TEST(ArdourJudge, FindsTheAudioThroughTheLinksOnceItHasSavedTheSession) {
    DUBPLATE_NEEDS_ARDOUR();
    const TempFolder folder;
    const DawSession session = mixed_session(folder);
    write_session(session, folder / "delivery");
    for (const DawLink& link : find_daw_format("ardour")->links(session)) {
        std::filesystem::create_directories((folder / "delivery" / link.path).parent_path());
        std::filesystem::create_symlink(link.target, folder / "delivery" / link.path);
    }
    ASSERT_TRUE(test::ardour_resave(folder / "delivery", "Song", "Saved"));
    std::filesystem::rename(folder / "delivery", folder / "moved");

    const test::ArdourTracks tracks = test::ardour_tracks(folder / "moved", "Saved");

    EXPECT_EQ(tracks.found.size(), 4u);
    EXPECT_TRUE(tracks.missing.empty());
}

TEST(ArdourJudge, KeepsWhatTheSessionSaysWhenItSavesIt) {
    DUBPLATE_NEEDS_ARDOUR();
    const TempFolder folder;
    DawSession session = mixed_session(folder);
    session.tracks[1].color = DawColor{255, 128, 1};
    session.tracks[3].gain_db = -std::numeric_limits<double>::infinity();
    session.metadata.title = "Night & Day";
    session.metadata.artist = "A";
    session.metadata.album_artist = "B";
    session.metadata.isrc = "DEABC2600001";
    session.metadata.date = "2026";
    session.metadata.genre = "House";
    session.metadata.copyright = "(c) A";
    session.metadata.comment = "c";
    session.metadata.album = "D";
    session.metadata.track = NumberOf{3, 12};
    session.metadata.disc = NumberOf{1, 0};
    write_session(session, folder / "delivery");
    ASSERT_TRUE(test::ardour_resave(folder / "delivery", "Song", "Saved"));
    FileStore store;
    const auto saved = store.open(folder / "delivery/Saved.ardour");
    ASSERT_TRUE(saved);

    auto back = find_daw_format("ardour")->read(**saved);

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_NEAR(back->tempo.tempos()[0].bpm, 93.5, 1e-5);  // Ardour rounds a beat to a superclock
    back->tempo = session.tempo;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        back->tracks[i].file = "audio/" + back->tracks[i].file;
        if (!session.tracks[i].color) back->tracks[i].color.reset();  // Ardour chose one
    }
    test::expect_same(*back, session);
}

}  // namespace dubplate
