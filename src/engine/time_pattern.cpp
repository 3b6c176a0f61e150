// SPDX-License-Identifier: Apache-2.0
#include "time_pattern.hpp"

#include <array>
#include <cstdint>

#include "cxmetrics/core/error.hpp"
#include "text_number.hpp"

namespace cxmetrics::engine_detail {

namespace {

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> days{"monday", "tuesday",  "wednesday", "thursday",
                                               "friday", "saturday", "sunday"};

// What a pattern is made of once the abbreviations are written out.
std::string expanded(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    const char kind = i + 1 < pattern.size() ? pattern[++i] : '\0';
    switch (kind) {
      case 'T': out += "%H:%M:%S"; break;
      case 'R': out += "%H:%M"; break;
      case 'F': out += "%Y-%m-%d"; break;
      case 'D': out += "%m/%d/%y"; break;
      default:
        if (std::string_view("YymdjbBaAHIpMSfz%").find(kind) == std::string_view::npos || kind == '\0')
          throw column_error("time_format \"" + std::string(pattern) +
                             "\" is not understood: write \"dmy\", \"mdy\", \"ymd\" or a pattern such as "
                             "\"%d/%m/%Y %H:%M\"");
        out += '%';
        out += kind;
    }
  }
  return out;
}

class pattern_reader {
 public:
  explicit pattern_reader(std::string_view text) : rest_(trimmed(text)) {}

  std::optional<parsed_time> read(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const char c = pattern[i];
      if (c == '%' ? !field(pattern[++i]) : c == ' ' ? !blanks() : !take(c)) return std::nullopt;
    }
    if (!rest_.empty()) return std::nullopt;
    return finish();
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool blanks() {
    while (take(' ') || take('\t')) {}
    return true;
  }
  bool number(std::size_t most, std::int64_t least, std::int64_t greatest, std::int64_t& value) {
    std::size_t n = 0;
    value = 0;
    for (; n < most && n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n)
      value = value * 10 + (rest_[n] - '0');
    rest_.remove_prefix(n);
    return n > 0 && value >= least && value <= greatest;
  }
  template <std::size_t Size>
  bool word(const std::array<std::string_view, Size>& names, std::int64_t& value) {
    std::size_t n = 0;
    while (n < rest_.size() && ((rest_[n] | 0x20) >= 'a' && (rest_[n] | 0x20) <= 'z')) ++n;
    const std::string found = lower(rest_.substr(0, n));
    rest_.remove_prefix(n);
    for (std::size_t i = 0; i < Size; ++i)
      if (found == names[i] || found == names[i].substr(0, 3)) {
        value = static_cast<std::int64_t>(i) + 1;
        return true;
      }
    return false;
  }
  bool fraction() {
    std::size_t n = 0;
    micro_ = 0;
    for (; n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n)
      if (n < 6) micro_ = micro_ * 10 + (rest_[n] - '0');
    for (std::size_t i = n; i < 6; ++i) micro_ *= 10;
    rest_.remove_prefix(n);
    return n > 0;
  }
  bool offset() {
    if (take('Z') || take('z')) {
      offset_ = std::chrono::seconds{0};
      return true;
    }
    const bool west = take('-');
    std::int64_t hours = 0, minutes = 0;
    if ((!west && !take('+')) || !number(2, 0, 23, hours)) return false;
    take(':');
    if (!rest_.empty() && !number(2, 0, 59, minutes)) return false;
    const std::int64_t seconds = hours * 3600 + minutes * 60;
    offset_ = std::chrono::seconds{west ? -seconds : seconds};
    return true;
  }
  bool field(char kind) {
    std::int64_t weekday = 0;
    switch (kind) {
      case 'Y': return number(4, 1, 9999, year_);
      case 'y':
        if (!number(2, 0, 99, year_)) return false;
        year_ += year_ < 69 ? 2000 : 1900;
        return true;
      case 'm': return number(2, 1, 12, month_);
      case 'd': return blanks() && number(2, 1, 31, day_);
      case 'j': return number(3, 1, 366, day_of_year_);
      case 'b':
      case 'B': return word(months, month_);
      case 'a':
      case 'A': return word(days, weekday);
      case 'H': return number(2, 0, 23, hour_);
      case 'I': return number(2, 1, 12, hour12_);
      case 'p': return half_day();
      case 'M': return number(2, 0, 59, minute_);
      case 'S': return number(2, 0, 59, second_);
      case 'f': return fraction();
      case 'z': return offset();
      default: return take('%');
    }
  }
  bool half_day() {
    const std::string found = lower(rest_.substr(0, 2));
    if (found != "am" && found != "pm") return false;
    afternoon_ = found == "pm";
    rest_.remove_prefix(2);
    return true;
  }
  [[nodiscard]] std::optional<parsed_time> finish() const {
    using namespace std::chrono;
    const std::chrono::year y{static_cast<int>(year_)};
    sys_days date{};
    if (day_of_year_ != 0) {
      if (day_of_year_ == 366 && !y.is_leap()) return std::nullopt;
      date = sys_days{y / January / 1} + std::chrono::days{day_of_year_ - 1};
    } else {
      const year_month_day ymd{y, month{static_cast<unsigned>(month_)}, day{static_cast<unsigned>(day_)}};
      if (!ymd.ok()) return std::nullopt;
      date = sys_days{ymd};
    }
    const std::int64_t clock_hour = hour12_ != 0 ? hour12_ % 12 + (afternoon_ ? 12 : 0) : hour_;
    const std::int64_t clock = ((clock_hour * 60 + minute_) * 60 + second_) * 1'000'000 + micro_;
    return parsed_time{local_instant{date.time_since_epoch() + microseconds{clock}}, offset_};
  }

  std::string_view rest_;
  std::int64_t year_ = 0, month_ = 0, day_ = 0, day_of_year_ = 0;
  std::int64_t hour_ = 0, hour12_ = 0, minute_ = 0, second_ = 0, micro_ = 0;
  bool afternoon_ = false;
  std::optional<std::chrono::seconds> offset_;
};

}  // namespace

time_pattern::time_pattern(std::string_view pattern) : pattern_(expanded(pattern)) {
  const auto has = [&](std::string_view field) { return pattern_.find(field) != std::string::npos; };
  const bool year = has("%Y") || has("%y");
  const bool date = has("%j") || (has("%d") && (has("%m") || has("%b") || has("%B")));
  if (!year || !date)
    throw column_error("time_format \"" + std::string(pattern) +
                       "\" names no whole date: write \"dmy\", \"mdy\", \"ymd\" or a pattern such as "
                       "\"%d/%m/%Y %H:%M\"");
}

std::optional<parsed_time> time_pattern::read(std::string_view text) const {
  return pattern_reader(text).read(pattern_);
}

}  // namespace cxmetrics::engine_detail
