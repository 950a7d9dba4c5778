// The renderer for GPUs, judged by the renderer of tiles, on the GL that Mesa computes: no GPU is needed.
#include "video/gpu/gpu_renderer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "golden/golden_scenes.h"
#include "support/likeness.h"
#include "video/tile_renderer.h"

namespace dubplate {
namespace {

constexpr int width = 320;
constexpr int height = 180;

class GpuRendererTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("DUBPLATE_SOFTWARE_GL", "1", 1);
        const auto gpu = find_gpu();
        if (!gpu) GTEST_SKIP() << "no OpenGL ES, not even a computed one: " << gpu.error().message;
    }
    void TearDown() override { ::unsetenv("DUBPLATE_SOFTWARE_GL"); }
};

std::unique_ptr<Renderer> gpu_renderer(const RendererOptions& options = {width, height, {}}) {
    auto made = make_gpu_renderer(options);
    EXPECT_TRUE(made) << made.error().to_string();
    return *std::move(made);
}

std::unique_ptr<Renderer> tile_renderer(const RendererOptions& options = {width, height, {}}) {
    return *make_tile_renderer(options);
}

YuvImage picture_of(Renderer& renderer, const Scene& scene, int across = width, int down = height) {
    YuvImage image(across, down);
    const Status made = renderer.render(scene, image.planes());
    EXPECT_TRUE(made) << made.error().to_string();
    return image;
}

void expect_alike(const YuvImage& a, const YuvImage& b, const std::string& name) {
    const std::size_t luma = static_cast<std::size_t>(a.width()) * static_cast<std::size_t>(a.height());
    const std::span all_a(a.bytes());
    const std::span all_b(b.bytes());
    const double luma_db = test::psnr_db(all_a.first(luma), all_b.first(luma));
    const double chroma_db = test::psnr_db(all_a.subspan(luma), all_b.subspan(luma));
    const double likeness = test::ssim(all_a.first(luma), all_b.first(luma), a.width());
    if (std::getenv("DUBPLATE_SHOW_LIKENESS") != nullptr)
        std::printf("%-28s %6.1f dB %6.1f dB %.4f\n", name.c_str(), luma_db, chroma_db, likeness);
    EXPECT_GE(luma_db, 40) << name;
    EXPECT_GE(chroma_db, 40) << name;
    EXPECT_GE(likeness, 0.99) << name;
}

void expect_alike_on(const std::vector<test::GoldenScene>& scenes) {
    const auto on_gpu = gpu_renderer();
    const auto in_tiles = tile_renderer();
    for (const test::GoldenScene& golden : scenes)
        expect_alike(picture_of(*on_gpu, golden.scene), picture_of(*in_tiles, golden.scene), golden.name);
}

// Bodies of every kind before, behind and within each other.
Scene crowd() {
    Scene scene;
    for (int i = 0; i < 90; ++i) {
        Body body;
        body.shape = i % 3 == 0 ? BodyShape::cube : i % 3 == 1 ? BodyShape::sphere : BodyShape::glow;
        body.position = {(i % 10 - 4.5) * 1.4, (i / 10 - 4.0) * 1.2, 3 * std::sin(i)};
        body.rotation = rotation_xyz({i * 11.0, i * 7.0, i * 3.0});
        body.scale = {1.6, 0.5 + 0.02 * i, 1.6};
        body.color = color_from_hsl(i * 20.0, 80, 60);
        body.emission = body.color * (0.01 * i);
        body.opacity = i % 4 == 0 ? 0.5 : 1;
        scene.bodies.push_back(body);
    }
    scene.lights = {{{1, 2, 3}, {1, 0.5, 0.2}, 20}, {{-4, 0, 4}, {0.2, 0.5, 1}, 12}};
    scene.backdrop = {{0.02, 0.02, 0.1}, {0.1, 0.02, 0.05}};
    return scene;
}

TEST_F(GpuRendererTest, AgreesWithTheTilesOnEverySynth) {
    expect_alike_on(test::synth_scenes());
}

TEST_F(GpuRendererTest, AgreesWithTheTilesOnEveryEffect) {
    expect_alike_on(test::effect_scenes());
}

TEST_F(GpuRendererTest, AgreesWithTheTilesOnEveryReadyScene) {
    expect_alike_on(test::ready_scenes());
}

