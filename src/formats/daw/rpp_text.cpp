#include "formats/daw/rpp_text.h"

#include "core/text.h"
#include "formats/daw/line_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace dubplate {

namespace {

constexpr std::string_view white = " \t";
constexpr std::string_view quotes = "\"'`";

// Takes the next line off the text, with its line end.
std::string_view take_line(std::string_view& rest) {
    std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    if (end < rest.size()) end += rest.substr(end).starts_with("\r\n") ? 2U : 1U;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    return line;
}

RppLine line_of(std::string_view whole) {
    RppLine line;
    line.whole = whole;
    std::string_view text = whole;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const std::size_t begin = std::min(text.find_first_not_of(white), text.size());
    line.indent = text.substr(0, begin);
    text.remove_prefix(begin);
    line.text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    if (line.text.starts_with('<')) line.kind = RppKind::open;
    if (line.text == ">") line.kind = RppKind::close;
    return line;
}

std::string_view take_word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(white), rest.size()));
    const bool quoted = !rest.empty() && quotes.find(rest.front()) != std::string_view::npos;
    const std::size_t begin = quoted ? 1 : 0;
    const std::size_t end =
        std::min(quoted ? rest.find(rest.front(), 1) : rest.find_first_of(white), rest.size());
    const std::string_view word = rest.substr(begin, end - begin);
    rest.remove_prefix(std::min(end + begin, rest.size()));
    return word;
}

std::string_view words_text(const RppLine& line) {
    return line.kind == RppKind::open ? line.text.substr(1) : line.text;
}

char quote_for(std::string_view word) {
    for (const char quote : quotes)
        if (word.find(quote) == std::string_view::npos) return quote;
    return quotes.back();
}

}  // namespace

Error rpp_error(std::size_t index, std::string message, std::string hint) {
    return fail(ErrorCode::corrupt, fmt::format("line {}: {}", index + 1, message), std::move(hint));
}

Result<std::vector<RppLine>> scan_rpp(std::string_view text) {
    if (text.size() > max_rpp_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("the project has {}; at most {} are read", format_bytes(text.size()),
                                format_bytes(max_rpp_bytes)));
    std::vector<RppLine> lines;
    std::vector<std::size_t> open;
    while (!text.empty()) {
        const std::size_t index = lines.size();
        RppLine line = line_of(take_line(text));
        if (index == max_rpp_lines)
            return fail(ErrorCode::limit_exceeded, fmt::format("more than {} lines", max_rpp_lines));
        if (line.whole.size() > max_rpp_line_bytes)
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("line {}: longer than {}", index + 1, format_bytes(max_rpp_line_bytes)));
        if (line.whole.find('\0') != std::string_view::npos)
            return rpp_error(index, "zero bytes, which no text has", "give a REAPER project as UTF-8");
        if (line.kind == RppKind::close) {
            if (open.empty()) return rpp_error(index, "a '>' that closes nothing");
            lines[open.back()].close = index;
            open.pop_back();
        }
        line.depth = static_cast<int>(open.size());
        if (line.kind == RppKind::open) {
            if (line.depth == max_rpp_depth)
                return fail(
                    ErrorCode::limit_exceeded,
                    fmt::format("line {}: more than {} blocks in each other", index + 1, max_rpp_depth));
            open.push_back(index);
        }
        lines.push_back(line);
    }
    if (!open.empty())
        return rpp_error(
            open.back(),
            fmt::format("the block {} is not closed", escape_control(lines[open.back()].text.substr(0, 40))),
            "each '<' needs a line with '>'");
    return lines;
}

std::vector<std::string> rpp_words(const RppLine& line) {
    std::vector<std::string> words;
    std::string_view rest = words_text(line);
    while (rest.find_first_not_of(white) != std::string_view::npos) words.emplace_back(take_word(rest));
    return words;
}

std::string_view rpp_key(const RppLine& line) {
    std::string_view rest = words_text(line);
    return take_word(rest);
}

std::string quote_rpp(std::string_view word) {
    const char quote = quote_for(word);
    return quote + rpp_word_as_kept(word) + quote;
}

std::string rpp_word_as_kept(std::string_view word) {
    std::string kept = as_line(word);
    if (kept.find(quote_for(kept)) != std::string::npos) std::ranges::replace(kept, '`', '\'');
    return kept;
}

std::string rpp_number(double value) {
    std::string text = fmt::format("{:.15f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text == "-0" ? "0" : text;
}

}  // namespace dubplate
