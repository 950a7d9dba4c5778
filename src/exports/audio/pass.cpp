#include "exports/audio/pass.h"

namespace dubplate {

Result<std::int64_t> run_pass(AudioReader& reader, Sink<float>& head, std::int64_t expected_frames,
                              Progress::Part progress, std::stop_token stop,
                              const std::function<bool()>& wants_more) {
    DUBPLATE_CHECK(reader.rewind());
    const StreamFormat format = reader.info().stream;
    BlockBuffer<float> buffer(format.channels, block_frames);
    DUBPLATE_CHECK(head.start(format));
    std::int64_t position = 0;
    while (!wants_more || wants_more()) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::int64_t frames, reader.read(buffer.view(block_frames)));
        if (frames == 0) break;
        DUBPLATE_CHECK(head.process(std::as_const(buffer).const_view(frames)));
        position += frames;
        if (expected_frames > 0)
            progress.advance_to(static_cast<double>(position) / static_cast<double>(expected_frames));
    }
    DUBPLATE_CHECK(head.finish());
    progress.finish();
    return position;
}

}  // namespace dubplate
