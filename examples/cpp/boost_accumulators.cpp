// SPDX-License-Identifier: Apache-2.0
// A service that has an accumulator_set already adds a feature to it: the NPS beside Boost's own mean.
#include <boost/accumulators/accumulators.hpp>
#include <boost/accumulators/statistics/mean.hpp>
#include <boost/accumulators/statistics/stats.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>

#include <cxmetrics/interop/boost_accumulators.hpp>

namespace acc = boost::accumulators;
namespace cxa = cxmetrics::boost_accumulators;
using namespace std::chrono_literals;

int main() {
  acc::accumulator_set<int, acc::features<cxa::tag::nps, acc::tag::mean>> scores;
  for (int score : {10, 9, 8, 9, 3, 10, 7, 6, 9, 10}) scores(score);
  std::cout << cxa::nps(scores).result().to_text() << "\nmean score " << acc::mean(scores) << '\n';

  acc::accumulator_set<std::int64_t, acc::features<cxa::tag::service_level>> waits(
      cxa::definition = cxmetrics::service_level{.within = 30s});
  for (std::int64_t seconds : {5, 12, 31, 8, 90})
    waits(seconds * 1'000'000, cxa::outcome_ = cxmetrics::outcome::answered);
  waits(45'000'000, cxa::outcome_ = cxmetrics::outcome::abandoned);
  std::cout << cxa::service_level(waits).result().to_text() << '\n';
}
