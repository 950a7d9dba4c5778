#include "tags/containers.h"
#include "tags/render.h"

#include <algorithm>

namespace dubplate {

Result<Bytes> read_some(const ByteSource& source, std::uint64_t offset, std::size_t length) {
    const std::uint64_t left = source.size() > offset ? source.size() - offset : 0;
    Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(length, left)));
    DUBPLATE_TRY(const std::size_t got, source.read_at(offset, bytes));
    bytes.resize(got);
    return bytes;
}

Result<Metadata> read_tags(const ByteSource& source, std::string_view format_name,
                           std::vector<Loss>& losses) {
    if (format_name == "mp3") return read_mp3_tags(source, losses);
    if (format_name == "flac") return read_flac_tags(source, losses);
    if (format_name == "ogg" || format_name == "opus") return read_ogg_tags(source, losses);
    if (format_name == "m4a" || format_name == "mp4") return read_mp4_tags(source, losses);
    return Metadata{};
}

}  // namespace dubplate
