// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/ordered_numbers.hpp>

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

namespace ordered_numbers_test {

namespace {

using cxmetrics::ordered_numbers;
using numbers = std::vector<std::uint64_t>;

numbers in_order(const ordered_numbers& all) { return {all.numbers().begin(), all.numbers().end()}; }

TEST_CASE("numbers that lie close together stand in order, each once, and know their places") {
  const ordered_numbers all({7, 2, 9, 2, 0, 7}, 10);
  CHECK(in_order(all) == numbers{0, 2, 7, 9});
  CHECK(all.place_of(0) == 0);
  CHECK(all.place_of(2) == 1);
  CHECK(all.place_of(7) == 2);
  CHECK(all.place_of(9) == 3);
}

TEST_CASE("numbers that lie far apart do as well, without a table of those between them") {
  const std::uint64_t far = std::uint64_t{1} << 60;
  const ordered_numbers all({far, 5, far - 1, 5}, far + 1);
  CHECK(in_order(all) == numbers{5, far - 1, far});
  CHECK(all.place_of(5) == 0);
  CHECK(all.place_of(far - 1) == 1);
  CHECK(all.place_of(far) == 2);
}

TEST_CASE("no numbers are none") {
  CHECK(ordered_numbers({}, 0).size() == 0);
  CHECK(ordered_numbers({}, 1000).size() == 0);
}

}  // namespace

}  // namespace ordered_numbers_test
