// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/estimates.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace estimates_test {

namespace cx = cxmetrics;

TEST_CASE("a share is estimated with and without two rows more") {
  const std::vector<cx::estimate> e = cx::estimates_of(cx::share{8, 10});
  REQUIRE(e.size() == 2);
  CHECK(e[0].method == "adjusted_wald");
  CHECK(*e[0].value == doctest::Approx(75.0).epsilon(1e-14));
  CHECK(*e[0].variance == doctest::Approx(1e4 * .75 * .25 / 12).epsilon(1e-14));
  CHECK(e[1].method == "wald");
  CHECK(*e[1].value == doctest::Approx(80.0).epsilon(1e-14));
  CHECK(*e[1].variance == doctest::Approx(1e4 * .8 * .2 / 10).epsilon(1e-14));
  CHECK(e[0].freedom == std::nullopt);
  CHECK(*cx::denominator_of({8, 10}) == 10.0);
}

TEST_CASE("nothing has no estimate, but says by which methods it would") {
  CHECK(cx::denominator_of({0, 0}) == std::nullopt);
  for (const cx::estimate& e : cx::estimates_of(cx::share{0, 0})) {
    CHECK_FALSE(e.method.empty());
    CHECK(e.value == std::nullopt);
    CHECK(e.variance == std::nullopt);
  }
  for (const cx::estimate& e : cx::estimates_of_net(0, 0, 0)) CHECK(e.variance == std::nullopt);
  for (const double n : {0.0, 1.0}) CHECK(cx::estimates_of_mean(3, 0, n)[0].variance == std::nullopt);
}

TEST_CASE("a net share is estimated with and without three rows more") {
  // 50 up, 30 between, 20 down: v = .61 plain; the centre of the adjusted one is 29.1262
  // (docs/metrics/nps.md).
  const std::vector<cx::estimate> e = cx::estimates_of_net(50, 20, 100);
  REQUIRE(e.size() == 2);
  CHECK(e[0].method == "adjusted_wald");
  CHECK(*e[0].value == doctest::Approx(29.1262).epsilon(1e-6));
  CHECK(e[1].method == "wald");
  CHECK(*e[1].value == doctest::Approx(30.0).epsilon(1e-14));
  CHECK(*e[1].variance == doctest::Approx(1e4 * .61 / 100).epsilon(1e-14));
}

TEST_CASE("the adjusted variance is never 0") {
  for (const std::uint64_t n : {1u, 2u, 100u, 1'000'000u})
    for (const std::uint64_t hits : {std::uint64_t{0}, n}) {
      CHECK(*cx::estimates_of(cx::share{hits, n})[0].variance > 0.0);
      CHECK(*cx::estimates_of(cx::share{hits, n})[1].variance < 1e-9);
    }
}

TEST_CASE("the mean of n rows has their variance over n, and n - 1 degrees of freedom") {
  const std::vector<cx::estimate> e = cx::estimates_of_mean(4.5, 2.0, 25);
  REQUIRE(e.size() == 1);
  CHECK(e[0].method == "welch");
  CHECK(*e[0].value == 4.5);
  CHECK(*e[0].variance == doctest::Approx(0.08).epsilon(1e-14));
  CHECK(*e[0].freedom == 24.0);
}

TEST_CASE("the ranks about the median are (n + 1)/2 -+ sqrt(n), and so many errors apart") {
  // By hand, n = 9: ranks round(5 - 3) = 2 and 8; 2 P(B < 2) = 2 (1 + 9) / 512 = .0390625, of which the
  // two-sided normal quantile is 2.06352 (Python's statistics.NormalDist().inv_cdf(1 - .0390625 / 2)).
  const auto nine = cx::median_spread(9);
  REQUIRE(nine.has_value());
  CHECK(nine->low == 2);
  CHECK(nine->high == 8);
  CHECK(nine->errors == doctest::Approx(2 * 2.0635).epsilon(1e-4));
  CHECK(cx::median_spread(5) == std::nullopt);
  CHECK(cx::median_spread(6)->low == 1);
  CHECK(cx::median_spread(6)->high == 6);
  CHECK(cx::median_spread(std::uint64_t{1} << 60) == std::nullopt);
  for (std::uint64_t n = 6; n < 3000; ++n) {
    const auto spread = *cx::median_spread(n);
    REQUIRE(spread.low + spread.high == n + 1);
    REQUIRE(spread.low < spread.high);
    REQUIRE(spread.errors > 2.0);
  }
}

TEST_CASE("of many even waits the spread gives the variance that theory has") {
  // The median of n values that are even on 0 .. 1 has the variance 1 / (4 n).
  const std::uint64_t n = 1'000'000;
  const auto spread = *cx::median_spread(n);
  const double distance = static_cast<double>(spread.high - spread.low) / static_cast<double>(n);
  CHECK(std::pow(distance / spread.errors, 2) == doctest::Approx(1 / (4.0 * n)).epsilon(0.01));
}

}  // namespace estimates_test
