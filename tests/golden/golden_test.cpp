// Golden frames: a sheet of small pictures for each group, as the renderer of tiles makes them. DUBPLATE_UPDATE_GOLDEN=1 in the environment
// writes them anew: look at each before it is committed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "formats/image/image.h"
#include "golden/golden_scenes.h"
#include "support/likeness.h"
#include "support/repository.h"
#include "video/tile_renderer.h"

namespace dubplate {
namespace {

constexpr int width = 160;
constexpr int height = 90;
constexpr int across = 4;
// The same source gives the same picture to within a step of rounding in the system's sine.
constexpr double least_db = 50;

using Cells = std::vector<PixelImage>;

Cells pictures_of(const std::vector<test::GoldenScene>& scenes) {
    const auto renderer = make_tile_renderer({width, height, {}});
    Cells cells;
    for (const test::GoldenScene& golden : scenes) cells.push_back(*(*renderer)->render_still(golden.scene));
    return cells;
}

PixelImage sheet_of(const Cells& cells) {
    const int down = (static_cast<int>(cells.size()) + across - 1) / across;
    PixelImage sheet{across * width, down * height, {}};
    sheet.rgb.resize(std::size_t{3} * across * width * static_cast<std::size_t>(down) * height);
    for (std::size_t i = 0; i < cells.size(); ++i)
        for (std::size_t y = 0; y < height; ++y) {
            const std::size_t line = i / across * height + y;
            std::copy_n(
                cells[i].rgb.begin() + static_cast<std::ptrdiff_t>(3 * width * y), 3 * width,
                sheet.rgb.begin() + static_cast<std::ptrdiff_t>(3 * width * (line * across + i % across)));
        }
    return sheet;
}

// Cell i of a sheet as it was read.
std::vector<std::uint8_t> cell_of(const Image& sheet, std::size_t i) {
    std::vector<std::uint8_t> rgb;
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t pixel = (i / across * height + y) * across * width + i % across * width + x;
            for (std::size_t c = 0; c < 3; ++c) rgb.push_back(sheet.rgba[4 * pixel + c]);
        }
    return rgb;
}

void write_file(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
    return {bytes, bytes + text.size()};
}

void expect_golden(const std::string& group, const std::vector<test::GoldenScene>& scenes) {
    const Cells cells = pictures_of(scenes);
    const std::string name = group + ".png";
    const auto golden = test::repository() / "tests" / "golden" / name;
    const auto png = encode_png(sheet_of(cells));
    ASSERT_TRUE(png);
    if (std::getenv("DUBPLATE_UPDATE_GOLDEN") != nullptr) write_file(golden, *png);
    const auto sheet = decode_image(read_file(golden));
    ASSERT_TRUE(sheet) << golden << ": " << sheet.error().to_string();
    ASSERT_EQ(sheet->width, across * width);
    ASSERT_EQ(sheet->height, static_cast<int>((cells.size() + across - 1) / across) * height);
    for (std::size_t i = 0; i < cells.size(); ++i)
        EXPECT_GE(test::psnr_db(cells[i].rgb, cell_of(*sheet, i)), least_db)
            << scenes[i].name << ": compare " << name << " in the build folder with tests/golden/" << name;
    if (testing::Test::HasFailure()) write_file(name, *png);
}

TEST(Golden, SynthsLookAsTheyDid) {
    expect_golden("synths", test::synth_scenes());
}

TEST(Golden, EffectsLookAsTheyDid) {
    expect_golden("effects", test::effect_scenes());
}

TEST(Golden, ReadyScenesLookAsTheyDid) {
    expect_golden("scenes", test::ready_scenes());
}

}  // namespace
}  // namespace dubplate
