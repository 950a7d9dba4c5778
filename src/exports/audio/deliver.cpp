#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "core/text.h"
#include "exports/audio/delivery.h"

namespace dubplate {

namespace {

constexpr int max_encodings = 3;
// Of all encoders of an input. Each holds a segment of samples and of what it makes of them, up to 4 MiB.
constexpr int most_encoder_threads = 4;
constexpr std::size_t copy_block_bytes = 256 * 1024;

// Do the samples reach the writer as the source has them, and does the depth hold them exactly?
bool is_exact(const ItemRun& item, const WriterSettings& settings) {
    if (item.measured().sample_peak == 0) return true;  // every depth holds silence
    const SourceInfo& source = item.audio.reader->info();
    const bool same_samples =
        item.untouched && settings.stream.sample_rate_hz == source.stream.sample_rate_hz &&
        !item.shape.fold_channels && item.shape.fade_in_frames == 0 && item.shape.fade_out_frames == 0;
    return same_samples && !source.lossy && !source.is_float && source.bits <= bits_of(settings.depth);
}

// Each encoder may use all that the item has, as long as not too much waits in memory.
int encoder_threads(const PlannedItem& item, const RunContext& context) {
    const auto encoders =
        std::ranges::count_if(item.files, [](const PlannedFile& file) { return file.format->encodes; });
    const int most = most_encoder_threads / std::max(1, static_cast<int>(encoders));
    return std::clamp(context.threads, 1, std::max(1, most));
}

Delivery make_delivery(const ItemRun& item, const PlannedFile& planned, FileLevel& level,
                       const RunContext& context) {
    const AudioSpec& spec = context.plan.spec;
    Delivery delivery;
    delivery.planned = &planned;
    delivery.level = &level;
    delivery.settings = planned.settings;
    delivery.settings.threads = encoder_threads(*item.planned, context);
    delivery.settings.stop = context.stop;
    delivery.settings.frames = resampled_frames(item.shape.frames(), item.shape.source_rate_hz,
                                                planned.settings.stream.sample_rate_hz);
    if (!planned.depth_asked && planned.format->name == "flac") {
        WriterSettings at_16 = delivery.settings;
        at_16.depth = BitDepth::pcm16;
        if (is_exact(item, at_16)) delivery.settings = at_16;
    }
    if (!is_exact(item, delivery.settings) && delivery.settings.depth != BitDepth::pcm32)
        delivery.dither = spec.dither;
    ManifestFile& result = delivery.result;
    result.format = planned.format->name;
    result.path = planned.path.string();
    result.sample_rate_hz = delivery.settings.stream.sample_rate_hz;
    result.channels = delivery.settings.stream.channels;
    result.bit_depth = planned.format->lossless ? name_of(delivery.settings.depth) : "";
    result.frames = delivery.settings.frames;
    result.target_lufs = level.promised_lufs;
    result.ceiling_dbtp = level.promised_dbtp;
    for (const Loss& loss : planned.losses) result.losses.push_back({loss.what, loss.why});
    return delivery;
}

Status open_file(Delivery& delivery, const ItemRun& item, RunContext& context) {
    const FileLevel& level = *delivery.level;
    DUBPLATE_TRY(const std::filesystem::path path,
                 measured_path(context.plan, *item.planned, *delivery.planned,
                               level.facts ? level.facts->integrated_lufs : silence_db,
                               level.facts ? level.facts->true_peak_dbtp : silence_db));
    if (delivery.result.generations == 1) {
        const std::lock_guard lock(context.mutex);
        if (!context.taken_paths.insert(path).second)
            return fail(ErrorCode::already_exists, "another file of this export has that name",
                        "add {input} or {index} to --name");
    }
    delivery.result.path = path.string();
    delivery.writer.reset();
    delivery.file.reset();  // an earlier try must be gone before the next one begins
    DUBPLATE_TRY(delivery.file,
                 context.plan.target.store->create(path, {.overwrite = context.plan.target.overwrite}));
    return {};
}

// ---- copies ----

Status copy_bytes(const ByteSource& source, PendingFile& file, std::stop_token stop) {
    Bytes block(copy_block_bytes);
    for (std::uint64_t offset = 0; offset < source.size();) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::size_t count, source.read_at(offset, block));
        if (count == 0) return fail(ErrorCode::io, "the source became shorter while it was read");
        DUBPLATE_CHECK(file.append(std::span(block).first(count)));
        offset += count;
    }
    return {};
}

