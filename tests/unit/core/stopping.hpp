// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_STOPPING_HPP
#define CXMETRICS_TESTS_STOPPING_HPP

// Long computations end when they are asked to.

#include <doctest/doctest.h>

#include <chrono>
#include <stop_token>
#include <thread>

#include <cxmetrics/core/error.hpp>

namespace cxmetrics_test {

/// Asks f(stop), which takes many milliseconds, to stop before it begins, and while it runs.
template <class F>
void check_stops(F f) {
  std::stop_source before;
  before.request_stop();
  CHECK_THROWS_AS(f(before.get_token()), cxmetrics::stopped);
  std::stop_source meanwhile;
  const std::jthread asks([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    meanwhile.request_stop();
  });
  CHECK_THROWS_AS(f(meanwhile.get_token()), cxmetrics::stopped);
}

}  // namespace cxmetrics_test

#endif  // CXMETRICS_TESTS_STOPPING_HPP
