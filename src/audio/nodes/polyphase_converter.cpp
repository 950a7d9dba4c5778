#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
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

// Samples of all channels that a thread works on before it is joined: a millisecond of work and more, so that its start costs
// little, and 0.6 MB.
constexpr std::int64_t samples_for_each_thread = 150'000;

// A window is some batches long: 16 stretches each, side by side in columns. Batches stand alone, so that it does not matter
// which thread makes which: each takes the next that nobody has. The calling thread first lets out what the window before
// became, while the others work on this one.
class PolyphaseConverter final : public RateConverter {
  public:
    PolyphaseConverter(const StreamFormat& from, int to_hz, int threads)
        : filter_(shared_filter(from.sample_rate_hz, to_hz)),
          batches_for_each_(
              std::max<std::int64_t>(samples_for_each_thread / (batch_in() * from.channels), 1)),
          batches_(threads == 1 ? 1 : threads * batches_for_each_),
          columns_(static_cast<std::size_t>(threads)),
          output_(from.channels, batches_ * batch_out()),
          pending_(threads == 1 ? BlockBuffer<float>()
                                : BlockBuffer<float>(from.channels, batches_ * batch_out())) {
        for (Columns& columns : columns_) {
            columns.in.resize(static_cast<std::size_t>(filter_->rows()));
            columns.out.resize(static_cast<std::size_t>(filter_->stretch_out()));
        }
    }

    std::int64_t window_frames() const override { return batches_ * batch_in() + kept_frames(); }
    std::int64_t kept_frames() const override { return filter_->rows() - filter_->stretch_in(); }
    std::int64_t lead_frames() const override { return filter_->half_taps() - 1; }
    std::int64_t pending_frames() const override { return pending_frames_; }

    Status convert(BlockView<const float> window, std::int64_t wanted, const Emit& emit) override {
        const std::int64_t batches = std::min(batches_, (wanted - 1) / batch_out() + 1);
        const std::int64_t threads = std::min(std::ssize(columns_), (batches - 1) / batches_for_each_ + 1);
        std::atomic<std::int64_t> next = 0;
        const auto work = [&](std::int64_t thread) {
            Columns& columns = columns_[static_cast<std::size_t>(thread)];
            for (std::int64_t batch = next++; batch < batches; batch = next++)
                convert_batch(window, batch, columns);
        };
        Status status;
        {
            std::vector<std::jthread> others;
            for (std::int64_t i = 1; i < threads; ++i) others.emplace_back(work, i);
            status = flush(emit);
            work(0);
        }
        DUBPLATE_CHECK(std::move(status));
        if (std::ssize(columns_) == 1) return let_out(output_.const_view(batches * batch_out()), emit);
        std::swap(output_, pending_);
        pending_frames_ = batches * batch_out();
        return {};
    }

    Status flush(const Emit& emit) override {
        return let_out(std::as_const(pending_).const_view(std::exchange(pending_frames_, 0)), emit);
    }

  private:
    struct Columns {
        std::vector<Row> in;
        std::vector<Row> out;
    };

    std::int64_t batch_in() const { return static_cast<std::int64_t>(row_columns) * filter_->stretch_in(); }
    std::int64_t batch_out() const { return static_cast<std::int64_t>(row_columns) * filter_->stretch_out(); }

    static Status let_out(BlockView<const float> made, const Emit& emit) {
        for (std::int64_t begin = 0; begin < made.frames(); begin += block_frames)
            DUBPLATE_CHECK(emit(SubBlock(made, begin, std::min(block_frames, made.frames() - begin)).view()));
        return {};
    }

    void convert_batch(BlockView<const float> window, std::int64_t batch, Columns& columns) {
        for (int c = 0; c < window.channels(); ++c)
            convert_channel(window.channel(c).data() + batch * batch_in(),
                            output_.channel(c).data() + batch * batch_out(), columns);
    }

    void convert_channel(const float* from, float* to, Columns& columns) const {
        std::array<const float*, row_columns> in{};
        std::array<float*, row_columns> out{};
        for (std::size_t j = 0; j < row_columns; ++j) {
            in[j] = from + static_cast<std::int64_t>(j) * filter_->stretch_in();
            out[j] = to + static_cast<std::int64_t>(j) * filter_->stretch_out();
        }
        to_columns(in, filter_->rows(), columns.in.data());
        filter_->run(columns.in.data(), columns.out.data());
        from_columns(columns.out.data(), filter_->stretch_out(), out);
    }

    std::shared_ptr<const PolyphaseFilter> filter_;
    std::int64_t batches_for_each_;  // thread
    std::int64_t batches_;           // in a window
    std::vector<Columns> columns_;   // for each thread
    BlockBuffer<float> output_;      // that the batches of this window go to
    BlockBuffer<float> pending_;     // what the window before became, where there are threads
    std::int64_t pending_frames_ = 0;
};

}  // namespace

std::unique_ptr<RateConverter> make_polyphase_converter(const StreamFormat& from, int to_hz, int threads) {
    return std::make_unique<PolyphaseConverter>(from, to_hz, threads);
}

}  // namespace dubplate
