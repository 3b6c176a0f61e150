// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/contact_tracker.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <cxmetrics/core/error.hpp>

#include "tracker_bytes.hpp"

namespace cxmetrics {
inline namespace v0 {
namespace {

using tracker_bytes::damaged;
using tracker_bytes::get_duration;
using tracker_bytes::get_instant;
using tracker_bytes::get_number;
using tracker_bytes::get_subject;
using tracker_bytes::put;

constexpr tracker_bytes::heading contact_heading{"contact_tracker", 2};

// From one instant to a later one, in 0 .. max_duration whatever the instants are.
[[nodiscard]] duration elapsed(instant from, instant to) noexcept {
  if (to <= from) return duration::zero();
  const std::uint64_t apart = static_cast<std::uint64_t>(to.time_since_epoch().count()) -
                              static_cast<std::uint64_t>(from.time_since_epoch().count());
  const auto longest = static_cast<std::uint64_t>(max_duration.count());
  return duration(static_cast<std::int64_t>(std::min(apart, longest)));
}

[[nodiscard]] bool is_restart(const contact_event& event) noexcept {
  return std::holds_alternative<contacts_restarted>(event);
}

template <class Findings, class Visit>
void each_count(Findings& f, Visit visit) {
  visit(f.entered);
  visit(f.late);
  visit(f.orphaned);
  visit(f.repeated);
  visit(f.interrupted);
  visit(f.contradictory);
  visit(f.aged);
}

}  // namespace

contact_tracker::contact_tracker(shard mine, duration maximum_age)
    : mine_(std::move(mine)), maximum_age_(maximum_age) {
  if (maximum_age <= duration::zero() || maximum_age >= max_duration)
    throw unit_error("a maximum age of " + std::to_string(maximum_age.count()) +
                     " us is not possible: give more than nothing and less than two years");
}

void contact_tracker::add(const contact_event& event) {
  const envelope& head = head_of(event);
  if (!is_restart(event) && !mine_.admits(head.whose))
    throw state_error("the event at position " + std::to_string(head.position) + " is of a contact of part " +
                      std::to_string(shard::residue_of(head.whose, mine_.modulus())) + " of " +
                      std::to_string(mine_.modulus()) +
                      ", which this tracker does not hold: feed it to its own shard");
  if (head.at < watermark_) {
    ++findings_.late;
    return;
  }
  const bool in_order =
      ordered_ == pending_.size() && (ordered_ == applied_ || comes_before(pending_.back(), event));
  pending_.push_back(event);
  if (in_order) ordered_ = pending_.size();
}

// The tail that came out of order goes to its places; what stands there already, place and all, is dropped.
void contact_tracker::put_in_order() {
  if (ordered_ == pending_.size()) return;
  const auto at = [&](std::size_t i) { return pending_.begin() + static_cast<std::ptrdiff_t>(i); };
  const contact_event& oldest = *std::min_element(at(ordered_), pending_.end(), comes_before);
  const auto place = std::lower_bound(at(applied_), at(ordered_), oldest, comes_before);
  std::sort(place, pending_.end(), comes_before);
  const auto same = [&](const contact_event& a, const contact_event& b) {
    if (!(a == b)) return false;
    if (!is_restart(a)) ++findings_.repeated;
    return true;
  };
  pending_.erase(std::unique(place, pending_.end(), same), pending_.end());
  ordered_ = pending_.size();
}

void contact_tracker::apply_until(instant limit, bool inclusive) {
  put_in_order();
  for (; applied_ < pending_.size(); ++applied_) {
    const contact_event& event = pending_[applied_];
    const instant at = head_of(event).at;
    if (inclusive ? at > limit : at >= limit) break;
    expire(at);
    std::visit([&](const auto& e) { apply(e); }, event);
  }
  if (applied_ > pending_.size() / 2) {  // halves, so that a long tail is not moved again and again
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(applied_));
    applied_ = 0;
    ordered_ = pending_.size();
  }
  expire(limit);
}

void contact_tracker::settle(instant watermark) {
  if (watermark <= watermark_) return;
  apply_until(watermark, false);
  watermark_ = watermark;
}

// ---- what events do

contact_tracker::slot contact_tracker::find(const envelope& head, std::uint32_t queue) {
  const slot at = stays_.find({head.whose, queue});
  if (at == stays::none) ++findings_.orphaned;
  return at;
}

void contact_tracker::apply(const contact_queued& e) {
  if (const slot at = stays_.find({e.head.whose, e.queue}); at != stays::none) {
    if (stays_[at].entered == e.head.at && !stays_[at].answered) {
      ++findings_.repeated;
      return;
    }
    ++findings_.interrupted;
    give_up(at, e.head.at);
  }
  ++findings_.entered;
  stays_.push_back({e.head.whose, e.queue}, {e.head.at, e.head.position, e.customer, {}, {}, e.before});
  entries_.push_back({e.head.whose, e.queue, e.head.at, e.head.position});
}

void contact_tracker::apply(const contact_answered& e) {
  const slot at = find(e.head, e.queue);
  if (at == stays::none) return;
  stay& s = stays_[at];
  if (s.answered) {
    ++findings_.contradictory;
    return;
  }
  s.answered = e.head.at;
  s.wait = e.wait.value_or(elapsed(s.entered, e.head.at));
  exits_.push_back(exit_of(at, outcome::answered, s.wait));
}

void contact_tracker::apply(const contact_left& e) {
  const slot at = find(e.head, e.queue);
  if (at == stays::none) return;
  if (e.how == outcome::unfinished) {
    ++findings_.interrupted;
    give_up(at, e.head.at);
    return;
  }
  if (stays_[at].answered) {
    ++findings_.contradictory;
    finish(at, e.head.at, {}, {}, {});
    return;
  }
  contact c = record(at, e.head.at);
  c.how = e.how;
  c.wait = e.wait.value_or(c.wait);
  c.ended = e.head.at;
  decide(at, c);
}

void contact_tracker::apply(const contact_transferred& e) {
  if (const slot at = find(e.head, e.queue); at != stays::none) finish(at, e.head.at, e.wait, e.talk, e.how);
}

void contact_tracker::apply(const contact_ended& e) {
  if (const slot at = find(e.head, e.queue); at != stays::none) finish(at, e.head.at, e.wait, e.talk, {});
}

void contact_tracker::apply(const contacts_restarted& e) {
  while (!stays_.empty()) {
    contact c = record(stays_.front(), e.head.at);
    if (c.how == outcome::unfinished) c.how = outcome::system_failure;
    c.ended = e.head.at;
    decide(stays_.front(), c);
  }
}

void contact_tracker::apply(const contact_taken_over& e) {
  const slot at = find(e.head, e.queue);
  if (at == stays::none) return;
  stays_[at].customer = e.customer;
  stays_[at].before = e.before;
}

// The end of a talk. Where the answer itself is missing, this event proves it.
void contact_tracker::finish(slot at, instant when, std::optional<duration> wait,
                             std::optional<duration> talk, std::optional<outcome> transfer) {
  contact c = record(at, when);
  if (const stay& s = stays_[at]; s.answered) {
    c.talk = talk.value_or(elapsed(*s.answered, when));
  } else {
    c.how = outcome::answered;
    c.wait = wait.value_or(c.wait);
    c.talk = talk;
  }
  c.ended = when;
  c.transfer = transfer;
  c.transfers = transfer ? 1 : 0;
  decide(at, c);
}

void contact_tracker::give_up(slot at, instant when) { decide(at, record(at, when)); }

void contact_tracker::expire(instant now) {
  for (slot at = stays_.front(); at != stays::none && elapsed(stays_[at].entered, now) > maximum_age_;
       at = stays_.front()) {
    ++findings_.aged;
    give_up(at, stays_[at].entered + maximum_age_);
  }
}

// An open stay as it looks at `now`.
contact contact_tracker::record(slot at, instant now) const {
  const stay& s = stays_[at];
  contact c;
  c.id = s.before ? s.before->first.whose : stays_.key(at).whose;
  c.customer = s.customer;
  c.queue = stays_.key(at).queue;
  c.how = s.answered ? outcome::answered : outcome::unfinished;
  c.entered = s.entered;
  c.wait = s.answered ? s.wait : elapsed(s.entered, now);
  c.position = s.position;
  c.before = s.before;
  return c;
}

queue_exit contact_tracker::exit_of(slot at, outcome how, duration wait) const {
  const stay& s = stays_[at];
  return {stays_.key(at).whose, stays_.key(at).queue, how, s.entered, wait, s.position};
}

void contact_tracker::decide(slot at, const contact& c) {
  if (!stays_[at].answered) exits_.push_back(exit_of(at, c.how, c.wait));
  stays_.erase(at);
  decided_.push_back(c);
}

contact_tracker contact_tracker::present(instant now) const {
  contact_tracker then = *this;
  if (now >= watermark_) then.apply_until(now, true);
  for (slot at = then.stays_.front(); at != stays::none; at = then.stays_.next(at)) {
    const contact& c = then.decided_.emplace_back(then.record(at, now));
    if (c.how == outcome::unfinished) then.exits_.push_back(then.exit_of(at, c.how, c.wait));
  }
  return then;
}

instant contact_tracker::low_watermark(contact_record kind) const noexcept {
  if (kind == contact_record::entered) return watermark_;
  slot at = stays_.front();
  while (kind == contact_record::left_queue && at != stays::none && stays_[at].answered) at = stays_.next(at);
  return at == stays::none ? watermark_ : stays_[at].entered;
}

// ---- merging and bytes

contact_tracker contact_tracker::in_order() const {
  contact_tracker t = *this;
  t.put_in_order();
  t.pending_.erase(t.pending_.begin(), t.pending_.begin() + static_cast<std::ptrdiff_t>(t.applied_));
  t.applied_ = 0;
  t.ordered_ = t.pending_.size();
  return t;
}

bool operator==(const contact_tracker& a, const contact_tracker& b) {
  const contact_tracker x = a.in_order();
  const contact_tracker y = b.in_order();
  return x.mine_ == y.mine_ && x.maximum_age_ == y.maximum_age_ && x.watermark_ == y.watermark_ &&
         x.findings_ == y.findings_ && x.stays_ == y.stays_ && x.pending_ == y.pending_;
}

std::pair<envelope, std::uint32_t> contact_tracker::age_order(slot at) const {
  const stay& s = stays_[at];
  return {{s.entered, stays_.key(at).whose, s.position}, stays_.key(at).queue};
}

void contact_tracker::merge(const contact_tracker& other) {
  if (maximum_age_ != other.maximum_age_)
    throw state_error("contact trackers with maximum ages of " + std::to_string(maximum_age_.count()) +
                      " and " + std::to_string(other.maximum_age_.count()) +
                      " us cannot be merged: build both with the same");
  if (watermark_ != other.watermark_)
    throw state_error(
        "contact trackers at different watermarks cannot be merged: advance both to the same instant");
  contact_tracker sum = in_order();
  const contact_tracker more = other.in_order();
  sum.mine_.join(more.mine_);

  std::vector<std::uint64_t> counts;
  each_count(more.findings_, [&](std::uint64_t count) { counts.push_back(count); });
  std::size_t i = 0;
  each_count(sum.findings_, [&](std::uint64_t& count) { count = checked_add(count, counts[i++]); });

  stays both;
  const auto copy = [&](const stays& from, slot& at) {
    both.push_back(from.key(at), from[at]);
    at = from.next(at);
  };
  slot a = sum.stays_.front();
  slot b = more.stays_.front();
  while (a != stays::none || b != stays::none) {
    if (b == stays::none || (a != stays::none && sum.age_order(a) < more.age_order(b)))
      copy(sum.stays_, a);
    else
      copy(more.stays_, b);
  }
  sum.stays_ = std::move(both);
  sum.pending_.insert(sum.pending_.end(), more.pending_.begin(), more.pending_.end());
  sum.put_in_order();
  *this = std::move(sum);
}

void contact_tracker::encode(writer& w) const {
  const contact_tracker t = in_order();
  put(w, contact_heading);
  t.mine_.encode(w);
  put(w, t.maximum_age_);
  put(w, t.watermark_);
  each_count(t.findings_, [&](std::uint64_t count) { w.put(count); });
  w.put(static_cast<std::uint64_t>(t.stays_.size()));
  for (slot at = t.stays_.front(); at != stays::none; at = t.stays_.next(at)) {
    const stay& s = t.stays_[at];
    put(w, t.stays_.key(at).whose);
    put(w, t.stays_.key(at).queue);
    put(w, s.entered);
    w.put(s.position);
    w.put(std::uint64_t{(s.customer ? 1U : 0U) + (s.answered ? 2U : 0U) + (s.before ? 4U : 0U)});
    if (s.customer) put(w, *s.customer);
    if (s.answered) put(w, *s.answered), put(w, s.wait);
    if (s.before) cxmetrics::encode(w, *s.before);
  }
  w.put(static_cast<std::uint64_t>(t.pending_.size()));
  for (const contact_event& event : t.pending_) cxmetrics::encode(w, event);
}

contact_tracker contact_tracker::decode(reader& r) {
  expect(r, contact_heading);
  shard mine = shard::decode(r);
  const duration age = get_duration(r);
  if (age == duration::zero() || age == max_duration) damaged("the maximum age is out of range");
  contact_tracker t(std::move(mine), age);
  t.watermark_ = get_instant(r);
  each_count(t.findings_, [&](std::uint64_t& count) { count = r.get(); });

  constexpr std::size_t stay_size = 6 * 8;
  slot before = stays::none;
  for (std::size_t i = r.get_size(stay_size); i != 0; --i) {
    stay_key key;
    key.whose = get_subject(r);
    key.queue = get_number(r);
    stay s;
    s.entered = get_instant(r);
    s.position = r.get();
    const std::uint64_t flags = r.get();
    if (flags > 7) damaged("a contact has impossible fields");
    if ((flags & 1) != 0) s.customer = get_subject(r);
    if ((flags & 2) != 0) {
      s.answered = get_instant(r);
      s.wait = get_duration(r);
      if (*s.answered < s.entered || *s.answered >= t.watermark_)
        damaged("a contact is answered at an impossible time");
    }
    if ((flags & 4) != 0) s.before = decode_earlier_legs(r);
    if (s.entered >= t.watermark_ || elapsed(s.entered, t.watermark_) > age)
      damaged("a contact is open at an impossible time");
    if (!t.mine_.admits(key.whose)) damaged("a contact belongs to another shard");
    if (t.stays_.find(key) != stays::none) damaged("a contact is there twice");
    const slot at = t.stays_.push_back(key, s);
    if (before != stays::none && !(t.age_order(before) < t.age_order(at)))
      damaged("contacts are out of order");
    before = at;
  }
  if (t.findings_.entered < t.stays_.size()) damaged("more contacts are open than have entered");

  constexpr std::size_t event_size = 5 * 8;
  for (std::size_t i = r.get_size(event_size); i != 0; --i) {
    const contact_event event = decode_contact_event(r);
    const envelope& head = head_of(event);
    if (head.at < t.watermark_) damaged("an event lies below the watermark");
    if (!is_restart(event) && !t.mine_.admits(head.whose)) damaged("an event belongs to another shard");
    if (!t.pending_.empty() && !comes_before(t.pending_.back(), event)) damaged("events are out of order");
    t.pending_.push_back(event);
  }
  t.ordered_ = t.pending_.size();
  return t;
}

}  // namespace v0
}  // namespace cxmetrics
