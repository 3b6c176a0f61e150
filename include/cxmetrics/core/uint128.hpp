// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_UINT128_HPP
#define CXMETRICS_CORE_UINT128_HPP

#include <compare>
#include <cstdint>

namespace cxmetrics {
inline namespace v0 {

/// An unsigned 128-bit integer in two words: what sums and sums of squares are kept in, on every compiler
/// alike. Only what states need: sum, product of two words, order, and the nearest double.
struct uint128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend constexpr bool operator==(uint128, uint128) = default;
  friend constexpr std::strong_ordering operator<=>(uint128 a, uint128 b) noexcept {
    return a.high != b.high ? a.high <=> b.high : a.low <=> b.low;
  }
};

/// a + b into `sum`. True where the sum does not fit; `sum` is then what is left modulo 2^128.
[[nodiscard]] constexpr bool add_overflows(uint128 a, uint128 b, uint128& sum) noexcept {
  sum.low = a.low + b.low;
  const std::uint64_t carry = sum.low < a.low ? 1 : 0;
  const std::uint64_t high = a.high + b.high;
  sum.high = high + carry;
  return high < a.high || sum.high < high;
}

/// The full product of two words; never overflows.
[[nodiscard]] constexpr uint128 multiply(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t mask = 0xffffffff;
  const std::uint64_t a0 = a & mask, a1 = a >> 32, b0 = b & mask, b1 = b >> 32;
  const std::uint64_t middle = a1 * b0 + ((a0 * b0) >> 32);
  const std::uint64_t cross = a0 * b1 + (middle & mask);
  return {(cross << 32) | ((a0 * b0) & mask), a1 * b1 + (middle >> 32) + (cross >> 32)};
}

/// The value as a double: each word is rounded to nearest, so the error is below one unit in the last place.
[[nodiscard]] constexpr double to_double(uint128 x) noexcept {
  return static_cast<double>(x.high) * 18446744073709551616.0 + static_cast<double>(x.low);
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_UINT128_HPP
