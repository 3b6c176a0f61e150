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

/// Rows below which one more thread costs more than it saves.
inline constexpr std::size_t usual_grain = std::size_t{1} << 18;

/// Runs f(part, begin, end) over [0, size) cut into equal parts, one a thread; the caller's thread does the
/// first. Threads start here and end here: no pool, nothing outlives the call. The first exception, by part,
/// is rethrown after all have ended. No part has fewer rows than `grain`, at least 1, unless it is the only
/// one.
inline void in_parallel(std::size_t size, unsigned threads,
                        const std::function<void(std::size_t part, std::size_t begin, std::size_t end)>& f,
                        std::size_t grain = usual_grain) {
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

/// Runs f(part, begin, end) over [0, size), in as many threads at once as there are parts, in blocks of up to
/// four grains. Each thread takes the next block when it is done with one, so that none waits for another
/// that began late. part < max(threads, 1); which part has which rows is left to chance: only for what adds
/// up in any order. Errors: those of f, after which no further block is taken; stopped where `stop` asks for
/// it, heard between blocks.
inline void in_blocks(std::size_t size, unsigned threads,
                      const std::function<void(std::size_t part, std::size_t begin, std::size_t end)>& f,
                      const std::stop_token& stop = {}, std::size_t grain = usual_grain) {
  const std::size_t block = std::clamp(size / std::max(threads, 1U), grain, 4 * grain);
  std::atomic<std::size_t> next{0};
  const auto take = [&](std::size_t part, std::size_t, std::size_t) {
    for (std::size_t begin; (begin = next.fetch_add(block)) < size;) {
      try {
        go_on(stop);
        f(part, begin, std::min(size, begin + block));
      } catch (...) {
        next = size;
        throw;
      }
    }
  };
  in_parallel(size, threads, take, grain);
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_PARALLEL_HPP
