// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/parallel.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace parallel_test {

namespace cx = cxmetrics;

TEST_CASE("every row is worked on once, whatever the number of threads") {
  for (const unsigned threads : {0u, 1u, 2u, 3u, 4u, 7u})
    for (const std::size_t size : {0u, 1u, 2u, 9u, 10u, 11u, 99u, 1000u}) {
      std::vector<int> touched(size, 0);
      std::vector<std::size_t> part_of(size, 0);
      cx::in_parallel(
          size, threads,
          [&](std::size_t part, std::size_t begin, std::size_t end) {
            for (; begin < end; ++begin) {
              ++touched[begin];
              part_of[begin] = part;
            }
          },
          10);
      for (const int count : touched) REQUIRE(count == 1);
      for (std::size_t i = 1; i < size; ++i)
        REQUIRE(part_of[i - 1] <= part_of[i]);  // parts follow each other
      if (size != 0) REQUIRE(part_of.back() < std::max(threads, 1u));
    }
}

TEST_CASE("small inputs are not cut") {
  std::atomic<int> calls = 0;
  cx::in_parallel(1'000, 8, [&](std::size_t, std::size_t begin, std::size_t end) {
    ++calls;
    CHECK(begin == 0);
    CHECK(end == 1'000);
  });
  CHECK(calls == 1);
}

TEST_CASE("the caller's thread does the first part, others the rest") {
  std::vector<std::thread::id> who(4);
  cx::in_parallel(
      400, 4, [&](std::size_t part, std::size_t, std::size_t) { who[part] = std::this_thread::get_id(); },
      100);
  CHECK(who[0] == std::this_thread::get_id());
  for (std::size_t part = 1; part < 4; ++part) CHECK(who[part] != who[0]);
}

TEST_CASE("the first exception by part is thrown, after every part has ended") {
  for (std::size_t failing = 0; failing < 4; ++failing) {
    std::atomic<int> ended = 0;
    std::string message;
    try {
      cx::in_parallel(
          400, 4,
          [&](std::size_t part, std::size_t, std::size_t) {
            ++ended;
            if (part >= failing) throw std::runtime_error("part " + std::to_string(part));
          },
          100);
    } catch (const std::runtime_error& e) {
      message = e.what();
    }
    CHECK(message == "part " + std::to_string(failing));
    CHECK(ended == 4);
  }
}

TEST_CASE("in blocks, too, every row is worked on once") {
  for (const unsigned threads : {0u, 1u, 2u, 3u, 7u})
    for (const std::size_t size : {0u, 1u, 9u, 10u, 11u, 99u, 1000u}) {
      std::vector<std::atomic<int>> touched(size);
      cx::in_blocks(
          size, threads,
          [&](std::size_t part, std::size_t begin, std::size_t end) {
            if (part >= std::max(threads, 1u) || end - begin > 40) touched[begin] += 100;
            for (; begin < end; ++begin) ++touched[begin];
          },
          {}, 10);
      for (const std::atomic<int>& count : touched) REQUIRE(count == 1);
    }
}

TEST_CASE("nobody waits for a slow thread: the others take its blocks") {
  constexpr std::size_t size = 1'000;
  std::atomic<std::size_t> rows = 0;
  cx::in_blocks(
      size, 2,
      [&](std::size_t part, std::size_t begin, std::size_t end) {
        const auto too_late = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (part == 1 && rows != size - (end - begin) && std::chrono::steady_clock::now() < too_late)
          std::this_thread::yield();
        if (part == 1) CHECK(rows == size - (end - begin));
        rows += end - begin;
      },
      {}, 10);
  CHECK(rows == size);
}

TEST_CASE("after an error no further block is taken") {
  std::atomic<int> blocks = 0;
  std::atomic<bool> failed = false;
  const auto fail_first = [&](std::size_t, std::size_t begin, std::size_t) {
    ++blocks;
    if (begin == 0) {
      failed = true;
      throw std::runtime_error("the first block");
    }
    while (!failed) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  CHECK_THROWS_WITH_AS(cx::in_blocks(1'000, 2, fail_first, {}, 10), "the first block", std::runtime_error);
  CHECK(blocks <= 2);  // of 25
}

TEST_CASE("a stop is heard between blocks") {
  std::stop_source source;
  std::atomic<int> blocks = 0;
  const auto stopping = [&](std::size_t, std::size_t, std::size_t) {
    ++blocks;
    source.request_stop();
  };
  CHECK_THROWS_AS(cx::in_blocks(1'000, 2, stopping, source.get_token(), 10), cx::stopped);
  CHECK(blocks <= 2);
}

}  // namespace parallel_test
