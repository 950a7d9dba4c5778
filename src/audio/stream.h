// stream.h: audio as it flows through Dubplate: blocks, sources and sinks.
//
// Shape    planar: one array for each channel. float is nominal full scale +-1.0; int32_t is right-justified
//          (16 bit audio: -32768 to 32767). T is part of the type, so a mismatch does not compile.
// Order    start(format), then process(block) any number of times, then finish() exactly once, also after zero
//          blocks. The end of a stream is a call of its own and never a flag on a block.
// Lengths  what comes out of a node need not be as long as what went in (resamplers, trimmers). Results never
//          depend on how the stream was cut into blocks.
// Threads  a node is thread-compatible; one thread drives one chain.
// Errors   each step returns a Status; after the first failure nothing more is called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"

namespace dubplate {

inline constexpr int max_channels = 8;

// Frames for each call through the graph: 8192 stereo floats are 64 KiB, which stay in the second-level cache,
// and libsoxr is 2.4 times slower in large blocks (shared measurements, bench/).
inline constexpr std::int64_t block_frames = 8192;

struct StreamFormat {
    int sample_rate_hz = 0;
    int channels = 0;

    bool operator==(const StreamFormat&) const = default;
};

// A borrowed view of planar audio. T may be const.
template <class T>
class BlockView {
  public:
    BlockView() = default;
    BlockView(std::span<T* const> channels, std::int64_t frames) : channels_(channels), frames_(frames) {}

    int channels() const { return static_cast<int>(channels_.size()); }
    std::int64_t frames() const { return frames_; }
    std::span<T> channel(int index) const {
        return {channels_[static_cast<std::size_t>(index)], static_cast<std::size_t>(frames_)};
    }
    std::span<T* const> pointers() const { return channels_; }

  private:
    std::span<T* const> channels_;
    std::int64_t frames_ = 0;
};

// Owns planar audio of a fixed capacity.
template <class T>
class BlockBuffer {
  public:
    BlockBuffer() = default;
    BlockBuffer(int channels, std::int64_t capacity_frames)
        : samples_(static_cast<std::size_t>(channels * capacity_frames)), capacity_(capacity_frames) {
        for (int c = 0; c < channels; ++c) pointers_.push_back(samples_.data() + c * capacity_frames);
        const_pointers_.assign(pointers_.begin(), pointers_.end());
    }
    BlockBuffer(const BlockBuffer&) = delete;  // the pointers point into the samples
    BlockBuffer& operator=(const BlockBuffer&) = delete;
    BlockBuffer(BlockBuffer&&) noexcept = default;  // a moved vector keeps its storage
    BlockBuffer& operator=(BlockBuffer&&) noexcept = default;

    int channels() const { return static_cast<int>(pointers_.size()); }
    std::int64_t capacity() const { return capacity_; }
    std::span<T> channel(int index) {
        return {pointers_[static_cast<std::size_t>(index)], static_cast<std::size_t>(capacity_)};
    }
    BlockView<T> view(std::int64_t frames) { return {pointers_, frames}; }
    BlockView<const T> const_view(std::int64_t frames) const { return {const_pointers_, frames}; }

  private:
    std::vector<T> samples_;
    std::vector<T*> pointers_;
    std::vector<const T*> const_pointers_;
    std::int64_t capacity_ = 0;
};

// Pointers to the part of a block that starts at a frame, on the stack: SubBlock(block, 100, 50).view().
template <class T>
class SubBlock {
  public:
    SubBlock(BlockView<T> block, std::int64_t begin, std::int64_t frames) : frames_(frames) {
        for (int c = 0; c < block.channels(); ++c)
            pointers_[static_cast<std::size_t>(c)] = block.channel(c).data() + begin;
        channels_ = static_cast<std::size_t>(block.channels());
    }
    BlockView<T> view() const { return {std::span<T* const>(pointers_, channels_), frames_}; }

  private:
    T* pointers_[max_channels] = {};
    std::size_t channels_ = 0;
    std::int64_t frames_;
};

template <class T>
class Sink {
  public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    virtual Status start(const StreamFormat& format) = 0;
    virtual Status process(BlockView<const T> block) = 0;
    virtual Status finish() = 0;
};

// The sinks behind a node, borrowed. Each gets every call, in the order in which they were added.
template <class T>
class Outputs {
  public:
    void add(Sink<T>& sink) { sinks_.push_back(&sink); }

    Status start(const StreamFormat& format) {
        for (Sink<T>* sink : sinks_) DUBPLATE_CHECK(sink->start(format));
        return {};
    }
    Status process(BlockView<const T> block) {
        if (block.frames() == 0) return {};
        for (Sink<T>* sink : sinks_) DUBPLATE_CHECK(sink->process(block));
        return {};
    }
    Status finish() {
        for (Sink<T>* sink : sinks_) DUBPLATE_CHECK(sink->finish());
        return {};
    }

  private:
    std::vector<Sink<T>*> sinks_;
};

// A sink with sinks behind it.
template <class In, class Out>
class Filter : public Sink<In> {
  public:
    void add_output(Sink<Out>& sink) { outputs_.add(sink); }

  protected:
    Outputs<Out> outputs_;
};

}  // namespace dubplate
