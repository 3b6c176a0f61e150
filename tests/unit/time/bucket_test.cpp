// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/bucket.hpp>

#include <cxmetrics/core/error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace bucket_test {

namespace cx = cxmetrics;
using namespace std::chrono;

namespace {

cx::instant utc(int y, unsigned m, unsigned d, microseconds clock = {}) {
  return sys_days{year{y} / month{m} / day{d}} + clock;
}

cx::bucketer cut(const char* length, const char* zone_name, weekday week_start = Monday) {
  return {cx::parse_every(length), cx::zone::locate(zone_name), week_start};
}

// The starts of the buckets of the local day that holds t.
std::vector<cx::instant> buckets_of_day(const char* length, const char* zone_name, cx::instant t) {
  cx::bucketer days = cut("1d", zone_name);
  cx::bucketer parts = cut(length, zone_name);
  std::vector<cx::instant> starts;
  const cx::instant first = days.floor(t);
  for (cx::instant s = first; s < days.next(first); s = parts.next(s)) starts.push_back(s);
  return starts;
}

}  // namespace

TEST_CASE("bucket lengths are read and written") {
  using enum cx::bucket_unit;
  CHECK(cx::parse_every("30min") == cx::every{minute, 30});
  CHECK(cx::parse_every("15s") == cx::every{second, 15});
  CHECK(cx::parse_every("1h") == cx::every{hour, 1});
  CHECK(cx::parse_every("h") == cx::every{hour, 1});
  CHECK(cx::parse_every("d") == cx::every{day, 1});
  CHECK(cx::parse_every("1d") == cx::every{day, 1});
  CHECK(cx::parse_every("w") == cx::every{week, 1});
  CHECK(cx::parse_every("mo") == cx::every{month, 1});
  CHECK(cx::parse_every("3mo") == cx::every{month, 3});
  CHECK(cx::parse_every("q") == cx::every{quarter, 1});
  CHECK(cx::parse_every(" 2 y ") == cx::every{year, 2});
  for (const char* text : {"30min", "15s", "1h", "1d", "2w", "3mo", "1q", "1y"})
    CHECK(cx::format_every(cx::parse_every(text)) == text);
}

TEST_CASE("bucket lengths that could mean two things or nothing are refused with the remedy") {
  const auto says = [](const char* text, const char* remedy) {
    INFO(text);
    CHECK_THROWS_WITH_AS(cx::parse_every(text), doctest::Contains(remedy), cx::unit_error);
    CHECK_THROWS_WITH_AS(cx::parse_every(text), doctest::Contains(text), cx::unit_error);
  };
  says("30m", "30min");
  says("3M", "3mo");
  says("m", "\"min\"");
  says("30", "30min");
  says("", "30min");
  says("0d", "1 to 36525 d");
  says("-1d", "30min");
  says("1.5h", "30min");
  says("25h", "start anew at midnight");
  says("1441min", "start anew at midnight");
  says("86401s", "start anew at midnight");
  says("99999999999999999999d", "1 to 36525 d");
  says("101y", "1 to 100 y");
  says("fortnight", "30min");
  CHECK_THROWS_AS(cx::bucketer(cx::every{cx::bucket_unit::day, 0}, cx::zone::utc()), cx::unit_error);
}

TEST_CASE("a day of 25 hours has 50 half hours and one of 23 has 46") {
  CHECK(buckets_of_day("30min", "Europe/Amsterdam", utc(2026, 10, 25, 12h)).size() == 50);
  CHECK(buckets_of_day("30min", "Europe/Amsterdam", utc(2026, 3, 29, 12h)).size() == 46);
  CHECK(buckets_of_day("30min", "Europe/Amsterdam", utc(2026, 11, 23, 12h)).size() == 48);
  CHECK(buckets_of_day("1h", "Europe/Amsterdam", utc(2026, 10, 25, 12h)).size() == 25);
  // Half an hour of summer time: a day of 24 and a half hours and one of 23 and a half.
  CHECK(buckets_of_day("30min", "Australia/Lord_Howe", utc(2026, 4, 5)).size() == 49);
  CHECK(buckets_of_day("30min", "Australia/Lord_Howe", utc(2026, 10, 4)).size() == 47);
  CHECK(buckets_of_day("30min", "Asia/Kolkata", utc(2026, 10, 25)).size() == 48);
}

