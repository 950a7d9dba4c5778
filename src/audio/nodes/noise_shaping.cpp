#include "audio/nodes/noise_shaping.h"

namespace dubplate {

ShapingFilter shaping_filter(int sample_rate_hz) {
    switch (sample_rate_hz) {
        case 44'100:
            return {-1.7231, 1.3131, -0.1218, -0.4641, 0.3051, 0.1873, -0.2085, 0.0686, 0.0435};
        case 48'000:
            return {-1.6973, 1.0827, 0.1637, -0.4807, 0.0469, 0.3112, -0.0512, -0.1441, 0.1241};
        default:
            return {-1.0};
    }
}

}  // namespace dubplate
