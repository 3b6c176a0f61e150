// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/repeat_tracker.hpp>

#include <iterator>
#include <limits>
#include <string>
#include <utility>

#include <cxmetrics/core/error.hpp>

#include "tracker_bytes.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using tracker_bytes::damaged;
using tracker_bytes::get_instant;
using tracker_bytes::get_subject;
using tracker_bytes::put;

constexpr tracker_bytes::heading repeat_heading{"repeat_tracker", 2};

std::string text_of(instant t) { return std::to_string(t.time_since_epoch().count()) + " us"; }

}  // namespace

repeat_tracker::repeat_tracker(repeat_rule rule, shard mine) : rule_(rule), mine_(std::move(mine)) {
  validate(rule_);
}

repeat_tracker::undecided repeat_tracker::marked(const customer_contact& c,
                                                 std::optional<instant> ended) const noexcept {
  return {ended, rule_.first.has(c.how), rule_.repeats.has(c.how), c.transferred, c.unresolvable};
}

std::optional<instant> repeat_tracker::clock_of(contact_map::const_reference c) const noexcept {
  return rule_.clock == repeat_clock::entered ? c.first.entered : c.second.ended;
}

// When nothing can change any more: the repeat would have come, or the contact is given up.
repeat_tracker::decision repeat_tracker::due_of(const contact_key& key, const undecided& c) const noexcept {
  const instant when = rule_.clock == repeat_clock::entered ? detail::later(key.entered, rule_.window)
                       : c.ended                            ? detail::later(*c.ended, rule_.window)
                                                            : detail::later(key.entered, max_duration);
  return {when, key};
}

bool repeat_tracker::is_due(instant watermark) const noexcept {
  return !due_.empty() && (due_.begin()->at < watermark || watermark == instant::max());
}

void repeat_tracker::add(const customer_contact& c) {
  if (!mine_.admits(c.customer))
    throw state_error("the contact at position " + std::to_string(c.position) +
                      " is of a customer of another shard: split contacts by shard::residue_of");
  const std::optional<instant> ended = rule_.clock == repeat_clock::ended ? c.ended : std::nullopt;
  if (ended && !detail::is_within(c.entered, *ended, max_duration))
    throw column_error("the contact at position " + std::to_string(c.position) + " enters at " +
                       text_of(c.entered) + " and ends at " + text_of(*ended) +
                       ": an end lies 0 to 2^46 us (2.2 years) after the entry");
  const contact_key key{c.customer, rule_.reason == reason_match::none ? std::nullopt : c.reason, c.entered,
                        c.position};
  const auto known = contacts_.find(key);
  if (known == contacts_.end()) {
    if (c.entered < watermark_) {
      ++late_;
      return;
    }
    const undecided fresh = marked(c, ended);
    contacts_.emplace(key, fresh);
    due_.insert(due_of(key, fresh));
    return;
  }
  undecided& old = known->second;
  if (!ended || ended == old.ended) return;
  if (old.ended)
    throw column_error("the contact at position " + std::to_string(c.position) + " ends at " +
                       text_of(*old.ended) + " and again at " + text_of(*ended) + ": a contact ends once");
  if (*ended < watermark_) {
    ++late_;
    return;
  }
  due_.erase(due_of(key, old));
  undecided told = marked(c, ended);
  told.overlapped = old.overlapped;
  told.chained = old.chained;
  old = told;
  due_.insert(due_of(key, old));
}

// Whether a contact is a repeat of one that is remembered: forgotten ones have left their mark.
bool repeat_tracker::is_chained(contact_map::const_iterator at) const noexcept {
  if (at->second.chained) return true;
  for (auto earlier = at; at->second.is_repeat && earlier != contacts_.begin();) {
    --earlier;
    if (!earlier->first.meets(at->first)) break;
    const auto clock = clock_of(*earlier);
    if (earlier->second.is_first && clock && *clock < at->first.entered &&
        detail::is_within(*clock, at->first.entered, rule_.window))
      return true;
  }
  return false;
}

// As of `until`, from the contacts that are remembered. No contact that could be the repeat is forgotten
// before: it is decided after this one, for its own clock is not before its entry, and its entry is after
// this one's clock.
followed_contact repeat_tracker::decide(const contact_key& key, instant until) const {
  const auto at = contacts_.find(key);
  const undecided& c = at->second;
  followed_contact record{{key.customer, key.entered, key.position, c.ended, key.reason, outcome::unfinished,
                           c.transferred, c.unresolvable},
                          followup::pending,
                          std::nullopt};
  const auto clock = clock_of(*at);
  if (rule_.reason != reason_match::none && !key.reason)
    record.after = followup::without_reason;
  else if (!c.is_first)
    record.after = followup::ineligible;
  else if (rule_.order == repeat_order::chain && is_chained(at))
    record.after = followup::chained;
  else if (!clock)
    record.after = followup::open;
  if (record.after != followup::pending || !has_matured(rule_, *clock, until)) return record;

  auto next = std::next(at);
  const auto meets = [&] { return next != contacts_.end() && next->first.meets(key); };
  bool overlapped = c.overlapped;
  for (; meets() && next->first.entered <= *clock; ++next) {
    overlapped = overlapped || next->second.is_repeat;
    if (overlapped) {
      contact_key end = key;
      end.entered = *clock;
      end.position = std::numeric_limits<std::uint64_t>::max();
      next = contacts_.upper_bound(end);
      break;
    }
  }
  while (meets() && !next->second.is_repeat) ++next;
  const bool repeated = meets() && detail::is_within(*clock, next->first.entered, rule_.window);
  if (repeated) record.gap = next->first.entered - *clock;
  record.after = matured{repeated, overlapped, c.transferred, c.unresolvable}.label();
  return record;
}

