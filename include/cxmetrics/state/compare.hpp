// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_COMPARE_HPP
#define CXMETRICS_STATE_COMPARE_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// One figure less another of the same definition and of other, independent rows.
struct comparison {
  std::string metric;                           ///< identifier of the definition
  std::string title;                            ///< for people: "NPS"
  std::string unit;                             ///< "points" for figures in points and in per cent; "s"
  figure value;                                 ///< result - baseline; absent unless both have an answer
  figure centre;                                ///< the difference of the method's estimates: what z rests on
  std::optional<confidence_interval> interval;  ///< about the centre, within the scale; it holds the value
  figure z;                                     ///< centre / its standard error
  figure p;  ///< two-sided: how often chance alone would bring a |z| as large, 0 .. 1
  std::string method;
  std::uint64_t n = 0, baseline_n = 0;
  std::string formula;
  std::vector<std::string> notes;  ///< of both figures, and why there is no interval
  std::string source;              ///< of the two-sample method
  friend bool operator==(const comparison&, const comparison&) = default;

  /// One line for people: "NPS -15.0 points  95 % [-35.4, +6.2]  z = -1.37, p = 0.170  n = 100 against 100".
  [[nodiscard]] std::string to_text() const;
};

/// Compares a figure with a baseline. Method: one of the figure's estimates, the first by default; z is of
/// the normal law, or of Student's where the estimates have degrees of freedom (Welch). Comparing the other
/// way round turns every sign. Absent: value, interval, z and p where a figure has no answer; interval, z and
/// p where the method has no variance, because rows are too few or all alike; a note says which. Errors:
/// error for unlike definitions, naming what differs, and for a method that the figures do not have.
[[nodiscard]] comparison compare(const result& r, const result& baseline, std::string_view method = {},
                                 confidence c = {});

/// Holm's step-down correction of many looks: the smallest level of all looks together at which each would be
/// called different from 0. Absent ones are no looks. Source: Holm, Scandinavian Journal of Statistics 6
/// (1979) 65.
[[nodiscard]] std::vector<figure> holm(std::span<const figure> p);

/// The same stratum on both sides of a comparison.
struct stratum {
  result now;
  result baseline;
};

/// A change in two parts, which sum to it: what changed because strata have other shares of the rows, and
/// what changed within them.
struct change_split {
  figure mix;
  figure within;
  std::optional<confidence_interval> interval;  ///< of the part within, the shares taken as they are
  figure z, p;                                  ///< of the part within
  std::string method;
  std::vector<std::string> notes;
  friend bool operator==(const change_split&, const change_split&) = default;
};

/// Splits a change symmetrically: with the shares w of the rows and the figures r of each stratum,
///   mix    = sum (w - w0) (r + r0) / 2
///   within = sum (w + w0) / 2 (r - r0).
/// A stratum that stands on one side only changes the mix and nothing within it. Absent where a side has no
/// rows. Errors: error for unlike definitions, and for figures that are no ratio of sums, as medians are.
/// Source: Kitagawa, Journal of the American Statistical Association 50 (1955) 1168.
[[nodiscard]] change_split split_change(std::span<const stratum> strata, std::string_view method = {},
                                        confidence c = {});

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_COMPARE_HPP
