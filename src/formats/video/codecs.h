// codecs.h: which encoder of libavcodec makes a codec, and what it is told for each preset. Internal to formats/video.
//
// Same     every encoder works on one thread and with closed groups of pictures, so that stretches can be put one behind the other.
// Quality  crf runs from 0 to 51 for all; where an encoder counts to 63 it is stretched.
// Threads  pure functions.
// Source   the encoders' own documentation; figures of docs/user-guide/video.md.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/video/video_encoder.h"

namespace dubplate {

struct EncoderChoice {
    const char* library = "";  // as libavcodec names it
    std::string preset{};      // for people
    std::vector<std::pair<const char*, std::string>> options{};
};

EncoderChoice encoder_choice(const VideoSettings& settings);

}  // namespace dubplate
