// SPDX-License-Identifier: Apache-2.0
#include "posix_rule.hpp"

#include "calendar.hpp"
#include "text.hpp"

#include <cstddef>
#include <utility>

namespace cxmetrics::time_detail {

namespace {

// The grammar of POSIX.1 (Base Definitions, chapter 8.3, TZ) with the hours of RFC 8536, section 3.3.1.
class rule_reader {
 public:
  explicit rule_reader(std::string_view text) : rest_(text) {}

  std::optional<posix_rule> read() {
    posix_rule rule;
    if (!name() || !offset(rule.offset)) return std::nullopt;
    if (rest_.empty()) return rule;
    summer_time dst{rule.offset, rule.offset + 3600, {}, {}};
    if (!name()) return std::nullopt;
    if (!rest_.empty() && rest_.front() != ',' && !offset(dst.offset)) return std::nullopt;
    if (!date(dst.start) || !date(dst.end) || !rest_.empty()) return std::nullopt;
    rule.summer = dst;
    return rule;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool name() {
    const bool bracketed = take('<');
    std::size_t n = 0;
    while (n < rest_.size() &&
           (is_letter(rest_[n]) || (bracketed && (is_digit(rest_[n]) || rest_[n] == '+' || rest_[n] == '-'))))
      ++n;
    rest_.remove_prefix(n);
    return n >= 3 && (!bracketed || take('>'));
  }

  bool number(std::size_t longest, std::int32_t most, std::int32_t& value) {
    value = 0;
    std::size_t n = 0;
    for (; n < longest && n < rest_.size() && is_digit(rest_[n]); ++n) value = value * 10 + (rest_[n] - '0');
    rest_.remove_prefix(n);
    return n > 0 && value <= most;
  }

  bool clock(std::int32_t most_hours, std::int32_t& seconds) {
    const bool negative = take('-');
    if (!negative) take('+');
    std::int32_t h = 0;
    std::int32_t m = 0;
    std::int32_t s = 0;
    if (!number(3, most_hours, h)) return false;
    if (take(':') && (!number(2, 59, m) || (take(':') && !number(2, 59, s)))) return false;
    seconds = (h * 60 + m) * 60 + s;
    if (negative) seconds = -seconds;
    return true;
  }

  bool offset(std::int32_t& east) {
    if (!clock(24, east)) return false;
    east = -east;
    return true;
  }

  bool date(rule_date& when) {
    std::int32_t a = 0;
    std::int32_t b = 0;
    std::int32_t c = 0;
    if (!take(',')) return false;
    if (take('M')) {
      if (!number(2, 12, a) || !take('.') || !number(1, 5, b) || !take('.') || !number(1, 6, c)) return false;
      if (a == 0 || b == 0) return false;
      when.how = rule_date::form::month_week_day;
      when.month = static_cast<std::uint8_t>(a);
      when.week = static_cast<std::uint8_t>(b);
    } else {
      const bool without_leap = take('J');
      if (!number(3, 365, c) || (without_leap && c == 0)) return false;
      when.how = without_leap ? rule_date::form::day_without_leap : rule_date::form::day_of_year;
    }
    when.day = static_cast<std::uint16_t>(c);
    return !take('/') || clock(167, when.seconds);
  }

  std::string_view rest_;
};

std::int64_t local_seconds(const rule_date& when, int y) {
  const date::year year{y};
  date::local_days day = date::local_days{year / date::January / 1};
  switch (when.how) {
    case rule_date::form::month_week_day: {
      const auto month = year / date::month{when.month};
      const date::weekday weekday{when.day};
      day = when.week == 5 ? date::local_days{month / weekday[date::last]}
                           : date::local_days{month / weekday[when.week]};
      break;
    }
    case rule_date::form::day_without_leap:
      day += date::days{when.day - 1 + (year.is_leap() && when.day >= 60 ? 1 : 0)};
      break;
    case rule_date::form::day_of_year: day += date::days{when.day}; break;
  }
  return std::int64_t{day.time_since_epoch().count()} * 86'400 + when.seconds;
}

}  // namespace

std::optional<posix_rule> posix_rule::parse(std::string_view text) { return rule_reader(text).read(); }

std::array<offset_change, 2> summer_time::changes(int year) const {
  std::array<offset_change, 2> both{{{local_seconds(end, year) - offset, standard_offset},
                                     {local_seconds(start, year) - standard_offset, offset}}};
  if (both[1].at < both[0].at) std::swap(both[0], both[1]);
  return both;
}

}  // namespace cxmetrics::time_detail
