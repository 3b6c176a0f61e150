// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_KEY_MEANING_HPP
#define CXMETRICS_SRC_ENGINE_KEY_MEANING_HPP

// What a value means as a key.

#include <cmath>
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

class key_meaning {
 public:
  static constexpr std::int32_t key = 0, missing = key_codes::missing, invalid = key_codes::invalid;

  key_meaning(const column_type& type, const key_rules& rules)
      : nan_is_missing_(type.nan_is_missing),
        identify_(rules.identify),
        placeholders_(rules.identify && rules.placeholders),
        missing_(rules.missing) {}

  // Each says whether a value is a key, and which number it then is.
  std::int32_t operator()(std::int64_t value, std::int64_t& number) const noexcept {
    if (missing_.has(value) || (placeholders_ && (value == 0 || value == -1))) return missing;
    number = value;
    return key;
  }
  std::int32_t operator()(std::uint64_t value, std::int64_t& number) const noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value <= most ? (*this)(static_cast<std::int64_t>(value), number) : invalid;
  }
  std::int32_t operator()(double value, std::int64_t& number) const noexcept {
    if (std::isnan(value)) return nan_is_missing_ ? missing : invalid;
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (value != std::trunc(value) || std::abs(value) > exact) return invalid;
    return (*this)(static_cast<std::int64_t>(value), number);
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

  bool nan_is_missing_, identify_, placeholders_;
  missing_set missing_;
};

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_KEY_MEANING_HPP
