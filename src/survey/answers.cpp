// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <string>

#include <cxmetrics/state/estimates.hpp>

#include "../core/number_text.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

constexpr double step = 1.0 / static_cast<double>(weight_one);

// An NPS by its parts, in answers: `n` need not be whole.
struct groups {
  double up, down, n;
};

// Each answer is +1, 0 or -1, so one answer has the variance v = p + d - (p - d)^2, and the mean of n has v /
// n.
confidence_interval wald(groups g, confidence c, const char* method) {
  const double p = g.up / g.n, d = g.down / g.n;
  const double half = c.z() * std::sqrt(std::max(0.0, p + d - (p - d) * (p - d)) / g.n);
  return {100 * std::max(-1.0, p - d - half), 100 * std::min(1.0, p - d + half), c.level(), method};
}

// Tango's score test for a difference of paired proportions; an NPS has exactly that structure. With b
// promoters and c detractors of n and a supposed difference t, the likelihood is greatest where the share of
// detractors is the larger root q of 2n q^2 + ((2n - b + c) t - b - c) q - c t (1 - t) = 0, and the statistic
// is (b - c - n t) / sqrt(n (2 q + t (1 - t))). Source: Tango, Statistics in Medicine 17 (1998) 891.
double score_statistic(groups g, double t) {
  const double a = 2 * g.n;
  const double b = -g.up - g.down + (2 * g.n - g.up + g.down) * t;
  const double c = -g.down * t * (1 - t);
  const double q = (std::sqrt(std::max(0.0, b * b - 4 * a * c)) - b) / (2 * a);
  const double variance = g.n * (2 * q + t * (1 - t));
  const double distance = g.up - g.down - g.n * t;
  if (variance > 0) return distance / std::sqrt(variance);
  return distance > 0 ? HUGE_VAL : distance < 0 ? -HUGE_VAL : 0;
}

// The statistic falls as t rises: bisection to the last bit, 64 halvings of an interval of length 2.
double where_score_is(groups g, double wanted) {
  double low = -1, high = 1;
  for (int step_number = 0; step_number < 64; ++step_number) {
    const double middle = (low + high) / 2;
    (score_statistic(g, middle) > wanted ? low : high) = middle;
  }
  return (low + high) / 2;
}

confidence_interval score(groups g, confidence c) {
  const double low = g.down == g.n ? -1 : where_score_is(g, c.z());
  const double high = g.up == g.n ? 1 : where_score_is(g, -c.z());
  return {100 * low, 100 * high, c.level(), "score"};
}

// The value that t of so many degrees of freedom exceeds with a probability of `tail`: infinity where no
// double holds it, as with the effective size of one answer and hardly another.
double t_quantile(double freedom, double tail) {
  using namespace boost::math::policies;
  using student = boost::math::students_t_distribution<double, policy<overflow_error<ignore_error>>>;
  constexpr double least_freedom = 1.0 / 64;  // below it the quantile is beyond any scale
  if (freedom < least_freedom) return HUGE_VAL;
  return boost::math::quantile(boost::math::complement(student(freedom), tail));
}

}  // namespace

answers::answers(const counts<scores>& s) : weighted_(false) {
  for (std::size_t i = 0; i < scores; ++i) {
    rows_[i] = s.of[i];
    weight_[i] = squares_[i] = static_cast<double>(s.of[i]);
  }
  total_ = effective_n_ = static_cast<double>(rows());
}

answers::answers(const weighted_counts<scores>& s) : weighted_(true) {
  for (std::size_t i = 0; i < scores; ++i) {
    rows_[i] = s.of[i].n;
    weight_[i] = to_double(s.of[i].sum) * step;
    squares_[i] = to_double(s.of[i].squares) * step * step;
    total_ += weight_[i];
  }
  const double squares = total_squares();
  // at most the rows: equal weights say so exactly, and rounding must not say more
  if (squares > 0) effective_n_ = std::min(total_ * total_ / squares, static_cast<double>(rows()));
}

double answers::total_squares() const noexcept {
  double sum = 0;
  for (double each : squares_) sum += each;
  return sum;
}

std::uint64_t answers::rows(int first, int last) const noexcept {
  std::uint64_t sum = 0;
  for (int i = first; i <= last; ++i) sum += rows_[static_cast<std::size_t>(i)];
  return sum;
}

double answers::weight(int first, int last) const noexcept {
  double sum = 0;
  for (int i = first; i <= last; ++i) sum += weight_[static_cast<std::size_t>(i)];
  return sum;
}

double answers::percent(int first, int last) const noexcept { return 100.0 * weight(first, last) / total_; }

proportion answers::part(int first, int last) const noexcept {
  if (!weighted_) return {static_cast<double>(rows(first, last)), effective_n_};
  // all and nothing are said by the rows: rounding must not leave a crumb
  if (rows(first, last) == rows()) return {effective_n_, effective_n_};
  return {std::min(1.0, percent(first, last) / 100) * effective_n_, effective_n_};
}

