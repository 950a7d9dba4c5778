// tagging.h: the tags of a deliverable, from all the places that they come from.
//
// Order    later wins: the template, the source's own tags (unless cleared), its name (where asked), the region's entry
//          in a CUE sheet, and what --tag and --cover say.
//          A tag that is set to nothing is taken away.
// Date     bext's origination is the source's own, else the time that SOURCE_DATE_EPOCH sets, else empty: the same input
//          must give the same bytes next year. The template "minimal" alone asks the clock, for the year.
// Errors   invalid_argument: a value that breaks a rule, a field that is set under two names, an unknown template; what the cover's file gives.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "exports/audio/spec.h"
#include "tags/metadata.h"
#include "tags/render.h"

namespace dubplate {

class Tagger {
  public:
    // Reads the cover and checks what the spec sets, once for all inputs.
    static Result<Tagger> make(const AudioSpec& spec, const Clock& clock);

    // stem: the input's name without its extension. index: the number of the region, 0 for none.
    Result<TagSet> tags_for(const SourceInfo& source, const std::string& stem, const Metadata& region,
                            int index) const;

  private:
    bool keep_source_ = true;
    bool from_name_ = false;
    Metadata template_;
    Metadata set_;
    std::vector<std::string> cleared_;  // set to nothing: "--tag title="
    std::string origination_;           // where the source tells none
};

}  // namespace dubplate
