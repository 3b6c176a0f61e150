// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/event.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

namespace event_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

constexpr cx::envelope at(std::chrono::microseconds when, std::uint64_t position, cx::subject whose = {}) {
  return {cx::instant(when), whose, position};
}

}  // namespace

TEST_CASE("time comes first, then the place in the source, then the subject") {
  CHECK(at(1us, 9) < at(2us, 0));
  CHECK(at(-1us, 9) < at(0us, 0));
  CHECK(at(1us, 3, {9, 9}) < at(1us, 4, {0, 0}));
  CHECK(at(1us, 3, {1, 0}) < at(1us, 3, {0, 1}));
  CHECK(at(1us, 3, {1, 2}) == at(1us, 3, {1, 2}));
}

TEST_CASE("whatever order events come in, they sort to one history") {
  std::vector<cx::envelope> history;
  for (std::uint64_t i = 0; i < 200; ++i)
    history.push_back(at(std::chrono::microseconds(i / 7), i, cx::subject{i % 5, i % 3}));
  std::vector<cx::envelope> fed = history;
  std::mt19937_64 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(fed.begin(), fed.end(), random);
    std::sort(fed.begin(), fed.end());
    REQUIRE(fed == history);
  }
}

}  // namespace event_test
