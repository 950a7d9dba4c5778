// dawproject.h: the parts of a DAWproject, for its writer, its reader and their tests.
//
// What     project.xml and metadata.xml as text, and back.
// Times    beats are quarter notes; clips stand and last in beats, their content in seconds. With the tempo map this gives the
//          frame exactly.
// Errors   read_: corrupt, limit_exceeded.
// Threads  pure functions.
// Source   Bitwig, DAWproject 1.0: Project.xsd, MetaData.xsd.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "formats/daw/session.h"

namespace dubplate {

inline constexpr double max_dawproject_volume = 2;  // +6.02 dB

std::string dawproject_xml(const DawSession& session);
std::string dawproject_metadata_xml(const Metadata& metadata);

Result<DawSession> read_dawproject_xml(std::span<const std::byte> text);
Result<Metadata> read_dawproject_metadata_xml(std::span<const std::byte> text);

}  // namespace dubplate
