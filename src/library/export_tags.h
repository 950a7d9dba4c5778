// export_tags.h: what the library knows of an asset, as the tags of a copy of its file.
//
// What     title, artist, album, genre, comment, tempo and key replace those of the file where the library has them; all other
//          tags, the cover, markers and every sample stay as they are. The user's tags become the custom tag TAGS.
// Files    the asset's own file is never changed: its content is what the library knows it by.
// Errors   not_found: the asset has no file; unsupported: its format is not written here; those of reading and writing.
#pragma once

#include <filesystem>

#include "core/store.h"
#include "library/assets.h"

namespace dubplate {

// The new file's path, folder and the file's own name. overwrite: replaces one that is there.
Result<std::filesystem::path> export_tags(Catalog& catalog, const Asset& asset,
                                          const std::filesystem::path& folder, CreateOptions options = {});

}  // namespace dubplate
