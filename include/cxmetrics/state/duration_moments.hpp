// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_DURATION_MOMENTS_HPP
#define CXMETRICS_STATE_DURATION_MOMENTS_HPP

#include <cstdint>
#include <string_view>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/result.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Count, sum and sum of squares of durations, in whole microseconds and 128 bits: mean and variance without
/// any rounding until they are read. Range of a value: 0 .. max_duration. Merge law: exact. Bytes: 40.
/// Overflow: none before 2^36 rows of the longest duration; merging throws then.
struct duration_moments {
  static constexpr std::string_view merge_law = "exact";

  std::uint64_t n = 0;
  uint128 sum;
  uint128 sum_of_squares;

  friend constexpr bool operator==(const duration_moments&, const duration_moments&) = default;

  /// The value must lie in 0 .. max_duration: the metric has looked.
  constexpr void add(duration value) {
    const auto us = static_cast<std::uint64_t>(value.count());
    merge({1, {us, 0}, multiply(us, us)});
  }
  constexpr void merge(const duration_moments& other) {
    const duration_moments merged{checked_add(n, other.n), checked_add(sum, other.sum),
                                  checked_add(sum_of_squares, other.sum_of_squares)};
    *this = merged;
  }
  void encode(writer& w) const {
    w.put(n);
    w.put(sum);
    w.put(sum_of_squares);
  }
  [[nodiscard]] static duration_moments decode(reader& r) {
    duration_moments m;
    m.n = r.get();
    m.sum = r.get_uint128();
    m.sum_of_squares = r.get_uint128();
    const bool possible = m.n != 0
                              ? m.sum <= multiply(m.n, static_cast<std::uint64_t>(max_duration.count())) &&
                                    m.sum <= m.sum_of_squares
                              : m.sum == uint128{} && m.sum_of_squares == uint128{};
    if (!possible) throw state_error("state bytes hold sums that no durations have: they are damaged");
    return m;
  }

  /// The mean in seconds; absent where there is nothing.
  [[nodiscard]] figure mean_seconds() const noexcept {
    if (n == 0) return std::nullopt;
    return to_double(sum) / static_cast<double>(n) / 1e6;
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_DURATION_MOMENTS_HPP
