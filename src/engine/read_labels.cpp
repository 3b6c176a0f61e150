// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "cxmetrics/core/error.hpp"
#include "reader_of.hpp"
#include "text_number.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using engine_detail::month_day_nano;
using label_absent = absent<std::uint8_t>;

// Whole numbers and truths go by their text; absent where a value has none.
template <class Value, class F>
std::uint8_t as_text(Value value, const F& read) {
  if constexpr (std::is_same_v<Value, bool>) {
    return read(std::string_view(value ? "true" : "false"));
  } else {
    char text[24];
    return read(std::string_view(text, std::to_chars(text, text + sizeof text, value).ptr));
  }
}

template <class Rule>
struct by_text {
  std::uint8_t operator()(bool value) const { return as_text(value, self()); }
  std::uint8_t operator()(std::int64_t value) const { return as_text(value, self()); }
  std::uint8_t operator()(std::uint64_t value) const { return as_text(value, self()); }
  std::uint8_t operator()(double value) const {
    if (std::isnan(value)) return self().nan;
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (value != std::trunc(value) || std::abs(value) > exact) return label_absent::invalid;
    return (*this)(static_cast<std::int64_t>(value));
  }
  std::uint8_t operator()(month_day_nano) const noexcept { return label_absent::invalid; }

 private:
  const Rule& self() const noexcept { return static_cast<const Rule&>(*this); }
};

struct label_rule : by_text<label_rule> {
  static constexpr bool by_value = true, names_unknown = true;
  using by_text::operator();

  std::map<std::string, std::uint8_t, std::less<>> codes;
  engine_detail::missing_set missing{{}};
  std::uint8_t nan = label_absent::missing;

  std::uint8_t operator()(std::string_view text) const {
    text = engine_detail::trimmed(text);
    if (const auto found = codes.find(text); found != codes.end()) return found->second;
    return missing.has(text) ? label_absent::missing : label_absent::invalid;
  }
  [[nodiscard]] static std::string complaint() { return "is an unknown label"; }
};

struct truth_rule : by_text<truth_rule> {
  static constexpr bool by_value = true, names_unknown = true;
  using by_text::operator();

  std::uint8_t yes = 1, no = 0;
  engine_detail::missing_set missing{{}};
  std::uint8_t nan = label_absent::missing;

  std::uint8_t operator()(std::string_view text) const {
    constexpr std::array<std::string_view, 7> affirmed{"true", "1", "yes", "y", "t", "ja", "j"};
    constexpr std::array<std::string_view, 6> denied{"false", "0", "no", "n", "f", "nee"};
    text = engine_detail::trimmed(text);
    if (missing.has(text)) return label_absent::missing;
    const std::string word = engine_detail::lower(text);
    if (std::find(affirmed.begin(), affirmed.end(), word) != affirmed.end()) return yes;
    return std::find(denied.begin(), denied.end(), word) != denied.end() ? no : label_absent::invalid;
  }
  [[nodiscard]] static std::string complaint() {
    return "is neither true nor false: give a column of true and false, 1 and 0 or yes and no, or count such "
           "rows "
           "with invalid=\"count\"";
  }
};

std::uint8_t nan_of(const engine_detail::missing_set& missing) {
  return missing.has_nan() ? label_absent::missing : label_absent::invalid;
}

void refuse_times(const input_column& column, const char* wanted) {
  const meaning what = column.type().what;
  if (what == meaning::zoned || what == meaning::local || what == meaning::length || what == meaning::clock ||
      what == meaning::other)
    throw column_error(describe(column) + " holds no " + wanted + ": give another column");
}

}  // namespace

std::unique_ptr<canonical_reader<std::uint8_t>> read_labels(
    input_column column, std::map<std::string, std::uint8_t, std::less<>> codes,
    const missing_texts& missing) {
  refuse_times(column, "labels");
  label_rule rule;
  rule.codes = std::move(codes);
  rule.missing = engine_detail::missing_set(missing, column.type().nan_is_missing);
  rule.nan = nan_of(rule.missing);
  return std::make_unique<engine_detail::reader_of<std::uint8_t, label_rule>>(std::move(column),
                                                                              std::move(rule));
}

std::unique_ptr<canonical_reader<std::uint8_t>> read_truths(input_column column, std::uint8_t yes,
                                                            std::uint8_t no, const missing_texts& missing) {
  refuse_times(column, "truths");
  truth_rule rule;
  rule.yes = yes;
  rule.no = no;
  rule.missing = engine_detail::missing_set(missing, column.type().nan_is_missing);
  rule.nan = nan_of(rule.missing);
  return std::make_unique<engine_detail::reader_of<std::uint8_t, truth_rule>>(std::move(column),
                                                                              std::move(rule));
}

}  // namespace v0
}  // namespace cxmetrics
