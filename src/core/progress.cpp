#include "core/progress.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr auto shortest_interval = std::chrono::milliseconds(100);

double to_seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

// A node of the tree of work. Its own advances and those of its slices are kept apart, so that a whole that
// is finished after its slices does not count twice.
struct Progress::Slice {
    std::shared_ptr<Slice> parent;
    double weight = 1;  // share of the parent
    double own = 0;     // what was advanced on it directly
    double slices = 0;  // the sum of what its slices did

    double done() const { return std::min(1.0, std::max(own, slices)); }
};

Progress::Progress(ProgressListener listener, double audio_seconds, const Clock& clock)
    : listener_(std::move(listener)),
      clock_(clock),
      started_(clock.now()),
      whole_(std::make_shared<Slice>()),
      audio_seconds_(audio_seconds) {}

Progress::Part Progress::part(double weight) {
    auto slice = std::make_shared<Slice>();
    slice->parent = whole_;
    slice->weight = std::clamp(weight, 0.0, 1.0);
    return {this, std::move(slice)};
}

Progress::Part Progress::Part::part(double begin, double end) const {
    if (!owner_) return {};
    auto slice = std::make_shared<Slice>();
    slice->parent = slice_;
    slice->weight = std::clamp(end - begin, 0.0, 1.0);
    return {owner_, std::move(slice)};
}

void Progress::Part::stage(std::string_view stage, std::string_view item) {
    if (owner_) owner_->set_stage(stage, item);
}

void Progress::Part::advance_to(double fraction) {
    if (owner_) owner_->advance(*slice_, fraction);
}

void Progress::set_audio_seconds(double seconds) {
    const std::lock_guard lock(mutex_);
    audio_seconds_ = seconds;
}

void Progress::set_stage(std::string_view stage, std::string_view item) {
    const std::lock_guard lock(mutex_);
    if (is_begun_ && last_.stage == stage && last_.item == item) return;
    last_.stage = stage;
    last_.item = item;
    report(clock_.now());
}

void Progress::advance(Slice& slice, double fraction) {
    const std::lock_guard lock(mutex_);
    if (!(fraction > slice.own)) return;  // a NaN too
    double before = slice.done();
    slice.own = std::min(fraction, 1.0);
    double after = slice.done();
    for (Slice* at = &slice; at->parent; at = at->parent.get()) {
        Slice& parent = *at->parent;
        const double step = (after - before) * at->weight;
        before = parent.done();
        parent.slices += step;
        after = parent.done();
    }
    const auto now = clock_.now();
    if (!is_begun_ || now - last_report_ >= shortest_interval) report(now);
}

void Progress::complete() {
    const std::lock_guard lock(mutex_);
    if (is_complete_) return;
    const auto now = clock_.now();
    if (!is_begun_) report(now);
    is_complete_ = true;
    whole_->own = 1.0;
    last_.stage = "done";
    last_.item.clear();
    report(now);
}

// Called with the mutex held, so that the reports come one by one and in order.
void Progress::report(std::chrono::nanoseconds now) {
    if (is_complete_ && last_.fraction >= 1.0) return;
    // 1 is said once, by complete(): the sum of the slices may get there a little early.
    const double done = is_complete_ ? 1.0 : std::min(whole_->done(), std::nextafter(1.0, 0.0));
    last_.fraction = is_begun_ ? std::max(last_.fraction, done) : 0.0;
    const double elapsed = to_seconds(now - started_);
    const bool is_known = last_.fraction > 0 && elapsed > 0;
    last_.speed = is_known ? audio_seconds_ * last_.fraction / elapsed : 0.0;
    last_.remaining_seconds.reset();
    if (is_known) last_.remaining_seconds = elapsed * (1.0 - last_.fraction) / last_.fraction;
    last_report_ = now;
    is_begun_ = true;
    if (listener_) listener_(last_);
}

}  // namespace dubplate
