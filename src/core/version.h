// version.h: the version of Dubplate, as CMakeLists.txt states it.
#pragma once

#include <string_view>

namespace dubplate {

std::string_view version();  // "0.1.0"

}  // namespace dubplate
