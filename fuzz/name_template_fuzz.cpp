// Any template and any value of its fields: up to the first line feed the bytes are a template, after it the value. No
// path comes out of the value, and each part of the name is one that every file system takes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/text.h"
#include "organize/name_template.h"

namespace dubplate {

namespace {

void check_names(std::string_view bytes) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const auto parsed = NameTemplate::parse(bytes.substr(0, end));
    if (!parsed) return;
    const std::string value(bytes.substr(std::min(end + 1, bytes.size())));
    NameValues values;
    values.input = values.metadata.title = values.metadata.artist = values.region = value;
    values.metadata.track.number = static_cast<int>(bytes.size());
    values.integrated_lufs = -static_cast<double>(bytes.size());
    for (const NameProfile profile : {NameProfile::desktop, NameProfile::sampler}) {
        const auto path = parsed->render(values, profile);
        if (!path) continue;
        DUBPLATE_ASSERT(!path->empty() && is_valid_utf8(*path));
        for (const std::string_view name : split(*path, '/')) {
            DUBPLATE_ASSERT(!name.empty() && name.size() <= max_name_bytes && name != "." && name != "..");
            DUBPLATE_ASSERT(safe_name(name, profile) == name);
        }
    }
}

}  // namespace

}  // namespace dubplate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dubplate::check_names(std::string(data, data + size));
    return 0;
}
