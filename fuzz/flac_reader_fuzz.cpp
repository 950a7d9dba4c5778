#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "formats/audio/flac_frame_reader.h"
#include "formats/audio/format.h"

namespace {

using namespace dubplate;

// Frames behind a header of any content, as if every checksum were right.
void read_as_frame(std::span<const std::byte> data) {
    constexpr std::size_t choices = 4;
    if (data.size() < choices) return;
    const auto choice = [&](std::size_t place) { return std::to_integer<int>(data[place]); };
    FlacFrameHeader header;
    header.frames = 1 + choice(0) * 256 + choice(1);
    header.channels = 1 + choice(2) % 8;
    header.bits = 4 + choice(3) % 29;
    if (header.channels == 2 && choice(2) >= 64) header.stereo = static_cast<StereoCode>(choice(2) / 64 - 1);
    Bytes bytes(data.begin() + choices, data.end());
    const std::size_t size = bytes.size();
    bytes.resize(size + BitReader::slack_bytes);
    FlacFrameReader reader;
    if (header.frames > 65535) return;
    const FlacFrameState state = reader.read(header, std::span(bytes).first(size));
    if (state == FlacFrameState::good || state == FlacFrameState::bad_checksum)
        DUBPLATE_ASSERT(reader.bytes() <= size && reader.samples().frames() == header.frames);
}

// To its end or its damage, and again.
void read_as_file(std::span<const std::byte> data) {
    const auto source = make_memory_source(std::make_shared<const Bytes>(data.begin(), data.end()), "input");
    const auto reader = find_audio_format("flac")->open(*source);
    if (!reader) return;
    BlockBuffer<float> block((*reader)->info().stream.channels, 1021);
    std::array<std::int64_t, 2> frames{};
    for (std::int64_t& count : frames) {
        for (;;) {
            const auto got = (*reader)->read(block.view(block.capacity()));
            if (!got || *got == 0) break;
            count += *got;
        }
        DUBPLATE_ASSERT((*reader)->rewind());
    }
    DUBPLATE_ASSERT(frames[0] == frames[1]);
}

}  // namespace

// Any bytes as a FLAC file, and as the inside of one frame.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    read_as_file(bytes);
    read_as_frame(bytes);
    return 0;
}
