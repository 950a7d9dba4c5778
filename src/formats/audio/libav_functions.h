// libav_functions.h: the functions of libav that we call, for audio and for video, loaded when the first is needed.
//
// Why      see core/shared_object.h.
// Use      load_libav() first; libav() ends the program where that was not done or failed.
// Threads  plain functions.
// Errors   unavailable: libav is not installed, or not in the version of the headers.
// Source   FFmpeg 5.1.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

#include "core/result.h"

#define DUBPLATE_LIBAVUTIL(each)                                                                        \
    each(av_channel_layout_default) each(av_dict_free) each(av_dict_set) each(av_dict_set_int)          \
        each(av_frame_alloc) each(av_frame_free) each(av_frame_get_buffer) each(av_frame_make_writable) \
            each(av_freep) each(av_get_packed_sample_fmt) each(av_log_set_level) each(av_malloc)        \
                each(av_mallocz) each(av_opt_set) each(av_rescale) each(av_rescale_q)                   \
                    each(av_sample_fmt_is_planar) each(av_strdup) each(av_strerror)
#define DUBPLATE_LIBAVCODEC(each)                                                                     \
    each(av_get_bits_per_sample) each(av_new_packet) each(av_packet_alloc) each(av_packet_free)       \
        each(av_packet_rescale_ts) each(av_packet_unref) each(avcodec_alloc_context3)                 \
            each(avcodec_find_decoder) each(avcodec_find_encoder_by_name) each(avcodec_free_context)  \
                each(avcodec_get_name) each(avcodec_open2) each(avcodec_parameters_to_context)        \
                    each(avcodec_receive_frame) each(avcodec_receive_packet) each(avcodec_send_frame) \
                        each(avcodec_send_packet) each(avcodec_version)
#define DUBPLATE_LIBAVFORMAT(each)                                                                         \
    each(av_find_input_format) each(av_interleaved_write_frame) each(av_read_frame) each(av_write_trailer) \
        each(avformat_alloc_context) each(avformat_alloc_output_context2) each(avformat_close_input)       \
            each(avformat_find_stream_info) each(avformat_free_context) each(avformat_new_stream)          \
                each(avformat_open_input) each(avformat_write_header) each(avio_alloc_context)             \
                    each(avio_context_free)

namespace dubplate {

struct LibavFunctions {
#define DUBPLATE_DECLARE(name) decltype(&::name) name = nullptr;
    DUBPLATE_LIBAVUTIL(DUBPLATE_DECLARE)
    DUBPLATE_LIBAVCODEC(DUBPLATE_DECLARE)
    DUBPLATE_LIBAVFORMAT(DUBPLATE_DECLARE)
#undef DUBPLATE_DECLARE
};

Status load_libav();
const LibavFunctions& libav();

}  // namespace dubplate
