// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/intervals.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "sanitized.hpp"

namespace intervals_test {

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

// The probability that the interval of n rows holds p, over all outcomes.
double coverage_of(std::size_t n, double p, cx::share_interval method, cx::confidence c = {}) {
  const std::vector<double> mass = binomial(n, p);
  double covered = 0;
  for (std::size_t hits = 0; hits <= n; ++hits) {
    const auto interval = cx::interval_of(cx::share{hits, n}, method, c);
    if (interval->low <= 100 * p && 100 * p <= interval->high) covered += mass[hits];
  }
  return covered;
}
double wilson_coverage(std::size_t n, double p) { return coverage_of(n, p, cx::share_interval::wilson); }

constexpr std::array methods{cx::share_interval::wilson, cx::share_interval::clopper_pearson,
                             cx::share_interval::jeffreys};

// The mass of Beta(hits + 1/2, n - hits + 1/2) below p. With p = sin^2 t its density is proportional to
// sin^2k t cos^2(n-k) t: smooth, so that Simpson's rule has it to many digits.
double posterior_below(std::size_t hits, std::size_t n, double p) {
  const auto integral = [&](double end) {
    constexpr int steps = 20'000;
    const double h = end / steps;
    double sum = 0;
    for (int i = 0; i <= steps; ++i) {
      const double t = h * i, weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * std::pow(std::sin(t), 2.0 * static_cast<double>(hits)) *
             std::pow(std::cos(t), 2.0 * static_cast<double>(n - hits));
    }
    return sum * h / 3;
  };
  return integral(std::asin(std::sqrt(p))) / integral(std::acos(0.0));
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

TEST_CASE("Wilson's interval covers as often as exact arithmetic says" *
          doctest::skip(cxmetrics_test::sanitized)) {
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

TEST_CASE("Wilson's interval covers 95 % on average, and never much less away from the ends" *
          doctest::skip(cxmetrics_test::sanitized)) {
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

TEST_CASE("the interval of Clopper and Pearson has the published bounds") {
  // Source: Newcombe, Statistics in Medicine 17 (1998) 857, table I, the exact method.
  const struct {
    std::uint64_t hits, n;
    double low, high;
  } published[] = {
      {81, 263, .2527, .3676}, {15, 148, .0578, .1617}, {0, 20, .0000, .1684}, {1, 29, .0009, .1776}};
  for (const auto& p : published) {
    const auto interval = cx::interval_of({p.hits, p.n}, cx::share_interval::clopper_pearson, {});
    REQUIRE(interval.has_value());
    CHECK(std::round(interval->low * 100) / 10000 == doctest::Approx(p.low).epsilon(1e-9));
    CHECK(std::round(interval->high * 100) / 10000 == doctest::Approx(p.high).epsilon(1e-9));
    CHECK(interval->method == "clopper_pearson");
  }
}

TEST_CASE("the bounds of Clopper and Pearson leave half of the error in either binomial tail") {
  for (const double level : {0.8, 0.95, 0.99})
    for (const std::size_t n : {1u, 2u, 10u, 57u})
      for (std::size_t hits = 0; hits <= n; ++hits) {
        const auto i =
            *cx::interval_of(cx::share{hits, n}, cx::share_interval::clopper_pearson, cx::confidence(level));
        INFO(hits << " of " << n);
        const double tail = (1 - level) / 2;
        if (hits > 0)
          REQUIRE(sum_of(binomial(n, i.low / 100), hits, n + 1) == doctest::Approx(tail).epsilon(1e-8));
        if (hits < n)
          REQUIRE(sum_of(binomial(n, i.high / 100), 0, hits + 1) == doctest::Approx(tail).epsilon(1e-8));
      }
}

TEST_CASE("the bounds of Jeffreys leave half of the error in either tail of the posterior") {
  for (const std::size_t n : {1u, 10u, 29u})
    for (std::size_t hits = 0; hits <= n; ++hits) {
      const auto i = *cx::interval_of(cx::share{hits, n}, cx::share_interval::jeffreys, {});
      INFO(hits << " of " << n);
      if (hits > 0) REQUIRE(posterior_below(hits, n, i.low / 100) == doctest::Approx(0.025).epsilon(1e-6));
      if (hits < n) REQUIRE(posterior_below(hits, n, i.high / 100) == doctest::Approx(0.975).epsilon(1e-6));
    }
  CHECK(cx::interval_of({1, 10}, cx::share_interval::jeffreys, {})->method == "jeffreys");
}

TEST_CASE("every interval of a share covers as often as docs/metrics/csat.md says" *
          doctest::skip(cxmetrics_test::sanitized)) {
  // Source: the same sums over all outcomes in Python, with bounds found by bisection of the tails.
  const struct {
    std::size_t n;
    double p;
    std::array<double, 3> coverage;
  } exact[] = {
      {10, .5, {.9785, .9785, .9785}},  {10, .7, {.9244, .9894, .9244}},  {10, .9, {.9298, .9872, .9872}},
      {10, .98, {.9838, .9838, .9838}}, {30, .5, {.9572, .9572, .9572}},  {30, .7, {.9298, .9737, .9529}},
      {30, .9, {.9742, .9922, .9318}},  {30, .98, {.9783, .9783, .9783}}, {100, .5, {.9431, .9648, .9431}},
      {100, .7, {.9372, .9625, .9502}}, {100, .9, {.9364, .9557, .9557}}, {100, .98, {.9492, .9845, .9845}}};
  for (const auto& e : exact)
    for (std::size_t m = 0; m < methods.size(); ++m) {
      INFO("n = " << e.n << ", p = " << e.p << ", " << cx::share_interval_names[m]);
      CHECK(std::round(coverage_of(e.n, e.p, methods[m]) * 1e4) / 1e4 ==
            doctest::Approx(e.coverage[m]).epsilon(1e-9));
    }
}

TEST_CASE("Clopper and Pearson never cover less than they promise, Jeffreys covers as promised on average" *
          doctest::skip(cxmetrics_test::sanitized)) {
  for (const double level : {0.8, 0.95})
    for (const std::size_t n : {5u, 10u, 50u, 100u}) {
      double sum = 0;
      int points = 0;
      for (double p = 0.005; p < 1; p += 0.01, ++points) {
        INFO("n = " << n << ", p = " << p);
        REQUIRE(coverage_of(n, p, cx::share_interval::clopper_pearson, cx::confidence(level)) >= level);
        sum += coverage_of(n, p, cx::share_interval::jeffreys, cx::confidence(level));
      }
      CHECK(sum / points == doctest::Approx(level).epsilon(0.02));
    }
}

TEST_CASE("intervals of shares mirror, stay on the scale, and end there when all rows are alike") {
  for (const cx::share_interval method : methods) {
    for (const std::uint64_t n : {1u, 2u, 7u, 49u, 1000u, 1000003u}) {
      CHECK(cx::interval_of({0, n}, method, {})->low == 0.0);
      CHECK(cx::interval_of({n, n}, method, {})->high == 100.0);
      CHECK(cx::interval_of({0, n}, method, {})->high < 100.0);
    }
    for (std::uint64_t hits = 0; hits <= 20; ++hits) {
      const auto i = *cx::interval_of({hits, 20}, method, {});
      const auto mirrored = *cx::interval_of({20 - hits, 20}, method, {});
      CHECK(i.low == doctest::Approx(100 - mirrored.high).epsilon(1e-9));
      CHECK(i.low <= 5.0 * static_cast<double>(hits));
      CHECK(5.0 * static_cast<double>(hits) <= i.high);
    }
    CHECK_FALSE(cx::interval_of({0, 0}, method, {}).has_value());
  }
}

TEST_CASE("intervals of very many rows agree with each other") {
  const std::uint64_t n = 1'000'000'000'000;
  const auto w = *cx::wilson({n / 4, n}, {});
  for (const cx::share_interval method : methods) {
    const auto i = *cx::interval_of({n / 4, n}, method, {});
    CHECK(i.low == doctest::Approx(w.low).epsilon(1e-9));
    CHECK(i.high == doctest::Approx(w.high).epsilon(1e-9));
  }
  for (const cx::share_interval method : methods) {
    const auto i = *cx::interval_of({1, ~std::uint64_t{0}}, method, {});
    CHECK(i.low >= 0.0);
    CHECK(i.high < 1e-15);
  }
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

}  // namespace intervals_test
