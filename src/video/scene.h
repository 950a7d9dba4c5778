// scene.h: what one picture shows: bodies, lights, a camera, and what is behind it all.
//
// What     the flat list that synths and effects come to at one moment, and all that a renderer knows.
// Shape    x to the right, y up, z towards the viewer. The house's camera stands at (0, 0, 15) and looks at the origin.
// Units    lengths as in the scene; angles in degrees; colors in linear light. A light of 1 that falls straight on a surface shows its
//          color as it is; what glows adds `emission` to that, above 1 it blooms.
// Ranges   opacity 0 to 1. Scales may be 0 (nothing is seen), not negative. At most max_point_lights point lights count: the first.
// Source   camera, lights and sizes: requirements R2 C 11 and 12.
// Threads  plain values.
#pragma once

#include <vector>

#include "video/color.h"
#include "video/vector.h"

namespace dubplate {

inline constexpr std::size_t max_point_lights = 8;

struct Camera {
    Vec3 position{0, 0, 15};
    Vec3 target{};
    Vec3 up{0, 1, 0};
    double vertical_angle_degrees = 75;
    double nearest = 0.1;
    double farthest = 1000;
};

struct DirectionalLight {
    Vec3 towards{10, 10, 5};  // from any surface to the light; any length
    Color color = white;
};

struct PointLight {
    Vec3 position{};
    Color color = white;   // times its intensity
    double distance = 50;  // where it has faded to nothing
};

enum class BodyShape {
    cube,    // of edge 1
    sphere,  // of radius 0.5
    glow,    // a soft round light of radius 0.5 that covers nothing; it shows `emission` alone
};

struct Body {
    BodyShape shape = BodyShape::cube;
    Vec3 position{};
    Mat3 rotation{};
    Vec3 scale{1, 1, 1};
    Color color = white;
    Color emission{};
    double opacity = 1;
};

struct Backdrop {
    Color top{};
    Color bottom{};
};

struct Scene {
    Camera camera{};
    Color ambient{0.5, 0.5, 0.5};
    DirectionalLight sun{};
    std::vector<PointLight> lights{};
    std::vector<Body> bodies{};
    Backdrop backdrop{};
};

}  // namespace dubplate
