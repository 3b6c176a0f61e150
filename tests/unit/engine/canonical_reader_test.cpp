// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/canonical_reader.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cxmetrics/core/column.hpp"
#include "cxmetrics/core/error.hpp"
#include "cxmetrics/core/instant.hpp"
#include "unit/engine/made_columns.hpp"

namespace canonical_reader_test {

using namespace cxmetrics;
using cxmetrics_test::column_of;
using cxmetrics_test::plain;
using cxmetrics_test::texts;

namespace {

constexpr std::int8_t no_score = absent<std::int8_t>::missing, bad_score = absent<std::int8_t>::invalid;
constexpr std::int64_t no_time = absent<std::int64_t>::missing, bad_time = absent<std::int64_t>::invalid;

template <class T>
std::vector<T> all(canonical_reader<T>& reader) {
  std::vector<T> out(reader.column().size());
  reader.read(0, out);
  return out;
}

template <class T>
std::string message(const canonical_reader<T>& reader) {
  try {
    reader.expect_valid();
  } catch (const error& e) {
    return e.what();
  }
  return "no error";
}

input_column times_of(meaning what, std::span<const std::int64_t> values, std::int64_t numerator,
                      std::int64_t denominator) {
  column_type type;
  type.what = what;
  type.numerator = numerator;
  type.denominator = denominator;
  return {"c", type, {plain<std::int64_t>(values, storage::int64)}};
}

time_rules in_zone(std::string name, std::string format = {}) {
  time_rules rules;
  rules.where = zone::locate(name);
  rules.format = std::move(format);
  return rules;
}

constexpr std::int64_t second = 1'000'000;

}  // namespace

TEST_CASE("whole numbers of every type are scores") {
  const std::array<std::uint64_t, 3> wide{0, 10, 7};
  const std::array<float, 3> reals{0.0F, 10.0F, 7.0F};
  CHECK(all(*read_scores(column_of(meaning::integer, {plain<std::uint64_t>(wide, storage::uint64)}))) ==
        std::vector<std::int8_t>{0, 10, 7});
  CHECK(all(*read_scores(column_of(meaning::real, {plain<float>(reals, storage::float32)}))) ==
        std::vector<std::int8_t>{0, 10, 7});
  CHECK(all(*read_scores(column_of(texts{"7", " 8 ", "9.0", "10,00", "+6"}))) ==
        std::vector<std::int8_t>{7, 8, 9, 10, 6});
}

TEST_CASE("texts that mean no answer are missing, and the numbers that some of them are") {
  CHECK(all(*read_scores(column_of(texts{"", "NA", "N/A", "n/a", "NULL", "null", "None", "nan", "?", "-",
                                         " NA "}))) == std::vector<std::int8_t>(11, no_score));
  const std::array<std::int32_t, 2> numbers{9, 5};
  CHECK(all(*read_scores(column_of(meaning::integer, {plain<std::int32_t>(numbers, storage::int32)}),
                         {"9"})) == std::vector<std::int8_t>{no_score, 5});
}

TEST_CASE("a fraction, an infinity and a word are invalid, and the first of them is named") {
  const std::array<double, 3> reals{7, 6.5, std::numeric_limits<double>::infinity()};
  auto reader = read_scores(column_of(meaning::real, {plain<double>(reals, storage::float64)}));
  CHECK(all(*reader) == std::vector<std::int8_t>{7, bad_score, bad_score});
  CHECK(reader->found().invalid == 2);
  CHECK(message(*reader) ==
        "column \"c\", row 1: 6.5 is not a whole number: round such marks first, as your survey says (a "
        "7.5 to 8, or to 7), name them in missing= where they mean no answer or in excluded= where they are "
        "left out by choice, or count such rows with invalid=\"count\"");
  auto words = read_scores(column_of(texts{"7", "7e0", "7."}));
  CHECK(all(*words) == std::vector<std::int8_t>{7, bad_score, bad_score});
}

TEST_CASE("numbers with a fraction and what is no number are missing where they are named") {
  const std::array<double, 4> reals{7, 6.5, std::numeric_limits<double>::quiet_NaN(), 12.25};
  const auto column = [&] {
    column_type type;
    type.what = meaning::real;
    type.nan_is_missing = false;
    return input_column("c", type, {plain<double>(reals, storage::float64)});
  };
  using scores = std::vector<std::int8_t>;
  constexpr std::int8_t none = absent<std::int8_t>::missing, left_out = absent<std::int8_t>::excluded;
  CHECK(all(*read_scores(column())) == scores{7, bad_score, bad_score, bad_score});
  CHECK(all(*read_scores(column(), {"6.5", "NaN"})) == scores{7, none, none, bad_score});
  CHECK(all(*read_scores(column(), {}, {}, {"12,25", "NaN"})) == scores{7, bad_score, left_out, left_out});
  auto refused = read_scores(column(), {"6.5"});
  CHECK(all(*refused) == scores{7, none, bad_score, bad_score});
  CHECK(message(*refused) ==
        "column \"c\", row 2: NaN is no value: where it means none, name it, missing=[*cx.MISSING, "
        "float(\"nan\")], or make it null; or count such rows with invalid=\"count\"");
  CHECK(all(*read_scores(column_of(texts{"6,5", "6.5", "6.50"}), {"6.5"})) == scores{none, none, none});
}

TEST_CASE("scores left out by choice are excluded, before anything else is said of them") {
  constexpr std::int8_t left_out = absent<std::int8_t>::excluded;
  CHECK(all(*read_scores(column_of(texts{"7", " dismissed ", "99", "NA", "-"}), {"NA", "99"}, {},
                         {"dismissed", "99", "-"})) ==
        std::vector<std::int8_t>{7, left_out, left_out, no_score, left_out});
  const std::array<std::int32_t, 3> numbers{5, 99, 0};
  auto reader = read_scores(column_of(meaning::integer, {plain<std::int32_t>(numbers, storage::int32)}), {},
                            {}, {"99"});
  CHECK(all(*reader) == std::vector<std::int8_t>{5, left_out, 0});
  CHECK(reader->found().excluded == 1);
}

TEST_CASE("weights are numbers of 0 to 2^20 in steps of 2^-20") {
  constexpr std::int64_t one = std::int64_t{1} << 20;
  const std::array<double, 5> reals{1.0, 0.0, 0.5, 1048576.0, 1.5 / one};
  CHECK(all(*read_weights(column_of(meaning::real, {plain<double>(reals, storage::float64)}))) ==
        std::vector<std::int64_t>{one, 0, one / 2, one * one, 2});
  const std::array<std::uint8_t, 2> small{0, 255};
  CHECK(all(*read_weights(column_of(meaning::integer, {plain<std::uint8_t>(small, storage::uint8)}))) ==
        std::vector<std::int64_t>{0, 255 * one});
  CHECK(all(*read_weights(column_of(texts{"0.5", " 0,25 ", "2", "NA", ""}))) ==
        std::vector<std::int64_t>{one / 2, one / 4, 2 * one, no_time, no_time});
}

TEST_CASE("a NaN weight is missing or invalid as the source means it") {
  const std::array<double, 1> nan{std::nan("")};
  column_type type;
  type.what = meaning::real;
  CHECK(all(*read_weights({"c", type, {plain<double>(nan, storage::float64)}})) ==
        std::vector<std::int64_t>{no_time});
  type.nan_is_missing = false;
  CHECK(all(*read_weights({"c", type, {plain<double>(nan, storage::float64)}})) ==
        std::vector<std::int64_t>{bad_time});
}

TEST_CASE("what is no weight is named with row and value") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {-0.5, infinity, -infinity, 1048577.0}) {
    const std::array<double, 2> reals{1.0, bad};
    auto reader = read_weights(column_of(meaning::real, {plain<double>(reals, storage::float64)}));
    CHECK(all(*reader) == std::vector<std::int64_t>{std::int64_t{1} << 20, bad_time});
    CHECK(message(*reader).find(
              " is no weight of 0 to 1,048,576: correct it, divide all weights by one number") !=
          std::string::npos);
    CHECK(message(*reader).find("row 1: ") != std::string::npos);
  }
  auto words = read_weights(column_of(texts{"1", "heavy"}));
  CHECK(all(*words) == std::vector<std::int64_t>{std::int64_t{1} << 20, bad_time});
  CHECK(message(*words).find("row 1: \"heavy\" is no weight") != std::string::npos);
  for (const meaning what : {meaning::truth, meaning::local, meaning::length})
    CHECK_THROWS_AS(static_cast<void>(read_weights(column_of(what, {}))), column_error);
}

