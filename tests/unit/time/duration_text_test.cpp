// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/time/duration_text.hpp>

#include <cxmetrics/core/error.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace duration_text_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

std::string message_of(std::string_view text) {
  try {
    cx::parse_duration(text);
  } catch (const cx::unit_error& e) {
    return e.what();
  }
  return "no error";
}

bool refused(std::string_view text, std::string_view remedy) {
  const std::string message = message_of(text);
  INFO(message);
  CHECK(message.find(remedy) != std::string::npos);
  CHECK(message.find(text) != std::string::npos);
  return message != "no error";
}

}  // namespace

TEST_CASE("every unit is read") {
  CHECK(cx::parse_duration("250us") == 250us);
  CHECK(cx::parse_duration("500ms") == 500ms);
  CHECK(cx::parse_duration("20s") == 20s);
  CHECK(cx::parse_duration("30min") == 30min);
  CHECK(cx::parse_duration("1h") == 1h);
  CHECK(cx::parse_duration("7d") == 168h);
  CHECK(cx::parse_duration("2w") == 336h);
  CHECK(cx::parse_duration("0s") == 0s);
}

TEST_CASE("parts are added, the larger first") {
  CHECK(cx::parse_duration("1h30min") == 90min);
  CHECK(cx::parse_duration("1d2h3min4s5ms6us") == 26h + 3min + 4s + 5ms + 6us);
  CHECK(cx::parse_duration(" 1 h 30 min ") == 90min);
  CHECK(refused("30min1h", "larger unit first"));
  CHECK(refused("1h1h", "larger unit first"));
  CHECK(refused("1.5h30min", "may have decimals"));
}

TEST_CASE("decimals are exact or an error") {
  CHECK(cx::parse_duration("1.5h") == 90min);
  CHECK(cx::parse_duration("0.000001s") == 1us);
  CHECK(cx::parse_duration("1.50000000000000000000s") == 1500ms);
  CHECK(cx::parse_duration("1h0.25s") == 1h + 250ms);
  // 2^-13 of a week is 73,828,125 us, the finest power of two that divides it.
  CHECK(cx::parse_duration("0.0001220703125w") == 73'828'125us);
  CHECK(refused("0.1us", "whole number of microseconds"));
  CHECK(refused("0.0000001s", "whole number of microseconds"));
  CHECK(refused("0.00006103515625w", "whole number of microseconds"));
  CHECK(refused("1.s", "no digit after"));
  CHECK(refused(".5s", "no number before"));
}

TEST_CASE("ISO 8601 lengths are read") {
  CHECK(cx::parse_duration("PT20S") == 20s);
  CHECK(cx::parse_duration("PT1H30M") == 90min);
  CHECK(cx::parse_duration("P7D") == 168h);
  CHECK(cx::parse_duration("P2W") == 336h);
  CHECK(cx::parse_duration("P1DT12H") == 36h);
  CHECK(cx::parse_duration("PT0.5S") == 500ms);
  CHECK(cx::parse_duration("PT1,5H") == 90min);
  CHECK(refused("P", "PT20S"));
  CHECK(refused("PT", "after the T"));
  CHECK(refused("P1DT", "after the T"));
  CHECK(refused("P20S", "ISO 8601"));
  CHECK(refused("PT20", "ISO 8601"));
  CHECK(refused("P1M", "P30D"));
  CHECK(refused("P1Y", "P30D"));
  CHECK(refused("PT1HT1S", "no number"));
}

TEST_CASE("what is not a length is refused with the text and the remedy") {
  CHECK(refused("", "is empty"));
  CHECK(refused("  ", "is empty"));
  CHECK(refused("20", "20s"));
  CHECK(refused("5m", "5min"));
  CHECK(refused("5m", "5mo"));
  CHECK(refused("5M", "5min"));
  CHECK(refused("3mo", "no fixed length"));
  CHECK(refused("1y", "no fixed length"));
  CHECK(refused("-20s", "negative"));
  CHECK(refused("+20s", "no number"));
  CHECK(refused("20 parsecs", "unknown unit \"parsecs\""));
  CHECK(refused("20S", "unknown unit"));
  CHECK(refused("1e3s", "unknown unit"));
  CHECK(refused("20s!", "no number"));
  CHECK(refused("twenty", "no number"));
}

TEST_CASE("a hostile text is shown short and clean") {
  const std::string message = message_of(std::string(10'000, '\x1b'));
  CHECK(message.size() < 300);
  CHECK(message.find('\x1b') == std::string::npos);
}

TEST_CASE("lengths beyond 64 bits are refused and the largest is read") {
  CHECK(cx::parse_duration("9223372036854775807us") == cx::duration::max());
  CHECK(refused("9223372036854775808us", "too long"));
  CHECK(refused("99999999999999999999999us", "too long"));
  CHECK(refused("15250285w", "too long"));
  CHECK(refused("9223372036854s1000ms", "too long"));
}

TEST_CASE("the shortest exact text is written") {
  CHECK(cx::format_duration(20s) == "20s");
  CHECK(cx::format_duration(168h) == "7d");
  CHECK(cx::format_duration(90min) == "1h30min");
  CHECK(cx::format_duration(1500ms) == "1.5s");
  CHECK(cx::format_duration(250ms) == "250ms");
  CHECK(cx::format_duration(1500us) == "1.5ms");
  CHECK(cx::format_duration(1us) == "1us");
  CHECK(cx::format_duration(1h + 5us) == "1h5us");
  CHECK(cx::format_duration(0s) == "0s");
  CHECK(cx::format_duration(-90s) == "-1min30s");
  CHECK(cx::format_duration(cx::duration::min()) == "-106751991d4h54.775808s");
}

TEST_CASE("what is written is read back") {
  std::mt19937_64 random(20);
  for (int bits = 1; bits < 64; ++bits)
    for (int i = 0; i < 200; ++i) {
      const cx::duration length{static_cast<std::int64_t>(random() >> (64 - bits))};
      const std::string text = cx::format_duration(length);
      INFO(text);
      CHECK(cx::parse_duration(text) == length);
    }
}

}  // namespace duration_text_test