// The source's own bytes, where they are what was asked for.
Status keep(Delivery& delivery, const ItemRun& item, RunContext& context) {
    const SourceInfo& source = item.audio.reader->info();
    ManifestFile& result = delivery.result;
    const bool same_tags = delivery.planned->tags.metadata == item.planned->source_metadata;
    result.method = same_tags ? "copied" : "retagged";
    result.method_reason = item.result.outcome.empty() ? "its level is kept" : item.result.outcome;
    result.generations = 0;
    result.encoder = "";
    result.bit_depth = source.lossy ? "" : source.is_float ? "float" : std::to_string(source.bits);
    std::erase_if(result.losses, [](const ManifestLoss& loss) {
        return loss.what == "samples" || loss.what == "bit depth";
    });
    if (same_tags) return copy_bytes(*item.audio.bytes, *delivery.file, context.stop);
    return delivery.planned->format->retag(*item.audio.bytes, *delivery.file, tags_now(delivery));
}

// ---- proof ----

// A lossy encoder works in blocks of 26 ms and more; of a clip with no block of loudness in it, it does not keep the level.
bool promises_loudness(const Delivery& delivery, const ItemRun& item) {
    return delivery.planned->format->lossless || !item.measured().is_short;
}

Status prove(Delivery& delivery, const ItemRun& item, int threads, RunContext& context,
             Progress::Part progress) {
    const bool encoded = delivery.result.method == "encoded";
    const Expectation wanted{
        .format = delivery.planned->format,
        .stream = delivery.settings.stream,
        .depth = encoded && delivery.planned->format->lossless ? std::optional(delivery.settings.depth)
                                                               : std::nullopt,
        .frames = delivery.settings.frames,
        .loudness_lufs = promises_loudness(delivery, item) ? delivery.level->promised_lufs : std::nullopt,
        .ceiling_dbtp = delivery.level->promised_dbtp,
        .sample_digest = encoded ? delivery.written_samples : std::nullopt,
        .metadata = delivery.result.method == "copied" ? item.planned->source_metadata
                                                       : delivery.planned->tags.metadata,
        .dual_mono = context.plan.spec.loudness.dual_mono};
    DUBPLATE_TRY(const auto written, delivery.file->read_back());
    DUBPLATE_TRY(delivery.proof,
                 prove_audio(*written, wanted, {.pictures = context.options.pictures, .threads = threads},
                             progress, context.stop));
    return {};
}

void prove_side_by_side(std::span<Delivery* const> deliveries, const ItemRun& item, RunContext& context,
                        Progress::Part progress) {
    std::vector<std::jthread> threads;
    const double share = 1.0 / static_cast<double>(deliveries.size());
    const int threads_each = std::max(context.threads / static_cast<int>(deliveries.size()), 1);
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
        Delivery& delivery = *deliveries[i];
        const auto part = progress.part(share * static_cast<double>(i), share * static_cast<double>(i + 1));
        const auto work = [&delivery, &item, threads_each, &context, part] {
            if (Status status = prove(delivery, item, threads_each, context, part); !status)
                give_up(delivery, std::move(status).error().in_context("proof"));
        };
        if (i + 1 < deliveries.size()) {
            threads.emplace_back(work);
        } else {
            work();
        }
    }
}

// Is the file to be encoded again? If not, it is settled: proven, or given up.
bool wants_correction(Delivery& delivery) {
    if (delivery.settled) return false;
    const Proof& proof = *delivery.proof;
    delivery.settled = proof.passed();
    if (delivery.settled) return false;
    if (proof.level_alone_failed() && delivery.result.method == "encoded" &&
        delivery.result.generations < max_encodings)
        return true;
    give_up(delivery,
            fail(proof.level_alone_failed() ? ErrorCode::unsupported : ErrorCode::corrupt,
                 fmt::format("does not pass its proof after {} encodings: {}", delivery.result.generations,
                             proof.first_failure()),
                 proof.level_alone_failed() ? "lower --loudness or --true-peak" : "report this as a bug"));
    return false;
}

// Files of one level share their trials, so the losses of all are taken before the level of one is changed.
void judge(std::span<Delivery* const> deliveries, ItemRun& item, RunContext& context) {
    std::vector<Delivery*> wanting;
    for (Delivery* delivery : deliveries)
        if (wants_correction(*delivery)) wanting.push_back(delivery);
    const auto each = [&](auto step) {
        for (Delivery* delivery : wanting) {
            if (delivery->settled) continue;
            if (Status status = step(*delivery->level, item, delivery->proof->loudness, context); !status)
                give_up(*delivery, std::move(status).error());
        }
    };
    each(measure_encoder_loss);
    each(correct_level);
    for (Delivery* delivery : wanting) {
        ++delivery->result.generations;
        std::string reason = delivery->proof->first_failure();
        if (const std::size_t places = delivery->level->level.lower.size(); places > 0)
            reason += fmt::format("; mended in {} place{}", places, places == 1 ? "" : "s");
        delivery->result.generation_reasons.push_back(std::move(reason));
        delivery->result.target_lufs = delivery->level->promised_lufs;
    }
}

