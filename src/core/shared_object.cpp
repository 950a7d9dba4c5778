#include "core/shared_object.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace dubplate {

namespace {

std::string reason() {
    const char* said = ::dlerror();
    return said ? said : "unknown";
}

}  // namespace

Result<SharedObject> SharedObject::load(const std::string& name) {
    void* const handle = ::dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (!handle)
        return fail(ErrorCode::unavailable, fmt::format("cannot load {}: {}", name, reason()),
                    "install the package that has it: scripts/setup does");
    return SharedObject(name, handle);
}

Result<void*> SharedObject::find_address(const char* name) const {
    void* const address = ::dlsym(handle_, name);
    if (!address) return fail(ErrorCode::unavailable, fmt::format("{} has no {}: {}", name_, name, reason()));
    return address;
}

}  // namespace dubplate
