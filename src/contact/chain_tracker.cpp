// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/chain_tracker.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <cxmetrics/contact/repeats.hpp>

#include "tracker_bytes.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using tracker_bytes::damaged;
using tracker_bytes::get_duration;
using tracker_bytes::get_instant;
using tracker_bytes::get_number;
using tracker_bytes::get_outcome;
using tracker_bytes::get_subject;
using tracker_bytes::put;

constexpr tracker_bytes::heading chain_heading{"chain_tracker", 1};

envelope chain_of(const contact& leg) noexcept {
  return leg.before ? leg.before->first : envelope{leg.entered, leg.id, leg.position};
}

// Legs of one second are in the order of their chain.
auto place_of(const contact& leg) {
  return std::tuple(leg.entered.time_since_epoch().count(), leg.leg(), leg.position, leg.queue);
}
bool comes_first(const contact& a, const contact& b) { return place_of(a) < place_of(b); }

void put_leg(writer& w, const contact& leg) {
  put(w, leg.id);
  put(w, leg.queue);
  put(w, leg.how);
  put(w, leg.entered);
  put(w, leg.wait);
  put(w, leg.transfers);
  w.put(leg.position);
  w.put((leg.customer ? std::uint64_t{1} : 0) | (leg.talk ? 2U : 0U) | (leg.ended ? 4U : 0U) |
        (leg.before ? 8U : 0U) | (leg.transfer ? 16U : 0U));
  if (leg.customer) put(w, *leg.customer);
  if (leg.talk) put(w, *leg.talk);
  if (leg.ended) put(w, *leg.ended);
  if (leg.before) encode(w, *leg.before);
  if (leg.transfer) put(w, *leg.transfer);
}

contact get_leg(reader& r) {
  contact leg;
  leg.id = get_subject(r);
  leg.queue = get_number(r);
  leg.how = get_outcome(r);
  leg.entered = get_instant(r);
  leg.wait = get_duration(r);
  leg.transfers = get_number(r);
  leg.position = r.get();
  const std::uint64_t flags = r.get();
  if (flags > 31) damaged("a leg has impossible fields");
  if ((flags & 1) != 0) leg.customer = get_subject(r);
  if ((flags & 2) != 0) leg.talk = get_duration(r);
  if ((flags & 4) != 0) leg.ended = get_instant(r);
  if ((flags & 8) != 0) leg.before = decode_earlier_legs(r);
  if ((flags & 16) != 0) leg.transfer = get_outcome(r);
  return leg;
}

}  // namespace

contact whole_contact(std::span<const contact> legs) {
  const auto answered = [](const contact& leg) { return leg.how == outcome::answered; };
  const auto answer = std::find_if(legs.begin(), legs.end(), answered);
  contact decisive = answer == legs.end() ? legs.back() : *answer;
  contact whole = legs.front();
  decisive.before = earlier_legs{{whole.entered, whole.id, whole.position}, 1};
  whole.how = decisive.how;
  whole.wait = decisive.wait_contact();
  whole.ended = legs.back().ended;
  whole.before.reset();
  whole.transfers = 0;
  whole.talk.reset();
  bool all_known = true;
  for (const contact& leg : legs) {
    if (!whole.customer) whole.customer = leg.customer;
    if (leg.transfer) whole.transfer = leg.transfer;
    whole.transfers += leg.transfers;
    if (!answered(leg)) continue;
    all_known = all_known && leg.talk;
    if (leg.talk) whole.talk = std::min(whole.talk.value_or(duration::zero()) + *leg.talk, max_duration);
  }
  if (!all_known) whole.talk.reset();
  return whole;
}

chain_tracker::chain_tracker(shard mine, duration gap, duration maximum_age)
    : mine_(std::move(mine)), gap_(gap), maximum_age_(maximum_age) {
  for (duration each : {gap, maximum_age})
    if (each < duration::zero() || each > max_duration)
      throw unit_error("a chain cannot wait " + std::to_string(each.count()) +
                       " us for its next leg: give 0 to 2^46 us (2.2 years)");
}

instant chain_tracker::end_of(const contact& leg) const noexcept {
  return leg.ended.value_or(detail::later(leg.entered, maximum_age_));
}

// How many of the legs are one contact, and until when a further one may come.
std::pair<std::size_t, instant> chain_tracker::first_contact(std::span<const contact> some) const noexcept {
  instant until = detail::later(end_of(some.front()), gap_);
  std::size_t size = 1;
  for (; size < some.size() && some[size].entered <= until; ++size)
    until = std::max(until, detail::later(end_of(some[size]), gap_));
  return {size, until};
}

