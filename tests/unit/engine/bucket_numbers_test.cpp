// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/bucket_numbers.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>

namespace bucket_numbers_test {

namespace cx = cxmetrics;

namespace {

using times = std::vector<std::int64_t>;
constexpr std::int64_t second = 1'000'000, hour = 3'600 * second, day = 24 * hour;
constexpr std::int64_t missing = cx::absent<std::int64_t>::missing;

cx::bucketer cut(const std::string& length, const std::string& zone) {
  return {cx::parse_every(length), cx::zone::locate(zone)};
}

// What bucket_numbers calls the bucket of each time, a block at a time.
times labels_of(cx::bucket_numbers& numbers, const times& all, std::size_t block) {
  std::vector<std::uint32_t> found(all.size());
  for (std::size_t row = 0; row < all.size(); row += block) {
    const std::size_t size = std::min(block, all.size() - row);
    numbers.place(std::span(all).subspan(row, size), std::span(found).subspan(row, size));
  }
  times out;
  for (std::uint32_t number : found) out.push_back(numbers.labels()[number]);
  return out;
}

times starts_of(cx::bucketer buckets, const times& all) {
  times out;
  for (std::int64_t t : all)
    out.push_back(cx::is_value(t) ? buckets.floor(cx::instant(cx::duration(t))).time_since_epoch().count()
                                  : missing);
  return out;
}

// A quarter of the times is missing or stands exactly at a change of bucket, or one microsecond beside it.
times random_times(cx::bucketer buckets, std::int64_t from, std::int64_t to, std::size_t count) {
  std::mt19937_64 random(7);
  times out;
  while (out.size() < count) {
    const std::int64_t t = from + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(to - from));
    const std::int64_t start = buckets.floor(cx::instant(cx::duration(t))).time_since_epoch().count();
    const std::int64_t near[] = {t, t, t, t, t, t, start, start - 1, start + 1, missing};
    out.push_back(near[random() % 10]);
  }
  return out;
}

}  // namespace

TEST_CASE("a bucket is called by its start, whatever the order, the zone and the length") {
  // From 20 March 2026 on: Amsterdam's clock changes on the 29th; Kathmandu is 5:45 ahead, Lord Howe changes
  // by half an hour, Havana jumps over midnight.
  const std::int64_t from = 1'774'000'000 * second;
  for (const char* zone :
       {"UTC", "Europe/Amsterdam", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana"})
    for (const char* length : {"1s", "15min", "30min", "7h", "1h", "1d", "w", "mo", "q", "y"}) {
      INFO(zone, " ", length);
      times all = random_times(cut(length, zone), from, from + 10 * day, 3'000);
      for (const std::int64_t span : {30 * day, 4'000 * day}) {
        const times more = random_times(cut(length, zone), from, from + span, 3'000);
        all.insert(all.end(), more.begin(), more.end());
      }
      const times expected = starts_of(cut(length, zone), all);
      cx::bucket_numbers numbers(cut(length, zone));
      CHECK(labels_of(numbers, all, 1'000) == expected);
      CHECK(labels_of(numbers, all, 77) == expected);
      std::sort(all.begin(), all.end());
      cx::bucket_numbers again(cut(length, zone));
      CHECK(labels_of(again, all, 500) == starts_of(cut(length, zone), all));
    }
}

TEST_CASE("long runs in one bucket, and the rows on both sides of its end") {
  times all;
  for (std::int64_t t = 0; t < 3 * hour; t += 700'001) all.push_back(t);
  cx::bucket_numbers numbers(cut("30min", "UTC"));
  CHECK(labels_of(numbers, all, 4'096) == starts_of(cut("30min", "UTC"), all));
}

TEST_CASE("only buckets with rows have a number, in the order in which they are seen") {
  cx::bucket_numbers numbers(cut("1h", "UTC"));
  const times all{5 * hour, missing, 2 * hour, 5 * hour + 1, 3 * hour - 1, 9 * hour};
  std::vector<std::uint32_t> found(all.size());
  numbers.place(all, found);
  CHECK(found == std::vector<std::uint32_t>{1, 0, 2, 1, 2, 3});
  CHECK(times(numbers.labels().begin(), numbers.labels().end()) ==
        times{missing, 5 * hour, 2 * hour, 9 * hour});
}

TEST_CASE("invalid and excluded instants stand in no bucket") {
  using absent = cx::absent<std::int64_t>;
  const times all{absent::missing, absent::invalid, absent::excluded};
  std::vector<std::uint32_t> found(3, 9);
  cx::bucket_numbers(cut("1h", "UTC")).place(all, found);
  CHECK(found == std::vector<std::uint32_t>{0, 0, 0});
}

TEST_CASE("times centuries apart are found without a table between them") {
  const times all{-60'000'000'000 * second, 0, 250'000'000'000 * second, 1, -60'000'000'000 * second + 1};
  cx::bucket_numbers numbers(cut("1s", "UTC"));
  CHECK(labels_of(numbers, all, 5) == starts_of(cut("1s", "UTC"), all));
  CHECK(numbers.labels().size() == 4);
}

TEST_CASE("folded buckets are called by their place in the day or week") {
  const cx::zone amsterdam = cx::zone::locate("Europe/Amsterdam");
  const std::int64_t from = 1'774'000'000 * second;
  const times all = random_times(cut("30min", "Europe/Amsterdam"), from, from + 30 * day, 5'000);
  for (const char* cycle : {"1d", "1w"}) {
    cx::bucket_fold fold(cx::parse_every("30min"), cx::parse_every(cycle), amsterdam);
    cx::bucket_numbers numbers(cut("30min", "Europe/Amsterdam"), fold);
    times expected;
    for (std::int64_t t : all)
      expected.push_back(cx::is_value(t) ? fold.position(cx::instant(cx::duration(t))).count() * second
                                         : missing);
    CHECK(labels_of(numbers, all, 999) == expected);
    CHECK(std::set<std::int64_t>(numbers.labels().begin(), numbers.labels().end()).size() ==
          numbers.labels().size());
  }
}

TEST_CASE("columns of different lengths are refused") {
  const times two{0, 1};
  std::vector<std::uint32_t> one(1);
  cx::bucket_numbers numbers(cut("1h", "UTC"));
  CHECK_THROWS_WITH_AS(numbers.place(two, one), "2 times and room for 1 numbers: give columns of one length",
                       cx::column_error);
}

}  // namespace bucket_numbers_test
