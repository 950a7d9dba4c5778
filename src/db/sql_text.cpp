#include "db/sql_text.h"

#include "core/text.h"

namespace dubplate {

namespace {

// Where the quoted text or the comment that begins at `at` ends; `at` itself where neither begins there.
std::size_t skip_quoted(std::string_view sql, std::size_t at) {
    if (sql[at] == '\'' || sql[at] == '"') {
        const std::size_t end = sql.find(sql[at], at + 1);
        return end == std::string_view::npos ? sql.size() : end + 1;
    }
    if (sql.substr(at).starts_with("--")) {
        const std::size_t end = sql.find('\n', at);
        return end == std::string_view::npos ? sql.size() : end;
    }
    return at;
}

}  // namespace

std::string numbered_parameters(std::string_view sql) {
    std::string text;
    int count = 0;
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t end = skip_quoted(sql, at);
        if (end > at) {
            text += sql.substr(at, end - at);
            at = end;
        } else if (sql[at++] == '?') {
            text += ":p" + std::to_string(++count);
        } else {
            text += sql[at - 1];
        }
    }
    return text;
}

std::vector<std::string> split_statements(std::string_view script) {
    std::vector<std::string> statements;
    std::string current;
    const auto finish = [&] {
        if (const std::string_view text = trim(current); !text.empty()) statements.emplace_back(text);
        current.clear();
    };
    for (std::size_t at = 0; at < script.size();) {
        const std::size_t end = skip_quoted(script, at);
        if (end > at) {
            if (script[at] != '-') current += script.substr(at, end - at);
            at = end;
        } else if (script[at++] == ';') {
            finish();
        } else {
            current += script[at - 1];
        }
    }
    finish();
    return statements;
}

std::string_view own_words(std::string_view message) {
    const std::size_t end = message.find(": ");
    const bool named = end != std::string_view::npos &&
                       message.substr(0, end).find("::") != std::string_view::npos &&
                       message.substr(0, end).find(' ') == std::string_view::npos;
    return named ? message.substr(end + 2) : message;
}

std::string one_line(std::string_view text) {
    std::string line(trim(text));
    for (char& c : line)
        if (c == '\n' || c == '\t') c = ' ';
    return line;
}

}  // namespace dubplate
