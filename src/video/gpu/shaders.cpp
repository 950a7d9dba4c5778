#include "video/gpu/shaders.h"

namespace dubplate::shaders {

const char* const everywhere = R"(#version 300 es
void main() {
    vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
    gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}
)";

const char* const on_shape = R"(#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D shapes;
uniform vec2 size;
layout(location = 0) in int first_texel;
flat out int start;

void main() {
    start = first_texel;
    vec4 box = texelFetch(shapes, ivec2(start & 1023, start >> 10), 0);
    vec2 place = mix(box.xy, box.zw, vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)));
    gl_Position = vec4(2.0 * place / size - 1.0, 0.0, 1.0);
}
)";

const char* const backdrop = R"(#version 300 es
precision highp float;
uniform vec3 top;
uniform vec3 bottom;
uniform float last_line;
out vec4 light;

void main() {
    light = vec4(mix(top, bottom, min(floor(gl_FragCoord.y) / last_line, 1.0)), 1.0);
}
)";

// What is seen of a shape in one pixel: its light, its share of it, how near it is and how far inside the edge the pixel lies.
const char* const shape = R"(#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D shapes;
uniform int part;              // 0: all of a shape; 1: where it has a pixel's middle, 2: where it does not
uniform float nearest;         // to the camera that anything is
flat in int start;
out vec4 light;

const float most_light = 60000.0;  // a half float holds 65504

struct Seen {
    vec3 color;
    float share;
    float nearness;
    float inside;
    float cover;  // of the pixel, without its opacity
};

vec4 texel(int i) {
    int at = start + i;
    return texelFetch(shapes, ivec2(at & 1023, at >> 10), 0);
}
float along(vec4 plane, vec2 at) {
    return plane.x * at.x + (plane.y * at.y + plane.z);
}

Seen face(vec4 facts, vec2 at) {
    Seen seen;
    seen.cover = 1.0;
    seen.inside = 1e9;
    for (int i = 0; i < int(facts.y); ++i) {
        vec4 edge = texel(2 + i);
        float distance = along(edge, at);
        seen.inside = min(seen.inside, distance);
        seen.cover *= clamp(distance + edge.w, 0.0, 1.0);
    }
    seen.nearness = along(texel(7), at);
    seen.color = max(vec3(along(texel(8), at), along(texel(9), at), along(texel(10), at)), 0.0);
    seen.share = seen.cover * facts.z;
    return seen;
}

vec3 shade(int lights, vec3 normal, vec3 ray) {
    vec3 color = texel(11).xyz;
    vec3 to_eye = -ray / sqrt(dot(ray, ray));
    for (int i = 0; i < lights; ++i) {
        vec3 towards = texel(12 + 3 * i).xyz;
        vec3 halfway = towards + to_eye;
        float tilt = max(dot(normal, halfway), 0.0) / sqrt(max(dot(halfway, halfway), 1e-6));
        float shine = tilt * tilt;
        for (int doubling = 0; doubling < 4; ++doubling) shine *= shine;
        color += texel(13 + 3 * i).xyz * max(dot(normal, towards), 0.0) + texel(14 + 3 * i).xyz * shine;
    }
    return color;
}

Seen ball(vec4 facts, vec2 at) {
    Seen seen;
    vec3 origin = texel(2).xyz;
    vec4 ray_x = texel(3);
    vec4 ray_y = texel(4);
    vec4 ray_z = texel(5);
    vec3 ray = vec3(along(ray_x, at), along(ray_y, at), along(ray_z, at));
    float squared = dot(ray, ray);
    float closest = -dot(origin, ray) / squared;
    vec3 near_point = closest * ray + origin;
    float depth = 1.0 - dot(near_point, near_point);
    vec2 slope = closest * vec2(dot(near_point, vec3(ray_x.x, ray_y.x, ray_z.x)),
                                dot(near_point, vec3(ray_x.y, ray_y.y, ray_z.y)));
    seen.inside = depth / max(2.0 * sqrt(dot(slope, slope)), 1e-12);
    seen.cover = clamp(seen.inside + 0.5, 0.0, 1.0);
    float distance = closest - sqrt(max(depth, 0.0) / squared);
    if (distance <= 0.0) seen.cover = 0.0;
    seen.share = seen.cover * facts.z;
    seen.nearness = 1.0 / max(distance, 1e-6);
    vec3 point = distance * ray + origin;
    vec3 normal = vec3(dot(texel(6).xyz, point), dot(texel(7).xyz, point), dot(texel(8).xyz, point));
    normal /= sqrt(max(dot(normal, normal), 1e-12));
    seen.color = shade(int(facts.y), normal, vec3(along(texel(9), at), along(texel(10), at), -1.0));
    return seen;
}

Seen glow(vec2 at) {
    Seen seen;
    vec4 facts = texel(2);
    vec2 from_middle = (at - facts.xy) / facts.z;
    float rest = max(1.0 - dot(from_middle, from_middle), 0.0);
    seen.color = texel(3).xyz * (rest * rest);
    seen.share = 0.0;
    seen.cover = rest;
    seen.nearness = facts.w;
    seen.inside = -1.0;
    return seen;
}

