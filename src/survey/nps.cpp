// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/nps.hpp>

#include <algorithm>
#include <cmath>

#include <cxmetrics/state/estimates.hpp>

#include "../core/number_text.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

struct groups {
  double promoters, detractors, n;
};

// Each answer is +1, 0 or -1, so one answer has the variance v = p + d - (p - d)^2, and the mean of n has v /
// n.
confidence_interval wald(groups g, confidence c, const char* method) {
  const double p = g.promoters / g.n, d = g.detractors / g.n;
  const double half = c.z() * std::sqrt(std::max(0.0, p + d - (p - d) * (p - d)) / g.n);
  return {100 * std::max(-1.0, p - d - half), 100 * std::min(1.0, p - d + half), c.level(), method};
}

// Tango's score test for a difference of paired proportions; an NPS has exactly that structure. With b
// promoters and c detractors of n and a supposed difference t, the likelihood is greatest where the share of
// detractors is the larger root q of 2n q^2 + ((2n - b + c) t - b - c) q - c t (1 - t) = 0, and the statistic
// is (b - c - n t) / sqrt(n (2 q + t (1 - t))). Source: Tango, Statistics in Medicine 17 (1998) 891.
double score_statistic(groups g, double t) {
  const double a = 2 * g.n;
  const double b = -g.promoters - g.detractors + (2 * g.n - g.promoters + g.detractors) * t;
  const double c = -g.detractors * t * (1 - t);
  const double q = (std::sqrt(std::max(0.0, b * b - 4 * a * c)) - b) / (2 * a);
  const double variance = g.n * (2 * q + t * (1 - t));
  const double distance = g.promoters - g.detractors - g.n * t;
  if (variance > 0) return distance / std::sqrt(variance);
  return distance > 0 ? HUGE_VAL : distance < 0 ? -HUGE_VAL : 0;
}

// The statistic falls as t rises: bisection to the last bit, 64 halvings of an interval of length 2.
double where_score_is(groups g, double wanted) {
  double low = -1, high = 1;
  for (int step = 0; step < 64; ++step) {
    const double middle = (low + high) / 2;
    (score_statistic(g, middle) > wanted ? low : high) = middle;
  }
  return (low + high) / 2;
}

confidence_interval score(groups g, confidence c) {
  const double low = g.detractors == g.n ? -1 : where_score_is(g, c.z());
  const double high = g.promoters == g.n ? 1 : where_score_is(g, -c.z());
  return {100 * low, 100 * high, c.level(), "score"};
}

confidence_interval interval_of(groups g, nps_interval method, confidence c) {
  switch (method) {
    case nps_interval::wald: return wald(g, c, "wald");
    case nps_interval::score: return score(g, c);
    case nps_interval::adjusted_wald: break;
  }
  return wald({g.promoters + 0.75, g.detractors + 0.75, g.n + 3}, c, "adjusted_wald");
}

}  // namespace

result nps::read(const state& s, const ledger& rows, nps_interval method, confidence c) const {
  std::uint64_t detractors = 0;
  for (std::size_t score = 0; score <= 6; ++score) detractors += s.of[score];
  const std::uint64_t passives = s.of[7] + s.of[8], promoters = s.of[9] + s.of[10];
  const std::uint64_t n = detractors + passives + promoters;

  result_parts out;
  out.metric = name;
  out.title = "NPS";
  out.unit = "points";
  out.ledger = rows;
  out.counts = {{"promoters", promoters}, {"passives", passives}, {"detractors", detractors}};
  out.formula = "share of promoters (9, 10) minus share of detractors (0 to 6)";
  out.parameters = {{"scale", "0-10"}};
  out.source =
      "Reichheld, Harvard Business Review, December 2003; interval: Rocks, The American Statistician 70 "
      "(2016)";
  if (n != 0) {
    const groups g{static_cast<double>(promoters), static_cast<double>(detractors), static_cast<double>(n)};
    out.value = 100.0 * (g.promoters - g.detractors) / g.n;
    out.interval = interval_of(g, method, c);
    out.denominator = g.n;
  }
  out.estimates = estimates_of_net(static_cast<double>(promoters), static_cast<double>(detractors),
                                   static_cast<double>(n));
  out.about = about;
  out.worked = "100 x ({promoters} promoters - {detractors} detractors) / {n} answers = {value}";
  // What is odd but legal: the answers may come from another scale.
  std::uint64_t above_five = 0;
  for (std::size_t score = 6; score <= 10; ++score) above_five += s.of[score];
  if (n >= 30 && above_five == 0)
    out.notes.push_back("no answer of " + count_text(n) + " is above 5: is this a 1-5 scale?");
  else if (n >= 30 && s.of[0] == 0 && s.of[1] != 0 && s.of[10] != 0)
    out.notes.push_back("no answer of " + count_text(n) +
                        " is 0, though there are 1 and 10: is this a 1-10 scale?");
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
