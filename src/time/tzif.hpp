// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_TIME_TZIF_HPP
#define CXMETRICS_SRC_TIME_TZIF_HPP

#include "posix_rule.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cxmetrics::time_detail {

/// What a zone file says: offsets[i] (seconds east of UTC) holds from starts[i] (microseconds) to the next
/// start; starts[0] is the beginning of time. After the last start comes summer time, where a rule says so.
/// Neighbours differ: changes of name or of the summer-time flag alone are left out.
struct zone_table {
  std::vector<std::int64_t> starts;
  std::vector<std::int32_t> offsets;
  std::optional<summer_time> summer;

  friend bool operator==(const zone_table&, const zone_table&) = default;
};

/// Zone files are at most a few kilobytes; larger ones are refused.
inline constexpr std::size_t largest_zone_file = std::size_t{1} << 18;

/// Reads the bytes of a TZif file, versions 1 to 4 (RFC 8536, RFC 9636). The rule of its footer is written
/// out to the end of the year 2100, so that a search in the table answers for the present. Errors
/// (unit_error): damage, with the file.
zone_table read_tzif(std::string_view bytes, const std::string& file);

}  // namespace cxmetrics::time_detail

#endif  // CXMETRICS_SRC_TIME_TZIF_HPP
