#include "tags/fields.h"
#include "tags/id3v2.h"
#include "tags/id3v2_genre.h"
#include "tags/render.h"
#include "tags/vorbis.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

constexpr std::size_t max_vorbis_chapters = 999;     // CHAPTER001 to CHAPTER999
constexpr std::size_t max_aiff_label_bytes = 255;    // a Pascal string
constexpr std::size_t picture_block_overhead = 128;  // type, MIME type, sizes

void add_flac_losses(const TagSet& tags, std::vector<Loss>& losses) {
    const auto& cover = tags.metadata.cover;
    if (cover && cover->data.size() > max_comment_block_bytes - picture_block_overhead) {
        losses.push_back(
            {"cover", fmt::format("a FLAC picture block holds less than 16 MiB, the cover has {} bytes",
                                  cover->data.size())});
    }
    const std::size_t fitting = custom_tags_that_fit(tags);
    if (fitting < tags.metadata.custom.size()) {
        losses.push_back({fmt::format("{} custom tags", tags.metadata.custom.size() - fitting),
                          "a FLAC comment block holds less than 16 MiB"});
    }
}

bool has_regions(const TagSet& tags) {
    return std::ranges::any_of(tags.markers, [](const Marker& m) { return m.length_frames > 0; });
}

// Chapters: to the millisecond, and in FLAC without an end.
void add_chapter_losses(const TagSet& tags, bool flac, std::vector<Loss>& losses) {
    if (tags.markers.empty()) return;
    const std::string_view title = flac ? "FLAC" : "MP3";
    const std::size_t most = flac ? max_vorbis_chapters : max_id3_chapters;
    if (!flac && tags.sample_rate_hz <= 0) {
        losses.push_back({"markers", "MP3 chapters are times, and the sample rate is not known"});
        return;
    }
    if (tags.markers.size() > most) {
        losses.push_back({fmt::format("{} markers", tags.markers.size() - most),
                          fmt::format("{} holds {} chapters", title, most)});
    }
    if (flac && has_regions(tags)) {
        losses.push_back({"lengths of markers", "FLAC chapters have a beginning alone"});
    }
    losses.push_back({"places of markers", fmt::format("{} chapters are rounded to milliseconds", title)});
}

void add_aiff_losses(const TagSet& tags, std::vector<Loss>& losses) {
    if (has_regions(tags)) losses.push_back({"lengths of markers", "AIFF markers are points"});
    const bool long_label = std::ranges::any_of(
        tags.markers, [](const Marker& m) { return m.label.size() > max_aiff_label_bytes; });
    if (long_label) {
        losses.push_back(
            {"labels of markers", fmt::format("AIFF cuts them at {} bytes", max_aiff_label_bytes)});
    }
}

void add_id3_losses(const TagSet& tags, std::vector<Loss>& losses) {
    const auto& genre = tags.metadata.genre;
    if (const auto read = read_id3_genre(write_id3_genre(genre)); read != genre) {
        losses.push_back({"tag genre", fmt::format("ID3v2 reads {} as {}", shown(genre), shown(read))});
    }
}

}  // namespace

std::vector<Loss> tag_losses(const TagSet& tags, std::string_view format_name) {
    std::vector<Loss> losses;
    const bool flac = format_name == "flac";
    if (flac) {
        add_flac_losses(tags, losses);
    } else {
        add_id3_losses(tags, losses);
    }
    // WAV and AIFF hold markers and the loop in chunks of their own.
    if (format_name == "aiff") add_aiff_losses(tags, losses);
    if (!flac && format_name != "mp3") return losses;
    add_chapter_losses(tags, flac, losses);
    if (tags.loop) losses.push_back({"loop", fmt::format("{} has no place for it", flac ? "FLAC" : "MP3")});
    return losses;
}

}  // namespace dubplate
