// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/ledger.hpp>

#include <doctest/doctest.h>

namespace ledger_test {

namespace cx = cxmetrics;

TEST_CASE("every row has one place, and all places together are the rows") {
  constexpr cx::ledger l{.counted = 1, .excluded = 20, .invalid = 300, .missing = 4'000, .pending = 50'000};
  static_assert(l.rows() == 54'321);
  CHECK(l == cx::ledger{1, 20, 300, 4'000, 50'000});
  CHECK(l != cx::ledger{1, 20, 300, 4'001, 49'999});
}

TEST_CASE("nothing fed is no rows") { CHECK(cx::ledger{}.rows() == 0); }

TEST_CASE("verdicts rise in the order in which they outrank each other") {
  static_assert(cx::verdict::counted < cx::verdict::excluded);
  static_assert(cx::verdict::excluded < cx::verdict::invalid);
  CHECK(cx::verdict::invalid < cx::verdict::missing);
}

}  // namespace ledger_test
