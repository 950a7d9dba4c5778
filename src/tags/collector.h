// collector.h: gathers what one file says about itself into a Metadata.
//
// What     the readers of tags hand over names and values as they find them; the collector knows which are fields,
//          which are custom tags, which describe the old encoding, and what to do with a second value.
// Repeats  artists, genres and custom tags are joined with "; ", comments with a newline; of all others the first
//          one counts. Pictures: the front cover, else the first.
// Hostile  bounded in number and size; what is dropped is told.
// Threads  thread-compatible.
#pragma once

#include "tags/bytes.h"
#include "tags/fields.h"
#include "tags/metadata.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dubplate {

inline constexpr std::uint32_t front_cover = 3;  // the picture type of ID3v2, FLAC and the rest

class TagCollector {
  public:
    explicit TagCollector(std::vector<Loss>& losses) : losses_(losses) {}

    // `name` is a field in any spelling or becomes a custom tag; `value` may hold any bytes, meant as UTF-8.
    void add(std::string_view name, std::string_view value);
    // From here on a field that is set stays as it is.
    void lock_fields();
    void add_picture(ByteView data, std::uint32_t type);
    // Something that a file holds and we do not take over. Told once for each name, 50 names at most.
    void tell(std::string what, std::string why);

    Metadata finish();

  private:
    void add_to_field(TagField field, std::string_view value);
    void add_custom(std::string key, std::string_view value);

    std::vector<Loss>& losses_;
    Metadata metadata_;
    std::set<TagField> locked_;
    std::set<std::string> told_;
    bool has_front_cover_ = false;
    int pictures_ = 0;
};

}  // namespace dubplate
