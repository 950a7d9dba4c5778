#include "organize/file_name.h"

#include "core/text.h"
#include "core/unicode.h"
#include "tags/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace dubplate {

namespace {

constexpr std::string_view untitled = "untitled";
constexpr std::string_view sample = "sample";  // requirements R3 B 6
constexpr std::size_t max_extension_bytes = 32;

bool is_forbidden(char32_t c) {
    constexpr std::u32string_view characters = U"<>:\"/\\|?*";
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
    // Overrides of the direction can make "gpj.exe" read as "exe.jpg".
    const bool turns_text = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return control || turns_text || c == 0xFEFF || characters.find(c) != std::u32string_view::npos;
}

bool is_sampler_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

std::string keep_for_desktop(std::string_view name) {
    std::string kept;
    for (std::size_t i = 0; i < name.size();) {
        const CodePoint point = decode_utf8(name, i);
        if (!point.valid || is_forbidden(point.value)) {
            kept += '_';
        } else {
            kept += name.substr(i, point.bytes);
        }
        i += point.bytes;
    }
    return kept;
}

std::string keep_for_sampler(std::string_view name) {
    std::string kept;
    for (const char c : fold_to_ascii(name)) {
        const char safe = is_sampler_character(c) ? c : '_';
        if (safe != '_' || !kept.ends_with('_')) kept += safe;  // one for a run of them
    }
    const auto first = kept.find_first_not_of("_-");
    if (first == std::string::npos) return {};
    return kept.substr(first, kept.find_last_not_of("_-") - first + 1);
}

void trim_edges(std::string& name) {
    while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.pop_back();
    name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
}

// Windows takes these for devices, in any case and with any extension.
bool is_device_name(std::string_view name) {
    constexpr std::array<std::string_view, 6> plain{"con", "prn", "aux", "nul", "conin$", "conout$"};
    std::string stem = fold_case(name.substr(0, name.find('.')));
    while (stem.ends_with(' ')) stem.pop_back();
    if (std::ranges::find(plain, stem) != plain.end()) return true;
    if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
    constexpr std::array<std::string_view, 3> superscripts{"\u00B9", "\u00B2", "\u00B3"};
    const std::string_view number = std::string_view(stem).substr(3);
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') ||
           std::ranges::find(superscripts, number) != superscripts.end();
}

void avoid_device_name(std::string& name) {
    if (is_device_name(name)) name.insert(std::min(name.find('.'), name.size()), 1, '_');
}

}  // namespace

std::string safe_name(std::string_view name, NameProfile profile, std::size_t max_bytes) {
    const std::string plain = without_escape_sequences(name);
    std::string safe = profile == NameProfile::desktop ? keep_for_desktop(plain) : keep_for_sampler(plain);
    trim_edges(safe);
    if (safe.starts_with('.')) safe[0] = '_';
    avoid_device_name(safe);
    safe.resize(truncate_utf8(safe, max_bytes).size());
    trim_edges(safe);  // the cut may have bared a dot or a space,
    while (profile == NameProfile::sampler && (safe.ends_with('_') || safe.ends_with('-')) &&
           !is_device_name(safe.substr(0, safe.size() - 1)))
        safe.pop_back();  // or what stands for one
    const std::string_view nothing = profile == NameProfile::sampler ? sample : untitled;
    return safe.empty() ? std::string(nothing.substr(0, max_bytes)) : safe;
}

std::string safe_file_name(std::string_view stem, std::string_view extension, NameProfile profile) {
    if (extension.empty()) return safe_name(stem, profile);
    const std::string safe_extension = safe_name(extension, profile, max_extension_bytes);
    return safe_name(stem, profile, max_name_bytes - safe_extension.size() - 1) + "." + safe_extension;
}

std::string UniqueNames::take(std::string_view path, std::string_view extension) {
    const auto slash = path.rfind('/');
    const std::string folder(slash == std::string_view::npos ? std::string_view{}
                                                             : path.substr(0, slash + 1));
    const std::string stem(slash == std::string_view::npos ? path : path.substr(slash + 1));

    std::string candidate = folder + safe_file_name(stem, extension, profile_);
    const std::string first = fold_case(candidate);
    int& count = counts_.try_emplace(first, 1).first->second;
    while (!taken_.insert(fold_case(candidate)).second) {
        ++count;
        const std::string suffix = profile_ == NameProfile::desktop ? " (" + std::to_string(count) + ")"
                                                                    : "_" + std::to_string(count);
        const std::size_t room =
            max_name_bytes - suffix.size() - std::min<std::size_t>(extension.size(), max_extension_bytes) - 1;
        candidate = folder + safe_file_name(safe_name(stem, profile_, room) + suffix, extension, profile_);
    }
    return candidate;
}

}  // namespace dubplate
