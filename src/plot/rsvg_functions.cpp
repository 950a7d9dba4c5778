#include "plot/rsvg_functions.h"

#include "core/shared_object.h"

namespace dubplate {

namespace {

Result<RsvgFunctions> load() {
    RsvgFunctions functions;
#define DUBPLATE_FIND(name) DUBPLATE_CHECK(library.find(#name, functions.name));
    {
        DUBPLATE_TRY(const SharedObject library, SharedObject::load("libcairo.so.2"));
        DUBPLATE_CAIRO(DUBPLATE_FIND)
    }
    {
        // What librsvg needs itself is found through it.
        DUBPLATE_TRY(const SharedObject library, SharedObject::load("librsvg-2.so.2"));
        DUBPLATE_RSVG(DUBPLATE_FIND)
        DUBPLATE_FIND(g_object_unref)
        DUBPLATE_FIND(g_error_free)
    }
#undef DUBPLATE_FIND
    return functions;
}

const Result<RsvgFunctions>& loaded() {
    static const Result<RsvgFunctions> functions = load();
    return functions;
}

}  // namespace

Status load_rsvg() {
    if (!loaded()) return loaded().error();
    return {};
}

const RsvgFunctions& rsvg() {
    DUBPLATE_ASSERT(loaded());
    return *loaded();
}

}  // namespace dubplate
