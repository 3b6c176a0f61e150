// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/largest_queue.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace largest_queue_test {

namespace cx = cxmetrics;

namespace {

using column = std::vector<std::int64_t>;

std::optional<cx::queue_peak> peak(std::uint64_t contacts, std::int64_t since) {
  return cx::queue_peak{contacts, cx::instant(cx::duration(since))};
}

}  // namespace

TEST_CASE("the largest queue is the most that waited at once, and when that was first so") {
  CHECK(cx::largest_queue(column{0, 5, 8, 20, 21, 22}, column{10, 10, 10, 10, 10, 10}) == peak(3, 8));
}

TEST_CASE("whoever leaves at an instant does not wait at it, and who is answered at once never does") {
  CHECK(cx::largest_queue(column{0, 10}, column{10, 10}) == peak(1, 0));
  CHECK(cx::largest_queue(column{0, 3, 3}, column{10, 0, 0}) == peak(1, 0));
}

TEST_CASE("without anybody who waits there is no queue") {
  CHECK_FALSE(cx::largest_queue(column{}, column{}).has_value());
  CHECK_FALSE(cx::largest_queue(column{5}, column{0}).has_value());
  constexpr std::int64_t missing = cx::absent<std::int64_t>::missing;
  CHECK_FALSE(cx::largest_queue(column{missing, 5}, column{5, missing}).has_value());
  CHECK_THROWS_AS(static_cast<void>(cx::largest_queue(column{5}, column{})), cx::column_error);
}

TEST_CASE("it is what counting at every instant finds") {
  std::mt19937_64 random(1);
  for (int world = 0; world < 200; ++world) {
    column entered, wait;
    for (int i = 0; i < 30; ++i) {
      entered.push_back(static_cast<std::int64_t>(random() % 40));
      wait.push_back(static_cast<std::int64_t>(random() % 12));
    }
    std::uint64_t most = 0;
    std::int64_t since = 0;
    for (std::int64_t now = 0; now < 60; ++now) {
      std::uint64_t waiting = 0;
      for (std::size_t i = 0; i < entered.size(); ++i)
        waiting += entered[i] <= now && now < entered[i] + wait[i] ? 1U : 0U;
      if (waiting > most) {
        most = waiting;
        since = now;
      }
    }
    REQUIRE(cx::largest_queue(entered, wait) == peak(most, since));
  }
}

}  // namespace largest_queue_test