void fill_result(Delivery& delivery, const ItemRun& item) {
    if (!delivery.proof) return;
    Proof& proof = *delivery.proof;
    ManifestFile& result = delivery.result;
    result.loudness = to_measured(proof.loudness, item.shape.source_rate_hz);
    result.loudness.true_peak_seconds =
        frames_to_seconds(proof.loudness.true_peak.frame, result.sample_rate_hz);
    result.checks = std::move(proof.checks);
    result.tags = std::move(proof.tags);
    result.sha256 = proof.sha256;
    result.bytes = proof.bytes;
    result.decoder = proof.decoder;
    auto limiter = std::move(result.pictures.limiter_reduction_db);
    result.pictures = std::move(proof.pictures);
    result.pictures.limiter_reduction_db = std::move(limiter);
}

std::vector<Delivery*> unsettled(std::vector<Delivery>& deliveries) {
    std::vector<Delivery*> open;
    for (Delivery& delivery : deliveries)
        if (!delivery.settled) open.push_back(&delivery);
    return open;
}

// Copies what can be copied and encodes the rest, once. What fails is settled with its error.
void make_files(std::span<Delivery* const> deliveries, ItemRun& item, RunContext& context,
                Progress::Part progress) {
    std::vector<Delivery*> to_encode;
    for (Delivery* delivery : deliveries) {
        // Changed in places alone: the file stays, and its writer goes on.
        if (!delivery->level->level.lower.empty() && delivery->writer && delivery->writer->begin_again()) {
            to_encode.push_back(delivery);
            continue;
        }
        const bool kept = delivery->planned->may_keep && item.untouched && item.audio.bytes != nullptr &&
                          item.measured().non_finite_samples == 0;
        Status status = open_file(*delivery, item, context);
        if (status && kept) status = keep(*delivery, item, context);
        if (!status) {
            give_up(*delivery, std::move(status).error());
        } else if (!kept) {
            to_encode.push_back(delivery);
        }
    }
    if (to_encode.empty()) return;
    if (Status status = encode(to_encode, item, context, progress); !status)
        for (Delivery* delivery : to_encode)
            if (!delivery->settled) give_up(*delivery, status.error());
}

Status publish(std::vector<Delivery>& deliveries, ItemRun& item, std::stop_token stop) {
    for (Delivery& delivery : deliveries) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        fill_result(delivery, item);
        if (!delivery.result.error) {
            if (Status status = delivery.file->publish(); !status)
                delivery.result.error = std::move(status).error().in_context(delivery.result.path);
        }
        item.result.files.push_back(std::move(delivery.result));
    }
    return {};
}

// The first encoding is nearly always the last: the others share what little is left.
Progress::Part part_of_encoding(const ItemRun& item, int encoding) {
    constexpr double first_begin = 0.35;
    constexpr double first_end = 0.96;
    constexpr double share = (1 - first_end) / (max_encodings - 1);
    if (encoding == 0) return item.progress.part(first_begin, first_end);
    return item.progress.part(first_end + share * (encoding - 1), first_end + share * encoding);
}

}  // namespace

Status deliver(ItemRun& item, RunContext& context) {
    std::vector<Delivery> deliveries;
    for (std::size_t i = 0; i < item.planned->files.size(); ++i) {
        deliveries.push_back(make_delivery(item, item.planned->files[i], item.levels[i], context));
        if (const auto& error = item.levels[i].error) give_up(deliveries.back(), *error);
    }
    for (int encoding = 0; encoding < max_encodings; ++encoding) {
        const std::vector<Delivery*> open = unsettled(deliveries);
        if (open.empty()) break;
        item.progress.stage(encoding == 0 ? "encoding" : "encoding again", item.planned->name);
        const Progress::Part progress = part_of_encoding(item, encoding);
        make_files(open, item, context, progress.part(0, 0.6));
        const std::vector<Delivery*> made = unsettled(deliveries);
        if (context.stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        if (made.empty()) break;
        item.progress.stage("proving", item.planned->name);
        prove_side_by_side(made, item, context, progress.part(0.6, 1));
        if (context.stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        judge(made, item, context);
    }
    DUBPLATE_CHECK(publish(deliveries, item, context.stop));
    item.progress.finish();
    return {};
}

}  // namespace dubplate
