#include "db/url.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/text.h"

namespace dubplate {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::array<std::string_view, 2> postgresql_schemes{"postgresql://", "postgres://"};

// "postgresql://me:secret@host/x" without the secret.
std::string without_password(std::string url) {
    const std::size_t begin = url.find("://") + 3;
    const std::size_t at = url.find('@', begin);
    const std::size_t colon = url.find(':', begin);
    if (at != std::string::npos && colon < at) url.erase(colon, at - colon);
    const std::size_t key = url.find("password=");
    if (key != std::string::npos) url.erase(key, url.find('&', key) - key);
    return url;
}

bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\'' || c == '\\' || c == ' ';
    });
}

std::string decode_percent(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            return std::string_view("0123456789abcdef")
                .find(at < text.size() ? static_cast<char>(text[at] | 0x20) : ' ');
        };
        const bool coded = text[i] == '%' && digit(i + 1) < 16 && digit(i + 2) < 16;
        decoded += coded ? static_cast<char>(digit(i + 1) * 16 + digit(i + 2)) : text[i];
        if (coded) i += 2;
    }
    return decoded;
}

void add_part(std::string& parts, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    parts += (parts.empty() ? "" : " ") + std::string(key) + "='" + decode_percent(value) + "'";
}

// SOCI adds words of its own to the connection string, so the URL becomes the form with keys.
std::string connection_string(std::string_view rest) {
    std::string parts;
    const std::size_t query = std::min(rest.find('?'), rest.size());
    const std::string_view address = rest.substr(0, query);
    const std::size_t slash = std::min(address.find('/'), address.size());
    std::string_view host = address.substr(0, slash);
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
        const std::string_view user = host.substr(0, at);
        const std::size_t colon = std::min(user.find(':'), user.size());
        add_part(parts, "user", user.substr(0, colon));
        add_part(parts, "password", user.substr(std::min(colon + 1, user.size())));
        host.remove_prefix(at + 1);
    }
    const std::size_t colon = std::min(host.rfind(':'), host.size());
    add_part(parts, "host", host.substr(0, colon));
    add_part(parts, "port", host.substr(std::min(colon + 1, host.size())));
    add_part(parts, "dbname", address.substr(std::min(slash + 1, address.size())));
    if (query < rest.size()) {
        for (const std::string_view pair : split(rest.substr(query + 1), '&')) {
            const std::size_t equals = std::min(pair.find('='), pair.size());
            add_part(parts, pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
        }
    }
    return parts;
}

}  // namespace

Result<DatabaseUrl> parse_database_url(const std::string& text) {
    if (text.empty()) return fail(ErrorCode::invalid_argument, "the catalog's name is empty");
    for (const std::string_view scheme : postgresql_schemes) {
        if (!text.starts_with(scheme)) continue;
        const std::string name = without_password(text);
        if (!is_plain(decode_percent(text)))
            return fail(ErrorCode::invalid_argument,
                        escape_control(name) + ": holds a quote, a space or a control character");
        return DatabaseUrl{Dialect::postgresql, connection_string(text.substr(scheme.size())), name};
    }
    if (text == in_memory_url) return DatabaseUrl{Dialect::sqlite, ":memory:", "the catalog in memory"};
    const bool named = text.starts_with(sqlite_scheme);
    if (!named && text.find("://") != std::string::npos)
        return fail(ErrorCode::invalid_argument,
                    escape_control(text.substr(0, text.find("://"))) + "://: is no database that is known",
                    "use sqlite:PATH or postgresql://user@host/name");
    const std::string path = named ? text.substr(sqlite_scheme.size()) : text;
    if (path.empty() || path.find('"') != std::string::npos || path.starts_with(":"))
        return fail(ErrorCode::invalid_argument,
                    "\"" + escape_control(path) + "\": is no path for a catalog");
    return DatabaseUrl{Dialect::sqlite, path, path};
}

Status prepare_sqlite_file(const std::string& path, bool create) {
    if (path == ":memory:") return {};
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        if (!create)
            return fail(ErrorCode::not_found, path + ": there is no catalog yet",
                        "add files to make it: dubplate library add DIR");
        const auto folder = std::filesystem::path(path).parent_path();
        if (folder.empty()) return {};
        std::filesystem::create_directories(folder, error);
        if (error) return system_error(error.value(), folder.string());
        return {};
    }
    if (status.type() != std::filesystem::file_type::regular)
        return fail(ErrorCode::invalid_argument, path + ": is not a file");
    // https://www.sqlite.org/fileformat.html section 1.3.1
    constexpr std::string_view magic("SQLite format 3\0", 16);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::io, path + ": cannot be read", "check the permissions");
    std::array<char, magic.size()> head{};
    file.read(head.data(), head.size());
    if (file.gcount() > 0 && std::string_view(head.data(), head.size()) != magic)
        return fail(ErrorCode::corrupt, path + ": is no SQLite database, or its beginning is damaged",
                    "it was left as it is; restore it from a backup, or name another one with --catalog");
    return {};
}

}  // namespace dubplate
