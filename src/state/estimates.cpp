// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/estimates.hpp>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <string_view>

namespace cxmetrics {
inline namespace v0 {

namespace {

constexpr std::string_view plain = "difference / root of the summed variances";

// One row is worth +1, 0 or -1: the variance of up - down is up + down - (up - down)^2 in shares.
void fill(estimate& e, double up, double down, double n) {
  if (!(n > 0)) return;
  const double p = up / n, d = down / n;
  e.value = 100 * (p - d);
  e.variance = 1e4 * std::max(0.0, p + d - (p - d) * (p - d)) / n;
}

}  // namespace

std::vector<estimate> estimates_of_share(double hits, double n) {
  estimate adjusted{.method = "adjusted_wald",
                    .source = "Agresti and Caffo, The American Statistician 54 (2000) 280"};
  estimate wald{.method = "wald", .source = plain};
  if (n > 0) fill(adjusted, hits + 1, 0, n + 2);
  fill(wald, hits, 0, n);
  return {adjusted, wald};
}

std::vector<estimate> estimates_of_net(double up, double down, double n) {
  estimate adjusted{.method = "adjusted_wald",
                    .source = "MeasuringU, after Rocks, The American Statistician 70 (2016)"};
  estimate wald{.method = "wald", .source = plain};
  if (n > 0) fill(adjusted, up + 0.75, down + 0.75, n + 3);
  fill(wald, up, down, n);
  return {adjusted, wald};
}

std::vector<estimate> estimates_of_mean(double mean, double variance_of_a_row, double n) {
  estimate welch{.method = "welch", .source = "Welch, Biometrika 34 (1947) 28"};
  if (n >= 2) {
    welch.value = mean;
    welch.variance = variance_of_a_row / n;
    welch.freedom = n - 1;
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
