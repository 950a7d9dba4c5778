#include "exports/pack/sample_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/text.h"
#include "core/units.h"

namespace dubplate {

void SampleWriter::add(PendingFile& file, const SampleFileKind& kind, PadPlace place) {
    files_.push_back({&file, &kind, place});
    if (std::ranges::find(orders_, kind.order, &Order::order) == orders_.end())
        orders_.push_back({.order = kind.order});
}

SampleWriter::Order& SampleWriter::order_of(std::endian order) {
    return *std::ranges::find(orders_, order, &Order::order);
}

const std::string& SampleWriter::fingerprint(std::endian order) const {
    return std::ranges::find(orders_, order, &Order::order)->digest;
}

Status SampleWriter::start(const StreamFormat& format) {
    DUBPLATE_ASSERT(format.channels <= 2);  // no device takes more
    layout_ = {sample_rate_hz_, format.channels, 0};
    for (const File& file : files_) DUBPLATE_CHECK(file.file->append(Bytes(file.kind->header_bytes)));
    return {};
}

void SampleWriter::pack(BlockView<const std::int32_t> block, Order& order) const {
    const auto channels = static_cast<std::size_t>(layout_.channels);
    const auto frames = static_cast<std::size_t>(block.frames());
    order.samples.resize(channels * frames);
    std::uint16_t* const to = order.samples.data();
    const std::span<const std::int32_t> left = block.channel(0);
    if (channels == 1) {
        for (std::size_t i = 0; i < frames; ++i) to[i] = static_cast<std::uint16_t>(left[i]);
    } else {
        const std::span<const std::int32_t> right = block.channel(1);
        for (std::size_t i = 0; i < frames; ++i) {
            to[2 * i] = static_cast<std::uint16_t>(left[i]);
            to[2 * i + 1] = static_cast<std::uint16_t>(right[i]);
        }
    }
    if (order.order != std::endian::native)
        for (std::uint16_t& sample : order.samples)
            sample = static_cast<std::uint16_t>(sample << 8U | sample >> 8U);
}

Status SampleWriter::process(BlockView<const std::int32_t> block) {
    layout_.frames += block.frames();
    if (device_ != nullptr && layout_.frames > device_->max_frames)
        return fail(
            ErrorCode::limit_exceeded,
            fmt::format("longer than {}, which is what the {} holds",
                        format_duration(frames_to_seconds(device_->max_frames, device_->sample_rate_hz)),
                        device_->title),
            "cut it, or use --slice");
    for (Order& order : orders_) {
        pack(block, order);
        order.fingerprint.update(std::as_bytes(std::span(order.samples)));
    }
    for (const File& file : files_)
        DUBPLATE_CHECK(file.file->append(std::as_bytes(std::span(order_of(file.kind->order).samples))));
    return {};
}

Status SampleWriter::finish() {
    for (Order& order : orders_) order.digest = order.fingerprint.finish();
    for (const File& file : files_)
        DUBPLATE_CHECK(file.file->write_at(0, file.kind->write_header(layout_, file.place)));
    return {};
}

}  // namespace dubplate