TEST_CASE("the first bucket begins at local midnight") {
  CHECK(buckets_of_day("30min", "Europe/Amsterdam", utc(2026, 7, 1)).front() == utc(2026, 6, 30, 22h));
  CHECK(buckets_of_day("1h", "Asia/Kolkata", utc(2026, 7, 1)).front() == utc(2026, 6, 30, 18h + 30min));
}

TEST_CASE("a length that does not divide the day is cut at midnight") {
  const auto starts = buckets_of_day("7min", "Europe/Amsterdam", utc(2026, 7, 1));
  CHECK(starts.size() == 206);
  CHECK(starts[1] - starts[0] == 7min);
  CHECK(cut("7min", "Europe/Amsterdam").next(starts.back()) - starts.back() == 5min);
  CHECK(cut("7min", "Europe/Amsterdam").next(starts.back()) == utc(2026, 7, 1, 22h));
}

TEST_CASE("a midnight that is jumped over begins the day at the first instant after it") {
  // Brazil, 15 October 2017, and Lebanon, 27 March 2022: from 00:00 to 01:00 (tzdata: southamerica, asia).
  CHECK(cut("d", "America/Sao_Paulo").floor(utc(2017, 10, 15, 12h)) == utc(2017, 10, 15, 3h));
  CHECK(buckets_of_day("1h", "America/Sao_Paulo", utc(2017, 10, 15, 12h)).size() == 23);
  CHECK(cut("d", "Asia/Beirut").floor(utc(2022, 3, 27, 12h)) == utc(2022, 3, 26, 22h));
  CHECK(cut("mo", "Asia/Beirut").floor(utc(2022, 3, 27, 12h)) == utc(2022, 2, 28, 22h));
}

TEST_CASE("a midnight that comes twice begins the day at the earlier") {
  // Brazil, 18 February 2018, back from 24:00 to 23:00: midnight itself comes once, after 25 hours. Cuba, 1
  // November 2026, back from 01:00 to 00:00: midnight comes twice (tzdata, file northamerica).
  CHECK(buckets_of_day("1h", "America/Sao_Paulo", utc(2018, 2, 17, 12h)).size() == 25);
  CHECK(cut("d", "America/Sao_Paulo").floor(utc(2018, 2, 18, 12h)) == utc(2018, 2, 18, 3h));
  CHECK(cut("d", "America/Havana").floor(utc(2026, 11, 1, 12h)) == utc(2026, 11, 1, 4h));
  CHECK(buckets_of_day("1h", "America/Havana", utc(2026, 11, 1, 12h)).size() == 25);
}

TEST_CASE("the end of a day that comes again after midnight belongs to the new day") {
  // St. John's, 29 October 1989, went back at 00:01 to 23:01 (tzdata, file northamerica).
  cx::bucketer days = cut("d", "America/St_Johns");
  const cx::instant midnight = utc(1989, 10, 29, 2h + 30min);
  CHECK(days.floor(midnight - 1us) == utc(1989, 10, 28, 2h + 30min));
  CHECK(days.floor(midnight + 30min) == midnight);
  CHECK(days.next(midnight) == utc(1989, 10, 30, 3h + 30min));
}

TEST_CASE("a day that is missing has no bucket") {
  cx::bucketer days = cut("d", "Pacific/Apia");
  const cx::instant jump = utc(2011, 12, 30, 10h);
  CHECK(days.next(days.floor(jump - 1us)) == jump);
  CHECK(days.floor(jump) == jump);
  CHECK(days.next(jump) == utc(2011, 12, 31, 10h));
}

TEST_CASE("weeks begin on the day that is asked for") {
  // 23 November 2026 is a Monday.
  CHECK(cut("w", "UTC").floor(utc(2026, 11, 29)) == utc(2026, 11, 23));
  CHECK(cut("w", "UTC").next(utc(2026, 11, 23)) == utc(2026, 11, 30));
  CHECK(cut("w", "UTC", Sunday).floor(utc(2026, 11, 28)) == utc(2026, 11, 22));
  CHECK(cut("w", "UTC", Saturday).floor(utc(2026, 11, 28)) == utc(2026, 11, 28));
  CHECK(cut("w", "UTC", Thursday).floor(utc(1970, 1, 1)) == utc(1970, 1, 1));
  CHECK(cut("w", "Europe/Amsterdam").next(utc(2026, 10, 18, 22h)) == utc(2026, 10, 25, 23h));
}

