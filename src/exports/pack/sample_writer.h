// sample_writer.h: the end of a sample's chain: one stream of 16-bit samples into all of its files.
//
// Files    differ in their header and the order of their bytes. The header is written last, when the length is known; until then
//          its room is zeros.
// Owner    the files are borrowed.
// Digest   of the PCM as each order has it, for the proof.
// Threads  thread-compatible.
// Errors   those of the files; limit_exceeded: more frames than the device holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audio/stream.h"
#include "core/hash.h"
#include "core/store.h"
#include "formats/sampler/device.h"

namespace dubplate {

class SampleWriter final : public Sink<std::int32_t> {
  public:
    // device: whose limit holds; null: none.
    explicit SampleWriter(int sample_rate_hz, const SamplerDevice* device = nullptr)
        : sample_rate_hz_(sample_rate_hz), device_(device) {}

    void add(PendingFile& file, const SampleFileKind& kind, PadPlace place);

    Status start(const StreamFormat& format) override;
    Status process(BlockView<const std::int32_t> block) override;
    Status finish() override;

    const SampleLayout& layout() const { return layout_; }    // whole after finish()
    const std::string& fingerprint(std::endian order) const;  // after finish()

  private:
    struct File {
        PendingFile* file;
        const SampleFileKind* kind;
        PadPlace place;
    };
    // The samples in one order of bytes.
    struct Order {
        std::endian order;
        std::vector<std::uint16_t> samples{};  // interleaved, as they stand in the file
        Fingerprint fingerprint{};
        std::string digest{};
    };
    void pack(BlockView<const std::int32_t> block, Order& order) const;
    Order& order_of(std::endian order);

    int sample_rate_hz_;
    const SamplerDevice* device_;
    SampleLayout layout_;
    std::vector<File> files_;
    std::vector<Order> orders_;
};

}  // namespace dubplate
