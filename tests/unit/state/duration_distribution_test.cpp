// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/duration_distribution.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace duration_distribution_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

cx::duration_distribution filled(const std::vector<cx::duration>& values) {
  cx::duration_distribution d;
  for (const cx::duration value : values) d.add(value);
  return d;
}

cx::duration_distribution decoded(std::string bytes) {
  cx::reader r(bytes);
  cx::duration_distribution d = cx::duration_distribution::decode(r);
  r.expect_end();
  return d;
}

std::string encoded(const cx::duration_distribution& d) {
  cx::writer w;
  d.encode(w);
  return std::move(w).take();
}

std::vector<cx::duration> random_values(std::mt19937_64& random) {
  const std::uint64_t scale = random() % 46, size = 1 + random() % 500;
  std::vector<cx::duration> values;
  for (std::uint64_t i = 0; i < size; ++i)
    values.emplace_back(static_cast<std::int64_t>((random() >> 18) >> scale));
  return values;
}

double seconds(cx::duration d) { return static_cast<double>(d.count()) / 1e6; }

}  // namespace

TEST_CASE("quantiles are within one part in 128 of the sorted values") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<cx::duration> values = random_values(random);
    const cx::duration_distribution d = filled(values);
    std::sort(values.begin(), values.end());
    for (const int percent : {0, 1, 10, 25, 50, 75, 90, 95, 99, 100}) {
      const std::size_t rank =
          (values.size() * static_cast<std::size_t>(percent) + 99) / 100;  // exact: whole numbers
      const double exact = seconds(values[rank == 0 ? 0 : rank - 1]);
      const double found = *d.quantile_seconds(percent / 100.0);
      INFO("percent " << percent << " of " << values.size());
      REQUIRE(std::abs(found - exact) <= exact / 128);
    }
  }
}

TEST_CASE("the rank of a quantile is not pushed up by rounding") {
  std::vector<cx::duration> values;
  for (int i = 1; i <= 100; ++i) values.emplace_back(i);  // below 128 us the histogram is exact
  const cx::duration_distribution d = filled(values);
  for (int percent = 1; percent <= 100; ++percent)
    REQUIRE(*d.quantile_seconds(percent / 100.0) == percent / 1e6);  // 0.07 * 100 is above 7
}

TEST_CASE("count, mean and longest are exact") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 100; ++round) {
    const std::vector<cx::duration> values = random_values(random);
    const cx::duration_distribution d = filled(values);
    REQUIRE(d.moments.n == values.size());
    REQUIRE(d.longest == *std::max_element(values.begin(), values.end()));
    REQUIRE(d.histogram.total() == values.size());
    REQUIRE(*d.quantile_seconds(1) <= seconds(d.longest));
  }
}

TEST_CASE("quantiles rise, and never exceed the longest") {
  const cx::duration_distribution d = filled({10s, 20s, 20s, 130s, 3600s});
  double last = 0;
  for (int i = 0; i <= 1000; ++i) {
    const double value = *d.quantile_seconds(i / 1000.0);
    REQUIRE(value >= last);
    last = value;
  }
  CHECK(last <= 3600.0);
}

TEST_CASE("a distribution of nothing has no figure") {
  const cx::duration_distribution d;
  CHECK(d.quantile_seconds(0.5) == std::nullopt);
  CHECK(d.moments.mean_seconds() == std::nullopt);
  CHECK(d.percent_within(20s) == std::nullopt);
  CHECK_FALSE(d.quantile_interval(0.5, {}).has_value());
}

TEST_CASE("a quantile outside 0 to 1 is refused with an example") {
  const cx::duration_distribution d = filled({1s});
  CHECK_THROWS_WITH_AS(static_cast<void>(d.quantile_seconds(90)),
                       "a quantile lies between 0 and 1: 0.9 for the 90th percentile", cx::error);
  CHECK_THROWS_AS(static_cast<void>(d.quantile_seconds(-0.1)), cx::error);
  CHECK_THROWS_AS(static_cast<void>(d.quantile_seconds(std::nan(""))), cx::error);
}

