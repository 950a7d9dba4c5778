#include "video/gpu/shape_records.h"

#include <algorithm>

#include "video/gpu/layers.h"

namespace dubplate {

namespace {

constexpr float face_kind = 0;
constexpr float ball_kind = 1;
constexpr float glow_kind = 2;

class Packer {
  public:
    explicit Packer(std::vector<Texel>& texels) : texels_(texels) {}

    void operator()(const Face& face) {
        head(face.box, {face_kind, static_cast<float>(face.edges), face.opacity, 0});
        for (int i = 0; i < max_edges; ++i) add(face.edge[i], face.soft[i]);
        add(face.nearness);
        for (const Plane& color : face.color) add(color);
    }

    void operator()(const Ball& ball) {
        head(ball.box, {ball_kind, static_cast<float>(ball.lights), ball.opacity, 0});
        add(ball.origin);
        for (const Plane& ray : ball.ray) add(ray);
        for (int row = 0; row < 3; ++row) add(ball.normal + std::ptrdiff_t{3} * row);
        for (const Plane& view : ball.view) add(view);
        add(ball.ambient);
        for (int i = 0; i < ball.lights; ++i) {
            add(ball.light[i].towards);
            add(ball.light[i].color);
            add(ball.light[i].shine);
        }
    }

    void operator()(const Glow& glow) {
        head(glow.box, {glow_kind, 0, 1, 0});
        texels_.push_back({glow.x, glow.y, glow.radius, glow.nearness});
        add(glow.color);
    }

  private:
    void head(const PixelBox& box, const Texel& facts) {
        texels_.push_back({static_cast<float>(box.x0), static_cast<float>(box.y0), static_cast<float>(box.x1),
                           static_cast<float>(box.y1)});
        texels_.push_back(facts);
    }
    void add(const Plane& plane, float rest = 0) { texels_.push_back({plane.a, plane.b, plane.c, rest}); }
    void add(const float* three) { texels_.push_back({three[0], three[1], three[2], 0}); }

    std::vector<Texel>& texels_;
};

}  // namespace

void pack_shapes(const std::vector<Drawn>& drawn, int width, int height, ShapeRecords& records) {
    records.texels.clear();
    records.first_texel.clear();
    records.layer_ends.clear();
    Packer packer(records.texels);
    std::vector<PixelBox> hiding;
    std::vector<std::int32_t> first;
    for (const Drawn& one : drawn) {
        first.push_back(static_cast<std::int32_t>(records.texels.size()));
        std::visit(packer, one.shape);
        if (one.hides) hiding.push_back(box_of(one.shape));
    }
    std::vector<std::vector<std::int32_t>> layers;
    const std::vector<int> layer_of = layers_of(hiding, width, height);
    for (std::size_t i = 0; i < hiding.size(); ++i) {
        const auto layer = static_cast<std::size_t>(layer_of[i]);
        layers.resize(std::max(layers.size(), layer + 1));
        layers[layer].push_back(first[i]);
    }
    for (const std::vector<std::int32_t>& layer : layers) {
        records.first_texel.insert(records.first_texel.end(), layer.begin(), layer.end());
        records.layer_ends.push_back(records.count());
    }
    records.first_texel.insert(records.first_texel.end(),
                               first.begin() + static_cast<std::ptrdiff_t>(hiding.size()), first.end());
}

}  // namespace dubplate
