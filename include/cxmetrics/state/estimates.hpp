// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_ESTIMATES_HPP
#define CXMETRICS_STATE_ESTIMATES_HPP

#include <cstdint>
#include <optional>
#include <vector>

#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/share.hpp>

namespace cxmetrics {
inline namespace v0 {

// Estimates for comparisons, in the unit of the figure. Counts are real numbers: of weighted rows they are
// the effective ones. Absent, methods named, where there are no rows.

/// A share, in per cent: "adjusted_wald", with one row more that hits and one more that does not in each
/// sample (Agresti and Caffo, The American Statistician 54 (2000) 280), and "wald", whose variance is 0 when
/// all rows are alike.
[[nodiscard]] std::vector<estimate> estimates_of_share(double hits, double n);
[[nodiscard]] inline std::vector<estimate> estimates_of(share s) {
  return estimates_of_share(static_cast<double>(s.hits), static_cast<double>(s.n));
}

/// A share less another of the same rows, in points, as an NPS is: "adjusted_wald", with three quarters of a
/// row more on either side and one and a half between in each sample (MeasuringU, after Rocks, The American
/// Statistician 70 (2016)), and "wald".
[[nodiscard]] std::vector<estimate> estimates_of_net(double up, double down, double n);

/// A mean: "welch", with the variance of the mean, that of a row / n, and its n - 1 degrees of freedom. The
/// variance of a row is the sample's, with n - 1 below the line. Absent below two rows, which have none.
/// Source: Welch, Biometrika 34 (1947) 28.
[[nodiscard]] std::vector<estimate> estimates_of_mean(double mean, double variance_of_a_row, double n);

/// What a share divides by; absent where n is 0.
[[nodiscard]] inline figure denominator_of(share s) {
  return s.n == 0 ? figure() : figure(static_cast<double>(s.n));
}

/// Two ranks of n sorted values about the median, and how many standard errors of the median lie between
/// them.
struct rank_spread {
  std::uint64_t low, high;
  double errors;
  friend bool operator==(const rank_spread&, const rank_spread&) = default;
};

/// The ranks about (n + 1)/2 -+ sqrt(n), and from the binomial law the standard errors between them: whatever
/// the distribution. Absent below six rows, and above 2^53.
/// Source: Price and Bonett, Journal of Statistical Computation and Simulation 72 (2002) 119.
[[nodiscard]] std::optional<rank_spread> median_spread(std::uint64_t n);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_ESTIMATES_HPP
