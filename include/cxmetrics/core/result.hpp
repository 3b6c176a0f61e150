// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_RESULT_HPP
#define CXMETRICS_CORE_RESULT_HPP

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <cxmetrics/core/ledger.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A number that may have no answer. Unlike a plain optional it cannot be compared with a number by accident
/// (an empty optional is smaller than 80): look first, then compare.
struct figure : std::optional<double> {
  using std::optional<double>::optional;

  friend bool operator==(const figure&, const figure&) = default;
  friend bool operator==(const figure& f, std::nullopt_t) noexcept { return !f.has_value(); }
  template <class T>
    requires std::is_arithmetic_v<T>
  friend bool operator==(const figure&, T) = delete;
  template <class T>
    requires std::is_arithmetic_v<T>
  friend auto operator<=>(const figure&, T) = delete;
  template <class T>
    requires std::is_arithmetic_v<T>
  friend bool operator<(const figure&, T) = delete;
  template <class T>
    requires std::is_arithmetic_v<T>
  friend bool operator>(const figure&, T) = delete;
  template <class T>
    requires std::is_arithmetic_v<T>
  friend bool operator<=(const figure&, T) = delete;
  template <class T>
    requires std::is_arithmetic_v<T>
  friend bool operator>=(const figure&, T) = delete;
};

/// A confidence interval in the unit of its value. Never called "interval" alone where time is near.
struct confidence_interval {
  double low = 0;
  double high = 0;
  double level = 0.95;
  std::string method;
  friend bool operator==(const confidence_interval&, const confidence_interval&) = default;
};

/// A number by name: the counts behind a figure, in the order in which people read them.
struct named_count {
  std::string name;
  std::uint64_t count = 0;
  friend bool operator==(const named_count&, const named_count&) = default;
};

/// What weights did to a figure.
struct weighting {
  double effective_n = 0;       ///< the size of an unweighted sample of the same precision, by Kish
  double standard_error = 0;    ///< of the value, in its unit; linearised, so it sees who has which weight
  double sum = 0, squares = 0;  ///< of the weights, and of their squares: effective_n is sum^2 / squares
  friend bool operator==(const weighting&, const weighting&) = default;
};

/// A parameter or word by name.
struct named_text {
  std::string name;
  std::string text;
  bool of_data = false;  ///< a fact of the rows, not of the definition: figures that differ in it compare
  friend bool operator==(const named_text&, const named_text&) = default;
};

/// What a comparison needs of a figure: its estimate by one method, and the variance of that estimator.
/// Estimates of independent rows differ with the sum of their variances. Absent where there is no answer.
struct estimate {
  std::string_view method{};  ///< "wald", "adjusted_wald", "order_statistics", "welch"
  figure value{};             ///< in the unit of the figure; an adjusted method's is not the figure itself
  figure variance{};          ///< of the estimator, in the unit squared
  figure freedom{};           ///< degrees of freedom of the variance; absent: the normal law serves
  std::string_view source{};  ///< of the two-sample method
  friend bool operator==(const estimate&, const estimate&) = default;
};

/// What people must know of a metric beside its number: one text for explain() and for its page in
/// docs/metrics.
struct description {
  std::string_view what{};         ///< one or two sentences
  std::string_view also_called{};  ///< by whom or when, where that matters
  std::string_view not_to_be_confused_with{};
  std::string_view excluded = "left out by the definition";  ///< why a row is not in the figure
  std::string_view invalid = "no value of its kind";
  std::string_view missing = "no value";
  std::string_view pending = "not decided yet";
  friend bool operator==(const description&, const description&) = default;
};

/// The defensible number: value, unit, interval, the counts behind it, the formula with its parameters, and
/// where every row went. What has no answer is absent, never 0 or 100.
struct result_parts {
  std::string metric;  ///< identifier of the definition: "service_level"
  std::string title;   ///< for people: "Service level 20s (offered)"
  std::string unit;    ///< "%" (0..100), "points" (-100..100), "s", "of 10" (mean scores)
  figure value;
  std::optional<confidence_interval> interval;  ///< absent where there is no answer
  cxmetrics::ledger ledger;                     ///< n() is what is counted
  std::vector<named_count> counts;
  std::optional<cxmetrics::weighting> weighting;  ///< of weighted rows; counts are always rows
  std::string formula;                            ///< in words and figures: "answered within 20s / offered"
  std::vector<named_text> parameters;
  std::vector<std::string> notes;  ///< odd but legal
  std::string source;              ///< paper, standard or product page
  /// What the value divides by: rows, or the sum of their weights. Absent where the value is no ratio of
  /// sums, as a median is: the figure of a whole is then no mean of the figures of its parts.
  figure denominator{};
  std::vector<estimate> estimates{};  ///< for comparisons; the first is the method of choice
  description about{};
  std::string worked{};  ///< the formula with {names} of counts and parameters, {n} and {value} to fill in
  friend bool operator==(const result_parts&, const result_parts&) = default;
};

class result {
 public:
  result() = default;
  explicit result(result_parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] const figure& value() const noexcept { return parts_.value; }
  [[nodiscard]] const std::optional<confidence_interval>& interval() const noexcept {
    return parts_.interval;
  }
  /// The rows in the figure's denominator.
  [[nodiscard]] std::uint64_t n() const noexcept { return parts_.ledger.counted; }
  /// All rows fed: n + excluded + invalid + missing + pending.
  [[nodiscard]] std::uint64_t rows() const noexcept { return parts_.ledger.rows(); }
  [[nodiscard]] const cxmetrics::ledger& ledger() const noexcept { return parts_.ledger; }
  [[nodiscard]] const std::vector<named_count>& counts() const noexcept { return parts_.counts; }
  /// What weights did; absent for figures of unweighted rows, and where there is no answer.
  [[nodiscard]] const std::optional<cxmetrics::weighting>& weighting() const noexcept {
    return parts_.weighting;
  }
  /// One count by its name; absent where the figure has none of that name.
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view name) const noexcept {
    for (const named_count& c : parts_.counts)
      if (c.name == name) return c.count;
    return std::nullopt;
  }
  [[nodiscard]] const std::string& metric() const noexcept { return parts_.metric; }
  [[nodiscard]] const std::string& title() const noexcept { return parts_.title; }
  [[nodiscard]] const std::string& unit() const noexcept { return parts_.unit; }
  [[nodiscard]] const std::string& formula() const noexcept { return parts_.formula; }
  [[nodiscard]] const std::vector<named_text>& parameters() const noexcept { return parts_.parameters; }
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return parts_.notes; }
  [[nodiscard]] const std::string& source() const noexcept { return parts_.source; }
  [[nodiscard]] const figure& denominator() const noexcept { return parts_.denominator; }
  [[nodiscard]] const std::vector<estimate>& estimates() const noexcept { return parts_.estimates; }
  [[nodiscard]] const description& about() const noexcept { return parts_.about; }

  /// One line for people: "NPS +30.0 points, 95 % [+14.1, +44.2], n = 100: 50 promoters, ...".
  [[nodiscard]] std::string to_text() const;
  /// All that defends the number, line by line: what it is and is not, the formula with the numbers filled
  /// in, what was left out and why, how the interval was made, notes, source. Lines with nothing to say are
  /// left out.
  [[nodiscard]] std::vector<named_text> explain() const;

  friend bool operator==(const result&, const result&) = default;

 private:
  result_parts parts_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_RESULT_HPP
