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

// Drivers' messages have several lines.
std::string one_line(std::string_view text);

}  // namespace dubplate
