// input.h: what an export starts from: a file, standard input, or audio in a program's memory.
//
// What     AudioInput opens one source as often as a pass needs it. expand_inputs() turns what a user wrote (files,
//          folders, globs, "-") into inputs, in a fixed order.
// Folders  are searched with everything below them; a delivered file keeps its place below the folder. What is not
//          audio by its extension is left out; a folder without audio is an error.
// Links    a symbolic link to a file is followed, as the user named it; links to folders inside a folder are not.
// Owner    an AudioView is borrowed and must outlive the export.
// Threads  open() is thread-safe.
// Errors   not_found, io, and what open_audio() gives; each names the input.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "audio/audio_view.h"
#include "core/store.h"
#include "formats/audio/format.h"

namespace dubplate {

// A reader and the bytes that it reads; the bytes are none for audio in memory.
struct OpenedAudio {
    std::shared_ptr<const ByteSource> bytes;
    std::unique_ptr<AudioReader> reader;
};

struct AudioInput {
    std::string name;                 // as the user named it, for messages
    std::string stem;                 // "{input}" in names: "Night Drive"
    std::filesystem::path path;       // empty: not a file
    std::filesystem::path subfolder;  // below the folder that was named; where the output goes below its own
    std::function<Result<OpenedAudio>()> open;
};

AudioInput file_input(std::filesystem::path path, std::filesystem::path subfolder = {});
// Reads all of the descriptor at once into a temporary file (limit_bytes), so that it can be read twice.
Result<AudioInput> stream_input(int file_descriptor, std::string name, std::uint64_t limit_bytes,
                                std::stop_token stop = {});
AudioInput memory_input(AudioView view, std::string name, Metadata metadata = {});

struct ExpandedInput {
    std::string name;
    Result<AudioInput> input;
};

// One entry for each file found, or the error for what was named in vain, in the order given, folders sorted by name.
std::vector<ExpandedInput> expand_inputs(const std::vector<std::string>& names, std::stop_token stop = {});

}  // namespace dubplate
