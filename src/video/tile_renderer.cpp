#include "video/tile_renderer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "video/kernels/bloom.h"
#include "video/kernels/output.h"
#include "video/projection.h"

namespace dubplate {

namespace {

constexpr int rounded_up(int value, int unit) {
    return (value + unit - 1) / unit * unit;
}

// Lines of floats with padding on both sides, for kernels that look and write past the ends.
class Lines {
  public:
    Lines(int width, int height)
        : width_(width),
          height_(height),
          stride_(rounded_up(width, tile_width) + 2 * line_padding),
          values_(static_cast<std::size_t>(stride_) * static_cast<std::size_t>(height)) {}
    int width() const { return width_; }
    int height() const { return height_; }
    float* line(int y) {
        return values_.data() + std::ptrdiff_t{stride_} * std::clamp(y, 0, height_ - 1) + line_padding;
    }

  private:
    int width_;
    int height_;
    int stride_;
    std::vector<float> values_;
};

struct ColorLines {
    std::array<Lines, 3> plane;
    ColorLines(int width, int height)
        : plane{Lines(width, height), Lines(width, height), Lines(width, height)} {}
    int width() const { return plane[0].width(); }
    int height() const { return plane[0].height(); }
};

std::vector<ColorLines> make_levels(const RendererOptions& options) {
    std::vector<ColorLines> levels;
    for (const BloomSize& size : bloom_sizes(options)) levels.emplace_back(size.width, size.height);
    return levels;
}

class TileRenderer final : public Renderer {
  public:
    explicit TileRenderer(const RendererOptions& given)
        : options(given),
          light(given.width, given.height),
          levels(make_levels(given)),
          scratch(given.width, 1),
          wider(given.width, 1),
          plain{Lines(given.width, 1), Lines(given.width, 1), Lines(given.width, 1)},
          output{ColorLines(given.width, 1), ColorLines(given.width, 1)},
          tiles_across(rounded_up(given.width, tile_width) / tile_width),
          bins(
              static_cast<std::size_t>(tiles_across * (rounded_up(given.height, tile_height) / tile_height))),
          is_plain(bins.size()) {}

    Status begin(const Scene& scene) override {
        render_light(scene);
        return {};
    }

    Status take(const YuvPlanes& target) override {
        blur();
        for (int y = 0; y < options.height; y += 2) {
            const auto upper = shown(y);
            const auto lower = shown(y + 1);
            luma_line(upper.data(), target.luma.data + y * target.luma.stride, options.width, y);
            luma_line(lower.data(), target.luma.data + (y + 1) * target.luma.stride, options.width, y + 1);
            chroma_line(upper.data(), lower.data(),
                        target.blue_difference.data + y / 2 * target.blue_difference.stride,
                        target.red_difference.data + y / 2 * target.red_difference.stride, options.width / 2);
        }
        return {};
    }

    Result<PixelImage> render_still(const Scene& scene) override {
        render_light(scene);
        blur();
        PixelImage image{options.width, options.height, {}};
        image.rgb.resize(3 * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
        for (int y = 0; y < image.height; ++y) {
            const auto line = shown(y);
            rgb_line(line.data(), image.rgb.data() + std::ptrdiff_t{3} * image.width * y, image.width, y);
        }
        return image;
    }

  private:
    // ---- tiles ----

    void sort_into_tiles() {
        for (auto& bin : bins) bin.clear();
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            const PixelBox& box = box_of(drawn[i].shape);
            for (int y = box.y0 / tile_height; y <= (box.y1 - 1) / tile_height; ++y)
                for (int x = box.x0 / tile_width; x <= (box.x1 - 1) / tile_width; ++x)
                    if (may_touch(drawn[i].shape, x * tile_width, y * tile_height))
                        bins[static_cast<std::size_t>(y * tiles_across + x)].push_back(&drawn[i].shape);
        }
    }

    // A face that leaves a tile wholly outside one of its edges.
    static bool may_touch(const Shape2d& shape, int x, int y) {
        const Face* face = std::get_if<Face>(&shape);
        if (face == nullptr) return true;
        for (int i = 0; i < face->edges; ++i) {
            const Plane& edge = face->edge[i];
            const float nearest = edge.a * static_cast<float>(edge.a > 0 ? x + tile_width : x) +
                                  edge.b * static_cast<float>(edge.b > 0 ? y + tile_height : y) + edge.c;
            if (nearest < -2) return false;
        }
        return true;
    }

