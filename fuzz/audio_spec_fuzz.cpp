// Any bytes as the JSON of a spec: refused with an error, or a spec that comes through its own JSON unchanged.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/json.h"
#include "exports/audio/spec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto json = parse_json(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!json) return 0;
    const auto spec = read_audio_spec(*json);
    if (!spec) return 0;
    const auto again = read_audio_spec(write_audio_spec(*spec));
    DUBPLATE_ASSERT(again && *again == *spec);
    return 0;
}
