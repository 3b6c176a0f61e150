// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CONTACT_REPEAT_LATEST_HPP
#define CXMETRICS_SRC_CONTACT_REPEAT_LATEST_HPP

// Counts a part in the plain case, which most are: every contact may be a first and a repeat, nothing is
// chained, and the rows of a customer come as they entered. Then the latest contact of each customer is all
// there is to remember, in a table that fits the cache, and no row is moved again.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "repeat_groups.hpp"

namespace cxmetrics::repeats_detail {

// What is counted of contacts that none overlaps, within one window.
class plain_counts {
 public:
  plain_counts(duration window, instant since, instant until) noexcept
      : window_(static_cast<std::uint64_t>(window.count())) {
    constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
    const std::int64_t from = since.time_since_epoch().count(), to = until.time_since_epoch().count();
    latest_ = between(none, to) < window_ ? none : to - window.count();
    known_from_ = between(from, end) < window_ ? end : from + window.count();
  }
  void add(std::int64_t entered, std::int64_t clock, std::uint64_t gap) noexcept {
    const bool is_matured = clock <= latest_, is_repeated = gap <= window_;
    pending_ += !is_matured;
    repeated_ += is_matured & is_repeated;
    resolved_ += is_matured & !is_repeated;
    early_ += is_matured & (entered < known_from_);
  }
  void give(repeat_counts& to) noexcept {
    to.of[static_cast<std::size_t>(followup::pending)] += pending_;
    to.of[static_cast<std::size_t>(followup::repeat)] += repeated_;
    to.of[static_cast<std::size_t>(followup::resolved)] += resolved_;
    to.left_unknown += early_;
  }

 private:
  std::uint64_t window_;
  std::int64_t latest_;      // clock of a matured contact
  std::int64_t known_from_;  // before, a contact may be the repeat of one from before the data
  std::uint64_t pending_ = 0, repeated_ = 0, resolved_ = 0, early_ = 0;
};

// Customers whose contacts overlap are put aside, to be read in full; a part out of order is refused, and
// nothing of it is counted.
template <class Form>
class latest_reader {
 public:
  using row = typename Form::row;

  latest_reader(const Form& form, const repeat_rule& rule) : form_(form), read_aside_(rule) {}

  bool operator()(const row* rows, std::size_t size, each_window& sink) {
    constexpr int patience = 8;  // parts that may be refused before no more are tried
    if (refused_ == patience) return false;
    for (;;) {
      all_counts counts;
      for (duration window : sink.windows) counts.of.emplace_back(window, sink.since, sink.until);
      const ending how = counts.of.size() == 1 ? count(rows, rows + size, counts.of.front())
                                               : count(rows, rows + size, counts);
      if (how == ending::crowded) {
        --rows_a_place_;  // many customers of few contacts: later parts begin with more places
        continue;
      }
      if (how == ending::disorder) {
        ++refused_;
        return false;
      }
      for (std::size_t w = 0; w < counts.of.size(); ++w) {
        counts.of[w].give(sink.seen[w]);
        sink.seen[w].of[static_cast<std::size_t>(followup::open)] += open_;
      }
      read_aside_(aside_.data(), aside_.size(), sink);
      return true;
    }
  }

 private:
  enum class ending { counted, crowded, disorder };
  struct all_counts {
    std::vector<plain_counts> of;  // by window
    void add(std::int64_t entered, std::int64_t clock, std::uint64_t gap) noexcept {
      for (plain_counts& w : of) w.add(entered, clock, gap);
    }
  };

  template <class Counts>
  ending count(const row* first, const row* end, Counts& counts) {
    Counts seen = counts;  // that of one window stays in registers
    std::uint64_t open = 0;
    const Form form = form_;
    const int rows_bits = static_cast<int>(std::bit_width(static_cast<std::size_t>(end - first)));
    const int bits = std::min(form.key_bits(), std::max(2, rows_bits - rows_a_place_));
    latest_.assign(std::size_t{1} << bits, form.nobody());
    aside_at_.assign(latest_.size(), 0);
    aside_.clear();
    row* const latest = latest_.data();
    const std::size_t mask = latest_.size() - 1;
    std::size_t room = bits == form.key_bits() ? latest_.size() : latest_.size() * 3 / 4;
    const auto decide = [&](const row& r, std::uint64_t gap) {
      if (form.clock(r) == none)
        ++open;
      else
        seen.add(form.entered(r), form.clock(r), gap);
    };
    for (const row* r = first; r != end; ++r) {
      std::size_t at = form.home(*r, bits);
      while (!form.is_nobody(latest[at]) && !form.is_same(latest[at], *r)) at = (at + 1) & mask;
      const row& before = latest[at];
      if (form.is_nobody(before)) {
        if (room-- == 0) return ending::crowded;
      } else if (form.is_after(*r, before)) {
        decide(before, between(form.clock(before), form.entered(*r)));
      } else if (const std::uint32_t place = aside_at_[at]; place != 0) {
        if (form.entered(*r) < aside_[place - 1].entered) return ending::disorder;
        aside_.push_back(form.unpacked(*r));
        continue;
      } else if (form.entered(*r) < form.entered(before)) {
        return ending::disorder;
      } else if (form.clock(before) == none) {
        ++open;
      } else {
        aside_.push_back(form.unpacked(before));
        aside_at_[at] = static_cast<std::uint32_t>(aside_.size());
        aside_.push_back(form.unpacked(*r));
        latest[at] = form.last_of(before);
        continue;
      }
      latest[at] = *r;
    }
    for (std::size_t at = 0; at <= mask; ++at)
      if (!form.is_nobody(latest[at]) && aside_at_[at] == 0) decide(latest[at], never);
    counts = std::move(seen);
    open_ = open;
    return ending::counted;
  }

  Form form_;
  group_reader<typename Form::whole> read_aside_;
  int rows_a_place_ = 1;  // as a power of two
  int refused_ = 0;
  std::uint64_t open_ = 0;
  std::vector<row> latest_;                  // of each customer
  std::vector<std::uint32_t> aside_at_;      // by its place: 1 + where its first contact in aside_ is
  std::vector<typename Form::whole> aside_;  // all contacts of a customer, from the one that is overlapped on
};

}  // namespace cxmetrics::repeats_detail

#endif  // CXMETRICS_SRC_CONTACT_REPEAT_LATEST_HPP
