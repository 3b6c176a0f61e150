// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "cxmetrics/core/error.hpp"
#include "cxmetrics/core/instant.hpp"
#include "cxmetrics/time/duration_text.hpp"
#include "reader_of.hpp"
#include "text_number.hpp"
#include "time_unit.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using engine_detail::month_day_nano;
using engine_detail::rounding;
using time_absent = absent<std::int64_t>;

constexpr std::int64_t checked(std::int64_t microseconds) noexcept {
  return microseconds >= 0 && microseconds <= max_duration.count() ? microseconds : time_absent::invalid;
}

// "0:03:09", "0:03:09.250", "0 days 00:03:09", "1 day, 0:03:09": hours may exceed 24 where there are no days.
// Two parts, "3:09", could be minutes or hours and are no duration.
std::optional<std::int64_t> parse_clock(std::string_view text) {
  std::int64_t part[3] = {};
  std::int64_t days = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto number = [&](std::int64_t& value) {
    if (at == end || *at < '0' || *at > '9') return false;
    const auto [rest, error] = std::from_chars(at, end, value);
    at = rest;
    return error == std::errc{} && value <= 100'000'000;
  };
  if (const std::size_t day = text.find("day"); day != text.npos) {
    if (!number(days)) return std::nullopt;
    text = text.substr(static_cast<std::size_t>(at - text.data()));
    for (const std::string_view word : {" days, ", " days ", " day, ", " day "})
      if (text.substr(0, word.size()) == word) {
        at += word.size();
        break;
      }
  }
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && (at == end || *at++ != ':')) return std::nullopt;
    if (!number(part[i])) return std::nullopt;
  }
  if (part[1] > 59 || part[2] > 59) return std::nullopt;
  std::int64_t fraction = 0;
  if (at != end) {
    if (*at != '.' && *at != ',') return std::nullopt;
    std::int64_t scale = 100'000;
    bool beyond = false;  // what is finer than a microsecond rounds up
    if (++at == end) return std::nullopt;
    for (; at != end; ++at, scale /= 10) {
      if (*at < '0' || *at > '9') return std::nullopt;
      fraction += (*at - '0') * scale;
      beyond = beyond || (scale == 0 && *at != '0');
    }
    fraction += beyond ? 1 : 0;
  }
  return (days * 86'400 + part[0] * 3'600 + part[1] * 60 + part[2]) * 1'000'000 + fraction;
}

[[noreturn]] void refuse_bare(const std::string& described, const std::string& what) {
  throw unit_error(described + " holds numbers without a unit (" + what +
                   "): say what they count, unit=\"s\", \"ms\" or \"us\"");
}

struct duration_rule {
  static constexpr bool by_value = true, names_unknown = false;

  column_type type;
  std::int64_t unit;  // microseconds of a number's unit; 0: none was given
  engine_detail::missing_set missing;
  std::string described;

  [[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> unchanged() const noexcept {
    const bool microseconds = type.what == meaning::length && type.numerator == type.denominator;
    if (!microseconds) return std::nullopt;
    return std::pair{std::int64_t{0}, std::int64_t{max_duration.count()}};
  }
  std::int64_t operator()(std::int64_t value) const noexcept {
    if (type.what == meaning::integer)
      return missing.has(value) ? time_absent::missing : counted(value, unit);
    if (value == engine_detail::not_a_time) return time_absent::missing;
    const auto us = engine_detail::to_microseconds(value, type, rounding::up);
    return us ? checked(*us) : time_absent::invalid;
  }
  std::int64_t operator()(std::uint64_t value) const noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value <= most ? (*this)(static_cast<std::int64_t>(value)) : time_absent::invalid;
  }
  // Real numbers carry noise: they are taken to the nearest nanosecond before they are rounded up.
  std::int64_t operator()(double value) const noexcept {
    if (std::isnan(value)) return missing.has_nan() ? time_absent::missing : time_absent::invalid;
    if (missing.has(value)) return time_absent::missing;
    const double us = value * static_cast<double>(unit);
    if (!(us > -1.0 && us < 1e14)) return time_absent::invalid;
    const double nanoseconds = std::round(us * 1000.0);
    if (nanoseconds < 0) return time_absent::invalid;
    const auto whole = static_cast<std::int64_t>(nanoseconds);
    return checked(whole / 1000 + (whole % 1000 != 0 ? 1 : 0));
  }
  std::int64_t operator()(month_day_nano value) const noexcept {
    constexpr std::int32_t most_days = 200'000;  // more than nanoseconds of 64 bits can make up for
    if (value.months != 0 || value.days > most_days || value.days < -most_days) return time_absent::invalid;
    const std::int64_t us = value.nanoseconds / 1000 + (value.nanoseconds % 1000 > 0 ? 1 : 0);
    return checked(value.days * 86'400'000'000 + us);
  }
  std::int64_t operator()(std::string_view text) const {
    text = engine_detail::trimmed(text);
    if (missing.has(text)) return time_absent::missing;
    if (const auto number = engine_detail::parse_real(text)) {
      if (unit == 0) refuse_bare(described, std::string(text));
      return (*this)(*number);
    }
    if (const auto clock = parse_clock(text)) return checked(*clock);
    try {
      return checked(parse_duration(text).count());
    } catch (const unit_error&) {
      return time_absent::invalid;
    }
  }
  std::int64_t operator()(bool) const noexcept { return time_absent::invalid; }

  [[nodiscard]] std::string complaint() const {
    if (type.what == meaning::text)
      return "is no duration of 0 to 2.2 years: write \"0:03:09\" or \"90s\", or count such rows with "
             "invalid=\"count\"";
    const bool is_number = type.what == meaning::integer || type.what == meaning::real;
    return std::string("is no duration of 0 to 2.2 years: correct it, ") +
           (is_number ? "name it in missing= where it means none, " : "") +
           "or count such rows with invalid=\"count\"";
  }

 private:
  static std::int64_t counted(std::int64_t value, std::int64_t each) noexcept {
    return value >= 0 && value <= max_duration.count() / each ? value * each : time_absent::invalid;
  }
};

}  // namespace

std::unique_ptr<canonical_reader<std::int64_t>> read_durations(input_column column, const std::string& unit,
                                                               const missing_texts& missing) {
  const std::int64_t microseconds = engine_detail::unit_microseconds(unit);
  switch (column.type().what) {
    case meaning::integer:
    case meaning::real:
      if (microseconds == 0) refuse_bare(describe(column), column.size() == 0 ? "none yet" : column.show(0));
      break;
    case meaning::text:
    case meaning::length:
    case meaning::clock:
    case meaning::nothing: break;
    default:
      throw column_error(describe(column) +
                         " holds no durations: give durations, texts such as \"0:03:09\", or "
                         "numbers with unit=\"s\"");
  }
  duration_rule rule{column.type(), microseconds,
                     engine_detail::missing_set(missing, column.type().nan_is_missing), describe(column)};
  return std::make_unique<engine_detail::reader_of<std::int64_t, duration_rule>>(std::move(column),
                                                                                 std::move(rule));
}

}  // namespace v0
}  // namespace cxmetrics
