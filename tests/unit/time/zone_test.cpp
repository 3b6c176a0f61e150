// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/zone.hpp>

#include <cxmetrics/core/error.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace zone_test {

namespace cx = cxmetrics;
using namespace std::chrono;
using cx::local_kind;

namespace {

cx::instant utc(int y, unsigned m, unsigned d, microseconds clock = {}) {
  return sys_days{year{y} / month{m} / day{d}} + clock;
}

cx::local_instant local(int y, unsigned m, unsigned d, microseconds clock = {}) {
  return local_days{year{y} / month{m} / day{d}} + clock;
}

std::pair<cx::instant, local_kind> resolve(const cx::zone& z, cx::local_instant t) {
  local_kind kind{};
  const cx::instant found = z.to_instant(t, kind);
  return {found, kind};
}

std::string big_endian(std::int64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i)
    text += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  return text;
}

struct change {
  std::int64_t at;
  std::int64_t offset;
};

// A version 2 TZif file (RFC 8536, section 3) with one local time type a change after the first.
std::string tzif(std::int64_t first_offset, std::initializer_list<change> changes,
                 const std::string& footer) {
  const auto n = static_cast<std::int64_t>(changes.size());
  const auto header = [](std::int64_t times, std::int64_t types) {
    return "TZif2" + std::string(15, '\0') + std::string(12, '\0') + big_endian(times, 4) +
           big_endian(types, 4) + big_endian(4, 4);
  };
  std::string bytes = header(0, 1) + big_endian(0, 6) + std::string("LMT\0", 4) + header(n, n + 1);
  for (const change& c : changes) bytes += big_endian(c.at, 8);
  for (std::int64_t i = 1; i <= n; ++i) bytes += big_endian(i, 1);
  bytes += big_endian(first_offset, 4) + big_endian(0, 2);
  for (const change& c : changes) bytes += big_endian(c.offset, 4) + big_endian(0, 2);
  return bytes + std::string("LMT\0", 4) + "\n" + footer + "\n";
}

// A folder of zone files of our own, searched first while it lives.
class folder {
 public:
  folder()
      : path_(std::filesystem::temp_directory_path() / ("cxmetrics_zone_test_" + std::to_string(name()))) {
    std::filesystem::create_directories(path_ / "Test");
    cx::set_zone_directories({path_.string()});
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    cx::set_zone_directories({});
    std::filesystem::remove_all(path_);
  }

  cx::zone load(const std::string& bytes) {
    const std::string zone_name = "Test/Z" + std::to_string(count_++);
    std::ofstream(path_ / zone_name, std::ios::binary) << bytes;
    return cx::zone::locate(zone_name);
  }

