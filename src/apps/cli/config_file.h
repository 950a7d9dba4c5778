// config_file.h: a TOML file as partial JSON of a spec: the same keys, tables for what is nested.
//
// Errors   not_found, io; corrupt with line and column; limit_exceeded above 1 MiB.
#pragma once

#include <string>

#include "core/params.h"

namespace dubplate::cli {

Result<Json> read_toml(const std::string& path);
// A JSON file likewise.
Result<Json> read_json(const std::string& path);
// A JSON file of tags, as {"tags": {...}}. Errors also: invalid_argument, a field that there is not.
Result<Json> read_tags_file(const std::string& path);

// `over` where both have a value; objects are joined.
void overlay(Json& base, const Json& over);

}  // namespace dubplate::cli
