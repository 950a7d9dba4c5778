// Compiled once for each kind of processor.
#include "video/kernels/raster.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "video/kernels/raster.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

const hn::CappedTag<float, 16> lanes;
using Vec = hn::Vec<decltype(lanes)>;

alignas(64) constexpr float centers[16] = {0.5F, 1.5F, 2.5F,  3.5F,  4.5F,  5.5F,  6.5F,  7.5F,
                                           8.5F, 9.5F, 10.5F, 11.5F, 12.5F, 13.5F, 14.5F, 15.5F};

HWY_INLINE Vec set(float value) {
    return hn::Set(lanes, value);
}
// Not fused: one rounding more, and the same everywhere.
HWY_INLINE Vec times_plus(Vec a, Vec b, Vec c) {
    return hn::Add(hn::Mul(a, b), c);
}
HWY_INLINE Vec at(const Plane& plane, Vec x, float y) {
    return times_plus(x, set(plane.a), set(plane.b * y + plane.c));
}
HWY_INLINE Vec to_unit(Vec value) {
    return hn::Min(hn::Max(value, hn::Zero(lanes)), set(1));
}
HWY_INLINE Vec dot(const Vec* a, const Vec* b) {
    return times_plus(a[0], b[0], times_plus(a[1], b[1], hn::Mul(a[2], b[2])));
}

// The part of a box that is in the tile, in its own pixels; the columns widened to whole vectors.
struct Part {
    int x0, y0, x1, y1;
};
Part part_of(const Tile& tile, const PixelBox& box) {
    const int step = static_cast<int>(hn::Lanes(lanes));
    return {std::max(box.x0 - tile.x, 0) / step * step, std::max(box.y0 - tile.y, 0),
            std::min(box.x1 - tile.x, tile_width), std::min(box.y1 - tile.y, tile_height)};
}

// Blends a color over a pixel by its share.
HWY_INLINE void blend(float* plane, Vec color, Vec share) {
    const Vec before = hn::Load(lanes, plane);
    hn::Store(times_plus(share, hn::Sub(color, before), before), lanes, plane);
}

void face(Tile& tile, const Face& face) {
    const Part part = part_of(tile, face.box);
    const int step = static_cast<int>(hn::Lanes(lanes));
    const Vec box_begin = set(static_cast<float>(face.box.x0));
    const Vec box_end = set(static_cast<float>(face.box.x1));
    for (int row = part.y0; row < part.y1; ++row) {
        const float y = static_cast<float>(tile.y + row) + 0.5F;
        // Where the edges leave nothing, no vector is looked at. A pixel on each side is for rounding.
        auto low = static_cast<float>(part.x0 + tile.x);
        auto high = static_cast<float>(part.x1 + tile.x);
        for (int i = 0; i < face.edges; ++i) {
            const float rest = face.edge[i].b * y + face.edge[i].c + face.soft[i];
            if (face.edge[i].a > 1e-6F) {
                low = std::max(low, -rest / face.edge[i].a - 1.5F);
            } else if (face.edge[i].a < -1e-6F) {
                high = std::min(high, -rest / face.edge[i].a + 1.5F);
            } else if (rest < -1) {
                high = low;
            }
        }
        if (!(low < high)) continue;
        const int begin = (static_cast<int>(low) - tile.x) / step * step;
        const int end = std::min(part.x1, static_cast<int>(high) + 1 - tile.x);
        for (int column = std::max(begin, part.x0); column < end; column += step) {
            const Vec x = hn::Add(set(static_cast<float>(tile.x + column)), hn::Load(lanes, centers));
            Vec share = set(face.opacity);
            Vec inside = set(1e9F);
            for (int i = 0; i < face.edges; ++i) {
                const Vec distance = at(face.edge[i], x, y);
                inside = hn::Min(inside, distance);
                share = hn::Mul(share, to_unit(hn::Add(distance, set(face.soft[i]))));
            }
            const int index = row * tile_width + column;
            const Vec nearness = at(face.nearness, x, y);
            const Vec before = hn::Load(lanes, tile.nearness + index);
            // At sharp corners the edges reach past the box, and a wide vector would fill more of that than a narrow one.
            const auto in_box = hn::And(hn::Gt(x, box_begin), hn::Lt(x, box_end));
            const auto seen =
                hn::And(in_box, hn::And(hn::Ge(nearness, before), hn::Gt(share, hn::Zero(lanes))));
            if (hn::AllFalse(lanes, seen)) continue;
            share = hn::IfThenElseZero(seen, share);
            float* const planes[] = {tile.red + index, tile.green + index, tile.blue + index};
            for (int c = 0; c < 3; ++c)
                blend(planes[c], hn::Max(at(face.color[c], x, y), hn::Zero(lanes)), share);
            if (!face.hides) continue;
            const auto covered = hn::And(seen, hn::Ge(inside, hn::Zero(lanes)));
            hn::Store(hn::IfThenElse(covered, nearness, before), lanes, tile.nearness + index);
        }
    }
}

