// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_INSTANT_HPP
#define CXMETRICS_CORE_INSTANT_HPP

#include <chrono>
#include <cstdint>

namespace cxmetrics {
inline namespace v0 {

/// An instant: microseconds since 1970-01-01 00:00 UTC, leap seconds not counted.
/// Range: the years 1 to 9999 are read at the doors; arithmetic is that of int64. Finer input is floored.
using instant = std::chrono::sys_time<std::chrono::microseconds>;

/// A length of time in microseconds. In states it lies in 0 .. max_duration unless a metric says otherwise.
using duration = std::chrono::microseconds;

/// The longest duration a state accepts: 2^46 us, 2.2 years. Longer ones are invalid rows.
inline constexpr duration max_duration{std::int64_t{1} << 46};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_INSTANT_HPP