bool chain_tracker::is_due(instant watermark) const noexcept {
  return !due_.empty() && (due_.begin()->at < watermark || watermark == instant::max());
}

void chain_tracker::add(const contact& leg) {
  if (!mine_.admits(leg.id))
    throw state_error("the leg at position " + std::to_string(leg.position) +
                      " is of a contact of another shard: split legs by shard::residue_of(contact::id)");
  if (leg.entered < watermark_) {
    ++late_;
    return;
  }
  const envelope key = chain_of(leg);
  legs& all = chains_[key];
  const auto [begin, end] = std::equal_range(all.begin(), all.end(), leg, comes_first);
  if (std::find(begin, end, leg) != end) return;
  if (!all.empty()) due_.erase({first_contact(all).second, key});
  all.insert(end, leg);
  due_.insert({first_contact(all).second, key});
}

contact chain_tracker::close_first() {
  const closing first = *due_.begin();
  const auto chain = chains_.find(first.chain);
  legs& all = chain->second;
  const std::size_t size = first_contact(all).first;
  const contact whole = whole_contact(std::span(all).first(size));
  due_.erase(due_.begin());
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
  if (all.empty())
    chains_.erase(chain);
  else
    due_.insert({first_contact(all).second, first.chain});
  return whole;
}

std::vector<contact> chain_tracker::present(instant now) const {
  std::vector<contact> found;
  for (const auto& [key, all] : chains_) {
    const auto end = std::find_if(all.begin(), all.end(), [&](const contact& c) { return c.entered > now; });
    for (std::span some(all.begin(), end); !some.empty();) {
      const std::size_t size = first_contact(some).first;
      found.push_back(whole_contact(some.first(size)));
      some = some.subspan(size);
    }
  }
  return found;
}

instant chain_tracker::low_watermark() const noexcept {
  return chains_.empty() ? watermark_ : std::min(watermark_, chains_.begin()->first.at);
}

void chain_tracker::merge(const chain_tracker& other) {
  if (gap_ != other.gap_ || maximum_age_ != other.maximum_age_)
    throw state_error("chain trackers of different gaps or ages cannot be merged: build both with the same");
  if (watermark_ != other.watermark_)
    throw state_error(
        "chain trackers at different watermarks cannot be merged: advance both to the same instant");
  shard both = mine_;
  both.join(other.mine_);
  const std::uint64_t late = checked_add(late_, other.late_);
  auto chains = chains_;
  auto due = due_;
  chains.insert(other.chains_.begin(), other.chains_.end());
  due.insert(other.due_.begin(), other.due_.end());
  mine_ = std::move(both);
  late_ = late;
  chains_.swap(chains);
  due_.swap(due);
}

void chain_tracker::encode(writer& w) const {
  put(w, chain_heading);
  mine_.encode(w);
  w.put_signed(gap_.count());
  w.put_signed(maximum_age_.count());
  put(w, watermark_);
  w.put(late_);
  w.put(static_cast<std::uint64_t>(chains_.size()));
  for (const auto& [key, all] : chains_) {
    w.put(static_cast<std::uint64_t>(all.size()));
    for (const contact& leg : all) put_leg(w, leg);
  }
}

chain_tracker chain_tracker::decode(reader& r) {
  expect(r, chain_heading);
  shard mine = shard::decode(r);
  const duration gap = get_duration(r), age = get_duration(r);
  chain_tracker t(std::move(mine), gap, age);
  t.watermark_ = get_instant(r);
  t.late_ = r.get();
  constexpr std::size_t leg_size = 9 * 8;
  for (std::size_t left = r.get_size(8 + leg_size); left != 0; --left) {
    legs all;
    for (std::size_t size = r.get_size(leg_size); size != 0; --size) {
      all.push_back(get_leg(r));
      const contact& leg = all.back();
      if (!t.mine_.admits(leg.id)) damaged("a contact belongs to another shard");
      if (chain_of(leg) != chain_of(all.front())) damaged("a leg is of another contact");
      if (all.size() > 1 && comes_first(leg, all[all.size() - 2])) damaged("legs are out of order");
      if (std::find(all.begin(), std::prev(all.end()), leg) != std::prev(all.end()))
        damaged("a leg is there twice");
    }
    if (all.empty()) damaged("a contact has no leg");
    const envelope key = chain_of(all.front());
    if (!t.chains_.empty() && !(t.chains_.rbegin()->first < key)) damaged("contacts are out of order");
    const instant until = t.first_contact(all).second;
    if (until < t.watermark_) damaged("a contact is open at an impossible time");
    t.due_.insert({until, key});
    t.chains_.emplace_hint(t.chains_.end(), key, std::move(all));
  }
  return t;
}

}  // namespace v0
}  // namespace cxmetrics
