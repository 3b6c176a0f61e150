// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_TIME_OFFSET_TEXT_HPP
#define CXMETRICS_SRC_TIME_OFFSET_TEXT_HPP

#include "text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cxmetrics::time_detail {

/// Two digits at a position; nullopt where they are not, or are more than `most`.
constexpr std::optional<std::int32_t> two_digits(std::string_view text, std::size_t at,
                                                 std::int32_t most) noexcept {
  if (text.size() < at + 2 || !is_digit(text[at]) || !is_digit(text[at + 1])) return std::nullopt;
  const std::int32_t value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return value <= most ? std::optional(value) : std::nullopt;
}

/// Seconds east of UTC of "+02", "+0200", "+02:00" or "+00:19:32"; the whole text, or nullopt.
constexpr std::optional<std::int32_t> read_offset(std::string_view text) noexcept {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::size_t n = text.size();
  const bool colons = n > 3 && text[3] == ':';
  if (n != 3 && n != 5 && n != 6 && n != 9) return std::nullopt;
  if (colons != (n == 6 || n == 9) || (n == 9 && text[6] != ':')) return std::nullopt;
  const std::optional<std::int32_t> h = two_digits(text, 1, 23);
  const std::optional<std::int32_t> m = n == 3 ? 0 : two_digits(text, colons ? 4 : 3, 59);
  const std::optional<std::int32_t> s = n == 9 ? two_digits(text, 7, 59) : 0;
  if (!h || !m || !s) return std::nullopt;
  const std::int32_t seconds = (*h * 60 + *m) * 60 + *s;
  return text[0] == '-' ? -seconds : seconds;
}

/// "+02:00"; with seconds, "+00:19:32", only where there are some.
inline std::string offset_text(std::int32_t seconds) {
  const std::uint32_t size = static_cast<std::uint32_t>(seconds < 0 ? -seconds : seconds);
  std::string text = (seconds < 0 ? "-" : "+") + padded(size / 3600, 2) + ":" + padded(size / 60 % 60, 2);
  if (size % 60 != 0) text += ":" + padded(size % 60, 2);
  return text;
}

}  // namespace cxmetrics::time_detail

#endif  // CXMETRICS_SRC_TIME_OFFSET_TEXT_HPP
