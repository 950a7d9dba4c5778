#include "exports/video/compare_sound.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "audio/nodes/loudness_meter.h"
#include "core/units.h"
#include "exports/video/sound.h"

namespace dubplate {

namespace {

constexpr double heard_s = 60;
constexpr double window_s = 0.5;
constexpr double search_s = 0.05;
constexpr double most_offset_s = 0.002;
// AAC keeps 0.99 and more of music, and 0.7 of white noise in its first moments; another sound is below 0.1.
constexpr double least_likeness = 0.6;
constexpr double silence_power = 1e-8;  // -80 dBFS

// The first minute as one channel, and the length of all.
class Heard final : public Sink<float> {
  public:
    Status start(const StreamFormat& format) override {
        DUBPLATE_CHECK(meter_.start(format));
        most_ = static_cast<std::size_t>(heard_s * format.sample_rate_hz);
        return {};
    }
    Status process(BlockView<const float> block) override {
        for (std::int64_t i = 0; i < block.frames() && samples.size() < most_; ++i) {
            float sum = 0;
            for (int c = 0; c < block.channels(); ++c) sum += block.channel(c)[static_cast<std::size_t>(i)];
            samples.push_back(sum / static_cast<float>(block.channels()));
        }
        frames += block.frames();
        return meter_.process(block);
    }
    Status finish() override { return meter_.finish(); }
    double lufs() const { return meter_.result().integrated_lufs; }

    std::vector<float> samples;
    std::int64_t frames = 0;

  private:
    std::size_t most_ = 0;
    LoudnessMeter meter_;
};

// AAC keeps the level of music to a tenth of a unit; of bare clicks it loses two thirds, and at low bitrates it cuts off the top.
void compare_loudness(const Heard& source, const Heard& found, int bitrate_kbps,
                      std::vector<ProofCheck>& checks) {
    const double most_louder_lu = bitrate_kbps < 128 ? 2 : 1;
    if (!std::isfinite(source.lufs())) return;  // silence has none
    checks.push_back({"loudness", fmt::format("{:.1f} LUFS within {} LU", source.lufs(), most_louder_lu),
                      fmt::format("{:.1f} LUFS", found.lufs()),
                      std::abs(found.lufs() - source.lufs()) <= most_louder_lu});
}

Status hear_file(const ByteSource& file, Heard& heard, const std::stop_token& stop) {
    DUBPLATE_TRY(const auto reader, open_with_libav(file));
    const StreamFormat format = reader->info().stream;
    BlockBuffer<float> buffer(format.channels, block_frames);
    DUBPLATE_CHECK(heard.start(format));
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::int64_t got, reader->read(buffer.view(block_frames)));
        if (got == 0) return heard.finish();
        DUBPLATE_CHECK(heard.process(buffer.const_view(got)));
    }
}

struct Stretch {
    std::size_t begin = 0;
    std::size_t size = 0;
    double power = 0;
};

// With `reach` frames on either side of it, so that all of it is compared at every offset.
Stretch loudest(const std::vector<float>& samples, std::size_t size, std::size_t reach) {
    if (samples.size() <= 2 * reach) return {};
    Stretch best{reach, std::min(size, samples.size() - 2 * reach), 0};
    for (std::size_t begin = reach; begin + best.size + reach <= samples.size(); begin += best.size) {
        double power = 0;
        for (std::size_t i = begin; i < begin + best.size; ++i)
            power += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
        power /= static_cast<double>(best.size);
        if (power > best.power) best = {begin, best.size, power};
    }
    return best;
}

// Of a stretch of the source with the file's sound, moved by `lag`.
double correlation(const std::vector<float>& source, const std::vector<float>& found, const Stretch& stretch,
                   std::ptrdiff_t lag) {
    double product = 0;
    double mine = 0;
    double other = 0;
    for (std::size_t i = stretch.begin; i < stretch.begin + stretch.size; ++i) {
        const std::ptrdiff_t j = static_cast<std::ptrdiff_t>(i) + lag;
        if (j < 0 || j >= static_cast<std::ptrdiff_t>(found.size())) continue;
        const auto a = static_cast<double>(source[i]);
        const auto b = static_cast<double>(found[static_cast<std::size_t>(j)]);
        product += a * b;
        mine += a * a;
        other += b * b;
    }
    return mine > 0 && other > 0 ? product / std::sqrt(mine * other) : 0;
}

}  // namespace

Status compare_sound(const ByteSource& file, const VideoPlan& plan, std::vector<ProofCheck>& checks,
                     const std::stop_token& stop) {
    Heard source;
    DUBPLATE_TRY(SoundFeed feed, SoundFeed::start(plan, source));
    DUBPLATE_CHECK(feed.advance_to(plan.sound_frames(), stop));
    Heard found;
    if (Status heard = hear_file(file, found, stop); !heard)
        return std::move(heard).error().in_context("the video's sound");
    checks.push_back({"sound length", std::to_string(plan.sound_frames()), std::to_string(found.frames),
                      found.frames == plan.sound_frames()});
    const int rate = plan.sound_format.sample_rate_hz;
    const auto reach = static_cast<std::ptrdiff_t>(search_s * rate);
    const Stretch stretch =
        loudest(source.samples, static_cast<std::size_t>(window_s * rate), static_cast<std::size_t>(reach));
    if (stretch.power < silence_power) return {};  // nothing to compare
    compare_loudness(source, found, plan.spec.audio_bitrate_kbps, checks);
    std::ptrdiff_t offset = 0;
    double best = correlation(source.samples, found.samples, stretch, 0);
    for (std::ptrdiff_t lag = -reach; lag <= reach; ++lag) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        const double likeness = correlation(source.samples, found.samples, stretch, lag);
        if (likeness > best) {
            best = likeness;
            offset = lag;
        }
    }
    const double offset_s = frames_to_seconds(offset, rate);
    checks.push_back({"sound likeness", fmt::format("at least {}", least_likeness),
                      fmt::format("{:.4f}", best), best >= least_likeness});
    checks.push_back({"sound offset", fmt::format("within {} ms", 1000 * most_offset_s),
                      fmt::format("{:+.2f} ms", 1000 * offset_s), std::abs(offset_s) <= most_offset_s});
    return {};
}

}  // namespace dubplate
