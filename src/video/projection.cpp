#include "video/projection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace dubplate {

namespace {

constexpr double least_opacity = 0.001;
constexpr double shine_strength = 0.25;
constexpr double shine_power = 32;
constexpr float meets_other = 0.5F;
constexpr float meets_own = 1.0F;

float f(double value) {
    return static_cast<float>(value);
}

double strength(const Color& color) {
    return std::max({color.red, color.green, color.blue});
}

// The scene as the camera sees it: x to the right, y up, -z along the view.
class View {
  public:
    View(const Scene& scene, int width, int height) : scene_(scene), width_(width), height_(height) {
        const Camera& camera = scene.camera;
        const Vec3 forward = normalized(camera.target - camera.position);
        const Vec3 right = normalized(cross(forward, camera.up));
        turn_ = {{right, cross(right, forward), forward * -1}};
        focal_ = height / 2.0 / std::tan(radians(camera.vertical_angle_degrees) / 2);
        sun_ = normalized(turn_ * scene.sun.towards);
        for (std::size_t i = 0; i < std::min(scene.lights.size(), max_point_lights); ++i)
            lights_.push_back(place(scene.lights[i].position));
    }

    Vec3 place(const Vec3& point) const { return turn_ * (point - scene_.camera.position); }
    Mat3 turn(const Mat3& rotation) const { return turn_ * rotation; }
    double nearest() const { return scene_.camera.nearest; }
    double farthest() const { return scene_.camera.farthest; }
    double focal() const { return focal_; }
    double x_of(const Vec3& point) const { return width_ / 2.0 - focal_ * point.x / point.z; }
    double y_of(const Vec3& point) const { return height_ / 2.0 + focal_ * point.y / point.z; }

    // a x + b y + c over the picture, where x, y and -1 of the view ray are weighed so.
    Plane over_rays(const Vec3& weights) const {
        return {f(weights.x / focal_), f(-weights.y / focal_),
                f((weights.y * height_ - weights.x * width_) / (2 * focal_) - weights.z)};
    }

    PixelBox box(double low_x, double low_y, double high_x, double high_y) const {
        const auto clip = [](double value, int most) {
            return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(most)));
        };
        return {clip(std::floor(low_x) - 1, width_), clip(std::floor(low_y) - 1, height_),
                clip(std::ceil(high_x) + 1, width_), clip(std::ceil(high_y) + 1, height_)};
    }

    // Each light as it reaches a point: its direction and its color there.
    template <class Take>
    void lights_at(const Vec3& point, Take take) const {
        take(sun_, scene_.sun.color);
        for (std::size_t i = 0; i < lights_.size(); ++i) {
            const Vec3 way = lights_[i] - point;
            const double rest = 1 - length(way) / scene_.lights[i].distance;
            if (rest > 0) take(normalized(way), scene_.lights[i].color * (rest * rest));
        }
    }
    const Color& ambient() const { return scene_.ambient; }

  private:
    const Scene& scene_;
    int width_;
    int height_;
    Mat3 turn_;
    double focal_ = 1;
    Vec3 sun_;
    std::vector<Vec3> lights_;
};

// ---- cubes ----

struct Corner {
    Vec3 point;
    Color color;
    float soft = meets_other;  // of the edge to the next corner
};

Color lit(const View& view, const Body& body, const Vec3& point, const Vec3& normal) {
    Color sum = body.emission + body.color * view.ambient();
    const Vec3 to_eye = normalized(point * -1);
    view.lights_at(point, [&](const Vec3& towards, const Color& color) {
        const double facing = dot(normal, towards);
        if (facing <= 0) return;
        const double tilt = std::max(dot(normal, normalized(towards + to_eye)), 0.0);
        sum = sum + body.color * color * facing + color * (shine_strength * std::pow(tilt, shine_power));
    });
    return sum;
}