TEST_CASE("roundings that matter are counted, row by row, in dictionaries too") {
  constexpr double step = 1.0 / (1 << 20);
  const std::array<double, 5> reals{1.0, 0.4 * step, 0.1, 3.3 * step, 7 * step};
  auto reader = read_weights(column_of(meaning::real, {plain<double>(reals, storage::float64)}));
  static_cast<void>(all(*reader));
  CHECK(reader->found().coarse == 2);

  const std::array<double, 2> entries{1.0, 0.4 * step};
  const std::array<std::int8_t, 4> places{0, 1, 1, 0};
  column_chunk chunk = plain<std::int8_t>(places, storage::int8);
  chunk.dictionary = std::make_shared<column_chunk>(plain<double>(entries, storage::float64));
  auto coded = read_weights(column_of(meaning::real, {chunk}));
  CHECK(all(*coded) == std::vector<std::int64_t>{1 << 20, 0, 0, 1 << 20});
  CHECK(coded->found().coarse == 2);
}

TEST_CASE("a score outside the scale is a scale error with row and value") {
  auto reader = read_scores(column_of(texts{"10", "11"}));
  CHECK(all(*reader) == std::vector<std::int8_t>{10, bad_score});
  CHECK_THROWS_AS(reader->expect_valid(), scale_error);
  CHECK(message(*reader).find("row 1: score 11 is outside the scale 0 to 10") != std::string::npos);
  const std::array<std::int64_t, 2> range{-5, 1000};
  CHECK(all(*read_scores(column_of(meaning::integer, {plain<std::int64_t>(range, storage::int64)}), {},
                         {-10, 10})) == std::vector<std::int8_t>{-5, bad_score});
}