void main() {
    vec2 at = gl_FragCoord.xy;
    vec4 facts = texel(1);
    bool glows = facts.x == 2.0;
    Seen seen;
    if (facts.x == 0.0) {
        seen = face(facts, at);
    } else if (glows) {
        seen = glow(at);
    } else {
        seen = ball(facts, at);
    }
    if (seen.cover <= 0.0 || seen.nearness < 0.0) discard;
    if ((part == 1 && seen.inside < 0.0) || (part == 2 && seen.inside >= 0.0)) discard;
    gl_FragDepth = clamp(seen.nearness * nearest, 0.0, 1.0);
    light = glows ? vec4(min(seen.color, most_light), 0.0)
                  : vec4(min(seen.color * seen.share, most_light), seen.share);
}
)";

const char* const bright = R"(#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D source;
uniform float threshold;
uniform float smoothing;
out vec4 kept;

void main() {
    ivec2 at = 2 * ivec2(gl_FragCoord.xy);
    vec3 mean = 0.25 * (texelFetch(source, at, 0).rgb + texelFetch(source, at + ivec2(1, 0), 0).rgb +
                        texelFetch(source, at + ivec2(0, 1), 0).rgb + texelFetch(source, at + ivec2(1, 1), 0).rgb);
    float way = clamp((dot(mean, vec3(0.2126, 0.7152, 0.0722)) - threshold) / max(smoothing, 1e-4), 0.0, 1.0);
    kept = vec4(mean * (way * way * (3.0 - 2.0 * way)), 1.0);
}
)";

// Weights 1 3 3 1 are two samples between two texels each, at a quarter of the way.
const char* const halve = R"(#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D source;
uniform vec2 texel;  // 1 / size of the source
out vec4 smaller;

void main() {
    vec2 corner = 2.0 * floor(gl_FragCoord.xy);
    vec2 low = (corner + 0.25) * texel;
    vec2 high = (corner + 1.75) * texel;
    smaller = 0.25 * (textureLod(source, low, 0.0) + textureLod(source, high, 0.0) +
                      textureLod(source, vec2(low.x, high.y), 0.0) + textureLod(source, vec2(high.x, low.y), 0.0));
}
)";

const char* const widen = R"(#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D source;
uniform vec2 texel;
out vec4 larger;

void main() {
    larger = textureLod(source, 0.5 * gl_FragCoord.xy * texel, 0.0);
}
)";

const char* const shown = R"(#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D source;
uniform sampler2D bloom;
uniform vec2 texel;       // 1 / size of the bloom
uniform float intensity;  // 0: there is no bloom
uniform ivec2 size;

// As a byte would hold it, 0 to 255, not yet cut off.
vec3 shown(ivec2 at) {
    at = min(at, size - 1);
    vec3 light = texelFetch(source, at, 0).rgb;
    if (intensity > 0.0) light += intensity * textureLod(bloom, 0.5 * (vec2(at) + 0.5) * texel, 0.0).rgb;
    const float knee = 0.8;
    vec3 above = max(light - knee, 0.0) / (1.0 - knee);
    vec3 bent = knee + above * (1.0 - knee) / (above + 1.0);
    vec3 level = max(mix(light, bent, greaterThan(light, vec3(knee))), 0.0);
    vec3 root = sqrt(level);
    vec3 curve = ((((0.483056545 * root - 1.54419017) * root + 1.96638274) * root - 1.38008034) * root +
                  1.51481116) * root - 0.0399799421;
    return 255.0 * min(mix(curve, 12.92 * level, lessThan(level, vec3(0.0031308))), 1.0);
}

// The 8 x 8 thresholds of video/kernels/output.cpp: bits of x ^ y and of y, interleaved, the lowest first.
float threshold(ivec2 at) {
    int crossed = at.x ^ at.y;
    int sum = 0;
    for (int i = 0; i < 3; ++i) sum += (2 * ((crossed >> i) & 1) + ((at.y >> i) & 1)) << (4 - 2 * i);
    return (float(sum) + 0.5) / 64.0;
}

vec4 as_bytes(vec4 values) {
    return floor(values) / 255.0;
}
)";

// Four bytes in a texel. Above, the luma; below it both chromas side by side.
const char* const yuv = R"(
uniform int chroma_texels;  // of one chroma in a line
out vec4 bytes;

float luma(ivec2 at) {
    return dot(shown(at), (219.0 / 255.0) * vec3(0.2126, 0.7152, 0.0722)) + 16.0 + threshold(at);
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 values;
    if (at.y < size.y) {
        for (int i = 0; i < 4; ++i) values[i] = luma(ivec2(4 * at.x + i, at.y));
    } else {
        bool is_blue = at.x < chroma_texels;
        ivec2 corner = 2 * ivec2(4 * (is_blue ? at.x : at.x - chroma_texels), at.y - size.y);
        vec3 weights = (224.0 / 255.0) * (is_blue ? vec3(-0.2126, -0.7152, 0.9278) / 1.8556
                                                  : vec3(0.7874, -0.7152, -0.0722) / 1.5748);
        for (int i = 0; i < 4; ++i) {
            ivec2 four = corner + ivec2(2 * i, 0);
            vec3 mean = 0.25 * (shown(four) + shown(four + ivec2(1, 0)) + shown(four + ivec2(0, 1)) +
                                shown(four + ivec2(1, 1)));
            values[i] = dot(mean, weights) + 128.5;
        }
    }
    bytes = as_bytes(values);
}
)";

const char* const rgb = R"(
out vec4 bytes;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    bytes = as_bytes(vec4(shown(at) + threshold(at), 255.0));
}
)";

}  // namespace dubplate::shaders
