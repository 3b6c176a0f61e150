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
  std::vector<std::int64_t> customer, entered, ended;

  void add(const world& other, std::size_t row) {
    customer.push_back(other.customer[row]);
    entered.push_back(other.entered[row]);
    ended.push_back(other.ended[row]);
  }
};

inline std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

/// Few customers in little time, so that contacts overlap, enter together and touch the edges of windows;
/// some are unknown, some without an end, some long. With `impossible`, some end before they enter.
inline world any_world(std::mt19937_64& random, bool impossible = true) {
  world w;
  const std::int64_t rows = pick(random, 0, 40), customers = pick(random, 1, 6), span = pick(random, 1, 60);
  const std::int64_t longest = pick(random, 0, 30);
  constexpr std::int64_t none = absent<std::int64_t>::missing;
  for (std::int64_t i = 0; i < rows; ++i) {
    w.customer.push_back(pick(random, 0, 9) == 0 ? none : pick(random, 1, customers));
    w.entered.push_back(pick(random, 0, span));
    const std::int64_t length = pick(random, impossible && pick(random, 0, 9) == 0 ? -3 : 0, longest);
    w.ended.push_back(pick(random, 0, 9) == 0 ? none : w.entered.back() + length);
  }
  return w;
}

inline repeat_rule any_rule(std::mt19937_64& random) {
  return {duration(pick(random, 0, 12)),
          pick(random, 0, 1) == 0 ? repeat_clock::ended : repeat_clock::entered};
}

inline std::int64_t any_until(std::mt19937_64& random, const world& w) {
  std::int64_t last = 0;
  for (std::int64_t entered : w.entered) last = std::max(last, entered);
  return pick(random, 0, 3) == 0 ? pick(random, -5, last + 40) : last;
}

inline std::vector<std::uint8_t> brute_force(const world& w, const repeat_rule& rule, std::int64_t until) {
  constexpr std::int64_t none = absent<std::int64_t>::missing;
  const bool by_end = rule.clock == repeat_clock::ended;
  const auto is_contact = [&](std::size_t i) {
    return w.customer[i] != none && !(by_end && w.ended[i] != none && w.ended[i] < w.entered[i]);
  };
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < w.customer.size(); ++i) {
    if (!is_contact(i)) {
      out.push_back(w.customer[i] == none ? reject::missing : reject::invalid);
      continue;
    }
    followup after = followup::pending;
    const std::int64_t clock = by_end ? w.ended[i] : w.entered[i];
    if (clock == none) {
      after = followup::open;
    } else if (clock + rule.window.count() <= until) {
      bool repeated = false, overlapped = false;
      for (std::size_t j = 0; j < w.customer.size(); ++j) {
        if (j == i || !is_contact(j) || w.customer[j] != w.customer[i]) continue;
        repeated = repeated || (w.entered[j] > clock && w.entered[j] <= clock + rule.window.count());
        const bool enters_later = w.entered[j] > w.entered[i] || (w.entered[j] == w.entered[i] && j > i);
        overlapped = overlapped || (enters_later && w.entered[j] <= clock);
      }
      after = repeated ? (overlapped ? followup::repeat_overlapped : followup::repeat)
                       : (overlapped ? followup::resolved_overlapped : followup::resolved);
    }
    out.push_back(static_cast<std::uint8_t>(after));
  }
  return out;
}

}  // namespace repeat_worlds

#endif  // CXMETRICS_TESTS_UNIT_CONTACT_REPEAT_WORLDS_HPP
