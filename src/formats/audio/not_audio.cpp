#include "formats/audio/not_audio.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace dubplate {

namespace {

using std::string_view_literals::operator""sv;

struct Magic {
    std::size_t offset;
    std::string_view bytes;
    std::string_view what;
};

constexpr std::array magics{
    Magic{0, "\x89PNG\r\n\x1a\n"sv, "a PNG picture"},
    Magic{0, "\xff\xd8\xff"sv, "a JPEG picture"},
    Magic{0, "GIF87a"sv, "a GIF picture"},
    Magic{0, "GIF89a"sv, "a GIF picture"},
    Magic{8, "WEBP"sv, "a WebP picture"},
    Magic{0, "II*\0"sv, "a TIFF picture"},
    Magic{0, "MM\0*"sv, "a TIFF picture"},
    Magic{4, "ftypavif"sv, "an AVIF picture"},
    Magic{4, "ftypheic"sv, "a HEIC picture"},
    Magic{8, "AVI LIST"sv, "an AVI video"},
    Magic{0, "\x1a\x45\xdf\xa3"sv, "a Matroska or WebM video"},
    Magic{0, "%PDF-"sv, "a PDF document"},
    Magic{0, "PK\3\4"sv, "a ZIP archive"},
    Magic{0, "PK\5\6"sv, "a ZIP archive"},
    Magic{0, "Rar!\x1a\7"sv, "a RAR archive"},
    Magic{0, "7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive"},
    Magic{0, "\x1f\x8b"sv, "a gzip archive"},
    Magic{0, "MThd"sv, "a MIDI file: notes"},
    Magic{0,
          "\x7f"
          "ELF"sv,
          "a program"},
    Magic{0, "SQLite format 3\0"sv, "a SQLite database"},
};

constexpr std::array<std::string_view, 12> audio_extensions{
    ".wav", ".aif", ".aiff", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".wma", ".m3u8", ".mp4"};

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

std::string_view trim(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool is_text(std::string_view head) {
    return !head.empty() && std::all_of(head.begin(), head.end(), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code >= 0x80 || (code >= 0x20 && code != 0x7F) || c == '\n' || c == '\r' || c == '\t' ||
               c == '\f';
    });
}

// Bytes from 0x80 up alone are no text in any encoding that is still met: most of it is ASCII.
bool is_mostly_ascii(std::string_view head) {
    const auto high = std::count_if(head.begin(), head.end(), [](char c) { return (c & 0x80) != 0; });
    return static_cast<std::size_t>(high) * 2 <= head.size();
}

// UTF-16 with a byte order mark, told by the zero in each second byte.
bool is_utf16_text(std::string_view head) {
    if (head.size() < 8 || (!head.starts_with("\xff\xfe") && !head.starts_with("\xfe\xff"))) return false;
    const std::size_t zero = head.starts_with("\xff\xfe") ? 1 : 0;
    for (std::size_t i = 2; i + 1 < std::min<std::size_t>(head.size(), 64); i += 2)
        if (head[i + zero] != '\0' || head[i + 1 - zero] == '\0') return false;
    return true;
}

// The first line that is neither empty nor a comment.
std::string_view first_entry(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trim(text.substr(0, end));
        if (!line.empty() && line.front() != '#') return line;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

bool names_audio(std::string_view line) {
    const std::string name = lower(line);
    return std::any_of(audio_extensions.begin(), audio_extensions.end(),
                       [&](std::string_view extension) { return name.ends_with(extension); });
}

bool is_cue_sheet(std::string_view text) {
    const std::string all = lower(text);
    return all.find("file \"") != std::string::npos && all.find("track ") != std::string::npos;
}

Error refuse_playlist(std::string_view kind) {
    return fail(ErrorCode::unsupported,
                fmt::format("is {}: a playlist that points to other files, not audio", kind),
                "export those files themselves");
}

Error refuse_text(std::string_view text) {
    const std::string start = lower(trim(text).substr(0, 512));
    if (start.find("#ext-x-") != std::string::npos) return refuse_playlist("an HLS playlist");
    if (start.starts_with("#extm3u")) return refuse_playlist("an M3U playlist");
    if (start.starts_with("[playlist]")) return refuse_playlist("a PLS playlist");
    if (start.find("<playlist") != std::string::npos && start.find("xspf") != std::string::npos)
        return refuse_playlist("an XSPF playlist");
    if (start.starts_with("<asx")) return refuse_playlist("an ASX playlist");
    if (is_cue_sheet(text)) {
        return fail(ErrorCode::unsupported, "is a cue sheet that points to another file, not audio",
                    "export that file, with this one as --split FILE");
    }
    if (start.starts_with("<!doctype html") || start.starts_with("<html"))
        return fail(ErrorCode::unsupported, "is a web page, not audio");
    if (names_audio(first_entry(text))) return refuse_playlist("an M3U playlist");
    return fail(ErrorCode::unsupported, "is plain text, not audio");
}

}  // namespace

std::optional<Error> refuse_not_audio(std::span<const std::byte> head) {
    std::string bytes;
    for (const std::byte b : head) bytes += static_cast<char>(b);
    std::string_view view = bytes;
    for (const Magic& magic : magics) {
        if (view.substr(std::min(magic.offset, view.size())).starts_with(magic.bytes))
            return fail(ErrorCode::unsupported, fmt::format("is {}, not audio", magic.what));
    }
    if (view.starts_with("\xef\xbb\xbf")) view.remove_prefix(3);
    if (is_text(view) && is_mostly_ascii(view)) return refuse_text(view);
    if (is_utf16_text(view)) return fail(ErrorCode::unsupported, "is plain text, not audio");
    return std::nullopt;
}

}  // namespace dubplate
