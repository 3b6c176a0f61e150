// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/ends_of.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

namespace ends_of_test {

namespace cx = cxmetrics;

TEST_CASE_TEMPLATE("the ends of values are their least and their greatest", T, std::int8_t, std::uint8_t,
                   std::uint32_t, std::int64_t) {
  std::mt19937_64 random(1);
  for (std::size_t size = 1; size < 200; ++size) {
    std::vector<T> values(size);
    for (T& value : values) value = static_cast<T>(random());
    const auto [least, greatest] = cx::ends_of(std::span<const T>(values));
    CHECK(least == *std::min_element(values.begin(), values.end()));
    CHECK(greatest == *std::max_element(values.begin(), values.end()));
  }
}

TEST_CASE("no values have no ends between them") {
  const auto [least, greatest] = cx::ends_of(std::span<const std::int64_t>());
  CHECK(least == std::numeric_limits<std::int64_t>::max());
  CHECK(greatest == std::numeric_limits<std::int64_t>::min());
}

}  // namespace ends_of_test
