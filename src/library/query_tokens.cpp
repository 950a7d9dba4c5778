#include "library/query_tokens.h"

#include <algorithm>

namespace dubplate {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::size_t Token::find_plain(char c, std::size_t from) const {
    for (std::size_t at = from; at < text.size(); ++at)
        if (plain[at] && text[at] == c) return at;
    return std::string::npos;
}

bool Token::is_plain(std::string_view whole) const {
    return text == whole && std::ranges::all_of(plain, [](bool each) { return each; });
}

void Token::remove_prefix(std::size_t count) {
    text.erase(0, count);
    plain.erase(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(count));
    place.at += count;
    place.length -= count;
}

Result<std::vector<Token>> cut_query(std::string_view text, QueryPlace& place) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < text.size();) {
        if (is_space(text[at])) {
            ++at;
            continue;
        }
        Token token{.text = {}, .plain = {}, .place = {at, 0}};
        bool quoted = false;
        std::size_t quote = at;
        for (; at < text.size() && (quoted || !is_space(text[at])); ++at) {
            if (text[at] == '"') {
                quoted = !quoted;
                quote = at;
                continue;
            }
            const bool escaped = text[at] == '\\';
            if (escaped && ++at == text.size()) {
                place = {at - 1, 1};
                return fail(ErrorCode::invalid_argument, "query: nothing follows the \\");
            }
            token.text += text[at];
            token.plain.push_back(!quoted && !escaped);
        }
        if (quoted) {
            place = {quote, text.size() - quote};
            return fail(ErrorCode::invalid_argument, "query: the quote is not closed");
        }
        token.place.length = at - token.place.at;
        tokens.push_back(std::move(token));
    }
    return tokens;
}

}  // namespace dubplate
