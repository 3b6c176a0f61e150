// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/tally.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/survey/nps.hpp>

#include "unit/core/stopping.hpp"

namespace tally_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

using scores = std::vector<std::int8_t>;

template <class Value>
concept addable = requires(cx::tally<cx::nps> t, Value value) { t.add(value); };
static_assert(addable<std::int8_t> && !addable<int>);  // what nps does not read is refused where it is given

cx::tally<cx::nps> of(const scores& column) {
  cx::tally<cx::nps> t;
  t.update({column});
  return t;
}

}  // namespace

TEST_CASE("rows one by one, a batch and merged parts are one tally") {
  cx::tally<cx::nps> t;
  CHECK(t.add(std::int8_t{9}) == cx::verdict::counted);
  CHECK(t.add(cx::absent<std::int8_t>::missing) == cx::verdict::missing);
  CHECK(t.add(std::int8_t{3}) == cx::verdict::counted);
  CHECK(t == of({9, cx::absent<std::int8_t>::missing, 3}));
  cx::tally<cx::nps> merged = of({9});
  merged += of({cx::absent<std::int8_t>::missing, 3});
  CHECK(t == merged);
  CHECK(t.encode() == merged.encode());
}

TEST_CASE("a sum makes a new tally, += changes the left one") {
  const cx::tally<cx::nps> a = of({1, 2}), b = of({10});
  CHECK(a + b == of({1, 2, 10}));
  CHECK(a == of({1, 2}));
  const std::vector<cx::tally<cx::nps>> parts{a, b, a};
  CHECK(std::accumulate(parts.begin(), parts.end(), cx::tally<cx::nps>()) == of({1, 2, 10, 1, 2}));
}

TEST_CASE("an invalid row names itself and its value, and nothing of its batch is applied") {
  cx::tally<cx::nps> t = of({9, 9});
  const cx::tally<cx::nps> before = t;
  const scores bad{1, 2, 3, 99, 77};
  CHECK_THROWS_WITH_AS(t.update({bad}), "row 3: score 99 is outside the scale 0 to 10", cx::column_error);
  CHECK(t == before);
}

TEST_CASE("invalid rows are counted where the door says so") {
  cx::tally<cx::nps> t;
  const scores column{1, 99, -128, -127, -126, 10};
  t.update({column}, cx::on_invalid::count);
  CHECK(t.ledger() == cx::ledger{.counted = 2, .excluded = 1, .invalid = 2, .missing = 1});
  CHECK(t.result().rows() == 6);
}

TEST_CASE("columns of different lengths change nothing, with any number of threads") {
  cx::tally<cx::service_level> t;
  const std::vector<std::int64_t> wait(1'100'000, 5);
  for (const std::size_t shorter :
       {std::size_t{0}, std::size_t{1}, std::size_t{300'000}, std::size_t{1'099'999}}) {
    const std::vector<std::uint8_t> how(shorter, 0);
    for (const unsigned threads : {1u, 4u}) {
      CHECK_THROWS_AS(t.update({wait, how}, cx::on_invalid::raise, threads), cx::column_error);
      CHECK_THROWS_AS(t.update({std::span(wait).first(shorter), std::vector<std::uint8_t>(shorter + 1, 0)},
                               cx::on_invalid::raise, threads),
                      cx::column_error);
    }
  }
  CHECK(t == cx::tally<cx::service_level>());
}

TEST_CASE("threads change nothing, not even which row is the first invalid one") {
  scores column(1'200'000);
  for (std::size_t i = 0; i < column.size(); ++i) column[i] = static_cast<std::int8_t>(i * 7 % 11);
  const std::string expected = of(column).encode();
  for (unsigned threads = 2; threads <= 4; ++threads) {
    cx::tally<cx::nps> t;
    t.update({column}, cx::on_invalid::raise, threads);
    REQUIRE(t.encode() == expected);
  }
  column[700'001] = 50;
  column[1'100'000] = 60;
  cx::tally<cx::nps> t;
  CHECK_THROWS_WITH_AS(t.update({column}, cx::on_invalid::raise, 4),
                       "row 700001: score 50 is outside the scale 0 to 10", cx::column_error);
}

TEST_CASE("a batch stops when it is asked to, and nothing of it is applied") {
  cx::tally<cx::wait_time> t;
  const std::vector<std::int64_t> wait(8'000'000, 5);
  const std::vector<std::uint8_t> how(wait.size(), 0);
  cxmetrics_test::check_stops(
      [&](const std::stop_token& stop) { t.update({wait, how}, cx::on_invalid::count, 2, stop); });
  CHECK(t == cx::tally<cx::wait_time>());
}

TEST_CASE("unlike definitions do not merge, and both stay as they are") {
  cx::tally<cx::service_level> a({.within = 20s}), b({.within = 30s});
  a.add(std::int64_t{5}, std::uint8_t{0});
  b.add(std::int64_t{6}, std::uint8_t{1});
  const auto a_before = a, b_before = b;
  CHECK_THROWS_WITH_AS(
      a.merge(b),
      "two states of service_level with different parameters cannot be merged: build both with the same ones",
      cx::state_error);
  CHECK(a == a_before);
  CHECK(b == b_before);
}

TEST_CASE("bytes bring the definition back with the state") {
  cx::tally<cx::service_level> t({.within = 30s, .short_abandon = 5s});
  t.add(std::int64_t{5}, std::uint8_t{0});
  const auto back = cx::tally<cx::service_level>::decode(t.encode());
  CHECK(back == t);
  CHECK(back.metric().within == 30s);
  CHECK(back.metric().short_abandon == cx::duration(5s));
}

TEST_CASE("bytes of another metric are refused by name") {
  CHECK_THROWS_WITH_AS(static_cast<void>(cx::tally<cx::service_level>::decode(of({9}).encode())),
                       "these state bytes are of nps, not of service_level", cx::state_error);
}

TEST_CASE("parameters of the reading are the metric's own") {
  const cx::tally<cx::nps> t = of({9, 10, 0});
  CHECK(t.result(cx::nps_interval::wald, cx::confidence(0.9)).interval()->method == "wald");
  CHECK(t.result().interval()->level == 0.95);
}

}  // namespace tally_test
