// param_lists.h: lists of objects in a spec's JSON, each object described by a table of its own.
//
// JSON     {"tracks": [{...}, ...]}; an absent or null list is empty.
// Errors   invalid_argument with the place: "tracks[2]: pann: unknown key"; limit_exceeded.
// Threads  pure functions.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/params.h"

namespace dubplate {

inline constexpr std::size_t most_list_entries = 10'000;

template <class T>
Status read_list(const Json& json, const char* key, const ParamTable<T>& table, std::vector<T>& list) {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) return {};
    if (!found->is_array())
        return fail(ErrorCode::invalid_argument, fmt::format("{}: must be a list of objects", key));
    if (found->size() > most_list_entries)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("{}: {} entries; at most {}", key, found->size(), most_list_entries));
    for (std::size_t i = 0; i < found->size(); ++i) {
        const std::string place = fmt::format("{}[{}]", key, i);
        const Json& entry = (*found)[i];
        if (!entry.is_object()) return fail(ErrorCode::invalid_argument, place + ": must be an object");
        Result<T> read = table.read(entry);
        if (!read) return std::move(read).error().in_context(place);
        list.push_back(*std::move(read));
    }
    return {};
}

template <class T>
Json write_list(const std::vector<T>& list, const ParamTable<T>& table) {
    Json json = Json::array();
    for (const T& entry : list) json.push_back(table.write(entry));
    return json;
}

template <class T>
Json list_schema(const ParamTable<T>& table, const char* title) {
    Json items = make_schema(table.params(), title);
    items.erase("$schema");
    return {{"type", "array"}, {"items", std::move(items)}};
}

}  // namespace dubplate
