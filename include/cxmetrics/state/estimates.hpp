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

/// What a share divides by; absent where n is 0.
[[nodiscard]] figure denominator_of(share s);

/// A share for comparisons, in per cent: "adjusted_wald", with one row more that hits and one more that does
/// not in each sample (Agresti and Caffo, The American Statistician 54 (2000) 280), and "wald". Absent where
/// n is 0. On one binomial sample Wald's variance is 0 when all rows are alike; the adjusted one never is.
[[nodiscard]] std::vector<estimate> estimates_of(share s);

/// A mean for comparisons: "welch", with the variance of the mean, s^2 / n, and its n - 1 degrees of freedom.
/// `mean` and `variance_of_a_row` (the sample's, with n - 1 below the line) are in the unit of the figure.
/// Absent below two rows, which have no variance. Source: Welch, Biometrika 34 (1947) 28.
[[nodiscard]] std::vector<estimate> estimates_of_mean(std::uint64_t n, double mean, double variance_of_a_row);

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
