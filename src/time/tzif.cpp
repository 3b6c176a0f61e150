// SPDX-License-Identifier: Apache-2.0
#include "tzif.hpp"

#include <cxmetrics/core/error.hpp>

#include "../core/quoted_text.hpp"
#include "calendar.hpp"
#include "text.hpp"
#include "years.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace cxmetrics::time_detail {

namespace {

constexpr int written_out_to = 2100;

class tzif_reader {
 public:
  tzif_reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  zone_table read() {
    header first = read_header();
    if (first.version == '\0') {
      read_block(first, 4);
      return table_;
    }
    take(first.length(4), "the 32-bit block");
    read_block(read_header(), 8);
    read_footer();
    return table_;
  }

 private:
  struct header {
    char version = '\0';
    std::size_t utc_flags = 0;
    std::size_t standard_flags = 0;
    std::size_t leaps = 0;
    std::size_t times = 0;
    std::size_t types = 0;
    std::size_t letters = 0;

    std::size_t length(std::size_t word) const {
      return times * (word + 1) + types * 6 + letters + leaps * (word + 4) + standard_flags + utc_flags;
    }
  };

  [[noreturn]] void damaged(const std::string& what) const {
    throw unit_error("zone file " + file_ + " is damaged or no TZif file: " + what +
                     "; reinstall the zone database (tzdata) or name another folder in CXMETRICS_TZDIR");
  }

  std::string_view take(std::size_t n, const char* what) {
    if (n > bytes_.size()) damaged("it ends inside " + std::string(what));
    const std::string_view taken = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return taken;
  }

  // Big-endian two's complement of 4 or 8 bytes.
  static std::int64_t integer(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return bytes.size() == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                             : static_cast<std::int64_t>(value);
  }

  std::size_t count(const char* what) {
    const std::int64_t n = integer(take(4, "its header"));
    if (n < 0 || static_cast<std::size_t>(n) > largest_zone_file)
      damaged("the number of " + std::string(what));
    return static_cast<std::size_t>(n);
  }

  header read_header() {
    if (take(4, "its header") != "TZif") damaged("it does not begin with TZif");
    header h;
    h.version = take(16, "its header").front();
    h.utc_flags = count("UTC flags");
    h.standard_flags = count("standard-time flags");
    h.leaps = count("leap seconds");
    h.times = count("changes");
    h.types = count("local time types");
    h.letters = count("letters");
    if (h.types == 0 || h.types > 256) damaged("the number of local time types");
    return h;
  }

  void read_block(const header& h, std::size_t word) {
    const std::string_view times = take(h.times * word, "its changes");
    const std::string_view kinds = take(h.times, "its changes");
    const std::string_view types = take(h.types * 6, "its local time types");
    take(h.length(word) - times.size() - kinds.size() - types.size(), "its last tables");
    if (h.leaps != 0)
      throw unit_error("zone file " + file_ +
                       " counts leap seconds, which instants do not: use the same zone from a " +
                       "folder other than \"right\"");
    const auto offset_of = [&](std::size_t type) {
      if (type >= h.types) damaged("a change to an unknown local time type");
      const std::int64_t offset = integer(types.substr(type * 6, 4));
      if (offset < -89'999 || offset > 93'599) damaged("an offset of " + std::to_string(offset) + " s");
      return static_cast<std::int32_t>(offset);
    };
    table_.starts = {std::numeric_limits<std::int64_t>::min()};
    table_.offsets = {offset_of(0)};
    std::int64_t before = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < h.times; ++i) {
      last_ = integer(times.substr(i * word, word));
      if (i > 0 && last_ <= before) damaged("its changes are not in ascending order");
      before = last_;
      append({last_, offset_of(static_cast<unsigned char>(kinds[i]))});
    }
    has_times_ = h.times > 0;
  }

  void read_footer() {
    if (take(1, "its footer") != "\n") damaged("no footer after the 64-bit block");
    const std::size_t end = bytes_.find('\n');
    if (end == std::string_view::npos) damaged("the footer has no end");
    const std::string_view text = bytes_.substr(0, end);
    if (text.empty()) return;
    const std::optional<posix_rule> rule = posix_rule::parse(text);
    if (!rule) damaged("the rule " + quoted_text(text) + " in its footer");
    if (!has_times_) table_.offsets = {rule->offset};
    table_.summer = rule->summer;
    if (!has_times_ || !rule->summer) return;
    const std::int64_t last_day =
        std::clamp(floor_divide(last_, 86'400), day_number(first_year, 1, 1), day_number(last_year, 12, 31));
    const int year_of_last = int{civil(last_day).year()};
    for (int year = year_of_last - 1; year <= std::max(written_out_to, year_of_last + 1); ++year)
      for (const offset_change& change : rule->summer->changes(year))
        if (change.at > last_) append(change);
  }

  void append(const offset_change& change) {
    constexpr std::int64_t most = forever / second_us;
    if (change.offset == table_.offsets.back()) return;
    table_.starts.push_back(std::clamp(change.at, -most, most) * second_us);
    table_.offsets.push_back(change.offset);
  }

  std::string_view bytes_;
  const std::string& file_;
  zone_table table_;
  std::int64_t last_ = 0;
  bool has_times_ = false;
};

}  // namespace

zone_table read_tzif(std::string_view bytes, const std::string& file) {
  if (bytes.size() > largest_zone_file)
    throw unit_error("zone file " + file +
                     " is larger than any zone file: name a zone such as \"Europe/Amsterdam\"");
  return tzif_reader(bytes, file).read();
}

}  // namespace cxmetrics::time_detail
