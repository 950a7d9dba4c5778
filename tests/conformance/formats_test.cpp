// The laws that every format of the catalog obeys. A new entry is tested here without a line of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/exporting.h"
#include "support/failing_store.h"
#include "support/signals.h"

namespace dubplate {
namespace {

using test::Audio;
using test::noise;

struct Case {
    const AudioFormat* format;
    std::optional<BitDepth> depth;
    int channels;
};

std::vector<Case> writable_cases() {
    std::vector<Case> cases;
    for (const AudioFormat* format : audio_formats()) {
        if (!format->writable()) continue;
        for (const int channels : std::set{1, 2, format->max_channels}) {
            if (format->depths.empty()) cases.push_back({format, {}, channels});
            for (const BitDepth depth : format->depths) cases.push_back({format, depth, channels});
        }
    }
    return cases;
}

std::vector<Case> lossless_cases() {
    std::vector<Case> cases = writable_cases();
    std::erase_if(cases, [](const Case& c) { return !c.format->lossless; });
    return cases;
}

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
    const Case& c = info.param;
    return std::string(c.format->name) + "_" + (c.depth ? std::string(name_of(*c.depth)) : "lossy") + "_" +
           std::to_string(c.channels) + "ch_" + std::to_string(info.index);
}

TagSet one_of_everything() {
    TagSet tags;
    Metadata& m = tags.metadata;
    m.title = "Night Drive \xF0\x9F\x9A\x97 \"quoted\"";
    m.artist = "Ana & Bj\xC3\xB6rk";
    m.album = "Lines\nand tabs";
    m.album_artist = "Various";
    m.date = "2026-11-21";
    m.genre = "House";
    m.comment = "a comment";
    m.bpm = 93.5;
    m.key = "F#m";
    m.isrc = "DEA123456789";
    m.track = {3, 12};
    m.disc = {1, 2};
    m.copyright = "2026 Ana";
    m.custom = {{"MOOD", "dark"}};
    tags.loudness = LoudnessFacts{.integrated_lufs = -16.02,
                                  .range_lu = 5.5,
                                  .true_peak_dbtp = -1.25,
                                  .max_momentary_lufs = -10.5,
                                  .max_short_term_lufs = -12.25};
    tags.markers = {{.frame = 100, .label = "Intro"}, {.frame = 2000, .label = "Drop"}};
    tags.origination = "2026-11-21T08:15:00Z";
    return tags;
}

class FormatLaw : public testing::TestWithParam<Case> {
  protected:
    const AudioFormat& format() const { return *GetParam().format; }
    bool integers() const { return GetParam().depth && format().takes_integers(*GetParam().depth); }

    WriterSettings settings_for(std::int64_t frames) const {
        return {.stream = {44100, GetParam().channels},
                .depth = GetParam().depth.value_or(BitDepth::pcm24),
                .mp3 = {},
                .frames = frames,
                .source_bits = 24};
    }

    // Writes in blocks and ends the file; does not publish it.
    Status write(PendingFile& file, const Audio& audio, const TagSet& tags, std::int64_t block = 4096) const {
        const WriterSettings settings = settings_for(audio.frames());
        DUBPLATE_TRY(const auto writer, format().create(file, settings, tags));
        if (integers()) {
            const float scale = std::ldexp(1.0F, bits_of(settings.depth) - 1);
            test::Signal<std::int32_t> samples(44100, GetParam().channels, audio.frames());
            for (int c = 0; c < GetParam().channels; ++c)
                for (std::int64_t i = 0; i < audio.frames(); ++i)
                    samples.at(c, i) = static_cast<std::int32_t>(
                        std::lround(static_cast<double>(audio.at(c, i)) * static_cast<double>(scale)));
            DUBPLATE_CHECK(write_blocks(*writer, samples, block));
        } else {
            DUBPLATE_CHECK(write_blocks(*writer, audio, block));
        }
        return writer->finish(tags);
    }

