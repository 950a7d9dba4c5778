// self_similarity.h: how alike each two moments of a piece are.
//
// Shape    moments (units) between `edges`, in seconds; a symmetric matrix of their similarities, 0 to 1.
// Method   notes: the strengths of the twelve notes, scaled to length 1; exp(-d^2 / 0.3) of their distance d. Timbre: 16 bands of
//          power in dB, the quietest cut off 60 dB below the loudest; exp(-(r / 8 dB)^2) of their mean distance r. The notes
//          count as much as the piece is made of tones, half at most.
// Memory   4 bytes for each two units.
// Threads  thread-compatible.
#pragma once

#include <vector>

#include "analysis/chroma.h"
#include "analysis/timbre.h"

namespace dubplate {

class SelfSimilarity {
  public:
    SelfSimilarity(const Timbre& timbre, const Chroma& chroma, const std::vector<double>& edges_s);

    std::size_t size() const { return size_; }
    double at(std::size_t a, std::size_t b) const { return static_cast<double>(values_[a * size_ + b]); }
    // The mean over [rows) x [columns), without the diagonal.
    double mean(std::size_t row_begin, std::size_t row_end, std::size_t column_begin,
                std::size_t column_end) const;
    // The mean along a diagonal: of `length` units from a and from b.
    double along(std::size_t a, std::size_t b, std::size_t length) const;
    bool is_silent() const { return silent_; }

  private:
    std::size_t size_ = 0;
    bool silent_ = true;
    std::vector<float> values_;
};

}  // namespace dubplate
