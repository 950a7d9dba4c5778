#include "exports/pack/project.h"

namespace dubplate {

Result<Bytes> screen_picture(const SamplerDevice&, const std::filesystem::path&) {
    return fail(ErrorCode::unsupported, "pictures");
}

}  // namespace dubplate
