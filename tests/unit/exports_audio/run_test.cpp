// Exports judged by physics: what goes in at one level comes out at another, to the frame.
#include "exports/audio/run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <thread>

#include "support/exporting.h"
#include "support/failing_store.h"

namespace dubplate {
namespace {

using test::Audio;
using test::export_signal;
using test::input_of;
using test::noise;
using test::run_inputs;
using test::sine;
using test::spec_of;

TEST(AudioExport, BringsAQuietSineToTheTarget) {
    const auto exported = export_signal(spec_of({"wav"}), sine(48000, 2, 5, 1000, -30));

    EXPECT_NEAR(exported->file().loudness.integrated_lufs, -16, 0.1);
    EXPECT_NEAR(exported->file().gain_db, 14, 0.1);
    EXPECT_EQ(exported->file().limiter_max_reduction_db, 0);
}

TEST(AudioExport, LeavesAFloatFileAloneWithoutNormalizing) {
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.normalize = false;
    spec.bit_depth = BitDepth::float32;
    const Audio audio = noise(44100, 2, 1, 1.5);

    const auto exported = export_signal(spec, audio);

    EXPECT_EQ(exported->decoded(), audio);
}

TEST(AudioExport, HoldsTheCeilingWithTheLimiterAndKeepsTheTarget) {
    AudioSpec spec = spec_of({"flac", "wav", "mp3"});
    spec.loudness.target_lufs = -9;
    Audio audio = noise(44100, 2, 6, 0.1);
    for (std::int64_t i = 0; i < audio.frames(); i += 11025) audio.at(0, i) = audio.at(1, i) = 0.9F;  // peaks

    const auto exported = export_signal(spec, audio);

    for (const ManifestFile& file : exported->manifest.items[0].files) {
        EXPECT_NEAR(file.loudness.integrated_lufs, -9, 0.11) << file.format;
        EXPECT_LE(file.loudness.true_peak_dbtp, -1 + 0.006) << file.format;
        EXPECT_GT(file.limiter_max_reduction_db, 1) << file.format;
    }
}

TEST(AudioExport, ReducesTheGainInsteadWhereAskedAndSaysSo) {
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.target_lufs = 0;
    spec.loudness.on_peak = OnPeak::reduce;

    const auto exported = export_signal(spec, sine(48000, 2, 3, 997, -10));

    EXPECT_NEAR(exported->file().loudness.true_peak_dbtp, -1, 0.05);
    EXPECT_EQ(exported->file().limiter_max_reduction_db, 0);
    EXPECT_EQ(exported->manifest.items[0].outcome, "gain reduced to stay under the ceiling");
}

// A click every second holds the limiter down; between them, noise has to be lifted far to be loud.
Audio clicks_over_noise(double noise_peak) {
    Audio audio = noise(44100, 2, 5, noise_peak);
    for (std::int64_t i = 0; i < audio.frames(); i += 2205) audio.at(0, i) = audio.at(1, i) = 0.9F;
    return audio;
}

TEST(AudioExport, ReachesATargetAgainstALimiterThatGivesLittleForEachDecibel) {
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.target_lufs = -11;
    spec.loudness.true_peak_dbtp = -2;

    const auto exported = export_signal(spec, clicks_over_noise(0.03));

    EXPECT_NEAR(exported->file().loudness.integrated_lufs, -11, 0.1);
    EXPECT_GT(exported->file().limiter_max_reduction_db, 15);
}

TEST(AudioExport, RefusesATargetThatNoLimiterReachesAndTellsTheLoudest) {
    MemoryStore store;
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.target_lufs = 0;
    spec.loudness.true_peak_dbtp = -10;

    const auto manifest = run_inputs(spec, {input_of(noise(44100, 1, 2, 0.5), "loud")}, store);

    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->items[0].status, "failed");
    const auto& error = manifest->items[0].files.at(0).error;
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::unsupported);
    EXPECT_NE(error->message.find("0 LUFS cannot be reached under -10 dBTP: the limiter leaves -1"),
              std::string::npos)
        << error->message;
    EXPECT_TRUE(error->hint.starts_with("try --loudness -1")) << error->hint;
    EXPECT_TRUE(store.list().empty());
}