    Color backdrop_at(int y) const {
        const double share = static_cast<double>(y) / (options.height - 1);
        return blend_of(backdrop.top, backdrop.bottom, std::min(share, 1.0));
    }

    // The backdrop of a row of tiles, line by line, and what of it blooms.
    void set_backdrop(int down) {
        for (int row = 0; row < tile_height; ++row) {
            const Color color = backdrop_at(down * tile_height + row);
            backdrop_lines[0][row] = static_cast<float>(color.red);
            backdrop_lines[1][row] = static_cast<float>(color.green);
            backdrop_lines[2][row] = static_cast<float>(color.blue);
        }
        if (levels.empty()) return;
        clear_tile(tile, backdrop_lines);
        for (int row = 0; row < tile_height / 2; ++row) {
            std::array<float, tile_width> bright[3];
            bright_of_tile(row, {bright[0].data(), bright[1].data(), bright[2].data()});
            for (std::size_t c = 0; c < 3; ++c) backdrop_bright[c][row] = bright[c][0];
        }
    }

    // Two lines of the tile become one of what blooms.
    void bright_of_tile(int row, const std::array<float*, 3>& target) {
        const int upper = 2 * row * tile_width;
        const int lower = upper + tile_width;
        const float* const above[] = {tile.red + upper, tile.green + upper, tile.blue + upper};
        const float* const below[] = {tile.red + lower, tile.green + lower, tile.blue + lower};
        bright_line(
            above, below, target.data(), tile_width / 2,
            {static_cast<float>(options.bloom.threshold), static_cast<float>(options.bloom.smoothing)});
    }

    // A tile on which nothing stands is not written at all: shown() knows what it holds.
    void render_tile(int across, int down) {
        tile.x = across * tile_width;
        tile.y = down * tile_height;
        const auto index = static_cast<std::size_t>(down * tiles_across + across);
        is_plain[index] = bins[index].empty() ? 1 : 0;
        if (bins[index].empty()) {
            keep_plain_bright();
            return;
        }
        clear_tile(tile, backdrop_lines);
        for (const Shape2d* shape : bins[index])
            std::visit([&](const auto& one) { draw(tile, one); }, *shape);
        const int lines = std::min(tile_height, options.height - tile.y);
        const float* const planes[] = {tile.red, tile.green, tile.blue};
        for (std::size_t c = 0; c < 3; ++c)
            for (int y = 0; y < lines; ++y)
                std::memcpy(light.plane[c].line(tile.y + y) + tile.x, planes[c] + y * tile_width,
                            tile_width * sizeof(float));
        keep_bright();
    }

    // What blooms is looked for while the tile is in the cache.
    void keep_bright() {
        if (levels.empty()) return;
        for (int row = 0; row < bright_lines(); ++row) {
            const auto target = lines_of(levels.front(), tile.y / 2 + row);
            bright_of_tile(row, {target[0] + tile.x / 2, target[1] + tile.x / 2, target[2] + tile.x / 2});
        }
    }
    void keep_plain_bright() {
        if (levels.empty()) return;
        for (int row = 0; row < bright_lines(); ++row)
            for (std::size_t c = 0; c < 3; ++c)
                std::fill_n(levels.front().plane[c].line(tile.y / 2 + row) + tile.x / 2, tile_width / 2,
                            backdrop_bright[c][row]);
    }
    int bright_lines() const { return std::min(tile_height / 2, levels.front().height() - tile.y / 2); }

    static std::array<float*, 3> lines_of(ColorLines& lines, int y) {
        return {lines.plane[0].line(y), lines.plane[1].line(y), lines.plane[2].line(y)};
    }

    void render_light(const Scene& scene) {
        backdrop = scene.backdrop;
        drawn = project(scene, options.width, options.height);
        sort_into_tiles();
        for (int down = 0; down * tile_height < options.height; ++down) {
            set_backdrop(down);
            for (int across = 0; across < tiles_across; ++across) render_tile(across, down);
        }
    }

