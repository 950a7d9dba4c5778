#include <fmt/format.h>

#include "core/text.h"
#include "zip/zip_entry.h"

namespace dubplate {

namespace {

std::string_view fault_of(std::string_view name) {
    if (name.empty()) return "is empty";
    if (name.size() > zip::full16) return "is longer than 65535 bytes";
    if (!is_valid_utf8(name)) return "is not UTF-8";
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\')
            return "has a backslash or a control character";
    for (const std::string_view part : split(name, '/'))
        if (part.empty() || part == "." || part == "..") return "has an empty, \".\" or \"..\" part";
    return {};
}

}  // namespace

Status check_zip_name(std::string_view name) {
    const std::string_view fault = fault_of(name);
    if (fault.empty()) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("the entry's name '{}' {}", escape_control(truncate_utf8(name, 80)), fault));
}

}  // namespace dubplate
