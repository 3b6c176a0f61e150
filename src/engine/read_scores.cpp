// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "cxmetrics/core/error.hpp"
#include "reader_of.hpp"
#include "text_number.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using engine_detail::month_day_nano;
using score_absent = absent<std::int8_t>;

struct score_rule {
  static constexpr bool by_value = true, names_unknown = false;

  engine_detail::missing_set missing, excluded;
  std::int8_t nan;  // what a NaN is
  score_range range;

  [[nodiscard]] std::optional<std::pair<std::int8_t, std::int8_t>> unchanged() const noexcept {
    for (std::int8_t value = range.least; value <= range.greatest; ++value)
      if (missing.has(static_cast<std::int64_t>(value))) return std::nullopt;
    return std::pair{range.least, range.greatest};
  }
  std::int8_t operator()(std::int64_t value) const noexcept {
    if (excluded.has(value)) return score_absent::excluded;
    if (missing.has(value)) return score_absent::missing;
    return value >= range.least && value <= range.greatest ? static_cast<std::int8_t>(value)
                                                           : score_absent::invalid;
  }
  std::int8_t operator()(std::uint64_t value) const noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value <= most ? (*this)(static_cast<std::int64_t>(value)) : named(static_cast<double>(value));
  }
  std::int8_t operator()(double value) const noexcept {
    if (std::isnan(value)) return nan;
    constexpr double exact = 9007199254740992.0;  // 2^53
    const bool is_whole = value == std::trunc(value) && std::abs(value) <= exact;
    return is_whole ? (*this)(static_cast<std::int64_t>(value)) : named(value);
  }
  std::int8_t operator()(std::string_view text) const {
    text = engine_detail::trimmed(text);
    if (excluded.has(text)) return score_absent::excluded;
    if (missing.has(text)) return score_absent::missing;
    if (const auto value = engine_detail::parse_whole(text)) return (*this)(*value);
    const auto real = engine_detail::parse_real(text);
    return real ? named(*real) : score_absent::invalid;
  }
  std::int8_t operator()(bool) const noexcept { return score_absent::invalid; }
  std::int8_t operator()(month_day_nano) const noexcept { return score_absent::invalid; }

  [[nodiscard]] static std::string complaint() {
    return "is not a whole number: correct it, name it in missing= where it means no answer or in "
           "excluded= where it is left out by choice, or count such rows with invalid=\"count\"";
  }

 private:
  // Of what is no score: a fraction, or more than any scale holds.
  [[nodiscard]] std::int8_t named(double value) const noexcept {
    if (excluded.has(value)) return score_absent::excluded;
    return missing.has(value) ? score_absent::missing : score_absent::invalid;
  }
};

// A whole number of any length.
bool is_digits(std::string_view text) noexcept {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

class scores final : public engine_detail::reader_of<std::int8_t, score_rule> {
 public:
  using reader_of::reader_of;

  void expect_valid() const override {
    if (!found_.first_invalid) return;
    const auto row = static_cast<std::size_t>(*found_.first_invalid);
    std::string value = column_.show(row);
    if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);
    if (engine_detail::parse_whole(value) || is_digits(value))
      throw scale_error(describe(column_) + ", row " + std::to_string(row) + ": score " + value +
                        " is outside the scale " + std::to_string(rule_.range.least) + " to " +
                        std::to_string(rule_.range.greatest) +
                        ": correct it, name it in missing= where it means no "
                        "answer, or count such rows with invalid=\"count\"");
    if (const auto mark = engine_detail::parse_real(value);
        mark && *mark != std::trunc(*mark) && *mark > rule_.range.least && *mark < rule_.range.greatest)
      throw column_error(
          describe(column_) + ", row " + std::to_string(row) + ": " + column_.show(row) +
          " is not a whole number: round such marks first, as your survey says (a 7.5 to 8, or to "
          "7), name them in missing= where they mean no answer or in excluded= where they are left "
          "out by choice, or count such rows with invalid=\"count\"");
    reader_of::expect_valid();
  }
};

}  // namespace

std::unique_ptr<canonical_reader<std::int8_t>> read_scores(input_column column, const missing_texts& missing,
                                                           score_range range, const missing_texts& excluded) {
  range.least = std::max<std::int8_t>(range.least, -125);
  switch (column.type().what) {
    case meaning::integer:
    case meaning::real:
    case meaning::text:
    case meaning::nothing: break;
    default:
      throw column_error(describe(column) +
                         " holds no scores: give the column of whole numbers, score=\"...\"");
  }
  const engine_detail::missing_set none(missing, column.type().nan_is_missing), left_out(excluded);
  const std::int8_t nan = left_out.has_nan() ? score_absent::excluded
                          : none.has_nan()   ? score_absent::missing
                                             : score_absent::invalid;
  score_rule rule{none, left_out, nan, range};
  return std::make_unique<scores>(std::move(column), std::move(rule));
}

}  // namespace v0
}  // namespace cxmetrics
