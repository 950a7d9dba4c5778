// containers.h: finds the tags inside MP3, FLAC, Ogg and MP4 files.
//
// What     one function for each container walks its structure and hands what it finds to a collector or parser.
// Hostile  sizes are checked against the file before anything is allocated; every walk has a bound on its steps; what
//          is damaged ends the walk and is told as a loss.
// Errors   io alone, from the source.
// Source   ID3v1 and APEv2 (MP3), RFC 9639 (FLAC), RFC 3533 with the Vorbis, Opus, Speex and FLAC mappings (Ogg),
//          ISO/IEC 14496-12 with QuickTime metadata atoms (MP4).
#pragma once

#include "core/store.h"
#include "tags/bytes.h"
#include "tags/collector.h"

#include <cstdint>
#include <vector>

namespace dubplate {

Result<Metadata> read_mp3_tags(const ByteSource& source, std::vector<Loss>& losses);
Result<Metadata> read_flac_tags(const ByteSource& source, std::vector<Loss>& losses);
Result<Metadata> read_ogg_tags(const ByteSource& source, std::vector<Loss>& losses);
Result<Metadata> read_mp4_tags(const ByteSource& source, std::vector<Loss>& losses);

// Up to `length` bytes at `offset`, fewer where the source ends. The caller bounds `length`.
Result<Bytes> read_some(const ByteSource& source, std::uint64_t offset, std::size_t length);

}  // namespace dubplate