TEST_CASE("a NaN is missing or invalid as the source means it") {
  const std::array<double, 1> nan{std::nan("")};
  column_type type;
  type.what = meaning::real;
  CHECK(all(*read_scores({"c", type, {plain<double>(nan, storage::float64)}})) ==
        std::vector<std::int8_t>{no_score});
  type.nan_is_missing = false;
  CHECK(all(*read_scores({"c", type, {plain<double>(nan, storage::float64)}})) ==
        std::vector<std::int8_t>{bad_score});
}

TEST_CASE("truths and times are no scores") {
  const std::array<std::int64_t, 1> one{1};
  CHECK_THROWS_AS(static_cast<void>(read_scores(times_of(meaning::length, one, 1, 1))), column_error);
  CHECK_THROWS_AS(static_cast<void>(read_scores(column_of(meaning::truth, {}))), column_error);
}

TEST_CASE("a column is read in blocks of any size, over chunks, with the same values and findings") {
  const texts a{"1", "x", "3"}, b{"4", "NA"};
  const std::vector<std::int8_t> expected{1, bad_score, 3, 4, no_score};
  for (std::size_t block = 1; block <= 5; ++block) {
    auto reader = read_scores(column_of(meaning::text, {a.chunk(), b.chunk()}));
    std::vector<std::int8_t> out(5);
    for (std::size_t row = 0; row < 5; row += block)
      reader->read(row, std::span(out).subspan(row, std::min(block, 5 - row)));
    CHECK(out == expected);
    CHECK(reader->found().rows == 5);
    CHECK(reader->found().first_invalid == 1);
    CHECK(reader->found().least == 1);
    CHECK(reader->found().greatest == 4);
  }
  auto reader = read_scores(column_of(a));
  std::vector<std::int8_t> out(4);
  CHECK_THROWS_AS(reader->read(0, out), column_error);
}

TEST_CASE("a dictionary is converted once, and its null entries and null rows are missing") {
  const texts words{"9", "NA", "x"};
  auto entries = std::make_shared<column_chunk>(words.chunk());
  const std::array<std::byte, 1> entry_bitmap{std::byte{0b101}};
  entries->validity = entry_bitmap.data();
  const std::array<std::int32_t, 4> indices{0, 1, 2, 0};
  column_chunk chunk = plain<std::int32_t>(indices, storage::int32);
  const std::array<std::byte, 1> row_bitmap{std::byte{0b0111}};
  chunk.validity = row_bitmap.data();
  chunk.dictionary = entries;
  auto reader = read_scores(column_of(meaning::text, {chunk}));
  CHECK(all(*reader) == std::vector<std::int8_t>{9, no_score, bad_score, no_score});
  CHECK(message(*reader).find("row 2: \"x\"") != std::string::npos);
}

