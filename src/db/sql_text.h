// sql_text.h: small changes to SQL before a driver sees it.
//
// Threads  plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dubplate {

// "a = ? AND b = '?'" as "a = :p1 AND b = '?'", the form that SOCI takes.
std::string numbered_parameters(std::string_view sql);

// The statements of a script, which end in ";" outside of quotes and of "--" comments; without the ";" and empty ones.
std::vector<std::string> split_statements(std::string_view script);

// What the database said, without the name of the driver's function before it: "sqlite3_backend::loadOne: is full".
std::string_view own_words(std::string_view message);

// Drivers' messages have several lines.
std::string one_line(std::string_view text);

}  // namespace dubplate
