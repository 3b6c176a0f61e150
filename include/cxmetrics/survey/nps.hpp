// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SURVEY_NPS_HPP
#define CXMETRICS_SURVEY_NPS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>
#include <cxmetrics/state/weighted_counts.hpp>
#include <cxmetrics/survey/scale.hpp>

namespace cxmetrics {
inline namespace v0 {

/// How the interval of an NPS is computed; docs/metrics/nps.md has the exact coverage of each.
enum class nps_interval : std::uint8_t {
  adjusted_wald,  ///< +3: three quarters to promoters and detractors, one and a half to passives; Rocks 2016
  score,          ///< Tango 1998: the score test for a difference of paired proportions, inverted
  wald            ///< for comparison with older figures; of zero width when all answers are alike
};

/// Net Promoter Score, in points -100 .. 100: see `about`. Reads: score, 0 .. 10; anything else is invalid.
/// All eleven scores are kept. Merge law: exact.
/// Source: F. Reichheld, Harvard Business Review, December 2003.
struct nps {
  static constexpr std::string_view name = "nps";
  static constexpr std::uint64_t version = 1;
  static constexpr description about{
      .what =
          "The share of promoters (9, 10) minus the share of detractors (0 to 6) among the answers to \"how "
          "likely are you to recommend us?\", in points from -100 to 100.",
      .also_called = "recommendation score",
      .not_to_be_confused_with = "a mean score; an NPS computed from a 1-5, 1-7 or 1-10 scale",
      .excluded = "of weight 0",
      .invalid = "no whole number from 0 to 10",
      .missing = "not answered"};
  static constexpr bool value_is_code = true;  ///< a score is its own class
  using reads = columns<column<"score", std::int8_t>>;
  using state = counts<11>;

  friend constexpr bool operator==(const nps&, const nps&) = default;

  [[nodiscard]] static constexpr survey_scale range() noexcept { return {0, 10}; }
  [[nodiscard]] constexpr std::uint8_t code(std::int8_t score) const noexcept { return range().code(score); }
  [[nodiscard]] constexpr bool is_plain(std::int8_t score) const noexcept { return range().has(score); }
  [[nodiscard]] static constexpr std::uint8_t plain_code(std::int8_t score) noexcept {
    return static_cast<std::uint8_t>(score);
  }
  [[nodiscard]] std::string complaint(std::int8_t score) const { return range().complaint(score); }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept { return {.counted = s.total()}; }
  void encode(writer&) const {}
  [[nodiscard]] static nps decode(reader&) { return {}; }

  /// The figure with its counts, interval and ledger; of plain answers and of weighted ones, whose adjusted
  /// interval adds its three to the effective size. Absent value and interval where there is no answer.
  [[nodiscard]] result read(const state& s, const ledger& rows,
                            nps_interval method = nps_interval::adjusted_wald, confidence c = {}) const;
  [[nodiscard]] result read(const weighted_counts<11>& s, const ledger& rows,
                            nps_interval method = nps_interval::adjusted_wald, confidence c = {}) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SURVEY_NPS_HPP
