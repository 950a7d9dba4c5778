// libav_pass.h: what libav holds while one stream is read from its start to its end.
//
// What     the callbacks through which libav gets bytes, the handles, and how they are opened with every door shut:
//          one demuxer, a list of decoders, no protocols, no second file.
// Threads  thread-compatible.
// Errors   corrupt, unsupported, limit_exceeded, and those of the source as they came.
// Source   FFmpeg 5.1. libav_functions.h is the only file that includes its headers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "formats/audio/libav_functions.h"
#include "formats/audio/libav_reader.h"

namespace dubplate {

// Bytes for libav. An error of the source is kept, because libav knows numbers alone.
struct LibavFeed {
    const ByteSource* source = nullptr;
    std::uint64_t position = 0;
    std::optional<Error> error;
};

struct FreeLibavIo {
    void operator()(AVIOContext* io) const {
        libav().av_freep(&io->buffer);
        libav().avio_context_free(&io);
    }
};
using LibavIo = std::unique_ptr<AVIOContext, FreeLibavIo>;

// A context that reads `feed` through `io`, and opens nothing else. It is the caller's until avformat_open_input() takes it.
// Errors: limit_exceeded, out of memory.
Result<AVFormatContext*> make_libav_input(LibavFeed& feed, LibavIo& io);
struct CloseLibavInput {
    void operator()(AVFormatContext* input) const { libav().avformat_close_input(&input); }
};
struct FreeLibavDecoder {
    void operator()(AVCodecContext* decoder) const { libav().avcodec_free_context(&decoder); }
};
struct FreeLibavPacket {
    void operator()(AVPacket* packet) const { libav().av_packet_free(&packet); }
};
struct FreeLibavFrame {
    void operator()(AVFrame* frame) const { libav().av_frame_free(&frame); }
};

// What libav holds of one pass; torn down in reverse order.
struct LibavPass {
    LibavFeed feed;
    LibavIo io;
    std::unique_ptr<AVFormatContext, CloseLibavInput> input;
    std::unique_ptr<AVCodecContext, FreeLibavDecoder> decoder;
    std::unique_ptr<AVPacket, FreeLibavPacket> packet{libav().av_packet_alloc()};
    std::unique_ptr<AVFrame, FreeLibavFrame> frame{libav().av_frame_alloc()};
    std::unique_ptr<AVFrame, FreeLibavFrame> ahead{
        libav().av_frame_alloc()};            // the one after it, where one is needed
    std::optional<Result<bool>> ahead_state;  // what decoding it came to
    std::int64_t decoded = 0;                 // frames, trimmed ones and `ahead` included
    int stream_index = -1;
    int audio_streams = 0;

    bool draining = false;
    int damaged_packets = 0;  // since the last good one
    int damage_code = 0;
    std::int64_t usable = 0;    // frames of the decoded frame that are of the recording
    std::int64_t cursor = 0;    // how many of them were delivered
    std::int64_t skip = 0;      // still to drop
    std::int64_t position = 0;  // frames delivered

    const AVStream& stream() const { return *input->streams[stream_index]; }
};

// Opens `source` as `request` says, with the decoder of its first audio stream.
Result<std::unique_ptr<LibavPass>> start_libav_pass(const ByteSource& source, const LibavRequest& request);

// libav's own words for one of its codes.
std::string libav_words(int code);

}  // namespace dubplate
