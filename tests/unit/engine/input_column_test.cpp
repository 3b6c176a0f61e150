// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/input_column.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unit/engine/made_columns.hpp"

namespace input_column_test {

using namespace cxmetrics;
using cxmetrics_test::column_of;
using cxmetrics_test::plain;

TEST_CASE("the size of a column is the sum of its chunks") {
  const std::array<std::int8_t, 3> a{1, 2, 3};
  const std::array<std::int8_t, 2> b{4, 5};
  const auto column = column_of(meaning::integer,
                                {plain<std::int8_t>(a, storage::int8), plain<std::int8_t>(b, storage::int8)});
  CHECK(column.size() == 5);
  CHECK(input_column().size() == 0);
}

TEST_CASE("plain bytes are used where they lie") {
  const std::array<std::int8_t, 3> a{1, 2, 3};
  const auto column = column_of(meaning::integer, {plain<std::int8_t>(a, storage::int8)});
  const auto spans = column.raw_int8();
  REQUIRE(spans.has_value());
  CHECK(spans->front().data() == a.data());
}

TEST_CASE("strided, swapped, nullable and other columns are not used as they lie") {
  const std::array<std::int8_t, 4> a{1, 2, 3, 4};
  const std::array<std::byte, 1> bitmap{std::byte{0x0f}};
  column_chunk strided = plain<std::int8_t>(a, storage::int8);
  strided.stride = 2;
  strided.size = 2;
  column_chunk nullable = plain<std::int8_t>(a, storage::int8);
  nullable.validity = bitmap.data();
  CHECK_FALSE(column_of(meaning::integer, {strided}).raw_int8());
  CHECK_FALSE(column_of(meaning::integer, {nullable}).raw_int8());
  CHECK_FALSE(column_of(meaning::truth, {plain<std::int8_t>(a, storage::int8)}).raw_int8());
  const std::array<std::int16_t, 1> wide{1};
  column_chunk swapped = plain<std::int16_t>(wide, storage::int16);
  swapped.swapped = true;
  CHECK_FALSE(column_of(meaning::integer, {swapped}).raw<std::int16_t>(storage::int16));
}

TEST_CASE("a value is shown as it stands in the input") {
  const std::array<double, 3> numbers{6.5, 7.0, std::numeric_limits<double>::infinity()};
  const auto reals = column_of(meaning::real, {plain<double>(numbers, storage::float64)});
  CHECK(reals.show(0) == "6.5");
  CHECK(reals.show(2) == "infinity");
  CHECK(reals.show(3) == "no such row");
  const cxmetrics_test::texts words({"abc", std::string(70, 'x'),
                                     "r\xc3\xa9"
                                     "sum\xc3\xa9",
                                     "\xff\x01"});
  const auto texts = column_of(meaning::text, {words.chunk()});
  CHECK(texts.show(0) == "\"abc\"");
  CHECK(texts.show(1) == "\"" + std::string(60, 'x') + "...\"");
  CHECK(texts.show(2) ==
        "\"r\xc3\xa9"
        "sum\xc3\xa9\"");
  CHECK(texts.show(3) ==
        "\"?"
        "?\"");
}

TEST_CASE("a null and a time are shown for people") {
  const std::array<std::int64_t, 2> seconds{0, 1'526'000'000};
  const std::array<std::byte, 1> second_only{std::byte{0b10}};
  column_chunk chunk = plain<std::int64_t>(seconds, storage::int64);
  chunk.validity = second_only.data();
  column_type type;
  type.what = meaning::local;
  type.numerator = 1'000'000;
  const input_column column("when", type, {chunk});
  CHECK(column.show(0) == "null");
  CHECK(column.show(1) == "2018-05-11T00:53:20");
}

TEST_CASE("a column describes itself with its name and the type that its source gave it") {
  column_type type;
  type.shown = "Arrow type int8";
  CHECK(describe(input_column("score", type, {})) == "column \"score\" (Arrow type int8)");
  CHECK(describe(input_column("score", {}, {}).renamed("mark")) == "column \"mark\"");
}

}  // namespace input_column_test
