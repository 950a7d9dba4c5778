// vector.h: points, directions, colors and rotations of a scene.
//
// Shape    x to the right, y up, z towards the viewer. Matrices by rows, applied to columns: m * v.
// Units    rotations in degrees, as settings have them; radians are met inside alone.
// Threads  plain values.
#pragma once

#include <array>
#include <cmath>
#include <numbers>

namespace dubplate {

struct Vec3 {
    double x = 0;
    double y = 0;
    double z = 0;

    bool operator==(const Vec3&) const = default;
    Vec3 operator+(const Vec3& other) const { return {x + other.x, y + other.y, z + other.z}; }
    Vec3 operator-(const Vec3& other) const { return {x - other.x, y - other.y, z - other.z}; }
    Vec3 operator*(double factor) const { return {x * factor, y * factor, z * factor}; }
    Vec3 operator*(const Vec3& other) const { return {x * other.x, y * other.y, z * other.z}; }
    Vec3& operator+=(const Vec3& other) { return *this = *this + other; }
};

inline double dot(const Vec3& a, const Vec3& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vec3 cross(const Vec3& a, const Vec3& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(const Vec3& v) {
    return std::sqrt(dot(v, v));
}
// Of length 1; what has no length stays as it is.
inline Vec3 normalized(const Vec3& v) {
    const double size = length(v);
    return size > 0 ? v * (1 / size) : v;
}

inline double radians(double degrees) {
    return degrees * std::numbers::pi / 180;
}

struct Mat3 {
    Vec3 row[3]{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    bool operator==(const Mat3&) const = default;
    Vec3 operator*(const Vec3& v) const { return {dot(row[0], v), dot(row[1], v), dot(row[2], v)}; }
    Vec3 column(int i) const {
        const auto pick = [i](const Vec3& v) { return i == 0 ? v.x : i == 1 ? v.y : v.z; };
        return {pick(row[0]), pick(row[1]), pick(row[2])};
    }
    Mat3 operator*(const Mat3& other) const {
        const Vec3 x = other.column(0);
        const Vec3 y = other.column(1);
        const Vec3 z = other.column(2);
        Mat3 product;
        for (int i = 0; i < 3; ++i) product.row[i] = {dot(row[i], x), dot(row[i], y), dot(row[i], z)};
        return product;
    }
};

// By an angle about an axis (Rodrigues). The axis need not have length 1; without one nothing turns.
inline Mat3 rotation_about(const Vec3& axis, double degrees) {
    const Vec3 a = normalized(axis);
    if (dot(a, a) == 0) return {};
    const double c = std::cos(radians(degrees));
    const double s = std::sin(radians(degrees));
    const double d = 1 - c;
    return {{{c + a.x * a.x * d, a.x * a.y * d - a.z * s, a.x * a.z * d + a.y * s},
             {a.y * a.x * d + a.z * s, c + a.y * a.y * d, a.y * a.z * d - a.x * s},
             {a.z * a.x * d - a.y * s, a.z * a.y * d + a.x * s, c + a.z * a.z * d}}};
}

// About x, then y, then z of the turned body: the order of three.js' Euler angles.
inline Mat3 rotation_xyz(const Vec3& degrees) {
    return rotation_about({1, 0, 0}, degrees.x) * rotation_about({0, 1, 0}, degrees.y) *
           rotation_about({0, 0, 1}, degrees.z);
}

}  // namespace dubplate
