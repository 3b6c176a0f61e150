// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CORE_NUMBER_TEXT_HPP
#define CXMETRICS_SRC_CORE_NUMBER_TEXT_HPP

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

namespace cxmetrics {
inline namespace v0 {

/// A number with a fixed count of decimals, whatever the locale; with_sign writes a plus too, and no "-0.0".
[[nodiscard]] inline std::string fixed_text(double x, int decimals, bool with_sign = false) {
  std::array<char, 400> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), x, std::chars_format::fixed, decimals);
  std::string text(buffer.data(), end.ptr);
  if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);
  if (with_sign && text.front() != '-') text.insert(0, 1, '+');
  return text;
}

/// The shortest text that reads back as the same number.
[[nodiscard]] inline std::string shortest_text(double x) {
  std::array<char, 64> buffer{};
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), x).ptr};
}

/// A count with commas between thousands.
[[nodiscard]] inline std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

/// A sum: whole ones as a count, others with three decimals.
[[nodiscard]] inline std::string amount_text(double x) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  const auto whole = static_cast<std::uint64_t>(x < exact ? x : 0);
  return x < exact && static_cast<double>(whole) == x ? count_text(whole) : fixed_text(x, 3);
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SRC_CORE_NUMBER_TEXT_HPP
