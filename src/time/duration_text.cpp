// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/duration_text.hpp>

#include <cxmetrics/core/error.hpp>
#include "../core/quoted_text.hpp"
#include "text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>

namespace cxmetrics {
inline namespace v0 {

namespace {

using time_detail::digits;
using time_detail::is_digit;
using time_detail::is_letter;
using time_detail::padded;

constexpr std::uint64_t most_us = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
constexpr std::string_view good_durations =
    R"(write a number and a unit of us, ms, s, min, h, d, w, such as "20s" or "1h30min")";

struct unit {
  std::string_view plain;
  char iso_date;  // its letter before the T of ISO 8601, and after it
  char iso_time;
  std::uint64_t microseconds;
};

constexpr std::array<unit, 7> units{{{"w", 'W', 0, 604'800'000'000},
                                     {"d", 'D', 0, 86'400'000'000},
                                     {"h", 0, 'H', 3'600'000'000},
                                     {"min", 0, 'M', 60'000'000},
                                     {"s", 0, 'S', 1'000'000},
                                     {"ms", 0, 0, 1'000},
                                     {"us", 0, 0, 1}}};

class duration_reader {
 public:
  explicit duration_reader(std::string_view text) : text_(text), rest_(time_detail::trim(text)) {}

  duration read() {
    if (rest_.empty()) refuse("is empty: " + std::string(good_durations));
    if (rest_.front() == '-') refuse("is negative: a length of time is zero or more");
    const bool iso = take('P');
    if (iso && rest_.empty()) refuse(R"(holds no length: write "PT20S", "PT1H30M" or "P7D")");
    bool clock_part = false;
    while (!rest_.empty()) {
      if (iso && !clock_part && take('T')) {
        clock_part = true;
        if (rest_.empty()) refuse(R"(ends after the T: write "PT20S" or "PT1H30M")");
      }
      read_part(iso, clock_part);
      while (!iso && take(' ')) {}
    }
    return duration{static_cast<std::int64_t>(total_)};
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw unit_error("duration " + quoted_text(text_) + " " + what);
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  template <class Predicate>
  std::string_view take_while(Predicate accept) {
    std::size_t n = 0;
    while (n < rest_.size() && accept(rest_[n])) ++n;
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  void read_part(bool iso, bool clock_part) {
    if (has_decimals_)
      refuse("goes on after a decimal number: only the last, smallest part may have decimals");
    const std::string_view whole = take_while(is_digit);
    std::string_view decimals;
    if (take('.') || (iso && take(','))) {
      decimals = take_while(is_digit);
      has_decimals_ = true;
      if (decimals.empty()) refuse("has no digit after the decimal point: " + std::string(good_durations));
    }
    if (whole.empty()) refuse("has no number before the unit: " + std::string(good_durations));
    while (!iso && take(' ')) {}
    const std::size_t rank = iso ? iso_unit(clock_part) : plain_unit(whole);
    if (rank < next_rank_) refuse("names a unit twice or a smaller one first: write the larger unit first");
    next_rank_ = rank + 1;
    add(whole, decimals, units[rank].microseconds);
  }

  std::size_t plain_unit(std::string_view number) {
    const std::string_view name = take_while(is_letter);
    for (std::size_t i = 0; i < units.size(); ++i)
      if (units[i].plain == name) return i;
    if (name.empty() && rest_.empty())
      refuse("has no unit: write \"" + std::string(number) +
             "s\" for seconds, or another unit of us, ms, min, h, d, w");
    if (name == "m" || name == "M")
      refuse("is ambiguous: write \"" + std::string(number) + "min\" for minutes (calendar months, \"" +
             std::string(number) + "mo\", are for buckets)");
    if (name == "mo" || name == "q" || name == "y")
      refuse("has no fixed length: write days, such as \"30d\"");
    refuse("has the unknown unit " + quoted_text(name.empty() ? rest_.substr(0, 1) : name) + ": " +
           std::string(good_durations));
  }

  std::size_t iso_unit(bool clock_part) {
    const char letter = rest_.empty() ? '\0' : rest_.front();
    for (std::size_t i = 0; i < units.size(); ++i)
      if (letter != '\0' && letter == (clock_part ? units[i].iso_time : units[i].iso_date)) {
        rest_.remove_prefix(1);
        return i;
      }
    if (letter == 'Y' || letter == 'M')
      refuse("counts years or months, which have no fixed length: write days, such as \"P30D\"");
    refuse(R"(is not ISO 8601: write "PT20S", "PT1H30M" or "P7D")");
  }

  void add(std::string_view whole, std::string_view decimals, std::uint64_t microseconds) {
    std::uint64_t count = 0;
    for (const char c : whole) {
      if (count > most_us / 10) too_long();
      count = count * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (count > most_us / microseconds) too_long();
    const std::uint64_t part = fraction(decimals, microseconds);
    if (part > most_us - count * microseconds || total_ > most_us - count * microseconds - part) too_long();
    total_ += count * microseconds + part;
  }

  // decimals / 10^k of a unit is decimals * (unit / g) / (10^k / g) with g = gcd(10^k, unit): exact in 64
  // bits, for the quotient of the decimals is below g. More than 13 significant decimals never make a whole
  // microsecond: 2^13 divides a week in microseconds, and no higher power of 2 or of 5 divides any unit.
  std::uint64_t fraction(std::string_view decimals, std::uint64_t microseconds) const {
    while (!decimals.empty() && decimals.back() == '0') decimals.remove_suffix(1);
    if (decimals.empty()) return 0;
    std::uint64_t numerator = 0;
    std::uint64_t denominator = 1;
    if (decimals.size() <= 13) {
      for (const char c : decimals) {
        numerator = numerator * 10 + static_cast<std::uint64_t>(c - '0');
        denominator *= 10;
      }
      const std::uint64_t g = std::gcd(denominator, microseconds);
      denominator /= g;
      if (numerator % denominator == 0) return numerator / denominator * (microseconds / g);
    }
    refuse("is not a whole number of microseconds: write a smaller unit or fewer decimals");
  }

  [[noreturn]] void too_long() const { refuse("is too long: at most 292,271 years fit"); }

  std::string_view text_;
  std::string_view rest_;
  std::uint64_t total_ = 0;
  std::size_t next_rank_ = 0;
  bool has_decimals_ = false;
};

std::string decimal(std::uint64_t value, std::uint64_t thousandths, std::size_t places) {
  std::string text = digits(value);
  if (thousandths == 0) return text;
  text += '.' + padded(thousandths, places);
  while (text.back() == '0') text.pop_back();
  return text;
}

}  // namespace

duration parse_duration(std::string_view text) { return duration_reader(text).read(); }

std::string format_duration(duration length) {
  const std::int64_t signed_count = length.count();
  std::uint64_t rest = static_cast<std::uint64_t>(signed_count);
  std::string text;
  if (signed_count < 0) {
    text = "-";
    rest = 0 - rest;
  }
  for (const unit& u : units) {
    if (u.plain == "w" || rest < u.microseconds) continue;
    if (u.plain == "s") return text + decimal(rest / u.microseconds, rest % u.microseconds, 6) + "s";
    if (u.plain == "ms") return text + decimal(rest / u.microseconds, rest % u.microseconds, 3) + "ms";
    text += digits(rest / u.microseconds) + std::string(u.plain);
    rest %= u.microseconds;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace v0
}  // namespace cxmetrics
