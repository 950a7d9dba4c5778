#include "formats/markers/text_lines.h"

#include "formats/markers/regions.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace dubplate {

namespace {

Result<std::string> decode_text(std::span<const std::byte> data) {
    if (data.size() > max_region_file_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("{} bytes, {} are allowed", data.size(), max_region_file_bytes));
    std::string text(data.size(), '\0');
    std::ranges::transform(data, text.begin(), [](std::byte b) { return static_cast<char>(b); });
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return fail(ErrorCode::unsupported, "the text is UTF-16", "save it as UTF-8");
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    if (text.find('\0') != std::string::npos)
        return fail(ErrorCode::corrupt, "not a text file: it holds zero bytes",
                    "give an Audacity label file or a CUE sheet");
    return utf8_or_latin1(text);
}

}  // namespace

Result<std::vector<TextLine>> read_text_lines(std::span<const std::byte> data) {
    DUBPLATE_TRY(const std::string text, decode_text(data));
    std::vector<TextLine> lines;
    int number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
        ++number;
        // An empty label ends in a tab, which is part of the line's form.
        const std::string_view line = std::string_view(text).substr(begin, end - begin);
        if (line.find_first_not_of(" \t") != std::string_view::npos)
            lines.push_back({number, std::string(line.substr(0, line.find_last_not_of(' ') + 1))});
        begin = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    }
    return lines;
}

Error line_error(int number, std::string message, std::string hint) {
    return fail(ErrorCode::corrupt, fmt::format("line {}: {}", number, message), std::move(hint));
}

}  // namespace dubplate
