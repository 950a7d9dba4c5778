#include "exports/analysis/analyze.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "core/json.h"
#include "pieces.h"
#include "support/temp_folder.h"

namespace dubplate {
namespace {

using test::Audio;
using test::Held;

Analysis analyzed(const Audio& audio, const AnalyzeOptions& options = {}, const std::string& name = {}) {
    const Held held(audio);
    const Result<Analysis> analysis = analyze(held.view, options, name);
    EXPECT_TRUE(analysis) << analysis.error().to_string();
    return analysis ? *analysis : Analysis{};
}

TEST(Analyze, MeasuresASineAsPhysicsAsks) {
    const Analysis found = analyzed(test::sine(48000, 2, 5, 997, -20));
    const Json json = to_json(found);

    EXPECT_NEAR(json["peak_amplitude"].get<double>(), 0.1, 1e-5);
    EXPECT_NEAR(json["rms_energy"].get<double>(), 0.1 / std::sqrt(2.0), 1e-5);
    EXPECT_NEAR(json["dynamic_range_db"].get<double>(), 3.01, 0.011);
    EXPECT_NEAR(json["crest_factor"].get<double>(), std::sqrt(2.0), 1e-3);
    EXPECT_NEAR(json["integrated_lufs"].get<double>(), -20, 0.05);
    EXPECT_NEAR(json["max_short_term_lufs"].get<double>(), -20, 0.05);
    EXPECT_NEAR(json["max_momentary_lufs"].get<double>(), -20, 0.05);
    EXPECT_NEAR(json["true_peak_dbtp"].get<double>(), -20, 0.05);
    EXPECT_EQ(json["loudness_range_lu"], 0);
    EXPECT_EQ(json["duration_seconds"], 5);
    EXPECT_EQ(json["stereo_correlation"], 1);
    EXPECT_EQ(json["file_size_bytes"], nullptr) << "it came from memory";
}

TEST(Analyze, TellsNullForSilence) {
    const Json json = to_json(analyzed(Audio(44100, 2, 44100 * 5)));

    for (const char* key : {"integrated_lufs", "true_peak_dbtp", "peak_dbfs", "rms_dbfs", "crest_factor",
                            "dynamic_range_db", "true_peak_seconds", "bpm", "key", "stereo_correlation"})
        EXPECT_EQ(json[key], nullptr) << key;
    EXPECT_EQ(json["silence"]["leading_seconds"], 5);
    EXPECT_FALSE(json["bpm_reason"].is_null());
    EXPECT_FALSE(json["key_reason"].is_null());
}

TEST(Analyze, FindsTheTempoOfClicks) {
    for (const double bpm : {90.0, 120.0, 140.0}) {
        const Analysis found = analyzed(test::clicks(bpm, 20));

        ASSERT_TRUE(found.tempo && found.tempo->bpm) << bpm;
        const double ratio = *found.tempo->bpm / bpm;
        EXPECT_TRUE(std::abs(ratio - 1) < 0.01 || std::abs(ratio - 2) < 0.02 || std::abs(ratio - 0.5) < 0.005)
            << *found.tempo->bpm << " for " << bpm;
        EXPECT_FALSE(found.tempo->beats_s.empty());
    }
}

TEST(Analyze, OffersALoopAsAWhole) {
    const Analysis found = analyzed(test::clicks(120, 8), {}, "clicks 120bpm");

    ASSERT_TRUE(found.tempo && found.structure);
    ASSERT_EQ(found.tempo->material, Material::loop);
    ASSERT_FALSE(found.structure->loops.empty());
    EXPECT_EQ(found.structure->loops.front(), (LoopCandidate{0, 8, *found.tempo->loop_beats, 1}));
}

TEST(Analyze, LeavesOutWhatIsNotAskedFor) {
    const Analysis found = analyzed(test::clicks(120, 8), {.tempo = false, .key = false, .structure = false});

    EXPECT_FALSE(found.tempo || found.key || found.features || found.structure);
    EXPECT_TRUE(found.statistics && found.loudness);
}

TEST(Analyze, TakesTheTempoOfTheNameAsEvidence) {
    // Ambiguous by the sound alone: one click each second may be 60 or 120.
    const Analysis found = analyzed(test::clicks(60, 16), {}, "clicks_120bpm");

    ASSERT_TRUE(found.tempo && found.tempo->bpm);
    EXPECT_NEAR(*found.tempo->bpm, 120, 1);
}

TEST(Analyze, HasAnAnswerForEveryShortClip) {
    for (const std::int64_t frames : {1, 2, 441, 4410})
        for (const int channels : {1, 2, 8}) {
            Audio audio = test::noise(44100, channels, 1, 0.5);
            for (auto& channel : audio.channels) channel.resize(static_cast<std::size_t>(frames));
            const Analysis found = analyzed(audio);
            EXPECT_EQ(found.source.frames, frames);
            EXPECT_TRUE(found.tempo && !found.tempo->bpm) << frames;
        }
}

TEST(Analyze, MeasuresWhatItCanAtAnyRate) {
    const Analysis found = analyzed(test::sine(4000, 1, 2, 440, -6));

    EXPECT_FALSE(found.loudness || found.tempo->bpm);
    EXPECT_NE(found.tempo->reason.find("4000 Hz"), std::string::npos);
    EXPECT_EQ(found.warnings.size(), 2U);
    EXPECT_NEAR(found.statistics->peak, db_to_gain(-6), 1e-3);
}

TEST(Analyze, CountsSamplesThatAreNoNumbers) {
    Audio audio = test::sine(44100, 1, 2, 440, -6);
    audio.at(0, 100) = std::numeric_limits<float>::quiet_NaN();

    const Analysis found = analyzed(audio);

    ASSERT_EQ(found.warnings.size(), 1U);
    EXPECT_NE(found.warnings[0].find("1 samples are not a number"), std::string::npos);
    EXPECT_NO_THROW(to_json(found).dump());
}

TEST(Analyze, RefusesWhatIsNoAudio) {
    const std::vector<float> none;

    EXPECT_EQ(analyze(AudioView::planar(none.data(), 0, 1, 44100)).error().code, ErrorCode::corrupt);
    EXPECT_EQ(analyze(AudioView::planar(none.data(), 0, 9, 44100)).error().code, ErrorCode::unsupported);
    EXPECT_EQ(analyze(AudioView::planar(none.data(), 0, 1, 0)).error().code, ErrorCode::invalid_argument);
}

TEST(Analyze, StopsWhereItIsAsked) {
    std::stop_source stop;
    stop.request_stop();
    const Held held(test::noise(44100, 2, 5, 0.5));

    EXPECT_EQ(analyze(held.view, {}, {}, stop.get_token()).error().code, ErrorCode::canceled);
}

TEST(Analyze, ReadsFactsOfAFileWithoutItsAudio) {
    const TempFolder folder;
    FileStore store;
    TagSet tags;
    tags.metadata.title = "Loop";
    tags.markers = {{100, 0, "in"}};
    test::write_audio(store, folder / "loop.wav", test::clicks(120, 2), tags);

    const Result<Analysis> facts = read_facts(store, folder / "loop.wav");

    ASSERT_TRUE(facts) << facts.error().to_string();
    EXPECT_EQ(facts->source.frames, 2 * 44100);
    EXPECT_TRUE(facts->source.frames_exact);
    EXPECT_EQ(facts->source.metadata.title, "Loop");
    EXPECT_EQ(facts->source.markers, tags.markers);
    EXPECT_EQ(facts->file_bytes, std::filesystem::file_size(folder / "loop.wav"));
    EXPECT_FALSE(facts->statistics || facts->loudness || facts->tempo);
}

TEST(Analyze, NamesTheFileInItsErrors) {
    const TempFolder folder;
    FileStore store;
    const auto text = folder.write("notes.wav", "not audio");

    EXPECT_EQ(analyze_file(store, folder / "missing.wav").error().code, ErrorCode::not_found);
    const Error error = analyze_file(store, text).error();
    EXPECT_EQ(error.code, ErrorCode::unsupported);
    EXPECT_NE(error.to_string().find("notes.wav"), std::string::npos);
}

TEST(Analyze, GivesTheSameFromManyThreadsAtOnce) {
    const Held held(test::clicks(120, 6));
    const std::string alone = to_json(*analyze(held.view)).dump();
    std::vector<std::string> found(4);
    {
        std::vector<std::jthread> threads;
        for (std::string& text : found)
            threads.emplace_back([&] { text = to_json(*analyze(held.view)).dump(); });
    }
    for (const std::string& text : found) EXPECT_EQ(text, alone);
}

TEST(AnalysisJson, ComesBackAsItWas) {
    const TempFolder folder;
    FileStore store;
    TagSet tags;
    tags.metadata.title = "Loop";
    tags.metadata.bpm = 120;
    tags.markers = {{100, 50, "in"}};
    tags.loop = SampleLoop{.begin_frame = 0, .end_frame = 44100 * 16};
    test::write_audio(store, folder / "loop.wav", test::clicks(120, 16), tags);
    const Result<Analysis> found = analyze_file(store, folder / "loop.wav");
    ASSERT_TRUE(found) << found.error().to_string();

    const Json json = to_json(*found);
    const Result<Analysis> back = analysis_from_json(json);

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(to_json(*back), json);
    EXPECT_EQ(back->source.metadata.title, "Loop");
    EXPECT_EQ(back->tempo->beats_s.size(), found->tempo->beats_s.size());
}

TEST(AnalysisJson, ComesBackForSilenceAndForFactsAlone) {
    Analysis facts;
    facts.source.stream = {44100, 2};
    for (const Analysis& found : {analyzed(Audio(44100, 2, 44100)), analyzed(Audio(4000, 1, 1)), facts}) {
        const Json json = to_json(found);
        const Result<Analysis> back = analysis_from_json(json);
        ASSERT_TRUE(back) << back.error().to_string();
        EXPECT_EQ(to_json(*back), json);
    }
}

TEST(AnalysisJson, RefusesWhatIsMissingOrOfAnotherType) {
    const Json sound = to_json(analyzed(test::clicks(120, 4)));
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, Json>>{{"frames", "many"},
                                                   {"frames", nullptr},
                                                   {"sample_rate", 0},
                                                   {"rms_energy", nullptr},
                                                   {"markers", 7},
                                                   {"key", "H dur"},
                                                   {"bpm_alternatives", Json::array({1})},
                                                   {"patterns", Json::object({{"segments", 3}})}}) {
        Json damaged = sound;
        damaged[key] = value;
        const Result<Analysis> back = analysis_from_json(damaged);
        ASSERT_FALSE(back) << key;
        EXPECT_EQ(back.error().code, ErrorCode::corrupt);
        EXPECT_NE(back.error().message.find(key), std::string::npos) << back.error().message;
    }
    EXPECT_FALSE(analysis_from_json(Json::array()));
}

}  // namespace
}  // namespace dubplate