TEST_F(GpuRendererTest, AgreesOnBodiesThatCutEachOther) {
    const Scene scene = crowd();
    expect_alike(picture_of(*gpu_renderer(), scene), picture_of(*tile_renderer(), scene), "crowd");
}

TEST_F(GpuRendererTest, AgreesAtSizesThatNoWordDivides) {
    for (const auto& [across, down] : {std::pair{322, 182}, {326, 178}, {16, 16}, {18, 200}}) {
        const RendererOptions options{across, down, {}};
        const Scene scene = crowd();
        expect_alike(picture_of(*gpu_renderer(options), scene, across, down),
                     picture_of(*tile_renderer(options), scene, across, down), std::to_string(across));
    }
}

TEST_F(GpuRendererTest, AgreesForAnyBloom) {
    for (const Bloom& bloom :
         {Bloom{.intensity = 0}, Bloom{.levels = 1}, Bloom{.intensity = 3, .radius = 0.2},
          Bloom{.threshold = 0.5, .smoothing = 0}}) {
        const RendererOptions options{width, height, bloom};
        const Scene scene = crowd();
        expect_alike(picture_of(*gpu_renderer(options), scene), picture_of(*tile_renderer(options), scene),
                     "bloom of " + std::to_string(bloom.intensity));
    }
}

TEST_F(GpuRendererTest, ShowsTheBackdropWhereThereIsNothing) {
    Scene scene;
    scene.backdrop = {{0.2, 0.1, 0.05}, {0.01, 0.1, 0.3}};
    expect_alike(picture_of(*gpu_renderer(), scene), picture_of(*tile_renderer(), scene), "backdrop");
}

TEST_F(GpuRendererTest, GivesPicturesBackInTheOrderOfTheirScenes) {
    const auto renderer = gpu_renderer();
    std::vector<Scene> scenes;
    std::vector<YuvImage> expected;
    for (int i = 0; i < 7; ++i) {
        Scene scene = crowd();
        scene.camera.position.x = i;
        scenes.push_back(scene);
        expected.push_back(picture_of(*renderer, scene));
    }

    std::size_t begun = 0;
    for (std::size_t taken = 0; taken < scenes.size(); ++taken) {
        for (; begun < std::min(taken + 3, scenes.size()); ++begun)
            ASSERT_TRUE(renderer->begin(scenes[begun]));
        YuvImage image(width, height);
        ASSERT_TRUE(renderer->take(image.planes()));
        EXPECT_EQ(image.bytes(), expected[taken].bytes()) << taken;
    }
}

TEST_F(GpuRendererTest, WandersFromThreadToThread) {
    const auto renderer = gpu_renderer();
    const Scene scene = crowd();
    const YuvImage here = picture_of(*renderer, scene);

    YuvImage there(width, height);
    std::jthread([&] { there = picture_of(*renderer, scene); }).join();
    EXPECT_EQ(there.bytes(), here.bytes());
}

TEST_F(GpuRendererTest, MakesStillsAsTheTilesDo) {
    const Scene scene = crowd();
    const auto on_gpu = gpu_renderer()->render_still(scene);
    ASSERT_TRUE(on_gpu);
    EXPECT_GE(test::psnr_db(on_gpu->rgb, tile_renderer()->render_still(scene)->rgb), 40);
}

TEST_F(GpuRendererTest, TakesMorePicturesThanItsFirstTextureOfRecordsHolds) {
    const auto renderer = gpu_renderer();
    const auto in_tiles = tile_renderer();
    Scene scene;
    for (const int side : {2, 40}) {
        for (int i = 0; i < side * side; ++i)
            scene.bodies.push_back({.position = {(i % side) * 0.5 - 10, (i / side) * 0.4 - 8, 0},
                                    .scale = {0.3, 0.3, 0.3},
                                    .color = color_from_hsl(i, 70, 50)});
        expect_alike(picture_of(*renderer, scene), picture_of(*in_tiles, scene), std::to_string(side));
    }
}

TEST_F(GpuRendererTest, RefusesSizesThatNoVideoHas) {
    const auto made = make_gpu_renderer({321, 180, {}});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
}

TEST(Gpu, IsNoneThatTheProcessorComputes) {
    const auto gpu = find_gpu();
    if (gpu) {
        EXPECT_FALSE(gpu->is_software) << gpu->name;
    } else {
        EXPECT_EQ(gpu.error().code, ErrorCode::unavailable) << gpu.error().to_string();
    }
}

}  // namespace
}  // namespace dubplate
