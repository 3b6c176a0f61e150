// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/key_codes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cxmetrics/core/column.hpp"
#include "cxmetrics/core/error.hpp"
#include "unit/core/stopping.hpp"
#include "unit/engine/made_columns.hpp"

namespace key_codes_test {

using namespace cxmetrics;
using cxmetrics_test::column_of;
using cxmetrics_test::plain;
using cxmetrics_test::texts;

namespace {

using codes = std::vector<std::int32_t>;
constexpr std::int32_t none = key_codes::missing, bad = key_codes::invalid;

template <class T>
input_column numbers(std::span<const T> values, storage stored, meaning what = meaning::integer) {
  return column_of(what, {plain<T>(values, stored)});
}

key_rules ids() {
  key_rules rules;
  rules.identify = true;
  return rules;
}

}  // namespace

TEST_CASE("keys are numbered in the order in which they first appear") {
  const key_codes keys = encode_keys(column_of(texts{"sales", "it", "sales", "", "it"}));
  CHECK(keys.codes == codes{0, 1, 0, none, 1});
  CHECK(keys.texts == std::vector<std::string>{"sales", "it"});
  CHECK(keys.counts == std::vector<std::uint64_t>{2, 2});
  CHECK(keys.missing_rows == 1);
  CHECK(keys.first_repeated == 2);
}

TEST_CASE("a dictionary gives the same keys as its texts") {
  const texts words{"unused", "it", "sales"};
  const std::array<std::uint8_t, 3> indices{2, 1, 2};
  column_chunk chunk = plain<std::uint8_t>(indices, storage::uint8);
  chunk.dictionary = std::make_shared<column_chunk>(words.chunk());
  const key_codes keys = encode_keys(column_of(meaning::text, {chunk}));
  CHECK(keys.codes == codes{0, 1, 0});
  CHECK(keys.texts == std::vector<std::string>{"sales", "it"});
}

TEST_CASE("placeholders are nobody") {
  const texts words{"ann", "0", "-1", "?", "Unknown", "ANONYMOUS", "null", "unknowns"};
  CHECK(encode_keys(column_of(words), ids()).codes == codes{0, none, none, none, none, none, none, 1});
  const std::array<std::int64_t, 3> ints{5, 0, -1};
  CHECK(encode_keys(numbers<std::int64_t>(ints, storage::int64), ids()).codes == codes{0, none, none});
  key_rules kept = ids();
  kept.placeholders = false;
  kept.missing = {"5"};
  CHECK(encode_keys(numbers<std::int64_t>(ints, storage::int64), kept).codes == codes{none, 0, 1});
}

TEST_CASE("numbers of every width are one key, and a text is another") {
  const std::array<std::int32_t, 1> narrow{5};
  const std::array<double, 1> real{5.0};
  const key_codes a = encode_keys(numbers<std::int32_t>(narrow, storage::int32));
  const key_codes b = encode_keys(numbers<double>(real, storage::float64, meaning::real));
  const key_codes c = encode_keys(column_of(texts{"5"}));
  CHECK(a.whose(0) == b.whose(0));
  CHECK(a.whose(0) != c.whose(0));
  CHECK(a.label(0) == c.label(0));
}

TEST_CASE("whole numbers beyond 64 bits with a sign are keys by their digits") {
  constexpr std::uint64_t top = std::uint64_t{1} << 63;
  const std::array<std::uint64_t, 5> values{top, 5, ~std::uint64_t{0}, top, 0};
  const key_codes keys = encode_keys(numbers<std::uint64_t>(values, storage::uint64), ids());
  CHECK(keys.codes == codes{0, 1, 2, 0, none});
  CHECK(keys.label(0) == "9223372036854775808");
  CHECK(keys.label(1) == "5");
  CHECK(keys.label(2) == "18446744073709551615");
  CHECK(keys.is_wide(0));
  CHECK_FALSE(keys.is_wide(1));
  CHECK(keys.whose(0) == subject_of_digits("9223372036854775808"));
  CHECK(keys.whose(0) != subject_of("9223372036854775808"));
  CHECK(keys.whose(1) == subject_of(std::int64_t{5}));
  key_rules named = ids();
  named.missing = {"9223372036854775808"};
  CHECK(encode_keys(numbers<std::uint64_t>(values, storage::uint64), named).codes ==
        codes{none, 0, 1, none, none});
}

TEST_CASE("a decimal is a key with all its digits, and only a fraction is none") {
  std::array<std::array<std::int64_t, 2>, 5> values{};  // units of 10^-2, the lower half first
  values[0] = {1200, 0};
  values[1] = {1250, 0};
  values[2] = {0, 1};  // 2^64
  values[3] = {-100, -1};
  values[4] = {-256, 0};  // 2^64 - 256, a whole number of hundreds no more
  column_chunk chunk = plain<std::array<std::int64_t, 2>>(values, storage::decimal);
  chunk.width = 16;
  const auto read = [&](int scale) {
    chunk.scale = scale;
    return encode_keys(column_of(meaning::real, {chunk}));
  };
  const key_codes whole = read(0);
  CHECK(whole.codes == codes{0, 1, 2, 3, 4});
  CHECK(whole.label(2) == "18446744073709551616");
  CHECK(whole.label(3) == "-100");
  CHECK(whole.label(4) == "18446744073709551360");
  const key_codes hundreds = read(2);
  CHECK(hundreds.codes == codes{0, bad, bad, 1, bad});
  CHECK(hundreds.label(0) == "12");
  CHECK(hundreds.whose(1) == subject_of(std::int64_t{-1}));
}

TEST_CASE("no two keys share a text that are combined of wide numbers and of texts") {
  const std::array<std::uint64_t, 1> wide{std::uint64_t{1} << 63};
  const std::array<std::int64_t, 1> narrow{std::numeric_limits<std::int64_t>::min()};
  const auto with = [](key_codes part) {
    const std::array<key_codes, 2> parts{std::move(part), encode_keys(column_of(texts{"x"}))};
    return combine_keys(parts).texts[0];
  };
  const std::string a = with(encode_keys(numbers<std::uint64_t>(wide, storage::uint64)));
  CHECK(a != with(encode_keys(numbers<std::int64_t>(narrow, storage::int64))));
  CHECK(a != with(encode_keys(column_of(texts{"9223372036854775808"}))));
}

TEST_CASE("16 bytes are the text of a UUID") {
  std::array<std::array<std::uint8_t, 16>, 2> values{};
  values[0] = {0x6f, 0x1c, 0x9d, 0x2e, 0x8a, 0x53, 0x4b, 0x0e,
               0x9f, 0x63, 0x0d, 0x1e, 0x2f, 0x3a, 0x4b, 0x5c};
  column_chunk chunk = plain<std::array<std::uint8_t, 16>>(values, storage::uuid);
  const input_column column = column_of(meaning::text, {chunk});
  const key_codes keys = encode_keys(column, ids());
  CHECK(keys.texts == std::vector<std::string>{"6f1c9d2e-8a53-4b0e-9f63-0d1e2f3a4b5c",
                                               "00000000-0000-0000-0000-000000000000"});
  CHECK(keys.whose(0) == subject_of("6f1c9d2e-8a53-4b0e-9f63-0d1e2f3a4b5c"));
  CHECK(column.show(0) == "\"6f1c9d2e-8a53-4b0e-9f63-0d1e2f3a4b5c\"");
}

TEST_CASE("ids that a spreadsheet or a float has spoilt are invalid") {
  const key_codes words = encode_keys(column_of(texts{"3.27E+11", "1e5x", "327000000000"}), ids());
  CHECK(words.codes == codes{bad, 0, 1});
  CHECK(words.first_invalid == 0);
  const std::array<double, 3> reals{12.5, 9007199254740993.0 * 2, 7.0};
  CHECK(encode_keys(numbers<double>(reals, storage::float64, meaning::real)).codes == codes{bad, bad, 0});
}

TEST_CASE("keys of several columns are one where all their parts are") {
  const std::array<key_codes, 2> parts{encode_keys(column_of(texts{"a", "a", "b", "", "a"})),
                                       encode_keys(column_of(texts{"x", "y", "x", "x", "x"}))};
  const key_codes both = combine_keys(parts);
  CHECK(both.codes == codes{0, 1, 2, none, 0});
  CHECK(both.counts == std::vector<std::uint64_t>{2, 1, 1});
  CHECK(both.first_repeated == 4);
}

TEST_CASE("no two combined keys share a text") {
  const std::array<key_codes, 2> left{encode_keys(column_of(texts{"a;t1:b"})),
                                      encode_keys(column_of(texts{"c"}))};
  const std::array<key_codes, 2> right{encode_keys(column_of(texts{"a"})),
                                       encode_keys(column_of(texts{"b;t1:c"}))};
  CHECK(combine_keys(left).texts[0] != combine_keys(right).texts[0]);
}

TEST_CASE("columns of different lengths make no key, and neither do durations") {
  const std::array<key_codes, 2> parts{encode_keys(column_of(texts{"a"})),
                                       encode_keys(column_of(texts{"x", "y"}))};
  CHECK_THROWS_AS(static_cast<void>(combine_keys(parts)), column_error);
  CHECK_THROWS_AS(static_cast<void>(encode_keys(column_of(meaning::length, {}))), column_error);
}

namespace {

using ids_read = std::vector<std::int64_t>;
constexpr std::int64_t nobody = absent<std::int64_t>::missing, spoilt = absent<std::int64_t>::invalid;

std::optional<id_reading> read(const input_column& column, ids_read& out, unsigned threads = 1) {
  out.assign(column.size(), 7);
  return read_ids(column, ids(), out, threads);
}

}  // namespace

TEST_CASE("whole numbers are their own ids, without placeholders") {
  const std::array<std::int64_t, 5> ints{5, 0, -1, 9, 5};
  ids_read out;
  const auto found = read(numbers<std::int64_t>(ints, storage::int64), out);
  REQUIRE(found);
  CHECK(out == ids_read{5, nobody, nobody, 9, 5});
  CHECK(found->missing == 2);
  CHECK(found->most_rows >= 2);
  const auto looked = read_ids(numbers<std::int64_t>(ints, storage::int64), ids(), {});
  REQUIRE(looked);
  CHECK(looked->missing == 2);
  const std::array<double, 4> reals{5, 12.5, 9007199254740994.0, std::numeric_limits<double>::quiet_NaN()};
  const auto counted = read(numbers<double>(reals, storage::float64, meaning::real), out);
  REQUIRE(counted);
  CHECK(out == ids_read{5, spoilt, spoilt, nobody});
  CHECK(counted->first_invalid == 1);
}

TEST_CASE("ids of 64 bits without a sign keep their bits, and those that would be absent need a dictionary") {
  constexpr std::uint64_t top = std::uint64_t{1} << 63;
  const std::array<std::uint64_t, 4> values{top + 3, 5, 0, ~std::uint64_t{0}};
  ids_read out;
  const auto found = read(numbers<std::uint64_t>(values, storage::uint64), out);
  REQUIRE(found);
  CHECK(out == ids_read{std::numeric_limits<std::int64_t>::min() + 3, 5, nobody, -1});
  CHECK(found->missing == 1);
  for (const std::uint64_t near : {top, top + 1, top + 2}) {
    const std::array<std::uint64_t, 1> one{near};
    CHECK_FALSE(read(numbers<std::uint64_t>(one, storage::uint64), out));
  }
}

namespace {

constexpr std::size_t rows = 530'000;  // so many that they are cut into parts

texts many_texts() {
  std::mt19937_64 random(5);
  texts out{};
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint64_t id = random() % 20'000;
    out.add(id == 0   ? "unknown"
            : id == 1 ? "3.27E+11"
            : id == 2 ? ""
                      : (id % 2 == 0 ? " customer-" : "k") + std::to_string(id));
  }
  return out;
}

}  // namespace