TEST(AudioExport, GivesUpAnEncodersMarginBeforeATarget) {
    const Audio audio = noise(44100, 2, 5, 0.5);
    AudioSpec spec = spec_of({"mp3"});
    spec.mp3.bitrate_kbps = 128;  // with a margin of 2 dB
    spec.loudness.true_peak_dbtp = 0;
    const auto loudest = [&](double target) {
        spec.loudness.target_lufs = target;
        MemoryStore store;
        auto manifest = run_inputs(spec, {input_of(audio, "noise")}, store);
        return manifest->items.at(0).files.at(0);
    };
    double target = -3;  // lowered until the file can be made at all
    while (loudest(target).error && target > -8) target -= 0.25;

    EXPECT_GT(target, -8);
    EXPECT_GT(loudest(target).loudness.true_peak_dbtp, -2) << "the margin alone would have been enough";
}

TEST(AudioExport, DeliversTheFormatsThatReachTheTarget) {
    MemoryStore store;
    AudioSpec spec = spec_of({"wav", "mp3"});
    spec.mp3.bitrate_kbps = 32;  // hardly holds a noise
    spec.loudness.true_peak_dbtp = 0;
    spec.loudness.target_lufs = -7;

    const auto manifest = run_inputs(spec, {input_of(noise(44100, 1, 3, 0.5), "noise")}, store);

    ASSERT_TRUE(manifest);
    ASSERT_EQ(manifest->items[0].files.size(), 2U);
    EXPECT_FALSE(manifest->items[0].files[0].error) << manifest->items[0].files[0].error->to_string();
    EXPECT_TRUE(manifest->items[0].files[1].error);
    EXPECT_EQ(store.list().size(), 1U);
}

TEST(AudioExport, PromisesNoLoudnessOfAnMp3ShorterThanABlock) {
    for (const std::int64_t frames : {1, 2, 500, 4000}) {
        const auto exported =
            export_signal(spec_of({"mp3", "wav"}), noise(44100, 2, static_cast<double>(frames) / 44100, 0.5));

        EXPECT_EQ(exported->file(0).frames, frames);
        EXPECT_LE(exported->file(0).loudness.true_peak_dbtp, -1 + 0.006) << frames;
        EXPECT_NE(exported->manifest.items[0].outcome.find("not promised"), std::string::npos);
    }
}

// The third harmonic of the chirp in the middle keeps its peaks low. It lies above what LAME lets through: without it, they
// are higher.
TEST(AudioExport, MendsThePlacesAloneWhereAnEncoderLiftsPeaks) {
    Audio audio = sine(44100, 2, 35, 330, -20);
    const Audio low = sine(44100, 2, 0.03, 6700, 0);
    const Audio high = sine(44100, 2, 0.03, 20100, 0);
    for (int c = 0; c < 2; ++c)
        for (std::int64_t i = 0; i < low.frames(); ++i)
            audio.at(c, 20 * 44100 + i) = low.at(c, i) + 0.35F * high.at(c, i);

    const auto exported = export_signal(spec_of({"mp3"}), audio);

    const ManifestFile& file = exported->file();
    EXPECT_EQ(file.generations, 2);
    ASSERT_EQ(file.generation_reasons.size(), 1);
    EXPECT_NE(file.generation_reasons[0].find("mended in 1 place"), std::string::npos)
        << file.generation_reasons[0];
    EXPECT_LE(file.loudness.true_peak_dbtp, -1);
    EXPECT_NEAR(file.loudness.integrated_lufs, -16, 0.1);
}

TEST(AudioExport, DeliversSilenceAsItIsAndSaysSo) {
    const auto exported = export_signal(spec_of({"wav", "flac", "mp3"}), test::silence(44100, 2, 2));

    EXPECT_EQ(exported->manifest.items[0].outcome, "silent");
    for (const ManifestFile& file : exported->manifest.items[0].files) EXPECT_EQ(file.frames, 88200);
    const Audio decoded = exported->decoded();
    for (const float sample : decoded.channels[0]) ASSERT_EQ(sample, 0);
}

TEST(AudioExport, MeasuresClipsShorterThan400MsWithoutGates) {
    const auto exported = export_signal(spec_of({"wav"}), sine(48000, 1, 0.2, 1000, -40));

    EXPECT_TRUE(exported->manifest.items[0].outcome.starts_with("shorter than 400 ms"));
    EXPECT_NEAR(exported->file().loudness.integrated_lufs, -16, 0.1);
    EXPECT_EQ(exported->file().frames, 9600);
}

TEST(AudioExport, ExportsASingleFrame) {
    const auto exported =
        export_signal(spec_of({"wav", "flac", "mp3", "aiff"}), test::impulse(44100, 2, 1, 0, 0.5F));

    for (const ManifestFile& file : exported->manifest.items[0].files)
        EXPECT_EQ(file.frames, 1) << file.format;
}

