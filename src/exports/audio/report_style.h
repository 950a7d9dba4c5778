// report_style.h: the style sheet of the report.
//
// Colors   every pair of text and ground has a contrast of 4.5 or more (WCAG 2.1 AA), light and dark; the charts' classes
//          come from plot/svg.h.
#pragma once

#include <string_view>

namespace dubplate::report {

std::string_view style_sheet();

}  // namespace dubplate::report
