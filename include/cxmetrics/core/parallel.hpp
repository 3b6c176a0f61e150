// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_PARALLEL_HPP
#define CXMETRICS_CORE_PARALLEL_HPP

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include <cxmetrics/core/error.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Runs f(part, begin, end) over [0, size) cut into equal parts, one a thread; the caller's thread does the
/// first. Threads start here and end here: no pool, nothing outlives the call. The first exception, by part,
/// is rethrown after all have ended. Small inputs are not cut: a thread costs more than `grain` rows.
inline void in_parallel(std::size_t size, unsigned threads,
                        const std::function<void(std::size_t part, std::size_t begin, std::size_t end)>& f,
                        std::size_t grain = std::size_t{1} << 18) {
  const std::size_t parts = std::clamp<std::size_t>(size / grain, 1, std::max(threads, 1U));
  std::vector<std::exception_ptr> failed(parts);
  const auto run = [&](std::size_t part) {
    try {
      f(part, size * part / parts, size * (part + 1) / parts);
    } catch (...) {
      failed[part] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    workers.reserve(parts - 1);
    for (std::size_t part = 1; part < parts; ++part) workers.emplace_back(run, part);
    run(0);
  }  // joined
  for (const std::exception_ptr& e : failed)
    if (e) std::rethrow_exception(e);
}

/// What a long computation asks between blocks of rows. Errors: stopped, where it was asked to stop.
inline void go_on(const std::stop_token& stop) {
  if (stop.stop_requested())
    throw stopped("stopped before its end, as its stop_token asked: there is no result");
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_PARALLEL_HPP