TEST(AudioExport, NamesSourcesAtOrAboveZeroLufs) {
    Audio audio = sine(48000, 2, 2, 1000, 6);

    const auto exported = export_signal(spec_of({"wav"}), audio);

    EXPECT_EQ(exported->manifest.items[0].outcome, "source at or above 0 LUFS");
    EXPECT_NEAR(exported->file().loudness.integrated_lufs, -16, 0.1);
}

TEST(AudioExport, ReplacesNanAndInfinityAndCountsThem) {
    Audio audio = sine(48000, 1, 2, 1000, -20);
    audio.at(0, 100) = std::numeric_limits<float>::quiet_NaN();
    audio.at(0, 200) = std::numeric_limits<float>::infinity();

    const auto exported = export_signal(spec_of({"wav", "mp3"}), audio);

    ASSERT_EQ(exported->manifest.items[0].warnings.size(), 1U);
    EXPECT_TRUE(exported->manifest.items[0].warnings[0].starts_with("2 samples are not a number"));
    const Audio decoded = exported->decoded();
    for (const float sample : decoded.channels[0]) ASSERT_TRUE(std::isfinite(sample));
}

TEST(AudioExport, KeepsTheBalanceOfAnAlbum) {
    MemoryStore store;
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.album = true;
    const std::vector<ExpandedInput> inputs{input_of(sine(48000, 2, 4, 1000, -20), "loud"),
                                            input_of(sine(48000, 2, 4, 1000, -26), "quiet")};

    const auto manifest = run_inputs(spec, inputs, store, {.jobs = 2});

    ASSERT_TRUE(manifest);
    const double loud = manifest->items[0].files.at(0).loudness.integrated_lufs;
    const double quiet = manifest->items[1].files.at(0).loudness.integrated_lufs;
    EXPECT_NEAR(loud - quiet, 6, 0.02);
    EXPECT_NEAR(10 * std::log10((std::pow(10, loud / 10) + std::pow(10, quiet / 10)) / 2), -16, 0.1);
}

TEST(AudioExport, MeasuresMonoAsPlayedOnTwoSpeakersWhereAsked) {
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.dual_mono = true;

    const auto exported = export_signal(spec, sine(48000, 1, 3, 1000, -30));

    EXPECT_NEAR(exported->file().gain_db, -16 - (-30 - 0.0), 0.15);  // a mono sine reads 3 LU higher so
}

TEST(AudioExport, ResamplesToTheExactLength) {
    AudioSpec spec = spec_of({"wav"});
    spec.sample_rate_hz = 48000;

    const auto exported = export_signal(spec, sine(44100, 2, 3.3337, 1000, -20));

    EXPECT_EQ(exported->file().frames, resampled_frames(147016, 44100, 48000));
    EXPECT_EQ(exported->decoded().frames(), exported->file().frames);
}

TEST(AudioExport, TakesTheNearestRateThatMp3Holds) {
    AudioSpec spec = spec_of({"mp3", "wav"});

    const auto exported = export_signal(spec, sine(96000, 2, 2, 1000, -20));

    EXPECT_EQ(exported->file(0).sample_rate_hz, 48000);
    EXPECT_EQ(exported->file(1).sample_rate_hz, 96000);
    EXPECT_EQ(exported->file(0).losses.at(0).what, "sample rate");
}

TEST(AudioExport, CutsFadesAndFolds) {
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.normalize = false;
    spec.bit_depth = BitDepth::float32;
    spec.channels = 1;
    spec.edit = {.start_seconds = 1.0, .end_seconds = 3.0, .fade_in_seconds = 0.5, .fade_out_seconds = 0.5};

    const auto exported = export_signal(spec, sine(48000, 2, 5, 1000, -6));
    const Audio audio = exported->decoded();

    ASSERT_EQ(audio.frames(), 96000);
    ASSERT_EQ(audio.format.channels, 1);
    EXPECT_NEAR(audio.at(0, 0), 0, 1e-4);
    EXPECT_NEAR(audio.at(0, 95999), 0, 1e-4);
    const auto middle = std::span(audio.channels[0]).subspan(36000, 24000);
    EXPECT_NEAR(test::amplitude_at(middle, 1000, 48000), db_to_gain(-6), 1e-3);
}

TEST(AudioExport, TrimsSilenceAtBothEnds) {
    AudioSpec spec = spec_of({"wav"});
    spec.edit.trim_silence_dbfs = -60;
    Audio audio = test::silence(48000, 1, 1);
    audio.append(noise(48000, 1, 2, 0.5));
    audio.append(test::silence(48000, 1, 1));

    const auto exported = export_signal(spec, audio);

    EXPECT_NEAR(static_cast<double>(exported->file().frames), 96000, 10);
}

