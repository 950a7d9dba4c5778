// name_bytes.h: what holds for the names that any template makes of any values.
//
// What     up to the first line feed the bytes are a template, after it the value of its fields. No path comes out of
//          the value, and each part of the name is one that every file system takes.
#pragma once

#include "core/text.h"
#include "organize/name_template.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace dubplate {

// How many names were made.
inline int check_names(std::string_view bytes) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const auto parsed = NameTemplate::parse(bytes.substr(0, end));
    if (!parsed) return 0;
    const std::string value(bytes.substr(std::min(end + 1, bytes.size())));
    NameValues values;
    values.input = values.metadata.title = values.metadata.artist = values.region = value;
    values.metadata.track.number = static_cast<int>(bytes.size());
    values.integrated_lufs = -static_cast<double>(bytes.size());
    int made = 0;
    for (const NameProfile profile : {NameProfile::desktop, NameProfile::sampler}) {
        const auto path = parsed->render(values, profile);
        if (!path) continue;
        DUBPLATE_ASSERT(!path->empty() && is_valid_utf8(*path));
        for (const std::string_view name : split(*path, '/')) {
            DUBPLATE_ASSERT(!name.empty() && name.size() <= max_name_bytes && name != "." && name != "..");
            DUBPLATE_ASSERT(safe_name(name, profile) == name);
        }
        ++made;
    }
    return made;
}

}  // namespace dubplate
