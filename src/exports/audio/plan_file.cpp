#include "exports/audio/plan_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "core/units.h"
#include "formats/audio/mp3.h"

namespace dubplate {

namespace {

// The nearest rate that the format can hold; `asked` itself where it can.
int nearest_rate(const AudioFormat& format, int asked) {
    if (format.rates_hz.empty()) return std::clamp(asked, format.min_rate_hz, format.max_rate_hz);
    // Not above the source where there is a choice: a higher rate adds bytes and no sound.
    return *std::ranges::min_element(format.rates_hz, {},
                                     [&](int rate) { return std::pair(std::abs(rate - asked), -rate); });
}

Status check_channels(const AudioFormat& format, int channels) {
    if (channels <= format.max_channels) return {};
    return fail(ErrorCode::unsupported,
                fmt::format("{} channels; {} holds at most {}", channels, format.title, format.max_channels),
                "use --channels 2");
}

void add_conversion_losses(const PlannedItem& item, const AudioSpec& spec, PlannedFile& file) {
    const SourceInfo& source = item.source;
    const auto loss = [&](std::string what, std::string why) {
        file.losses.push_back({std::move(what), std::move(why)});
    };
    const int rate = file.settings.stream.sample_rate_hz;
    if (rate != source.stream.sample_rate_hz)
        loss("sample rate",
             fmt::format("resampled from {} to {} Hz{}", source.stream.sample_rate_hz, rate,
                         spec.sample_rate_hz == rate
                             ? ""
                             : fmt::format(": {} cannot hold {} Hz", file.format->title,
                                           spec.sample_rate_hz.value_or(source.stream.sample_rate_hz))));
    if (spec.channels && *spec.channels < source.stream.channels)
        loss("channels", fmt::format("folded from {} to {}", source.stream.channels, *spec.channels));
    if (!file.format->lossless) {
        loss("samples",
             fmt::format(
                 "{} is lossy{}", file.format->title,
                 source.lossy ? fmt::format(", and so is the source: this is a further generation") : ""));
        return;
    }
    const int bits = bits_of(file.settings.depth);
    const bool integers = file.format->takes_integers(file.settings.depth);
    if (source.is_float && integers)
        loss("bit depth",
             fmt::format("{}-bit float to {}-bit integers{}", source.bits, bits,
                         spec.loudness.normalize ? "" : ": levels above full scale would be clipped"));
    else if (source.bits > bits || (source.bits == 64 && !integers))
        loss("bit depth", fmt::format("cut from {} to {} bits", source.bits, bits));
}

// Could the source's own bytes serve, if its audio needs no change?
bool may_keep(const PlannedItem& item, const AudioSpec& spec, const PlannedFile& file) {
    const SourceInfo& source = item.source;
    const EditSpec& edit = spec.edit;
    const bool whole = item.begin_frame == 0 && !item.end_frame && edit.fade_in_seconds == 0 &&
                       edit.fade_out_seconds == 0 && !edit.trim_silence_dbfs;
    if (!whole || source.format != file.format->name || file.settings.stream != source.stream) return false;
    if (!file.format->lossless)  // a higher bit rate than the source's would add bytes and no sound
        return !file.settings.mp3.vbr_quality && file.settings.mp3.bitrate_kbps >= source.bitrate_kbps;
    if (!file.depth_asked) return true;
    return source.bits == bits_of(file.settings.depth) &&
           source.is_float == (file.settings.depth == BitDepth::float32);
}

// MP3 has few bitrates for each sample rate. One above them all is brought down, and that is said: 320 is the default, and
// low sample rates do not have it. One between two of them is a mistake.
Status fit_bitrate(PlannedFile& file) {
    if (file.format->name != "mp3" || file.settings.mp3.vbr_quality) return {};
    int& asked = file.settings.mp3.bitrate_kbps;
    const int rate = file.settings.stream.sample_rate_hz;
    const std::vector<int> allowed = mp3_bitrates(rate);
    const int nearest =
        *std::ranges::min_element(allowed, {}, [&](int kbps) { return std::abs(kbps - asked); });
    if (asked > allowed.back()) {
        file.losses.push_back(
            {"bitrate", fmt::format("{} kbit/s: MP3 at {} Hz has no more", allowed.back(), rate)});
        asked = allowed.back();
    }
    if (std::ranges::find(allowed, asked) != allowed.end()) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("MP3 at {} Hz has no bitrate of {} kbit/s", rate, asked),
                fmt::format("use --bitrate {}", nearest));
}

// FLAC of a source with 16 bits needs no more where nothing changes its samples. Whether the level does is open until the
// run where it is normalized.
BitDepth default_depth(const AudioFormat& format, const PlannedItem& item, const AudioSpec& spec,
                       int rate_hz) {
    const SourceInfo& source = item.source;
    const bool same_samples = !spec.loudness.normalize && rate_hz == source.stream.sample_rate_hz &&
                              spec.channels.value_or(source.stream.channels) == source.stream.channels &&
                              spec.edit.fade_in_seconds == 0 && spec.edit.fade_out_seconds == 0;
    const bool fits_16 = !source.lossy && !source.is_float && source.bits <= 16;
    return format.name == "flac" && same_samples && fits_16 ? BitDepth::pcm16 : format.default_depth;
}

}  // namespace

