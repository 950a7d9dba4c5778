// read_everything.h: opens bytes as one format and reads all that can be read, as the fuzz harnesses and the test that
// replays their corpora do.
//
// Holds    a reader delivers the frames that it tells, in blocks of any size, and the same number after rewinding;
//          all that it tells of the file keeps the model's rules. What breaks a rule aborts.
// Threads  plain functions.
#pragma once

#include <algorithm>
#include <memory>
#include <span>

#include "core/store.h"
#include "formats/audio/format.h"

namespace dubplate {

inline std::int64_t count_frames(AudioReader& reader) {
    // Neither of the readers' own block nor a divisor of it.
    BlockBuffer<float> block(reader.info().stream.channels, 1021);
    std::int64_t frames = 0;
    for (;;) {
        const Result<std::int64_t> got = reader.read(block.view(block.capacity()));
        DUBPLATE_ASSERT(got);  // bytes in memory cannot fail to be read
        if (*got == 0) return frames;
        frames += *got;
        DUBPLATE_ASSERT(frames <= reader.info().frames);
    }
}

inline void read_everything(const AudioFormat& format, std::span<const std::byte> bytes) {
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(bytes.begin(), bytes.end()), "input");
    if (!format.recognizes(bytes.first(std::min<std::size_t>(bytes.size(), 4096)))) return;
    const auto opened = format.open(*source);
    if (!opened) return;
    AudioReader& reader = **opened;
    const SourceInfo& info = reader.info();
    DUBPLATE_ASSERT(validate(info.metadata).empty());
    DUBPLATE_ASSERT(info.stream.channels >= 1 && info.stream.channels <= max_channels);
    for (const Marker& marker : info.markers)
        DUBPLATE_ASSERT(marker.frame >= 0 && marker.frame + marker.length_frames <= info.frames);
    if (info.loop)
        DUBPLATE_ASSERT(info.loop->begin_frame < info.loop->end_frame && info.loop->end_frame <= info.frames);
    DUBPLATE_ASSERT(count_frames(reader) == info.frames);
    DUBPLATE_ASSERT(reader.rewind());
    DUBPLATE_ASSERT(count_frames(reader) == info.frames);
}

// The same, and then written again with other tags, which must give the same number of frames.
inline void read_and_retag(const AudioFormat& format, Store& store, std::span<const std::byte> bytes) {
    read_everything(format, bytes);
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(bytes.begin(), bytes.end()), "input");
    const auto opened = format.open(*source);
    if (!opened) return;
    TagSet tags;
    tags.metadata.title = "again";
    auto file = store.create("again", {.overwrite = true});
    DUBPLATE_ASSERT(file);
    DUBPLATE_ASSERT(format.retag(*source, **file, tags));
    const auto written = (*file)->read_back();
    DUBPLATE_ASSERT(written);
    const auto again = format.open(**written);
    DUBPLATE_ASSERT(again);
    DUBPLATE_ASSERT((*again)->info().frames == (*opened)->info().frames);
    DUBPLATE_ASSERT((*again)->info().metadata.title == "again");
}

}  // namespace dubplate
