// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_DECIMAL_HPP
#define CXMETRICS_SRC_ENGINE_DECIMAL_HPP

// Arrow's decimals: two's complement of 4, 8, 16 or 32 bytes, little-endian, that counts units of 10^-scale.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace cxmetrics::engine_detail {

/// The value where it fits into 64 bits: whether it does.
inline bool decimal_fits(const std::byte* at, std::size_t width, std::int64_t& value) noexcept {
  if (width == 4) {
    std::int32_t narrow = 0;
    std::memcpy(&narrow, at, sizeof narrow);
    value = narrow;
    return true;
  }
  std::memcpy(&value, at, sizeof value);
  const std::byte sign = value < 0 ? std::byte{0xff} : std::byte{0};
  return std::all_of(at + sizeof value, at + std::max(width, sizeof value),
                     [sign](std::byte b) { return b == sign; });
}

/// All digits of it: "-12.50".
inline std::string decimal_text(const std::byte* at, std::size_t width, int scale) {
  std::array<std::uint32_t, 8> limbs{};  // the magnitude, its lowest 32 bits first
  const bool negative = (std::to_integer<unsigned>(at[width - 1]) & 0x80u) != 0;
  std::uint64_t carry = negative ? 1 : 0;
  for (std::size_t i = 0; i < width / 4; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, at + 4 * i, sizeof bits);
    carry += negative ? ~bits : bits;
    limbs[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  std::string digits;  // the lowest first
  while (std::any_of(limbs.begin(), limbs.end(), [](std::uint32_t limb) { return limb != 0; })) {
    std::uint64_t rest = 0;
    for (std::size_t i = limbs.size(); i-- > 0;) {
      rest = rest << 32 | limbs[i];
      limbs[i] = static_cast<std::uint32_t>(rest / 10);
      rest %= 10;
    }
    digits += static_cast<char>('0' + static_cast<int>(rest));
  }
  if (scale < 0 && !digits.empty()) digits.insert(0, static_cast<std::size_t>(-scale), '0');
  const auto places = static_cast<std::size_t>(std::max(scale, 0));
  if (digits.size() <= places) digits.append(places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(places, 1, '.');
  if (negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

/// The nearest double, but never a whole one of what has a fraction, nor 2^53 of what is beyond it: what is
/// refused of the decimal is refused of the double too.
inline double decimal_real(const std::byte* at, std::size_t width, int scale) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  constexpr std::int64_t small = std::int64_t{1} << 52;
  constexpr std::array<double, 16> powers{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                          1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  std::int64_t units = 0;
  if (scale >= 0 && scale < static_cast<int>(powers.size()) && decimal_fits(at, width, units) &&
      units > -small && units < small)
    return static_cast<double>(units) / powers[static_cast<std::size_t>(scale)];
  const std::string text = decimal_text(at, width, scale);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  const std::size_t point = text.find('.');
  const bool whole = point == text.npos || text.find_first_not_of('0', point + 1) == text.npos;
  const std::string_view digits(text.data(), std::min(point, text.size()));
  if (!whole && value == std::trunc(value))
    return std::abs(value) < exact / 2 ? std::nextafter(value, value < 0 ? -exact : exact)
                                       : std::numeric_limits<double>::infinity();
  if (whole && std::abs(value) == exact && digits.substr(digits.size() - 16) != "9007199254740992")
    return value < 0 ? -exact - 2 : exact + 2;
  return value;
}

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_DECIMAL_HPP
