// file_name.h: names that every file system takes, made from names that people write.
//
// What     safe_name() turns any text into one component of a path; UniqueNames keeps the names of one batch
// apart. Profiles `desktop` keeps Unicode and replaces with "_" only what some file system forbids: < > : " /
// \ | ? *, control
//          characters, marks that turn the direction of text, bytes that are not UTF-8, and a leading dot,
//          which would hide the file. `sampler` keeps ASCII letters, digits, "_" and "-"; accents are
//          dropped.
// Safety   the result is never empty, ".", "..", a path, or a device name of Windows (CON, NUL, COM1, ...),
// and never
//          ends in a dot or a space.
// Lengths  at most 255 bytes, cut between code points, the extension kept: the limit of ext4, APFS and NTFS.
// Threads  free functions are pure; UniqueNames is thread-compatible.
// Sources  Microsoft, "Naming Files, Paths, and Namespaces"; requirements, settled conflict 1.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace dubplate {

enum class NameProfile { desktop, sampler };

inline constexpr std::size_t max_name_bytes = 255;

// One path component. What has nothing to keep becomes "untitled", or "sample" for samplers.
std::string safe_name(std::string_view name, NameProfile profile = NameProfile::desktop,
                      std::size_t max_bytes = max_name_bytes);

// "stem.extension", cut in the stem. The extension is without the dot; empty: none.
std::string safe_file_name(std::string_view stem, std::string_view extension,
                           NameProfile profile = NameProfile::desktop);

// Gives each path of a batch once: "Name.wav", then "Name (2).wav" ("Name_2.wav" for samplers). Names that
// differ in case alone collide, as they do on FAT, NTFS and APFS. The same calls in the same order give the
// same names.
class UniqueNames {
  public:
    UniqueNames() = default;
    explicit UniqueNames(NameProfile profile) : profile_(profile) {}

    // `path` is a relative path without extension, its components already safe.
    std::string take(std::string_view path, std::string_view extension);

  private:
    NameProfile profile_ = NameProfile::desktop;
    std::set<std::string> taken_;        // folded to lower case
    std::map<std::string, int> counts_;  // where to go on counting, so that a thousand equal names stay quick
};

}  // namespace dubplate