// What is behind the near plane is cut away.
std::vector<Corner> clip(const std::vector<Corner>& corners, double nearest) {
    std::vector<Corner> kept;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Corner& here = corners[i];
        const Corner& next = corners[(i + 1) % corners.size()];
        const double depth = -here.point.z - nearest;
        const double next_depth = -next.point.z - nearest;
        if (depth >= 0) kept.push_back(here);
        if ((depth >= 0) == (next_depth >= 0)) continue;
        const double share = depth / (depth - next_depth);
        // Where the face leaves, the new edge lies on the near plane; where it comes back, the old one goes on.
        kept.push_back({here.point + (next.point - here.point) * share,
                        blend_of(here.color, next.color, share), depth >= 0 ? meets_other : here.soft});
    }
    return kept;
}

struct Projected {
    double x = 0;
    double y = 0;
};

// The plane that is nearest to the values at the corners, by least squares.
Plane fit(const std::vector<Projected>& at, const std::vector<Corner>& corners, double Color::*channel) {
    const double count = static_cast<double>(at.size());
    double mean_x = 0;
    double mean_y = 0;
    double mean = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        mean_x += at[i].x / count;
        mean_y += at[i].y / count;
        mean += corners[i].color.*channel / count;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double xv = 0;
    double yv = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const double x = at[i].x - mean_x;
        const double y = at[i].y - mean_y;
        const double value = corners[i].color.*channel - mean;
        xx += x * x;
        xy += x * y;
        yy += y * y;
        xv += x * value;
        yv += y * value;
    }
    const double determinant = xx * yy - xy * xy;
    if (determinant <= 1e-6 * (xx + yy) * (xx + yy) || determinant <= 0) return {0, 0, f(mean)};
    const double a = (xv * yy - yv * xy) / determinant;
    const double b = (yv * xx - xv * xy) / determinant;
    return {f(a), f(b), f(mean - a * mean_x - b * mean_y)};
}

// What the product of its edges makes too much of a face that is thinner than a pixel: of a width of 0 it would leave a sixth.
double share_of_thin(double area, double longest) {
    const double width = longest > 0 ? area / longest : 0;
    return width >= 1 ? 1 : width / ((1 + 5 * width) / 6);
}

// Adds the edges as distances in pixels. False: nothing of the face is seen.
bool add_edges(Face& face, const std::vector<Projected>& at, const std::vector<Corner>& corners) {
    double area = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const Projected& next = at[(i + 1) % at.size()];
        area += at[i].x * next.y - next.x * at[i].y;
    }
    if (std::abs(area) < 1e-6) return false;
    const double side = area > 0 ? 1 : -1;
    double longest = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const Projected& next = at[(i + 1) % at.size()];
        const double dx = next.x - at[i].x;
        const double dy = next.y - at[i].y;
        const double size = std::hypot(dx, dy);
        longest = std::max(longest, size);
        if (size < 1e-4) continue;
        const double a = -dy * side / size;
        const double b = dx * side / size;
        face.edge[face.edges] = {f(a), f(b), f(-a * at[i].x - b * at[i].y)};
        face.soft[face.edges++] = corners[i].soft;
    }
    face.opacity = f(share_of_thin(std::abs(area) / 2, longest));
    return face.edges >= 3;
}