  std::string error_of(const std::string& bytes) {
    try {
      load(bytes);
    } catch (const cx::unit_error& e) {
      return e.what();
    }
    return "no error";
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  static std::uint64_t name() { return std::random_device{}(); }
  std::filesystem::path path_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("UTC needs no database and has no offset") {
  for (const char* name : {"UTC", "Etc/UTC", "Z"}) {
    CHECK(cx::zone::locate(name) == cx::zone{});
    CHECK(cx::zone::locate(name).name() == "UTC");
  }
  CHECK(cx::zone::utc().offset_at(utc(2026, 7, 1)) == 0s);
  CHECK(cx::zone::utc().offset_at(cx::instant::max()) == 0s);
}

TEST_CASE("fixed offsets need no database") {
  CHECK(cx::zone::locate("+02:00").offset_at(utc(2026, 7, 1)) == 2h);
  CHECK(cx::zone::locate("-0330").offset_at(utc(2026, 7, 1)) == -(3h + 30min));
  CHECK(cx::zone::locate("+05").name() == "+05:00");
  CHECK_THROWS_AS(cx::zone::locate("+24:00"), cx::unit_error);
  CHECK_THROWS_AS(cx::zone::locate("+02:60"), cx::unit_error);
}

TEST_CASE("a zone that is not there names every path that was tried") {
  const folder own;
  try {
    cx::zone::locate("Europe/Amsterdm");
    FAIL("found");
  } catch (const cx::unit_error& e) {
    const std::string message = e.what();
    CHECK(message.find(own.path().string() + "/Europe/Amsterdm") != std::string::npos);
    CHECK(message.find("/usr/share/zoneinfo/Europe/Amsterdm") != std::string::npos);
    CHECK(message.find("/etc/zoneinfo/Europe/Amsterdm") != std::string::npos);
    CHECK(message.find("CXMETRICS_TZDIR") != std::string::npos);
  }
}

TEST_CASE("a name that leads out of the database is refused") {
  for (const char* name : {"", "../etc/passwd", "Europe/../../x", "/etc/localtime", "Europe//Amsterdam",
                           "Europe/", "Europe Amsterdam", ".", "a\\b", "Europe/Amsterdam\n",
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    INFO(name);
    CHECK_THROWS_WITH_AS(cx::zone::locate(name), doctest::Contains("is no zone name"), cx::unit_error);
  }
  CHECK_THROWS_AS(cx::zone::locate("Europe"), cx::unit_error);
}

TEST_CASE("Amsterdam in summer, in winter and after 2037") {
  const cx::zone z = cx::zone::locate("Europe/Amsterdam");
  CHECK(z.name() == "Europe/Amsterdam");
  // The rule of the European Union: from the last Sunday of March to that of October, at 01:00 UTC (directive
  // 2000/84/EC); in 2090 these are 26 March and 29 October.
  CHECK(z.offset_at(utc(2026, 7, 1)) == 2h);
  CHECK(z.offset_at(utc(2026, 11, 23)) == 1h);
  CHECK(z.offset_at(utc(2090, 3, 26, 1h - 1us)) == 1h);
  CHECK(z.offset_at(utc(2090, 3, 26, 1h)) == 2h);
  CHECK(z.offset_at(utc(2090, 10, 29, 1h - 1us)) == 2h);
  CHECK(z.offset_at(utc(2090, 10, 29, 1h)) == 1h);
  // Gregorian dates return after 400 years; this year lies beyond what is written out.
  CHECK(z.offset_at(utc(2490, 3, 26, 1h - 1us)) == 1h);
  CHECK(z.offset_at(utc(2490, 3, 26, 1h)) == 2h);
  CHECK(z.range_at(utc(2490, 7, 1)).begin == utc(2490, 3, 26, 1h));
  CHECK(z.range_at(utc(2490, 7, 1)).end == utc(2490, 10, 29, 1h));
}

TEST_CASE("zones with odd rules") {
  // Half an hour of summer time; Kolkata has had none since 1945.
  const cx::zone howe = cx::zone::locate("Australia/Lord_Howe");
  CHECK(howe.offset_at(utc(2026, 1, 1)) == 11h);
  CHECK(howe.offset_at(utc(2026, 7, 1)) == 10h + 30min);
  const cx::zone kolkata = cx::zone::locate("Asia/Kolkata");
  CHECK(kolkata.range_at(utc(2026, 7, 1)).end == cx::instant::max());
  CHECK(kolkata.offset_at(utc(2026, 7, 1)) == 5h + 30min);
  // Summer time that is "negative": Dublin's standard time is that of summer.
  const cx::zone dublin = cx::zone::locate("Europe/Dublin");
  CHECK(dublin.offset_at(utc(2060, 7, 1)) == 1h);
  CHECK(dublin.offset_at(utc(2060, 1, 1)) == 0h);
}

TEST_CASE("a local time that comes twice is the earlier") {
  const cx::zone z = cx::zone::locate("Europe/Amsterdam");
  CHECK(resolve(z, local(2026, 10, 25, 2h)) == std::pair{utc(2026, 10, 25), local_kind::ambiguous});
  CHECK(resolve(z, local(2026, 10, 25, 3h - 1us)) ==
        std::pair{utc(2026, 10, 25, 1h - 1us), local_kind::ambiguous});
  CHECK(resolve(z, local(2026, 10, 25, 3h)) == std::pair{utc(2026, 10, 25, 2h), local_kind::unique});
  CHECK(resolve(z, local(2026, 10, 25, 2h - 1us)) == std::pair{utc(2026, 10, 25) - 1us, local_kind::unique});
}

TEST_CASE("a local time that is jumped over moves forward by the gap") {
  const cx::zone z = cx::zone::locate("Europe/Amsterdam");
  const auto shifted = resolve(z, local(2026, 3, 29, 2h + 30min));
  CHECK(shifted == std::pair{utc(2026, 3, 29, 1h + 30min), local_kind::nonexistent});
  CHECK(z.to_local(shifted.first) == local(2026, 3, 29, 3h + 30min));
  CHECK(resolve(z, local(2026, 3, 29, 2h)).second == local_kind::nonexistent);
  CHECK(resolve(z, local(2026, 3, 29, 2h - 1us)).second == local_kind::unique);
  CHECK(resolve(z, local(2026, 3, 29, 3h)) == std::pair{utc(2026, 3, 29, 1h), local_kind::unique});
  CHECK(z.first_at_or_after(local(2026, 3, 29, 2h + 30min)) == utc(2026, 3, 29, 1h));
}

TEST_CASE("a day that is missing lies in the gap") {
  // Samoa went over the date line: 30 December 2011 did not happen (tzdata, file australasia).
  const cx::zone z = cx::zone::locate("Pacific/Apia");
  CHECK(resolve(z, local(2011, 12, 30, 12h)) == std::pair{utc(2011, 12, 30, 22h), local_kind::nonexistent});
  CHECK(z.first_at_or_after(local(2011, 12, 30)) == utc(2011, 12, 30, 10h));
  CHECK(z.first_at_or_after(local(2011, 12, 31)) == utc(2011, 12, 30, 10h));
}

TEST_CASE("local times and instants are inverse, and the cursor answers as the zone does") {
  std::mt19937_64 random(3);
  for (const char* name :
       {"Europe/Amsterdam", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "America/Nuuk",
        "Asia/Kolkata", "Pacific/Apia", "UTC", "-12:00"}) {
    INFO(name);
    const cx::zone z = cx::zone::locate(name);
    cx::offset_lookup near{z};
    cx::offset_lookup far{z};
    cx::instant t = utc(1900, 1, 1);
    for (int i = 0; i < 20'000; ++i) {
      t += microseconds{static_cast<std::int64_t>(random() % 700'000'000'000)};
      const cx::local_instant clock = z.to_local(t);
      CHECK(near.to_local(t) == clock);
      local_kind kind{};
      local_kind near_kind{};
      const cx::instant back = z.to_instant(clock, kind);
      CHECK(kind != local_kind::nonexistent);
      CHECK((back == t || kind == local_kind::ambiguous));
      CHECK(z.to_local(back) == clock);
      CHECK(near.to_instant(clock, near_kind) == back);
      CHECK(near_kind == kind);
      const cx::instant jump = utc(1900, 1, 1) + seconds{static_cast<std::int64_t>(random() % 6'400'000'000)};
      CHECK(far.to_local(jump) == z.to_local(jump));
      const cx::offset_range range = z.range_at(t);
      CHECK(range.contains(t));
      if (range.begin > utc(1900, 1, 1)) CHECK(z.offset_at(range.begin - 1us) != range.offset);
    }
  }
}

TEST_CASE("times outside the years 1 to 9999 are refused, never undefined") {
  const cx::zone z = cx::zone::locate("Europe/Amsterdam");
  cx::offset_lookup lookup{z};
  local_kind kind{};
  for (const cx::instant t :
       {cx::instant::min(), utc(1, 1, 1) - 1us, utc(10'000, 1, 1), cx::instant::max()}) {
    const cx::local_instant clock{t.time_since_epoch()};
    CHECK_THROWS_AS(z.to_local(t), cx::unit_error);
    CHECK_THROWS_AS(lookup.to_local(t), cx::unit_error);
    CHECK_THROWS_AS(z.to_instant(clock, kind), cx::unit_error);
    CHECK_THROWS_AS(lookup.to_instant(clock, kind), cx::unit_error);
    CHECK(z.range_at(t).offset >= 0s);
  }
  CHECK(z.to_local(utc(1, 1, 1)) > local(1, 1, 1));
  CHECK(z.to_local(utc(9999, 12, 31)) == local(9999, 12, 31, 1h));
}

TEST_CASE("the rule in the footer of a zone file holds after its last change") {
  folder own;
  struct rule {
    const char* footer;
    cx::instant before_change;
    seconds before;
    seconds after;
  };
  // Dates by the calendar: in 2040 (a leap year, 1 January is a Sunday) the last Sunday of March is the 25th,
  // the first Sunday of October the 7th; J60 is 1 March, day 59 counted from 0 is 29 February.
  const std::array<rule, 10> rules{{
      {"CET-1CEST,M3.5.0,M10.5.0/3", utc(2040, 3, 25, 1h), 1h, 2h},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", utc(2040, 3, 25, 1h), 0h, 1h},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", utc(2040, 3, 25, 1h), -2h, -1h},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", utc(2040, 10, 6, 16h), 10h, 11h},
      {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", utc(2040, 10, 6, 15h + 30min), 10h + 30min, 11h},
      {"EET-2EEST,M3.4.4/50,M10.4.4/50", utc(2040, 3, 24), 2h, 3h},
      {"AAA0BBB,J60,J300", utc(2040, 3, 1, 2h), 0h, 1h},
      {"AAA0BBB,J59,J300", utc(2040, 2, 28, 2h), 0h, 1h},
      {"AAA0BBB,59,299", utc(2040, 2, 29, 2h), 0h, 1h},
      {"AAA0BBB,J1/-167,J300", utc(2039, 12, 25, 1h), 0h, 1h},
  }};
  for (const rule& r : rules) {
    INFO(r.footer);
    const cx::zone z = own.load(tzif(0, {{0, r.before.count()}}, r.footer));
    CHECK(z.offset_at(r.before_change - 1us) == r.before);
    CHECK(z.offset_at(r.before_change) == r.after);
  }
}

TEST_CASE("summer time all year has no seam at new year") {
  // The example of RFC 8536, section 3.3.1.
  folder own;
  const cx::zone z = own.load(tzif(0, {{0, -4 * 3600}}, "XXX3EDT4,0/0,J365/23"));
  for (const int y : {2024, 2025, 2101, 2500})
    for (const auto hour : {2h, 3h, 4h, 5h}) CHECK(z.offset_at(utc(y, 1, 1, hour)) == -4h);
}

TEST_CASE("the rule begins after the last change and in the same year") {
  folder own;
  const cx::zone z =
      own.load(tzif(0, {{utc(2000, 6, 1).time_since_epoch() / 1s, 3600}}, "AAA0BBB,M3.5.0,M10.5.0"));
  CHECK(z.offset_at(utc(2000, 5, 31)) == 0s);
  CHECK(z.offset_at(utc(2000, 6, 1)) == 1h);
  CHECK(z.offset_at(utc(2000, 12, 1)) == 0s);
}

TEST_CASE("version 1 files of 32 bits are read, files that count leap seconds are not") {
  folder own;
  const auto header = [](char version, std::int64_t leaps, std::int64_t times) {
    return std::string("TZif") + version + std::string(23, '\0') + big_endian(leaps, 4) +
           big_endian(times, 4) + big_endian(1, 4) + big_endian(4, 4);
  };
  const std::string type = big_endian(-18'000, 4) + std::string(2, '\0') + "EST" + std::string(1, '\0');
  const cx::zone z =
      own.load(header('\0', 0, 1) + big_endian(-1'000'000'000, 4) + std::string(1, '\0') + type);
  CHECK(z.offset_at(utc(2026, 7, 1)) == -5h);
  CHECK(own.error_of(header('\0', 1, 0) + type + big_endian(0, 8)).find("leap seconds") != std::string::npos);
}

TEST_CASE("a zone file without changes is its rule alone") {
  folder own;
  CHECK(own.load(tzif(3600, {}, "XYZ-5")).offset_at(utc(1950, 1, 1)) == 5h);
  const cx::zone z = own.load(tzif(3600, {}, "CET-1CEST,M3.5.0,M10.5.0/3"));
  CHECK(z.offset_at(utc(1950, 7, 1)) == 2h);
  CHECK(z.offset_at(utc(1950, 1, 1)) == 1h);
}

TEST_CASE("a zone file without a footer keeps its last offset") {
  folder own;
  CHECK(own.load(tzif(0, {{0, 3600}, {100, 7200}}, "")).offset_at(utc(2090, 1, 1)) == 2h);
}

TEST_CASE("changes of the name alone are no changes of the offset") {
  folder own;
  const cx::zone z = own.load(tzif(0, {{0, 3600}, {100, 3600}, {200, 7200}}, ""));
  CHECK(z.range_at(cx::instant{50s}).end == cx::instant{200s});
}

TEST_CASE("damaged zone files are refused with their path") {
  folder own;
  const std::string good = tzif(0, {{0, 3600}, {1'000'000, 7200}}, "CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(own.error_of(good) == "no error");
  for (std::size_t n = 0; n < good.size(); ++n) {
    const std::string message = own.error_of(good.substr(0, n));
    INFO(n);
    CHECK(message.find(own.path().string()) != std::string::npos);
    CHECK(message.find("is damaged") != std::string::npos);
  }
  CHECK(own.error_of(tzif(0, {{5, 3600}, {5, 7200}}, "")).find("ascending") != std::string::npos);
  CHECK(own.error_of(tzif(100'000, {}, "")).find("an offset of 100000 s") != std::string::npos);
  CHECK(own.error_of("not a zone file").find("does not begin with TZif") != std::string::npos);
  CHECK(own.error_of(std::string(300'000, 'x')).find("larger than any zone file") != std::string::npos);
  for (const char* footer :
       {"CET", "C1", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,J0,J300", "CET-1CEST,J366,J300", "CET-1CEST,366,0", "CET-25",
        "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0,", "<+1", "CET-1:60"}) {
    INFO(footer);
    CHECK(own.error_of(tzif(0, {{0, 3600}}, footer)).find("in its footer") != std::string::npos);
  }
}

TEST_CASE("zone files with random damage give a zone or an error") {
  folder own;
  const std::string good = tzif(0, {{0, 3600}, {1'000'000, 7200}}, "CET-1CEST,M3.5.0,M10.5.0/3");
  std::mt19937_64 random(5);
  int refused = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes = good;
    for (std::uint64_t n = random() % 4 + 1; n > 0; --n)
      bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    try {
      const cx::zone z = own.load(bytes);
      for (const cx::instant t : {utc(1900, 1, 1), utc(2026, 7, 1), utc(2090, 7, 1), utc(2400, 7, 1)}) {
        CHECK(z.range_at(t).contains(t));
        CHECK(z.first_at_or_after(z.to_local(t)) <= t);
      }
    } catch (const cx::unit_error&) {
      ++refused;
    }
  }
  CHECK(refused > 100);
  CHECK(refused < 2'000);
}

TEST_CASE("folders are searched in order and a new order forgets what was found") {
  const std::string five = tzif(0, {}, "XYZ-5");
  const cx::zone before = cx::zone::locate("Europe/Amsterdam");
  folder own;
  std::filesystem::create_directories(own.path() / "Europe");
  std::ofstream(own.path() / "Europe/Amsterdam", std::ios::binary) << five;
  const cx::zone ours = cx::zone::locate("Europe/Amsterdam");
  CHECK(ours.offset_at(utc(2026, 7, 1)) == 5h);
  CHECK(before.offset_at(utc(2026, 7, 1)) == 2h);
  CHECK(ours != before);
  cx::set_zone_directories({});
  CHECK(cx::zone::locate("Europe/Amsterdam") == before);
}

TEST_CASE("the environment names folders after those that were set and before those of the system") {
  folder own;
  std::filesystem::create_directories(own.path() / "Asia");
  std::ofstream(own.path() / "Asia/Kolkata", std::ios::binary) << tzif(0, {}, "XYZ-7");
  for (const char* variable : {"TZDIR", "CXMETRICS_TZDIR"}) {
    REQUIRE(setenv(variable, own.path().c_str(), 1) == 0);
    cx::set_zone_directories({});
    CHECK(cx::zone::locate("Asia/Kolkata").offset_at(utc(2026, 7, 1)) == 7h);
    cx::set_zone_directories({"/usr/share/zoneinfo"});
    CHECK(cx::zone::locate("Asia/Kolkata").offset_at(utc(2026, 7, 1)) == 5h + 30min);
    REQUIRE(unsetenv(variable) == 0);
  }
}

TEST_CASE("zones are found by several threads at once") {
  cx::set_zone_directories({});
  std::vector<std::thread> threads;
  std::array<std::int64_t, 4> sums{};
  for (std::int64_t& sum : sums)
    threads.emplace_back([&sum] {
      for (int i = 0; i < 50; ++i)
        for (const char* name : {"Europe/Amsterdam", "Asia/Kolkata", "America/Nuuk"})
          sum += cx::zone::locate(name).offset_at(utc(2026, 7, 1)).count();
    });
  for (std::thread& t : threads) t.join();
  for (const std::int64_t sum : sums) CHECK(sum == 50 * (7200 + 19'800 - 3600));
}

}  // namespace zone_test
