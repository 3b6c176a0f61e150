// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/intervals.hpp>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <string>

#include <cxmetrics/core/error.hpp>

#include "../core/number_text.hpp"
#include "proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

confidence::confidence(double level) : level_(level) {
  if (level >= 0.0001 && level < 0.5)
    throw error("level=" + shortest_text(level) +
                " looks like alpha: use level=" + shortest_text(std::round((1 - level) * 1e4) / 1e4));
  if (!(level >= 0.5 && level < 1))
    throw error("level=" + shortest_text(level) +
                " is no level of confidence: use one from 0.5 up to, but not, 1");
}

double confidence::z() const { return std::sqrt(2.0) * boost::math::erf_inv(level_); }

namespace {

// The values p with |p_hat - p| <= z sqrt(p (1-p) / n) lie between the roots of a quadratic in p:
// centre (p_hat + z^2/2n) / (1 + z^2/n), half width z sqrt(p_hat (1-p_hat) / n + z^2/4n^2) / (1 + z^2/n).
std::pair<double, double> wilson_bounds(proportion s, confidence c) {
  const double n = s.n, p = s.hits / n, z = c.z(), zz = z * z;
  const double centre = (p + zz / (2 * n)) / (1 + zz / n);
  const double half = z * std::sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n);
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

// The q-quantile of the law Beta(a, b).
double beta_quantile(double a, double b, double q) { return boost::math::ibeta_inv(a, b, q); }

// P(B >= k) at the lower bound, and P(B <= k) at the upper, are half of the error each; the binomial tail is
// an incomplete beta: P(B >= k) = I_p(k, n - k + 1).
std::pair<double, double> clopper_pearson_bounds(proportion s, double tail) {
  return {s.hits > 0 ? beta_quantile(s.hits, s.n - s.hits + 1, tail) : 0,
          s.hits < s.n ? beta_quantile(s.hits + 1, s.n - s.hits, 1 - tail) : 1};
}

std::pair<double, double> jeffreys_bounds(proportion s, double tail) {
  return {beta_quantile(s.hits + 0.5, s.n - s.hits + 0.5, tail),
          beta_quantile(s.hits + 0.5, s.n - s.hits + 0.5, 1 - tail)};
}

std::pair<double, double> bounds_of(proportion s, share_interval method, confidence c) {
  const double tail = (1 - c.level()) / 2;
  switch (method) {
    case share_interval::clopper_pearson: return clopper_pearson_bounds(s, tail);
    case share_interval::jeffreys: return jeffreys_bounds(s, tail);
    case share_interval::wilson: break;
  }
  return wilson_bounds(s, c);
}

}  // namespace

confidence_interval interval_of(proportion p, share_interval method, confidence c) {
  auto [low, high] = bounds_of(p, method, c);
  // at the ends the bound is 0 or 1 exactly; rounding must not say otherwise
  if (p.hits <= 0) low = 0;
  if (p.hits >= p.n) high = 1;
  return {100 * low, 100 * high, c.level(),
          std::string(share_interval_names[static_cast<std::size_t>(method)])};
}

const char* source_of(share_interval method) {
  switch (method) {
    case share_interval::clopper_pearson: return "Clopper and Pearson, Biometrika 26 (1934) 404";
    case share_interval::jeffreys: return "Brown, Cai and DasGupta, Statistical Science 16 (2001) 101";
    case share_interval::wilson: break;
  }
  return "Wilson, JASA 22 (1927) 209";
}

std::optional<confidence_interval> interval_of(share s, share_interval method, confidence c) {
  if (s.n == 0) return std::nullopt;
  return interval_of(proportion{static_cast<double>(s.hits), static_cast<double>(s.n)}, method, c);
}

std::optional<confidence_interval> wilson(share s, confidence c) {
  return interval_of(s, share_interval::wilson, c);
}

// X_(l) <= quantile <= X_(u) fails below with probability P(B < l) = P(B <= l - 1) and above with P(B >= u),
// where B counts the values below the quantile and is binomial (n, q): half of the error is left to either
// side.
std::optional<std::pair<std::uint64_t, std::uint64_t>> quantile_ranks(std::uint64_t n, double q,
                                                                      confidence c) {
  constexpr std::uint64_t countable = std::uint64_t{1} << 53;  // beyond it, doubles skip ranks
  if (n == 0 || n > countable || !(q > 0 && q < 1)) return std::nullopt;
  using namespace boost::math::policies;
  using binomial = boost::math::binomial_distribution<
      double, policy<discrete_quantile<integer_round_down>, overflow_error<errno_on_error>>>;
  const double tail = (1 - c.level()) / 2;
  const binomial below(static_cast<double>(n), q);
  const auto cdf = [&](double k) {
    return k < 0 ? 0.0 : boost::math::cdf(below, std::min(k, static_cast<double>(n)));
  };
  // Start where the normal law has the quantile, moved by the skewness (Cornish and Fisher, Revue de
  // l'Institut International de Statistique 5 (1938) 307), and step to the exact rank: the library's own
  // quantile searches for it with dozens of values of the law.
  const double rows = static_cast<double>(n), z = c.z();
  const double middle = rows * q + (1 - 2 * q) * (z * z - 1) / 6, half = z * std::sqrt(rows * q * (1 - q));
  double low = std::clamp(std::floor(middle - half), 0.0, rows);
  while (low > 0 && cdf(low - 1) > tail) --low;
  while (low < rows && cdf(low) <= tail) ++low;
  double high = std::clamp(std::floor(middle + half), low, rows);
  while (high > 1 && 1 - cdf(high - 2) <= tail) --high;
  while (high <= rows && 1 - cdf(high - 1) > tail) ++high;
  if (low < 1 || high > rows) return std::nullopt;
  return std::pair{static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high)};
}

}  // namespace v0
}  // namespace cxmetrics