    // ---- bloom ----

    void blur() {
        for (std::size_t i = 1; i < levels.size(); ++i)
            for (std::size_t c = 0; c < 3; ++c) halve(levels[i - 1].plane[c], levels[i].plane[c]);
        for (std::size_t i = levels.size(); i-- > 1;)
            for (std::size_t c = 0; c < 3; ++c) mix_in(levels[i].plane[c], levels[i - 1].plane[c]);
    }

    void halve(Lines& from, Lines& to) {
        for (int y = 0; y < to.height(); ++y) {
            const float* const lines[] = {from.line(2 * y - 1), from.line(2 * y), from.line(2 * y + 1),
                                          from.line(2 * y + 2)};
            halve_line(lines, scratch.line(0), from.width(), to.line(y), to.width());
        }
    }

    void double_up(Lines& from, int y, float* target, int width) {
        const int near = y / 2;
        double_line(from.line(near), from.line(y % 2 == 0 ? near - 1 : near + 1), scratch.line(0),
                    from.width(), target, width);
    }

    void mix_in(Lines& from, Lines& to) {
        for (int y = 0; y < to.height(); ++y) {
            double_up(from, y, wider.line(0), to.width());
            mix_line(to.line(y), wider.line(0), static_cast<float>(options.bloom.radius), to.width());
        }
    }

    // ---- output ----

    // Line y as it is shown, each color from 0 to 255. Even and odd lines stand in buffers of their own.
    std::array<float*, 3> shown(int y) {
        const std::array<float*, 3> lines = lines_of(light, y);
        const std::array<float*, 3> target = lines_of(output[static_cast<std::size_t>(y % 2)], 0);
        set_plain(y);
        for (std::size_t c = 0; c < 3; ++c) {
            const float* bloom = nullptr;
            if (!levels.empty()) {
                double_up(levels.front().plane[c], y, wider.line(0), options.width);
                bloom = wider.line(0);
            }
            show_runs(y, lines[c], plain[c].line(0), bloom, target[c]);
        }
        return target;
    }

    void set_plain(int y) {
        const Color color = backdrop_at(y);
        const double values[] = {color.red, color.green, color.blue};
        for (std::size_t c = 0; c < 3; ++c)
            std::fill_n(plain[c].line(0), options.width, static_cast<float>(values[c]));
    }

    // Tiles of the same kind together: what was drawn, and what is backdrop alone.
    void show_runs(int y, const float* drawn_line, const float* plain_line, const float* bloom,
                   float* target) {
        const char* kind = is_plain.data() + std::ptrdiff_t{y / tile_height} * tiles_across;
        for (int begin = 0; begin < tiles_across;) {
            int end = begin + 1;
            while (end < tiles_across && kind[end] == kind[begin]) ++end;
            const int x = begin * tile_width;
            show_line((kind[begin] != 0 ? plain_line : drawn_line) + x,
                      bloom == nullptr ? nullptr : bloom + x, static_cast<float>(options.bloom.intensity),
                      target + x, std::min(end * tile_width, options.width) - x);
            begin = end;
        }
    }

    RendererOptions options;
    ColorLines light;
    std::vector<ColorLines> levels;
    Lines scratch;
    Lines wider;
    std::array<Lines, 3> plain;  // a line of the backdrop
    std::array<ColorLines, 2> output;
    int tiles_across;
    std::vector<std::vector<const Shape2d*>> bins;
    std::vector<char> is_plain;  // of each tile
    std::vector<Drawn> drawn;
    Tile tile;
    Backdrop backdrop;
    float backdrop_lines[3][tile_height] = {};
    float backdrop_bright[3][tile_height / 2] = {};
};

}  // namespace

Result<std::unique_ptr<Renderer>> make_tile_renderer(const RendererOptions& options) {
    DUBPLATE_CHECK(check_picture_size(options.width, options.height));
    return std::make_unique<TileRenderer>(options);
}

std::uint64_t tile_renderer_memory_bytes(int width, int height) {
    constexpr std::uint64_t bytes_a_pixel = 17;
    constexpr std::uint64_t fixed = 4 << 20;
    return fixed + bytes_a_pixel * static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
}

}  // namespace dubplate