TEST(AudioExport, GivesTheSameBytesForAnyNumberOfJobs) {
    std::vector<std::vector<std::string>> hashes;
    for (const int jobs : {1, 4}) {
        MemoryStore store;
        std::vector<ExpandedInput> inputs;
        for (int i = 0; i < 6; ++i)
            inputs.push_back(input_of(noise(44100, 2, 0.7, 0.2, static_cast<std::uint64_t>(i)),
                                      "noise " + std::to_string(i)));
        AudioSpec spec = spec_of({"flac", "mp3"});
        spec.bit_depth.reset();
        const auto manifest = run_inputs(spec, inputs, store, {.jobs = jobs});
        ASSERT_TRUE(manifest);
        auto& run = hashes.emplace_back();
        for (const ManifestItem& item : manifest->items)
            for (const ManifestFile& file : item.files) run.push_back(file.sha256);
    }

    EXPECT_EQ(hashes[0].size(), 12U);
    EXPECT_EQ(hashes[0], hashes[1]);
}

TEST(AudioExport, WorksOnAsManyInputsAsTheMemoryHolds) {
    AudioPlan plan{};
    plan.estimated_memory_bytes = program_memory_bytes + (10ULL << 20);
    const auto jobs = [&](int asked, std::uint64_t mib) {
        return jobs_within(plan, {.jobs = asked, .memory_bytes = mib << 20});
    };
    const std::uint64_t program_mib = program_memory_bytes >> 20;

    EXPECT_EQ(jobs(8, 0), 8) << "no limit";
    EXPECT_EQ(jobs(8, program_mib + 35), 3);
    EXPECT_EQ(jobs(2, program_mib + 35), 2);
    EXPECT_EQ(jobs(8, 1), 1) << "one at least";
}

TEST(AudioExport, GoesOnAfterAnInputThatFails) {
    MemoryStore store;
    const Audio five(44100, 6, 4410);
    const std::vector<ExpandedInput> inputs{
        input_of(sine(44100, 2, 1, 500, -20), "good"),
        input_of(five, "surround"),
        {"gone.wav", fail(ErrorCode::not_found, "gone.wav: no such file")}};

    const auto manifest = run_inputs(spec_of({"mp3"}), inputs, store);

    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->items[0].status, "done");
    EXPECT_EQ(manifest->items[1].error->hint, "use --channels 2");
    EXPECT_EQ(manifest->items[2].error->code, ErrorCode::not_found);
    EXPECT_EQ(manifest->done_count(), 1);
    EXPECT_EQ(manifest->failed_count(), 2);
}

TEST(AudioExport, ReportsProgressThatNeverGoesBack) {
    MemoryStore store;
    const auto plan =
        plan_audio(spec_of({"wav", "flac"}),
                   {input_of(noise(44100, 2, 5, 0.3), "a"), input_of(noise(44100, 2, 5, 0.3), "b")},
                   {.store = &store, .output = "/out"});
    ASSERT_TRUE(plan);
    std::vector<double> fractions;
    std::vector<std::string> stages;
    Progress progress([&](const ProgressReport& report) {
        fractions.push_back(report.fraction);
        stages.push_back(report.stage);
    });

    ASSERT_TRUE(run_audio(*plan, {.jobs = 2}, progress, {}));

    EXPECT_EQ(fractions.front(), 0);
    EXPECT_EQ(fractions.back(), 1);
    EXPECT_TRUE(std::ranges::is_sorted(fractions));
    EXPECT_TRUE(std::ranges::find(stages, "encoding") != stages.end());
    EXPECT_TRUE(std::ranges::find(stages, "proving") != stages.end());
}

TEST(AudioExport, ReportsProgressWhileTheLimiterIsTried) {
    MemoryStore store;
    AudioSpec spec = spec_of({"wav"});
    spec.loudness.target_lufs = -9;
    Audio audio = noise(44100, 2, 6, 0.1);
    for (std::int64_t i = 0; i < audio.frames(); i += 11025) audio.at(0, i) = 0.9F;  // peaks
    const auto plan = plan_audio(spec, {input_of(audio, "a")}, {.store = &store, .output = "/out"});
    ASSERT_TRUE(plan);
    ManualClock clock;
    std::set<double> seen;
    Progress progress(
        [&](const ProgressReport& report) {
            clock.advance(std::chrono::seconds(1));
            if (report.stage == "finding the level") seen.insert(report.fraction);
        },
        0, clock);

    const auto manifest = run_audio(*plan, {}, progress, {});

    ASSERT_TRUE(manifest);
    EXPECT_GT(manifest->items[0].files.at(0).limiter_max_reduction_db, 0);
    EXPECT_GT(seen.size(), 10U) << "one for each block of the trials";
    EXPECT_LE(*seen.rbegin(), 0.35);
}

