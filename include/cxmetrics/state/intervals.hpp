// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_INTERVALS_HPP
#define CXMETRICS_STATE_INTERVALS_HPP

#include <cstdint>
#include <optional>
#include <utility>

#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/share.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The probability that an interval holds the true value: a type, so that no bare number can be mistaken for
/// it. Range: 0.5 up to, but not including, 1. Below 0.5 it is refused ("looks like alpha: use level=0.95").
class confidence {
 public:
  constexpr confidence() = default;
  explicit confidence(double level);  ///< throws error outside the range
  [[nodiscard]] constexpr double level() const noexcept { return level_; }
  /// The two-sided normal quantile: 1.959963984540054 at 95 %.
  [[nodiscard]] double z() const;
  friend constexpr bool operator==(confidence, confidence) = default;

 private:
  double level_ = 0.95;
};

/// Wilson's score interval of a proportion, in per cent. Absent where n is 0.
/// Source: E. B. Wilson, JASA 22 (1927) 209; recommended by Brown, Cai and DasGupta, Statistical Science 16
/// (2001).
[[nodiscard]] std::optional<confidence_interval> wilson(share s, confidence c);

/// Which order statistics (1 .. n) bound the q-quantile with at least the confidence asked for; from the
/// binomial law of how many values lie below it, whatever the distribution. Absent where n is too small to
/// bound it on both sides, or above 2^53. Source: David and Nagaraja, Order Statistics, 3rd edition (2003),
/// section 7.1.
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> quantile_ranks(std::uint64_t n, double q,
                                                                                    confidence c);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_INTERVALS_HPP
