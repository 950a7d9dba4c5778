// projection.h: bodies of a scene as the shapes that the kernels draw. Internal to video.
//
// What     project() puts each body before the camera, lights it, cuts what is behind the near plane away, and sorts: what hides comes
//          first, from the back to the front, then what does not.
// Light    faces are lit at their corners, and the light between is linear; balls are lit at each pixel by the four lights that
//          reach them most.
// Shape    in pixels, as video/kernels/raster.h has them.
// Threads  pure functions.
#pragma once

#include <variant>
#include <vector>

#include "video/kernels/raster.h"
#include "video/scene.h"

namespace dubplate {

using Shape2d = std::variant<Face, Ball, Glow>;

struct Drawn {
    double distance = 0;  // along the view; sorts
    bool hides = true;
    Shape2d shape;
};

const PixelBox& box_of(const Shape2d& shape);

std::vector<Drawn> project(const Scene& scene, int width, int height);

}  // namespace dubplate
