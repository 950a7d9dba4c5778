// report_file.h: one deliverable in the report: a card with its verdict, figures, pictures, checks, tags and losses.
//
// Threads  pure functions.
#pragma once

#include "exports/manifest.h"

#include <string>

namespace dubplate::report {

std::string file_card(const ManifestFile& file, const ManifestItem& source);
// A box with what went wrong and what to do.
std::string error_box(const Error& error);
// "ok", "failed" or "canceled" as a pill.
std::string verdict_pill(const ManifestFile& file);

}  // namespace dubplate::report
