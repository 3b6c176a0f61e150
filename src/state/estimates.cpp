// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/estimates.hpp>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>

namespace cxmetrics {
inline namespace v0 {

figure denominator_of(share s) {
  if (s.n == 0) return std::nullopt;
  return static_cast<double>(s.n);
}

std::vector<estimate> estimates_of(share s) {
  estimate adjusted{.method = "adjusted_wald",
                    .source = "Agresti and Caffo, The American Statistician 54 (2000) 280"};
  estimate wald{.method = "wald", .source = "difference / root of the summed variances"};
  if (s.n != 0) {
    const auto fill = [](estimate& e, double hits, double n) {
      const double p = hits / n;
      e.value = 100 * p;
      e.variance = 1e4 * p * (1 - p) / n;
    };
    const double hits = static_cast<double>(s.hits), n = static_cast<double>(s.n);
    fill(adjusted, hits + 1, n + 2);
    fill(wald, hits, n);
  }
  return {adjusted, wald};
}

std::vector<estimate> estimates_of_mean(std::uint64_t n, double mean, double variance_of_a_row) {
  estimate welch{.method = "welch", .source = "Welch, Biometrika 34 (1947) 28"};
  if (n >= 2) {
    welch.value = mean;
    welch.variance = variance_of_a_row / static_cast<double>(n);
    welch.freedom = static_cast<double>(n - 1);
  }
  return {welch};
}

// The values of ranks c and n + 1 - c hold the median between them unless fewer than c values lie on one side
// of it, which has the probability a = 2 P(B < c) with B binomial (n, 1/2). Were the median's estimator
// normal, an interval of that error would be 2 z wide, z the two-sided normal quantile of 1 - a.
std::optional<rank_spread> median_spread(std::uint64_t n) {
  constexpr std::uint64_t countable = std::uint64_t{1} << 53;
  if (n < 6 || n > countable) return std::nullopt;
  const double rows = static_cast<double>(n);
  const double c = std::max(1.0, std::round((rows + 1) / 2 - std::sqrt(rows)));
  const double outside = 2 * boost::math::cdf(boost::math::binomial_distribution<double>(rows, 0.5), c - 1);
  const double z = std::sqrt(2.0) * boost::math::erfc_inv(outside);
  const auto low = static_cast<std::uint64_t>(c);
  return rank_spread{low, n + 1 - low, 2 * z};
}

}  // namespace v0
}  // namespace cxmetrics
