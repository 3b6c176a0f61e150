// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_TIME_PATTERN_HPP
#define CXMETRICS_SRC_ENGINE_TIME_PATTERN_HPP

#include <optional>
#include <string>
#include <string_view>

#include "cxmetrics/time/instant_text.hpp"

namespace cxmetrics::engine_detail {

/// Times in a pattern of strptime: %Y %y %m %d %j %b %B %a %A %H %I %p %M %S %f %z %T %D %F %R %%; names of
/// months and days in English whatever the locale; a blank stands for any number of blanks. %y is 1969 to
/// 2068, as in POSIX. Errors (column_error): a pattern without year, month and day, or with anything else
/// after a %.
class time_pattern {
 public:
  explicit time_pattern(std::string_view pattern);

  /// Absent where the text does not follow the pattern to its end, or names no real date.
  [[nodiscard]] std::optional<parsed_time> read(std::string_view text) const;

 private:
  std::string pattern_;
};

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_TIME_PATTERN_HPP
