#include <gtest/gtest.h>

#include "exports/video/run.h"
#include "formats/audio/format.h"
#include "formats/midi/midi_file.h"
#include "support/failing_store.h"
#include "support/signals.h"
#include "support/temp_folder.h"

namespace dubplate {
namespace {

using test::Audio;

// At 120 bpm: a burst on every beat.
Audio clicks(int seconds) {
    Audio audio(44'100, 2, std::int64_t{44'100} * seconds);
    for (int beat = 0; beat < 2 * seconds; ++beat)
        for (std::int64_t i = 0; i < 3000; ++i)
            for (int c = 0; c < 2; ++c)
                audio.at(c, beat * 22'050 + i) = static_cast<float>(
                    0.7 * std::exp(-static_cast<double>(i) / 500) * std::sin(0.15 * static_cast<double>(i)));
    return audio;
}

void write_wav(const std::filesystem::path& path, const Audio& audio) {
    FileStore store;
    const AudioFormat* format = find_audio_format("wav");
    auto file = *store.create(path);
    WriterSettings settings;
    settings.stream = audio.format;
    settings.depth = BitDepth::float32;
    settings.frames = audio.frames();
    auto writer = *format->create(*file, settings, {});
    std::vector<const float*> pointers;
    for (const auto& channel : audio.channels) pointers.push_back(channel.data());
    ASSERT_TRUE(writer->write(BlockView<const float>(pointers, audio.frames())));
    ASSERT_TRUE(writer->finish({}));
    ASSERT_TRUE(file->publish());
}

constexpr const char* flashes = R"({"name": "Flashes", "audio": "song.wav", "settings": {"bpm": 120},
  "tracks": [{"id": "a", "synthesizer": "GlowSynth", "midiBlocks": [{"startBeat": 0, "notes": [
    {"startBeat": 1, "duration": 0.5}, {"startBeat": 3, "duration": 0.5}]}]}]})";

struct Work {
    TempFolder folder;
    MemoryStore store;
    VideoSpec spec;

    explicit Work(int seconds = 3) {
        write_wav(folder / "song.wav", clicks(seconds));
        spec.input = (folder / "song.wav").string();
        spec.size = "128x72";
        spec.frame_rate = "25";
        spec.preset = VideoPreset::fast;
    }
    Result<VideoPlan> plan(Store& target) {
        return plan_video(spec, {.store = &target, .output = "out.mp4"}, {});
    }
    Result<VideoReport> run(Store& target, int jobs = 2, std::stop_token stop = {}) {
        DUBPLATE_TRY(const VideoPlan planned, plan(target));
        Progress progress;
        return run_video(planned, {.jobs = jobs}, progress, std::move(stop));
    }
};

TEST(Video, OfASongIsProvenForEveryScene) {
    for (const char* scene : {"ring", "terrain", "galaxy"}) {
        Work work;
        work.spec.scene = scene;
        const auto report = work.run(work.store);

        ASSERT_TRUE(report) << report.error().to_string();
        EXPECT_EQ(work.store.list().size(), 1U);
        ASSERT_GE(report->checks.size(), 12U);
        for (const ProofCheck& check : report->checks)
            EXPECT_TRUE(check.passed) << check.name << ": " << check.found;
    }
}

TEST(Video, HasTheSameBytesForAnyNumberOfJobs) {
    Work work(9);
    work.spec.frame_rate = "10";
    ASSERT_EQ(work.plan(work.store)->segment_count(), 3);
    MemoryStore one;
    MemoryStore four;
    ASSERT_TRUE(work.run(one, 1));
    ASSERT_TRUE(work.run(four, 4));

    EXPECT_EQ(*one.take("out.mp4"), *four.take("out.mp4"));
}

