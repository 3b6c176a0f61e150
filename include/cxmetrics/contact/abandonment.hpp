// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_ABANDONMENT_HPP
#define CXMETRICS_CONTACT_ABANDONMENT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The share of offered contacts whose customer left before an answer, in per cent.
/// Also called: abandonment rate, lost calls. Not to be confused with: not answered, which also holds
/// time-outs, exits by key and callbacks; nor with Asterisk's own counter, which adds several of those.
/// Reads: outcome. Contacts still waiting are pending. Merge law: exact.
/// Source: docs/metrics/abandonment.md names the denominators of the systems read.
struct abandonment {
  static constexpr std::string_view name = "abandonment";
  static constexpr std::uint64_t version = 1;
  using reads = columns<column<"outcome", std::uint8_t>>;
  using state = counts<outcome_count>;

  friend constexpr bool operator==(const abandonment&, const abandonment&) = default;

  /// `unanswered` is invalid here: whoever was not answered has not necessarily left.
  [[nodiscard]] constexpr std::uint8_t code(std::uint8_t how) const noexcept {
    return how < outcome_count ? how : reject::invalid;
  }
  [[nodiscard]] std::string complaint(std::uint8_t how) const {
    if (how == static_cast<std::uint8_t>(outcome::unanswered))
      return "not answered is not abandoned: abandonment needs a column of outcomes, a yes or no is not "
             "enough";
    return "outcome " + std::to_string(how) + " does not exist";
  }
  [[nodiscard]] static constexpr std::uint64_t count(const state& s, outcome o) noexcept {
    return s.of[static_cast<std::size_t>(o)];
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    const std::uint64_t pending = count(s, outcome::unfinished);
    return {.counted = s.total() - pending, .pending = pending};
  }
  void encode(writer&) const {}
  [[nodiscard]] static abandonment decode(reader&) { return {}; }

  /// The figure with its counts, Wilson interval and ledger. Absent where nothing was offered.
  [[nodiscard]] result read(const state& s, const ledger& rows, confidence c = {},
                            share_interval method = share_interval::wilson) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_ABANDONMENT_HPP
