// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/uint128.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

namespace uint128_test {

namespace cx = cxmetrics;

namespace {

__extension__ typedef unsigned __int128 wide;  // the oracle; the library itself never uses it

wide oracle(cx::uint128 x) { return static_cast<wide>(x.high) << 64 | x.low; }
cx::uint128 ours(wide x) { return {static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(x >> 64)}; }

// Words of every length, and the ones next to a carry.
class words {
 public:
  std::uint64_t operator()() {
    constexpr std::array<std::uint64_t, 6> edges{
        0, 1, 0xffffffff, 0x100000000, ~std::uint64_t{0}, ~std::uint64_t{0} - 1};
    const std::uint64_t pick = random_() % 12;
    return pick < edges.size() ? edges[pick] : random_() >> random_() % 64;
  }

 private:
  std::mt19937_64 random_{1};
};

constexpr int rounds = 100'000;
constexpr std::uint64_t ones = ~std::uint64_t{0};

}  // namespace

TEST_CASE("a product of two words is the full product") {
  words word;
  for (int i = 0; i < rounds; ++i) {
    const std::uint64_t a = word(), b = word();
    REQUIRE(cx::multiply(a, b) == ours(static_cast<wide>(a) * b));
  }
  static_assert(cx::multiply(ones, ones) == cx::uint128{1, ones - 1});
}

TEST_CASE("a sum carries, and says when it does not fit") {
  words word;
  for (int i = 0; i < rounds; ++i) {
    const cx::uint128 a{word(), word()}, b{word(), word()};
    cx::uint128 sum;
    const bool overflows = cx::add_overflows(a, b, sum);
    const wide expected = oracle(a) + oracle(b);
    REQUIRE(sum == ours(expected));
    REQUIRE(overflows == (expected < oracle(a)));
  }
}

TEST_CASE("a sum may overflow in the low word, in the high word and in the carry between them") {
  cx::uint128 sum;
  CHECK_FALSE(cx::add_overflows({ones, 0}, {1, 0}, sum));
  CHECK(sum == cx::uint128{0, 1});
  CHECK(cx::add_overflows({ones, ones}, {1, 0}, sum));
  CHECK(sum == cx::uint128{});
  CHECK(cx::add_overflows({0, ones}, {0, 1}, sum));
  CHECK(cx::add_overflows({ones, ones}, {ones, ones}, sum));
  CHECK(sum == cx::uint128{ones - 1, ones});
}

TEST_CASE("order is that of the numbers") {
  words word;
  for (int i = 0; i < rounds; ++i) {
    const cx::uint128 a{word(), word()}, b{word(), word()};
    REQUIRE((a < b) == (oracle(a) < oracle(b)));
    REQUIRE((a == b) == (oracle(a) == oracle(b)));
  }
}

TEST_CASE("the double is within one unit in the last place of the number") {
  words word;
  for (int i = 0; i < rounds; ++i) {
    const cx::uint128 x{word(), word()};
    const double expected = static_cast<double>(oracle(x)), found = cx::to_double(x);
    REQUIRE(found >= std::nextafter(expected, 0.0));
    REQUIRE(found <= std::nextafter(expected, std::numeric_limits<double>::infinity()));
  }
  CHECK(cx::to_double({5, 0}) == 5.0);
  CHECK(cx::to_double({0, 1}) == 18446744073709551616.0);
}

}  // namespace uint128_test
