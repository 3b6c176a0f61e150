// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/result.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace result_test {

namespace cx = cxmetrics;

namespace {

template <class A, class B>
concept comparable =
    requires(A a, B b) { a == b; } || requires(A a, B b) { a != b; } || requires(A a, B b) { a < b; } ||
    requires(A a, B b) { a > b; } || requires(A a, B b) { a <= b; } || requires(A a, B b) { a >= b; } ||
    requires(A a, B b) { a <=> b; };

cx::result_parts nps_parts() {
  cx::result_parts parts;
  parts.metric = "nps";
  parts.title = "NPS";
  parts.unit = "points";
  parts.value = 30.0;
  parts.interval = cx::confidence_interval{14.0511, 44.2013, 0.95, "adjusted_wald"};
  parts.ledger.counted = 100;
  parts.counts = {{"promoters", 50}, {"passives", 30}, {"detractors", 20}};
  return parts;
}

std::string text_of(double value, const char* unit) {
  cx::result_parts parts;
  parts.title = "X";
  parts.unit = unit;
  parts.value = value;
  return cx::result(parts).to_text();
}

}  // namespace

TEST_CASE("a figure cannot be compared with a number by accident") {
  static_assert(!comparable<cx::figure, double>);
  static_assert(!comparable<cx::figure, int>);
  static_assert(!comparable<cx::figure, std::uint64_t>);
  static_assert(!comparable<double, cx::figure>);
  static_assert(!comparable<int, cx::figure>);
  static_assert(!comparable<const cx::figure&, const double&>);
  const cx::figure none, some = 80.0;
  CHECK(none == std::nullopt);
  CHECK(std::nullopt != some);
  CHECK(none == cx::figure());
  CHECK(none != some);
  CHECK(*some > 79.0);
}

TEST_CASE("a plain optional would have said that nothing is below 80") {
  const std::optional<double> none;
  CHECK(none < 80.0);  // why figure exists
}

TEST_CASE("a result says what it is, in one line") {
  CHECK(cx::result(nps_parts()).to_text() ==
        "NPS +30.0  95 % [+14.1, +44.2]  n = 100: 50 promoters, 30 passives, 20 detractors");
}

