// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/duration_distribution.hpp>

#include <algorithm>
#include <cmath>

#include <cxmetrics/state/estimates.hpp>

namespace cxmetrics {
inline namespace v0 {

double duration_distribution::value_of_rank(std::uint64_t rank) const {
  const double us = log_histogram::middle_of(histogram.bucket_of_rank(rank));
  return std::min(us, static_cast<double>(longest.count())) / 1e6;
}

figure duration_distribution::quantile_seconds(double q) const {
  if (!(q >= 0 && q <= 1)) throw error("a quantile lies between 0 and 1: 0.9 for the 90th percentile");
  if (moments.n == 0) return std::nullopt;
  // The smallest rank with rank / n >= q: q n itself may round up past a whole number (0.07 * 100 > 7).
  const double n = static_cast<double>(moments.n);
  double rank = std::max(1.0, std::ceil(q * n));
  if (rank > 1 && (rank - 1) / n >= q) --rank;
  return value_of_rank(rank < n ? static_cast<std::uint64_t>(rank) : moments.n);
}

std::optional<confidence_interval> duration_distribution::quantile_interval(double q, confidence c) const {
  const auto ranks = quantile_ranks(moments.n, q, c);
  if (!ranks) return std::nullopt;
  return confidence_interval{value_of_rank(ranks->first), value_of_rank(ranks->second), c.level(),
                             "order_statistics"};
}

std::vector<estimate> duration_distribution::median_estimates() const {
  estimate e{.method = "order_statistics",
             .source = "Price and Bonett, Journal of Statistical Computation and Simulation 72 (2002) 119"};
  if (const auto spread = median_spread(moments.n)) {
    const double distance = value_of_rank(spread->high) - value_of_rank(spread->low);
    e.value = quantile_seconds(0.5);
    e.variance = std::pow(distance / spread->errors, 2);
  }
  return {e};
}

figure duration_distribution::percent_within(duration threshold) const {
  if (moments.n == 0) return std::nullopt;
  if (threshold.count() < 0) return 0.0;
  const std::uint32_t last =
      log_histogram::bucket_of(static_cast<std::uint64_t>(std::min(threshold, max_duration).count()));
  std::uint64_t within = 0;
  histogram.each([&](std::uint32_t bucket, std::uint64_t count) { within += bucket <= last ? count : 0; });
  return 100.0 * static_cast<double>(within) / static_cast<double>(moments.n);
}

}  // namespace v0
}  // namespace cxmetrics
