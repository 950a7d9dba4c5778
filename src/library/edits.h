// edits.h: what a user said of an asset. It is final: no later analysis changes a field that was edited.
//
// Shape    "field=value" of an editable field (asset.h); an empty value takes the edit back, and the field is again what the
//          analysis found. "tags=a,b" sets the tags.
// Tags     words of the user's own: UTF-8 in lower case (ASCII), 64 bytes at most, without commas; sorted, each once.
// Errors   invalid_argument (with the nearest field), not_found, those of the database.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "library/assets.h"

namespace dubplate {

struct Edit {
    std::string field;  // or "tags"
    std::string value;
};

// Checks it as far as that needs no catalog.
Result<Edit> parse_edit(std::string_view text);
Status apply_edits(Catalog& catalog, const std::string& asset_id, const std::vector<Edit>& edits);

Result<std::map<std::string, std::string>> list_edits(Catalog& catalog, const std::string& asset_id);
Result<std::vector<std::string>> list_tags(Catalog& catalog, const std::string& asset_id);
Status set_tags(Catalog& catalog, const std::string& asset_id, const std::vector<std::string>& tags);
Result<std::vector<std::string>> parse_tags(std::string_view text);

// Sets the fields of an asset to what is true now: `facts`, overlaid with the edits.
Status set_fields(Catalog& catalog, const std::string& asset_id, const Asset& facts);

}  // namespace dubplate