TEST(Video, HasAsManyFramesAsItsLengthHolds) {
    Work work;
    work.spec.frame_rate = "29.97";
    work.spec.start = "0.5";
    work.spec.end = "2.5";
    const auto plan = work.plan(work.store);

    ASSERT_TRUE(plan) << plan.error().to_string();
    EXPECT_EQ(plan->frames, 59);  // 59.94
    EXPECT_EQ(plan->settings.rate, (FrameRate{30'000, 1001}));
    EXPECT_EQ(plan->sound_frames(), 86'816);  // 59 frames of 1001/30000 s
}

TEST(Video, TakesBeatsAsTimes) {
    Work work;
    work.folder.write("p.json", flashes);
    work.spec.input = (work.folder / "p.json").string();
    work.spec.start = "1b";
    work.spec.end = "3b";
    const auto plan = work.plan(work.store);

    ASSERT_TRUE(plan) << plan.error().to_string();
    EXPECT_EQ(plan->start_s, 0.5);
    EXPECT_EQ(plan->frames, 25);
    EXPECT_TRUE(plan->sound);
    EXPECT_EQ(plan->kind, "project");
}

TEST(Video, ShowsAMidiFileTrackByTrackWithItsTempoChanges) {
    MidiFile midi;
    midi.tempos = {{0, 500'000}, {4 * ticks_per_quarter, 1'000'000}};
    midi.tracks.resize(3);
    midi.tracks[0].name = "Night Drive";
    midi.tracks[0].texts = {{4 * ticks_per_quarter, MidiTextKind::marker, "Drop"}};
    midi.tracks[1].notes = {{0, ticks_per_quarter, 0, 60, 100},
                            {7 * ticks_per_quarter, ticks_per_quarter, 0, 64, 100}};
    midi.tracks[2].notes = {{0, ticks_per_quarter, 9, 36, 100}};
    const Bytes bytes = *render_midi(midi);
    Work work;
    work.spec.input =
        work.folder.write("a.mid", {reinterpret_cast<const char*>(bytes.data()), bytes.size()}).string();
    const auto plan = work.plan(work.store);

    ASSERT_TRUE(plan) << plan.error().to_string();
    EXPECT_EQ(plan->kind, "MIDI file");
    EXPECT_EQ(plan->frames,
              25 * 8);  // four beats of half a second, four of a second, and two seconds behind them
    EXPECT_EQ(plan->stage->project().tracks.size(), 3U);  // with the stars
    ASSERT_EQ(plan->chapters.size(), 1U);
    EXPECT_EQ(plan->chapters[0].title, "Drop");
    EXPECT_NEAR(plan->chapters[0].begin_s, 2, 1e-3);
    EXPECT_FALSE(plan->sound);
    EXPECT_FALSE(plan->warnings.empty());
    work.spec.audio = (work.folder / "song.wav").string();
    EXPECT_TRUE(work.run(work.store)) << work.run(work.store).error().to_string();
}

TEST(Video, ShowsTheSameFrameWhereverItBegins) {
    Work work;
    const auto whole = work.plan(work.store);
    work.spec.start = "1";
    const auto part = work.plan(work.store);
    ASSERT_TRUE(whole && part);

    EXPECT_EQ(render_still(*whole, 1.5)->rgb, render_still(*part, 1.5)->rgb);
    EXPECT_EQ(part->time_of(0), whole->time_of(25));
}

TEST(Video, LeavesNothingWhereverTheDiskFails) {
    Work work;
    work.spec.end = "0.4";
    FailingStore store(work.store);
    const auto plan = work.plan(store);
    ASSERT_TRUE(plan);
    const auto run = [&] {
        Progress progress;
        return run_video(*plan, {.jobs = 2}, progress, {});
    };
    store.fail_at(0);
    ASSERT_TRUE(run());
    const std::int64_t operations = store.operations();
    ASSERT_TRUE(work.store.take("out.mp4"));
    for (std::int64_t n = 1; n <= operations; ++n) {
        store.fail_at(n);
        const auto report = run();
        ASSERT_FALSE(report) << n;
        EXPECT_EQ(report.error().code, ErrorCode::io) << report.error().to_string();
        EXPECT_TRUE(work.store.list().empty());
    }
}

TEST(Video, LeavesNothingWhenItIsCanceled) {
    Work work;
    const auto plan = work.plan(work.store);
    ASSERT_TRUE(plan);
    std::stop_source stop;
    Progress progress([&](const ProgressReport& report) {
        if (report.fraction > 0.3) stop.request_stop();
    });
    const auto report = run_video(*plan, {.jobs = 2}, progress, stop.get_token());

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::canceled);
    EXPECT_TRUE(work.store.list().empty());
}

TEST(Video, RefusesWhatCannotBe) {
    for (const auto& [key, value] : {std::pair{"size", "321x180"},
                                     {"size", "0x0"},
                                     {"size", "16000x9000"},
                                     {"frame_rate", "0"},
                                     {"frame_rate", "1000"},
                                     {"frame_rate", "1/0"},
                                     {"start", "soon"},
                                     {"end", "-1"},
                                     {"scene", "terain"}}) {
        Json json = write_video_spec({});
        json[key] = value;
        const auto spec = read_video_spec(json);
        ASSERT_FALSE(spec) << key << " " << value;
        EXPECT_TRUE(spec.error().message.starts_with(key)) << spec.error().to_string();
    }
    Work work;
    work.spec.start = "10";
    EXPECT_EQ(work.plan(work.store).error().code, ErrorCode::invalid_argument);
    work.spec.start = "";
    work.store.put("out.mp4", {});
    EXPECT_EQ(work.plan(work.store).error().code, ErrorCode::already_exists);
}

TEST(VideoSpec, ComesBackFromItsJson) {
    VideoSpec spec{.input = "a.wav",
                   .audio = "b.wav",
                   .scene = "galaxy",
                   .size = "4k",
                   .frame_rate = "24",
                   .start = "1b",
                   .end = "2"};
    spec.preset = VideoPreset::small;
    spec.crf = 30;
    spec.audio_bitrate_kbps = 128;
    spec.bloom = {0.5, 0.3, 0.1, 0.7, 5};

    EXPECT_EQ(*read_video_spec(write_video_spec(spec)), spec);
}

}  // namespace
}  // namespace dubplate
