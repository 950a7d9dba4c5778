// name_template.h: names of deliverables as the user describes them: "{artist} - {title} [{bpm}]".
//
// What     parsed once, rendered for each deliverable into a relative path without extension. "/" in the
// template
//          makes folders; a value never does. docs/naming.md is the user's page.
// Fields   the tags (title, artist, album, album_artist, date, year, genre, comment, bpm, key, isrc, track,
//          track_total, disc, disc_total, copyright), the file (input, format, rate, bits, channels, region,
//          index), what was measured (lufs, tp), and custom tags in capitals ({MOOD}).
// Form     {track:02} at least two digits; {bpm:.0} digits after the point; {{ and }} are braces.
// Missing  a value that is not set is an error that names the field; {bpm?} leaves it out, {bpm|unknown} puts
//          something else there, which may hold fields again: {title|{input}}. What stands around it stays.
// Errors   invalid_argument: an unknown field (with the nearest known one), a brace without its other half
// (with its
//          place, counted from 1), a path that is absolute or climbs.
// Threads  constant after it was parsed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "organize/file_name.h"
#include "tags/metadata.h"

namespace dubplate {

// What the fields stand for. Unset: an empty text, 0, or none.
struct NameValues {
    std::string input{};  // the source's name without folder and extension
    Metadata metadata{};
    std::string format{};  // "flac"
    int sample_rate_hz = 0;
    std::string bit_depth{};  // "24", "float"
    int channels = 0;
    std::string region{};  // the label of a split's region
    int index = 0;         // counted from 1 over the outputs of a split, or over the inputs
    std::optional<double> integrated_lufs{};
    std::optional<double> true_peak_dbtp{};
};

class NameTemplate {
  public:
    static Result<NameTemplate> parse(std::string_view text);

    // Each component is safe for the profile; folders that come out empty are left out. Errors: a field that
    // is not set, a name that comes out empty.
    Result<std::string> render(const NameValues& values, NameProfile profile = NameProfile::desktop) const;

    // The fields that it names, each once, in order of their first use.
    std::vector<std::string> fields() const;
    bool uses(std::string_view field) const;
    // {lufs} and {tp} are known only when the deliverable has been measured.
    bool needs_measurement() const { return uses("lufs") || uses("tp"); }

    struct Part;  // a text or a field; see the source

  private:
    std::shared_ptr<const std::vector<Part>> parts_;
};

// All that a template may name, but custom tags.
std::vector<std::string> name_template_fields();

}  // namespace dubplate