TEST_CASE("the interval of a quantile runs between two of the values") {
  std::vector<cx::duration> values;
  for (int i = 1; i <= 100; ++i) values.emplace_back(i);
  const auto interval = filled(values).quantile_interval(0.5, {});
  REQUIRE(interval.has_value());
  CHECK(interval->low == 40e-6);  // ranks 40 and 61 of 100: see intervals_test
  CHECK(interval->high == 61e-6);
  CHECK(interval->level == 0.95);
  CHECK(interval->method == "order_statistics");
}

TEST_CASE("the share within a threshold is exact for whole seconds") {
  std::vector<cx::duration> values;
  for (int i = 0; i < 600; ++i) values.emplace_back(std::chrono::seconds(i));
  const cx::duration_distribution d = filled(values);
  for (int t = 0; t < 60; ++t)  // above, a bucket is wider than a second
    REQUIRE(*d.percent_within(std::chrono::seconds(t)) ==
            doctest::Approx(100.0 * (t + 1) / 600).epsilon(1e-12));
  CHECK(d.percent_within(-1us) == cx::figure(0.0));
  CHECK(d.percent_within(cx::max_duration) == cx::figure(100.0));
  CHECK(d.percent_within(cx::duration::max()) == cx::figure(100.0));
}

TEST_CASE("the share within a threshold errs by less than the values in the threshold's bucket") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 100; ++round) {
    const std::vector<cx::duration> values = random_values(random);
    const cx::duration_distribution d = filled(values);
    const cx::duration threshold = values[random() % values.size()];
    const auto within = [&](double limit) {
      return 100.0 *
             static_cast<double>(
                 std::count_if(values.begin(), values.end(),
                               [&](cx::duration v) { return static_cast<double>(v.count()) <= limit; })) /
             static_cast<double>(values.size());
    };
    const double t = static_cast<double>(threshold.count());
    REQUIRE(*d.percent_within(threshold) >= within(t));
    REQUIRE(*d.percent_within(threshold) <= within(t + t / 64));
  }
}

TEST_CASE("bytes that do not agree with themselves are refused") {
  const cx::duration_distribution d = filled({1s, 2s});
  CHECK(decoded(encoded(d)) == d);
  cx::duration_distribution other = d;
  other.longest = 10s;  // not in the last bucket
  CHECK_THROWS_AS(decoded(encoded(other)), cx::state_error);
  other = d;
  other.longest = -1us;
  CHECK_THROWS_AS(decoded(encoded(other)), cx::state_error);
  other = d;
  other.moments.n = 3;  // the histogram holds two
  CHECK_THROWS_AS(decoded(encoded(other)), cx::state_error);
  other = {};
  other.longest = 1us;
  CHECK_THROWS_AS(decoded(encoded(other)), cx::state_error);
}

TEST_CASE("the median's variance comes from two of the sorted values") {
  // Nine values: ranks 2 and 8 lie 2 * 2.063528 standard errors apart (estimates_test.cpp).
  const cx::duration_distribution d = filled({1us, 2us, 3us, 4us, 5us, 6us, 7us, 8us, 100us});
  const std::vector<cx::estimate> e = d.median_estimates();
  REQUIRE(e.size() == 1);
  CHECK(e[0].method == "order_statistics");
  CHECK(*e[0].value == doctest::Approx(5e-6).epsilon(1e-12));
  CHECK(std::sqrt(*e[0].variance) == doctest::Approx(6e-6 / (2 * 2.063527898)).epsilon(1e-6));
  for (const auto& few : {filled({}), filled({1s, 2s, 3s, 4s, 5s})}) {
    CHECK(few.median_estimates()[0].method == "order_statistics");
    CHECK(few.median_estimates()[0].variance == std::nullopt);
  }
}

TEST_CASE("reading a state of impossibly many rows is bounded") {
  cx::writer w;  // 2^64 - 1 values of 1 us
  w.put(~std::uint64_t{0});
  w.put(cx::uint128{~std::uint64_t{0}, 0});
  w.put(cx::uint128{~std::uint64_t{0}, 0});
  for (const std::uint64_t word : {std::uint64_t{1}, std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{1}})
    w.put(word);
  const cx::duration_distribution d = decoded(std::move(w).take());
  CHECK(d.quantile_seconds(0.5) == cx::figure(1e-6));
  CHECK(d.quantile_seconds(1) == cx::figure(1e-6));
  CHECK_FALSE(d.quantile_interval(0.5, {}).has_value());
}

}  // namespace duration_distribution_test
