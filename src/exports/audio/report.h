// report.h: the proof of an export as one page that stands alone.
//
// What     HTML with its style and its pictures inside: no script, nothing loaded from anywhere, so it can be attached to a
//          delivery and read years later. Light and dark, for the screen and for paper.
// Safety   names, tags and errors come from hostile files: all of them are escaped, repaired to UTF-8 and set apart from the
//          direction of the text around them; the page forbids itself scripts and loading.
// Output   deterministic: the same manifest is the same bytes.
// Threads  pure function.
#pragma once

#include "exports/manifest.h"

#include <string>

namespace dubplate {

// What another kind of export has to tell.
struct ReportSections {
    std::string html{};     // sections, below the overview
    std::string failure{};  // of the whole, for the headline; empty: none
};

std::string render_html(const Manifest& manifest, const ReportSections& sections = {});

}  // namespace dubplate
