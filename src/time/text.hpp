// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_TIME_TEXT_HPP
#define CXMETRICS_SRC_TIME_TEXT_HPP

// Small helpers for reading and showing text, without locale.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cxmetrics::time_detail {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

inline std::string digits(std::uint64_t value) {
  char buffer[20];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

/// Digits with leading zeros, at least `width` of them.
inline std::string padded(std::uint64_t value, std::size_t width) {
  const std::string text = digits(value);
  return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
}

}  // namespace cxmetrics::time_detail

#endif  // CXMETRICS_SRC_TIME_TEXT_HPP
