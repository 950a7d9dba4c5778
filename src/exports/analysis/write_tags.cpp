#include "exports/analysis/write_tags.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/hash.h"
#include "core/text.h"
#include "exports/analysis/file_stamp.h"
#include "exports/audio/graph.h"
#include "exports/audio/pass.h"
#include "tags/edit_tags.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

// Every sample of a stream as one fingerprint.
class DigestSink final : public Sink<float> {
  public:
    Status start(const StreamFormat& format) override {
        digest_.start(format.channels);
        return {};
    }
    Status process(BlockView<const float> block) override {
        digest_.update(block);
        return {};
    }
    Status finish() override { return {}; }
    std::string digest() { return digest_.finish(); }

  private:
    SampleDigest digest_;
};

Result<std::string> digest_of(AudioReader& reader, std::stop_token stop) {
    DigestSink sink;
    DUBPLATE_TRY(const std::int64_t frames, run_pass(reader, sink, 0, {}, std::move(stop)));
    return fmt::format("{} frames, {}", frames, sink.digest());
}

Result<Metadata> with_tags(Metadata metadata, const std::vector<WrittenTag>& tags) {
    for (const WrittenTag& tag : tags) DUBPLATE_CHECK(set_field(metadata, tag.name, tag.now));
    return metadata;
}

TagEdit edit_of(const std::vector<WrittenTag>& tags) {
    TagEdit edit;
    for (const WrittenTag& tag : tags) (tag.name == "bpm" ? edit.bpm : edit.key) = tag.now;
    return edit;
}

Error proof_failed(const char* what) {
    return fail(ErrorCode::corrupt,
                std::string("the copy with the new tags does not pass its proof: ") + what,
                "the file was left as it was; report this as a bug");
}

Status prove_copy(AudioReader& before, AudioReader& copy, const Metadata& wanted, std::stop_token stop) {
    if (copy.info().metadata != wanted) return proof_failed("its tags are not the ones that were meant");
    if (copy.info().markers != before.info().markers || copy.info().loop != before.info().loop)
        return proof_failed("its markers or its loop changed");
    DUBPLATE_TRY(const std::string old_samples, digest_of(before, stop));
    DUBPLATE_TRY(const std::string new_samples, digest_of(copy, stop));
    if (old_samples != new_samples) return proof_failed("its samples are not the same");
    return {};
}

std::string bpm_text(double bpm) {
    return format_number(std::round(bpm * 100) / 100);
}

}  // namespace

std::optional<Error> refuse_tags(const AudioInput& input, const SourceInfo& source) {
    if (input.path.empty())
        return fail(ErrorCode::unsupported, input.name + " is no file whose tags could be written");
    const auto unsafe = std::ranges::find_if(source.losses, forbids_editing);
    if (unsafe != source.losses.end())
        return fail(ErrorCode::unsupported,
                    fmt::format("{}: its {} {}, so its tags are not written", input.name,
                                escape_control(unsafe->what), escape_control(unsafe->why)));
    return std::nullopt;
}

std::string skip_tags(const SourceInfo& source) {
    if (can_edit_tags(source.format)) return {};
    const AudioFormat* format = find_audio_format(source.format);
    return fmt::format("tags of {} are read, but not written",
                       format != nullptr ? format->title : source.format);
}

std::vector<WrittenTag> tags_to_write(const Analysis& analysis, double min_confidence) {
    const Metadata& metadata = analysis.source.metadata;
    std::vector<WrittenTag> tags;
    const auto add = [&](const char* name, const std::string& before, const std::string& now) {
        if (before != now) tags.push_back({name, before, now});
    };
    if (analysis.tempo && analysis.tempo->bpm && analysis.tempo->confidence >= min_confidence)
        add("bpm", metadata.bpm ? bpm_text(*metadata.bpm) : "", bpm_text(*analysis.tempo->bpm));
    if (analysis.key && analysis.key->key && analysis.key->confidence >= min_confidence)
        add("key", metadata.key, analysis.key->key->short_name());
    return tags;
}

Status write_tags(Store& store, const AudioInput& input, const std::vector<WrittenTag>& tags,
                  std::stop_token stop) {
    std::error_code error;
    const fs::path path = fs::canonical(input.path, error);
    if (error) return system_error(error.value(), input.name);
    const fs::perms permissions = fs::status(path, error).permissions();
    const FileStamp stamp = stamp_of(path);
    DUBPLATE_TRY(const std::unique_ptr<ByteSource> source, store.open(path));
    DUBPLATE_TRY(const auto before, open_audio(*source));
    const SourceInfo& info = before->info();
    if (const std::string why = skip_tags(info); !why.empty())
        return fail(ErrorCode::unsupported, input.name + ": " + why);
    if (std::optional<Error> refusal = refuse_tags(input, info)) return *std::move(refusal);
    DUBPLATE_TRY(const Metadata wanted, with_tags(info.metadata, tags));
    DUBPLATE_TRY(const auto file, store.create(path, {.overwrite = true}));
    DUBPLATE_CHECK(edit_tags(*source, info.format, edit_of(tags), *file, stop));
    DUBPLATE_TRY(const std::unique_ptr<ByteSource> written, file->read_back());
    DUBPLATE_TRY(const auto copy, open_audio(*written));
    DUBPLATE_CHECK(prove_copy(*before, *copy, wanted, std::move(stop)));
    DUBPLATE_CHECK(check_unchanged(path, stamp));
    DUBPLATE_CHECK(file->publish());
    fs::permissions(path, permissions, error);
    return {};
}

}  // namespace dubplate
