#include "core/version.h"

namespace dubplate {

std::string_view version() {
    return DUBPLATE_VERSION;
}

}  // namespace dubplate
