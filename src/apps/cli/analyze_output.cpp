#include "apps/cli/analyze_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/cli/table.h"
#include "core/text.h"
#include "core/units.h"

namespace dubplate::cli {

namespace {

std::string level(double value, const char* unit, bool sign = false) {
    if (!std::isfinite(value)) return "silent";
    return sign ? fmt::format("{:+.1f} {}", value, unit) : fmt::format("{:.1f} {}", value, unit);
}

std::string depth_text(const SourceInfo& source) {
    if (source.lossy && source.bitrate_kbps > 0) return fmt::format("{} kbit/s", source.bitrate_kbps);
    if (source.bits == 0) return "lossy";
    return fmt::format("{} bit{}", source.bits, source.is_float ? " float" : "");
}

std::string channels_text(int channels) {
    return channels == 1 ? "mono" : channels == 2 ? "stereo" : fmt::format("{} channels", channels);
}

std::string rate_text(const SourceInfo& source) {
    return format_number(source.stream.sample_rate_hz / 1000.0) + " kHz";
}

std::string length_text(const Analysis& analysis) {
    return (analysis.source.frames_exact ? "" : "about ") + format_duration(analysis.seconds());
}

std::string format_text(const SourceInfo& source) {
    const AudioFormat* format = find_audio_format(source.format);
    const std::string title(format != nullptr ? format->title : source.format);
    return title == source.codec ? title : title + ", " + source.codec;
}

double dynamic_range_db(const SampleStatistics& statistics) {
    return statistics.rms > 0 ? gain_to_db(statistics.peak / statistics.rms) : 0;
}

std::string clipping_text(const ClippedRuns& clipping, int rate_hz) {
    if (clipping.runs == 0) return "none";
    return fmt::format("{} run{}, the longest {} frames, the first at {}", clipping.runs,
                       clipping.runs == 1 ? "" : "s", clipping.longest_frames,
                       format_duration(frames_to_seconds(clipping.first_frame, rate_hz)));
}

std::string silence_text(const SampleStatistics& statistics, int rate_hz) {
    if (statistics.leading_silence_frames == statistics.frames) return "all of it";
    return fmt::format("{} in front, {} at the end",
                       format_duration(frames_to_seconds(statistics.leading_silence_frames, rate_hz)),
                       format_duration(frames_to_seconds(statistics.trailing_silence_frames, rate_hz)));
}

// ---- one input, in full ----

using Lines = std::vector<std::pair<std::string, std::string>>;

void add_facts(const Analysis& analysis, Lines& lines) {
    const SourceInfo& source = analysis.source;
    lines.emplace_back("format", fmt::format("{}, {}, {}, {}", format_text(source), rate_text(source),
                                             depth_text(source), channels_text(source.stream.channels)));
    lines.emplace_back("length", fmt::format("{} ({}{} frames)", length_text(analysis),
                                             source.frames_exact ? "" : "about ", source.frames));
    if (analysis.file_bytes > 0) lines.emplace_back("size", format_bytes(analysis.file_bytes));
    for (const auto& [name, value] : fields(source.metadata)) lines.emplace_back("tag " + name, value);
    for (const Marker& marker : source.markers)
        lines.emplace_back(
            "marker",
            fmt::format("{}  {}",
                        format_duration(frames_to_seconds(marker.frame, source.stream.sample_rate_hz)),
                        marker.label));
}

// What is shorter than the time over which a loudness is taken has none.
std::string loudest_text(const Analysis& analysis) {
    const auto over = [&](double lufs, double window_s) {
        return analysis.seconds() < window_s ? fmt::format("none in {} s, which it does not last", window_s)
                                             : fmt::format("{} in {} s", level(lufs, "LUFS"), window_s);
    };
    return over(analysis.loudness->max_short_term_lufs, 3) + ", " +
           over(analysis.loudness->max_momentary_lufs, 0.4);
}

void add_levels(const Analysis& analysis, Lines& lines) {
    const int rate = analysis.source.stream.sample_rate_hz;
    if (analysis.loudness) {
        const MeasuredLoudness& loudness = *analysis.loudness;
        lines.emplace_back(
            "loudness",
            fmt::format("{}, range {:.1f} LU", level(loudness.integrated_lufs, "LUFS"), loudness.range_lu));
        lines.emplace_back("loudest", loudest_text(analysis));
        lines.emplace_back("true peak", fmt::format("{} at {}", level(loudness.true_peak_dbtp, "dBTP", true),
                                                    format_duration(loudness.true_peak_seconds)));
    }
    if (!analysis.statistics) return;
    const SampleStatistics& statistics = *analysis.statistics;
    lines.emplace_back("peak", level(gain_to_db(statistics.peak), "dBFS", true));
    lines.emplace_back("RMS", level(gain_to_db(statistics.rms), "dBFS", true));
    lines.emplace_back("dynamic range", fmt::format("{:.1f} dB", dynamic_range_db(statistics)));
    lines.emplace_back("DC offset", fmt::format("{:.6f}", statistics.dc_offset));
    if (statistics.correlation)
        lines.emplace_back("correlation", fmt::format("{:+.2f}", *statistics.correlation));
    lines.emplace_back("silence", silence_text(statistics, rate));
    lines.emplace_back("clipping", clipping_text(statistics.clipping, rate));
}

std::string sure(double confidence) {
    return fmt::format("{:.0f} % sure", confidence * 100);
}

std::string alternatives_text(const Tempo& tempo) {
    std::string text;
    for (const TempoCandidate& candidate : tempo.alternatives)
        text += fmt::format("{}{:.1f} ({})", text.empty() ? "" : ", ", candidate.bpm, candidate.relation);
    return text;
}

void add_tempo(const Tempo& tempo, Lines& lines) {
    if (!tempo.bpm) {
        lines.emplace_back("tempo", "not known: " + tempo.reason);
        return;
    }
    std::string text =
        fmt::format("{} bpm, {}, from the {}", format_number(std::round(*tempo.bpm * 100) / 100),
                    sure(tempo.confidence), tempo.source);
    if (!tempo.steady) text += ", varying";
    if (tempo.loop_beats) text += fmt::format(", a loop of {} beats", *tempo.loop_beats);
    lines.emplace_back("tempo", text);
    if (!tempo.alternatives.empty()) lines.emplace_back("or", alternatives_text(tempo));
    if (!tempo.beats_s.empty())
        lines.emplace_back(
            "beats",
            fmt::format("{}, the first at {}{}", tempo.beats_s.size(), format_duration(tempo.beats_s.front()),
                        tempo.downbeats_s.empty()
                            ? ""
                            : "; bars from " + format_duration(tempo.downbeats_s.front())));
}

void add_key(const KeyEstimate& key, Lines& lines) {
    if (!key.key) {
        lines.emplace_back("key", "not known: " + key.reason);
        return;
    }
    lines.emplace_back("key", fmt::format("{} ({}, {}), {}", key.key->name(), key.key->camelot(),
                                          key.key->open_key(), sure(key.confidence)));
}

void add_sound(const Analysis& analysis, Lines& lines) {
    if (analysis.features) {
        const SpectralShape& shape = analysis.features->shape;
        lines.emplace_back("spectrum",
                           fmt::format("centroid {:.0f} Hz, rolloff {:.0f} Hz, flatness {:.3f}",
                                       shape.centroid_hz.mean, shape.rolloff_hz.mean, shape.flatness.mean));
        lines.emplace_back("onsets", std::to_string(analysis.features->onsets_s.size()));
    }
    if (!analysis.structure) return;
    for (const Segment& segment : analysis.structure->segments)
        lines.emplace_back("part " + segment.label, fmt::format("{} to {}", format_duration(segment.begin_s),
                                                                format_duration(segment.end_s)));
    for (const LoopCandidate& loop : analysis.structure->loops)
        lines.emplace_back("loop",
                           fmt::format("{} to {}, {} beats, {:.0f} % alike", format_duration(loop.begin_s),
                                       format_duration(loop.end_s), loop.beats, loop.score * 100));
}

std::string details_text(const AnalyzedItem& item) {
    Lines lines;
    add_facts(*item.analysis, lines);
    add_levels(*item.analysis, lines);
    if (item.analysis->tempo) add_tempo(*item.analysis->tempo, lines);
    if (item.analysis->key) add_key(*item.analysis->key, lines);
    add_sound(*item.analysis, lines);
    Table table({Align::left, Align::left});
    for (auto& [name, value] : lines) table.row({name, value});
    return escape_control(item.input) + "\n\n" + table.text();
}

// ---- several inputs, a line each ----

struct Column {
    const char* name;
    Align align;
    std::string (*cell)(const Analysis&);
};

constexpr Column fact_columns[] = {
    {"length", Align::right, [](const Analysis& a) { return length_text(a); }},
    {"rate", Align::right, [](const Analysis& a) { return rate_text(a.source); }},
    {"depth", Align::right, [](const Analysis& a) { return depth_text(a.source); }},
    {"channels", Align::left, [](const Analysis& a) { return channels_text(a.source.stream.channels); }},
};
constexpr Column size_columns[] = {
    {"size", Align::right,
     [](const Analysis& a) { return a.file_bytes > 0 ? format_bytes(a.file_bytes) : ""; }},
};
constexpr Column level_columns[] = {
    {"loudness", Align::right,
     [](const Analysis& a) { return a.loudness ? level(a.loudness->integrated_lufs, "LUFS") : ""; }},
    {"true peak", Align::right,
     [](const Analysis& a) { return a.loudness ? level(a.loudness->true_peak_dbtp, "dBTP", true) : ""; }},
    {"dynamics", Align::right,
     [](const Analysis& a) {
         return a.statistics ? fmt::format("{:.1f} dB", dynamic_range_db(*a.statistics)) : "";
     }},
};
constexpr Column tempo_columns[] = {
    {"tempo", Align::right,
     [](const Analysis& a) { return a.tempo && a.tempo->bpm ? fmt::format("{:.2f}", *a.tempo->bpm) : "-"; }},
    {"sure", Align::right,
     [](const Analysis& a) {
         return a.tempo && a.tempo->bpm ? fmt::format("{:.0f} %", a.tempo->confidence * 100) : "";
     }},
};
constexpr Column key_columns[] = {
    {"key", Align::left, [](const Analysis& a) { return a.key && a.key->key ? a.key->key->name() : "-"; }},
    {"sure", Align::right,
     [](const Analysis& a) {
         return a.key && a.key->key ? fmt::format("{:.0f} %", a.key->confidence * 100) : "";
     }},
};

std::vector<Column> columns_of(const AnalysisSpec& spec) {
    std::vector<Column> columns(std::begin(fact_columns), std::end(fact_columns));
    const auto add = [&](const auto& more) {
        columns.insert(columns.end(), std::begin(more), std::end(more));
    };
    if (spec.facts_only) {
        add(size_columns);
        return columns;
    }
    add(level_columns);
    if (spec.tempo) add(tempo_columns);
    if (spec.key) add(key_columns);
    return columns;
}

Table empty_table(const AnalysisSpec& spec) {
    std::vector<Align> aligns{Align::left};
    std::vector<std::string> head{"file"};
    for (const Column& column : columns_of(spec)) {
        aligns.push_back(column.align);
        head.emplace_back(column.name);
    }
    Table table(std::move(aligns));
    table.row(std::move(head));
    return table;
}

std::vector<std::string> cells_of(const AnalyzedItem& item, const AnalysisSpec& spec) {
    std::vector<std::string> cells{item.input};
    if (!item.analysis) {
        cells.emplace_back(item.status == "failed" ? "FAILED" : item.status);
    } else {
        for (const Column& column : columns_of(spec)) cells.push_back(column.cell(*item.analysis));
    }
    return cells;
}

std::string notes_text(const AnalyzedItem& item, bool with_name) {
    std::string text;
    const auto note = [&](const std::string& line) {
        text += "  " + (with_name ? escape_control(item.input) + ": " : "") + escape_control(line) + "\n";
    };
    if (item.analysis) {
        for (const std::string& warning : item.analysis->source.warnings) note("warning: " + warning);
        for (const std::string& warning : item.analysis->warnings) note("warning: " + warning);
        if (item.analysis->tempo)
            for (const std::string& found : item.analysis->tempo->notes) note(found);
        if (with_name && item.analysis->tempo && item.analysis->tempo->bpm && !item.analysis->tempo->steady)
            note("its tempo varies; it may be " + alternatives_text(*item.analysis->tempo));
        if (with_name && item.analysis->statistics && item.analysis->statistics->clipping.runs > 0)
            note("clipped: " + clipping_text(item.analysis->statistics->clipping,
                                             item.analysis->source.stream.sample_rate_hz));
    }
    for (const WrittenTag& tag : item.written)
        note(
            fmt::format("wrote {} {}{}", tag.name, tag.now, tag.before.empty() ? "" : ", was " + tag.before));
    if (!item.not_written.empty()) note("no tag written: " + item.not_written);
    if (!item.picture.empty()) note("picture: " + item.picture);
    return text;
}

std::string summary_text(const AnalysisSummary& summary, const AnalysisSpec& spec) {
    std::string text =
        fmt::format("{} file{}, {} of audio, in {:.2f} s", summary.done, summary.done == 1 ? "" : "s",
                    format_duration(summary.audio_seconds), summary.wall_seconds);
    if (!spec.facts_only && summary.wall_seconds > 0 && summary.done > 0)
        text += fmt::format(" ({:.0f} x real time)", summary.audio_seconds / summary.wall_seconds);
    if (summary.failed > 0) text += fmt::format("; {} failed", summary.failed);
    return text + "\n";
}

std::string planned_tags(const AnalysisPlan& plan, const PlannedAnalysis& item) {
    if (!plan.spec.write_tags) return "stay as they are";
    if (!item.tags_skipped.empty()) return "stay: " + item.tags_skipped;
    return item.tags_refused ? "cannot be written" : "written where sure";
}

}  // namespace

std::string plan_text(const AnalysisPlan& plan) {
    Table table({Align::left, Align::right, Align::left, Align::left});
    table.row({"file", "length", "picture", "tags"});
    int ready = 0;
    for (const PlannedAnalysis& item : plan.items) {
        if (item.error) {
            table.row({item.name, "", "", "FAILED"});
            continue;
        }
        ++ready;
        table.row({item.name, (item.seconds_exact ? "" : "about ") + format_duration(item.seconds),
                   item.picture.string(), planned_tags(plan, item)});
    }
    return table.text() + fmt::format("\n{} file{}, {} of audio, about {:.1f} s on one core\n", ready,
                                      ready == 1 ? "" : "s", format_duration(plan.audio_seconds),
                                      plan.estimated_cpu_seconds);
}

ReportText::ReportText(const AnalysisSpec& spec, std::size_t inputs)
    : spec_(spec), alone_(inputs == 1), table_(empty_table(spec)) {}

void ReportText::add(const AnalyzedItem& item) {
    if (!alone_) {
        table_.row(cells_of(item, spec_));
    } else if (item.analysis) {
        details_ = details_text(item);
    }
    notes_ += notes_text(item, !alone_);
}

std::string ReportText::finish(const AnalysisSummary& summary) const {
    std::string text = alone_ ? details_ : table_.text();
    if (!notes_.empty()) text += "\n" + notes_;
    if (!alone_) text += "\n" + summary_text(summary, spec_);
    return text;
}

}  // namespace dubplate::cli
