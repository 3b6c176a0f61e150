// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_PARALLEL_HPP
#define CXMETRICS_CORE_PARALLEL_HPP

#include <algorithm>
#include <atomic>
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

/// Of blocks of rows, where nothing else is asked for: a thread costs more than fewer.
inline constexpr std::size_t smallest_block = std::size_t{1} << 18;

/// Runs f(part, begin, end) over [0, size) in blocks of `smallest` to four times as many rows. Each thread
/// takes the next block when it is done with one, so that none waits for another that began late. Which part
/// has which rows is left to chance: only for what adds up in any order. Errors: those of f; stopped where
/// `stop` asks for it, heard between blocks.
inline void in_blocks(std::size_t size, unsigned threads,
                      const std::function<void(std::size_t part, std::size_t begin, std::size_t end)>& f,
                      const std::stop_token& stop = {}, std::size_t smallest = smallest_block) {
  const std::size_t block = std::clamp(size / std::max(threads, 1U), smallest, 4 * smallest);
  std::atomic<std::size_t> next{0};
  const auto take = [&](std::size_t part, std::size_t, std::size_t) {
    for (std::size_t begin; (begin = next.fetch_add(block)) < size;) {
      go_on(stop);
      f(part, begin, std::min(size, begin + block));
    }
  };
  in_parallel(size, threads, take, smallest);
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_PARALLEL_HPP
