// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/cells.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <vector>

#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/survey/nps.hpp>

namespace cells_test {

namespace cx = cxmetrics;

namespace {

using scores = std::vector<std::int8_t>;
using groups = std::vector<std::uint32_t>;

cx::cells<cx::nps> of(std::size_t size, const groups& group, const scores& column) {
  cx::cells<cx::nps> c(size);
  c.add(cx::nps{}, std::span<const std::uint32_t>(group), std::span<const std::int8_t>(column));
  return c;
}

cx::cell<cx::nps> cell_of(const scores& column) {
  cx::cell<cx::nps> c;
  c.add_batch({}, {column});
  return c;
}

}  // namespace

TEST_CASE("a cell is that of its rows alone, with the rows that are no class") {
  const cx::cells<cx::nps> c = of(3, {0, 2, 2, 2, 2}, {9, 1, -128, -127, -126});
  CHECK(c.at(0) == cell_of({9}));
  CHECK(c.at(1) == cx::cell<cx::nps>{});
  CHECK(c.at(2) == cell_of({1, -128, -127, -126}));
  CHECK(c.invalid() == 1);
  CHECK(c.has_rows({}, 0));
  CHECK_FALSE(c.has_rows({}, 1));
  CHECK(c.has_rows({}, 2));
}

TEST_CASE(
    "rows of rare classes, in groups far apart, are counted as those of common ones in groups side by side") {
  std::mt19937 random(7);
  for (const std::uint32_t size : {3U, 20'000U})
    for (const unsigned outcomes : {2U, 6U, 14U, 256U}) {
      cx::cells<cx::service_level> first(size), second(1);
      std::map<std::uint32_t, cx::cell<cx::service_level>> expected;
      for (cx::cells<cx::service_level>* c : {&first, &second}) {
        c->resize(size);
        groups group;
        std::vector<std::int64_t> wait;
        std::vector<std::uint8_t> outcome;
        for (int row = 0; row < 2'000; ++row) {
          group.push_back(static_cast<std::uint32_t>(random() % size));
          wait.push_back(static_cast<std::int64_t>(random() % 40) * 1'000'000 -
                         (outcomes > 14 ? 1'000'000 : 0));
          outcome.push_back(static_cast<std::uint8_t>(random() % outcomes));
          expected[group.back()].add(cx::service_level{}, wait.back(), outcome.back());
        }
        c->add(cx::service_level{}, std::span<const std::uint32_t>(group),
               std::span<const std::int64_t>(wait), std::span<const std::uint8_t>(outcome));
      }
      for (std::uint32_t i = 0; i < size; ++i) first.merge(i, second, i);
      for (std::uint32_t i = 0; i < size; ++i) {
        const auto rows = expected.find(i);
        CHECK(first.has_rows({}, i) == (rows != expected.end()));
        if (rows != expected.end()) CHECK(first.at(i) == rows->second);
      }
    }
}

TEST_CASE("counters of 32 bits are emptied before they overflow") {
  // Doubling one cell 34 times: 2^34 rows, of which the small counters could not hold a fourth.
  cx::cells<cx::nps> c = of(2, {0, 1}, {9, 3});
  cx::cell<cx::nps> expected = cell_of({9});
  for (int i = 0; i < 34; ++i) {
    const cx::cells<cx::nps> same = c;
    c.merge(0, same, 0);
    expected.merge(cx::cell<cx::nps>(expected));
  }
  CHECK(c.at(0) == expected);
  CHECK(c.at(1) == cell_of({3}));
  const scores more{9, 4};
  const groups both{0, 1};
  c.add(cx::nps{}, std::span<const std::uint32_t>(both), std::span<const std::int8_t>(more));
  expected.merge(cell_of({9}));
  CHECK(c.at(0) == expected);
  CHECK(c.at(1) == cell_of({3, 4}));
  c.resize(3);
  CHECK(c.at(0) == expected);
  CHECK(c.at(2) == cx::cell<cx::nps>{});
}

TEST_CASE("a sum that overflows changes nothing") {
  cx::cells<cx::nps> c = of(1, {0}, {9});
  for (int i = 0; i < 63; ++i) c.merge(0, cx::cells<cx::nps>(c), 0);
  const cx::cell<cx::nps> before = c.at(0);
  CHECK_THROWS_AS(c.merge(0, cx::cells<cx::nps>(c), 0), cx::state_error);
  CHECK(c.at(0) == before);
}

TEST_CASE("a metric that collects in its own way has a cell each") {
  cx::cells<cx::wait_time> c(2);
  const groups group{1, 1, 0};
  const std::vector<std::int64_t> wait{5, -1, 7};
  const std::vector<std::uint8_t> how{0, 0, 1};
  c.add(cx::wait_time{}, std::span<const std::uint32_t>(group), std::span<const std::int64_t>(wait),
        std::span<const std::uint8_t>(how));
  CHECK(c.at(1).state.distribution.moments.n == 1);
  CHECK(c.invalid() == 1);
  CHECK(c.at(0).rejected.excluded == 1);
  CHECK(c.has_rows({}, 0));
}

}  // namespace cells_test
