// ardour_ids.h: the numbers by which the parts of an Ardour session name each other, for its writer.
//
// What     each track has a hundred numbers of its own, from its place; the master and the session's range stand below them.
// Why      Ardour asks for numbers that are unique in the session, and the same session must give the same bytes.
// Threads  pure functions. No errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dubplate {

inline constexpr std::string_view ardour_up =
    "../../../";  // from interchange/NAME/audiofiles to the delivery

inline constexpr std::int64_t ardour_session_range = 101;
inline constexpr std::int64_t ardour_master = 110;

inline constexpr int ardour_source = 0;  // and 1, one to the channel
inline constexpr int ardour_region = 2;
inline constexpr int ardour_playlist = 3;
inline constexpr int ardour_route = 4;
inline constexpr int ardour_input = 5;
inline constexpr int ardour_output = 6;
inline constexpr int ardour_azimuth = 7;
inline constexpr int ardour_width = 8;
inline constexpr int ardour_solo = 9;
inline constexpr int ardour_mute = 10;
inline constexpr int ardour_player = 11;
inline constexpr int ardour_amp = 12;  // and 13, its control
inline constexpr int ardour_meter = 14;
inline constexpr int ardour_main_outs = 15;
inline constexpr int ardour_group = 16;

inline std::int64_t ardour_id(std::size_t place, int part) {
    return 1'000 + 100 * static_cast<std::int64_t>(place) + part;
}

}  // namespace dubplate