    Result<Bytes> bytes_of(const Audio& audio, const TagSet& tags, std::int64_t block = 4096) const {
        MemoryStore store;
        DUBPLATE_TRY(const auto file, store.create("/file", {}));
        DUBPLATE_CHECK(write(*file, audio, tags, block));
        DUBPLATE_CHECK(file->publish());
        return store.take("/file");
    }

  private:
    template <class T>
    static Status write_blocks(AudioWriter& writer, const test::Signal<T>& signal, std::int64_t block) {
        std::vector<const T*> pointers;
        for (const auto& channel : signal.channels) pointers.push_back(channel.data());
        const BlockView<const T> all(pointers, signal.frames());
        for (std::int64_t begin = 0; begin < signal.frames(); begin += block) {
            const SubBlock<const T> part(all, begin, std::min(block, signal.frames() - begin));
            DUBPLATE_CHECK(writer.write(part.view()));
        }
        return {};
    }
};

class LosslessFormatLaw : public FormatLaw {};

TEST_P(FormatLaw, GivesTheSameBytesTwiceAndForBlocksOfAnySize) {
    const Audio audio = noise(44100, GetParam().channels, 0.2, 0.5);
    const auto expected = bytes_of(audio, one_of_everything());
    ASSERT_TRUE(expected) << expected.error().to_string();

    for (const std::int64_t block : {1, 7, 64, 8192}) {
        const auto again = bytes_of(audio, one_of_everything(), block);
        ASSERT_TRUE(again) << again.error().to_string();
        EXPECT_TRUE(*again == *expected) << "blocks of " << block;
    }
}

TEST_P(FormatLaw, IsRecognizedByItsContentAndHasTheExactLengthForBothReaders) {
    for (const std::int64_t frames : {1, 2, 575, 4096, 44100}) {
        const auto bytes = bytes_of(
            noise(44100, GetParam().channels, static_cast<double>(frames) / 44100, 0.5), one_of_everything());
        ASSERT_TRUE(bytes) << bytes.error().to_string();
        const auto source = make_memory_source(std::make_shared<const Bytes>(*bytes), "file");
        for (const auto open : {open_audio, open_with_libav}) {
            auto reader = open(*source);
            ASSERT_TRUE(reader) << reader.error().to_string();
            EXPECT_EQ((*reader)->info().stream, (StreamFormat{44100, GetParam().channels}));
            BlockBuffer<float> buffer(GetParam().channels, block_frames);
            std::int64_t read = 0;
            while (true) {
                const auto count = (*reader)->read(buffer.view(block_frames));
                ASSERT_TRUE(count) << count.error().to_string();
                if (*count == 0) break;
                read += *count;
            }
            EXPECT_EQ(read, frames) << (open == open_audio ? "own reader" : "libav");
        }
    }
}

TEST_P(FormatLaw, BringsEveryTagBackOrTellsTheLoss) {
    const TagSet tags = one_of_everything();
    const auto bytes = bytes_of(noise(44100, GetParam().channels, 0.1, 0.5), tags);
    ASSERT_TRUE(bytes) << bytes.error().to_string();
    const auto source = make_memory_source(std::make_shared<const Bytes>(*bytes), "file");
    const auto reader = open_audio(*source);
    ASSERT_TRUE(reader) << reader.error().to_string();
    const auto found = fields((*reader)->info().metadata);
    const auto losses = tag_losses(tags, format().name);

    for (const auto& field : fields(tags.metadata)) {
        const bool is_back = std::ranges::find(found, field) != found.end();
        const bool is_told = std::ranges::any_of(
            losses, [&](const Loss& loss) { return loss.what.find(field.first) != std::string::npos; });
        EXPECT_TRUE(is_back || is_told) << field.first << "=" << field.second;
    }
}

TEST_P(FormatLaw, FailsCleanlyAtEveryWriteAndLeavesNoFile) {
    const Audio audio = noise(44100, GetParam().channels, 0.3, 0.5);
    MemoryStore memory;
    FailingStore store(memory);
    const auto attempt = [&]() -> Status {
        DUBPLATE_TRY(const auto file, store.create("/file", {}));
        DUBPLATE_CHECK(write(*file, audio, one_of_everything()));
        return file->publish();
    };
    ASSERT_TRUE(attempt());
    ASSERT_TRUE(memory.take("/file"));
    const std::int64_t operations = store.operations();
    ASSERT_GE(operations, 3);

    for (std::int64_t n = 1; n <= operations; ++n) {
        store.fail_at(n);
        const Status status = attempt();
        ASSERT_FALSE(status) << "operation " << n << " of " << operations;
        EXPECT_EQ(status.error().code, ErrorCode::io);
        EXPECT_TRUE(memory.list().empty());
    }
}

TEST_P(LosslessFormatLaw, KeepsSamplesToTheBit) {
    Audio audio = noise(44100, GetParam().channels, 0.2, 0.9);
    const double scale = integers() ? std::ldexp(1.0, bits_of(*GetParam().depth) - 1) : 1;
    if (integers())
        for (auto& channel : audio.channels)
            for (float& sample : channel)
                sample = static_cast<float>(std::round(static_cast<double>(sample) * scale) / scale);
    const auto bytes = bytes_of(audio, {});
    ASSERT_TRUE(bytes) << bytes.error().to_string();
    const auto source = make_memory_source(std::make_shared<const Bytes>(*bytes), "file");
    auto reader = open_with_libav(*source);
    ASSERT_TRUE(reader) << reader.error().to_string();

    BlockBuffer<float> buffer(GetParam().channels, audio.frames());
    std::int64_t position = 0;
    while (position < audio.frames()) {
        const auto count = (*reader)->read(buffer.view(audio.frames()));
        ASSERT_TRUE(count) << count.error().to_string();
        ASSERT_GT(*count, 0);
        for (int c = 0; c < GetParam().channels; ++c)
            for (std::int64_t i = 0; i < *count; ++i)
                ASSERT_EQ(buffer.channel(c)[static_cast<std::size_t>(i)], audio.at(c, position + i));
        position += *count;
    }
}

TEST_P(FormatLaw, ChangesTagsWithoutTouchingTheAudio) {
    const auto bytes = bytes_of(noise(44100, GetParam().channels, 0.2, 0.5), one_of_everything());
    ASSERT_TRUE(bytes) << bytes.error().to_string();
    const auto source = make_memory_source(std::make_shared<const Bytes>(*bytes), "file");
    TagSet other = one_of_everything();
    other.metadata.title = std::string(5000, 'x');
    other.metadata.custom.clear();
    MemoryStore store;
    auto file = store.create("/file", {});
    ASSERT_TRUE(file);

    const Status status = format().retag(*source, **file, other);

    ASSERT_TRUE(status) << status.error().to_string();
    auto written = (*file)->read_back();
    ASSERT_TRUE(written);
    auto before = open_with_libav(*source);
    auto after = open_with_libav(**written);
    ASSERT_TRUE(before && after);
    BlockBuffer<float> a(GetParam().channels, block_frames);
    BlockBuffer<float> b(GetParam().channels, block_frames);
    while (true) {
        const auto read_before = (*before)->read(a.view(block_frames));
        const auto read_after = (*after)->read(b.view(block_frames));
        ASSERT_TRUE(read_before && read_after);
        ASSERT_EQ(*read_before, *read_after);
        if (*read_before == 0) break;
        for (int c = 0; c < GetParam().channels; ++c)
            ASSERT_TRUE(
                std::equal(a.channel(c).begin(), a.channel(c).begin() + *read_before, b.channel(c).begin()));
    }
    auto reader = open_audio(**written);
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->info().metadata.title, other.metadata.title);
    EXPECT_TRUE((*reader)->info().metadata.custom.empty());
}

