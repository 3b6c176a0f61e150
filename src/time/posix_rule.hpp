// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_TIME_POSIX_RULE_HPP
#define CXMETRICS_SRC_TIME_POSIX_RULE_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cxmetrics::time_detail {

/// When in a year the clock changes: the date part of a POSIX TZ rule, with the extensions of RFC 8536.
struct rule_date {
  enum class form : std::uint8_t {
    month_week_day,    // Mm.w.d: the w-th weekday d of month m, 5 is the last
    day_without_leap,  // Jn: 1..365, 29 February is never counted
    day_of_year        // n: 0..365, 29 February is counted
  };
  form how = form::month_week_day;
  std::uint16_t day = 0;
  std::uint8_t month = 0;
  std::uint8_t week = 0;
  std::int32_t seconds = 7200;  // local time of day, -167 h .. 167 h

  friend bool operator==(const rule_date&, const rule_date&) = default;
};

/// An offset that holds from an instant (seconds since 1970 UTC) on.
struct offset_change {
  std::int64_t at = 0;
  std::int32_t offset = 0;
};

/// Summer time that comes every year; offsets are in seconds east of UTC.
struct summer_time {
  std::int32_t standard_offset = 0;
  std::int32_t offset = 0;
  rule_date start;
  rule_date end;

  /// The two changes of a year in the order of their instants. Where one year ends as the next begins
  /// (summer time all year), the start comes after the end of the year before, and so wins.
  std::array<offset_change, 2> changes(int year) const;

  friend bool operator==(const summer_time&, const summer_time&) = default;
};

/// A POSIX TZ text such as "CET-1CEST,M3.5.0,M10.5.0/3": what the footer of a zone file says about later
/// years.
struct posix_rule {
  std::int32_t offset = 0;  // in standard time; the text counts seconds west, here they count east
  std::optional<summer_time> summer;

  /// nullopt for a text that does not follow the grammar, or names summer time without its dates.
  static std::optional<posix_rule> parse(std::string_view text);
};

}  // namespace cxmetrics::time_detail

#endif  // CXMETRICS_SRC_TIME_POSIX_RULE_HPP
