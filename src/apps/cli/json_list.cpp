#include "apps/cli/json_list.h"

#include <cstdio>
#include <string>

namespace dubplate::cli {

namespace {

// Without its final line feed, the lines after the first four spaces further in. No line feed stands within a value: there it is \n.
std::string indented(const Json& item) {
    const std::string plain = dump_json(item);
    std::string text;
    text.reserve(plain.size() * 5 / 4);
    for (const char c : std::string_view(plain).substr(0, plain.size() - 1)) {
        text += c;
        if (c == '\n') text += "    ";
    }
    return text;
}

}  // namespace

void JsonList::item(const Json& item) {
    std::fputs(begun_ ? ",\n    " : "{\n  \"items\": [\n    ", stdout);
    std::fputs(indented(item).c_str(), stdout);
    begun_ = true;
}

void JsonList::finish(const Json& summary) {
    finish_with({{"summary", summary}});
}

void JsonList::finish_with(const Json& others) {
    std::fputs(begun_ ? "\n  ],\n" : "{\n  \"items\": [],\n", stdout);
    std::fputs(dump_json(others).c_str() + 2, stdout);  // without its "{" and line feed
}

}  // namespace dubplate::cli