TEST_P(FormatLaw, HoldsAnEmptySetOfTags) {
    const auto bytes = bytes_of(noise(44100, GetParam().channels, 0.1, 0.5), {});
    ASSERT_TRUE(bytes) << bytes.error().to_string();
    const auto source = make_memory_source(std::make_shared<const Bytes>(*bytes), "file");
    const auto reader = open_audio(*source);
    ASSERT_TRUE(reader) << reader.error().to_string();
    EXPECT_TRUE((*reader)->info().metadata.empty());
}

TEST_P(FormatLaw, NeverCrashesOnACutOrAlteredFile) {
    const auto bytes = bytes_of(noise(44100, GetParam().channels, 0.05, 0.5), one_of_everything());
    ASSERT_TRUE(bytes) << bytes.error().to_string();
    const Random random(1, 2);
    BlockBuffer<float> buffer(max_channels, block_frames);
    for (std::uint64_t i = 0; i < 60; ++i) {
        Bytes broken = *bytes;
        const auto at = static_cast<std::size_t>(random.uniform(i) * static_cast<double>(broken.size()));
        if (i % 3 == 0) {
            broken.resize(at);
        } else {
            broken[i % 3 == 1 ? at : at % 200] ^= static_cast<std::byte>(1 + i);
        }
        const auto source = make_memory_source(std::make_shared<const Bytes>(broken), "broken");
        auto reader = open_audio(*source);
        if (!reader) continue;  // refused, which is fine
        ASSERT_LE((*reader)->info().stream.channels, max_channels);
        for (int blocks = 0; blocks < 100; ++blocks) {
            std::vector<float*> pointers;
            for (int c = 0; c < (*reader)->info().stream.channels; ++c)
                pointers.push_back(buffer.channel(c).data());
            const auto count = (*reader)->read(BlockView<float>(pointers, block_frames));
            if (!count || *count == 0) break;
        }
    }
}

