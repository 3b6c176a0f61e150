// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_TIME_UNIT_HPP
#define CXMETRICS_SRC_ENGINE_TIME_UNIT_HPP

// Whole numbers of a unit as whole microseconds.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "cxmetrics/core/error.hpp"
#include "cxmetrics/engine/input_column.hpp"

namespace cxmetrics::engine_detail {

enum class rounding : bool { down, up };

/// numpy's NaT, which pandas writes into Arrow arrays too.
inline constexpr std::int64_t not_a_time = std::numeric_limits<std::int64_t>::min();

/// Absent on overflow.
inline std::optional<std::int64_t> to_microseconds(std::int64_t value, const column_type& type,
                                                   rounding way) noexcept {
  std::int64_t scaled = 0;
  if (__builtin_mul_overflow(value, type.numerator, &scaled)) return std::nullopt;
  const std::int64_t quotient = scaled / type.denominator;
  const std::int64_t rest = scaled % type.denominator;
  if (rest == 0) return quotient;
  if (way == rounding::down) return rest < 0 ? quotient - 1 : quotient;
  return rest > 0 ? quotient + 1 : quotient;
}

/// Whether an instant lies in the years 1 to 9999.
inline constexpr std::int64_t first_civil = -62'135'596'800'000'000, end_civil = 253'402'300'800'000'000;
constexpr bool is_civil(std::int64_t microseconds) noexcept {
  return microseconds >= first_civil && microseconds < end_civil;
}

/// Microseconds in "s", "ms" or "us"; 0 for no unit.
inline std::int64_t unit_microseconds(std::string_view unit) {
  if (unit.empty()) return 0;
  if (unit == "s") return 1'000'000;
  if (unit == "ms") return 1'000;
  if (unit == "us") return 1;
  throw unit_error("unit \"" + std::string(unit) + R"(" is unknown: write "s", "ms" or "us")");
}

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_TIME_UNIT_HPP