// The color of a ball where its normal is known.
HWY_INLINE void shade(const Ball& ball, const Vec* normal, const Vec* ray, Vec* color) {
    for (int c = 0; c < 3; ++c) color[c] = set(ball.ambient[c]);
    const Vec ray_length = hn::Sqrt(dot(ray, ray));
    for (int i = 0; i < ball.lights; ++i) {
        const BallLight& light = ball.light[i];
        const Vec towards[] = {set(light.towards[0]), set(light.towards[1]), set(light.towards[2])};
        const Vec facing = hn::Max(dot(normal, towards), hn::Zero(lanes));
        // The half vector between the light and the eye, which is at -ray.
        Vec half[3];
        for (int c = 0; c < 3; ++c) half[c] = hn::Sub(towards[c], hn::Div(ray[c], ray_length));
        const Vec tilt = hn::Div(hn::Max(dot(normal, half), hn::Zero(lanes)),
                                 hn::Sqrt(hn::Max(dot(half, half), set(1e-6F))));
        Vec shine = hn::Mul(tilt, tilt);
        for (int doubling = 0; doubling < 4; ++doubling) shine = hn::Mul(shine, shine);  // the 32nd power
        for (int c = 0; c < 3; ++c)
            color[c] =
                times_plus(set(light.color[c]), facing, times_plus(set(light.shine[c]), shine, color[c]));
    }
}

void ball(Tile& tile, const Ball& ball) {
    const Part part = part_of(tile, ball.box);
    const int step = static_cast<int>(hn::Lanes(lanes));
    const Vec origin[] = {set(ball.origin[0]), set(ball.origin[1]), set(ball.origin[2])};
    const Vec along_x[] = {set(ball.ray[0].a), set(ball.ray[1].a), set(ball.ray[2].a)};
    const Vec along_y[] = {set(ball.ray[0].b), set(ball.ray[1].b), set(ball.ray[2].b)};
    for (int row = part.y0; row < part.y1; ++row) {
        const float y = static_cast<float>(tile.y + row) + 0.5F;
        for (int column = part.x0; column < part.x1; column += step) {
            const Vec x = hn::Add(set(static_cast<float>(tile.x + column)), hn::Load(lanes, centers));
            const Vec ray[] = {at(ball.ray[0], x, y), at(ball.ray[1], x, y), at(ball.ray[2], x, y)};
            // The point of the ray that is nearest to the center, and how deep it lies in the ball.
            const Vec squared = dot(ray, ray);
            const Vec closest = hn::Div(hn::Neg(dot(origin, ray)), squared);
            Vec nearest[3];
            for (int c = 0; c < 3; ++c) nearest[c] = times_plus(closest, ray[c], origin[c]);
            const Vec depth = hn::Sub(set(1), dot(nearest, nearest));
            // How fast that changes from pixel to pixel tells how far the edge is.
            const Vec right = hn::Mul(closest, dot(nearest, along_x));
            const Vec down = hn::Mul(closest, dot(nearest, along_y));
            const Vec slope = hn::Mul(set(2), hn::Sqrt(times_plus(right, right, hn::Mul(down, down))));
            const Vec edge = hn::Div(depth, hn::Max(slope, set(1e-12F)));
            const Vec inside = hn::Max(depth, hn::Zero(lanes));
            const Vec distance = hn::Sub(closest, hn::Sqrt(hn::Div(inside, squared)));
            const Vec nearness = hn::Div(set(1), hn::Max(distance, set(1e-6F)));
            Vec share = hn::Mul(to_unit(hn::Add(edge, set(0.5F))), set(ball.opacity));
            const int index = row * tile_width + column;
            const Vec before = hn::Load(lanes, tile.nearness + index);
            const auto seen = hn::And(hn::And(hn::Ge(nearness, before), hn::Gt(share, hn::Zero(lanes))),
                                      hn::Gt(distance, hn::Zero(lanes)));
            if (hn::AllFalse(lanes, seen)) continue;
            share = hn::IfThenElseZero(seen, share);
            Vec point[3];
            for (int c = 0; c < 3; ++c) point[c] = times_plus(distance, ray[c], origin[c]);
            Vec normal[3];
            for (int c = 0; c < 3; ++c) {
                const Vec rowed[] = {set(ball.normal[3 * c]), set(ball.normal[3 * c + 1]),
                                     set(ball.normal[3 * c + 2])};
                normal[c] = dot(rowed, point);
            }
            const Vec length = hn::Sqrt(hn::Max(dot(normal, normal), set(1e-12F)));
            for (int c = 0; c < 3; ++c) normal[c] = hn::Div(normal[c], length);
            const Vec view[] = {at(ball.view[0], x, y), at(ball.view[1], x, y), set(-1)};
            Vec color[3];
            shade(ball, normal, view, color);
            float* const planes[] = {tile.red + index, tile.green + index, tile.blue + index};
            for (int c = 0; c < 3; ++c) blend(planes[c], color[c], share);
            if (!ball.hides) continue;
            const auto covered = hn::And(seen, hn::Ge(edge, hn::Zero(lanes)));
            hn::Store(hn::IfThenElse(covered, nearness, before), lanes, tile.nearness + index);
        }
    }
}

