// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_KEY_MEANING_HPP
#define CXMETRICS_SRC_ENGINE_KEY_MEANING_HPP

// What a value means as a key.

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "cxmetrics/engine/key_codes.hpp"
#include "text_number.hpp"

namespace cxmetrics::engine_detail {

// 3.27E+11: what a spreadsheet makes of a long number. A plain word with an e in it is none.
inline bool is_scientific(std::string_view text) {
  const char first = text.empty() ? 'e' : text.front();
  const bool may_be_number =
      (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.' || first == ',';
  return may_be_number && text.find_first_of("eE") != text.npos && parse_real(text).has_value();
}

// A number as its decimal digits.
class decimal_digits {
 public:
  explicit decimal_digits(std::uint64_t value) noexcept
      : end_(std::to_chars(digits_.data(), digits_.data() + digits_.size(), value).ptr) {}
  [[nodiscard]] std::string_view text() const noexcept {
    return {digits_.data(), static_cast<std::size_t>(end_ - digits_.data())};
  }

 private:
  std::array<char, 20> digits_;
  const char* end_;
};

class key_meaning {
 public:
  static constexpr std::int32_t key = 0, missing = key_codes::missing, invalid = key_codes::invalid;
  static constexpr std::int32_t wide = 1;  // a key that 64 bits with a sign do not hold: the same bits

  key_meaning(const column_type& type, const key_rules& rules)
      : identify_(rules.identify),
        placeholders_(rules.identify && rules.placeholders),
        missing_(rules.missing, type.nan_is_missing) {}

  // Each says whether a value is a key, and which number it then is.
  std::int32_t operator()(std::int64_t value, std::int64_t& number) const noexcept {
    if (missing_.has(value) || (placeholders_ && (value == 0 || value == -1))) return missing;
    number = value;
    return key;
  }
  std::int32_t operator()(std::uint64_t value, std::int64_t& number) const noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    number = static_cast<std::int64_t>(value);
    return value <= most ? (*this)(number, number) : digits(decimal_digits(value).text());
  }
  std::int32_t operator()(double value, std::int64_t& number) const noexcept {
    if (std::isnan(value)) return missing_.has_nan() ? missing : invalid;
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (value != std::trunc(value) || std::abs(value) > exact) return missing_.has(value) ? missing : invalid;
    return (*this)(static_cast<std::int64_t>(value), number);
  }
  // Of a number by its digits, which 64 bits do not hold.
  [[nodiscard]] std::int32_t digits(std::string_view text) const noexcept {
    return missing_.has(text) ? missing : wide;
  }
  // Of a trimmed text.
  [[nodiscard]] std::int32_t operator()(std::string_view text) const {
    if (missing_.has(text) || (placeholders_ && is_placeholder(text))) return missing;
    return identify_ && is_scientific(text) ? invalid : key;
  }

 private:
  static bool is_placeholder(std::string_view text) {
    if (text.empty() || text == "0" || text == "-1" || text == "?") return true;
    if (text.size() != 7 && text.size() != 9) return false;
    const std::string word = lower(text);
    return word == "unknown" || word == "anonymous";
  }

  bool identify_, placeholders_;
  missing_set missing_;
};

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_KEY_MEANING_HPP
