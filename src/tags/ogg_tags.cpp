#include "tags/containers.h"
#include "tags/vorbis.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

constexpr std::size_t max_packet_bytes = 64 * 1024 * 1024;
constexpr int max_pages = 20000;  // 64 KiB each at most: more than a packet of the largest size needs
constexpr std::size_t page_header_bytes = 27;
constexpr std::size_t max_segments = 255;

struct Page {
    std::uint32_t serial = 0;
    Bytes lacing;  // one length for each segment
    std::uint64_t body_at = 0;
    std::uint64_t next_at = 0;
};

// None: no page begins there.
Result<std::optional<Page>> page_at(const ByteSource& source, std::uint64_t at) {
    DUBPLATE_TRY(const Bytes head, read_some(source, at, page_header_bytes + max_segments));
    if (head.size() < page_header_bytes || !has_text(head, 0, "OggS")) return std::optional<Page>();
    const std::size_t segments = u8(head, 26);
    if (head.size() < page_header_bytes + segments) return std::optional<Page>();
    Page page{le32(head, 14), {}, at + page_header_bytes + segments, 0};
    const ByteView lacing = slice(head, page_header_bytes, segments);
    page.lacing.assign(lacing.begin(), lacing.end());
    page.next_at = page.body_at;
    for (const std::byte length : page.lacing) page.next_at += std::to_integer<std::uint64_t>(length);
    return std::optional(std::move(page));
}

// The first packets of the first logical stream, one after the other.
class PacketReader {
  public:
    explicit PacketReader(const ByteSource& source) : source_(source) {}

    // Empty: there is none, or it is too long.
    Result<Bytes> next() {
        Bytes packet;
        while (packet.size() <= max_packet_bytes) {
            if (segment_ == page_.lacing.size()) {
                DUBPLATE_TRY(const bool more, next_page());
                if (!more) return Bytes{};
                continue;
            }
            // All segments of the packet in this page at once.
            std::size_t length = 0;
            bool ends = false;
            while (segment_ < page_.lacing.size() && !ends) {
                const auto size = std::to_integer<std::size_t>(page_.lacing[segment_++]);
                length += size;
                ends = size < 255;
            }
            DUBPLATE_TRY(const Bytes part, read_some(source_, body_at_, length));
            if (part.size() < length) return Bytes{};
            body_at_ += length;
            packet.insert(packet.end(), part.begin(), part.end());
            if (ends) return packet;
        }
        return Bytes{};
    }

  private:
    Result<bool> next_page() {
        while (pages_++ < max_pages) {
            DUBPLATE_TRY(auto page, page_at(source_, page_.next_at));
            if (!page) return false;
            const bool first = !serial_;
            if (first) serial_ = page->serial;
            const bool ours = page->serial == *serial_;
            page_ = *std::move(page);
            segment_ = ours ? 0 : page_.lacing.size();
            body_at_ = page_.body_at;
            if (ours) return true;
        }
        return false;
    }

    const ByteSource& source_;
    Page page_;
    std::size_t segment_ = 0;
    std::uint64_t body_at_ = 0;
    std::optional<std::uint32_t> serial_;
    int pages_ = 0;
};

struct Mapping {
    std::string_view first_packet;   // begins so
    std::string_view comment_magic;  // the second packet begins so; the block follows
};

constexpr std::array<Mapping, 4> mappings{{{"\x01vorbis", "\x03vorbis"},
                                           {"OpusHead", "OpusTags"},
                                           {"Speex   ", ""},
                                           {"\x7F"
                                            "FLAC",
                                            ""}}};

// In Ogg FLAC the second packet is a whole metadata block: a header of four bytes first.
std::size_t block_begin(const Mapping& mapping) {
    return mapping.first_packet ==
                   "\x7F"
                   "FLAC"
               ? 4
               : mapping.comment_magic.size();
}

}  // namespace

Result<Metadata> read_ogg_tags(const ByteSource& source, std::vector<Loss>& losses) {
    PacketReader packets(source);
    DUBPLATE_TRY(const Bytes first, packets.next());
    for (const Mapping& mapping : mappings) {
        if (!has_text(first, 0, mapping.first_packet)) continue;
        DUBPLATE_TRY(const Bytes second, packets.next());
        TagCollector collector(losses);
        if (second.empty() || !has_text(second, 0, mapping.comment_magic)) {
            collector.tell("Ogg comments", "the packet is missing, cut off or too long");
            return Metadata{};
        }
        collect_vorbis_comments(split_vorbis_block(slice(second, block_begin(mapping)), losses), collector);
        return collector.finish();
    }
    return Metadata{};
}

}  // namespace dubplate
