// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TIME_DURATION_TEXT_HPP
#define CXMETRICS_TIME_DURATION_TEXT_HPP

#include <cxmetrics/core/instant.hpp>

#include <string>
#include <string_view>

namespace cxmetrics {
inline namespace v0 {

/// A length of time written by a person: "20s", "500ms", "1.5h", "1h30min", "7d", or ISO 8601 "PT20S", "P7D".
/// Units: w, d, h, min, s, ms, us, each at most once and the larger first; only the last may have decimals.
/// Range: 0 to the largest duration, in whole microseconds; d is 24 h, w is 7 d.
/// Errors (unit_error, with the text and the remedy): a bare number, "m" and "M" (minutes or months?), months
/// and years (no fixed length), a negative length, an unknown unit, a part of a microsecond, overflow.
duration parse_duration(std::string_view text);

/// The exact text in days, hours, minutes and seconds, as short as that allows: "20s", "7d", "1h30min",
/// "1.5s", "250ms". parse_duration reads it back; not so a negative length (a difference), which begins with
/// "-".
std::string format_duration(duration length);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_TIME_DURATION_TEXT_HPP
