// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_INTERVALS_HPP
#define CXMETRICS_STATE_INTERVALS_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
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

/// How the interval of a share is computed; docs/metrics/csat.md has the exact coverage of each.
enum class share_interval : std::uint8_t {
  wilson,           ///< the score test inverted: covers as promised on average, at times less
  clopper_pearson,  ///< the binomial tails inverted: never covers less than promised, so it is wide
  jeffreys          ///< equal tails of the posterior of the prior Beta(1/2, 1/2)
};
/// The identifiers of the methods, in the order of the enumerators.
inline constexpr std::array<std::string_view, 3> share_interval_names{"wilson", "clopper_pearson",
                                                                      "jeffreys"};

/// The interval of a proportion by any of the methods, in per cent. Absent where n is 0.
/// Source: Wilson as above; C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404; Jeffreys' as Brown,
/// Cai and DasGupta, Statistical Science 16 (2001) 101, have it: from 0 where there is no hit, to 100 where
/// all are.
[[nodiscard]] std::optional<confidence_interval> interval_of(share s, share_interval method, confidence c);

/// Which order statistics (1 .. n) bound the q-quantile with at least the confidence asked for; from the
/// binomial law of how many values lie below it, whatever the distribution. Absent where n is too small to
/// bound it on both sides, or above 2^53. Source: David and Nagaraja, Order Statistics, 3rd edition (2003),
/// section 7.1.
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> quantile_ranks(std::uint64_t n, double q,
                                                                                    confidence c);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_INTERVALS_HPP
