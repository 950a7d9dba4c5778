#include "exports/stems/track_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/text.h"
#include "core/unicode.h"

namespace dubplate {

namespace {

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool holds_something(std::string_view name) {
    return std::ranges::any_of(name, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || std::isalnum(byte) != 0;
    });
}

// Tags and projects hold lines of UTF-8 without space around them.
std::string in_one_line(std::string_view text) {
    std::string line = to_valid_utf8(text);
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return std::string(trim(line));
}

// The digits from `at` on, without zeros in front.
std::string_view number_at(std::string_view text, std::size_t at) {
    std::size_t begin = at;
    while (begin < text.size() && text[begin] == '0') ++begin;
    std::size_t end = begin;
    while (end < text.size() && is_digit(text[end])) ++end;
    return text.substr(begin, end - begin);
}

}  // namespace

std::string TrackNames::take(std::string_view wanted, std::size_t number) {
    const std::string line = in_one_line(wanted);
    const std::string name = holds_something(line) ? line : fmt::format("Track {}", number);
    const std::string safe = safe_name(name);
    const std::string taken = names_.take(safe, "");
    return taken.starts_with(safe) ? name + taken.substr(safe.size()) : taken;
}

bool natural_less(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            const std::string_view left = number_at(a, i);
            const std::string_view right = number_at(b, j);
            if (left.size() != right.size()) return left.size() < right.size();
            if (left != right) return left < right;
            i = static_cast<std::size_t>(left.data() + left.size() - a.data());
            j = static_cast<std::size_t>(right.data() + right.size() - b.data());
        } else {
            if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

}  // namespace dubplate
