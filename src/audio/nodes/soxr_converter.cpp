#include <fmt/format.h>
#include <soxr.h>

#include <array>

#include "audio/nodes/rate_converter.h"

namespace dubplate {

namespace {

struct CloseSoxr {
    void operator()(soxr* handle) const { soxr_delete(handle); }
};

// Its results depend in their last bits on how its input is cut, so it always sees whole blocks; they are of a size at
// which it is fast.
class SoxrConverter final : public RateConverter {
  public:
    SoxrConverter(std::unique_ptr<soxr, CloseSoxr> handle, int channels)
        : handle_(std::move(handle)), output_(channels, block_frames) {}

    std::int64_t window_frames() const override { return block_frames; }
    std::int64_t kept_frames() const override { return 0; }
    std::int64_t lead_frames() const override { return 0; }

    Status convert(BlockView<const float> window, std::int64_t, const Emit& emit) override {
        std::array<float*, max_channels> output{};
        for (int c = 0; c < window.channels(); ++c)
            output[static_cast<std::size_t>(c)] = output_.channel(c).data();
        for (std::int64_t begin = 0; begin < window.frames();) {
            const SubBlock rest(window, begin, window.frames() - begin);
            std::size_t taken = 0;
            std::size_t made = 0;
            const soxr_error_t error = soxr_process(handle_.get(), rest.view().pointers().data(),
                                                    static_cast<std::size_t>(rest.view().frames()), &taken,
                                                    output.data(), block_frames, &made);
            if (error != nullptr) return fail(ErrorCode::internal, fmt::format("libsoxr failed: {}", error));
            begin += static_cast<std::int64_t>(taken);
            DUBPLATE_CHECK(emit(output_.const_view(static_cast<std::int64_t>(made))));
        }
        return {};
    }

  private:
    std::unique_ptr<soxr, CloseSoxr> handle_;
    BlockBuffer<float> output_;
};

}  // namespace

Result<std::unique_ptr<RateConverter>> make_soxr_converter(const StreamFormat& from, int to_hz) {
    const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
    const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);  // its OpenMP threads spin
    soxr_error_t error = nullptr;
    std::unique_ptr<soxr, CloseSoxr> handle(soxr_create(
        from.sample_rate_hz, to_hz, static_cast<unsigned>(from.channels), &error, &io, &quality, &runtime));
    if (error != nullptr || !handle)
        return fail(ErrorCode::internal,
                    fmt::format("libsoxr cannot go from {} to {} Hz: {}", from.sample_rate_hz, to_hz,
                                error != nullptr ? error : "no reason given"));
    return std::make_unique<SoxrConverter>(std::move(handle), from.channels);
}

}  // namespace dubplate
