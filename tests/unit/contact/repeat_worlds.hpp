// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_UNIT_CONTACT_REPEAT_WORLDS_HPP
#define CXMETRICS_TESTS_UNIT_CONTACT_REPEAT_WORLDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <cxmetrics/contact/repeats.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>

/// Small random worlds of contacts, and the definition of a repeat applied to every pair of them.
namespace repeat_worlds {

using namespace cxmetrics;

struct world {
  std::vector<std::int64_t> customer{}, entered{}, ended{}, reason{};
  std::vector<std::uint8_t> outcome{}, transferred{}, unresolvable{};

  void add(const world& other, std::size_t row) {
    customer.push_back(other.customer[row]);
    entered.push_back(other.entered[row]);
    ended.push_back(other.ended[row]);
    if (other.reason.empty()) return;
    reason.push_back(other.reason[row]);
    outcome.push_back(other.outcome[row]);
    transferred.push_back(other.transferred[row]);
    unresolvable.push_back(other.unresolvable[row]);
  }
  [[nodiscard]] repeat_columns columns() const {
    return {customer, entered, ended, reason, outcome, transferred, unresolvable};
  }
};

inline std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

/// Few customers in little time, so that contacts overlap, enter together and touch the edges of windows;
/// some are unknown, some without an end or a reason, some long. With `impossible`, some end before they
/// enter, and some outcomes are none.
inline world any_world(std::mt19937_64& random, bool impossible = true) {
  world w;
  const std::int64_t rows = pick(random, 0, 40), customers = pick(random, 1, 6), span = pick(random, 1, 60);
  const std::int64_t longest = pick(random, 0, 30), reasons = pick(random, 1, 3);
  constexpr std::int64_t none = absent<std::int64_t>::missing;
  for (std::int64_t i = 0; i < rows; ++i) {
    w.customer.push_back(pick(random, 0, 9) == 0 ? none : pick(random, 1, customers));
    w.entered.push_back(pick(random, 0, span));
    const std::int64_t length = pick(random, impossible && pick(random, 0, 9) == 0 ? -3 : 0, longest);
    w.ended.push_back(pick(random, 0, 9) == 0 ? none : w.entered.back() + length);
    w.reason.push_back(pick(random, 0, 9) == 0 ? none : pick(random, 1, reasons));
    w.outcome.push_back(static_cast<std::uint8_t>(
        impossible && pick(random, 0, 9) == 0 ? pick(random, 253, 255) : pick(random, 0, 2)));
    w.transferred.push_back(pick(random, 0, 3) == 0);
    w.unresolvable.push_back(pick(random, 0, 3) == 0);
  }
  return w;
}

/// Every rule that the worlds can tell apart.
inline repeat_rule any_rule(std::mt19937_64& random) {
  repeat_rule rule{duration(pick(random, 0, 12)),
                   pick(random, 0, 1) == 0 ? repeat_clock::ended : repeat_clock::entered};
  rule.order = pick(random, 0, 1) == 0 ? repeat_order::rolling : repeat_order::chain;
  rule.reason = static_cast<reason_match>(pick(random, 0, 2));
  if (pick(random, 0, 1) == 0) rule.first = {outcome::answered};
  if (pick(random, 0, 1) == 0) rule.repeats = {outcome::answered, outcome::abandoned};
  return rule;
}

inline std::int64_t any_until(std::mt19937_64& random, const world& w) {
  std::int64_t last = 0;
  for (std::int64_t entered : w.entered) last = std::max(last, entered);
  return pick(random, 0, 3) == 0 ? pick(random, -5, last + 40) : last;
}

/// The definition, word for word: every pair of contacts is looked at.
inline std::vector<std::uint8_t> brute_force(const world& w, const repeat_rule& rule, std::int64_t until) {
  constexpr std::int64_t none = absent<std::int64_t>::missing;
  const bool by_end = rule.clock == repeat_clock::ended, by_reason = rule.reason != reason_match::none;
  const std::size_t rows = w.customer.size();
  const auto is_in = [&](const outcome_set& set, std::size_t i) {
    return set.is_all() || (w.outcome[i] < outcome_codes && set.has(static_cast<outcome>(w.outcome[i])));
  };
  const auto standing = [&](std::size_t i) -> std::uint8_t {
    if (!w.outcome.empty() && w.outcome[i] == reject::excluded) return reject::excluded;
    if (w.customer[i] == none) return reject::missing;
    if (by_end && w.ended[i] != none && w.ended[i] < w.entered[i]) return reject::invalid;
    if (by_reason && w.reason[i] == none) return static_cast<std::uint8_t>(followup::without_reason);
    return 0;
  };
  const auto clock_of = [&](std::size_t i) { return by_end ? w.ended[i] : w.entered[i]; };
  const auto may_meet = [&](std::size_t i, std::size_t j) {
    return i != j && standing(i) == 0 && standing(j) == 0 && w.customer[i] == w.customer[j] &&
           (!by_reason || w.reason[i] == w.reason[j]);
  };
  // Whether `later` is a repeat of `first`.
  const auto is_repeat = [&](std::size_t first, std::size_t later) {
    const std::int64_t clock = clock_of(first);
    return may_meet(first, later) && is_in(rule.first, first) && is_in(rule.repeats, later) &&
           clock != none && w.entered[later] > clock && w.entered[later] <= clock + rule.window.count();
  };
  std::vector<std::uint8_t> out(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    if (out[i] = standing(i); out[i] != 0) continue;
    bool repeats_another = false, repeated = false, overlapped = false;
    for (std::size_t j = 0; j < rows; ++j) {
      repeats_another = repeats_another || is_repeat(j, i);
      repeated = repeated || is_repeat(i, j);
      const bool enters_later = w.entered[j] > w.entered[i] || (w.entered[j] == w.entered[i] && j > i);
      overlapped = overlapped ||
                   (may_meet(i, j) && is_in(rule.repeats, j) && enters_later && w.entered[j] <= clock_of(i));
    }
    followup after = followup::pending;
    if (!is_in(rule.first, i))
      after = followup::ineligible;
    else if (rule.order == repeat_order::chain && repeats_another)
      after = followup::chained;
    else if (clock_of(i) == none)
      after = followup::open;
    else if (clock_of(i) + rule.window.count() <= until)
      after = matured{repeated, overlapped, w.transferred[i] == 1, w.unresolvable[i] == 1}.label();
    out[i] = static_cast<std::uint8_t>(after);
  }
  return out;
}

}  // namespace repeat_worlds

#endif  // CXMETRICS_TESTS_UNIT_CONTACT_REPEAT_WORLDS_HPP
