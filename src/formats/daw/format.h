// format.h: what a DAW's project format is to Dubplate: one entry of the catalog.
//
// What     DawFormat writes a session as a project, and reads one back for the proof. The command line's choices, the plan's
//          losses and the conformance tests are all made from the catalog.
// Adding   one file here that defines a DawFormat, one line in catalog.def, one page in docs/formats.
// Proof    read() gives what the project says, as the format holds it: `losses` lists what of a session it does not, so that
//          a session without these comes back equal, but for what is written there as rounded.
// Bytes    the same session gives the same bytes: identifiers are made from names and places, and there are no times of day.
// Safety   a project that is read may be hostile: sizes and depths are limited, no path in it is followed.
// Errors   write(): those of the file; canceled. read(): corrupt, with the line where there are lines; limit_exceeded.
// Threads  constant.
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/store.h"
#include "formats/daw/session.h"

namespace dubplate {

// Where the delivered files are, for a project that holds them itself.
struct DawMedia {
    Store* store = nullptr;
    std::filesystem::path folder;  // what the tracks' paths are relative to
};

// A symbolic link beside the project: where it stands in the folder of the delivery, and what it points to from there.
struct DawLink {
    std::filesystem::path path;
    std::filesystem::path target;  // relative to the link's own folder
    bool operator==(const DawLink&) const = default;
};

struct DawFormat {
    std::string_view name;       // "reaper", as on the command line
    std::string_view title;      // "REAPER"
    std::string_view extension;  // "rpp"
    bool holds_clips = true;     // tracks play their files; else it holds their names alone
    bool holds_media = false;    // the audio is in the file itself: as large as all tracks together
    // The formats of audio that it can play; others are a loss.
    std::span<const std::string_view> audio_formats;

    // What of this session the project will not hold, or holds changed.
    std::vector<Loss> (*losses)(const DawSession& session) = nullptr;
    Status (*write)(const DawSession& session, const DawMedia& media, PendingFile& file,
                    std::stop_token stop) = nullptr;
    Result<DawSession> (*read)(const ByteSource& project) = nullptr;
    // Links that the DAW needs to find the audio again after it has saved the project; without them it opens all the same,
    // the first time. Null: none.
    std::vector<DawLink> (*links)(const DawSession& session) = nullptr;

    // Where the project stands, in the folder of the delivery: "Night Drive.rpp".
    std::filesystem::path path_for(const DawSession& session) const;
};

std::span<const DawFormat* const> daw_formats();          // in the order of catalog.def
const DawFormat* find_daw_format(std::string_view name);  // null: none

}  // namespace dubplate
