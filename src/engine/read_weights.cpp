// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "cxmetrics/core/error.hpp"
#include "cxmetrics/engine/weigh_scores.hpp"
#include "reader_of.hpp"
#include "text_number.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using engine_detail::month_day_nano;
using weight_absent = absent<std::int64_t>;

struct weight_rule {
  static constexpr bool by_value = false,
                        names_unknown = false;  // every row is looked at: it counts roundings

  engine_detail::missing_set missing;
  std::int64_t nan;  // what a NaN is
  std::uint64_t coarse = 0;

  std::int64_t operator()(std::int64_t value) noexcept {
    constexpr std::int64_t most = max_weight / weight_one;
    if (missing.has(value)) return weight_absent::missing;
    return value >= 0 && value <= most ? value * weight_one : weight_absent::invalid;
  }
  std::int64_t operator()(std::uint64_t value) noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value <= most ? (*this)(static_cast<std::int64_t>(value)) : weight_absent::invalid;
  }
  std::int64_t operator()(double value) noexcept {
    if (std::isnan(value)) return nan;
    if (missing.has(value)) return weight_absent::missing;
    const std::int64_t steps = weight_steps(value);
    if (steps >= 0 && is_coarse(value, steps)) ++coarse;
    return steps;
  }
  std::int64_t operator()(std::string_view text) {
    text = engine_detail::trimmed(text);
    if (missing.has(text)) return weight_absent::missing;
    const auto value = engine_detail::parse_real(text);
    return value ? (*this)(*value) : weight_absent::invalid;
  }
  std::int64_t operator()(bool) noexcept { return weight_absent::invalid; }
  std::int64_t operator()(month_day_nano) noexcept { return weight_absent::invalid; }

  [[nodiscard]] static std::string complaint() {
    return "is no weight of 0 to 1,048,576: correct it, divide all weights by one number where they are too "
           "large, which changes no figure, or count such rows with invalid=\"count\"";
  }
};

class weights final : public engine_detail::reader_of<std::int64_t, weight_rule> {
 public:
  using reader_of::reader_of;

  void read(std::size_t first, std::span<std::int64_t> out) override {
    reader_of::read(first, out);
    found_.coarse = rule_.coarse;
  }
};

}  // namespace

std::unique_ptr<canonical_reader<std::int64_t>> read_weights(input_column column,
                                                             const missing_texts& missing) {
  switch (column.type().what) {
    case meaning::integer:
    case meaning::real:
    case meaning::text:
    case meaning::nothing: break;
    default:
      throw column_error(describe(column) + " holds no weights: give the column of numbers, weight=\"...\"");
  }
  engine_detail::missing_set none(missing, column.type().nan_is_missing);
  const std::int64_t nan = none.has_nan() ? weight_absent::missing : weight_absent::invalid;
  return std::make_unique<weights>(std::move(column), weight_rule{std::move(none), nan});
}

}  // namespace v0
}  // namespace cxmetrics
