// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CONTACT_REPEAT_GROUPS_HPP
#define CXMETRICS_SRC_CONTACT_REPEAT_GROUPS_HPP

// Reads a part for every rule and any order of rows: all contacts of a customer are put together, as they
// entered, and each is compared with those around it.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "repeat_labels.hpp"

namespace cxmetrics::repeats_detail {

// Looks at the contacts of one customer, in the order of their entries.
template <class Row>
class customer_reader {
 public:
  explicit customer_reader(const repeat_rule& rule)
      : all_repeat_(!Row::is_tagged || rule.repeats.is_all()), is_chain_(rule.order == repeat_order::chain) {}

  template <class Sink>
  void operator()(const Row* first, const Row* last, Sink& sink) {
    if (!all_repeat_) {
      entries_.clear();
      for (const Row* r = first; r != last; ++r)
        if (r->has(is_repeat)) entries_.push_back(r->entered);
    }
    if (is_chain_) {
      clocks_.clear();
      for (const Row* r = first; r != last; ++r)
        if (r->has(is_first) && r->clock() != none) clocks_.push_back(r->clock());
      if (!std::is_sorted(clocks_.begin(), clocks_.end())) std::sort(clocks_.begin(), clocks_.end());
    }
    std::size_t seen = 0;  // repeats up to this row
    for (const Row* r = first; r != last; ++r) {
      neighbours n;
      const std::int64_t clock = r->clock();
      if (all_repeat_) {
        if (clock != none) look_at_rows(r, last, clock, n);
      } else {
        if (r->has(is_repeat)) ++seen;
        if (clock != none) look_at_entries(seen, clock, n);
      }
      if (is_chain_) {
        const auto later = std::lower_bound(clocks_.begin(), clocks_.end(), r->entered);
        if (later != clocks_.begin()) n.since = between(later[-1], r->entered);
      }
      sink(*r, n);
    }
  }

 private:
  static void look_at_rows(const Row* r, const Row* last, std::int64_t clock, neighbours& n) noexcept {
    const Row* next = r + 1;
    n.overlapped = next != last && next->entered <= clock;
    if (n.overlapped)
      next = std::upper_bound(next, last, clock, [](std::int64_t t, const Row& x) { return t < x.entered; });
    if (next != last) n.gap = between(clock, next->entered);
  }
  void look_at_entries(std::size_t seen, std::int64_t clock, neighbours& n) const noexcept {
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(seen);
    const auto next = std::upper_bound(begin, entries_.end(), clock);
    n.overlapped = next != begin;
    if (next != entries_.end()) n.gap = between(clock, *next);
  }

  bool all_repeat_, is_chain_;
  std::vector<std::int64_t> entries_;  // of what may be a repeat
  std::vector<std::int64_t> clocks_;   // of what may be a first, sorted
};

// By customer, then as they entered. Rows are moved stably: what entered together stays in the order of the
// source.
template <class Row>
bool before(const Row& a, const Row& b) noexcept {
  return a.hash != b.hash ? a.hash < b.hash : a.entered < b.entered;
}

// Many rows: their places are sorted, with the place itself as the last word.
template <class Row>
void sort_many(Row* first, Row* last) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(last - first));
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (before(first[a], first[b])) return true;
    return !before(first[b], first[a]) && a < b;
  });
  const std::vector<Row> moved(first, last);
  for (std::uint32_t place : order) *first++ = moved[place];
}

template <class Row>
void sort_rows(Row* first, Row* last) {
  if (last - first > 32) {
    if (!std::is_sorted(first, last, before<Row>)) sort_many(first, last);
    return;
  }
  if (first == last) return;  // of an empty vector, without an address that one could be added to
  for (Row* r = first + 1; r < last; ++r) {
    const Row moved = *r;
    Row* to = r;
    for (; to != first && before(moved, to[-1]); --to) *to = to[-1];
    *to = moved;
  }
}

template <class Row>
class group_reader {
 public:
  explicit group_reader(const repeat_rule& rule) : read_(rule) {}

  // Dealt by their hash into buckets of a few rows; what is then left to sort is almost always sorted
  // already.
  template <class Sink>
  void operator()(Row* rows, std::size_t size, Sink& sink) {
    if (size < 4) return read_sorted(rows, rows + size, sink);
    const int shift = 66 - static_cast<int>(std::bit_width(size));
    const std::size_t buckets = (never >> shift) + 1;
    begins_.assign(buckets + 1, 0);
    for (std::size_t i = 0; i < size; ++i) ++begins_[rows[i].hash >> shift];
    std::uint32_t sum = 0;
    for (std::uint32_t& begin : begins_) begin = sum += begin;
    if (dealt_.size() < size) dealt_.resize(size);
    for (std::size_t i = size; i-- > 0;) dealt_[--begins_[rows[i].hash >> shift]] = rows[i];  // from the last
    for (std::size_t b = 0; b < buckets; ++b)
      sort_rows(dealt_.data() + begins_[b], dealt_.data() + begins_[b + 1]);
    read_groups(dealt_.data(), dealt_.data() + size, sink);
  }
  template <class Sink>
  void read_sorted(Row* first, Row* last, Sink& sink) {
    sort_rows(first, last);
    read_groups(first, last, sink);
  }

 private:
  template <class Sink>
  void read_groups(const Row* first, const Row* last, Sink& sink) {
    while (first != last) {
      const Row* end = first + 1;
      while (end != last && end->hash == first->hash) ++end;
      read_(first, end, sink);
      first = end;
    }
  }

  customer_reader<Row> read_;
  std::vector<Row> dealt_;
  std::vector<std::uint32_t> begins_;
};

}  // namespace cxmetrics::repeats_detail

#endif  // CXMETRICS_SRC_CONTACT_REPEAT_GROUPS_HPP
