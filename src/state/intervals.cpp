// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/intervals.hpp>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <string>

#include <cxmetrics/core/error.hpp>

#include "../core/number_text.hpp"

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

// The values p with |p_hat - p| <= z sqrt(p (1-p) / n) lie between the roots of a quadratic in p:
// centre (p_hat + z^2/2n) / (1 + z^2/n), half width z sqrt(p_hat (1-p_hat) / n + z^2/4n^2) / (1 + z^2/n).
std::optional<confidence_interval> wilson(share s, confidence c) {
  if (s.n == 0) return std::nullopt;
  const double n = static_cast<double>(s.n), p = static_cast<double>(s.hits) / n, z = c.z(), zz = z * z;
  const double centre = (p + zz / (2 * n)) / (1 + zz / n);
  const double half = z * std::sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n);
  // at the ends the root is 0 or 1 exactly; rounding must not say otherwise
  const double low = s.hits == 0 ? 0 : std::max(0.0, centre - half);
  const double high = s.hits == s.n ? 1 : std::min(1.0, centre + half);
  return confidence_interval{100 * low, 100 * high, c.level(), "wilson"};
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
  // start at the library's quantile and step to the exact rank
  double low = std::max(0.0, std::floor(boost::math::quantile(below, tail)));
  while (low > 0 && cdf(low - 1) > tail) --low;
  while (low < static_cast<double>(n) && cdf(low) <= tail) ++low;
  double high = std::max(low, std::floor(boost::math::quantile(below, 1 - tail)));
  while (high > 1 && 1 - cdf(high - 2) <= tail) --high;
  while (high <= static_cast<double>(n) && 1 - cdf(high - 1) > tail) ++high;
  if (low < 1 || high > static_cast<double>(n)) return std::nullopt;
  return std::pair{static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high)};
}

}  // namespace v0
}  // namespace cxmetrics
