// kaiser.h: the window with the least energy beside its main lobe, for filters of a stated ripple.
//
// Source   J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974: the window, and how
//          its beta and its length follow from the ripple and the width of the transition.
#pragma once

namespace dubplate {

// place: -1 to 1, where the window ends; beyond it, 0.
double kaiser_window(double place, double beta);
// For a ripple of at least 50 dB.
double kaiser_beta(double ripple_db);
// transition: as a share of the sample rate.
double kaiser_taps(double ripple_db, double transition);

}  // namespace dubplate
