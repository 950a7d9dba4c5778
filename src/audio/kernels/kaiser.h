// kaiser.h: the window with the least energy beside its main lobe, for filters of a stated ripple.
//
// Source   J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974: the window, and how
//          its beta and its length follow from the ripple and the width of the transition.
// Threads  immutable after construction.
#pragma once

#include <vector>

namespace dubplate {

class KaiserWindow {
  public:
    explicit KaiserWindow(double beta);

    // place: -1 to 1, where the window ends; beyond it, 0. At 0 it is 1.
    double at(double place) const;

  private:
    // I0(beta sqrt(1 - place^2)) / I0(beta) as a power series in 1 - place^2.
    std::vector<double> series_;
};

// For a ripple of at least 50 dB.
double kaiser_beta(double ripple_db);
// transition: as a share of the sample rate.
double kaiser_taps(double ripple_db, double transition);

}  // namespace dubplate
