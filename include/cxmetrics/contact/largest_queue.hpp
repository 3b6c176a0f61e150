// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_LARGEST_QUEUE_HPP
#define CXMETRICS_CONTACT_LARGEST_QUEUE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/instant.hpp>

namespace cxmetrics {
inline namespace v0 {

/// How many contacts waited at once at most, and since when.
struct queue_peak {
  std::uint64_t contacts = 0;
  instant since{};
  friend constexpr bool operator==(const queue_peak&, const queue_peak&) = default;
};

/// The largest queue: the most contacts that waited at one instant, and the first instant at which that many
/// did. A contact waits from its entry up to, and not including, the instant at which it leaves; one that is
/// answered at once never waits. Rows without an entry or a wait are left out. Absent where nobody waited.
/// It is no state: the largest queue of two halves of a table is not the larger of their largest.
/// Errors: columns of different lengths: column_error. Cost: n log n; 16 bytes a row.
[[nodiscard]] inline std::optional<queue_peak> largest_queue(std::span<const std::int64_t> entered,
                                                             std::span<const std::int64_t> wait) {
  if (entered.size() != wait.size())
    throw column_error("the columns of one table have different lengths: give one value a row in each");
  std::vector<std::int64_t> in, out;
  for (std::size_t row = 0; row < entered.size(); ++row) {
    if (presence(entered[row]) != verdict::counted || presence(wait[row]) != verdict::counted) continue;
    if (wait[row] <= 0 || wait[row] > max_duration.count()) continue;
    in.push_back(entered[row]);
    out.push_back(entered[row] + wait[row]);
  }
  std::sort(in.begin(), in.end());
  std::sort(out.begin(), out.end());
  std::optional<queue_peak> peak;
  std::size_t left = 0;
  for (std::size_t come = 0; come < in.size();) {
    const std::int64_t now = in[come];
    while (come < in.size() && in[come] == now) ++come;
    while (out[left] <= now) ++left;  // whoever came last is still there
    if (!peak || come - left > peak->contacts) peak = {come - left, instant(duration(now))};
  }
  return peak;
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_LARGEST_QUEUE_HPP
