// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/instant.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <limits>
#include <type_traits>

namespace instant_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

TEST_CASE("instants and durations are whole microseconds") {
  static_assert(std::same_as<cx::instant::duration, cx::duration>);
  static_assert(cx::duration(20s).count() == 20'000'000);
  CHECK(cx::instant{}.time_since_epoch() == 0us);
}

TEST_CASE("a finer length is not taken by accident") {
  static_assert(!std::is_convertible_v<std::chrono::nanoseconds, cx::duration>);
  CHECK(std::chrono::floor<cx::duration>(-1ns) == -1us);
}

TEST_CASE("the longest duration is above two years, and its square fits 92 bits") {
  CHECK(cx::max_duration > std::chrono::days(2 * 365));
  CHECK(cx::max_duration.count() == 70'368'744'177'664);
}

}  // namespace instant_test