void glow(Tile& tile, const Glow& glow) {
    const Part part = part_of(tile, glow.box);
    const int step = static_cast<int>(hn::Lanes(lanes));
    const float scale = 1 / glow.radius;
    for (int row = part.y0; row < part.y1; ++row) {
        const float y = (static_cast<float>(tile.y + row) + 0.5F - glow.y) * scale;
        for (int column = part.x0; column < part.x1; column += step) {
            const Vec pixel = hn::Add(set(static_cast<float>(tile.x + column)), hn::Load(lanes, centers));
            const Vec x = hn::Mul(hn::Sub(pixel, set(glow.x)), set(scale));
            const Vec rest = hn::Max(hn::Sub(set(1 - y * y), hn::Mul(x, x)), hn::Zero(lanes));
            const int index = row * tile_width + column;
            const auto seen = hn::Ge(set(glow.nearness), hn::Load(lanes, tile.nearness + index));
            const Vec light = hn::IfThenElseZero(seen, hn::Mul(rest, rest));
            if (hn::AllTrue(lanes, hn::Le(light, hn::Zero(lanes)))) continue;
            float* const planes[] = {tile.red + index, tile.green + index, tile.blue + index};
            for (int c = 0; c < 3; ++c)
                hn::Store(times_plus(light, set(glow.color[c]), hn::Load(lanes, planes[c])), lanes,
                          planes[c]);
        }
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(face);
HWY_EXPORT(ball);
HWY_EXPORT(glow);

void clear_tile(Tile& tile, const float (&colors)[3][tile_height]) {
    float* const planes[] = {tile.red, tile.green, tile.blue};
    for (int c = 0; c < 3; ++c)
        for (int row = 0; row < tile_height; ++row)
            std::fill_n(planes[c] + row * tile_width, tile_width, colors[c][row]);
    std::fill_n(tile.nearness, tile_pixels, 0.0F);
}

void draw(Tile& tile, const Face& face) {
    HWY_DYNAMIC_DISPATCH(face)(tile, face);
}
void draw(Tile& tile, const Ball& ball) {
    HWY_DYNAMIC_DISPATCH(ball)(tile, ball);
}
void draw(Tile& tile, const Glow& glow) {
    HWY_DYNAMIC_DISPATCH(glow)(tile, glow);
}

}  // namespace dubplate
#endif