TEST(AudioExport, LeavesNothingWhereverTheDiskFails) {
    MemoryStore memory;
    FailingStore store(memory);
    const std::vector<ExpandedInput> inputs{input_of(noise(44100, 1, 0.3, 0.3), "a")};
    ASSERT_TRUE(run_inputs(spec_of({"wav"}), inputs, store));
    const std::int64_t operations = store.operations();
    ASSERT_GT(operations, 3);
    for (const auto& path : memory.list()) ASSERT_TRUE(memory.take(path));

    for (std::int64_t n = 1; n <= operations; ++n) {
        store.fail_at(n);
        const auto manifest = run_inputs(spec_of({"wav"}), inputs, store);
        ASSERT_TRUE(manifest);
        EXPECT_EQ(manifest->items[0].status, "failed") << "operation " << n;
        EXPECT_TRUE(memory.list().empty()) << "operation " << n;
    }
}

TEST(AudioExport, StopsWhereverItIsAskedAndLeavesNothing) {
    const Audio audio = noise(44100, 2, 4, 0.3);
    for (const double at : {0.0, 0.1, 0.3, 0.5, 0.7, 0.9}) {
        MemoryStore store;
        std::stop_source stop;
        const auto plan =
            plan_audio(spec_of({"wav", "mp3"}), {input_of(audio, "a")}, {.store = &store, .output = "/out"});
        ASSERT_TRUE(plan);
        Progress progress([&](const ProgressReport& report) {
            if (report.fraction >= at) stop.request_stop();
        });
        const auto manifest = run_audio(*plan, {}, progress, stop.get_token());
        ASSERT_TRUE(manifest);
        EXPECT_EQ(manifest->items[0].status, "canceled") << at;
        EXPECT_TRUE(store.list().empty()) << at;
    }
}

TEST(AudioExport, IsSafeToCallFromManyThreads) {
    std::vector<std::string> hashes(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < hashes.size(); ++i)
            threads.emplace_back([&hashes, i] {
                MemoryStore store;
                const auto manifest =
                    run_inputs(spec_of({"flac"}), {input_of(noise(44100, 2, 1, 0.2), "same")}, store);
                if (manifest) hashes[i] = manifest->items[0].files.at(0).sha256;
            });
    }

    EXPECT_FALSE(hashes[0].empty());
    for (const std::string& hash : hashes) EXPECT_EQ(hash, hashes[0]);
}

TEST(AudioExport, TakesAndGivesAudioInMemoryWithAnyStrides) {
    const Audio audio = sine(48000, 2, 1, 1000, -20);
    std::vector<float> interleaved;
    for (std::int64_t i = 0; i < audio.frames(); ++i)
        for (int c = 0; c < 2; ++c) interleaved.push_back(audio.at(c, i));
    const AudioView view = AudioView::interleaved(interleaved.data(), audio.frames(), 2, 48000);

    const auto exported = export_from_memory(spec_of({"wav", "flac"}), view, "take");

    ASSERT_TRUE(exported) << exported.error().to_string();
    ASSERT_EQ(exported->files.size(), 2U);
    EXPECT_EQ(exported->files[0].first, "take.flac");
    EXPECT_EQ(exported->files[1].first, "take.wav");
    EXPECT_NEAR(exported->manifest.items[0].files[0].loudness.integrated_lufs, -16, 0.1);
}

TEST(AudioExport, RefusesWorkThatTheDiskHasNoRoomFor) {
    class TinyDisk final : public Store {
      public:
        Result<std::unique_ptr<ByteSource>> open(const std::filesystem::path& path) override {
            return memory_.open(path);
        }
        Result<std::unique_ptr<PendingFile>> create(const std::filesystem::path& path,
                                                    CreateOptions options) override {
            return memory_.create(path, options);
        }
        bool exists(const std::filesystem::path& path) override { return memory_.exists(path); }
        Result<std::uint64_t> free_bytes(const std::filesystem::path&) override {
            return std::uint64_t{1000};
        }

      private:
        MemoryStore memory_;
    } store;

    const auto manifest = run_inputs(spec_of({"wav"}), {input_of(noise(44100, 2, 1, 0.2), "a")}, store);

    ASSERT_FALSE(manifest);
    EXPECT_EQ(manifest.error().code, ErrorCode::io);
    EXPECT_NE(manifest.error().message.find("are needed"), std::string::npos);
}

}  // namespace
}  // namespace dubplate
