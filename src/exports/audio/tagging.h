// tagging.h: the tags of a deliverable, from all the places that they come from.
//
// Order    later wins: the template, the source's own tags (unless cleared), its name (where asked), the region's entry
//          in a CUE sheet, and what --tag and --cover say.
//          A tag that is set to nothing is taken away.
// Errors   invalid_argument: a value that breaks a rule, an unknown template; what the cover's file gives.
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
    std::string utc_;
};

}  // namespace dubplate