// A contact leaves its marks when it goes. Whoever entered earlier and is still undecided ends later than it
// entered, so was overlapped by it; what is marked already has only marked ones before it. Whoever entered
// after its clock, within the window, is a repeat of it; all of those have been told, for the watermark is
// behind the window.
void repeat_tracker::forget_first() {
  const auto gone = contacts_.find(due_.begin()->contact);
  if (gone->second.is_repeat) {
    for (auto earlier = gone; earlier != contacts_.begin();) {
      --earlier;
      if (!earlier->first.meets(gone->first) || earlier->second.overlapped) break;
      earlier->second.overlapped = true;
    }
  }
  const auto clock = clock_of(*gone);
  if (rule_.order == repeat_order::chain && gone->second.is_first && clock) {
    for (auto later = std::next(gone); later != contacts_.end() && later->first.meets(gone->first); ++later) {
      if (later->first.entered <= *clock) continue;
      if (!detail::is_within(*clock, later->first.entered, rule_.window)) break;
      later->second.chained = later->second.is_repeat;
    }
  }
  contacts_.erase(gone);
  due_.erase(due_.begin());
}

void repeat_tracker::merge(const repeat_tracker& other) {
  if (rule_ != other.rule_)
    throw state_error(
        "two repeat trackers of different rules cannot be merged: build both with the same one");
  if (watermark_ != other.watermark_)
    throw state_error("two repeat trackers at the watermarks " + text_of(watermark_) + " and " +
                      text_of(other.watermark_) + " cannot be merged: advance both to the same one");
  shard both = mine_;
  both.join(other.mine_);
  const std::uint64_t late = checked_add(late_, other.late_);
  contact_map all = contacts_;
  auto due = due_;
  all.insert(other.contacts_.begin(), other.contacts_.end());
  due.insert(other.due_.begin(), other.due_.end());
  mine_ = std::move(both);
  late_ = late;
  contacts_.swap(all);
  due_.swap(due);
}

void repeat_tracker::encode(writer& w) const {
  put(w, repeat_heading);
  rule_.encode(w);
  mine_.encode(w);
  put(w, watermark_);
  w.put(late_);
  w.put(static_cast<std::uint64_t>(contacts_.size()));
  for (const auto& [key, c] : contacts_) {
    put(w, key.customer);
    put(w, key.entered);
    w.put(key.position);
    w.put(std::uint64_t{c.overlapped} | std::uint64_t{c.ended.has_value()} << 1 |
          std::uint64_t{c.is_first} << 2 | std::uint64_t{c.is_repeat} << 3 |
          std::uint64_t{c.transferred} << 4 | std::uint64_t{c.unresolvable} << 5 |
          std::uint64_t{c.chained} << 6 | std::uint64_t{key.reason.has_value()} << 7);
    if (key.reason) put(w, *key.reason);
    if (c.ended) put(w, *c.ended);
  }
}

repeat_tracker repeat_tracker::decode(reader& r) {
  expect(r, repeat_heading);
  const repeat_rule rule = repeat_rule::decode(r);
  repeat_tracker tracker(rule, shard::decode(r));
  tracker.watermark_ = get_instant(r);
  tracker.late_ = r.get();
  for (std::size_t left = r.get_size(40); left != 0; --left) {
    contact_key key;
    key.customer = get_subject(r);
    key.entered = get_instant(r);
    key.position = r.get();
    const std::uint64_t flags = r.get();
    const auto is_set = [&](int bit) { return (flags >> bit & 1) != 0; };
    undecided c{std::nullopt, is_set(2), is_set(3), is_set(4), is_set(5), is_set(0), is_set(6)};
    if (is_set(7)) key.reason = get_subject(r);
    if (is_set(1)) c.ended = get_instant(r);
    const decision due = tracker.due_of(key, c);
    const bool possible = flags < 256 && tracker.mine_.admits(key.customer) && due.at >= tracker.watermark_ &&
                          (!key.reason || rule.reason != reason_match::none) &&
                          (!c.chained || rule.order == repeat_order::chain) &&
                          (!c.ended || (rule.clock == repeat_clock::ended &&
                                        detail::is_within(key.entered, *c.ended, max_duration))) &&
                          (tracker.contacts_.empty() || std::prev(tracker.contacts_.end())->first < key);
    if (!possible) damaged("a contact is impossible");
    tracker.contacts_.emplace_hint(tracker.contacts_.end(), key, c);
    tracker.due_.insert(due);
  }
  return tracker;
}

}  // namespace v0
}  // namespace cxmetrics