std::int64_t region_frames(const PlannedItem& item) {
    return item.end_frame.value_or(item.source.frames) - item.begin_frame;
}

Result<PlannedFile> plan_file(const PlannedItem& item, const AudioFormat& format, const TagSet& tags,
                              const AudioSpec& spec) {
    PlannedFile file;
    file.format = &format;
    const int channels = spec.channels.value_or(item.source.stream.channels);
    DUBPLATE_CHECK(check_channels(format, channels));
    const int rate = nearest_rate(format, spec.sample_rate_hz.value_or(item.source.stream.sample_rate_hz));
    file.depth_asked = spec.bit_depth.has_value();
    file.settings = {.stream = {rate, channels},
                     .depth = spec.bit_depth.value_or(default_depth(format, item, spec, rate)),
                     .mp3 = spec.mp3,
                     .frames = resampled_frames(region_frames(item), item.source.stream.sample_rate_hz, rate),
                     .source_bits = item.source.bits};
    file.tags = tags;
    file.tags.sample_rate_hz = rate;
    const double to_output_rate = static_cast<double>(rate) / item.source.stream.sample_rate_hz;
    for (Marker& marker : file.tags.markers) {
        marker.frame = std::llround(static_cast<double>(marker.frame - item.begin_frame) * to_output_rate);
        marker.length_frames = std::llround(static_cast<double>(marker.length_frames) * to_output_rate);
    }
    std::erase_if(file.tags.markers,
                  [&](const Marker& m) { return m.frame < 0 || m.frame >= file.settings.frames; });
    if (file.tags.loop) {
        SampleLoop& loop = *file.tags.loop;
        loop.begin_frame =
            std::llround(static_cast<double>(loop.begin_frame - item.begin_frame) * to_output_rate);
        loop.end_frame =
            std::llround(static_cast<double>(loop.end_frame - item.begin_frame) * to_output_rate);
        if (loop.begin_frame < 0 || loop.end_frame > file.settings.frames) file.tags.loop.reset();
    }
    DUBPLATE_CHECK(fit_bitrate(file));
    file.losses.insert(file.losses.end(), item.source.losses.begin(), item.source.losses.end());
    add_conversion_losses(item, spec, file);
    std::ranges::copy(tag_losses(file.tags, format.name), std::back_inserter(file.losses));
    file.may_keep = may_keep(item, spec, file);
    file.estimated_bytes = format.estimate_bytes(file.settings);
    if (format.max_bytes > 0 && file.estimated_bytes > format.max_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("would be {}; {} holds at most {}", format_bytes(file.estimated_bytes),
                                format.title, format_bytes(format.max_bytes)),
                    "use --format wav, which has no such limit");
    return file;
}

}  // namespace dubplate
