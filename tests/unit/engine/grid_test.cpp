// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/grid.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/survey/nps.hpp>

namespace grid_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

using scores = std::vector<std::int8_t>;
using groups = std::vector<std::uint32_t>;

cx::grid<cx::nps> of(std::size_t size, const groups& group, const scores& column) {
  cx::grid<cx::nps> g({}, size);
  g.update(group, {column});
  return g;
}

cx::tally<cx::nps> tally_of(const scores& column) {
  cx::tally<cx::nps> t;
  t.update({column});
  return t;
}

}  // namespace

TEST_CASE("a cell is the tally of its group's rows") {
  const cx::grid<cx::nps> g = of(3, {0, 2, 0, 2, 2}, {9, 1, -128, 2, 10});
  CHECK(g.tally_of(0) == tally_of({9, -128}));
  CHECK(g.tally_of(1) == tally_of({}));
  CHECK(g.tally_of(2) == tally_of({1, 2, 10}));
  CHECK(g.tally_of(2).encode() == tally_of({1, 2, 10}).encode());
}

TEST_CASE("a batch that cannot be applied wholly changes nothing") {
  cx::grid<cx::nps> g = of(2, {0, 1}, {9, 10});
  const auto unchanged = [&] { return g.tally_of(0) == tally_of({9}) && g.tally_of(1) == tally_of({10}); };
  const scores three{1, 2, 3}, bad{1, 2, 30};
  CHECK_THROWS_WITH_AS(g.update(groups{0, 2, 1}, {three}), "row 1: group 2 does not exist: the grid has 2",
                       cx::column_error);
  CHECK_THROWS_AS(g.update(groups{0, 1}, {three}), cx::column_error);
  CHECK_THROWS_AS(g.update(groups{0, 1, 0, 1}, {three}), cx::column_error);
  CHECK_THROWS_WITH_AS(g.update(groups{0, 1, 1}, {bad}), "row 2: score 30 is outside the scale 0 to 10",
                       cx::column_error);
  CHECK(unchanged());
  g.update(groups{0, 1, 1}, {bad}, cx::on_invalid::count);
  CHECK(g.tally_of(1).ledger() == cx::ledger{.counted = 2, .invalid = 1});
}

TEST_CASE("grids merge cell by cell, of one definition and size only") {
  cx::grid<cx::nps> g = of(2, {0, 1}, {9, 10});
  g.merge(of(2, {1, 1}, {3, 4}));
  CHECK(g.tally_of(0) == tally_of({9}));
  CHECK(g.tally_of(1) == tally_of({10, 3, 4}));
  CHECK_THROWS_AS(g.merge(of(3, {}, {})), cx::state_error);
  cx::grid<cx::service_level> a({.within = 20s}, 1), b({.within = 30s}, 1);
  CHECK_THROWS_AS(a.merge(b), cx::state_error);
}

TEST_CASE("a merge that overflows in one cell leaves all cells unchanged") {
  cx::grid<cx::nps> g({}, 2), half({}, 2);
  const scores both{1, 2};
  half.update(groups{0, 1}, {both});
  g.update(groups{0}, {scores{5}});
  for (int i = 0; i < 63; ++i) half.merge(cx::grid<cx::nps>(half));
  g.merge(half);  // cell 0: 2^63 + 1 rows, cell 1: 2^63
  const cx::grid<cx::nps> before = g;
  CHECK_THROWS_AS(g.merge(half), cx::state_error);
  CHECK(g.tally_of(0) == before.tally_of(0));
  CHECK(g.tally_of(1) == before.tally_of(1));
}

TEST_CASE("coarser groups are states added up") {
  const cx::grid<cx::nps> fine = of(4, {0, 1, 2, 3, 3}, {9, 1, 10, 2, 3});
  const cx::grid<cx::nps> coarse = fine.regroup(groups{1, 0, 1, 1}, 3);
  CHECK(coarse.size() == 3);
  CHECK(coarse.tally_of(0) == tally_of({1}));
  CHECK(coarse.tally_of(1) == tally_of({9, 10, 2, 3}));
  CHECK(coarse.tally_of(2) == tally_of({}));
}

TEST_CASE("a group that has no coarser one is an error") {
  const cx::grid<cx::nps> fine = of(2, {0, 1}, {9, 1});
  CHECK_THROWS_WITH_AS(static_cast<void>(fine.regroup(groups{0}, 1)),
                       "regrouping needs a new group for each of the 2 groups, not 1", cx::column_error);
  CHECK_THROWS_WITH_AS(static_cast<void>(fine.regroup(groups{0, 5}, 2)),
                       "group 1 cannot become group 5: the new grid has 2", cx::column_error);
}

TEST_CASE("a grid grows without losing anything") {
  cx::grid<cx::nps> g = of(1, {0}, {9});
  g.resize(3);
  CHECK(g.size() == 3);
  CHECK(g.tally_of(0) == tally_of({9}));
  CHECK(g.tally_of(2) == tally_of({}));
}

TEST_CASE("groups are picked, some twice, some none, and one that does not exist is refused") {
  const cx::grid<cx::nps> g = of(3, {0, 1, 1, 2}, {9, 10, 3, 5});
  const cx::grid<cx::nps> picked = g.pick(groups{2, 0, g.nowhere, 2});
  CHECK(picked.size() == 4);
  CHECK(picked.tally_of(0) == tally_of({5}));
  CHECK(picked.tally_of(1) == tally_of({9}));
  CHECK(picked.tally_of(2) == tally_of({}));
  CHECK(picked.tally_of(3) == tally_of({5}));
  CHECK_THROWS_WITH_AS(static_cast<void>(g.pick(groups{3})), "group 3 does not exist: the grid has 3",
                       cx::column_error);
}

TEST_CASE("the others of a group are all but it") {
  const cx::grid<cx::nps> g = of(3, {0, 1, 1, 2}, {9, 10, 3, -128});
  const cx::grid<cx::nps> others = g.others();
  CHECK(others.tally_of(0) == tally_of({10, 3, -128}));
  CHECK(others.tally_of(1) == tally_of({9, -128}));
  CHECK(others.tally_of(2) == tally_of({9, 10, 3}));
  CHECK(of(1, {0}, {9}).others().tally_of(0) == tally_of({}));
  CHECK(of(0, {}, {}).others().size() == 0);
}

TEST_CASE("a number is added to one group, whatever the grid has counted before and counts after") {
  cx::grid<cx::nps> g = of(2, {0, 1}, {9, 10});
  g.merge(1, tally_of({3, -128}));
  g.merge(1, tally_of({4}));
  g.update(groups{1, 0}, {scores{5, 6}});
  CHECK(g.tally_of(0) == tally_of({9, 6}));
  CHECK(g.tally_of(1) == tally_of({10, 3, -128, 4, 5}));
  cx::grid<cx::service_level> level({.within = 20s}, 1);
  CHECK_THROWS_AS(level.merge(0, cx::tally<cx::service_level>({.within = 30s})), cx::state_error);
}

}  // namespace grid_test
