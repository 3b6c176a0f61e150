// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/instant_text.hpp>

#include <cxmetrics/core/error.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>

namespace instant_text_test {

namespace cx = cxmetrics;
using namespace std::chrono;
using cx::date_order;

namespace {

cx::local_instant local(int y, unsigned m, unsigned d, microseconds clock = {}) {
  return local_days{year{y} / month{m} / day{d}} + clock;
}

cx::instant utc(int y, unsigned m, unsigned d, microseconds clock = {}) {
  return sys_days{year{y} / month{m} / day{d}} + clock;
}

}  // namespace

TEST_CASE("naive ISO times are read") {
  CHECK(cx::parse_iso_time("2018-05-01") == cx::parsed_time{local(2018, 5, 1), {}});
  CHECK(cx::parse_iso_time("2018-05-01 20:23") == cx::parsed_time{local(2018, 5, 1, 20h + 23min), {}});
  CHECK(cx::parse_iso_time("2018-05-01T20:23:05") ==
        cx::parsed_time{local(2018, 5, 1, 20h + 23min + 5s), {}});
  CHECK(cx::parse_iso_time(" 2018-05-01 20:23:05.5 ") ==
        cx::parsed_time{local(2018, 5, 1, 20h + 23min + 5s + 500ms), {}});
  CHECK(cx::parse_iso_time("2024-02-29") == cx::parsed_time{local(2024, 2, 29), {}});
}

TEST_CASE("digits after the sixth decimal are cut off") {
  CHECK(cx::parse_iso_time("1969-12-31 23:59:59.123456999")->local == local(1969, 12, 31, 24h - 876'544us));
}

TEST_CASE("offsets are read and make an instant without a zone") {
  cx::offset_lookup nowhere{cx::zone::utc()};
  for (const char* text : {"2018-05-01T20:23:00+02:00", "2018-05-01T20:23:00 +0200", "2018-05-01 20:23+02",
                           "2018-05-01T18:23:00Z", "2018-05-01T13:53:00-04:30"}) {
    INFO(text);
    cx::local_kind kind{};
    const auto read = cx::parse_iso_time(text);
    REQUIRE(read.has_value());
    CHECK(cx::to_instant(*read, nowhere, kind) == utc(2018, 5, 1, 18h + 23min));
    CHECK(kind == cx::local_kind::unique);
  }
}

TEST_CASE("a naive time is read in the zone") {
  cx::offset_lookup amsterdam{cx::zone::locate("Europe/Amsterdam")};
  cx::local_kind kind{};
  CHECK(cx::to_instant(*cx::parse_iso_time("2018-05-01 20:23"), amsterdam, kind) ==
        utc(2018, 5, 1, 18h + 23min));
  CHECK(kind == cx::local_kind::unique);
  CHECK(cx::to_instant(*cx::parse_iso_time("2018-10-28 02:30"), amsterdam, kind) == utc(2018, 10, 28, 30min));
  CHECK(kind == cx::local_kind::ambiguous);
}

TEST_CASE("times that do not exist or are written otherwise are not read") {
  for (const char* text : {"",
                           "2018",
                           "2018-05",
                           "2018-13-01",
                           "2018-02-30",
                           "2023-02-29",
                           "0000-01-01",
                           "18-05-01",
                           "2018-5-1",
                           "2018-05-01 24:00",
                           "2018-05-01 20:60",
                           "2018-05-01 20:23:60",
                           "2018-05-01 20",
                           "2018-05-01 8:23",
                           "2018-05-01 20:23:",
                           "2018-05-01 20:23:05.",
                           "2018-05-01x20:23",
                           "2018-05-01 20:23 CET",
                           "2018-05-01 20:23+2",
                           "2018-05-01 20:23+25:00",
                           "2018-05-01Z",
                           "2018-05-01 20:23:05 PM",
                           "2018-05-01 20:23:05+02:00 ago",
                           "20180501",
                           "2018/05/01",
                           "-2018-05-01",
                           "02018-05-01"}) {
    INFO(text);
    CHECK(!cx::parse_iso_time(text).has_value());
  }
}

TEST_CASE("one text is three dates in three orders") {
  CHECK(cx::parse_date_time("1/5/2018", date_order::dmy) == cx::parsed_time{local(2018, 5, 1), {}});
  CHECK(cx::parse_date_time("1/5/2018", date_order::mdy) == cx::parsed_time{local(2018, 1, 5), {}});
  CHECK(!cx::parse_date_time("1/5/2018", date_order::ymd).has_value());
  CHECK(cx::parse_date_time("2018/1/5", date_order::ymd) == cx::parsed_time{local(2018, 1, 5), {}});
}

TEST_CASE("a part above 12 proves the order") {
  CHECK(cx::parse_date_time("29/2/2016 01:16", date_order::dmy) ==
        cx::parsed_time{local(2016, 2, 29, 1h + 16min), {}});
  CHECK(!cx::parse_date_time("29/2/2016 01:16", date_order::mdy).has_value());
  CHECK(!cx::parse_date_time("2/29/2016", date_order::dmy).has_value());
}

TEST_CASE("separators and times of date texts") {
  const auto expected = cx::parsed_time{local(2016, 2, 29, 1h + 16min + 7s + 250ms), {}};
  CHECK(cx::parse_date_time("29-02-2016 1:16:07.25", date_order::dmy) == expected);
  CHECK(cx::parse_date_time("29.2.2016T01:16:07,25", date_order::dmy) == expected);
  CHECK(cx::parse_date_time("2.29.2016 01:16:07.25", date_order::mdy) == expected);
  CHECK(cx::parse_date_time("29/02/2016 01:16+01:00", date_order::dmy)->offset == seconds{3600});
  for (const char* text : {"29/02-2016", "29 02 2016", "29/02/16", "29/02/02016", "029/02/2016", "29//2016",
                           "29/02/", "29/02", "30/2/2016", "0/1/2016", "1/0/2016", "29/02/2016 1", "?", "",
                           "29/02/2016 01:16x", "29/02/2016,01:16"}) {
    INFO(text);
    CHECK(!cx::parse_date_time(text, date_order::dmy).has_value());
  }
}

TEST_CASE("random bytes are read or refused, never more") {
  constexpr std::string_view alphabet = "0123456789-/.:TZ +,";
  std::mt19937_64 random(7);
  for (int i = 0; i < 200'000; ++i) {
    std::string text(random() % 24, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    if (const auto read = cx::parse_iso_time(text)) CHECK(read->local >= local(1, 1, 1));
    if (const auto read = cx::parse_date_time(text, date_order::dmy)) CHECK(read->local >= local(1, 1, 1));
  }
}

TEST_CASE("instants are written as RFC 3339") {
  const cx::zone amsterdam = cx::zone::locate("Europe/Amsterdam");
  CHECK(cx::format_instant(utc(2026, 11, 23, 22h + 48min + 15s), amsterdam) == "2026-11-23T23:48:15+01:00");
  CHECK(cx::format_instant(utc(2026, 7, 1, 22h + 1us), amsterdam) == "2026-07-02T00:00:00.000001+02:00");
  CHECK(cx::format_instant(utc(2026, 7, 1), cx::zone::utc()) == "2026-07-01T00:00:00Z");
  CHECK(cx::format_instant(utc(2026, 7, 1), cx::zone::locate("America/St_Johns")) ==
        "2026-06-30T21:30:00-02:30");
  CHECK(cx::format_instant(utc(1969, 12, 31, 24h - 1us), cx::zone::locate("-00:30")) ==
        "1969-12-31T23:29:59.999999-00:30");
  CHECK(cx::format_instant(utc(987, 1, 1), cx::zone::utc()) == "0987-01-01T00:00:00Z");
  CHECK_THROWS_AS(cx::format_instant(cx::instant::max(), amsterdam), cx::unit_error);
}

TEST_CASE("what is written is read back, also before the time of zones") {
  const cx::zone amsterdam = cx::zone::locate("Europe/Amsterdam");
  cx::offset_lookup lookup{amsterdam};
  std::mt19937_64 random(11);
  const auto first = utc(1, 1, 2).time_since_epoch().count();
  const auto span = static_cast<std::uint64_t>(utc(9999, 12, 31).time_since_epoch().count() - first);
  for (int i = 0; i < 20'000; ++i) {
    const cx::instant t{microseconds{first + static_cast<std::int64_t>(random() % span)}};
    const std::string text = cx::format_instant(t, amsterdam);
    INFO(text);
    cx::local_kind kind{};
    const auto read = cx::parse_iso_time(text);
    REQUIRE(read.has_value());
    CHECK(cx::to_instant(*read, lookup, kind) == t);
  }
}

}  // namespace instant_text_test
