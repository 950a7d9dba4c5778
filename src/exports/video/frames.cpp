#include "exports/video/frames.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/ordered_work.h"

namespace dubplate {

namespace {

constexpr std::int64_t frames_at_a_stretch = 16;  // one renderer for so many

Status write_stretch(const VideoPlan& plan, const std::filesystem::path& folder, std::int64_t begin,
                     std::int64_t end, const std::stop_token& stop) {
    DUBPLATE_TRY(const auto renderer, make_renderer(plan.renderer, plan.renderer_options()));
    const std::string stem = std::filesystem::path(plan.spec.input).stem().string();
    for (std::int64_t frame = begin; frame < end; ++frame) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const PixelImage image,
                     renderer->render_still(plan.stage->scene_at(plan.time_of(frame))));
        DUBPLATE_TRY(const Bytes png, encode_png(image));
        DUBPLATE_TRY(const auto file,
                     plan.target.store->create(folder / fmt::format("{}-{:06}.png", stem, frame),
                                               {.overwrite = plan.target.overwrite}));
        DUBPLATE_CHECK(file->append(png));
        DUBPLATE_CHECK(file->publish());
    }
    return {};
}

}  // namespace

Status write_frames(const VideoPlan& plan, const std::filesystem::path& folder, int jobs, Progress& progress,
                    const std::stop_token& stop) {
    Progress::Part whole = progress.part(1);
    whole.stage("rendering", folder.string());
    std::int64_t done = 0;
    OrderedWork<std::int64_t> work(std::max(jobs, 1), stop, [&](std::int64_t end) -> Status {
        done = end;
        whole.advance_to(static_cast<double>(done) / static_cast<double>(plan.frames));
        return {};
    });
    for (std::int64_t begin = 0; begin < plan.frames; begin += frames_at_a_stretch) {
        const std::int64_t end = std::min(begin + frames_at_a_stretch, plan.frames);
        DUBPLATE_CHECK(
            work.add([&plan, &folder, begin, end](const std::stop_token& asked) -> Result<std::int64_t> {
                DUBPLATE_CHECK(write_stretch(plan, folder, begin, end, asked));
                return end;
            }));
    }
    DUBPLATE_CHECK(work.finish());
    progress.complete();
    return {};
}

}  // namespace dubplate
