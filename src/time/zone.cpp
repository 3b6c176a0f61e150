// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/zone.hpp>

#include <cxmetrics/core/error.hpp>
#include "../core/quoted_text.hpp"
#include "calendar.hpp"
#include "offset_text.hpp"
#include "text.hpp"
#include "tzif.hpp"
#include "years.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>
#include <optional>

namespace cxmetrics {
inline namespace v0 {

struct zone::data {
  std::string name;
  time_detail::zone_table table;

  friend bool operator==(const data&, const data&) = default;
};

namespace {

using time_detail::check_years;
using time_detail::forever;
using time_detail::second_us;
using time_detail::zone_table;

// A calendar bucket of a time in the years 1 to 9999 may begin or end outside them, at most this far.
constexpr int bucket_years = 101;

instant at(std::int64_t microseconds) { return instant{duration{microseconds}}; }

zone_table fixed_table(std::int32_t offset) {
  return {{std::numeric_limits<std::int64_t>::min()}, {offset}, std::nullopt};
}

// The stretch after the last start of the table. The changes of three years surround the middle one.
offset_range range_by_rule(const zone_table& table, const time_detail::summer_time& summer, instant t) {
  const std::int64_t seconds = time_detail::floor_divide(t.time_since_epoch().count(), second_us);
  const std::int64_t day =
      std::clamp(time_detail::floor_divide(seconds, 86'400), time_detail::first_us / time_detail::day_us,
                 time_detail::past_us / time_detail::day_us - 1);
  const int year = int{time_detail::civil(day).year()};
  std::int64_t begin = table.starts.back();
  std::int64_t end = forever;
  std::int32_t offset = table.offsets.back();
  for (const int y : {year - 1, year, year + 1})
    for (const time_detail::offset_change& change : summer.changes(y)) {
      if (change.at > seconds) {
        end = std::min(end, change.at * second_us);
      } else if (change.at * second_us >= begin) {
        begin = change.at * second_us;
        offset = change.offset;
      }
    }
  return {at(begin), at(end), std::chrono::seconds{offset}};
}

struct resolution {
  local_kind kind;
  instant shifted;  // the instant, or the shifted one where there is none
  instant first;    // the instant, or the first one after the gap
};

// Offsets lie between -25 h and +26 h, so every instant that shows a local time lies in a window around it.
// Of the stretches there, each shows it at most once; between two of them it may fall into the gap.
resolution resolve(const zone& where, local_instant local) {
  const instant as_utc{local.time_since_epoch()};
  const instant last = as_utc + std::chrono::hours{26};
  std::optional<instant> found;
  resolution gap{local_kind::nonexistent, {}, {}};
  offset_range range = where.range_at(as_utc - std::chrono::hours{27});
  for (;;) {
    const instant t = as_utc - range.offset;
    if (range.contains(t)) {
      if (found) return {local_kind::ambiguous, *found, *found};
      found = t;
    }
    if (range.end > last) break;
    const offset_range next = where.range_at(range.end);
    if (t >= range.end && as_utc - next.offset < next.begin) gap = {local_kind::nonexistent, t, next.begin};
    range = next;
  }
  return found ? resolution{local_kind::unique, *found, *found} : gap;
}

struct registry {
  std::mutex mutex;
  std::vector<std::string> directories;
  std::map<std::string, zone, std::less<>> found;
};

registry& zones() {
  static registry all;
  return all;
}

// Names are paths below the database folder and may come from a data file: letters, digits and "_+-" in parts
// that are split by "/", so that no name leads out of the folder.
void check_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  bool good = !name.empty() && name.size() <= longest && name.back() != '/';
  char before = '/';
  for (const char c : name) {
    const bool word =
        time_detail::is_letter(c) || time_detail::is_digit(c) || c == '_' || c == '+' || c == '-';
    good = good && (word || (c == '/' && before != '/'));
    before = c;
  }
  if (!good)
    throw unit_error("zone " + quoted_text(name) +
                     " is no zone name: write one such as \"Europe/Amsterdam\", \"UTC\" or " + "\"+02:00\"");
}

std::vector<std::string> search_order(const std::vector<std::string>& directories) {
  std::vector<std::string> order;
  const auto add = [&order](const char* directory) {
    if (directory != nullptr && *directory != '\0' &&
        std::find(order.begin(), order.end(), directory) == order.end())
      order.emplace_back(directory);
  };
  for (const std::string& directory : directories) add(directory.c_str());
  add(std::getenv("CXMETRICS_TZDIR"));
  add(std::getenv("TZDIR"));
  for (const char* directory :
       {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"})
    add(directory);
  return order;
}

std::optional<std::string> read_file(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string bytes(time_detail::largest_zone_file + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.is_open() || file.bad())
    throw unit_error("zone file " + path + " cannot be read: check its permissions");
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

zone_table search(std::string_view name, const std::vector<std::string>& directories) {
  std::string tried;
  for (const std::string& directory : search_order(directories)) {
    const std::string path = directory + "/" + std::string(name);
    if (const std::optional<std::string> bytes = read_file(path)) return time_detail::read_tzif(*bytes, path);
    tried += (tried.empty() ? "" : ", ") + path;
  }
  throw unit_error(
      "zone " + quoted_text(name) + " is not in the zone database (tried " + tried +
      "): check the name, such as \"Europe/Amsterdam\", or install tzdata, or name its folder in " +
      "CXMETRICS_TZDIR");
}

}  // namespace

zone::zone() {
  static const auto utc = std::make_shared<const data>(data{"UTC", fixed_table(0)});
  data_ = utc;
}

zone zone::locate(std::string_view name) {
  if (name == "UTC" || name == "Etc/UTC" || name == "Z") return utc();
  if (const std::optional<std::int32_t> offset = time_detail::read_offset(name))
    return zone(std::make_shared<const data>(data{time_detail::offset_text(*offset), fixed_table(*offset)}));
  check_name(name);
  registry& all = zones();
  const std::lock_guard lock(all.mutex);
  const auto known = all.found.find(name);
  if (known != all.found.end()) return known->second;
  zone z(std::make_shared<const data>(data{std::string(name), search(name, all.directories)}));
  all.found.emplace(name, z);
  return z;
}

const std::string& zone::name() const noexcept { return data_->name; }

offset_range zone::range_at(instant t) const {
  const zone_table& table = data_->table;
  const auto after = std::upper_bound(table.starts.begin(), table.starts.end(), t.time_since_epoch().count());
  const auto i = static_cast<std::size_t>(after - table.starts.begin()) - 1;
  if (after == table.starts.end() && table.summer) return range_by_rule(table, *table.summer, t);
  return {at(table.starts[i]), at(after == table.starts.end() ? forever : *after),
          std::chrono::seconds{table.offsets[i]}};
}

local_instant zone::to_local(instant t) const {
  check_years(t.time_since_epoch().count(), time_detail::first_year, time_detail::last_year);
  return local_instant{t.time_since_epoch() + offset_at(t)};
}

instant zone::to_instant(local_instant local, local_kind& kind) const {
  check_years(local.time_since_epoch().count(), time_detail::first_year, time_detail::last_year);
  const resolution r = resolve(*this, local);
  kind = r.kind;
  return r.shifted;
}

instant zone::first_at_or_after(local_instant local) const {
  check_years(local.time_since_epoch().count(), time_detail::first_year - bucket_years,
              time_detail::last_year + bucket_years);
  return resolve(*this, local).first;
}

bool operator==(const zone& a, const zone& b) { return a.data_ == b.data_ || *a.data_ == *b.data_; }

void offset_lookup::seek(instant t) {
  check_years(t.time_since_epoch().count(), time_detail::first_year, time_detail::last_year);
  // No offset differs from its neighbour by more than 51 h.
  constexpr std::chrono::hours margin{52};
  now_ = zone_.range_at(t);
  now_.begin = std::max(now_.begin, at(time_detail::first_us));
  now_.end = std::min(now_.end, at(time_detail::past_us));
  unique_from_ = local_instant{now_.begin.time_since_epoch() + now_.offset + margin};
  unique_to_ = local_instant{now_.end.time_since_epoch() + now_.offset - margin};
}

instant offset_lookup::seek(local_instant local, local_kind& kind) {
  const instant t = zone_.to_instant(local, kind);
  if (!now_.contains(t)) seek(std::clamp(t, at(time_detail::first_us), at(time_detail::past_us - 1)));
  return t;
}

void set_zone_directories(std::vector<std::string> directories) {
  registry& all = zones();
  const std::lock_guard lock(all.mutex);
  all.directories = std::move(directories);
  all.found.clear();
}

}  // namespace v0
}  // namespace cxmetrics
