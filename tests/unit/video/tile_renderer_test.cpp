#include "video/tile_renderer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support/dispatch.h"

namespace dubplate {
namespace {

constexpr int width = 320;
constexpr int height = 180;
// Pixels of a length of 1 at a distance of 1: half the height over the tangent of half the angle of view.
const double focal = height / 2.0 / std::tan(radians(75) / 2);

std::unique_ptr<Renderer> renderer_of(Bloom bloom) {
    auto made = make_tile_renderer({width, height, bloom});
    EXPECT_TRUE(made);
    return *std::move(made);
}

Color color_of_gray(double light) {
    return {light, light, light};
}

PixelImage picture_of(const Scene& scene, double bloom = 0) {
    return *renderer_of({.intensity = bloom})->render_still(scene);
}

// Only what shines by itself, so that its light can be counted.
Body shining(BodyShape shape, Color light, Vec3 position = {}) {
    return {.shape = shape, .position = position, .color = {}, .emission = light};
}

Scene scene_of(std::vector<Body> bodies) {
    Scene scene;
    scene.sun.color = {};
    scene.bodies = std::move(bodies);
    return scene;
}

double light_at(const PixelImage& image, int x, int y, int channel) {
    return to_linear(image.rgb[static_cast<std::size_t>(3 * (y * image.width + x) + channel)] / 255.0);
}

double light_of(const PixelImage& image, int channel = 0) {
    double sum = 0;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) sum += light_at(image, x, y, channel);
    return sum;
}

TEST(TileRenderer, ShowsTheBackdropWhereThereIsNothing) {
    Scene scene;
    scene.backdrop = {color_of_gray(0.2), color_of_gray(0.2)};
    const PixelImage image = picture_of(scene);

    for (const int y : {0, 90, 179}) EXPECT_NEAR(light_at(image, 160, y, 1), 0.2, 0.005);
}

TEST(TileRenderer, CoversAsManyPixelsAsAFaceHas) {
    Body cube = shining(BodyShape::cube, {0.5, 0, 0});
    cube.scale = {4, 4, 2};

    // Its front is at a distance of 14; from there nothing else of it is seen.
    const double side = focal * 4 / 14;
    EXPECT_NEAR(light_of(picture_of(scene_of({cube}))), 0.5 * side * side, 0.01 * side * side);
}

TEST(TileRenderer, CoversAsManyPixelsAsABallHas) {
    Body ball = shining(BodyShape::sphere, {0.5, 0, 0});
    ball.scale = {6, 6, 6};

    const double radius = focal * std::tan(std::asin(3.0 / 15));
    const double area = std::numbers::pi * radius * radius;
    EXPECT_NEAR(light_of(picture_of(scene_of({ball}))), 0.5 * area, 0.01 * area);
}

TEST(TileRenderer, MovesWithoutStepsAtEdges) {
    for (const BodyShape shape : {BodyShape::cube, BodyShape::sphere}) {
        const auto light = [&](double moved) {
            return light_of(picture_of(scene_of({shining(shape, {0.5, 0, 0}, {moved, 0, 10})})));
        };
        // A tenth of a pixel each time.
        const double pixel = 5 / focal;
        const double first = light(0);
        for (int i = 1; i < 10; ++i) EXPECT_NEAR(light(i * pixel / 10), first, 0.01 * first) << i;
    }
}

TEST(TileRenderer, HidesWhatIsBehindInAnyOrder) {
    const Body near = shining(BodyShape::cube, {0.5, 0, 0}, {0, 0, 2});
    const Body far = shining(BodyShape::sphere, {0, 0.5, 0}, {0, 0, -2});

    for (const auto& bodies : {std::vector{near, far}, std::vector{far, near}}) {
        const PixelImage image = picture_of(scene_of(bodies));
        EXPECT_NEAR(light_at(image, 160, 90, 0), 0.5, 0.01);
        EXPECT_EQ(light_at(image, 160, 90, 1), 0);
    }
}

TEST(TileRenderer, LetsThroughWhatIsNotOpaque) {
    Body near = shining(BodyShape::cube, {0.4, 0, 0}, {0, 0, 2});
    near.opacity = 0.5;
    const PixelImage image = picture_of(scene_of({near, shining(BodyShape::cube, {0, 0.4, 0}, {0, 0, -2})}));

    EXPECT_NEAR(light_at(image, 160, 90, 0), 0.2, 0.01);
    EXPECT_NEAR(light_at(image, 160, 90, 1), 0.2, 0.01);
}

TEST(TileRenderer, HasNoSeamsBetweenFacesOfACube) {
    Body cube = shining(BodyShape::cube, {0.5, 0.5, 0.5});
    cube.scale = {8, 8, 8};
    for (int turn = 0; turn < 90; turn += 7) {
        cube.rotation = rotation_xyz({turn * 1.0, turn * 2.0, turn * 3.0});
        const PixelImage image = picture_of(scene_of({cube}));
        for (int y = 70; y < 110; ++y)
            for (int x = 140; x < 180; ++x)
                ASSERT_GT(light_at(image, x, y, 0), 0.45) << turn << " " << x << " " << y;
    }
}

TEST(TileRenderer, LightsWhatFacesTheSunAndNotWhatFacesAway) {
    Scene scene;
    scene.ambient = {};
    scene.sun = {{0, 0, 1}, white};
    scene.bodies = {{.color = {0.5, 0.5, 0.5}, .opacity = 1}};
    const double lit = light_at(picture_of(scene), 160, 90, 0);
    scene.sun.towards = {0, 0, -1};
    const double dark = light_at(picture_of(scene), 160, 90, 0);

    EXPECT_GT(lit, 0.5);
    EXPECT_EQ(dark, 0);
}

TEST(TileRenderer, CutsWhatReachesBehindTheCamera) {
    // A floor under the camera, from far before it to far behind.
    Body floor = shining(BodyShape::cube, {0.5, 0, 0}, {0, -2, 0});
    floor.scale = {200, 1, 200};
    const PixelImage image = picture_of(scene_of({floor}));

    EXPECT_NEAR(light_at(image, 160, 170, 0), 0.5, 0.01);
    EXPECT_EQ(light_at(image, 160, 10, 0), 0);
}

TEST(TileRenderer, BloomsWhatIsBrightAlone) {
    Body dark = shining(BodyShape::cube, {0.05, 0.05, 0.05});
    EXPECT_EQ(picture_of(scene_of({dark}), 1).rgb, picture_of(scene_of({dark}), 0).rgb);

    Body bright = shining(BodyShape::cube, {2, 2, 2});
    const PixelImage without = picture_of(scene_of({bright}), 0);
    const PixelImage with = picture_of(scene_of({bright}), 1);
    EXPECT_EQ(light_at(without, 160, 60, 0), 0);
    EXPECT_GT(light_at(with, 160, 60, 0), 0.002);
}

TEST(TileRenderer, DoesNotRememberThePictureBefore) {
    const Scene first = scene_of({shining(BodyShape::sphere, {2, 1, 0})});
    const Scene second = scene_of({shining(BodyShape::cube, {0, 1, 3}, {3, 1, 0})});
    const auto renderer = renderer_of({});
    const auto expected = renderer->render_still(first)->rgb;
    ASSERT_TRUE(renderer->render_still(second));

    EXPECT_EQ(renderer->render_still(first)->rgb, expected);
}

TEST(TileRenderer, GivesTheSameOnEveryKindOfProcessor) {
    std::vector<Body> bodies;
    for (int i = 0; i < 60; ++i) {
        Body body;
        body.shape = i % 3 == 0 ? BodyShape::cube : i % 3 == 1 ? BodyShape::sphere : BodyShape::glow;
        body.position = {i % 10 - 4.5, i / 10 - 2.5, std::sin(i)};
        body.rotation = rotation_xyz({i * 11.0, i * 7.0, i * 3.0});
        body.scale = {1, 0.5 + 0.01 * i, 1};
        body.color = color_from_hsl(i * 20.0, 80, 60);
        body.emission = body.color * (0.02 * i);
        body.opacity = i % 4 == 0 ? 0.5 : 1;
        bodies.push_back(body);
    }
    Scene scene = scene_of(bodies);
    scene.sun.color = white;
    scene.lights = {{{1, 2, 3}, {1, 0.5, 0.2}, 20}};
    // No multiple of any number of lanes.
    const auto made = make_tile_renderer({322, 182, {}});
    ASSERT_TRUE(made);

    test::expect_same_on_all_targets([&] {
        YuvImage frame(322, 182);
        EXPECT_TRUE((*made)->render(scene, frame.planes()));
        return frame.bytes();
    });
}

TEST(TileRenderer, MakesVideoLevelsOfGray) {
    Scene scene;
    scene.backdrop = {color_of_gray(to_linear(0.5)), color_of_gray(to_linear(0.5))};
    YuvImage frame(width, height);
    ASSERT_TRUE(renderer_of({.intensity = 0})->render(scene, frame.planes()));

    // 16 + 219 / 2, and no color.
    EXPECT_NEAR(frame.bytes()[0], 125.5, 1.0);
    EXPECT_EQ(frame.bytes()[width * height], 128);
    EXPECT_EQ(frame.bytes()[width * height * 5 / 4], 128);
}

TEST(TileRenderer, RefusesSizesThatNoVideoHas) {
    for (const auto& [w, h] : {std::pair{0, 0}, {15, 100}, {321, 180}, {320, 181}, {16'000, 9000}}) {
        const auto made = make_tile_renderer({w, h, {}});
        ASSERT_FALSE(made) << w << "x" << h;
        EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
    }
}

}  // namespace
}  // namespace dubplate
