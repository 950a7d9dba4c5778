#include "formats/audio/wav.h"
#include "formats/audio/wav_tags.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

// For the five elements of iXML that tell the loudness, which is measured while the audio is written.
constexpr std::size_t loudness_room_bytes = 512;

class WavWriter final : public AudioWriter {
  public:
    WavWriter(PendingFile& file, const WriterSettings& settings, std::uint64_t size_limit)
        : file_(file),
          settings_(settings),
          appender_(file, encoding_of(settings.depth, ByteOrder::little), settings),
          envelope_(file, "RIFF", size_limit) {}

    Status start(const TagSet& tags) {
        DUBPLATE_CHECK(envelope_.begin());
        DUBPLATE_CHECK(file_.append(render_wav_format(settings_)));
        late_offset_ = file_.size();
        ixml_bytes_ = render_ixml(tags).size() + loudness_room_bytes;
        DUBPLATE_TRY(late_, late_chunks(tags));
        DUBPLATE_CHECK(file_.append(late_));
        DUBPLATE_CHECK(file_.append(render_info_chunk(tags)));
        DUBPLATE_CHECK(
            file_.append(render_wav_places(tags, settings_.frames, settings_.stream.sample_rate_hz)));
        return envelope_.begin_data();
    }

    Status write(BlockView<const std::int32_t> block) override { return appender_.append(block); }
    Status write(BlockView<const float> block) override { return appender_.append(block); }

    Status finish(const TagSet& tags) override {
        DUBPLATE_CHECK(appender_.check_complete());
        DUBPLATE_CHECK(envelope_.end_data(appender_.bytes()));
        DUBPLATE_CHECK(append_id3_chunk(tags, ByteOrder::little, file_));
        DUBPLATE_TRY(const Bytes late, late_chunks(tags));
        if (late.size() != late_.size())
            return fail(ErrorCode::internal, "the bext chunk changed its size while the audio was written");
        DUBPLATE_CHECK(file_.write_at(late_offset_, late));
        return envelope_.end(static_cast<std::uint64_t>(settings_.frames));
    }

  private:
    // The chunks before the audio that tell its loudness: written twice, the second time with what was measured.
    Result<Bytes> late_chunks(const TagSet& tags) const {
        DUBPLATE_TRY(const Bytes ixml, render_ixml_chunk(tags, ixml_bytes_));
        ByteBuilder chunks(ByteOrder::little);
        return chunks.bytes(render_bext_chunk(render_bext(tags, coding_history(settings_))))
            .bytes(ixml)
            .result();
    }

    PendingFile& file_;
    WriterSettings settings_;
    PcmAppender appender_;
    WavEnvelope envelope_;
    std::uint64_t late_offset_ = 0;
    std::size_t ixml_bytes_ = 0;
    Bytes late_;
};

}  // namespace

Result<std::unique_ptr<AudioWriter>> create_wav(PendingFile& file, const WriterSettings& settings,
                                                const TagSet& tags, std::uint64_t size_limit) {
    auto writer = std::make_unique<WavWriter>(file, settings, size_limit);
    DUBPLATE_CHECK(writer->start(tags));
    return writer;
}

}  // namespace dubplate