TEST_CASE(
    "rows that are canonical as they stand are looked at where they lie, and counted as if they had been "
    "read") {
  const std::array<std::int64_t, 5> waits{5, 0, 9, 7, -1};
  const input_column column = times_of(meaning::length, waits, 1, 1);
  const auto reader = read_durations(column);
  CHECK(reader->look(0, 4) == waits.data());
  CHECK(reader->found().rows == 4);
  CHECK(reader->found().least == 0);
  CHECK(reader->found().greatest == 9);
  CHECK(reader->look(4, 1) == nullptr);  // it is invalid
  CHECK(reader->look(4, 2) == nullptr);  // beyond the last row
  CHECK(reader->found().rows == 4);
  CHECK(read_durations(times_of(meaning::length, waits, 1, 1'000))->look(0, 4) == nullptr);
  CHECK(read_instants(times_of(meaning::local, waits, 1, 1), {})->look(0, 4) == nullptr);
}

TEST_CASE("a dictionary index out of range is an error, not a read past the end") {
  const texts words{"9"};
  const std::array<std::int32_t, 2> indices{0, 1};
  column_chunk chunk = plain<std::int32_t>(indices, storage::int32);
  chunk.dictionary = std::make_shared<column_chunk>(words.chunk());
  auto reader = read_scores(column_of(meaning::text, {chunk}));
  CHECK_THROWS_AS(all(*reader), column_error);
}

TEST_CASE("instants of every unit become microseconds, finer ones floored") {
  const std::array<std::int64_t, 2> ns{1'500'000'000'000'000'001, -1};
  CHECK(all(*read_instants(times_of(meaning::zoned, ns, 1, 1'000), {})) ==
        std::vector<std::int64_t>{1'500'000'000'000'000, -1});
  const std::array<std::int64_t, 2> s{1'500'000'000, std::numeric_limits<std::int64_t>::max()};
  CHECK(all(*read_instants(times_of(meaning::zoned, s, second, 1), {})) ==
        std::vector<std::int64_t>{1'500'000'000 * second, bad_time});
  const std::array<std::int64_t, 1> nat{std::numeric_limits<std::int64_t>::min()};
  CHECK(all(*read_instants(times_of(meaning::zoned, nat, second, 1), {})) ==
        std::vector<std::int64_t>{no_time});
}

TEST_CASE("naive times are read in the zone, and what the clock showed twice or never is counted") {
  // Europe/Amsterdam 2018: the clock jumped from 02:00 to 03:00 on 25 March and went back at 03:00 on 28
  // October.
  auto reader = read_instants(
      column_of(texts{"2018-03-25 02:30", "2018-10-28 02:30", "2018-07-01 12:00", "2018-07-01T12:00:00Z"}),
      in_zone("Europe/Amsterdam"));
  const std::vector<std::int64_t> got = all(*reader);
  CHECK(got[0] == 1'521'941'400 * second);  // 03:30 +02:00
  CHECK(got[1] == 1'540'686'600 * second);  // 02:30 +02:00, the earlier
  CHECK(got[2] == 1'530'439'200 * second);
  CHECK(got[3] == 1'530'446'400 * second);
  CHECK(reader->found().nonexistent == 1);
  CHECK(reader->found().ambiguous == 1);
  CHECK_FALSE(reader->naive());
}

TEST_CASE("without a zone naive times stay what the clock showed, and do not mix with others") {
  auto naive = read_instants(column_of(texts{"2018-07-01 12:00"}), {});
  CHECK(all(*naive) == std::vector<std::int64_t>{1'530'446'400 * second});
  CHECK(naive->naive());
  auto mixed = read_instants(column_of(texts{"2018-07-01 12:00", "2018-07-01 12:00Z"}), {});
  static_cast<void>(all(*mixed));
  CHECK_THROWS_AS(mixed->finish(), unit_error);
}

TEST_CASE("the order of day and month is taken where the whole column proves it") {
  auto dmy = read_instants(column_of(texts{"01/05/2018", "NA", "13/05/2018"}), in_zone("UTC"));
  CHECK(all(*dmy)[0] == 1'525'132'800 * second);  // 1 May
  CHECK(dmy->order() == "dmy");
  auto mdy = read_instants(column_of(texts{"01/05/2018", "12/31/2018"}), in_zone("UTC"));
  CHECK(all(*mdy)[0] == 1'515'110'400 * second);  // 5 January
  CHECK(mdy->order() == "mdy");
  auto iso = read_instants(column_of(texts{"2018-05-01"}), in_zone("UTC"));
  CHECK(all(*iso)[0] == 1'525'132'800 * second);
  CHECK(iso->order().empty());
}

TEST_CASE("an unproven order is an error that shows both readings, and so are two orders in one column") {
  CHECK_THROWS_WITH_AS(
      static_cast<void>(read_instants(column_of(texts{"01/05/2018"}), {})),
      "column \"c\": no date proves the order of day and month, \"01/05/2018\" is 1 May 2018 or "
      "5 January 2018: say which, time_format=\"dmy\" or time_format=\"mdy\"",
      column_error);
  CHECK_THROWS_AS(static_cast<void>(read_instants(column_of(texts{"13/05/2018", "05/13/2018"}), {})),
                  column_error);
}

TEST_CASE("a given order is kept, and what it cannot be is invalid") {
  auto reader = read_instants(column_of(texts{"01/05/2018", "05/13/2018", "soon"}), in_zone("UTC", "dmy"));
  CHECK(all(*reader) == std::vector<std::int64_t>{1'525'132'800 * second, bad_time, bad_time});
  CHECK(message(*reader).find("row 1: \"05/13/2018\" is no time as time_format=\"dmy\" says") !=
        std::string::npos);
}

TEST_CASE("a strptime pattern reads what it describes") {
  auto reader =
      read_instants(column_of(texts{"Jan 5, 2018 1:07 PM", "January 5, 2018 12:07 am", "Jan 5 2018 1:07 PM"}),
                    in_zone("UTC", "%b %d, %Y %I:%M %p"));
  CHECK(all(*reader) == std::vector<std::int64_t>{1'515'157'620 * second, 1'515'110'820 * second, bad_time});
  auto packed = read_instants(column_of(texts{"990101 00:31:12.25"}), in_zone("UTC", "%y%m%d %T.%f"));
  CHECK(all(*packed) == std::vector<std::int64_t>{915'150'672 * second + 250'000});
  auto offset = read_instants(column_of(texts{"2018-07-01 12:00:00 +0200"}), in_zone("UTC", "%F %T %z"));
  CHECK(all(*offset) == std::vector<std::int64_t>{1'530'439'200 * second});
  auto ordinal = read_instants(column_of(texts{"2016-366", "2018-366"}), in_zone("UTC", "%Y-%j"));
  CHECK(all(*ordinal) == std::vector<std::int64_t>{1'483'142'400 * second, bad_time});
  CHECK_THROWS_AS(static_cast<void>(read_instants(column_of(texts{"x"}), in_zone("UTC", "dd/mm/yyyy"))),
                  column_error);
  CHECK_THROWS_AS(static_cast<void>(read_instants(column_of(texts{"x"}), in_zone("UTC", "%Y-%Q"))),
                  column_error);
}

TEST_CASE("numbers are no times without a unit") {
  const std::array<std::int64_t, 1> epoch{1'543'527'289};
  const auto numbers = [&] {
    return column_of(meaning::integer, {plain<std::int64_t>(epoch, storage::int64)});
  };
  CHECK_THROWS_AS(static_cast<void>(read_instants(numbers(), {})), unit_error);
  time_rules seconds;
  seconds.unit = "s";
  CHECK(all(*read_instants(numbers(), seconds)) == std::vector<std::int64_t>{1'543'527'289 * second});
  CHECK(all(*read_instants(column_of(texts{"1543527289"}), seconds)) ==
        std::vector<std::int64_t>{1'543'527'289 * second});
  auto bare = read_instants(column_of(texts{"1543527289"}), {});
  CHECK_THROWS_AS(all(*bare), unit_error);
  seconds.unit = "minutes";
  CHECK_THROWS_AS(static_cast<void>(read_instants(numbers(), seconds)), unit_error);
}

TEST_CASE("a column that lies in 1970 altogether is refused") {
  const std::array<std::int64_t, 2> wrong{1'543'527'289, 1'543'527'290};
  auto reader = read_instants(times_of(meaning::zoned, wrong, 1, 1), {});
  static_cast<void>(all(*reader));
  CHECK_THROWS_AS(reader->finish(), unit_error);
}

TEST_CASE("durations need a unit where they are bare numbers") {
  const std::array<std::int32_t, 2> numbers{20, -1};
  const auto column = [&] {
    return column_of(meaning::integer, {plain<std::int32_t>(numbers, storage::int32)});
  };
  CHECK_THROWS_AS(static_cast<void>(read_durations(column())), unit_error);
  CHECK(all(*read_durations(column(), "s")) == std::vector<std::int64_t>{20 * second, bad_time});
  CHECK(all(*read_durations(column(), "ms")) == std::vector<std::int64_t>{20'000, bad_time});
  auto bare = read_durations(column_of(texts{"20"}));
  CHECK_THROWS_AS(all(*bare), unit_error);
  CHECK(all(*read_durations(column_of(texts{"1,5"}), "s")) == std::vector<std::int64_t>{1'500'000});
}

TEST_CASE("texts of durations need none") {
  CHECK(all(*read_durations(column_of(texts{"0:03:09", "00:00:00.5", "0 days 00:03:09", "1 day, 1:00:00",
                                            "90s", "PT1M30S", "30:00:00", "NA"}))) ==
        std::vector<std::int64_t>{189 * second, 500'000, 189 * second, 90'000 * second, 90 * second,
                                  90 * second, 108'000 * second, no_time});
  CHECK(all(*read_durations(column_of(texts{"3:09", "0:60:00", "-0:00:01", "soon"}))) ==
        std::vector<std::int64_t>(4, bad_time));
}

TEST_CASE("finer durations are rounded up, so that comparing them with a threshold says the truth") {
  const std::array<std::int64_t, 3> ns{20'000'000'000, 20'000'000'001, 0};
  CHECK(all(*read_durations(times_of(meaning::length, ns, 1, 1'000))) ==
        std::vector<std::int64_t>{20 * second, 20 * second + 1, 0});
  const std::array<double, 3> reals{0.1, 20.0, 1e-10};  // 0.1 s is 100000.00000000001 us in floating point
  CHECK(all(*read_durations(column_of(meaning::real, {plain<double>(reals, storage::float64)}), "s")) ==
        std::vector<std::int64_t>{100'000, 20 * second, 0});
}

TEST_CASE("a duration beyond 2.2 years is invalid") {
  const std::array<std::int64_t, 2> us{max_duration.count(), max_duration.count() + 1};
  CHECK(all(*read_durations(times_of(meaning::length, us, 1, 1))) ==
        std::vector<std::int64_t>{max_duration.count(), bad_time});
}

TEST_CASE("labels become their codes, and unknown ones are counted by name") {
  const texts words{"AGENT", "HANG", " AGENT ", "NA", "LOST", "LOST"};
  auto reader = read_labels(column_of(words), {{"AGENT", 0}, {"HANG", absent<std::uint8_t>::excluded}});
  using u8 = absent<std::uint8_t>;
  CHECK(all(*reader) == std::vector<std::uint8_t>{0, u8::excluded, 0, u8::missing, u8::invalid, u8::invalid});
  CHECK(reader->found().unknown == std::map<std::string, std::uint64_t>{{"\"LOST\"", 2}});
  CHECK(reader->found().excluded == 1);
  const std::array<std::int64_t, 1> one{1};
  CHECK(all(*read_labels(column_of(meaning::integer, {plain<std::int64_t>(one, storage::int64)}),
                         {{"1", 5}})) == std::vector<std::uint8_t>{5});
}

TEST_CASE("a yes or no is read in the ways that people write it") {
  auto reader = read_truths(column_of(texts{"TRUE", "Yes", "ja", "1", "no", "f", "0", "maybe"}), 7, 8);
  CHECK(all(*reader) == std::vector<std::uint8_t>{7, 7, 7, 7, 8, 8, 8, absent<std::uint8_t>::invalid});
  const std::array<std::uint8_t, 2> bytes{1, 0};
  CHECK(all(*read_truths(column_of(meaning::truth, {plain<std::uint8_t>(bytes, storage::bytes)}), 1, 0)) ==
        std::vector<std::uint8_t>{1, 0});
}

}  // namespace canonical_reader_test
