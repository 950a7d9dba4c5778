#include "exports/audio/source_scan.h"
#include "exports/audio/plan.h"
#include "support/signals.h"

#include <gtest/gtest.h>

#include <thread>

namespace dubplate {
namespace {

using namespace test;

// A second of a sine, which counts how often it is read from its start.
class CountingReader final : public AudioReader {
  public:
    explicit CountingReader(int& passes) : passes_(passes), audio_(sine(44'100, 2, 1, 440, -20)) {
        info_.format = "wav";
        info_.stream = audio_.format;
        info_.frames = audio_.frames();
    }
    const SourceInfo& info() const override { return info_; }
    Result<std::int64_t> read(BlockView<float> target) override {
        const std::int64_t frames = std::min(target.frames(), audio_.frames() - position_);
        for (int c = 0; c < target.channels(); ++c)
            for (std::int64_t i = 0; i < frames; ++i)
                target.channel(c)[static_cast<std::size_t>(i)] = audio_.at(c, position_ + i);
        position_ += frames;
        return frames;
    }
    Status rewind() override {
        ++passes_;
        position_ = 0;
        return {};
    }

  private:
    int& passes_;
    Audio audio_;
    SourceInfo info_;
    std::int64_t position_ = 0;
};

struct Source {
    PlannedItem planned;
    OpenedAudio audio;
};

// content: what its bytes are, as far as their hash goes.
Source make_source(const std::string& content, int& passes) {
    auto bytes = std::make_shared<Bytes>();
    for (const char c : content) bytes->push_back(static_cast<std::byte>(c));
    Source source;
    source.audio.bytes = make_memory_source(bytes, "a.wav");
    source.audio.reader = std::make_unique<CountingReader>(passes);
    source.planned.source = source.audio.reader->info();
    return source;
}

int passes_over(const std::vector<std::string>& contents, const ScanOptions& options = {},
                std::int64_t region_step = 0) {
    int passes = 0;
    std::vector<Source> sources;
    for (const std::string& content : contents) sources.push_back(make_source(content, passes));
    std::vector<PlannedItem> items;
    for (Source& source : sources) {
        source.planned.begin_frame = region_step * static_cast<std::int64_t>(items.size());
        items.push_back(source.planned);
    }
    ScanCache cache(items);
    for (const Source& source : sources) {
        const auto scan = cache.scan(source.planned, source.audio, options, {}, {});
        EXPECT_TRUE(scan);
        EXPECT_NEAR((*scan)->meter->result().true_peak.dbtp, -20, 0.01);
        EXPECT_EQ((*scan)->frames, 44'100);
    }
    return passes;
}

TEST(ScanCache, MeasuresTheSameContentOnce) {
    EXPECT_EQ(passes_over({"song", "song", "song"}), 1);
}

TEST(ScanCache, MeasuresAnotherContentOfTheSameLengthByItself) {
    EXPECT_EQ(passes_over({"song", "sing", "song"}), 2);
}

TEST(ScanCache, MeasuresPartsOfOneSourceOnce) {
    EXPECT_EQ(passes_over({"album", "album", "album"}, {}, 1000), 1);
}

TEST(ScanCache, FindsTheSilenceOfEachPartByItself) {
    EXPECT_EQ(passes_over({"album", "album"}, {.silence_dbfs = -60}, 1000), 2);
}

TEST(ScanCache, LetsThoseWaitWhoAskForTheSameAtOnce) {
    int passes = 0;
    std::vector<Source> sources;
    std::vector<PlannedItem> items;
    for (int i = 0; i < 8; ++i) {
        sources.push_back(make_source("song", passes));
        items.push_back(sources.back().planned);
    }
    ScanCache cache(items);
    std::vector<SharedScan> scans(sources.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < sources.size(); ++i)
            threads.emplace_back(
                [&, i] { scans[i] = cache.scan(sources[i].planned, sources[i].audio, {}, {}, {}).value(); });
    }
    EXPECT_EQ(passes, 1);
    for (const SharedScan& scan : scans) EXPECT_EQ(scan, scans[0]);
}

}  // namespace
}  // namespace dubplate
