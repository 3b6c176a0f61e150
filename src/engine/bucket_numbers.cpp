// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/bucket_numbers.hpp"

#include <algorithm>
#include <bit>

#include "cxmetrics/core/column.hpp"
#include "cxmetrics/core/error.hpp"
#include "cxmetrics/engine/ends_of.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

constexpr std::size_t most_slots = std::size_t{1} << 20;
constexpr std::size_t rows_a_look = 128;  // rows of which one look may say that they lie together

// A slot is half a bucket to a whole one: the table of a year of half hours then stays in the second-level
// cache. Buckets that the clock cuts shorter than a slot are found to be so, and asked for one by one.
int shift_of(const bucketer& buckets) {
  constexpr std::int64_t day = 86'400'000'000;
  constexpr std::int64_t lengths[] = {1'000'000, 60'000'000, 3'600'000'000, day,
                                      7 * day,   28 * day,   90 * day,      365 * day};
  const every length = buckets.length();
  const auto us = static_cast<std::uint64_t>(lengths[static_cast<std::size_t>(length.unit)]) *
                  static_cast<std::uint64_t>(length.count);
  return static_cast<int>(std::bit_width(us)) - 1;
}

}  // namespace

bucket_numbers::bucket_numbers(bucketer buckets, std::optional<bucket_fold> fold)
    : buckets_(std::move(buckets)),
      fold_(std::move(fold)),
      shift_(shift_of(buckets_)),
      labels_{absent<std::int64_t>::missing} {}

void bucket_numbers::place(std::span<const std::int64_t> times, std::span<std::uint32_t> numbers) {
  if (times.size() != numbers.size())
    throw column_error(std::to_string(times.size()) + " times and room for " +
                       std::to_string(numbers.size()) + " numbers: give columns of one length");
  std::size_t row = 0;
  for (; row + rows_a_look <= times.size(); row += rows_a_look)
    if (!fill(times.subspan(row, rows_a_look), numbers.subspan(row, rows_a_look)))
      for (std::size_t i = row; i < row + rows_a_look; ++i) numbers[i] = number_of(times[i]);
  for (; row < times.size(); ++row) numbers[row] = number_of(times[row]);
}

// The rows of a stretch that all lie in one slot, on one side of its change, have one number.
bool bucket_numbers::fill(std::span<const std::int64_t> times, std::span<std::uint32_t> numbers) {
  const auto [least, greatest] = ends_of(times);
  const std::uint32_t number = number_of(least);  // it is known from here on, where it can be
  const auto at = static_cast<std::uint64_t>((least >> shift_) - first_);
  if (at >= slots_.size() || (least ^ greatest) >> shift_ != 0) return false;
  if (const slot& here = slots_[at];
      here.before != here.after && least < here.change && greatest >= here.change)
    return false;
  std::fill(numbers.begin(), numbers.end(), number);
  return true;
}

std::uint32_t bucket_numbers::number_of_bucket(std::int64_t start) {
  const std::int64_t label = fold_ ? fold_->position(instant{duration{start}}).count() * 1'000'000 : start;
  const auto [place, is_new] = known_.try_emplace(label, static_cast<std::uint32_t>(labels_.size()));
  if (is_new) labels_.push_back(label);
  return place->second;
}

std::uint32_t bucket_numbers::seek(std::int64_t time) {
  if (!is_value(time)) return 0;
  const instant t{duration{time}};
  const instant start = buckets_.floor(t);
  const std::uint32_t number = number_of_bucket(start.time_since_epoch().count());
  const std::int64_t at = time >> shift_;
  if (!reach(at)) return number;
  // What of the slot is known now: the side of its change on which `time` lies. The other side is left to
  // the first time that lies there, so that only buckets with rows get a number.
  slot& here = slots_[static_cast<std::size_t>(at - first_)];
  const std::int64_t begin = at << shift_, end = begin + (std::int64_t{1} << shift_);
  const std::int64_t from = start.time_since_epoch().count();
  const std::int64_t to = buckets_.next(start).time_since_epoch().count();
  if (from <= begin && to >= end) {
    here = {begin, number, number};
  } else if (from <= begin) {
    if (here.change != to) here.after = unseen;  // a bucket so short that it lies within the slot
    here.change = to;
    here.before = number;
  } else if (to >= end) {
    if (here.change != from) here.before = unseen;
    here.change = from;
    here.after = number;
  }
  return number;
}

// Makes the table reach to a slot; false where it would become too long.
bool bucket_numbers::reach(std::int64_t at) {
  if (slots_.empty()) first_ = at;
  const auto size = static_cast<std::int64_t>(slots_.size());
  if (at >= first_ && at < first_ + size) return true;
  const std::int64_t least = std::min(at, first_), past = std::max(at + 1, first_ + size);
  if (past - least > static_cast<std::int64_t>(most_slots)) return false;
  const std::int64_t room = std::min(static_cast<std::int64_t>(most_slots) - (past - least),
                                     std::max(past - least, std::int64_t{64}));
  if (at < first_) {
    slots_.insert(slots_.begin(), static_cast<std::size_t>(first_ - least + room), slot{});
    first_ = least - room;
  } else {
    slots_.resize(static_cast<std::size_t>(past - least + room));
  }
  return true;
}

}  // namespace v0
}  // namespace cxmetrics
