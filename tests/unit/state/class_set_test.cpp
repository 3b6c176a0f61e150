// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/class_set.hpp>

#include <doctest/doctest.h>

namespace class_set_test {

namespace cx = cxmetrics;

TEST_CASE("sets are joined, taken apart and compared") {
  constexpr cx::class_set low{0, 1}, high{1, 63};
  CHECK((low | high) == cx::class_set{0, 1, 63});
  CHECK(low - high == cx::class_set{0});
  CHECK(low - low == cx::class_set());
  CHECK(high.has(63));
  CHECK_FALSE(high.has(0));
  CHECK((low | high).includes(high));
  CHECK_FALSE(low.includes(high));
  CHECK(low.includes({}));
}

TEST_CASE("a set counts the rows of its classes") {
  cx::counts<4> s;
  s.of = {1, 20, 300, 4000};
  CHECK(cx::class_set{}.count(s) == 0);
  CHECK(cx::class_set{0, 2}.count(s) == 301);
  CHECK(cx::class_set{0, 1, 2, 3}.count(s) == s.total());
  CHECK(cx::class_set{63}.count(s) == 0);  // no class of this state
}

}  // namespace class_set_test
