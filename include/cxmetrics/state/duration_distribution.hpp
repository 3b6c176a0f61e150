// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_DURATION_DISTRIBUTION_HPP
#define CXMETRICS_STATE_DURATION_DISTRIBUTION_HPP

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/duration_moments.hpp>
#include <cxmetrics/state/intervals.hpp>
#include <cxmetrics/state/log_histogram.hpp>

namespace cxmetrics {
inline namespace v0 {

/// How long things took: exact count, mean and longest, and quantiles to within 1/128.
/// Merge law: exact. Bytes: 64 empty, about 2 kB for waits of a second to an hour.
struct duration_distribution {
  static constexpr std::string_view merge_law = "exact";

  duration_moments moments;
  log_histogram histogram;
  duration longest{};

  friend bool operator==(const duration_distribution&, const duration_distribution&) = default;

  /// The value must lie in 0 .. max_duration: the metric has looked.
  void add(duration value) {
    moments.add(value);
    histogram.add(value);
    longest = std::max(longest, value);
  }
  void merge(const duration_distribution& other) {
    duration_moments sums = moments;
    sums.merge(other.moments);
    histogram.merge(other.histogram);
    moments = sums;
    longest = std::max(longest, other.longest);
  }
  void encode(writer& w) const {
    moments.encode(w);
    histogram.encode(w);
    w.put_signed(longest.count());
  }
  [[nodiscard]] static duration_distribution decode(reader& r) {
    duration_distribution d;
    d.moments = duration_moments::decode(r);
    d.histogram = log_histogram::decode(r);
    d.longest = duration(r.get_signed());
    if (d.histogram.total() != d.moments.n || d.longest.count() < 0 || d.longest > max_duration ||
        d.histogram.last_in_use() != log_histogram::bucket_of(static_cast<std::uint64_t>(d.longest.count())))
      throw state_error("state bytes hold a distribution that does not agree with itself: they are damaged");
    return d;
  }

  /// The value in seconds below which the share q of the values lies; absent where there is nothing.
  /// The q-quantile is the ceil(q n)-th value; its bucket's middle is returned, never more than the longest.
  [[nodiscard]] figure quantile_seconds(double q) const;
  /// Confidence interval of the same, from order statistics.
  [[nodiscard]] std::optional<confidence_interval> quantile_interval(double q, confidence c) const;
  /// For comparing medians: the variance of the median from the distance of two of the sorted values.
  /// Absent, method named, below six values, where no two of them bound the median at 95 %.
  /// Source: Price and Bonett, Journal of Statistical Computation and Simulation 72 (2002) 119.
  [[nodiscard]] std::vector<estimate> median_estimates() const;
  /// The share of values up to a threshold, in per cent; a value in the threshold's own bucket counts as
  /// within: exact for whole seconds up to a minute, beyond as if the threshold were less than 1/64 longer.
  [[nodiscard]] figure percent_within(duration threshold) const;

 private:
  [[nodiscard]] double value_of_rank(std::uint64_t rank) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_DURATION_DISTRIBUTION_HPP
