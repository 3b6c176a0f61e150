// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/column.hpp>

#include <doctest/doctest.h>

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <tuple>

namespace column_test {

namespace cx = cxmetrics;

namespace {

template <class T>
void has_three_values_that_are_none() {
  using absent = cx::absent<T>;
  CHECK(cx::presence<T>(absent::missing) == cx::verdict::missing);
  CHECK(cx::presence<T>(absent::invalid) == cx::verdict::invalid);
  CHECK(cx::presence<T>(absent::excluded) == cx::verdict::excluded);
}

}  // namespace

TEST_CASE("each canonical type has three values that are none") {
  has_three_values_that_are_none<std::int8_t>();
  has_three_values_that_are_none<std::uint8_t>();
  has_three_values_that_are_none<std::int64_t>();
}

TEST_CASE("every other value is a value") {
  int bytes = 0;
  for (int v = -128; v < 128; ++v)
    bytes += cx::presence(static_cast<std::int8_t>(v)) == cx::verdict::counted ? 1 : 0;
  CHECK(bytes == 253);
  int labels = 0;
  for (int v = 0; v < 256; ++v)
    labels += cx::presence(static_cast<std::uint8_t>(v)) == cx::verdict::counted ? 1 : 0;
  CHECK(labels == 253);
  for (const std::int64_t v : {std::numeric_limits<std::int64_t>::min() + 3, std::int64_t{-1},
                               std::int64_t{0}, std::numeric_limits<std::int64_t>::max()})
    CHECK(cx::presence(v) == cx::verdict::counted);
}

TEST_CASE("columns know their names, values and spans in order") {
  using reads = cx::columns<cx::column<"wait", std::int64_t>, cx::column<"outcome", std::uint8_t>>;
  static_assert(reads::count == 2);
  static_assert(std::same_as<reads::values, std::tuple<std::int64_t, std::uint8_t>>);
  static_assert(
      std::same_as<reads::spans, std::tuple<std::span<const std::int64_t>, std::span<const std::uint8_t>>>);
  CHECK(reads::names == std::array<std::string_view, 2>{"wait", "outcome"});
}

}  // namespace column_test
