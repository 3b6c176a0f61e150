// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_SURVEY_ANSWERS_HPP
#define CXMETRICS_SRC_SURVEY_ANSWERS_HPP

// What every figure of a survey is read from: rows and weights by score, in real numbers. Of plain answers
// every weight is one, so that a figure has one formula.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>
#include <cxmetrics/state/weighted_counts.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/scale.hpp>

#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

class answers {
 public:
  static constexpr std::size_t scores = 11;
  using values = std::array<double, scores>;  ///< what each score is worth in a figure

  explicit answers(const counts<scores>& s);
  explicit answers(const weighted_counts<scores>& s);

  [[nodiscard]] bool weighted() const noexcept { return weighted_; }
  /// Rows with a score in first .. last.
  [[nodiscard]] std::uint64_t rows(int first, int last) const noexcept;
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows(0, scores - 1); }
  /// Their share of the weight, in per cent. There must be rows.
  [[nodiscard]] double percent(int first, int last) const noexcept;
  /// The sum of the weights; of plain answers the rows.
  [[nodiscard]] double total() const noexcept { return total_; }
  [[nodiscard]] double total_squares() const noexcept;
  /// The size of an unweighted sample of the same precision: (sum of weights)^2 / sum of squares.
  [[nodiscard]] double effective_n() const noexcept { return effective_n_; }
  /// The same share of the effective size: what intervals of shares are computed from.
  [[nodiscard]] proportion part(int first, int last) const noexcept;
  /// The sum of the weights of scores in first .. last; of plain answers their rows.
  [[nodiscard]] double weight(int first, int last) const noexcept;
  /// The sum of w y: of plain answers and their scores, the sum of the scores.
  [[nodiscard]] double sum(const values& worth) const noexcept;
  /// factor * sum of w y / sum of w. There must be rows.
  [[nodiscard]] double mean(const values& worth, double factor = 1) const noexcept;
  /// The linearised variance of that mean: sum of w^2 (y - mean)^2 / (sum of w)^2.
  [[nodiscard]] double variance(const values& worth) const noexcept;

 private:
  bool weighted_;
  std::array<std::uint64_t, scores> rows_{};
  values weight_{}, squares_{};
  double total_ = 0, effective_n_ = 0;
};

/// The score itself.
[[nodiscard]] answers::values score_values();
/// +1 from `up` on, -1 up to `down`, and 0 between; of a share nothing is down: -1.
[[nodiscard]] answers::values net_values(int up, int down);

/// The interval of a mean score on its scale: t of n - 1 degrees of freedom, n the effective size. Absent
/// where nothing is known of the spread: one answer, or all alike.
[[nodiscard]] std::optional<confidence_interval> mean_interval(const answers& a, const survey_scale& scale,
                                                               confidence c);
/// The interval of a share of scores less another, in points.
[[nodiscard]] confidence_interval net_interval(const answers& a, int up, int down, nps_interval method,
                                               confidence c);

/// What comparisons need, of a mean score, a share of scores, and a share less another.
void estimate_mean(result_parts& out, const answers& a);
void estimate_share(result_parts& out, const answers& a, int first, int last);
void estimate_net(result_parts& out, const answers& a, int up, int down);

/// Says what weights did to the figure factor * mean(worth); nothing of plain answers.
void describe_weights(result_parts& out, const answers& a, const answers::values& worth, double factor);

/// What stands before a count of rows in a formula that is filled in: "weight 2.5 of ", of plain answers
/// nothing.
[[nodiscard]] std::string weight_text(const answers& a, int first, int last);

/// The formula of a mean score with its sums filled in.
[[nodiscard]] std::string worked_mean(const answers& a);

/// "is this a 1-5 scale?", where many answers on a longer scale never pass five.
void note_short_scale(result_parts& out, const answers& a);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SRC_SURVEY_ANSWERS_HPP
