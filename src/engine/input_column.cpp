// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/input_column.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "../core/quoted_text.hpp"
#include "cxmetrics/time/instant_text.hpp"
#include "cxmetrics/time/zone.hpp"
#include "text_number.hpp"
#include "time_unit.hpp"
#include "values.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

std::string shown_real(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string shown_time(std::int64_t value, const column_type& type) {
  const auto us = engine_detail::to_microseconds(value, type, engine_detail::rounding::down);
  if (!us || !engine_detail::is_civil(*us)) return std::to_string(value);
  std::string text = format_instant(instant{duration{*us}}, zone::utc());
  if (type.what == meaning::local) text.pop_back();
  return text;
}

// In seconds, whatever a duration counts.
std::string shown_length(std::int64_t value, const column_type& type) {
  const auto us = engine_detail::to_microseconds(value, type, engine_detail::rounding::down);
  return us ? shown_real(static_cast<double>(*us) / 1e6) + " s" : std::to_string(value);
}

template <class Value>
std::string shown(Value value, const column_type& type) {
  if constexpr (std::is_same_v<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<Value, double>) {
    return shown_real(value);
  } else if constexpr (std::is_same_v<Value, std::string_view>) {
    return quoted_text(value);
  } else if constexpr (std::is_same_v<Value, engine_detail::month_day_nano>) {
    return std::to_string(value.months) + " months " + std::to_string(value.days) + " days " +
           std::to_string(value.nanoseconds) + " ns";
  } else {
    if constexpr (std::is_same_v<Value, std::int64_t>) {
      if (type.what == meaning::zoned || type.what == meaning::local) return shown_time(value, type);
      if (type.what == meaning::length) return shown_length(value, type);
    }
    return std::to_string(value);
  }
}

std::string show_in(const column_chunk& chunk, std::size_t i, const column_type& type) {
  std::string out = "null";
  if (chunk.is_null(i)) return out;
  if (chunk.dictionary) {
    engine_detail::visit_indices(chunk, i, 1, [&](std::size_t, std::size_t index) {
      if (index != engine_detail::absent_index) out = show_in(*chunk.dictionary, index, type);
    });
  } else if (chunk.stored == storage::decimal || chunk.stored == storage::whole_decimal) {
    const std::byte* at = chunk.data + static_cast<std::ptrdiff_t>(i) * chunk.stride;
    out = engine_detail::decimal_text(at, chunk.width, chunk.scale);
  } else {
    engine_detail::visit(chunk, [&](auto values) { out = shown(values(i), type); });
  }
  return out;
}

}  // namespace

std::string input_column::show(std::size_t row) const {
  std::size_t first = 0;
  for (const column_chunk& chunk : chunks_) {
    if (row - first < chunk.size) {
      std::string out;
      engine_detail::naming(*this, first, [&] { out = show_in(chunk, row - first, type_); });
      return out;
    }
    first += chunk.size;
  }
  return "no such row";
}

std::string describe(const input_column& column) {
  std::string text = "column \"" + column.name() + "\"";
  if (!column.type().shown.empty()) text += " (" + column.type().shown + ")";
  return text;
}

}  // namespace v0
}  // namespace cxmetrics
