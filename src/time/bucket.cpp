// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/bucket.hpp>

#include <cxmetrics/core/error.hpp>
#include "../core/quoted_text.hpp"
#include "calendar.hpp"
#include "text.hpp"
#include "years.hpp"

#include <array>
#include <cstddef>

namespace cxmetrics {
inline namespace v0 {

namespace {

using time_detail::civil;
using time_detail::day_number;
using time_detail::day_us;
using time_detail::floor_divide;
using time_detail::second_us;

constexpr std::string_view good_buckets = R"(write one such as "30min", "1h", "d", "w", "mo", "q", "y")";

struct bucket_step {
  std::string_view name;
  std::int32_t most;    // of clock units a day, of the others a hundred years
  std::int32_t length;  // in seconds, days or months
};

// In the order of bucket_unit.
constexpr std::array<bucket_step, 8> steps{{{"s", 86'400, 1},
                                            {"min", 1'440, 60},
                                            {"h", 24, 3'600},
                                            {"d", 36'525, 1},
                                            {"w", 5'218, 7},
                                            {"mo", 1'200, 1},
                                            {"q", 400, 3},
                                            {"y", 100, 12}}};

const bucket_step& of(bucket_unit u) { return steps[static_cast<std::size_t>(u)]; }

void check(every length, std::string_view text) {
  if (length.count >= 1 && length.count <= of(length.unit).most) return;
  throw unit_error("bucket length " + quoted_text(text) + " is outside 1 to " +
                   std::to_string(of(length.unit).most) + " " + std::string(of(length.unit).name) +
                   (length.is_clock()
                        ? ": clock buckets start anew at midnight; for longer ones write days, \"2d\""
                        : ": write a shorter one"));
}

// Calendar buckets are numbered: bucket i is [first_day(i), first_day(i + 1)) in local days since 1970.
class calendar_grid {
 public:
  calendar_grid(every length, std::chrono::weekday week_start)
      : months_(length.unit >= bucket_unit::month),
        size_(std::int64_t{length.count} * of(length.unit).length),
        // 1970-01-01 is a Thursday, the fourth day of a week that starts on Monday.
        anchor_(length.unit == bucket_unit::week ? -std::int64_t{(std::chrono::Thursday - week_start).count()}
                                                 : 0) {}

  std::int64_t index(std::int64_t day) const {
    if (!months_) return floor_divide(day - anchor_, size_);
    const date::year_month_day d = civil(day);
    return floor_divide(int{d.year()} * 12 + static_cast<int>(unsigned{d.month()}) - 1, size_);
  }

  std::int64_t first_day(std::int64_t i) const {
    if (!months_) return anchor_ + i * size_;
    const std::int64_t year = floor_divide(i * size_, 12);
    return day_number(static_cast<int>(year), static_cast<unsigned>(i * size_ - year * 12 + 1), 1);
  }

 private:
  bool months_;
  std::int64_t size_;
  std::int64_t anchor_;
};

std::int64_t day_of(local_instant local) { return floor_divide(local.time_since_epoch().count(), day_us); }

}  // namespace

every parse_every(std::string_view text) {
  const std::string_view trimmed = time_detail::trim(text);
  std::size_t n = 0;
  std::int64_t count = 0;
  while (n < trimmed.size() && time_detail::is_digit(trimmed[n])) {
    count = count > 100'000 ? count : count * 10 + (trimmed[n] - '0');
    ++n;
  }
  const std::string number(trimmed.substr(0, n));
  const std::string_view name = time_detail::trim(trimmed.substr(n));
  if (name == "m" || name == "M")
    throw unit_error("bucket length " + quoted_text(text) + " is ambiguous: write \"" + number +
                     "min\" for minutes or \"" + number + "mo\" for months");
  if (name.empty() && n > 0)
    throw unit_error("bucket length " + quoted_text(text) + " has no unit: write \"" + number +
                     "min\" for minutes, or " + "another unit of s, h, d, w, mo, q, y");
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].name == name) {
      const every length{static_cast<bucket_unit>(i), n == 0 ? 1 : static_cast<std::int32_t>(count)};
      check(length, text);
      return length;
    }
  throw unit_error("bucket length " + quoted_text(text) + " is none: " + std::string(good_buckets));
}

std::string format_every(every length) {
  return std::to_string(length.count) + std::string(of(length.unit).name);
}

bucketer::bucketer(every length, zone where, std::chrono::weekday week_start)
    : length_(length),
      zone_(std::move(where)),
      week_start_(week_start),
      offset_(zone_.offset_at(instant{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}})),
      clock_length_(length.is_clock() ? std::int64_t{length.count} * of(length.unit).length * second_us : 0) {
  check(length, format_every(length));
  if (!week_start.ok()) throw unit_error("week_start is no day of the week: write std::chrono::Monday");
}

void bucketer::floor(std::span<const instant> times, std::span<instant> starts) {
  if (times.size() != starts.size())
    throw column_error(std::to_string(times.size()) + " times and room for " + std::to_string(starts.size()) +
                       " starts: give columns of one length");
  for (std::size_t i = 0; i < times.size(); ++i) starts[i] = floor(times[i]);
}

// The slot of a time is the number of its day, at the zone's offset of 2020: whether the stretch in the slot
// holds the time is checked, so another offset costs a miss and never a wrong answer.
bucketer::stretch bucketer::find(instant t) {
  constexpr std::size_t slots = 1024;
  time_detail::check_years(t.time_since_epoch().count(), time_detail::first_year, time_detail::last_year);
  if (recent_.empty()) recent_.resize(slots);
  const std::int64_t day = day_of(local_instant{t.time_since_epoch() + offset_});
  stretch& slot = recent_[static_cast<std::uint64_t>(day) % slots];
  if (t < slot.begin || slot.end <= t) slot = period(t);
  if (clock_length_ == duration::zero()) return slot;
  const instant begin = slot.begin + (t - slot.begin) / clock_length_ * clock_length_;
  return {begin, std::min(begin + clock_length_, slot.end)};
}

// The local date of t nearly always names its period. It does not where the clock goes back over midnight:
// the end of the old day then comes again after the new one has begun, and belongs to the new one. And whole
// days can be missing (Samoa, 30 December 2011): their period is empty, and no t lies in it.
bucketer::stretch bucketer::period(instant t) const {
  const calendar_grid grid(length_.is_clock() ? every{bucket_unit::day, 1} : length_, week_start_);
  const auto begin_of = [&](std::int64_t i) {
    return zone_.first_at_or_after(local_instant{duration{grid.first_day(i) * day_us}});
  };
  std::int64_t i = grid.index(day_of(zone_.to_local(t)));
  instant begin = begin_of(i);
  instant end = begin_of(i + 1);
  while (end <= t) {
    ++i;
    begin = end;
    end = begin_of(i + 1);
  }
  return {begin, end};
}

bucket_fold::bucket_fold(every length, every cycle, zone where, std::chrono::weekday week_start)
    : buckets_(length, where, week_start),
      offsets_(std::move(where)),
      weekly_(cycle.unit == bucket_unit::week),
      grid_(length.is_clock() ? std::int64_t{length.count} * of(length.unit).length : 86'400) {
  if (cycle != every{bucket_unit::day, 1} && cycle != every{bucket_unit::week, 1})
    throw unit_error("buckets cannot be folded into " + quoted_text(format_every(cycle)) +
                     ": write \"1d\" or \"1w\"");
  if (!length.is_clock() && length != every{bucket_unit::day, 1})
    throw unit_error("buckets of " + quoted_text(format_every(length)) +
                     " do not fold into a day or week: " + "write one of at most a day, such as \"30min\"");
}

void bucket_fold::seek(instant start) {
  const local_instant local = offsets_.to_local(start);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const auto clock = std::chrono::floor<std::chrono::seconds>(local - midnight);
  position_ = clock / grid_ * grid_;
  if (weekly_) position_ += std::chrono::weekday{midnight} - buckets_.week_start();
  start_ = start;
}

}  // namespace v0
}  // namespace cxmetrics
