// picture_functions.h: the functions of libav that decode pictures, loaded when the first one is.
//
// Why      see core/shared_object.h.
// Use      load_picture_functions() first; picture_functions() ends the program where that was not done or failed.
// Threads  plain functions.
// Errors   unavailable: libav is not installed, or not in the version of the headers.
// Source   FFmpeg 5.1.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libswscale/swscale.h>
}

#include "core/result.h"

#define DUBPLATE_PICTURE_AVUTIL(each) each(av_frame_alloc) each(av_frame_free) each(av_log_set_level)
#define DUBPLATE_PICTURE_AVCODEC(each)                                                                 \
    each(av_packet_alloc) each(av_packet_free) each(avcodec_alloc_context3) each(avcodec_find_decoder) \
        each(avcodec_free_context) each(avcodec_open2) each(avcodec_receive_frame) each(avcodec_send_packet)
#define DUBPLATE_PICTURE_SWSCALE(each) each(sws_freeContext) each(sws_getContext) each(sws_scale)

namespace dubplate {

struct PictureFunctions {
#define DUBPLATE_DECLARE(name) decltype(&::name) name = nullptr;
    DUBPLATE_PICTURE_AVUTIL(DUBPLATE_DECLARE)
    DUBPLATE_PICTURE_AVCODEC(DUBPLATE_DECLARE)
    DUBPLATE_PICTURE_SWSCALE(DUBPLATE_DECLARE)
#undef DUBPLATE_DECLARE
};

Status load_picture_functions();
const PictureFunctions& picture_functions();

}  // namespace dubplate
