#include "exports/pack/sample_writer.h"

#include <fmt/format.h>

#include <algorithm>

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
    layout_ = {sample_rate_hz_, format.channels, 0};
    for (const File& file : files_) DUBPLATE_CHECK(file.file->append(Bytes(file.kind->header_bytes)));
    return {};
}

void SampleWriter::pack(BlockView<const std::int32_t> block, Order& order) const {
    const auto channels = static_cast<std::size_t>(layout_.channels);
    const auto frames = static_cast<std::size_t>(block.frames());
    order.bytes.resize(2 * channels * frames);
    const std::size_t high = order.order == std::endian::little ? 1 : 0;
    for (std::size_t c = 0; c < channels; ++c) {
        const std::span<const std::int32_t> from = block.channel(static_cast<int>(c));
        for (std::size_t i = 0; i < frames; ++i) {
            const auto sample = static_cast<std::uint16_t>(from[i]);
            std::byte* const to = order.bytes.data() + 2 * (i * channels + c);
            to[high] = static_cast<std::byte>(sample >> 8U);
            to[1 - high] = static_cast<std::byte>(sample & 0xFFU);
        }
    }
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
        order.fingerprint.update(order.bytes);
    }
    for (const File& file : files_) DUBPLATE_CHECK(file.file->append(order_of(file.kind->order).bytes));
    return {};
}

Status SampleWriter::finish() {
    for (Order& order : orders_) order.digest = order.fingerprint.finish();
    for (const File& file : files_)
        DUBPLATE_CHECK(file.file->write_at(0, file.kind->write_header(layout_, file.place)));
    return {};
}

}  // namespace dubplate
