// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_TEXT_NUMBER_HPP
#define CXMETRICS_SRC_ENGINE_TEXT_NUMBER_HPP

// Numbers and missing values as people write them, without locale.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cxmetrics::engine_detail {

constexpr std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == text.npos ? std::string_view{}
                            : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// A decimal number with a point or a comma, and with an exponent or without; absent for anything else, also
/// for inf and nan in letters, and for thousands separators.
inline std::optional<double> parse_real(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const std::size_t digit = !text.empty() && text.front() == '-' ? 1 : 0;
  if (digit >= text.size() ||
      !((text[digit] >= '0' && text[digit] <= '9') || text[digit] == '.' || text[digit] == ','))
    return std::nullopt;
  std::string with_point;
  if (text.find(',') != text.npos) {
    with_point = text;
    std::replace(with_point.begin(), with_point.end(), ',', '.');
    text = with_point;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "7", "+7", "7.0" and "7,00" are whole; "7.5", "7." and "7e0" are not.
inline std::optional<std::int64_t> parse_whole(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc{}) return std::nullopt;
  if (end == last) return value;
  if ((*end != '.' && *end != ',') || end + 1 == last) return std::nullopt;
  if (!std::all_of(end + 1, last, [](char c) { return c == '0'; })) return std::nullopt;
  return value;
}

/// The texts that mean "no answer", and the numbers that some of them are. A NaN means it where "NaN" is one
/// of them, or where the source of the column says so.
class missing_set {
 public:
  explicit missing_set(const std::vector<std::string>& texts, bool nan_is_missing = false)
      : texts_(texts), has_nan_(nan_is_missing) {
    for (const std::string& text : texts_) {
      sizes_ |= std::uint64_t{1} << std::min<std::size_t>(text.size(), 63);
      if (const auto number = parse_whole(text))
        numbers_.push_back(*number);
      else if (const auto real = parse_real(text))
        reals_.push_back(*real);
      has_nan_ = has_nan_ || text == "NaN";
    }
  }
  /// Of a trimmed text.
  [[nodiscard]] bool has(std::string_view text) const noexcept {
    if ((sizes_ >> std::min<std::size_t>(text.size(), 63) & 1) == 0) return false;
    return std::find(texts_.begin(), texts_.end(), text) != texts_.end();
  }
  [[nodiscard]] bool has(std::int64_t number) const noexcept {
    return !numbers_.empty() && std::find(numbers_.begin(), numbers_.end(), number) != numbers_.end();
  }
  /// Of a number with a fraction, or without.
  [[nodiscard]] bool has(double number) const noexcept {
    const auto is = [number](auto other) { return number == static_cast<double>(other); };
    return std::any_of(reals_.begin(), reals_.end(), is) || std::any_of(numbers_.begin(), numbers_.end(), is);
  }
  [[nodiscard]] bool has_nan() const noexcept { return has_nan_; }

 private:
  std::vector<std::string> texts_;
  std::vector<std::int64_t> numbers_;
  std::vector<double> reals_;  // those with a fraction, and whole ones that 64 bits do not hold
  bool has_nan_;
  std::uint64_t sizes_ = 0;
};

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_TEXT_NUMBER_HPP
