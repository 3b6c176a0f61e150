// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/duration_moments.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

namespace duration_moments_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

__extension__ typedef unsigned __int128 wide;  // the oracle; the library itself never uses it

cx::duration_moments decoded(std::uint64_t n, cx::uint128 sum, cx::uint128 squares) {
  cx::writer w;
  w.put(n);
  w.put(sum);
  w.put(squares);
  const std::string bytes = std::move(w).take();
  cx::reader r(bytes);
  return cx::duration_moments::decode(r);
}

}  // namespace

TEST_CASE("sums are exact, whatever the scale") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 50; ++round) {
    const auto scale = random() % 47;
    cx::duration_moments m;
    wide sum = 0, squares = 0;
    const std::uint64_t size = random() % 2'000;
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t us = random() >> 17 >> (46 - scale);
      m.add(cx::duration(static_cast<std::int64_t>(us)));
      sum += us;
      squares += static_cast<wide>(us) * us;
    }
    REQUIRE(m.n == size);
    REQUIRE((static_cast<wide>(m.sum.high) << 64 | m.sum.low) == sum);
    REQUIRE((static_cast<wide>(m.sum_of_squares.high) << 64 | m.sum_of_squares.low) == squares);
  }
}

TEST_CASE("the mean is in seconds") {
  cx::duration_moments m;
  m.add(1s);
  m.add(2s);
  m.add(4500ms);
  CHECK(m.mean_seconds() == cx::figure(2.5));
}

TEST_CASE("the mean of nothing is absent, the mean of zeros is 0") {
  cx::duration_moments m;
  CHECK(m.mean_seconds() == std::nullopt);
  m.add(0s);
  CHECK(m.mean_seconds() == cx::figure(0.0));
}

TEST_CASE("the longest durations add up without overflow") {
  cx::duration_moments m;
  m.add(cx::max_duration);
  m.add(cx::max_duration);
  CHECK(m.sum == cx::uint128{std::uint64_t{1} << 47, 0});
  CHECK(m.sum_of_squares == cx::uint128{0, std::uint64_t{1} << 29});
  CHECK(*m.mean_seconds() == 70'368'744.177664);
}

TEST_CASE("an overflow of any of the three is an error that changes nothing") {
  const std::uint64_t most = ~std::uint64_t{0};
  for (const cx::duration_moments full :
       {cx::duration_moments{most, {1, 0}, {1, 0}}, {1, {most, most}, {1, 0}}, {1, {1, 0}, {most, most}}}) {
    cx::duration_moments m = full;
    CHECK_THROWS_AS(m.merge({1, {1, 0}, {1, 0}}), cx::state_error);
    CHECK(m == full);
  }
}

TEST_CASE("bytes that no durations have are refused") {
  CHECK(decoded(2, {3, 0}, {5, 0}) == cx::duration_moments{2, {3, 0}, {5, 0}});
  CHECK(decoded(0, {}, {}) == cx::duration_moments{});
  CHECK_THROWS_AS(decoded(0, {1, 0}, {1, 0}), cx::state_error);  // a sum of nothing
  CHECK_THROWS_AS(decoded(0, {}, {1, 0}), cx::state_error);
  CHECK_THROWS_AS(decoded(2, {3, 0}, {2, 0}), cx::state_error);  // whole numbers are not above their squares
  CHECK_THROWS_AS(decoded(1, {(std::uint64_t{1} << 46) + 1, 0}, {0, 1u << 30}),
                  cx::state_error);  // above the longest
}

}  // namespace duration_moments_test
