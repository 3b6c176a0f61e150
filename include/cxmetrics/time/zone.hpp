// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TIME_ZONE_HPP
#define CXMETRICS_TIME_ZONE_HPP

#include <cxmetrics/core/instant.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cxmetrics {
inline namespace v0 {

/// What the clock on the wall shows, in microseconds; which instant it is, only a zone can say.
using local_instant = std::chrono::local_time<std::chrono::microseconds>;

/// How many instants a local time has. Ambiguous (the clock went back): the earlier is taken.
/// Nonexistent (the clock went forward): shifted forward by the length of the gap, as zoneinfo (fold=0) and
/// java.time do.
enum class local_kind : std::uint8_t { unique, ambiguous, nonexistent };

/// A stretch of time, [begin, end), in which the offset from UTC does not change.
struct offset_range {
  instant begin;
  instant end;
  std::chrono::seconds offset;  // east of UTC is positive

  bool contains(instant t) const noexcept { return begin <= t && t < end; }
};

/// The rules of civil time of a place: "Europe/Amsterdam". A value: cheap to copy, safe between threads.
/// Range: instants and local times in the years 1 to 9999, others throw unit_error; offset_at and range_at
/// answer for every instant.
/// Source: the TZif files of the machine (RFC 8536), with the rule in their footer.
class zone {
 public:
  /// UTC, which needs no database.
  zone();
  static zone utc() { return {}; }

  /// A zone by its name in the database, or a fixed offset "+02:00"; "UTC", "Etc/UTC", "Z" and offsets need
  /// no database. Zones once found are kept until set_zone_directories.
  /// Errors (unit_error): an unknown or impossible name, with every path that was tried; a damaged file.
  /// Cost: one file read, later one map lookup.
  static zone locate(std::string_view name);

  const std::string& name() const noexcept;

  /// The stretch that holds an instant. Cost: a binary search up to 2100, then the rule of the zone.
  offset_range range_at(instant t) const;
  std::chrono::seconds offset_at(instant t) const { return range_at(t).offset; }

  local_instant to_local(instant t) const;
  instant to_instant(local_instant local, local_kind& kind) const;

  /// The first instant at which the clock shows the local time, or has jumped over it: where a day begins.
  /// Answers for a century beyond the years 1 to 9999 too.
  instant first_at_or_after(local_instant local) const;

  /// Equal names and equal rules.
  friend bool operator==(const zone& a, const zone& b);

  struct data;

 private:
  explicit zone(std::shared_ptr<const data> rules) : data_(std::move(rules)) {}
  std::shared_ptr<const data> data_;
};

/// A zone that remembers the stretch it was last asked about: nearby times cost two compares each.
/// Not for use by two threads at a time; copy it.
class offset_lookup {
 public:
  explicit offset_lookup(zone where) : zone_(std::move(where)) {}

  const zone& where() const noexcept { return zone_; }

  local_instant to_local(instant t) {
    if (!now_.contains(t)) seek(t);
    return local_instant{t.time_since_epoch() + now_.offset};
  }

  instant to_instant(local_instant local, local_kind& kind) {
    if (local < unique_from_ || unique_to_ <= local) return seek(local, kind);
    kind = local_kind::unique;
    return instant{local.time_since_epoch() - now_.offset};
  }

 private:
  void seek(instant t);
  instant seek(local_instant local, local_kind& kind);

  zone zone_;
  offset_range now_{};           // empty at first, never outside the years 1 to 9999
  local_instant unique_from_{};  // the local times in it that no other offset can show
  local_instant unique_to_{};
};

/// Where zone files are looked for first, in this order; then in the folder of the environment variables
/// CXMETRICS_TZDIR and TZDIR, then in /usr/share/zoneinfo, /usr/lib/zoneinfo, /usr/share/lib/zoneinfo and
/// /etc/zoneinfo. Forgets all zones found before; zones already held keep their rules. Safe between threads.
void set_zone_directories(std::vector<std::string> directories);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_TIME_ZONE_HPP
