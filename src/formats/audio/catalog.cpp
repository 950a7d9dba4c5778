#include "formats/audio/format.h"
#include "formats/audio/not_audio.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace dubplate {

#define ENTRY(name) extern const AudioFormat name##_format;
#include "formats/audio/catalog.def"
#undef ENTRY

namespace {

constexpr std::array catalog{
#define ENTRY(name) &name##_format,
#include "formats/audio/catalog.def"
#undef ENTRY
};

constexpr std::size_t head_bytes = 4096;
constexpr int max_stacked_id3 = 8;  // a player that tags a file anew without looking leaves two or three

Result<Bytes> read_head(const ByteSource& source, std::uint64_t offset) {
    Bytes head(head_bytes);
    DUBPLATE_TRY(const std::size_t got, source.read_at(offset, head));
    head.resize(got);
    return head;
}

// How long the ID3v2 tag is that starts here; 0: there is none. Source: ID3v2.4 structure, 3.1 and 3.4.
std::uint64_t id3v2_bytes(std::span<const std::byte> head) {
    if (head.size() < 10) return 0;
    const auto byte = [&](std::size_t i) { return std::to_integer<unsigned>(head[i]); };
    if (byte(0) != 'I' || byte(1) != 'D' || byte(2) != '3' || byte(3) == 0xFF || byte(4) == 0xFF) return 0;
    std::uint64_t size = 0;
    for (std::size_t i = 6; i < 10; ++i) {
        if (byte(i) >= 0x80) return 0;
        size = size * 128 + byte(i);
    }
    const bool has_footer = (byte(5) & 0x10) != 0;
    return size + (has_footer ? 20 : 10);
}

const AudioFormat* recognize(std::span<const std::byte> head) {
    const auto found = std::find_if(catalog.begin(), catalog.end(),
                                    [&](const AudioFormat* format) { return format->recognizes(head); });
    return found == catalog.end() ? nullptr : *found;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char left, char right) { return lower(left) == lower(right); });
}

Error refuse_unknown() {
    std::string titles;
    for (const AudioFormat* format : catalog) {
        if (!titles.empty()) titles += ", ";
        titles += format->title;
    }
    return fail(ErrorCode::unsupported, "is in no audio format that is known here",
                fmt::format("these are read: {}", titles));
}

// The content behind ID3v2 tags: MP3, FLAC and AAC files often have one in front, also where it has no place.
Result<const AudioFormat*> sniff(const ByteSource& source) {
    std::uint64_t offset = 0;
    DUBPLATE_TRY(Bytes head, read_head(source, offset));
    for (int tags = 0; tags < max_stacked_id3 && id3v2_bytes(head) != 0; ++tags) {
        offset += id3v2_bytes(head);
        if (offset >= source.size()) return fail(ErrorCode::corrupt, "ends within its ID3 tag");
        DUBPLATE_TRY(head, read_head(source, offset));
    }
    if (std::optional<Error> refusal = refuse_not_audio(head)) return *std::move(refusal);
    const AudioFormat* format = recognize(head);
    // Behind an ID3 tag there is hardly ever anything else, and its frames may start after some padding.
    if (format == nullptr && offset > 0) format = find_audio_format("mp3");
    if (format == nullptr) return refuse_unknown();
    return format;
}

}  // namespace

std::span<const AudioFormat* const> audio_formats() {
    return catalog;
}

const AudioFormat* find_audio_format(std::string_view name) {
    const auto found = std::find_if(catalog.begin(), catalog.end(),
                                    [&](const AudioFormat* format) { return format->name == name; });
    return found == catalog.end() ? nullptr : *found;
}

const AudioFormat* find_format_by_extension(std::string_view extension) {
    for (const AudioFormat* format : catalog) {
        for (const std::string_view candidate : format->extensions)
            if (same_ignoring_case(candidate, extension)) return format;
    }
    return nullptr;
}

Result<std::unique_ptr<AudioReader>> open_audio(const ByteSource& source) {
    if (source.size() == 0) return fail(ErrorCode::corrupt, "is empty");
    DUBPLATE_TRY(const AudioFormat* format, sniff(source));
    return format->open(source);
}

}  // namespace dubplate
