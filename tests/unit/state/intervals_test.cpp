// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/intervals.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace cx = cxmetrics;

namespace {

std::string message_of(double level) {
  try {
    static_cast<void>(cx::confidence(level));
  } catch (const cx::error& e) {
    return e.what();
  }
  return "no error";
}

// P(B = k) of the binomial law, for all k: by recurrence from the mode, so that nothing underflows on the
// way.
std::vector<double> binomial(std::size_t n, double p) {
  std::vector<double> mass(n + 1, 0.0);
  const auto mode = static_cast<std::size_t>(static_cast<double>(n) * p);
  mass[mode] = 1;
  for (std::size_t k = mode; k < n; ++k)
    mass[k + 1] = mass[k] * p / (1 - p) * static_cast<double>(n - k) / static_cast<double>(k + 1);
  for (std::size_t k = mode; k > 0; --k)
    mass[k - 1] = mass[k] * (1 - p) / p * static_cast<double>(k) / static_cast<double>(n - k + 1);
  double sum = 0;
  for (const double m : mass) sum += m;
  for (double& m : mass) m /= sum;
  return mass;
}

double sum_of(const std::vector<double>& mass, std::size_t first, std::size_t end) {
  double sum = 0;
  for (std::size_t k = first; k < end; ++k) sum += mass[k];
  return sum;
}

// The probability that Wilson's interval of n rows holds p, over all outcomes.
double wilson_coverage(std::size_t n, double p) {
  const std::vector<double> mass = binomial(n, p);
  double covered = 0;
  for (std::size_t hits = 0; hits <= n; ++hits) {
    const auto interval = cx::wilson({hits, n}, {});
    if (interval->low <= 100 * p && 100 * p <= interval->high) covered += mass[hits];
  }
  return covered;
}

}  // namespace

TEST_CASE("a level below one half is taken for an alpha, and the remedy is named") {
  CHECK(message_of(0.05) == "level=0.05 looks like alpha: use level=0.95");
  CHECK(message_of(0.01) == "level=0.01 looks like alpha: use level=0.99");
  CHECK(message_of(0.001) == "level=0.001 looks like alpha: use level=0.999");
  CHECK(message_of(0.1) == "level=0.1 looks like alpha: use level=0.9");
}

TEST_CASE("a level that is none is refused") {
  for (const double level :
       {1.0, 95.0, 0.0, -0.95, 1e-9, std::numeric_limits<double>::infinity(), std::nan("")}) {
    INFO(level);
    CHECK(message_of(level).find("is no level of confidence: use one from 0.5 up to, but not, 1") !=
          std::string::npos);
  }
  CHECK(message_of(0.5) == "no error");
  CHECK(message_of(0.9999) == "no error");
}

TEST_CASE("z is the normal quantile") {
  // Source: Python's statistics.NormalDist().inv_cdf.
  CHECK(cx::confidence().z() == doctest::Approx(1.959963984540054).epsilon(1e-14));
  CHECK(cx::confidence(0.5).z() == doctest::Approx(0.6744897501960817).epsilon(1e-14));
  CHECK(cx::confidence(0.9).z() == doctest::Approx(1.6448536269514715).epsilon(1e-14));
  CHECK(cx::confidence(0.99).z() == doctest::Approx(2.5758293035489).epsilon(1e-14));
  CHECK(cx::confidence(0.999).z() == doctest::Approx(3.2905267314918945).epsilon(1e-14));
}

TEST_CASE("Wilson's interval has the published bounds") {
  // Source: Newcombe, Statistics in Medicine 17 (1998) 857, table I, the score method without continuity
  // correction.
  const struct {
    std::uint64_t hits, n;
    double low, high;
  } published[] = {
      {81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, .0000, .1611}, {1, 29, .0061, .1718}};
  for (const auto& p : published) {
    const auto interval = cx::wilson({p.hits, p.n}, {});
    REQUIRE(interval.has_value());
    CHECK(std::round(interval->low * 100) / 10000 == doctest::Approx(p.low).epsilon(1e-9));
    CHECK(std::round(interval->high * 100) / 10000 == doctest::Approx(p.high).epsilon(1e-9));
    CHECK(interval->level == 0.95);
    CHECK(interval->method == "wilson");
  }
}

TEST_CASE("Wilson's interval covers as often as exact arithmetic says") {
  // Source: the same sum over all outcomes in rational arithmetic (Python's fractions), four decimals.
  const struct {
    std::size_t n;
    double p, coverage;
  } exact[] = {{5, .02, .9039},  {5, .1, .9185},  {5, .3, .9692},  {5, .5, .9375},
               {10, .02, .9838}, {10, .1, .9298}, {10, .3, .9244}, {10, .5, .9785},
               {50, .02, .9216}, {50, .1, .9703}, {50, .3, .9567}, {50, .5, .9351}};
  for (const auto& e : exact) {
    INFO("n = " << e.n << ", p = " << e.p);
    CHECK(std::round(wilson_coverage(e.n, e.p) * 1e4) / 1e4 == doctest::Approx(e.coverage).epsilon(1e-9));
  }
}

