#include "exports/stems/mix_reader.h"

#include <algorithm>

#include "audio/kernels/oversampler.h"
#include "core/units.h"
#include "core/worker_pool.h"

namespace dubplate {

namespace {

// What each track reads ahead at once: enough that threads for it cost little.
constexpr std::int64_t stretch_frames = 4 * block_frames;

double peak_of(BlockView<const float> block) {
    float peak = 0;
    for (int c = 0; c < block.channels(); ++c)
        peak = std::max(peak, largest_magnitude(block.channel(c).data(), block.frames()));
    return static_cast<double>(peak);
}

void add_scaled(std::vector<double>& sum, std::span<const float> samples, double gain) {
    // Through pointers, whose places are not checked: the compiler makes vectors of it.
    double* to = sum.data();
    const float* from = samples.data();
    const std::size_t count = samples.size();
    for (std::size_t i = 0; i < count; ++i) to[i] += gain * static_cast<double>(from[i]);
}

}  // namespace

Result<std::int64_t> read_whole(AudioReader& reader, BlockView<float> target) {
    std::int64_t done = 0;
    while (done < target.frames()) {
        const SubBlock rest(target, done, std::min(block_frames, target.frames() - done));
        DUBPLATE_TRY(const std::int64_t frames, reader.read(rest.view()));
        if (frames == 0) break;
        done += frames;
    }
    for (int c = 0; c < target.channels(); ++c)
        std::ranges::fill(target.channel(c).subspan(static_cast<std::size_t>(done)), 0.0F);
    return done;
}

PanGains pan_gains(double pan) {
    return {std::min(1.0, 1.0 - pan), std::min(1.0, 1.0 + pan)};
}

struct MixReader::Input {
    MixTrack track;
    PanGains gains;  // its gain in them
    BlockBuffer<float> stretch;
    double peak = 0;
    std::optional<Error> error{};

    void fill(std::int64_t frames) {
        if (const auto read = read_whole(*track.reader, stretch.view(frames)); !read) note(read.error());
    }
    void note(Status status) {
        if (!status && !error) error = std::move(status).error().in_context(track.name);
    }
};

MixReader::MixReader(std::vector<MixTrack> tracks, double gain_db, int threads, TagSet tags)
    : threads_(threads) {
    DUBPLATE_ASSERT(!tracks.empty());
    info_ = tracks.front().reader->info();
    info_.metadata = std::move(tags.metadata);
    info_.markers = std::move(tags.markers);
    info_.losses.clear();
    info_.warnings.clear();
    info_.stream.channels = 2;
    info_.is_float = true;
    info_.bits = 32;
    for (MixTrack& track : tracks) {
        const PanGains pan = pan_gains(track.pan);
        const double gain = db_to_gain(track.gain_db + gain_db);
        BlockBuffer<float> stretch(track.reader->info().stream.channels, stretch_frames);
        inputs_.push_back({std::move(track), {gain * pan.left, gain * pan.right}, std::move(stretch)});
    }
}

MixReader::~MixReader() = default;

std::vector<Error> MixReader::errors() const {
    std::vector<Error> errors;
    for (const Input& input : inputs_)
        if (input.error) errors.push_back(*input.error);
    return errors;
}

Status MixReader::rewind() {
    position_ = 0;
    filled_ = taken_ = 0;
    for (Input& input : inputs_) input.note(input.track.reader->rewind());
    return {};
}

Status MixReader::mix_stretch() {
    const std::int64_t frames = std::min(stretch_frames, info_.frames - position_);
    run_each(inputs_.size(), threads_, [&](std::size_t i, const std::stop_token&) {
        Input& input = inputs_[i];
        if (!input.error) input.fill(frames);
        if (!input.error)
            input.peak = std::max(input.peak, peak_of(std::as_const(input.stretch).const_view(frames)));
        return Status{};
    });
    for (std::vector<double>& channel : sum_) channel.assign(static_cast<std::size_t>(frames), 0.0);
    for (const Input& input : inputs_) {
        if (input.error) continue;
        const BlockView<const float> block = input.stretch.const_view(frames);
        add_scaled(sum_[0], block.channel(0), input.gains.left);
        add_scaled(sum_[1], block.channel(block.channels() - 1), input.gains.right);
    }
    filled_ = frames;
    taken_ = 0;
    return {};
}

Result<std::int64_t> MixReader::read(BlockView<float> target) {
    if (taken_ == filled_ && position_ < info_.frames) DUBPLATE_CHECK(mix_stretch());
    const std::int64_t frames = std::min(target.frames(), filled_ - taken_);
    for (std::size_t c = 0; c < sum_.size(); ++c)
        std::transform(sum_[c].begin() + taken_, sum_[c].begin() + taken_ + frames,
                       target.channel(static_cast<int>(c)).begin(),
                       [](double sample) { return static_cast<float>(sample); });
    taken_ += frames;
    position_ += frames;
    return frames;
}

double MixReader::peak() const {
    double peak = 0;
    for (const Input& input : inputs_) peak = std::max(peak, input.peak);
    return peak;
}

}  // namespace dubplate