void add_face(const View& view, const Body& body, std::vector<Corner> corners, const Vec3& normal,
              double distance, std::vector<Drawn>& drawn) {
    const double plane = dot(normal, corners.front().point);
    corners = clip(corners, view.nearest());
    if (corners.size() < 3) return;
    std::vector<Projected> at;
    Projected low{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
    Projected high{-low.x, -low.y};
    for (const Corner& corner : corners) {
        at.push_back({view.x_of(corner.point), view.y_of(corner.point)});
        low = {std::min(low.x, at.back().x), std::min(low.y, at.back().y)};
        high = {std::max(high.x, at.back().x), std::max(high.y, at.back().y)};
    }
    Face face;
    face.box = view.box(low.x, low.y, high.x, high.y);
    if (face.box.x0 >= face.box.x1 || face.box.y0 >= face.box.y1) return;
    if (!add_edges(face, at, corners)) return;
    face.nearness = view.over_rays(normal * (1 / plane));
    face.color[0] = fit(at, corners, &Color::red);
    face.color[1] = fit(at, corners, &Color::green);
    face.color[2] = fit(at, corners, &Color::blue);
    face.opacity *= f(std::min(body.opacity, 1.0));
    face.hides = body.opacity >= 1;
    drawn.push_back({distance, face.hides, face});
}

struct Side {
    int axis = 0;
    int sign = 1;
    double distance = 0;
};

void add_cube(const View& view, const Body& body, std::vector<Drawn>& drawn) {
    const Vec3 center = view.place(body.position);
    const Mat3 turned = view.turn(body.rotation);
    const double scales[] = {body.scale.x, body.scale.y, body.scale.z};
    const Vec3 half[] = {turned.column(0) * (scales[0] / 2), turned.column(1) * (scales[1] / 2),
                         turned.column(2) * (scales[2] / 2)};
    std::vector<Side> sides;
    for (int axis = 0; axis < 3; ++axis)
        for (const int sign : {-1, 1}) {
            const Vec3 middle = center + half[axis] * sign;
            if (dot(turned.column(axis) * sign, middle) < -1e-9)
                sides.push_back({axis, sign, length(middle)});
        }
    std::ranges::sort(sides, [](const Side& a, const Side& b) { return a.distance > b.distance; });
    for (auto side = sides.begin(); side != sides.end(); ++side) {
        // Faces that are drawn after this one cover the seam with it.
        const auto soft_to = [&](int axis, int sign) {
            const bool later = std::any_of(side, sides.end(), [&](const Side& other) {
                return other.axis == axis && other.sign == sign;
            });
            return later && body.opacity >= 1 ? meets_own : meets_other;
        };
        const int a = (side->axis + 1) % 3;
        const int b = (side->axis + 2) % 3;
        const Vec3 normal = turned.column(side->axis) * side->sign;
        const Vec3 middle = center + half[side->axis] * side->sign;
        std::vector<Corner> corners{{middle - half[a] - half[b], {}, soft_to(b, -1)},
                                    {middle + half[a] - half[b], {}, soft_to(a, 1)},
                                    {middle + half[a] + half[b], {}, soft_to(b, 1)},
                                    {middle - half[a] + half[b], {}, soft_to(a, -1)}};
        for (Corner& corner : corners) corner.color = lit(view, body, corner.point, normal);
        add_face(view, body, std::move(corners), normal, -center.z, drawn);
    }
}

// ---- spheres ----

void copy(const Color& color, float* to) {
    to[0] = f(color.red);
    to[1] = f(color.green);
    to[2] = f(color.blue);
}

void add_lights(const View& view, const Body& body, const Vec3& center, Ball& ball) {
    struct Reaching {
        Vec3 towards;
        Color color;
    };
    std::vector<Reaching> reaching;
    view.lights_at(center, [&](const Vec3& towards, const Color& color) {
        if (strength(color) > 0) reaching.push_back({towards, color});
    });
    std::ranges::stable_sort(
        reaching, [](const Reaching& a, const Reaching& b) { return strength(a.color) > strength(b.color); });
    ball.lights = std::min(static_cast<int>(reaching.size()), max_ball_lights);
    for (int i = 0; i < ball.lights; ++i) {
        const Reaching& from = reaching[static_cast<std::size_t>(i)];
        BallLight& light = ball.light[i];
        light.towards[0] = f(from.towards.x);
        light.towards[1] = f(from.towards.y);
        light.towards[2] = f(from.towards.z);
        copy(from.color * body.color, light.color);
        copy(from.color * shine_strength, light.shine);
    }
}

// The pixels that a ball of that radius may cover.
PixelBox box_of_ball(const View& view, const Vec3& center, double radius) {
    const double near = -center.z - radius;
    if (near <= view.nearest()) return view.box(-1e9, -1e9, 1e9, 1e9);
    const double far = -center.z + radius;
    const auto widest = [&](double value) { return std::max(value / near, value / far); };
    const double right = view.focal() * widest(center.x + radius);
    const double left = view.focal() * widest(radius - center.x);
    const double up = view.focal() * widest(center.y + radius);
    const double down = view.focal() * widest(radius - center.y);
    const double x = view.x_of({0, 0, -1});
    const double y = view.y_of({0, 0, -1});
    return view.box(x - left, y - up, x + right, y + down);
}

// What the edge of a ball makes too much of one that is smaller than a pixel: of a radius of 0 it would leave half a pixel.
double share_of_small(double pixels) {
    constexpr double left = 0.52;
    const double area = std::numbers::pi * pixels * pixels;
    return pixels >= 1 || pixels < 0 ? 1 : area / (left + (1 - left / std::numbers::pi) * area);
}

void add_sphere(const View& view, const Body& body, std::vector<Drawn>& drawn) {
    const Vec3 center = view.place(body.position);
    const double scales[] = {body.scale.x, body.scale.y, body.scale.z};
    const double radius = std::max({scales[0], scales[1], scales[2]}) / 2;
    const double thinnest = std::min({scales[0], scales[1], scales[2]}) / 2;
    if (thinnest <= 1e-6 * radius || -center.z + radius <= view.nearest()) return;
    Ball ball;
    ball.box = box_of_ball(view, center, radius);
    if (ball.box.x0 >= ball.box.x1 || ball.box.y0 >= ball.box.y1) return;
    const Mat3 turned = view.turn(body.rotation);
    for (int i = 0; i < 3; ++i) {
        const Vec3 axis = turned.column(i) * (2 / scales[i]);
        ball.ray[i] = view.over_rays(axis);
        ball.origin[i] = f(-dot(axis, center));
        ball.normal[i] = f(axis.x * thinnest);
        ball.normal[3 + i] = f(axis.y * thinnest);
        ball.normal[6 + i] = f(axis.z * thinnest);
    }
    ball.view[0] = view.over_rays({1, 0, 0});
    ball.view[1] = view.over_rays({0, 1, 0});
    copy(body.emission + body.color * view.ambient(), ball.ambient);
    add_lights(view, body, center, ball);
    ball.opacity = f(std::min(body.opacity, 1.0) * share_of_small(view.focal() * radius / -center.z));
    ball.hides = body.opacity >= 1;
    drawn.push_back({-center.z, ball.hides, ball});
}

void add_glow(const View& view, const Body& body, std::vector<Drawn>& drawn) {
    const Vec3 center = view.place(body.position);
    const double depth = -center.z;
    if (depth <= view.nearest()) return;
    Glow glow;
    const double radius = view.focal() * body.scale.x / 2 / depth;
    if (radius <= 1e-3) return;
    const double x = view.x_of(center);
    const double y = view.y_of(center);
    glow.box = view.box(x - radius, y - radius, x + radius, y + radius);
    if (glow.box.x0 >= glow.box.x1 || glow.box.y0 >= glow.box.y1) return;
    // A light of less than a pixel keeps its sum.
    const double spread = std::max(radius, 1.0);
    glow.x = f(x);
    glow.y = f(y);
    glow.radius = f(spread);
    glow.nearness = f(1 / depth);
    copy(body.emission * (std::min(body.opacity, 1.0) * radius * radius / (spread * spread)), glow.color);
    drawn.push_back({depth, false, glow});
}

}  // namespace

const PixelBox& box_of(const Shape2d& shape) {
    return std::visit([](const auto& drawn) -> const PixelBox& { return drawn.box; }, shape);
}

std::vector<Drawn> project(const Scene& scene, int width, int height) {
    const View view(scene, width, height);
    std::vector<Drawn> drawn;
    for (const Body& body : scene.bodies) {
        const bool is_seen = body.opacity > least_opacity && body.scale.x > 0 && body.scale.y >= 0 &&
                             body.scale.z >= 0 && -view.place(body.position).z < view.farthest();
        if (!is_seen) continue;
        switch (body.shape) {
            case BodyShape::cube:
                add_cube(view, body, drawn);
                break;
            case BodyShape::sphere:
                add_sphere(view, body, drawn);
                break;
            case BodyShape::glow:
                add_glow(view, body, drawn);
                break;
        }
    }
    std::ranges::stable_sort(drawn, [](const Drawn& a, const Drawn& b) {
        return a.hides != b.hides ? a.hides : a.distance > b.distance;
    });
    return drawn;
}

}  // namespace dubplate
