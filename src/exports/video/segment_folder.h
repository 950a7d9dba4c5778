// segment_folder.h: finished segments of a video that is being made, so that a killed run can be taken up. Internal to exports/video.
//
// Shape    a file for each segment, "<key>-<number>.segment", that appears when it is whole. The key tells what the segment was made of: the
//          version, the spec, the renderer and the bytes of the input. Segments of another key are taken away when the folder is opened.
// Layout   "DPSEG1\0\0", then 64-bit little-endian numbers: the sizes of header and packets; the header; for each packet its size, pts, dts
//          and whether it is a key frame, and its bytes; at the end XXH3 of all that, as 32 digits.
// Owner    the destructor takes the folder away, whatever became of the video: only a killed process leaves it.
// Threads  find() and keep() are thread-safe for different segments.
// Errors   keep(): io. What cannot be read in find() is no segment.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "formats/video/video_encoder.h"

namespace dubplate {

struct VideoPlan;

// What a segment of this plan depends on, as a hash.
std::string key_of(const VideoPlan& plan);

Bytes write_segment(const EncodedVideo& video);
std::optional<EncodedVideo> read_segment(const Bytes& bytes);

class SegmentFolder {
  public:
    // folder: empty where nothing is kept.
    SegmentFolder(std::filesystem::path folder, std::string key);
    SegmentFolder(const SegmentFolder&) = delete;
    SegmentFolder& operator=(const SegmentFolder&) = delete;
    ~SegmentFolder();

    std::optional<EncodedVideo> find(std::int64_t segment);
    Status keep(std::int64_t segment, const EncodedVideo& video);
    std::int64_t found() const { return found_; }

  private:
    std::filesystem::path path_of(std::int64_t segment) const;

    std::filesystem::path folder_;
    std::string key_;
    std::atomic<std::int64_t> found_{0};
};

}  // namespace dubplate
