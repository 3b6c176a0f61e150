// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_TIME_CALENDAR_HPP
#define CXMETRICS_SRC_TIME_CALENDAR_HPP

// The one door to HowardHinnant date: the proleptic Gregorian calendar. Only the header-only part is used, so
// nothing is linked (docs/decisions/0003-zones.md).

#include <date/date.h>

#include <chrono>
#include <cstdint>
#include <limits>

namespace cxmetrics::time_detail {

inline constexpr std::int64_t second_us = 1'000'000;
inline constexpr std::int64_t day_us = 86'400 * second_us;
inline constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// Days since 1970-01-01 of a civil date; the date must exist.
constexpr std::int64_t day_number(int year, unsigned month, unsigned day) {
  return date::local_days{date::year{year} / date::month{month} / date::day{day}}.time_since_epoch().count();
}

constexpr date::year_month_day civil(std::int64_t day) {
  return date::year_month_day{date::local_days{date::days{static_cast<int>(day)}}};
}

}  // namespace cxmetrics::time_detail

#endif  // CXMETRICS_SRC_TIME_CALENDAR_HPP