TEST_CASE("Wilson's interval covers 95 % on average, and never much less away from the ends") {
  for (const std::size_t n : {5u, 10u, 20u, 50u, 100u, 200u}) {
    double sum = 0, least = 1;
    int points = 0;
    for (double p = 0.005; p < 1; p += 0.01, ++points) {
      const double coverage = wilson_coverage(n, p);
      sum += coverage;
      if (p > 0.1 && p < 0.9 && coverage < least) least = coverage;
    }
    INFO("n = " << n);
    CHECK(sum / points == doctest::Approx(0.95).epsilon(0.015));
    CHECK(least > 0.89);
  }
}

TEST_CASE("Wilson's interval never leaves the scale, and ends there when all rows are alike") {
  for (const std::uint64_t n : {1u, 2u, 3u, 7u, 10u, 49u, 1000u, 1000003u}) {
    CHECK(cx::wilson({0, n}, {})->low == 0.0);
    CHECK(cx::wilson({n, n}, {})->high == 100.0);
    CHECK(cx::wilson({0, n}, {})->high < 100.0);
    CHECK(cx::wilson({n, n}, {})->low > 0.0);
  }
  CHECK_FALSE(cx::wilson({0, 0}, {}).has_value());
}

TEST_CASE("ranks of the classic samples come out") {
  // Source: the binomial law in rational arithmetic; 2 and 9 of 10 stand in most tables (coverage .9785).
  using ranks = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(cx::quantile_ranks(6, 0.5, {}) == ranks(1, 6));
  CHECK(cx::quantile_ranks(10, 0.5, {}) == ranks(2, 9));
  CHECK(cx::quantile_ranks(20, 0.5, {}) == ranks(6, 15));
  CHECK(cx::quantile_ranks(100, 0.5, {}) == ranks(40, 61));
  CHECK(cx::quantile_ranks(100, 0.9, {}) == ranks(84, 96));
  CHECK(cx::quantile_ranks(36, 0.9, {}) == ranks(29, 36));
  CHECK(cx::quantile_ranks(35, 0.9, {}) == std::nullopt);
  CHECK(cx::quantile_ranks(5, 0.5, {}) == std::nullopt);
}

TEST_CASE("ranks bound the quantile as often as they promise, and no closer ranks would") {
  for (const double level : {0.8, 0.95, 0.99})
    for (const double q : {0.5, 0.9})
      for (std::size_t n = 1; n <= 200; ++n) {
        INFO("n = " << n << ", q = " << q << ", level = " << level);
        const std::vector<double> mass = binomial(n, q);  // how many values lie below the quantile
        const double tail = (1 - level) / 2, rounding = 1e-12;
        const auto ranks = cx::quantile_ranks(n, q, cx::confidence(level));
        if (!ranks) {  // the extremes themselves are not enough
          REQUIRE((mass[0] > tail - rounding || mass[n] > tail - rounding));
          continue;
        }
        const auto low = static_cast<std::size_t>(ranks->first),
                   high = static_cast<std::size_t>(ranks->second);
        REQUIRE(1 <= low);
        REQUIRE(low < high);
        REQUIRE(high <= n);
        REQUIRE(sum_of(mass, low, high) >= level - rounding);  // X(low) <= quantile < X(high)
        REQUIRE(sum_of(mass, 0, low) <= tail + rounding);
        REQUIRE(sum_of(mass, high, n + 1) <= tail + rounding);
        REQUIRE(sum_of(mass, 0, low + 1) > tail - rounding);  // one rank closer would err too often
        REQUIRE(sum_of(mass, high - 1, n + 1) > tail - rounding);
      }
}

TEST_CASE("the ends of the scale, and counts that no double holds, have no ranks") {
  CHECK(cx::quantile_ranks(0, 0.5, {}) == std::nullopt);
  CHECK(cx::quantile_ranks(100, 0.0, {}) == std::nullopt);
  CHECK(cx::quantile_ranks(100, 1.0, {}) == std::nullopt);
  CHECK(cx::quantile_ranks(100, std::nan(""), {}) == std::nullopt);
  CHECK(cx::quantile_ranks(~std::uint64_t{0}, 0.5, {}) == std::nullopt);
}

TEST_CASE("ranks of very many rows are found at once") {
  const auto ranks = cx::quantile_ranks(1'000'000'000'000, 0.5, {});
  REQUIRE(ranks.has_value());
  // n/2 -+ z sqrt(n)/2, where z/2 = 0.979982
  CHECK(static_cast<double>(ranks->first) == doctest::Approx(499'999'020'018.0).epsilon(1e-11));
  CHECK(ranks->first + ranks->second == 1'000'000'000'001);
}
