// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TIME_BUCKET_HPP
#define CXMETRICS_TIME_BUCKET_HPP

#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/time/zone.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cxmetrics {
inline namespace v0 {

enum class bucket_unit : std::uint8_t { second, minute, hour, day, week, month, quarter, year };

/// The length of a bucket: "30min", "15s", "1h", "d", "w", "mo", "3mo", "q", "y".
/// Seconds, minutes and hours are elapsed time from local midnight, at most a day; the others follow the
/// local calendar, at most a hundred years, days and weeks counted from 1970, months and years from year 0.
struct every {
  bucket_unit unit = bucket_unit::day;
  std::int32_t count = 1;

  /// True of s, min and h.
  constexpr bool is_clock() const noexcept { return unit <= bucket_unit::hour; }

  friend bool operator==(const every&, const every&) = default;
};

/// Reads a bucket length; no number means 1.
/// Errors (unit_error, with the remedy): "m" and "M" (minutes or months?), an unknown unit, a bare number, 0,
/// a negative or decimal number, more than a day of s, min, h.
every parse_every(std::string_view text);

/// The text that parse_every reads: "30min", "1d".
std::string format_every(every length);

/// Cuts time into buckets [start, next(start)), labelled by their start, without gaps and without empty ones.
/// A day begins at local midnight; where the clock jumps over midnight, at the first instant after the jump;
/// where midnight comes twice, at the earlier. So half hours are 50 in a day of 25 hours, and 46 in one of
/// 23; a length that does not divide the day starts anew at midnight, and its last bucket is cut.
/// Errors (unit_error): an instant outside the years 1 to 9999; a length that parse_every refuses.
/// Cost: two compares for times in the bucket of the last one; a division for clock buckets of days seen
/// lately (16 kB of memory); else a search in the zone. Not for use by two threads at a time; copy it.
class bucketer {
 public:
  bucketer(every length, zone where, std::chrono::weekday week_start = std::chrono::Monday);

  every length() const noexcept { return length_; }
  const zone& where() const noexcept { return zone_; }
  std::chrono::weekday week_start() const noexcept { return week_start_; }

  /// The start of the bucket that holds t.
  instant floor(instant t) {
    if (t < now_.begin || now_.end <= t) now_ = find(t);
    return now_.begin;
  }

  /// The end of the bucket that begins at `start`, which is the start of the next.
  instant next(instant start) {
    floor(start);
    return now_.end;
  }

  /// floor of a column; both of one length, and they may be the same.
  void floor(std::span<const instant> times, std::span<instant> starts);

 private:
  struct stretch {
    instant begin;
    instant end;
  };

  stretch find(instant t);
  stretch period(instant t) const;

  every length_;
  zone zone_;
  std::chrono::weekday week_start_;
  std::chrono::seconds offset_;
  duration clock_length_;        // of s, min, h; 0 of the others
  stretch now_{};                // the bucket of the last time
  std::vector<stretch> recent_;  // days or calendar periods seen lately, by day number
};

/// Folds buckets into the profile of a local day ("1d") or week ("1w"): which place in it has the bucket of
/// an instant? Places are wall-clock times on the grid of the bucket length, so every day has the same ones:
/// the hour that comes twice counts in one place, the hour that is jumped over in none.
/// Errors (unit_error): a cycle other than "1d" or "1w", a bucket longer than a day.
class bucket_fold {
 public:
  bucket_fold(every length, every cycle, zone where, std::chrono::weekday week_start = std::chrono::Monday);

  /// Seconds from local midnight, or from the local start of the week, to the place of the bucket of t.
  std::chrono::seconds position(instant t) {
    const instant start = buckets_.floor(t);
    if (start != start_) seek(start);
    return position_;
  }

 private:
  void seek(instant start);

  bucketer buckets_;
  offset_lookup offsets_;
  bool weekly_;
  std::chrono::seconds grid_;
  instant start_ = instant::min();
  std::chrono::seconds position_{};
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_TIME_BUCKET_HPP
