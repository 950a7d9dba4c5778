#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

#include "audio/kernels/polyphase.h"
#include "audio/nodes/rate_converter.h"

namespace dubplate {

namespace {

// A batch of short files would spend more time on making the same table again and again than on its music. Some tables are
// kept; of rates that come and go, those in use alone.
constexpr std::size_t most_kept_filters = 8;

std::shared_ptr<const PolyphaseFilter> shared_filter(int from_hz, int to_hz) {
    static std::mutex mutex;
    static std::map<std::pair<int, int>, std::shared_ptr<const PolyphaseFilter>> kept;  // guarded by mutex
    const std::scoped_lock lock(mutex);
    if (const auto found = kept.find({from_hz, to_hz}); found != kept.end()) return found->second;
    if (kept.size() == most_kept_filters) kept.clear();
    return kept[{from_hz, to_hz}] = std::make_shared<const PolyphaseFilter>(from_hz, to_hz);
}

class PolyphaseConverter final : public RateConverter {
  public:
    PolyphaseConverter(const StreamFormat& from, int to_hz)
        : filter_(shared_filter(from.sample_rate_hz, to_hz)),
          rows_(static_cast<std::size_t>(filter_->rows())),
          out_rows_(static_cast<std::size_t>(filter_->stretch_out())),
          output_(from.channels, stretches * filter_->stretch_out()) {}

    std::int64_t window_frames() const override { return stretches * filter_->stretch_in() + kept_frames(); }
    std::int64_t kept_frames() const override { return filter_->rows() - filter_->stretch_in(); }
    std::int64_t lead_frames() const override { return filter_->half_taps() - 1; }

    Status convert(BlockView<const float> window, const Emit& emit) override {
        for (int c = 0; c < window.channels(); ++c)
            convert_channel(window.channel(c).data(), output_.channel(c).data());
        const BlockView<const float> made = output_.const_view(stretches * filter_->stretch_out());
        for (std::int64_t begin = 0; begin < made.frames(); begin += block_frames)
            DUBPLATE_CHECK(emit(SubBlock(made, begin, std::min(block_frames, made.frames() - begin)).view()));
        return {};
    }

  private:
    static constexpr auto stretches = static_cast<std::int64_t>(row_columns);

    void convert_channel(const float* from, float* to) {
        std::array<const float*, row_columns> in{};
        std::array<float*, row_columns> out{};
        for (std::size_t j = 0; j < row_columns; ++j) {
            in[j] = from + static_cast<std::int64_t>(j) * filter_->stretch_in();
            out[j] = to + static_cast<std::int64_t>(j) * filter_->stretch_out();
        }
        to_columns(in, filter_->rows(), rows_.data());
        filter_->run(rows_.data(), out_rows_.data());
        from_columns(out_rows_.data(), filter_->stretch_out(), out);
    }

    std::shared_ptr<const PolyphaseFilter> filter_;
    std::vector<Row> rows_;
    std::vector<Row> out_rows_;
    BlockBuffer<float> output_;
};

}  // namespace

std::unique_ptr<RateConverter> make_polyphase_converter(const StreamFormat& from, int to_hz) {
    return std::make_unique<PolyphaseConverter>(from, to_hz);
}

}  // namespace dubplate
