// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SURVEY_RESPONSE_RATE_HPP
#define CXMETRICS_SURVEY_RESPONSE_RATE_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The share of invitations to a survey that were answered, in per cent: see `about`. Reads:
/// answered, 0 or 1, one row an invitation. Merge law: exact. Source: AAPOR, Standard Definitions, 10th
/// edition (2023), response rate 1, where every invitation reached somebody who could answer.
struct response_rate {
  static constexpr std::string_view name = "response_rate";
  static constexpr std::uint64_t version = 1;
  static constexpr description about{
      .what = "The share of invitations to a survey that were answered, in per cent.",
      .also_called = "answer rate",
      .not_to_be_confused_with =
          "a completion rate, which has the surveys begun below the line; answers of a window over sends of "
          "the same window, which belong to other people",
      .invalid = "neither answered nor not",
      .missing = "no answer to whether it was answered"};
  static constexpr bool value_is_code = true;  ///< 1 is answered
  using reads = columns<column<"answered", std::uint8_t>>;
  using state = counts<2>;

  friend constexpr bool operator==(const response_rate&, const response_rate&) = default;

  [[nodiscard]] constexpr std::uint8_t code(std::uint8_t answered) const noexcept {
    return answered <= 1 ? answered : reject::invalid;
  }
  [[nodiscard]] std::string complaint(std::uint8_t answered) const {
    return "answered is " + std::to_string(answered) + ", and neither 0 nor 1";
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept { return {.counted = s.total()}; }
  void encode(writer&) const {}
  [[nodiscard]] static response_rate decode(reader&) { return {}; }

  /// The figure with its counts, interval and ledger. Absent where nothing was sent.
  [[nodiscard]] result read(const state& s, const ledger& rows,
                            share_interval method = share_interval::wilson, confidence c = {}) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SURVEY_RESPONSE_RATE_HPP
