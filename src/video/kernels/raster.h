// raster.h: flat faces, balls and glows into one tile of a picture.
//
// What     the three shapes that a picture is made of. Edges are analytic: a pixel gets the share of the shape that covers it, with no
//          samples, so that slow movements do not crawl.
// Shape    a Tile is a piece of the picture in planes, and of its depth. Positions are in pixels of the whole picture; the center
//          of the first pixel is at 0.5, 0.5.
// Units    colors are linear light, 1 is white, more is allowed. Nearness is 1 / distance along the view: larger is nearer, and
//          it is linear over the picture on a flat face; 0 is infinitely far.
// Order    what is drawn later covers what was drawn before where it is as near. Draw from the back to the front.
// Same     each pixel gets the same operations on every kind of processor, whatever the number of lanes (ADR 0010).
// Threads  functions without state.
#pragma once

#include <cstdint>

namespace dubplate {

inline constexpr int tile_width = 64;
inline constexpr int tile_height = 32;
inline constexpr int tile_pixels = tile_width * tile_height;

// Of 32 KiB, so that it stays in the first-level cache.
struct alignas(64) Tile {
    float red[tile_pixels];
    float green[tile_pixels];
    float blue[tile_pixels];
    float nearness[tile_pixels];
    int x = 0;  // of its first pixel in the picture
    int y = 0;
};

// Pixels [x0, x1) x [y0, y1).
struct PixelBox {
    int x0 = 0;
    int y0 = 0;
    int x1 = 0;
    int y1 = 0;
};

// a x + b y + c.
struct Plane {
    float a = 0;
    float b = 0;
    float c = 0;
};

inline constexpr int max_edges = 5;  // a quadrangle that the near plane has cut

// A convex face.
struct Face {
    PixelBox box;
    int edges = 0;
    Plane edge[max_edges];  // the distance to each edge in pixels, positive inside
    // 0.5 where the edge meets something else; 1 where it meets the next face of the same body, so that nothing behind shines
    // through the seam.
    float soft[max_edges] = {};
    Plane nearness;
    Plane color[3];
    float opacity = 1;
    bool hides = true;  // what is behind it
};

struct BallLight {
    float towards[3] = {};  // unit vector to the light
    float color[3] = {};
    float shine[3] = {};  // color of its highlight
};

inline constexpr int max_ball_lights = 4;

// A ball, or an ellipsoid. The view ray of a pixel, in a space in which the ball has radius 1 about the origin, starts at `origin` and
// goes along `ray`, which is linear over the picture and has length 1 along the view.
struct Ball {
    PixelBox box;
    float origin[3] = {};
    Plane ray[3];
    float normal[9] = {};   // from that space to the view's, by rows
    Plane view[2];          // x and y of the ray in the view's space, whose z is -1
    float ambient[3] = {};  // what it has of color without any light of a direction
    int lights = 0;
    BallLight light[max_ball_lights];
    float opacity = 1;
    bool hides = true;
};

// A round light that covers nothing: added to what is there where it is nearer. (1 - r^2)^2 of `color` at r radii.
struct Glow {
    PixelBox box;
    float x = 0;
    float y = 0;
    float radius = 1;
    float nearness = 0;
    float color[3] = {};
};

// Gives each line of the tile its color, and sets it infinitely far. colors: red, green, blue of tile_height lines.
void clear_tile(Tile& tile, const float (&colors)[3][tile_height]);
void draw(Tile& tile, const Face& face);
void draw(Tile& tile, const Ball& ball);
void draw(Tile& tile, const Glow& glow);

}  // namespace dubplate
