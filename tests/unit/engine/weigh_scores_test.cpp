// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/weigh_scores.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <stop_token>
#include <vector>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/weighted.hpp>

namespace weigh_scores_test {

namespace cx = cxmetrics;

namespace {

using scores = std::vector<std::int8_t>;
constexpr std::int64_t invalid = cx::absent<std::int64_t>::invalid;
constexpr double step = 1.0 / (1 << 20);

template <class Weight>
bool weigh(const scores& s, const std::vector<Weight>& w, cx::weighted_counts<11>& into) {
  return cx::weigh_scores(std::span(s), std::span<const Weight>(w), into);
}

}  // namespace

TEST_CASE("a weight is rounded to the nearest step, halves to even") {
  CHECK(cx::weight_steps(1.0) == cx::weight_one);
  CHECK(cx::weight_steps(0.0) == 0);
  CHECK(cx::weight_steps(step) == 1);
  CHECK(cx::weight_steps(0.5 * step) == 0);
  CHECK(cx::weight_steps(1.5 * step) == 2);
  CHECK(cx::weight_steps(2.5 * step) == 2);
  CHECK(cx::weight_steps(0.1) == 104858);  // 104857.6
  CHECK(cx::weight_steps(1048576.0) == cx::max_weight);
}

TEST_CASE("what is no weight is invalid") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double weight : {-step, -1.0, -0.1 * step, std::nan(""), infinity, -infinity,
                              std::nextafter(1048576.0, infinity), 1e300})
    CHECK(cx::weight_steps(weight) == invalid);
  CHECK(cx::weight_steps(-0.0) == 0);
}

TEST_CASE("a rounding is coarse where it changes a weight by more than a thousandth") {
  const auto coarse = [](double weight) { return cx::is_coarse(weight, cx::weight_steps(weight)); };
  CHECK_FALSE(coarse(0.0));
  CHECK_FALSE(coarse(0.1));
  CHECK_FALSE(coarse(1.0 / 3));
  CHECK_FALSE(coarse(7 * step));
  CHECK(coarse(0.4 * step));  // to nothing
  CHECK(coarse(10.4 * step));
  CHECK_FALSE(coarse(512.4 * step));
}

TEST_CASE("blocks of any size are summed as row by row, from steps and from doubles") {
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size <= 4096; size += size < 40 ? 1 : 169) {
    scores s;
    std::vector<std::int64_t> steps;
    std::vector<double> weights;
    cx::weighted_counts<11> expected, from_steps, from_weights;
    for (std::size_t i = 0; i < size; ++i) {
      s.push_back(static_cast<std::int8_t>(random() % 11));
      weights.push_back(static_cast<double>(random() % 31'000'000 + 1'000) * 1e-6);
      steps.push_back(cx::weight_steps(weights.back()));
      expected.of[static_cast<std::size_t>(s.back())].add(steps.back());
    }
    REQUIRE(weigh(s, steps, from_steps));
    REQUIRE(from_steps == expected);
    REQUIRE(weigh(s, weights, from_weights));
    REQUIRE(from_weights == expected);
  }
}

TEST_CASE("the greatest plain weights fill a block without a carry") {
  const std::int64_t greatest = std::int64_t{1} << 25;
  const scores s(4096, std::int8_t{10});
  cx::weighted_counts<11> expected, found;
  for (int i = 0; i < 4096; ++i) expected.of[10].add(greatest);
  CHECK(weigh(s, std::vector<std::int64_t>(4096, greatest), found));
  CHECK(found == expected);
  CHECK(weigh(s, std::vector<double>(4096, 32.0), found));
  expected.merge(expected);
  CHECK(found == expected);
}

TEST_CASE("a row that is not plain leaves everything as it was, wherever it stands") {
  for (const std::size_t place : {0u, 1u, 2u, 3u, 4u, 7u, 8u, 9u}) {
    const scores good(10, std::int8_t{5});
    const std::vector<std::int64_t> steps(10, cx::weight_one);
    const std::vector<double> weights(10, 1.0);
    cx::weighted_counts<11> into;
    into.of[3].add(7);
    const auto before = into;
    for (const int score : {-1, 11, 12, 15, 16, 127, -128, -127, -126}) {
      scores s = good;
      s[place] = static_cast<std::int8_t>(score);
      CHECK_FALSE(weigh(s, steps, into));
      CHECK_FALSE(weigh(s, weights, into));
    }
    for (const std::int64_t weight : {std::int64_t{0}, std::int64_t{-1}, (std::int64_t{1} << 25) + 1,
                                      cx::max_weight, invalid, std::numeric_limits<std::int64_t>::max()}) {
      auto w = steps;
      w[place] = weight;
      CHECK_FALSE(weigh(good, w, into));
    }
    const double infinity = std::numeric_limits<double>::infinity();
    for (const double weight : {0.0, -0.0, -1.0, 0.0004, 33.0, 1e6, 1e18, -1e18, 1e300, -1e300, infinity,
                                -infinity, std::nan(""), -std::nan("")}) {
      auto w = weights;
      w[place] = weight;
      CHECK_FALSE(weigh(good, w, into));
    }
    CHECK(into == before);
  }
}

TEST_CASE("a tally takes plain doubles as their steps, on any number of threads, or nothing") {
  std::mt19937_64 random(2);
  scores s;
  std::vector<double> weights;
  std::vector<std::int64_t> steps;
  for (int i = 0; i < 1'200'000; ++i) {
    s.push_back(static_cast<std::int8_t>(random() % 5 + 1));
    weights.push_back(static_cast<double>(random() % 4'000 + 10) / 997);
    steps.push_back(cx::weight_steps(weights.back()));
  }
  cx::tally<cx::weighted<cx::csat>> expected;
  expected.update({s, steps});
  for (const unsigned threads : {1u, 2u, 3u}) {
    cx::tally<cx::weighted<cx::csat>> t;
    CHECK(t.update_plain(s, weights, threads));
    CHECK(t.encode() == expected.encode());
    const std::string before = t.encode();
    s.back() = 6;  // a score, but not on this scale
    CHECK_FALSE(t.update_plain(s, weights, threads));
    s.back() = 5;
    weights.front() = -1;
    CHECK_FALSE(t.update_plain(s, weights, threads));
    weights.front() = static_cast<double>(steps.front()) * step;
    CHECK(t.encode() == before);
  }
  cx::tally<cx::weighted<cx::csat>> t;
  CHECK_THROWS_AS(static_cast<void>(t.update_plain(std::span(s).first(3), weights)), cx::column_error);
  std::stop_source asked;
  asked.request_stop();
  CHECK_THROWS_AS(static_cast<void>(t.update_plain(s, weights, 2, asked.get_token())), cx::stopped);
  CHECK(t == cx::tally<cx::weighted<cx::csat>>());
}

}  // namespace weigh_scores_test
