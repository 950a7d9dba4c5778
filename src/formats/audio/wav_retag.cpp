#include "formats/audio/wav.h"
#include "formats/audio/wav_chunks.h"
#include "formats/audio/wav_tags.h"

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

constexpr std::size_t bext_limit_bytes = 1024 * 1024;
constexpr std::size_t bext_fixed_bytes = 602;

// Fields of bext that the tags do not know and that stay true: version and UMID, and the loudness where no other is
// told. Source: EBU Tech 3285 v2, 2.3.
struct BextPart {
    std::size_t offset;
    std::size_t size;
};
constexpr BextPart bext_umid{348, 64};
constexpr BextPart bext_loudness{412, 10};
constexpr std::size_t bext_time_reference_offset = 338;
constexpr std::size_t bext_version_offset = 346;

void keep(const BextPart& part, std::span<const std::byte> old_bext, Bytes& bext) {
    std::copy_n(old_bext.begin() + static_cast<std::ptrdiff_t>(part.offset), part.size,
                bext.begin() + static_cast<std::ptrdiff_t>(part.offset));
}

std::string history_of(std::span<const std::byte> bext) {
    std::string history;
    for (const std::byte b : bext.subspan(bext_fixed_bytes)) {
        if (b == std::byte{0}) break;
        history += static_cast<char>(b);
    }
    return history;
}

std::uint64_t time_reference_of(std::span<const std::byte> bext) {
    if (bext.size() < bext_fixed_bytes) return 0;
    return ByteReader(bext.subspan(bext_time_reference_offset), ByteOrder::little).u64();
}

// What the audio went through is as it was, so its history and its places in time stay.
Bytes renew_bext(std::span<const std::byte> old_bext, const TagSet& tags) {
    if (old_bext.size() < bext_fixed_bytes) return render_bext(tags, {});
    Bytes bext = render_bext(tags, history_of(old_bext));
    ByteReader version(old_bext.subspan(bext_version_offset), ByteOrder::little);
    const std::uint16_t old_version = version.u16();
    if (old_version >= 1) keep(bext_umid, old_bext, bext);
    if (old_version >= 2 && !tags.loudness) keep(bext_loudness, old_bext, bext);
    return bext;
}

enum class Fate { copied, replaced };

class WavRetagger {
  public:
    WavRetagger(const ByteSource& source, PendingFile& file, const TagSet& tags, std::uint64_t size_limit,
                const WavFile& wav)
        : source_(source),
          file_(file),
          tags_(tags),
          wav_(wav),
          envelope_(file, wav.layout.form == "BW64" ? "BW64" : "RIFF", size_limit),
          places_stay_(tags.markers == wav.info.markers && tags.loop == wav.info.loop &&
                       tags.metadata.bpm == wav.info.metadata.bpm) {}

    Status run() {
        const std::vector<Chunk>& chunks = wav_.layout.chunks;
        const Chunk& data = wav_.layout.data();
        DUBPLATE_CHECK(envelope_.begin());
        // The format first, wherever it stood: readers that take the file as a stream need it before the audio.
        DUBPLATE_CHECK(copy_chunk(source_, *find_chunk(chunks, "fmt "), ByteOrder::little, file_));
        DUBPLATE_CHECK(copy_others(0, data.offset));
        DUBPLATE_CHECK(append_tags());
        DUBPLATE_CHECK(envelope_.begin_data());
        DUBPLATE_CHECK(copy_range(source_, data.offset, data.size, file_));
        DUBPLATE_CHECK(envelope_.end_data(data.size));
        DUBPLATE_CHECK(copy_others(data.offset + 1, source_.size()));
        DUBPLATE_CHECK(append_id3_chunk(tags_, ByteOrder::little, file_));
        return envelope_.end(static_cast<std::uint64_t>(wav_.info.frames));
    }

  private:
    Result<Fate> fate_of(const Chunk& chunk) const {
        static constexpr std::array<std::string_view, 8> replaced{"fmt ", "JUNK", "ds64", "bext",
                                                                  "iXML", "ID3 ", "id3 ", "data"};
        static constexpr std::array<std::string_view, 3> places{"cue ", "smpl", "acid"};
        const auto is_one_of = [&](const auto& ids) {
            return std::find(ids.begin(), ids.end(), chunk.id) != ids.end();
        };
        if (is_one_of(replaced)) return Fate::replaced;
        if (is_one_of(places)) return places_stay_ ? Fate::copied : Fate::replaced;
        if (chunk.id != "LIST") return Fate::copied;
        DUBPLATE_TRY(const Bytes head, read_payload(source_, chunk, 4));
        const std::string kind = ByteReader(head, ByteOrder::little).id();
        if (kind == "adtl") return places_stay_ ? Fate::copied : Fate::replaced;
        return kind == "INFO" ? Fate::replaced : Fate::copied;
    }

    Status copy_others(std::uint64_t from, std::uint64_t to) {
        for (const Chunk& chunk : wav_.layout.chunks) {
            if (chunk.offset < from || chunk.offset >= to) continue;
            DUBPLATE_TRY(const Fate fate, fate_of(chunk));
            if (fate == Fate::copied) DUBPLATE_CHECK(copy_chunk(source_, chunk, ByteOrder::little, file_));
        }
        return {};
    }

    Status append_tags() {
        Bytes old_bext;
        if (const Chunk* chunk = find_chunk(wav_.layout.chunks, "bext")) {
            DUBPLATE_TRY(old_bext, read_payload(source_, *chunk, bext_limit_bytes));
        }
        TagSet tags = tags_;
        tags.time_reference = time_reference_of(old_bext);
        DUBPLATE_TRY(const Bytes ixml, render_ixml_chunk(tags, 0));
        ByteBuilder chunks(ByteOrder::little);
        chunks.bytes(render_bext_chunk(renew_bext(old_bext, tags)))
            .bytes(ixml)
            .bytes(render_info_chunk(tags_));
        if (!places_stay_)
            chunks.bytes(render_wav_places(tags_, wav_.info.frames, wav_.info.stream.sample_rate_hz));
        return file_.append(chunks.result());
    }

    const ByteSource& source_;
    PendingFile& file_;
    const TagSet& tags_;
    const WavFile& wav_;
    WavEnvelope envelope_;
    // Markers, loop and tempo are asked for as they are: their chunks may hold more than the model knows.
    bool places_stay_;
};

}  // namespace

Status retag_wav(const ByteSource& source, PendingFile& file, const TagSet& tags, std::uint64_t size_limit) {
    DUBPLATE_TRY(const WavFile wav, inspect_wav(source));
    return WavRetagger(source, file, tags, size_limit, wav).run();
}

}  // namespace dubplate