TEST_CASE("months, quarters and years follow the local calendar") {
  CHECK(cut("mo", "Europe/Amsterdam").floor(utc(2026, 10, 31, 23h)) == utc(2026, 10, 31, 23h));
  CHECK(cut("mo", "Europe/Amsterdam").floor(utc(2026, 10, 31, 23h) - 1us) == utc(2026, 9, 30, 22h));
  CHECK(cut("q", "UTC").floor(utc(2026, 11, 23)) == utc(2026, 10, 1));
  CHECK(cut("3mo", "UTC").floor(utc(2026, 11, 23)) == cut("q", "UTC").floor(utc(2026, 11, 23)));
  CHECK(cut("6mo", "UTC").floor(utc(2026, 11, 23)) == utc(2026, 7, 1));
  CHECK(cut("y", "UTC").next(utc(2026, 1, 1)) == utc(2027, 1, 1));
  CHECK(cut("10y", "UTC").floor(utc(2026, 11, 23)) == utc(2020, 1, 1));
  CHECK(cut("mo", "UTC").floor(utc(1969, 12, 31)) == utc(1969, 12, 1));
  CHECK(cut("2d", "UTC").floor(utc(1969, 12, 31)) == utc(1969, 12, 30));
}

TEST_CASE("buckets tile time without gaps") {
  std::mt19937_64 random(9);
  for (const char* zone_name :
       {"Europe/Amsterdam", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "America/Nuuk",
        "Asia/Kolkata", "Pacific/Apia", "America/St_Johns", "UTC"})
    for (const char* length :
         {"15s", "7min", "30min", "1h", "24h", "1d", "3d", "w", "2w", "mo", "q", "7mo", "y"}) {
      INFO(zone_name << " " << length);
      cx::bucketer shuffled = cut(length, zone_name);
      cx::bucketer walk = cut(length, zone_name);
      for (int i = 0; i < 300; ++i) {
        const cx::instant t = utc(1930, 1, 1) + seconds{static_cast<std::int64_t>(random() % 7'000'000'000)};
        const cx::instant start = shuffled.floor(t);
        const cx::instant end = shuffled.next(start);
        CHECK(start <= t);
        CHECK(t < end);
        CHECK(cut(length, zone_name).floor(t) == start);
        CHECK(walk.floor(start) == start);
        CHECK(walk.floor(end - 1us) == start);
        CHECK(walk.floor(end) == end);
        CHECK(walk.next(start) == end);
        CHECK(walk.next(walk.floor(start - 1us)) == start);
      }
    }
}

TEST_CASE("no bucket spans two local days, around every change of the clock") {
  for (const char* zone_name : {"Europe/Amsterdam", "America/Sao_Paulo", "Australia/Lord_Howe",
                                "Africa/Casablanca", "America/Nuuk"}) {
    const cx::zone z = cx::zone::locate(zone_name);
    cx::bucketer days = cut("d", zone_name);
    cx::bucketer parts = cut("30min", zone_name);
    for (cx::instant t = z.range_at(utc(1970, 1, 1)).end; t < utc(2060, 1, 1); t = z.range_at(t).end) {
      const cx::instant day = days.floor(t);
      const cx::instant end = days.next(day);
      CHECK(parts.floor(day) == day);
      CHECK(parts.floor(end) == end);
      for (cx::instant s = day; s < end; s = parts.next(s)) CHECK((s - day) % 30min == 0s);
    }
  }
}

TEST_CASE("a column is cut as its times are one by one") {
  std::mt19937_64 random(13);
  std::vector<cx::instant> times;
  for (int i = 0; i < 5'000; ++i)
    times.push_back(utc(2020, 1, 1) + seconds{static_cast<std::int64_t>(random() % 200'000'000)});
  std::vector<cx::instant> starts(times.size());
  cut("30min", "Europe/Amsterdam").floor(times, starts);
  for (std::size_t i = 0; i < times.size(); ++i)
    CHECK(starts[i] == cut("30min", "Europe/Amsterdam").floor(times[i]));
  std::vector<cx::instant> in_place = times;
  cut("30min", "Europe/Amsterdam").floor(in_place, in_place);
  CHECK(in_place == starts);
  std::vector<cx::instant> short_one(3);
  CHECK_THROWS_AS(cut("d", "UTC").floor(times, short_one), cx::column_error);
}

TEST_CASE("the first and the last year have buckets, others are refused") {
  for (const char* zone_name : {"Europe/Amsterdam", "America/Sao_Paulo", "UTC"})
    for (const char* length : {"1h", "d", "w", "mo", "100y", "36525d"}) {
      cx::bucketer b = cut(length, zone_name);
      CHECK(b.floor(utc(1, 1, 1)) <= utc(1, 1, 1));
      const cx::instant end = utc(10'000, 1, 1) - 1us;
      CHECK(b.floor(end) <= end);
      CHECK(b.next(end) > end);
      CHECK_THROWS_AS(b.floor(utc(1, 1, 1) - 1us - hours{24 * 366 * 200}), cx::unit_error);
      CHECK_THROWS_AS(b.floor(cx::instant::min()), cx::unit_error);
      CHECK_THROWS_AS(b.floor(cx::instant::max()), cx::unit_error);
    }
}

TEST_CASE("a profile of the day has wall-clock places") {
  const cx::zone amsterdam = cx::zone::locate("Europe/Amsterdam");
  cx::bucket_fold day{cx::parse_every("30min"), cx::parse_every("1d"), amsterdam};
  CHECK(day.position(utc(2026, 7, 1, 7h + 47min)) == 9h + 30min);
  CHECK(day.position(utc(2026, 11, 23, 8h + 47min)) == 9h + 30min);
  // 25 October 2026: 02:00 to 03:00 comes twice, in one place; 29 March: never.
  CHECK(day.position(utc(2026, 10, 25, 10min)) == 2h);
  CHECK(day.position(utc(2026, 10, 25, 1h + 10min)) == 2h);
  CHECK(day.position(utc(2026, 3, 29, 59min)) == 1h + 30min);
  CHECK(day.position(utc(2026, 3, 29, 1h)) == 3h);
}

TEST_CASE("a profile of the week counts from its start") {
  const cx::zone amsterdam = cx::zone::locate("Europe/Amsterdam");
  cx::bucket_fold monday{cx::parse_every("1h"), cx::parse_every("1w"), amsterdam};
  cx::bucket_fold sunday{cx::parse_every("1h"), cx::parse_every("1w"), amsterdam, Sunday};
  cx::bucket_fold days{cx::parse_every("1d"), cx::parse_every("1w"), amsterdam};
  const cx::instant tuesday = utc(2026, 11, 24, 12h);
  CHECK(monday.position(tuesday) == 24h + 13h);
  CHECK(sunday.position(tuesday) == 48h + 13h);
  CHECK(days.position(tuesday) == 24h);
}

TEST_CASE("every day of a profile has the same places, also where summer time is half an hour") {
  cx::bucket_fold day{cx::parse_every("1h"), cx::parse_every("1d"), cx::zone::locate("Australia/Lord_Howe")};
  std::set<seconds> places;
  for (cx::instant t = utc(2026, 1, 1); t < utc(2027, 1, 1); t += 15min) places.insert(day.position(t));
  CHECK(places.size() == 24);
  CHECK(std::all_of(places.begin(), places.end(), [](seconds s) { return s % 1h == 0s && s < 24h; }));
}

TEST_CASE("profiles of other cycles or longer buckets are refused") {
  const auto fold = [](const char* length, const char* cycle) {
    return cx::bucket_fold{cx::parse_every(length), cx::parse_every(cycle), cx::zone::utc()};
  };
  CHECK_THROWS_AS(fold("1h", "1mo"), cx::unit_error);
  CHECK_THROWS_AS(fold("1h", "2d"), cx::unit_error);
  CHECK_THROWS_AS(fold("2d", "1w"), cx::unit_error);
  CHECK_THROWS_AS(fold("w", "1w"), cx::unit_error);
  CHECK(fold("d", "1d").position(utc(2026, 7, 1, 5h)) == 0s);
}

}  // namespace bucket_test