TEST_P(FormatLaw, IsExportedProvenAndCanceledAtEveryBlock) {
    const Audio audio = noise(44100, GetParam().channels, 1.5, 0.3);
    AudioSpec spec = test::spec_of({std::string(format().name)});
    spec.bit_depth = GetParam().depth;
    const auto exported = test::export_signal(spec, audio, one_of_everything().metadata);
    EXPECT_EQ(exported->file().frames, audio.frames());

    // Each report stands at a block or a stage: stop at every one of them.
    for (int stop_at = 1; stop_at < 40; ++stop_at) {
        MemoryStore store;
        std::stop_source stop;
        ManualClock clock;
        int reports = 0;
        const auto plan = plan_audio(spec, {test::input_of(audio, "a")}, {.store = &store, .output = "/out"});
        ASSERT_TRUE(plan);
        Progress progress(
            [&](const ProgressReport&) {
                clock.advance(std::chrono::seconds(1));
                if (++reports == stop_at) stop.request_stop();
            },
            0, clock);
        const auto manifest = run_audio(*plan, {}, progress, stop.get_token());
        ASSERT_TRUE(manifest);
        if (reports < stop_at || manifest->items[0].status == "done") break;
        EXPECT_EQ(manifest->items[0].status, "canceled") << "report " << stop_at;
        EXPECT_TRUE(store.list().empty()) << "report " << stop_at;
    }
}

INSTANTIATE_TEST_SUITE_P(Catalog, FormatLaw, testing::ValuesIn(writable_cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Catalog, LosslessFormatLaw, testing::ValuesIn(lossless_cases()), name_of_case);

TEST(Catalog, DescribesEachFormatCompletely) {
    for (const AudioFormat* format : audio_formats()) {
        EXPECT_FALSE(format->extensions.empty()) << format->name;
        EXPECT_NE(format->recognizes, nullptr) << format->name;
        EXPECT_NE(format->open, nullptr) << format->name;
        EXPECT_EQ(find_audio_format(format->name), format);
        for (const std::string_view extension : format->extensions)
            EXPECT_EQ(find_format_by_extension(extension), format);
        if (!format->writable()) continue;
        EXPECT_NE(format->retag, nullptr) << format->name;
        EXPECT_NE(format->estimate_bytes, nullptr) << format->name;
        EXPECT_FALSE(format->writer_library.empty()) << format->name;
        EXPECT_GE(format->max_channels, 2) << format->name;
        EXPECT_LT(format->min_rate_hz, format->max_rate_hz) << format->name;
    }
}

}  // namespace
}  // namespace dubplate
