// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/interop/boost_accumulators.hpp>

#include <doctest/doctest.h>

#include <boost/accumulators/statistics/count.hpp>
#include <boost/accumulators/statistics/mean.hpp>
#include <boost/accumulators/statistics/stats.hpp>
#include <chrono>
#include <cstdint>

namespace boost_accumulators_test {

namespace cx = cxmetrics;
namespace cxa = cxmetrics::boost_accumulators;
namespace acc = boost::accumulators;
using namespace std::chrono_literals;

TEST_CASE("an NPS stands beside Boost's own features, with the bytes of the tally") {
  acc::accumulator_set<int, acc::features<cxa::tag::nps, acc::tag::mean, acc::tag::count>> set;
  cx::tally<cx::nps> alike;
  for (int score : {10, 9, 9, 7, 3}) {
    set(score);
    alike.add(static_cast<std::int8_t>(score));
  }
  CHECK(cxa::nps(set).encode() == alike.encode());
  CHECK(*cxa::nps(set).result().value() == doctest::Approx(40));
  CHECK(acc::mean(set) == doctest::Approx(7.6));
  CHECK(acc::count(set) == 5);
}

TEST_CASE("a scale is said when the set is made") {
  acc::accumulator_set<int, acc::features<cxa::tag::csat>> marks(cxa::definition =
                                                                     cx::csat{cx::csat_scale::one_to_ten});
  for (int mark : {8, 7, 6, 9}) marks(mark);
  CHECK(*cxa::csat(marks).result().value() == doctest::Approx(7.5));
  acc::accumulator_set<int, acc::features<cxa::tag::ces>> effort;
  effort(7);
  effort(4);
  CHECK(*cxa::ces(effort).result().value() == doctest::Approx(5.5));
}

TEST_CASE("a service level takes a wait in microseconds and how the contact left") {
  acc::accumulator_set<std::int64_t, acc::features<cxa::tag::service_level, acc::tag::mean>> waits(
      cxa::definition = cx::service_level{.within = 20s});
  waits(12'000'000, cxa::outcome_ = cx::outcome::answered);
  waits(30'000'000, cxa::outcome_ = cx::outcome::answered);
  waits(40'000'000, cxa::outcome_ = cx::outcome::abandoned);
  waits(20'000'000, cxa::outcome_ = cx::outcome::answered);
  CHECK(*cxa::service_level(waits).result().value() == 50.0);
  CHECK(acc::mean(waits) == doctest::Approx(25'500'000));
}

TEST_CASE("what sets have counted merges, though sets do not") {
  acc::accumulator_set<int, acc::features<cxa::tag::nps>> a, b, whole;
  for (int score : {10, 2, 8}) a(score), whole(score);
  for (int score : {9, 0}) b(score), whole(score);
  CHECK((cxa::nps(a) + cxa::nps(b)).encode() == cxa::nps(whole).encode());
}

TEST_CASE("a sample outside the scale throws and is not counted") {
  acc::accumulator_set<int, acc::features<cxa::tag::nps>> set;
  set(9);
  CHECK_THROWS_AS(set(11), cx::column_error);
  CHECK_THROWS_WITH_AS(set(300), "score 300 is outside every scale", cx::column_error);
  CHECK(cxa::nps(set).ledger() == cx::ledger{.counted = 1});
}

}  // namespace boost_accumulators_test
