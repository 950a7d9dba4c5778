#include "formats/audio/wav.h"
#include "formats/audio/wav_tags.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

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
        bext_offset_ = file_.size();
        bext_ = bext_chunk(tags);
        DUBPLATE_CHECK(file_.append(bext_));
        DUBPLATE_CHECK(file_.append(render_wav_tags(tags)));
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
        const Bytes bext = bext_chunk(tags);
        if (bext.size() != bext_.size())
            return fail(ErrorCode::internal, "the bext chunk changed its size while the audio was written");
        DUBPLATE_CHECK(file_.write_at(bext_offset_, bext));
        return envelope_.end(static_cast<std::uint64_t>(settings_.frames));
    }

  private:
    Bytes bext_chunk(const TagSet& tags) const {
        ByteBuilder chunk(ByteOrder::little);
        return chunk.chunk("bext", render_bext(tags, coding_history(settings_))).result();
    }

    PendingFile& file_;
    WriterSettings settings_;
    PcmAppender appender_;
    WavEnvelope envelope_;
    std::uint64_t bext_offset_ = 0;
    Bytes bext_;
};

}  // namespace

Result<std::unique_ptr<AudioWriter>> create_wav(PendingFile& file, const WriterSettings& settings,
                                                const TagSet& tags, std::uint64_t size_limit) {
    auto writer = std::make_unique<WavWriter>(file, settings, size_limit);
    DUBPLATE_CHECK(writer->start(tags));
    return writer;
}

}  // namespace dubplate
