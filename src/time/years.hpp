// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_TIME_YEARS_HPP
#define CXMETRICS_SRC_TIME_YEARS_HPP

#include <cxmetrics/core/error.hpp>
#include "calendar.hpp"

#include <cstdint>
#include <string>

namespace cxmetrics::time_detail {

/// The doors read the years 1 to 9999; everything else is refused where a civil time is asked for.
inline constexpr int first_year = 1;
inline constexpr int last_year = 9999;
inline constexpr std::int64_t first_us = day_number(first_year, 1, 1) * day_us;
inline constexpr std::int64_t past_us = day_number(last_year + 1, 1, 1) * day_us;

inline void check_years(std::int64_t microseconds, int first, int last) {
  if (microseconds >= day_number(first, 1, 1) * day_us && microseconds < day_number(last + 1, 1, 1) * day_us)
    return;
  throw unit_error("a time " + std::to_string(microseconds) +
                   " us from 1970 lies outside the years 1 to 9999: check the unit of its column");
}

}  // namespace cxmetrics::time_detail

#endif  // CXMETRICS_SRC_TIME_YEARS_HPP
