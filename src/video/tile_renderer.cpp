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
          wider{Lines(given.width, 1), Lines(given.width, 1), Lines(given.width, 1)},
          tiles_across(rounded_up(given.width, tile_width) / tile_width),
          bins(static_cast<std::size_t>(tiles_across *
                                        (rounded_up(given.height, tile_height) / tile_height))) {}

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

    // The backdrop of a row of tiles, line by line.
    void set_backdrop(const Backdrop& backdrop, int down) {
        for (int row = 0; row < tile_height; ++row) {
            const double share = static_cast<double>(down * tile_height + row) / (options.height - 1);
            const Color color = blend_of(backdrop.top, backdrop.bottom, std::min(share, 1.0));
            backdrop_lines[0][row] = static_cast<float>(color.red);
            backdrop_lines[1][row] = static_cast<float>(color.green);
            backdrop_lines[2][row] = static_cast<float>(color.blue);
        }
    }

    void render_tile(int across, int down) {
        tile.x = across * tile_width;
        tile.y = down * tile_height;
        const int lines = std::min(tile_height, options.height - tile.y);
        const auto& bin = bins[static_cast<std::size_t>(down * tiles_across + across)];
        if (bin.empty()) {
            for (std::size_t c = 0; c < 3; ++c)
                for (int y = 0; y < lines; ++y)
                    std::fill_n(light.plane[c].line(tile.y + y) + tile.x, tile_width, backdrop_lines[c][y]);
            return;
        }
        clear_tile(tile, backdrop_lines);
        for (const Shape2d* shape : bin) std::visit([&](const auto& one) { draw(tile, one); }, *shape);
        const float* const planes[] = {tile.red, tile.green, tile.blue};
        for (std::size_t c = 0; c < 3; ++c)
            for (int y = 0; y < lines; ++y)
                std::memcpy(light.plane[c].line(tile.y + y) + tile.x, planes[c] + y * tile_width,
                            tile_width * sizeof(float));
    }

    // The lines of a row of tiles are looked through for what blooms while they are in the cache.
    void find_bright(int down) {
        if (levels.empty()) return;
        ColorLines& half = levels.front();
        const int end = std::min((down + 1) * tile_height / 2, half.height());
        const BrightPass pass{static_cast<float>(options.bloom.threshold),
                              static_cast<float>(options.bloom.smoothing)};
        for (int y = down * tile_height / 2; y < end; ++y) {
            const auto upper = lines_of(light, 2 * y);
            const auto lower = lines_of(light, 2 * y + 1);
            const auto target = lines_of(half, y);
            bright_line(upper.data(), lower.data(), target.data(), half.width(), pass);
        }
    }

    static std::array<float*, 3> lines_of(ColorLines& lines, int y) {
        return {lines.plane[0].line(y), lines.plane[1].line(y), lines.plane[2].line(y)};
    }

    void render_light(const Scene& scene) {
        drawn = project(scene, options.width, options.height);
        sort_into_tiles();
        for (int down = 0; down * tile_height < options.height; ++down) {
            set_backdrop(scene.backdrop, down);
            for (int across = 0; across < tiles_across; ++across) render_tile(across, down);
            find_bright(down);
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
            double_up(from, y, wider[0].line(0), to.width());
            mix_line(to.line(y), wider[0].line(0), static_cast<float>(options.bloom.radius), to.width());
        }
    }

    // ---- output ----

    // Line y as it is shown, each color from 0 to 255.
    std::array<float*, 3> shown(int y) {
        const std::array<float*, 3> lines = lines_of(light, y);
        for (std::size_t c = 0; c < 3; ++c) {
            const float* bloom = nullptr;
            if (!levels.empty()) {
                double_up(levels.front().plane[c], y, wider[c].line(0), options.width);
                bloom = wider[c].line(0);
            }
            show_line(lines[c], bloom, static_cast<float>(options.bloom.intensity), options.width);
        }
        return lines;
    }

    RendererOptions options;
    ColorLines light;
    std::vector<ColorLines> levels;
    Lines scratch;
    std::array<Lines, 3> wider;
    int tiles_across;
    std::vector<std::vector<const Shape2d*>> bins;
    std::vector<Drawn> drawn;
    Tile tile;
    float backdrop_lines[3][tile_height] = {};
};

}  // namespace

Result<std::unique_ptr<Renderer>> make_tile_renderer(const RendererOptions& options) {
    DUBPLATE_CHECK(check_picture_size(options.width, options.height));
    return std::make_unique<TileRenderer>(options);
}

std::uint64_t tile_renderer_memory_bytes(int width, int height) {
    constexpr std::uint64_t bytes_a_pixel = 21;
    constexpr std::uint64_t fixed = 4 << 20;
    return fixed + bytes_a_pixel * static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
}

}  // namespace dubplate