TEST_CASE("what is not in the figure stands behind it") {
  cx::result_parts parts = nps_parts();
  parts.ledger = {.counted = 1'234'567, .excluded = 1, .invalid = 0, .missing = 2'000, .pending = 3};
  parts.counts.clear();
  const cx::result r(parts);
  CHECK(r.to_text() == "NPS +30.0  95 % [+14.1, +44.2]  n = 1,234,567; 1 excluded, 2,000 missing, 3 pending");
  CHECK(r.n() == 1'234'567);
  CHECK(r.rows() == 1'236'571);
}

TEST_CASE("no answer is written in words") {
  cx::result_parts parts;
  parts.title = "NPS";
  parts.unit = "points";
  CHECK(cx::result(parts).to_text() == "NPS no answer  n = 0");
}

TEST_CASE("figures are written with one decimal, their unit, and a sign where they have one") {
  CHECK(text_of(54.4449, "%") == "X 54.4 %  n = 0");
  CHECK(text_of(9.96, "s") == "X 10.0 s  n = 0");
  CHECK(text_of(-12.35, "points") == "X -12.3  n = 0");  // the double below -12.35
  CHECK(text_of(0.0, "points") == "X +0.0  n = 0");
  CHECK(text_of(-0.04, "points") == "X +0.0  n = 0");
  CHECK(text_of(-0.0, "%") == "X 0.0 %  n = 0");
  CHECK(text_of(100.0, "%") == "X 100.0 %  n = 0");
  CHECK(text_of(1234567.25, "") == "X 1234567.2  n = 0");
}

TEST_CASE("levels are written as people say them") {
  const auto text = [](double level) {
    cx::result_parts parts = nps_parts();
    parts.interval->level = level;
    const std::string all = cx::result(parts).to_text();
    return all.substr(10, all.find(" [") - 10);
  };
  CHECK(text(0.95) == " 95 %");
  CHECK(text(0.999) == " 99.9 %");
  CHECK(text(0.683) == " 68.3 %");  // 0.683 * 100 is 68.30000000000001
  CHECK(text(0.55) == " 55 %");
}

TEST_CASE("thousands have commas") {
  const auto text = [](std::uint64_t count) {
    cx::result_parts parts;
    parts.title = "X";
    parts.ledger.counted = count;
    return cx::result(parts).to_text();
  };
  CHECK(text(999) == "X no answer  n = 999");
  CHECK(text(1'000) == "X no answer  n = 1,000");
  CHECK(text(100'000) == "X no answer  n = 100,000");
  CHECK(text(std::numeric_limits<std::uint64_t>::max()) == "X no answer  n = 18,446,744,073,709,551,615");
}

TEST_CASE("a count is found by its name, and nothing by another") {
  const cx::result r(nps_parts());
  CHECK(r.count("passives") == 30);
  CHECK(r.count("passive") == std::nullopt);
}

TEST_CASE("a result explains itself, and leaves out what it has nothing to say about") {
  cx::result_parts parts = nps_parts();
  parts.formula = "promoters less detractors";
  parts.worked = "100 x ({promoters} - {detractors}) / {n} on {scale} = {value}";
  parts.parameters = {{"scale", "0-10"}};
  parts.about = {.what = "liking", .not_to_be_confused_with = "loving", .missing = "not answered"};
  parts.ledger.counted = 1'000;
  parts.ledger.missing = 1;
  parts.ledger.pending = 2;
  parts.counts[0].count = 1'234;
  parts.notes = {"odd", "odder"};
  parts.source = "book";
  const std::vector<cx::named_text> expected{
      {"what it is", "liking"},
      {"not to be confused with", "loving"},
      {"formula", "promoters less detractors"},
      {"with the numbers", "100 x (1,234 - 20) / 1,000 on 0-10 = +30.0"},
      {"parameters", "scale = 0-10"},
      {"counted", "1,000 of 1,003 rows"},
      {"missing", "1 row: not answered"},
      {"pending", "2 rows: not decided yet"},
      {"interval",
       "95 %: +14.1 to +44.2, adjusted_wald: Wald's interval of counts to which a few rows of every kind are "
       "added"},
      {"note", "odd"},
      {"note", "odder"},
      {"source", "book"}};
  CHECK(cx::result(parts).explain() == expected);
  parts.ledger.excluded = 2;
  const std::vector<cx::named_text> said = cx::result(parts).explain();
  CHECK(std::find(
            said.begin(), said.end(),
            cx::named_text{"excluded",
                           "2 rows: left out by the definition, or left out by choice when it was read"}) !=
        said.end());
  parts.value = {};
  parts.interval = {};
  for (const cx::named_text& line : cx::result(parts).explain()) {
    CHECK(line.name != "with the numbers");
    CHECK(line.name != "interval");
  }
  parts = {};
  CHECK(cx::result(parts).explain() == std::vector<cx::named_text>{{"counted", "0 of 0 rows"}});
}

TEST_CASE("a figure of weighted rows says what its effective size and standard error are made of") {
  cx::result_parts parts = nps_parts();
  parts.weighting = cx::weighting{.effective_n = 80, .standard_error = 8.5, .sum = 100, .squares = 125.5};
  const auto line = [&](const char* name) {
    for (const cx::named_text& each : cx::result(parts).explain())
      if (each.name == name) return each.text;
    return std::string();
  };
  CHECK(line("effective n") == "80.0 = (sum of weights, 100)^2 / sum of their squares, 125.500");
  CHECK(line("standard error") == "8.500 points, linearised: it sees which answers have which weight");
  CHECK(line("interval").ends_with("; n is the effective n"));
  parts.interval->method = "wald";
  CHECK(line("interval").ends_with("to either side"));
}

TEST_CASE("a result gives back its parts") {
  cx::result_parts parts = nps_parts();
  parts.formula = "f";
  parts.parameters = {{"scale", "0-10"}};
  parts.notes = {"odd"};
  parts.source = "book";
  const cx::result r(parts);
  CHECK(r.metric() == "nps");
  CHECK(r.title() == "NPS");
  CHECK(r.unit() == "points");
  CHECK(r.value() == cx::figure(30.0));
  CHECK(r.interval() == parts.interval);
  CHECK(r.ledger() == parts.ledger);
  CHECK(r.counts() == parts.counts);
  CHECK(r.formula() == "f");
  CHECK(r.parameters() == parts.parameters);
  CHECK(r.notes() == parts.notes);
  CHECK(r.source() == "book");
  CHECK(r == cx::result(parts));
  CHECK(r != cx::result(nps_parts()));
}

}  // namespace result_test
