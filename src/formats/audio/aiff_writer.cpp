#include "formats/audio/aiff.h"
#include "formats/audio/aiff_chunks.h"
#include "formats/audio/wav_tags.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

constexpr std::uint64_t ssnd_head_bytes = 8;
constexpr std::uint64_t form_size_offset = 4;

Error refuse_size(std::uint64_t bytes, std::uint64_t limit) {
    return fail(ErrorCode::limit_exceeded,
                fmt::format("AIFF holds {} bytes at most, and this would be {}", limit, bytes),
                "use --format wav or flac");
}

Status begin_form(PendingFile& file, bool is_aifc) {
    ByteBuilder form(ByteOrder::big);
    return file.append(form.text("FORM").u32(0).text(is_aifc ? "AIFC" : "AIFF").result());
}

Status end_form(PendingFile& file, std::uint64_t size_limit) {
    if (file.size() > size_limit) return refuse_size(file.size(), size_limit);
    ByteBuilder size(ByteOrder::big);
    return file.write_at(form_size_offset, size.u32(static_cast<std::uint32_t>(file.size() - 8)).result());
}

class AiffWriter final : public AudioWriter {
  public:
    AiffWriter(PendingFile& file, const WriterSettings& settings, std::uint64_t size_limit)
        : file_(file),
          settings_(settings),
          appender_(file, encoding_of(settings.depth, ByteOrder::big), settings),
          size_limit_(size_limit) {}

    Status start(const TagSet& tags) {
        ByteBuilder head(ByteOrder::big);
        head.bytes(render_aiff_format(settings_)).bytes(render_aiff_texts(tags.metadata));
        head.bytes(render_aiff_places(tags.markers, tags.loop));
        const auto frame_bytes =
            static_cast<std::uint64_t>(settings_.stream.channels * bits_of(settings_.depth) / 8);
        // Compared before it is multiplied: a promise of 2^62 frames must not come out small.
        const auto frames = static_cast<std::uint64_t>(settings_.frames);
        const std::uint64_t data_bytes = frames > size_limit_ ? frames : frames * frame_bytes;
        DUBPLATE_TRY(const Bytes id3, render_id3v2(tags));
        const std::uint64_t total = 12 + head.size() + 8 + ssnd_head_bytes + data_bytes + 8 + id3.size();
        if (total > size_limit_) return refuse_size(total, size_limit_);
        head.text("SSND").u32(static_cast<std::uint32_t>(ssnd_head_bytes + data_bytes)).u32(0).u32(0);
        DUBPLATE_CHECK(begin_form(file_, settings_.depth == BitDepth::float32));
        return file_.append(head.result());
    }

    Status write(BlockView<const std::int32_t> block) override { return appender_.append(block); }
    Status write(BlockView<const float> block) override { return appender_.append(block); }

    Status finish(const TagSet& tags) override {
        DUBPLATE_CHECK(appender_.check_complete());
        if (appender_.bytes() % 2 != 0) DUBPLATE_CHECK(file_.append(std::array{std::byte{0}}));
        DUBPLATE_CHECK(append_id3_chunk(tags, ByteOrder::big, file_));
        return end_form(file_, size_limit_);
    }

  private:
    PendingFile& file_;
    WriterSettings settings_;
    PcmAppender appender_;
    std::uint64_t size_limit_;
};

class AiffRetagger {
  public:
    AiffRetagger(const ByteSource& source, PendingFile& file, const TagSet& tags, const AiffFile& aiff)
        : source_(source),
          file_(file),
          tags_(tags),
          aiff_(aiff),
          places_stay_(tags.markers == aiff.info.markers && tags.loop == aiff.info.loop) {}

    Status run(std::uint64_t size_limit) {
        DUBPLATE_CHECK(begin_form(file_, aiff_.is_aifc));
        bool tags_are_written = false;
        for (const Chunk& chunk : aiff_.chunks) {
            if (chunk.id == "SSND" && !tags_are_written) {
                DUBPLATE_CHECK(file_.append(render_tags()));
                tags_are_written = true;
            }
            DUBPLATE_CHECK(copy(chunk));
        }
        if (!tags_are_written) DUBPLATE_CHECK(file_.append(render_tags()));
        DUBPLATE_CHECK(append_id3_chunk(tags_, ByteOrder::big, file_));
        return end_form(file_, size_limit);
    }

  private:
    Status copy(const Chunk& chunk) {
        if (chunk.id == "NAME" || chunk.id == "AUTH" || chunk.id == "(c) " || chunk.id == "ANNO" ||
            chunk.id == "ID3 ")
            return {};
        if (!places_stay_ && (chunk.id == "MARK" || chunk.id == "INST")) return {};
        const std::uint64_t begin = file_.size();
        DUBPLATE_CHECK(copy_chunk(source_, chunk, ByteOrder::big, file_));
        // Only the first one counts, and has been checked; a second may be of any size.
        if (&chunk != find_chunk(aiff_.chunks, "COMM")) return {};
        // The number of frames is what is there, also where the header told otherwise.
        ByteBuilder frames(ByteOrder::big);
        return file_.write_at(begin + 10, frames.u32(static_cast<std::uint32_t>(aiff_.info.frames)).result());
    }

    Bytes render_tags() const {
        ByteBuilder chunks(ByteOrder::big);
        chunks.bytes(render_aiff_texts(tags_.metadata));
        if (!places_stay_) chunks.bytes(render_aiff_places(tags_.markers, tags_.loop));
        return chunks.result();
    }

    const ByteSource& source_;
    PendingFile& file_;
    const TagSet& tags_;
    const AiffFile& aiff_;
    // Markers and loop are asked for as they are: their chunks may hold more than the model knows.
    bool places_stay_;
};

}  // namespace

Result<std::unique_ptr<AudioWriter>> create_aiff(PendingFile& file, const WriterSettings& settings,
                                                 const TagSet& tags, std::uint64_t size_limit) {
    auto writer = std::make_unique<AiffWriter>(file, settings, size_limit);
    DUBPLATE_CHECK(writer->start(tags));
    return writer;
}

Status retag_aiff(const ByteSource& source, PendingFile& file, const TagSet& tags, std::uint64_t size_limit) {
    DUBPLATE_TRY(const AiffFile aiff, inspect_aiff(source));
    return AiffRetagger(source, file, tags, aiff).run(size_limit);
}

}  // namespace dubplate
