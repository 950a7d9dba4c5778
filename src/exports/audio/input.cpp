#include "exports/audio/input.h"

#include <glob.h>
#include <unistd.h>

#include <algorithm>

#include "core/text.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

// Two hours of eight channels of 32 bit at 192 kHz, twice over; what comes through a pipe has no size to check before.
constexpr std::uint64_t stdin_limit_bytes = 64ULL << 30;
constexpr std::size_t max_files_in_folder = 100'000;

class ViewReader final : public AudioReader {
  public:
    ViewReader(AudioView view, Metadata metadata) : view_(view) {
        info_.format = "memory";
        info_.codec = "float32";
        info_.stream = {view.sample_rate_hz, view.channels};
        info_.frames = view.frames;
        info_.frames_exact = true;
        info_.bits = 32;
        info_.is_float = true;
        info_.metadata = std::move(metadata);
    }

    const SourceInfo& info() const override { return info_; }

    Result<std::int64_t> read(BlockView<float> target) override {
        const std::int64_t frames = std::min(target.frames(), view_.frames - position_);
        const float* from = view_.data + position_ * view_.frame_stride;
        if (view_.channels == 2 && view_.frame_stride == 2 && view_.channel_stride == 1)
            take_pairs(from, target.channel(0).data(), target.channel(1).data(), frames);
        else
            for (int c = 0; c < view_.channels; ++c)
                take_channel(from + c * view_.channel_stride, target.channel(c).data(), frames);
        position_ += frames;
        return frames;
    }

    Status rewind() override {
        position_ = 0;
        return {};
    }

  private:
    // Interleaved stereo, which nearly all is: with strides that it knows, the compiler makes it vectors.
    static void take_pairs(const float* from, float* left, float* right, std::int64_t frames) {
        for (std::int64_t i = 0; i < frames; ++i) {
            left[i] = from[2 * i];
            right[i] = from[2 * i + 1];
        }
    }
    void take_channel(const float* from, float* to, std::int64_t frames) const {
        if (view_.frame_stride == 1) {
            std::copy_n(from, frames, to);
            return;
        }
        for (std::int64_t i = 0; i < frames; ++i) to[i] = from[i * view_.frame_stride];
    }

    AudioView view_;
    SourceInfo info_;
    std::int64_t position_ = 0;
};

Result<OpenedAudio> open_bytes(std::shared_ptr<const ByteSource> bytes) {
    DUBPLATE_TRY(auto reader, open_audio(*bytes));
    return OpenedAudio{std::move(bytes), std::move(reader)};
}

bool has_audio_extension(const fs::path& path) {
    const std::string extension = path.extension().string();
    return extension.size() > 1 && find_format_by_extension(extension.substr(1)) != nullptr;
}

void expand_folder(const std::string& name, std::vector<ExpandedInput>& expanded) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(name, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->is_regular_file(error) && has_audio_extension(entry->path()))
            files.push_back(entry->path());
        if (files.size() > max_files_in_folder) {
            expanded.push_back(
                {name, fail(ErrorCode::limit_exceeded,
                            name + ": more than " + std::to_string(max_files_in_folder) + " audio files",
                            "export its folders one by one")});
            return;
        }
    }
    if (error) {
        expanded.push_back({name, system_error(error.value(), name)});
        return;
    }
    if (files.empty()) {
        expanded.push_back({name, fail(ErrorCode::not_found, name + ": no audio files in this folder",
                                       "WAV, AIFF, FLAC, MP3, M4A and OGG are looked for, by extension")});
        return;
    }
    std::ranges::sort(files);
    for (const fs::path& file : files)
        expanded.push_back({file.string(), file_input(file, file.parent_path().lexically_relative(name))});
}

// A name that is no file but has wildcards: what matches, sorted. Empty: nothing does.
std::vector<std::string> match_glob(const std::string& pattern) {
    if (pattern.find_first_of("*?[") == std::string::npos) return {};
    glob_t matches{};
    std::vector<std::string> names;
    if (::glob(pattern.c_str(), 0, nullptr, &matches) == 0)
        names.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
    ::globfree(&matches);
    return names;
}

void expand_one(const std::string& name, bool try_glob, const std::stop_token& stop,
                std::vector<ExpandedInput>& expanded) {
    if (name == "-") {
        expanded.push_back({name, stream_input(STDIN_FILENO, "standard input", stdin_limit_bytes, stop)});
        return;
    }
    std::error_code error;
    const fs::file_status status = fs::status(name, error);
    if (fs::is_directory(status)) {
        expand_folder(name, expanded);
    } else if (fs::exists(status)) {
        expanded.push_back({name, file_input(name)});
    } else if (const auto matches = match_glob(name); try_glob && !matches.empty()) {
        for (const std::string& match : matches) expand_one(match, false, stop, expanded);
    } else {
        const int number = error ? error.value() : ENOENT;
        expanded.push_back({name, system_error(number, name)});
    }
}

}  // namespace

AudioInput file_input(fs::path path, fs::path subfolder) {
    AudioInput input;
    input.name = path.string();
    input.stem = path.stem().string();
    input.subfolder = subfolder == "." ? fs::path() : std::move(subfolder);
    input.open = [path]() -> Result<OpenedAudio> {
        FileStore store;
        DUBPLATE_TRY(std::shared_ptr<const ByteSource> bytes, store.open(path));
        return open_bytes(std::move(bytes));
    };
    input.path = std::move(path);
    return input;
}

Result<AudioInput> stream_input(int file_descriptor, std::string name, std::uint64_t limit_bytes,
                                std::stop_token stop) {
    DUBPLATE_TRY(std::shared_ptr<const ByteSource> bytes,
                 spool(file_descriptor, name, limit_bytes, std::move(stop)));
    AudioInput input;
    input.name = std::move(name);
    input.stem = "stdin";
    input.open = [bytes] { return open_bytes(bytes); };
    return input;
}

AudioInput memory_input(AudioView view, std::string name, Metadata metadata) {
    AudioInput input;
    input.stem = name;
    input.name = std::move(name);
    input.open = [view, metadata = std::move(metadata)]() -> Result<OpenedAudio> {
        if (view.channels < 1 || view.channels > max_channels)
            return fail(ErrorCode::unsupported, std::to_string(view.channels) + " channels; 1 to " +
                                                    std::to_string(max_channels) + " are supported");
        if (view.sample_rate_hz <= 0)
            return fail(ErrorCode::invalid_argument,
                        "a sample rate of " + std::to_string(view.sample_rate_hz) + " Hz");
        return OpenedAudio{nullptr, std::make_unique<ViewReader>(view, metadata)};
    };
    return input;
}

std::vector<ExpandedInput> expand_inputs(const std::vector<std::string>& names, std::stop_token stop) {
    std::vector<ExpandedInput> expanded;
    for (const std::string& name : names) expand_one(name, true, stop, expanded);
    return expanded;
}

}  // namespace dubplate
