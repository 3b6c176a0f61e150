// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CONTACT_REPEAT_LABELS_HPP
#define CXMETRICS_SRC_CONTACT_REPEAT_LABELS_HPP

// The class of a contact from what the other contacts of its customer make of it, and where classes go.

#include <span>
#include <vector>

#include "repeat_rows.hpp"

namespace cxmetrics::repeats_detail {

// What the other contacts of the customer make of one, whatever the window.
struct neighbours {
  std::uint64_t gap = never;    ///< from its clock to the next entry of a repeat
  bool overlapped = false;      ///< one entered meanwhile
  std::uint64_t since = never;  ///< from the last clock of a first to its own entry
};

// The class within one window.
template <class Row>
followup label_of(const Row& r, const neighbours& n, const repeat_rule& rule, std::uint64_t window,
                  instant until) noexcept {
  if (!r.has(is_first)) return followup::ineligible;
  if (rule.order == repeat_order::chain && r.has(is_repeat) && n.since != never && n.since <= window)
    return followup::chained;
  const std::int64_t clock = r.clock();
  if (clock == none) return followup::open;
  if (instant_of(clock) > until || detail::elapsed(instant_of(clock), until) < window)
    return followup::pending;
  return matured{n.gap != never && n.gap <= window, n.overlapped, r.has(is_transferred),
                 r.has(is_unresolvable)}
      .label();
}

// Where classes go: one for each row.
struct each_row {
  const repeat_rule& rule;
  instant until;
  std::uint8_t* classes;

  template <class Row>
  void operator()(const Row& r, const neighbours& n) const noexcept {
    classes[r.row] = static_cast<std::uint8_t>(
        label_of(r, n, rule, static_cast<std::uint64_t>(rule.window.count()), until));
  }
};

// Or how many there are of each, for each window.
struct each_window {
  const repeat_rule& rule;
  instant until, since;
  std::span<const duration> windows;
  std::vector<repeat_counts> seen;

  template <class Row>
  void operator()(const Row& r, const neighbours& n) noexcept {
    for (std::size_t w = 0; w < windows.size(); ++w) {
      const auto window = static_cast<std::uint64_t>(windows[w].count());
      const auto label = static_cast<std::size_t>(label_of(r, n, rule, window, until));
      ++seen[w].of[label];
      if (label < matured_count && is_early(r.entered, window)) ++seen[w].left_unknown;
    }
  }

 private:
  [[nodiscard]] bool is_early(std::int64_t entered, std::uint64_t window) const noexcept {
    return instant_of(entered) < since || detail::elapsed(since, instant_of(entered)) < window;
  }
};

}  // namespace cxmetrics::repeats_detail

#endif  // CXMETRICS_SRC_CONTACT_REPEAT_LABELS_HPP
