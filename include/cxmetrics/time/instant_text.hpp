// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TIME_INSTANT_TEXT_HPP
#define CXMETRICS_TIME_INSTANT_TEXT_HPP

#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/time/zone.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cxmetrics {
inline namespace v0 {

/// A date and time as written: what the clock shows, and the offset from UTC where the text names one.
struct parsed_time {
  local_instant local;
  std::optional<std::chrono::seconds> offset;  // absent: naive, only a zone turns it into an instant

  friend bool operator==(const parsed_time&, const parsed_time&) = default;
};

/// The order of day, month and year in a date of numbers; no text can say which, so the caller does.
enum class date_order : std::uint8_t { dmy, mdy, ymd };

/// Reads ISO 8601 and RFC 3339: "2018-05-01", "2018-05-01 20:23", "2018-05-01T20:23:00.123456+02:00", "...Z".
/// Digits after the sixth decimal are cut off; spaces around the text are passed over.
/// nullopt: anything else, also a date or hour that does not exist (30 February, 24:00, second 60).
std::optional<parsed_time> parse_iso_time(std::string_view text) noexcept;

/// Reads a date of numbers in a given order, with "/", "-" or "." between and days and months of one or two
/// digits: "1/5/2018", "29.02.2016 1:16", "2018/5/1 20:23:05.5". The time is as in ISO, its hour may have one
/// digit. A year has four digits: one of two could be of any century, or a day. nullopt: anything else.
std::optional<parsed_time> parse_date_time(std::string_view text, date_order order) noexcept;

/// The instant of a time as written: by its own offset, or else by the zone, whose doubts go into `kind`.
instant to_instant(const parsed_time& time, offset_lookup& zone, local_kind& kind);

/// RFC 3339 in the local time of a zone, with microseconds where there are some: "2026-11-23T23:48:15+01:00";
/// "Z" in UTC. Offsets with seconds, of the time before zones, are written in full ("+00:19:32").
/// Errors (unit_error): an instant outside the years 1 to 9999.
std::string format_instant(instant t, const zone& where);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_TIME_INSTANT_TEXT_HPP
