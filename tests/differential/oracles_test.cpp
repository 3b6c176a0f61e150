// SPDX-License-Identifier: Apache-2.0
// The states against Boost.Accumulators, which sums in its own way and cannot merge.
#include <doctest/doctest.h>

#include <boost/accumulators/accumulators.hpp>
#include <boost/accumulators/statistics/count.hpp>
#include <boost/accumulators/statistics/max.hpp>
#include <boost/accumulators/statistics/mean.hpp>
#include <boost/accumulators/statistics/stats.hpp>
#include <boost/accumulators/statistics/sum.hpp>
#include <boost/accumulators/statistics/variance.hpp>
#include <cmath>
#include <cstdint>
#include <random>

#include <cxmetrics/state/duration_distribution.hpp>

namespace acc = boost::accumulators;
namespace cx = cxmetrics;

TEST_CASE("count, sum, mean, variance and longest are those of Boost.Accumulators") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 100; ++round) {
    acc::accumulator_set<
        double, acc::stats<acc::tag::count, acc::tag::sum, acc::tag::mean, acc::tag::variance, acc::tag::max>>
        oracle;
    cx::duration_distribution ours;
    const std::uint64_t size = 2 + random() % 500, scale = random() % 40, least = random() % 1'000'000;
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto us = static_cast<std::int64_t>((random() >> 19 >> scale) + least);
      ours.add(cx::duration(us));
      oracle(static_cast<double>(us));
    }
    const double n = static_cast<double>(size);
    REQUIRE(acc::count(oracle) == ours.moments.n);
    REQUIRE(cx::to_double(ours.moments.sum) == doctest::Approx(acc::sum(oracle)).epsilon(1e-12));
    REQUIRE(*ours.moments.mean_seconds() * 1e6 == doctest::Approx(acc::mean(oracle)).epsilon(1e-12));
    // the oracle's variance is E x^2 - (E x)^2 in doubles: exact only relative to E x^2
    const double squares = cx::to_double(ours.moments.sum_of_squares) / n,
                 mean = cx::to_double(ours.moments.sum) / n;
    REQUIRE(std::abs(squares - mean * mean - acc::variance(oracle)) <= 1e-11 * squares);
    REQUIRE(static_cast<double>(ours.longest.count()) == acc::max(oracle));
  }
}
