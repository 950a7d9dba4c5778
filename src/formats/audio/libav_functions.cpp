#include "formats/audio/libav_functions.h"

#include <fmt/format.h>

#include "core/shared_object.h"

namespace dubplate {

namespace {

Result<LibavFunctions> load() {
    LibavFunctions functions;
#define DUBPLATE_FIND(name) DUBPLATE_CHECK(library.find(#name, functions.name));
    {
        DUBPLATE_TRY(const SharedObject library,
                     SharedObject::load(fmt::format("libavutil.so.{}", LIBAVUTIL_VERSION_MAJOR)));
        DUBPLATE_LIBAVUTIL(DUBPLATE_FIND)
    }
    {
        DUBPLATE_TRY(const SharedObject library,
                     SharedObject::load(fmt::format("libavcodec.so.{}", LIBAVCODEC_VERSION_MAJOR)));
        DUBPLATE_LIBAVCODEC(DUBPLATE_FIND)
    }
    {
        DUBPLATE_TRY(const SharedObject library,
                     SharedObject::load(fmt::format("libavformat.so.{}", LIBAVFORMAT_VERSION_MAJOR)));
        DUBPLATE_LIBAVFORMAT(DUBPLATE_FIND)
    }
#undef DUBPLATE_FIND
    functions.av_log_set_level(AV_LOG_QUIET);
    return functions;
}

const Result<LibavFunctions>& loaded() {
    static const Result<LibavFunctions> functions = load();
    return functions;
}

}  // namespace

Status load_libav() {
    if (!loaded()) return loaded().error();
    return {};
}

const LibavFunctions& libav() {
    DUBPLATE_ASSERT(loaded());
    return *loaded();
}

}  // namespace dubplate