double answers::sum(const values& worth) const noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < scores; ++i) sum += weight_[i] * worth[i];
  return sum;
}

double answers::mean(const values& worth, double factor) const noexcept {
  return factor * sum(worth) / total_;
}

double answers::variance(const values& worth) const noexcept {
  const double centre = mean(worth);
  double sum = 0;
  for (std::size_t i = 0; i < scores; ++i) sum += squares_[i] * (worth[i] - centre) * (worth[i] - centre);
  return sum / total_ / total_;
}

answers::values score_values() {
  answers::values worth{};
  for (std::size_t i = 0; i < answers::scores; ++i) worth[i] = static_cast<double>(i);
  return worth;
}

answers::values net_values(int up, int down) {
  answers::values worth{};
  for (int i = 0; i < static_cast<int>(answers::scores); ++i)
    worth[static_cast<std::size_t>(i)] = i >= up ? 1 : i <= down ? -1 : 0;
  return worth;
}

// Of n answers alike in weight, variance n / (n - 1) is the square of the usual standard error.
std::optional<confidence_interval> mean_interval(const answers& a, const survey_scale& scale, confidence c) {
  const double n = a.effective_n(), variance = a.variance(score_values());
  if (!(n > 1) || !(variance > 0)) return std::nullopt;
  const double freedom = n - 1, tail = (1 - c.level()) / 2;
  const double t = t_quantile(freedom, tail);
  const double half = t * std::sqrt(variance * n / freedom), middle = a.mean(score_values());
  return confidence_interval{std::max(static_cast<double>(scale.least), middle - half),
                             std::min(static_cast<double>(scale.greatest), middle + half), c.level(), "t"};
}

confidence_interval net_interval(const answers& a, int up, int down, nps_interval method, confidence c) {
  constexpr int last = static_cast<int>(answers::scores) - 1;
  const groups g{a.part(up, last).hits, a.part(0, down).hits, a.effective_n()};
  switch (method) {
    case nps_interval::score: return score(g, c);
    case nps_interval::wald: {
      if (!a.weighted()) return wald(g, c, "wald");
      const answers::values worth = net_values(up, down);
      const double middle = a.mean(worth), half = c.z() * std::sqrt(a.variance(worth));
      return {100 * std::max(-1.0, middle - half), 100 * std::min(1.0, middle + half), c.level(), "wald"};
    }
    case nps_interval::adjusted_wald: break;
  }
  return wald({g.up + 0.75, g.down + 0.75, g.n + 3}, c, "adjusted_wald");
}

// Of n answers alike in weight, variance n / (n - 1) is that of the mean, and n times as much that of a row.
void estimate_mean(result_parts& out, const answers& a) {
  const double n = a.effective_n();
  out.denominator = a.rows() == 0 ? figure() : figure(a.total());
  out.estimates = a.rows() == 0 ? estimates_of_mean(0, 0, 0)
                                : estimates_of_mean(a.mean(score_values()),
                                                    a.variance(score_values()) * n * n / (n - 1), n);
}

void estimate_share(result_parts& out, const answers& a, int first, int last) {
  const proportion part = a.rows() == 0 ? proportion{0, 0} : a.part(first, last);
  out.denominator = a.rows() == 0 ? figure() : figure(a.total());
  out.estimates = estimates_of_share(part.hits, part.n);
}

void estimate_net(result_parts& out, const answers& a, int up, int down) {
  constexpr int last = static_cast<int>(answers::scores) - 1;
  const bool none = a.rows() == 0;
  out.denominator = none ? figure() : figure(a.total());
  out.estimates =
      estimates_of_net(none ? 0 : a.part(up, last).hits, none ? 0 : a.part(0, down).hits, a.effective_n());
}

void describe_weights(result_parts& out, const answers& a, const answers::values& worth, double factor) {
  if (a.weighted() && a.rows() != 0)
    out.weighting =
        weighting{a.effective_n(), factor * std::sqrt(a.variance(worth)), a.total(), a.total_squares()};
}

std::string weight_text(const answers& a, int first, int last) {
  return a.weighted() ? "weight " + amount_text(a.weight(first, last)) + " of " : "";
}

std::string worked_mean(const answers& a) {
  return (a.weighted() ? "sum of weight x score, " : "sum of the scores, ") +
         amount_text(a.sum(score_values())) + " / " + weight_text(a, 0, answers::scores - 1) +
         "{n} answers = {value}";
}

void note_short_scale(result_parts& out, const answers& a) {
  if (a.rows() >= 30 && a.rows(6, answers::scores - 1) == 0)
    out.notes.push_back("no answer of " + count_text(a.rows()) + " is above 5: is this a 1-5 scale?");
}

}  // namespace v0
}  // namespace cxmetrics
