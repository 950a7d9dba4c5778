#include "formats/audio/mp3.h"

#include <gmock/gmock.h>
#include <lame/lame.h>

#include <cmath>

#include "formats/audio/lame_encoder.h"
#include "formats/audio/lame_tag.h"
#include "formats/audio/mp3_gaps.h"
#include "formats/audio/mp3_header.h"
#include "formats/audio/mp3_segment.h"
#include "support/bytes.h"
#include "support/codec_files.h"
#include "support/songs.h"
#include "support/temp_folder.h"

namespace dubplate {

extern const AudioFormat mp3_format;

namespace {

using test::encode;
using test::EncodeOptions;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr LoudnessFacts some_loudness{-14.3, 5, 0.5, -12, -13};

// Neither periodic nor flat, so that a shift of one frame shows.
test::Audio music(int rate, int channels, std::int64_t frames) {
    test::Audio audio(rate, channels, frames);
    const Random hiss(7);
    double smooth = 0;
    for (std::int64_t i = 0; i < frames; ++i) {
        smooth += 0.2 * (hiss.uniform(static_cast<std::uint64_t>(i)) - 0.5 - smooth);
        const double sweep = std::sin(2e-6 * static_cast<double>(i) * static_cast<double>(i));
        for (int c = 0; c < channels; ++c) audio.at(c, i) = static_cast<float>(0.4 * sweep + smooth);
    }
    return audio;
}

Bytes mp3_of(const test::Audio& audio, EncodeOptions options = {}) {
    auto bytes = encode(mp3_format, audio, std::move(options));
    EXPECT_TRUE(bytes) << bytes.error().to_string();
    return bytes ? *bytes : Bytes{};
}

EncodeOptions at_bitrate(int kbps) {
    EncodeOptions options;
    options.settings.mp3.bitrate_kbps = kbps;
    return options;
}

EncodeOptions at_quality(int quality) {
    EncodeOptions options;
    options.settings.mp3.vbr_quality = quality;
    return options;
}

std::span<const std::byte> first_frame(const Bytes& bytes) {
    const auto source = test::bytes_source(bytes);
    const auto extent = find_mp3_extent(*source);
    EXPECT_TRUE(extent);
    return std::span(bytes).subspan(static_cast<std::size_t>(extent->begin));
}

TEST(Mp3, DecodesToExactlyTheFramesThatWentIn) {
    for (const int rate : {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}) {
        for (const int channels : {1, 2}) {
            for (const std::int64_t frames : {1, 575, 576, 1152, 10007}) {
                const auto audio = music(rate, channels, frames);
                SourceInfo info;
                const auto decoded = test::decode(mp3_of(audio, at_bitrate(64)), mp3_format.open, &info, 777);
                ASSERT_TRUE(decoded) << decoded.error().to_string();
                EXPECT_EQ(decoded->frames(), frames) << rate << " Hz, " << channels << " channels";
                EXPECT_EQ(info.stream, audio.format);
                EXPECT_THAT(info.warnings, IsEmpty());
            }
        }
    }
}

TEST(Mp3, KnowsTheExactLengthBeforeItDecodes) {
    for (const EncodeOptions& options : {at_bitrate(320), at_bitrate(128), at_quality(0), at_quality(9)}) {
        const auto source = test::bytes_source(mp3_of(music(44100, 2, 30011), options));
        const auto reader = mp3_format.open(*source);
        ASSERT_TRUE(reader);
        EXPECT_EQ((*reader)->info().frames, 30011);
        EXPECT_TRUE((*reader)->info().frames_exact);
        EXPECT_EQ((*reader)->info().codec, "MP3");
        EXPECT_TRUE((*reader)->info().lossy);
    }
}

TEST(Mp3, TellsTheBitrate) {
    for (const int kbps : {64, 128, 320}) {
        const auto source = test::bytes_source(mp3_of(music(44100, 2, 44100), at_bitrate(kbps)));
        const auto reader = mp3_format.open(*source);
        ASSERT_TRUE(reader);
        EXPECT_NEAR((*reader)->info().bitrate_kbps, kbps, 1);
    }
}

TEST(Mp3, IsExactAtBitratesWhoseFramesAreTooSmallForLamesTag) {
    for (const auto& [rate, kbps] :
         {std::pair{48000, 32}, {44100, 40}, {32000, 40}, {24000, 8}, {16000, 24}, {8000, 8}, {11025, 16}}) {
        for (const int channels : {1, 2}) {
            const auto audio = music(rate, channels, 30011);
            EncodeOptions options = at_bitrate(kbps);
            options.loudness = some_loudness;
            const Bytes bytes = mp3_of(audio, options);
            SourceInfo info;
            const auto decoded = test::decode(bytes, mp3_format.open, &info);
            ASSERT_TRUE(decoded) << decoded.error().to_string();
            EXPECT_EQ(decoded->frames(), 30011) << rate << " Hz, " << kbps << " kbit/s";
            EXPECT_TRUE(info.frames_exact);
            EXPECT_THAT(info.warnings, IsEmpty());
            const auto tag = parse_lame_tag(first_frame(bytes));
            ASSERT_TRUE(tag && tag->extension) << rate << " Hz, " << kbps << " kbit/s";
            EXPECT_EQ(tag->bytes, first_frame(bytes).size());
            EXPECT_EQ(tag->extension->gain_db, -3.7);
        }
    }
}

// Where each frame of the file begins, and its end.
std::vector<std::size_t> frame_places(const Bytes& bytes) {
    std::vector<std::size_t> places{bytes.size() - first_frame(bytes).size()};
    while (const auto header = parse_mp3_header(std::span(bytes).subspan(places.back())))
        places.push_back(places.back() + static_cast<std::size_t>(header->frame_bytes));
    return places;
}

SourceInfo info_of(const Bytes& bytes) {
    const auto source = test::bytes_source(bytes);
    const auto reader = mp3_format.open(*source);
    EXPECT_TRUE(reader);
    return reader ? (*reader)->info() : SourceInfo{};
}

TEST(Mp3, TellsOfBytesInItsMiddleThatAreNoFrames) {
    for (const EncodeOptions& options : {at_bitrate(320), at_bitrate(64), at_quality(2)}) {
        const Bytes whole = mp3_of(music(44100, 2, 200'000), options);
        const auto places = frame_places(whole);
        const auto from = whole.begin() + static_cast<std::ptrdiff_t>(places[60]);
        const auto to = whole.begin() + static_cast<std::ptrdiff_t>(places[70]);
        const std::size_t lost = places[70] - places[60];
        const std::string told = std::to_string(lost) + " bytes at 1.567 s are no MP3 frames";
        for (const bool is_random : {false, true}) {
            Bytes damaged = whole;
            const Random random(5);
            for (std::size_t i = places[60]; i < places[70]; ++i)
                damaged[i] = is_random ? static_cast<std::byte>(256 * random.uniform(i)) : std::byte{0};
            EXPECT_THAT(info_of(damaged).warnings, ElementsAre(HasSubstr(told)));
        }
        Bytes longer = whole;
        longer.insert(longer.begin() + (from - whole.begin()), 100'000, std::byte{7});
        EXPECT_THAT(info_of(longer).warnings, Contains(HasSubstr("100000 bytes at")));
        Bytes twice = longer;
        twice.insert(twice.begin() + (to - whole.begin()) + 100'000, 50, std::byte{7});
        EXPECT_THAT(info_of(twice).warnings, Contains(HasSubstr("100050 bytes in 2 places")));
    }
}

TEST(Mp3, HasNoGapsWhereOtherBytesTakeNoAudioAway) {
    const Bytes whole = mp3_of(music(44100, 2, 100'000), at_bitrate(128));
    const auto places = frame_places(whole);
    const auto with = [&](std::size_t place, const Bytes& more) {
        Bytes bytes = whole;
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place), more.begin(), more.end());
        const auto source = test::bytes_source(bytes);
        const auto gaps = find_mp3_gaps(*source, places[0], bytes.size());
        EXPECT_TRUE(gaps);
        return gaps ? gaps->count : -1;
    };
    EXPECT_EQ(with(0, {}), 0);
    EXPECT_EQ(with(places[30], Bytes(1)), 0) << "an encoder's mistake in counting";
    EXPECT_EQ(with(places[30], to_bytes("TAG" + std::string(125, ' '))), 0) << "two files joined";
    EXPECT_EQ(with(places.back(), Bytes(5000)), 0) << "behind the last frame";
}

TEST(Mp3, OfOtherEncodersHasNoGaps) {
    const TempFolder folder;
    const std::string wav = "'" + (folder / "a.wav").string() + "'";
    const std::string mp3 = "'" + (folder / "a.mp3").string() + "'";
    if (!test::has_program("sox") || !test::has_program("lame")) GTEST_SKIP() << "install sox and lame";
    ASSERT_EQ(test::run_shell("sox -q -n -r 44100 -c 2 " + wav + " synth 8 pinknoise vol 0.5").status, 0);
    for (const std::string options :
         {"-V 4", "-b 128", "-b 320", "--abr 150", "-t -b 96", "-m m -b 64", "-p -b 192",
          "--resample 22.05 -V 7", "--tt Night --id3v1-only", "--tt Night --add-id3v2"}) {
        ASSERT_EQ(test::run_shell("lame --quiet " + options + " " + wav + " " + mp3).status, 0) << options;
        EXPECT_THAT(info_of(test::read_file(folder / "a.mp3")).warnings, IsEmpty()) << options;
    }
}

TEST(Mp3, LyricsBehindTheFramesAreATag) {
    const Bytes whole = mp3_of(music(44100, 2, 20'000), at_bitrate(128));
    const std::string v2 = "LYRICSBEGININD0000200LYR00005hello";
    const std::string id3v1 = "TAG" + std::string(125, ' ');
    for (const std::string& behind : {"LYRICSBEGINhello worldLYRICSEND" + id3v1,
                                      v2 + "000034LYRICS200" + id3v1, v2 + "000034LYRICS200"}) {
        Bytes bytes = whole;
        const Bytes more = to_bytes(behind);
        bytes.insert(bytes.end(), more.begin(), more.end());
        const auto source = test::bytes_source(bytes);
        EXPECT_EQ(find_mp3_extent(*source)->end, whole.size()) << behind;
    }
    for (const std::string& damaged :
         {v2 + "999999LYRICS200", v2 + "00-034LYRICS200", std::string("LYRICSEND")}) {
        Bytes bytes = whole;
        const Bytes more = to_bytes(damaged);
        bytes.insert(bytes.end(), more.begin(), more.end());
        const auto source = test::bytes_source(bytes);
        EXPECT_EQ(find_mp3_extent(*source)->end, bytes.size()) << damaged;
    }
}

TEST(Mp3, IsAlignedWithItsSource) {
    const auto audio = music(44100, 2, 20000);
    for (const EncodeOptions& options : {at_bitrate(320), at_quality(2)}) {
        const auto decoded = test::decode(mp3_of(audio, options), mp3_format.open);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(test::best_lag(audio, *decoded), 0);
        double error = 0;
        double power = 0;
        for (std::int64_t i = 0; i < audio.frames(); ++i) {
            const double difference =
                static_cast<double>(audio.at(0, i)) - static_cast<double>(decoded->at(0, i));
            error += difference * difference;
            power += static_cast<double>(audio.at(0, i)) * static_cast<double>(audio.at(0, i));
        }
        EXPECT_GT(10 * std::log10(power / error), 12) << "dB of signal to noise";
    }
}

// LAME's own presets make the sound smaller at 192 kbit/s and below.
TEST(Mp3, KeepsTheLevelAtEveryBitrate) {
    const auto sine = test::sine(44100, 2, 2, 997, -12);
    for (const EncodeOptions& options : {at_bitrate(320), at_bitrate(192), at_bitrate(160), at_bitrate(128),
                                         at_bitrate(64), at_quality(4)}) {
        const auto decoded = test::decode(mp3_of(sine, options), mp3_format.open);
        ASSERT_TRUE(decoded);
        double power = 0;
        for (const float sample : decoded->channels[0])
            power += static_cast<double>(sample) * static_cast<double>(sample);
        EXPECT_NEAR(10 * std::log10(2 * power / static_cast<double>(decoded->frames())), -12, 0.1)
            << options.settings.mp3.bitrate_kbps;
    }
}

TEST(Mp3, MakesTheSameFileWhateverTheBlockSize) {
    const auto audio = music(44100, 2, 12345);
    for (const EncodeOptions& options : {at_bitrate(192), at_quality(4)}) {
        EncodeOptions cut = options;
        cut.block = 100000;
        const Bytes whole = mp3_of(audio, cut);
        for (const std::int64_t block : {1, 7, 64, 4096}) {
            cut.block = block;
            EXPECT_EQ(mp3_of(audio, cut), whole) << block;
        }
    }
}

// Long enough for three segments; a click now and then makes the encoder switch to short blocks.
test::Audio long_music(int rate, int channels) {
    auto audio = music(rate, channels, rate * 26);
    for (std::int64_t i = 0; i < audio.frames(); i += 7919)
        for (int c = 0; c < channels; ++c) audio.at(c, i) = 0.9F;
    return audio;
}

std::vector<Bytes> frames_of(std::span<const std::byte> stream) {
    std::vector<Bytes> frames;
    while (const auto header = parse_mp3_header(stream)) {
        const auto frame =
            stream.first(std::min(stream.size(), static_cast<std::size_t>(header->frame_bytes)));
        frames.emplace_back(frame.begin(), frame.end());
        stream = stream.subspan(frame.size());
    }
    EXPECT_TRUE(stream.empty());
    return frames;
}

std::vector<Bytes> frames_in_one_run(const test::Audio& audio, const WriterSettings& settings) {
    auto run = LameEncoder::make(settings, {.reservoir = false});
    Bytes stream;
    std::vector<const float*> pointers;
    for (const auto& channel : audio.channels) pointers.push_back(channel.data());
    EXPECT_TRUE(run->encode(BlockView(std::span(std::as_const(pointers)), audio.frames()), stream));
    EXPECT_TRUE(run->flush(stream));
    return frames_of(stream);
}

// An encoder that begins in the middle comes to the same frames as one that runs from the beginning.
void expect_same_frames_in_segments(const test::Audio& audio, const std::string& what) {
    WriterSettings settings;
    settings.stream = audio.format;
    settings.mp3.bitrate_kbps = mp3_bitrates(audio.format.sample_rate_hz).back();
    ASSERT_TRUE(can_split_mp3(settings));
    const auto in_one_run = frames_in_one_run(audio, settings);
    const Bytes file = mp3_of(audio, at_bitrate(settings.mp3.bitrate_kbps));
    const auto source = test::bytes_source(file);
    const auto extent = find_mp3_extent(*source);
    ASSERT_TRUE(extent);
    auto in_segments = frames_of(std::span(file).subspan(extent->begin));
    in_segments.erase(in_segments.begin());  // the tag's
    ASSERT_EQ(in_segments.size(), in_one_run.size());
    std::size_t different = 0;
    for (std::size_t i = 0; i < in_one_run.size(); ++i)
        if (in_segments[i] != in_one_run[i]) ++different;
    EXPECT_EQ(different, 0U) << what;
}

TEST(Mp3, MakesTheSameFramesInSegmentsAsInOneRun) {
    for (const auto& [rate, channels] : {std::pair(44100, 2), {48000, 1}, {22050, 2}})
        expect_same_frames_in_segments(long_music(rate, channels), std::to_string(rate));
}

TEST(Mp3, MakesTheSameFramesOfSongsInSegmentsAsInOneRun) {
    for (const std::string& name : test::song_names) {
        const auto song = test::load_song(name, 44100, 2, 60);
        DUBPLATE_SKIP_WITHOUT_SONG(song);
        expect_same_frames_in_segments(song, name);
    }
}

TEST(Mp3, MakesTheSameFileOnAnyNumberOfThreads) {
    const auto audio = long_music(44100, 2);
    const Bytes alone = mp3_of(audio, at_bitrate(320));
    for (const int threads : {2, 5}) {
        EncodeOptions options = at_bitrate(320);
        options.settings.threads = threads;
        EXPECT_EQ(mp3_of(audio, options), alone) << threads;
    }
}

// A writer with its file, fed as often as it goes on.
struct GoingOn {
    MemoryStore store;
    std::unique_ptr<PendingFile> file = *store.create("a.mp3");
    std::unique_ptr<AudioWriter> writer;

    GoingOn(const test::Audio& audio, int kbps) {
        WriterSettings settings;
        settings.stream = audio.format;
        settings.frames = audio.frames();
        settings.mp3.bitrate_kbps = kbps;
        settings.threads = 2;
        writer = *mp3_format.create(*file, settings, {});
    }
    void feed(const test::Audio& audio) {
        std::vector<const float*> channels;
        for (const auto& channel : audio.channels) channels.push_back(channel.data());
        ASSERT_TRUE(writer->write(BlockView<const float>(channels, audio.frames())));
        ASSERT_TRUE(writer->finish({}));
    }
    Bytes bytes() const {
        const auto source = *file->read_back();
        Bytes all(source->size());
        EXPECT_EQ(*source->read_at(0, all), all.size());
        return all;
    }
};

// In the second segment, a tenth of a second is half as loud.
test::Audio with_a_quiet_place(test::Audio audio) {
    for (int c = 0; c < audio.format.channels; ++c)
        for (std::int64_t i = 15 * 44'100; i < 15 * 44'100 + 4'410; ++i) audio.at(c, i) *= 0.5f;
    return audio;
}

TEST(Mp3, ComesOutTheSameWhenItGoesOnWithChangedPlaces) {
    const test::Audio audio = long_music(44'100, 2);
    const test::Audio changed = with_a_quiet_place(audio);
    GoingOn going_on(audio, 320);
    going_on.feed(audio);

    ASSERT_TRUE(going_on.writer->begin_again());
    going_on.feed(changed);

    EXPECT_EQ(going_on.bytes(), mp3_of(changed, at_bitrate(320)));
}

TEST(Mp3, EncodesTheSegmentsThatHaveChangedAlone) {
    const test::Audio audio = long_music(44'100, 2);
    GoingOn going_on(audio, 320);
    going_on.feed(audio);
    // A scratch in the first segment stays: it is not written again.
    constexpr std::uint64_t place = 20'000;
    const std::byte scratch = going_on.bytes()[place] ^ std::byte{1};
    ASSERT_TRUE(going_on.file->write_at(place, {&scratch, 1}));

    ASSERT_TRUE(going_on.writer->begin_again());
    going_on.feed(with_a_quiet_place(audio));

    EXPECT_EQ(going_on.bytes()[place], scratch);
}

TEST(Mp3, DoesNotGoOnWhereFramesBorrowFromEachOther) {
    const test::Audio audio = music(44'100, 2, 50'000);
    GoingOn going_on(audio, 128);
    going_on.feed(audio);

    EXPECT_FALSE(going_on.writer->begin_again());
}

TEST(Mp3, StopsInTheMiddle) {
    std::stop_source stop;
    stop.request_stop();
    EncodeOptions options = at_bitrate(320);
    options.settings.stop = stop.get_token();

    const auto bytes = encode(mp3_format, long_music(44100, 1), options);

    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::canceled);
}

TEST(Mp3, RefusesToHoldNoFrames) {
    EXPECT_EQ(encode(mp3_format, test::Audio(44100, 2, 0)).error().code, ErrorCode::unsupported);
}

TEST(Mp3, RefusesABitrateThatTheRateDoesNotHave) {
    const auto error = encode(mp3_format, music(22050, 2, 100), at_bitrate(320)).error();
    EXPECT_EQ(error.code, ErrorCode::invalid_argument);
    EXPECT_THAT(error.message, HasSubstr("MP3 at 22050 Hz has no bitrate of 320 kbit/s: it has 8, 16, 24"));
    EXPECT_EQ(error.hint, "use --bitrate 160");
    EXPECT_EQ(encode(mp3_format, music(44100, 2, 100), at_bitrate(100)).error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(encode(mp3_format, music(44100, 2, 100), at_quality(10)).error().code,
              ErrorCode::invalid_argument);
}

TEST(Mp3, RefusesRatesAndChannelsThatItDoesNotHave) {
    EXPECT_EQ(encode(mp3_format, music(96000, 2, 100)).error().code, ErrorCode::unsupported);
    EXPECT_EQ(encode(mp3_format, music(44100, 6, 100)).error().code, ErrorCode::unsupported);
}

TEST(Mp3, ListsTheBitratesOfEachRate) {
    EXPECT_THAT(mp3_bitrates(11025), ElementsAre(8, 16, 24, 32, 40, 48, 56, 64));
    EXPECT_THAT(mp3_bitrates(24000), ElementsAre(8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160));
    EXPECT_THAT(mp3_bitrates(48000),
                ElementsAre(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320));
    EXPECT_THAT(mp3_bitrates(96000), IsEmpty());
    for (const int rate : mp3_format.rates_hz)
        for (const int kbps : mp3_bitrates(rate)) {
            const auto bytes = encode(mp3_format, music(rate, 1, 10), at_bitrate(kbps));
            EXPECT_TRUE(bytes) << bytes.error().to_string();
        }
}

TEST(Mp3, NeverGivesLameANaN) {
    for (const float bad : {std::nanf(""), HUGE_VALF}) {
        auto audio = music(44100, 1, 100);
        audio.at(0, 42) = bad;
        const auto error = encode(mp3_format, audio).error();
        EXPECT_EQ(error.code, ErrorCode::internal);
        EXPECT_THAT(error.message, HasSubstr("at frame 42"));
    }
}

TEST(Mp3, FillsTheLameTagWithTheLoudnessKnownAtTheEnd) {
    EncodeOptions options = at_bitrate(320);
    options.loudness = some_loudness;
    const Bytes bytes = mp3_of(music(44100, 2, 44100), options);
    const auto frame = first_frame(bytes);
    const auto tag = parse_lame_tag(frame);

    ASSERT_TRUE(tag && tag->extension);
    EXPECT_FALSE(tag->is_vbr);
    EXPECT_EQ(tag->extension->encoder, "LAME3.100");
    EXPECT_EQ(tag->extension->gain_db, -3.7);  // -18 - -14.3
    EXPECT_NEAR(tag->extension->peak, std::pow(10, 0.5 / 20), 1e-6);
    EXPECT_EQ(tag->bytes, frame.size());
    EXPECT_THAT(to_text(bytes), HasSubstr("REPLAYGAIN_TRACK_GAIN"));
}

TEST(Mp3, ItsChecksumIsTheOneThatLameMakes) {
    const Bytes bytes = mp3_of(music(44100, 2, 4410));  // no loudness: the tag is as LAME left it
    const auto frame = first_frame(bytes);
    const auto tag = parse_lame_tag(frame);
    ASSERT_TRUE(tag);
    const std::size_t place = tag->mark + 154;
    const auto stored =
        std::to_integer<unsigned>(frame[place]) << 8 | std::to_integer<unsigned>(frame[place + 1]);
    EXPECT_EQ(crc16_arc(frame.first(place)), stored);
}

TEST(Mp3, OtherProgramsReadTheTag) {
    DUBPLATE_SKIP_WITHOUT("mediainfo");
    DUBPLATE_SKIP_WITHOUT("ffprobe");
    const TempFolder folder;
    EncodeOptions options = at_quality(2);
    options.tags.metadata.title = "Nächte";
    options.loudness = some_loudness;
    test::write_file(folder / "a.mp3", mp3_of(music(44100, 2, 100000), options));
    const std::string file = "'" + (folder / "a.mp3").string() + "'";

    const auto info = test::run_shell("mediainfo " + file).output;
    EXPECT_THAT(info, HasSubstr("LAME3.100"));
    EXPECT_THAT(info, HasSubstr("Variable"));
    EXPECT_THAT(info, HasSubstr("Nächte"));
    const auto probe = test::run_shell("ffprobe " + file).output;
    EXPECT_THAT(probe, HasSubstr("track gain - -3.700000"));
    EXPECT_THAT(probe, HasSubstr("LAME3.100"));
}

TEST(Mp3, ReadsWhatLameAndFfmpegWriteToTheFrame) {
    DUBPLATE_SKIP_WITHOUT("ffmpeg");
    DUBPLATE_SKIP_WITHOUT("lame");
    const TempFolder folder;
    const std::string wav = "'" + (folder / "a.wav").string() + "'";
    ASSERT_EQ(
        test::run_shell("ffmpeg -v error -f lavfi -i 'sine=440:d=1,atrim=end_sample=40001' " + wav).status,
        0);
    for (const std::string& command : {"lame --quiet -b 128 " + wav + " ", "lame --quiet -V 3 " + wav + " ",
                                       "ffmpeg -v error -y -i " + wav + " -b:a 192k "}) {
        const auto path = folder / "b.mp3";
        ASSERT_EQ(test::run_shell(command + "'" + path.string() + "'").status, 0);
        SourceInfo info;
        const auto audio = test::decode(test::read_file(path), mp3_format.open, &info);
        ASSERT_TRUE(audio) << audio.error().to_string();
        EXPECT_EQ(audio->frames(), 40001) << command;
        EXPECT_THAT(info.warnings, IsEmpty());
    }
}

TEST(Mp3, RetagsWithoutTouchingTheFrames) {
    EncodeOptions options = at_bitrate(128);
    options.tags.metadata.title = "Old";
    const Bytes plain = mp3_of(music(44100, 2, 44100), options);
    // As other programs leave it: two tags in front, APEv2, Lyrics3 and ID3v1 behind.
    Bytes before = to_bytes(std::string("ID3\3\0\0\0\0\0\5xxxxx", 15));
    before.insert(before.end(), plain.begin(), plain.end());
    const std::string ape =
        std::string("APETAGEX\xD0\7\0\0\x20\0\0\0\0\0\0\0\0\0\0\0", 24) + std::string(8, '\0');
    const Bytes behind = to_bytes(ape + "LYRICSBEGINla laLYRICSEND" + "TAG" + std::string(125, ' '));
    before.insert(before.end(), behind.begin(), behind.end());
    TagSet tags;
    tags.metadata.title = "New";
    tags.loudness = some_loudness;

    MemoryStore store;
    auto file = store.create("b.mp3", {});
    const auto source = test::bytes_source(before);
    ASSERT_TRUE(file);
    ASSERT_TRUE(mp3_format.retag(*source, **file, tags));
    ASSERT_TRUE((*file)->publish());
    const Bytes after = *store.take("b.mp3");

    const auto old_frames = first_frame(plain);
    const auto new_frames = first_frame(after);
    const auto tag = parse_lame_tag(new_frames);
    ASSERT_TRUE(tag && tag->extension);
    EXPECT_EQ(tag->extension->gain_db, -3.7);
    const auto header = parse_mp3_header(old_frames);
    const auto size = static_cast<std::size_t>(header->frame_bytes);
    EXPECT_TRUE(std::ranges::equal(old_frames.subspan(size), new_frames.subspan(size)));
    SourceInfo info;
    const auto audio = test::decode(after, mp3_format.open, &info);
    ASSERT_TRUE(audio);
    EXPECT_EQ(*audio, *test::decode(plain, mp3_format.open));
    EXPECT_EQ(info.metadata.title, "New");
    EXPECT_THAT(to_text(after), Not(HasSubstr("APETAGEX")));
    EXPECT_THAT(to_text(after), Not(HasSubstr("LYRICS")));
}

TEST(Mp3, ReadsATruncatedFileUpToItsEndAndSaysSo) {
    Bytes bytes = mp3_of(music(44100, 2, 88200), at_bitrate(128));
    bytes.resize(bytes.size() / 2);
    SourceInfo info;
    const auto audio = test::decode(bytes, mp3_format.open, &info);
    ASSERT_TRUE(audio) << audio.error().to_string();
    EXPECT_NEAR(static_cast<double>(audio->frames()), 44100, 4000);
    EXPECT_THAT(info.warnings, Contains(HasSubstr("bytes of audio, the file holds")));
}

TEST(Mp3, IsRecognizedByAtLeastTwoFramesThatFit) {
    const Bytes bytes = mp3_of(music(44100, 2, 4410), at_bitrate(128));
    EXPECT_TRUE(mp3_format.recognizes(bytes));
    EXPECT_TRUE(mp3_format.recognizes(first_frame(bytes)));
    EXPECT_FALSE(
        mp3_format.recognizes(to_bytes("a text with \xFF\xFB\x90\x64 in it" + std::string(3000, ' '))));
}

TEST(Mp3, RewindsToTheSameSamples) {
    const auto source = test::bytes_source(mp3_of(music(44100, 2, 20000)));
    auto reader = mp3_format.open(*source);
    ASSERT_TRUE(reader);
    const auto first = test::read_to_end(**reader);
    ASSERT_TRUE((*reader)->rewind());
    const auto second = test::read_to_end(**reader, 333);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
}

TEST(Mp3, SurvivesAHundredDamagedFiles) {
    EncodeOptions options = at_bitrate(64);
    options.tags.metadata.title = "Damaged";
    const Bytes bytes = mp3_of(music(44100, 2, 20000), options);
    test::expect_survives(bytes, mp3_format.open);
    test::expect_survives(bytes, &open_with_libav);
}

TEST(Mp3, NamesTheLibraryThatItIsLinkedWith) {
    EXPECT_EQ(mp3_format.writer_library, "LAME " + std::string(get_lame_version()));
}

TEST(Mp3Header, ReadsEveryFieldThatCounts) {
    const auto header = parse_mp3_header(to_bytes("\xFF\xFB\x92\x64"));
    ASSERT_TRUE(header);
    EXPECT_EQ(header->version, 1);
    EXPECT_EQ(header->bitrate_kbps, 128);
    EXPECT_EQ(header->sample_rate_hz, 44100);
    EXPECT_EQ(header->frame_bytes, 418);
    EXPECT_EQ(header->frame_samples, 1152);
    EXPECT_EQ(header->side_info_bytes, 32);
    const auto low = parse_mp3_header(to_bytes("\xFF\xE3\x18\xC4"));
    ASSERT_TRUE(low);
    EXPECT_EQ(low->version, 3);
    EXPECT_EQ(low->sample_rate_hz, 8000);
    EXPECT_EQ(low->frame_bytes, 72);
    EXPECT_EQ(low->channels, 1);
}

TEST(Mp3Header, RefusesReservedValues) {
    for (const std::string_view bytes : {"\xFF\xEB\x90\x64", "\xFF\xFD\x90\x64", "\xFF\xFB\xF0\x64",
                                         "\xFF\xFB\x9C\x64", "\xFE\xFB\x90\x64", "\xFF\xFB\x90"})
        EXPECT_FALSE(parse_mp3_header(to_bytes(bytes)));
}

TEST(LameTag, HoldsLoudAndQuietGains) {
    Bytes bytes = mp3_of(music(44100, 2, 4410));
    const auto source = test::bytes_source(bytes);
    const auto frame = std::span(bytes).subspan(static_cast<std::size_t>(find_mp3_extent(*source)->begin));
    for (const double lufs : {-60.0, -18.0, -5.04}) {
        set_lame_loudness(frame, {.integrated_lufs = lufs, .true_peak_dbtp = -60});
        const auto tag = parse_lame_tag(frame);
        ASSERT_TRUE(tag && tag->extension);
        EXPECT_NEAR(*tag->extension->gain_db, -18 - lufs, 0.0501);
    }
}

}  // namespace
}  // namespace dubplate
