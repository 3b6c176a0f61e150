// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/instant_text.hpp>

#include "calendar.hpp"
#include "offset_text.hpp"
#include "text.hpp"
#include "years.hpp"

#include <array>
#include <cstddef>

namespace cxmetrics {
inline namespace v0 {

namespace {

using time_detail::day_us;
using time_detail::is_digit;
using time_detail::padded;
using time_detail::second_us;

class time_reader {
 public:
  explicit time_reader(std::string_view text) noexcept : rest_(time_detail::trim(text)) {}

  std::optional<parsed_time> iso() noexcept {
    int y = 0;
    int m = 0;
    int d = 0;
    if (!number(4, 4, y) || !take('-') || !number(2, 2, m) || !take('-') || !number(2, 2, d))
      return std::nullopt;
    return finish(y, m, d, 2);
  }

  std::optional<parsed_time> in_order(date_order order) noexcept {
    std::array<int, 3> part{};
    const std::size_t year_at = order == date_order::ymd ? 0 : 2;
    char separator = '\0';
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (i == 1 && !rest_.empty()) separator = rest_.front();
      if (i == 1 && separator != '/' && separator != '-' && separator != '.') return std::nullopt;
      if (i > 0 && !take(separator)) return std::nullopt;
      if (!(i == year_at ? number(4, 4, part[i]) : number(1, 2, part[i]))) return std::nullopt;
    }
    switch (order) {
      case date_order::dmy: return finish(part[2], part[1], part[0], 1);
      case date_order::mdy: return finish(part[2], part[0], part[1], 1);
      case date_order::ymd: return finish(part[0], part[1], part[2], 1);
    }
    return std::nullopt;
  }

 private:
  bool take(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool number(std::size_t least, std::size_t most, int& value) noexcept {
    std::size_t n = 0;
    value = 0;
    for (; n < rest_.size() && is_digit(rest_[n]); ++n) {
      if (n == most) return false;
      value = value * 10 + (rest_[n] - '0');
    }
    rest_.remove_prefix(n);
    return n >= least;
  }

  std::optional<parsed_time> finish(int y, int m, int d, std::size_t hour_digits) noexcept {
    const date::year_month_day day{date::year{y}, date::month{static_cast<unsigned>(m)},
                                   date::day{static_cast<unsigned>(d)}};
    if (y < time_detail::first_year || !day.ok()) return std::nullopt;
    std::int64_t clock = 0;
    parsed_time read;
    if (!rest_.empty() &&
        (!(take('T') || spaces()) || !clock_time(hour_digits, clock) || !offset(read.offset)))
      return std::nullopt;
    const std::int64_t number = date::local_days{day}.time_since_epoch().count();
    read.local = local_instant{duration{number * day_us + clock}};
    return read;
  }

  bool spaces() noexcept {
    if (!take(' ')) return false;
    while (take(' ')) {}
    return true;
  }

  bool clock_time(std::size_t hour_digits, std::int64_t& microseconds) noexcept {
    int h = 0;
    int m = 0;
    int s = 0;
    int fraction = 0;
    if (!number(hour_digits, 2, h) || !take(':') || !number(2, 2, m)) return false;
    if (take(':')) {
      if (!number(2, 2, s)) return false;
      if ((take('.') || take(',')) && !decimals(fraction)) return false;
    }
    microseconds = ((h * 60 + m) * 60 + s) * second_us + fraction;
    return h <= 23 && m <= 59 && s <= 59;
  }

  bool decimals(int& microseconds) noexcept {
    std::size_t n = 0;
    for (; n < rest_.size() && is_digit(rest_[n]); ++n)
      if (n < 6) microseconds = microseconds * 10 + (rest_[n] - '0');
    for (std::size_t i = n; i < 6; ++i) microseconds *= 10;
    rest_.remove_prefix(n);
    return n > 0;
  }

  bool offset(std::optional<std::chrono::seconds>& read) noexcept {
    if (rest_.empty()) return true;
    spaces();
    if (rest_ == "Z" || rest_ == "z") {
      read = std::chrono::seconds{0};
      return true;
    }
    const std::optional<std::int32_t> seconds = time_detail::read_offset(rest_);
    if (seconds) read = std::chrono::seconds{*seconds};
    return seconds.has_value();
  }

  std::string_view rest_;
};

}  // namespace

std::optional<parsed_time> parse_iso_time(std::string_view text) noexcept { return time_reader(text).iso(); }

std::optional<parsed_time> parse_date_time(std::string_view text, date_order order) noexcept {
  return time_reader(text).in_order(order);
}

instant to_instant(const parsed_time& time, offset_lookup& zone, local_kind& kind) {
  if (!time.offset) return zone.to_instant(time.local, kind);
  kind = local_kind::unique;
  return instant{time.local.time_since_epoch() - *time.offset};
}

std::string format_instant(instant t, const zone& where) {
  const std::int64_t local = where.to_local(t).time_since_epoch().count();
  const std::int64_t offset = (local - t.time_since_epoch().count()) / second_us;
  const std::int64_t day = time_detail::floor_divide(local, day_us);
  const auto clock = static_cast<std::uint64_t>(local - day * day_us);
  const std::uint64_t seconds = clock / second_us;
  const date::year_month_day d = time_detail::civil(day);
  std::string text = padded(static_cast<std::uint64_t>(int{d.year()}), 4) + "-" +
                     padded(unsigned{d.month()}, 2) + "-" + padded(unsigned{d.day()}, 2) + "T" +
                     padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" +
                     padded(seconds % 60, 2);
  if (clock % second_us != 0) text += "." + padded(clock % second_us, 6);
  return text + (where == zone::utc() ? "Z" : time_detail::offset_text(static_cast<std::int32_t>(offset)));
}

}  // namespace v0
}  // namespace cxmetrics