TEST_CASE(
    "texts have one number where they are equal, on any number of threads, and the rows of a dictionary's "
    "keys") {
  const input_column column = column_of(many_texts());
  const key_codes keys = encode_keys(column, ids());
  for (const unsigned threads : {1U, 2U, 3U}) {
    ids_read out;
    const auto found = read(column, out, threads);
    REQUIRE(found);
    CHECK(found->missing == keys.missing_rows);
    CHECK(found->invalid == keys.invalid_rows);
    CHECK(found->first_invalid == keys.first_invalid);
    CHECK(found->most_rows >= *std::max_element(keys.counts.begin(), keys.counts.end()));
    std::unordered_map<std::int64_t, std::int32_t> code_of;
    bool agree = true;
    for (std::size_t i = 0; i < rows; ++i) {
      const std::int32_t code = out[i] == nobody ? none : out[i] == spoilt ? bad : keys.codes[i];
      agree = agree && code == keys.codes[i] && code_of.try_emplace(out[i], code).first->second == code;
    }
    CHECK(agree);
    CHECK(code_of.size() == keys.size() + 2);
  }
}

TEST_CASE("keys and ids stop when they are asked to") {
  const input_column column = column_of(many_texts());
  cxmetrics_test::check_stops([&](const std::stop_token& stop) { return encode_keys(column, ids(), stop); });
  ids_read out(rows);
  cxmetrics_test::check_stops(
      [&](const std::stop_token& stop) { return read_ids(column, ids(), out, 2, stop); });
  const std::array<key_codes, 2> parts{encode_keys(column), encode_keys(column)};
  cxmetrics_test::check_stops([&](const std::stop_token& stop) { return combine_keys(parts, stop); });
  const std::vector<double> reals(3'000'000, 1.0);
  const input_column many = numbers<double>(reals, storage::float64, meaning::real);
  cxmetrics_test::check_stops([&](const std::stop_token& stop) { return encode_keys(many, ids(), stop); });
}

TEST_CASE("what needs a dictionary is not read as ids") {
  ids_read out;
  const texts words{"it", "sales"};
  const std::array<std::uint8_t, 3> indices{1, 0, 1};
  column_chunk chunk = plain<std::uint8_t>(indices, storage::uint8);
  chunk.dictionary = std::make_shared<column_chunk>(words.chunk());
  CHECK_FALSE(read(column_of(meaning::text, {chunk}), out));
  CHECK_FALSE(read_ids(column_of(words), ids(), {}));
  const std::array<std::int64_t, 1> least{std::numeric_limits<std::int64_t>::min() + 2};
  CHECK_FALSE(read(numbers<std::int64_t>(least, storage::int64), out));
  CHECK_FALSE(read(numbers<std::int64_t>(least, storage::int64, meaning::zoned), out));
}

}  // namespace key_codes_test
