#include "exports/video/prove.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "exports/video/compare_sound.h"
#include "exports/video/contact_sheet.h"
#include "exports/video/watch.h"
#include "formats/video/video_reader.h"
#include "video/tile_renderer.h"

namespace dubplate {

namespace {

constexpr std::int64_t compared_frames = 12;
constexpr double most_late_s = 1e-3;
constexpr double gpu_least_db = 40;  // that two renderers agree, at least

std::string name_of(VideoCodec codec) {
    for (const auto& [known, name] : EnumNames<VideoCodec>::table)
        if (known == codec) return std::string(name);
    return {};
}

ProofCheck same(std::string name, std::string wanted, std::string found) {
    const bool passed = wanted == found;
    return {std::move(name), std::move(wanted), std::move(found), passed};
}

struct Pictures {
    std::int64_t frames = 0;
    double latest_s = 0;  // how far a frame's time is from where it should be, at most
    double worst_psnr_db = std::numeric_limits<double>::infinity();
    std::int64_t worst_frame = 0;
    ProofCheck motion;
};

// What a GPU drew is judged by what the processor draws.
double least_psnr_db(const VideoPlan& plan) {
    const bool lossless = plan.settings.preset == VideoPreset::lossless;
    return lossless ? gpu_least_db : 38 - plan.settings.crf / 2.0;
}

Result<Pictures> look_at(VideoReader& reader, const VideoPlan& plan, ContactSheet& sheet,
                         Progress::Part& progress, const std::stop_token& stop) {
    DUBPLATE_TRY(const auto renderer, make_tile_renderer(plan.renderer_options()));
    FrameWatch watch(plan);
    std::int64_t compared = 0;
    YuvImage fresh(plan.settings.width, plan.settings.height);
    const std::int64_t step = std::max<std::int64_t>(1, plan.frames / compared_frames);
    Pictures seen;
    const bool fits =
        reader.facts().width == plan.settings.width && reader.facts().height == plan.settings.height;
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::optional<DecodedFrame> frame, reader.next());
        if (!frame) break;
        const double wanted_s = static_cast<double>(seen.frames) / plan.settings.rate.hz();
        seen.latest_s = std::max(seen.latest_s, std::abs(frame->seconds - wanted_s));
        if (fits) watch.see(seen.frames, frame->planes.luma);
        if (fits && seen.frames % step == step / 2 && compared++ < compared_frames) {
            sheet.add(frame->planes);
            DUBPLATE_CHECK(renderer->render(plan.stage->scene_at(plan.time_of(seen.frames)), fresh.planes()));
            const double found = luma_psnr_db(frame->planes.luma, fresh.planes().luma, plan.settings.width,
                                              plan.settings.height);
            if (found < seen.worst_psnr_db) {
                seen.worst_psnr_db = found;
                seen.worst_frame = seen.frames;
            }
        }
        ++seen.frames;
        progress.advance_to(static_cast<double>(seen.frames) / static_cast<double>(plan.frames));
    }
    DUBPLATE_TRY(seen.motion, watch.check(*renderer, least_psnr_db(plan)));
    return seen;
}

void check_pictures(const Pictures& seen, const VideoPlan& plan, std::vector<ProofCheck>& checks) {
    checks.push_back(same("frames", std::to_string(plan.frames), std::to_string(seen.frames)));
    checks.push_back({"frame times", fmt::format("within {} ms", 1000 * most_late_s),
                      fmt::format("within {:.3f} ms", 1000 * seen.latest_s), seen.latest_s <= most_late_s});
    const bool lossless = plan.settings.preset == VideoPreset::lossless;
    const bool every_pixel = lossless && !plan.renderer.is_gpu;
    const double least_db = least_psnr_db(plan);
    const bool exact = std::isinf(seen.worst_psnr_db);
    checks.push_back(
        {"pictures", every_pixel ? "every pixel" : fmt::format("at least {:.1f} dB", least_db),
         exact ? "every pixel" : fmt::format("{:.1f} dB at frame {}", seen.worst_psnr_db, seen.worst_frame),
         every_pixel ? exact : seen.worst_psnr_db >= least_db});
    checks.push_back(seen.motion);
}

}  // namespace

Result<VideoProof> prove_video(const ByteSource& file, const VideoPlan& plan, int threads,
                               Progress::Part progress, std::stop_token stop) {
    DUBPLATE_TRY(VideoReader reader, VideoReader::open(file, threads));
    const VideoFacts facts = reader.facts();
    const auto size_text = [](int width, int height) { return fmt::format("{}x{}", width, height); };
    const auto rate_text = [](FrameRate rate) {
        return fmt::format("{}/{}", rate.numerator, rate.denominator);
    };
    VideoProof proof;
    std::vector<ProofCheck>& checks = proof.checks;
    checks.push_back(same("codec", name_of(plan.settings.codec), facts.codec));
    checks.push_back(same("size", size_text(plan.settings.width, plan.settings.height),
                          size_text(facts.width, facts.height)));
    const bool same_rate = std::int64_t{facts.rate.numerator} * plan.settings.rate.denominator ==
                           std::int64_t{plan.settings.rate.numerator} * facts.rate.denominator;
    checks.push_back({"frame rate", rate_text(plan.settings.rate), rate_text(facts.rate), same_rate});
    checks.push_back(same("color", "BT.709, limited range", facts.color));
    checks.push_back(
        same("index", "before the media", facts.index_comes_first ? "before the media" : "behind it"));
    checks.push_back(same("chapters", std::to_string(plan.chapters.size()), std::to_string(facts.chapters)));
    checks.push_back(same("sound", plan.sound ? "there" : "none", facts.has_sound ? "there" : "none"));
    ContactSheet sheet(plan.settings.width, plan.settings.height,
                       static_cast<int>(std::min(plan.frames, compared_frames)));
    DUBPLATE_TRY(const Pictures seen, look_at(reader, plan, sheet, progress, stop));
    check_pictures(seen, plan, checks);
    if (plan.sound && facts.has_sound) DUBPLATE_CHECK(compare_sound(file, plan, checks, stop));
    proof.contact_sheet = sheet.image();
    return proof;
}

}  // namespace dubplate
