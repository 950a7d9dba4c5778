#include <fmt/format.h>

#include <algorithm>

#include "core/units.h"
#include "exports/audio/delivery.h"
#include "exports/audio/pass.h"

namespace dubplate {

namespace {

std::string encoder_text(const Delivery& delivery) {
    std::string text(delivery.planned->format->writer_library);
    if (delivery.planned->format->lossless) return text;
    const Mp3Settings& mp3 = delivery.settings.mp3;
    return text + (mp3.vbr_quality ? fmt::format(", V{}", *mp3.vbr_quality)
                                   : fmt::format(", {} kbit/s", mp3.bitrate_kbps));
}

// Those whose writer goes on have it already. A writer that cannot be made gives its own file up, and no other.
std::vector<Delivery*> with_writers(std::span<Delivery* const> deliveries) {
    std::vector<Delivery*> ready;
    for (Delivery* delivery : deliveries) {
        if (delivery->writer) {
            ready.push_back(delivery);
            continue;
        }
        auto writer =
            delivery->planned->format->create(*delivery->file, delivery->settings, tags_now(*delivery));
        if (writer) {
            delivery->writer = *std::move(writer);
            ready.push_back(delivery);
        } else {
            give_up(*delivery, std::move(writer).error());
        }
    }
    return ready;
}

// What the limiter's trials have kept, where it is what all of these files begin with.
const KeptAudio* kept_for(std::span<Delivery* const> deliveries, const ItemRun& item) {
    const auto rate = [](const Delivery* delivery) { return delivery->settings.stream.sample_rate_hz; };
    const auto found = item.kept.find(rate(deliveries.front()));
    if (found == item.kept.end()) return nullptr;
    const bool same = std::ranges::all_of(
        deliveries, [&](int hz) { return hz == found->first; }, rate);
    return same ? found->second.get() : nullptr;
}

}  // namespace

void give_up(Delivery& delivery, Error error) {
    delivery.writer.reset();
    delivery.file.reset();
    const bool names_the_file = error.message.find(delivery.result.path) != std::string::npos;
    delivery.result.error =
        names_the_file ? std::move(error) : std::move(error).in_context(delivery.result.path);
    delivery.settled = true;
}

TagSet tags_now(const Delivery& delivery) {
    TagSet tags = delivery.planned->tags;
    tags.loudness = delivery.level->facts;
    return tags;
}

Status encode(std::span<Delivery* const> all, ItemRun& item, RunContext& context, Progress::Part progress) {
    const std::vector<Delivery*> deliveries = with_writers(all);
    if (deliveries.empty()) return {};
    const KeptAudio* const kept = kept_for(deliveries, item);
    const Shape& shape = kept != nullptr ? kept->shape : item.shape;
    AudioReader& reader = kept != nullptr ? *kept->audio.reader : *item.audio.reader;
    ExportGraph graph(shape, context.threads);
    for (Delivery* delivery : deliveries) {
        graph.add_writer(delivery->level->level, delivery->settings, delivery->dither,
                         static_cast<std::uint64_t>(context.plan.spec.seed), *delivery->planned->format,
                         *delivery->writer,
                         delivery->planned->format->lossless ? &delivery->digest : nullptr);
    }
    DUBPLATE_CHECK(run_pass(reader, graph.head(), shape.end_frame, progress, context.stop,
                            [&] { return graph.wants_more(); }));
    for (Delivery* delivery : deliveries) {
        ManifestFile& result = delivery->result;
        DUBPLATE_CHECK(delivery->writer->finish(tags_now(*delivery)));
        if (delivery->planned->format->lossless) {
            delivery->writer.reset();
            delivery->written_samples = delivery->digest.finish();
        }
        result.method = "encoded";
        result.encoder = encoder_text(*delivery);
        result.gain_db = delivery->level->level.gain_db;
        if (const LimiterResult* limiter = graph.limiter(delivery->level->level)) {
            result.limiter_max_reduction_db = limiter->max_reduction_db;
            result.limiter_active_seconds = frames_to_seconds(limiter->active_frames, result.sample_rate_hz);
            if (context.options.pictures) result.pictures.limiter_reduction_db = limiter->reduction_db;
        }
    }
    if (const std::int64_t clipped = graph.clipped_samples(); clipped > 0)
        item.result.warnings.push_back(
            clipped == 1 ? "a sample was above full scale and is clipped"
                         : fmt::format("{} samples were above full scale and are clipped", clipped));
    return {};
}

}  // namespace dubplate
