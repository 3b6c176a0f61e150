// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/weighted_counts.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace weighted_counts_test {

namespace cx = cxmetrics;

namespace {

constexpr std::uint64_t most = ~std::uint64_t{0};

template <class State>
std::string encoded(const State& s) {
  cx::writer w;
  s.encode(w);
  return std::move(w).take();
}

cx::weighted_counts<2> decoded(const std::string& bytes) {
  cx::reader r(bytes);
  return cx::weighted_counts<2>::decode(r);
}

}  // namespace

TEST_CASE("rows, weights and their squares are summed by class") {
  cx::weighted_counts<2> s;
  s.of[0].add(1);
  s.of[1].add(3);
  s.of[1].add(cx::max_weight);
  CHECK(s.of[0] == cx::weight_sums{1, {1, 0}, {1, 0}});
  const std::uint64_t weight = std::uint64_t{1} << 40;
  CHECK(s.of[1] == cx::weight_sums{2, {weight + 3, 0}, {9, std::uint64_t{1} << 16}});
  CHECK(s.total() == 3);
}

TEST_CASE("a sum that does not fit is an error that changes nothing") {
  cx::weighted_counts<2> s;
  s.of[0] = {5, {7, 0}, {most, most}};
  cx::weighted_counts<2> other;
  other.of[0].add(1);
  const auto before = s;
  CHECK_THROWS_AS(s.merge(other), cx::state_error);
  CHECK(s == before);
  s = {};
  s.of[0].n = most;
  other = {};
  other.of[1].add(1);  // each class fits, all rows together do not
  CHECK_THROWS_AS(s.merge(other), cx::state_error);
}

TEST_CASE("bytes with sums that no weights have are damaged") {
  cx::weighted_counts<2> s;
  s.of[1].add(5);
  CHECK(decoded(encoded(s)) == s);
  const auto refuse = [](cx::weight_sums sums) {
    cx::weighted_counts<2> damaged;
    damaged.of[0] = sums;
    CHECK_THROWS_WITH_AS(static_cast<void>(decoded(encoded(damaged))),
                         "state bytes hold sums that no weights have: they are damaged", cx::state_error);
  };
  refuse({0, {1, 0}, {0, 0}});                                // weight without rows
  refuse({0, {0, 0}, {1, 0}});                                // squares without rows
  refuse({2, {1, 0}, {5, 0}});                                // a row of less than a step
  refuse({1, {7, 0}, {6, 0}});                                // squares below the weights
  refuse({1, {(std::uint64_t{1} << 40) + 1, 0}, {most, 0}});  // a row of more than the greatest weight
  cx::weighted_counts<2> full;
  full.of[0] = {most, {most, 0}, {most, 0}};
  full.of[1] = {1, {1, 0}, {1, 0}};
  CHECK_THROWS_AS(static_cast<void>(decoded(encoded(full))), cx::state_error);
}

}  // namespace weighted_counts_test
