#include "formats/image/picture_functions.h"

#include <fmt/format.h>

#include "core/shared_object.h"

namespace dubplate {

namespace {

Result<PictureFunctions> load() {
    PictureFunctions functions;
#define DUBPLATE_FIND(name) DUBPLATE_CHECK(library.find(#name, functions.name));
    {
        DUBPLATE_TRY(const SharedObject library,
                     SharedObject::load(fmt::format("libavutil.so.{}", LIBAVUTIL_VERSION_MAJOR)));
        DUBPLATE_PICTURE_AVUTIL(DUBPLATE_FIND)
    }
    {
        DUBPLATE_TRY(const SharedObject library,
                     SharedObject::load(fmt::format("libavcodec.so.{}", LIBAVCODEC_VERSION_MAJOR)));
        DUBPLATE_PICTURE_AVCODEC(DUBPLATE_FIND)
    }
    {
        DUBPLATE_TRY(const SharedObject library,
                     SharedObject::load(fmt::format("libswscale.so.{}", LIBSWSCALE_VERSION_MAJOR)));
        DUBPLATE_PICTURE_SWSCALE(DUBPLATE_FIND)
    }
#undef DUBPLATE_FIND
    functions.av_log_set_level(AV_LOG_QUIET);
    return functions;
}

const Result<PictureFunctions>& loaded() {
    static const Result<PictureFunctions> functions = load();
    return functions;
}

}  // namespace

Status load_picture_functions() {
    if (!loaded()) return loaded().error();
    return {};
}

const PictureFunctions& picture_functions() {
    DUBPLATE_ASSERT(loaded());
    return *loaded();
}

}  // namespace dubplate
