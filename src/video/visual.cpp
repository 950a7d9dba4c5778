#include "video/visual.h"

#include <algorithm>

namespace dubplate {

namespace {

BodyShape body_shape(VisualShape shape) {
    switch (shape) {
        case VisualShape::sphere:
            return BodyShape::sphere;
        case VisualShape::glow:
            return BodyShape::glow;
        case VisualShape::cube:
        case VisualShape::light:
            break;
    }
    return BodyShape::cube;
}

}  // namespace

void add_to_scene(const Visual& visual, Scene& scene) {
    const double opacity = std::clamp(visual.opacity, 0.0, 1.0);
    if (opacity <= 0) return;
    if (visual.shape == VisualShape::light) {
        scene.lights.push_back(
            {visual.position, visual.emission_color * (visual.emission * opacity), visual.distance});
        return;
    }
    scene.bodies.push_back({body_shape(visual.shape), visual.position,
                            visual.turned * rotation_xyz(visual.rotation), visual.scale, visual.color,
                            visual.emission_color * visual.emission, opacity});
}

}  // namespace dubplate
