// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/nps.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cxmetrics/engine/tally.hpp>

#include "sanitized.hpp"

namespace nps_test {

namespace cx = cxmetrics;

namespace {

cx::tally<cx::nps> answers(std::initializer_list<int> scores) {
  cx::tally<cx::nps> t;
  for (const int score : scores) t.add(static_cast<std::int8_t>(score));
  return t;
}

// So many answers of 9, 7 and 0.
cx::result read(std::uint64_t promoters, std::uint64_t passives, std::uint64_t detractors,
                cx::nps_interval method = cx::nps_interval::adjusted_wald, cx::confidence c = {}) {
  cx::nps::state s;
  s.of[9] = promoters, s.of[7] = passives, s.of[0] = detractors;
  return cx::nps{}.read(s, cx::nps::account(s), method, c);
}

double rounded(double x, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(x * scale) / scale;
}

constexpr std::array methods{cx::nps_interval::wald, cx::nps_interval::adjusted_wald,
                             cx::nps_interval::score};

// A trinomial law and a sample size: what coverage is a property of.
struct world {
  double detractors, passives, promoters;
  unsigned n;
};

struct quality {
  double coverage, width;
};

// Exact, by enumeration: the probability that the interval holds the true value, and its mean width (in
// shares, -1 to 1), over all (n + 1)(n + 2) / 2 samples of n answers.
quality enumerate(const world& w, cx::nps_interval method) {
  quality sum{0, 0};
  const double truth = 100 * (w.promoters - w.detractors);
  std::vector<double> log_factorial(w.n + 1, 0.0);
  for (unsigned i = 2; i <= w.n; ++i) log_factorial[i] = log_factorial[i - 1] + std::log(i);
  for (unsigned p = 0; p <= w.n; ++p)
    for (unsigned d = 0; d + p <= w.n; ++d) {
      const unsigned rest = w.n - p - d;
      const double mass =
          std::exp(log_factorial[w.n] - log_factorial[p] - log_factorial[d] - log_factorial[rest] +
                   p * std::log(w.promoters) + d * std::log(w.detractors) + rest * std::log(w.passives));
      const auto interval = *read(p, rest, d, method).interval();
      // where a bound is the true value itself, rounding must not decide
      if (interval.low <= truth + 1e-9 && truth - 1e-9 <= interval.high) sum.coverage += mass;
      sum.width += mass * (interval.high - interval.low) / 100;
    }
  return sum;
}

}  // namespace

TEST_CASE("published figures come out") {
  CHECK(*answers({10, 7, 3, 9}).result().value() == 25.0);  // Formbricks, tests of the survey summary
  CHECK(*answers({10}).result().value() == 100.0);          // its cube: two dismissed answers are no answers
  // rbouch85/DS_Adventures: 1 to 10 once each is 20 % promoters less 60 % detractors
  CHECK(*answers({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}).result().value() == -40.0);
}

TEST_CASE("an answer that was never given is missing, not a zero") {
  cx::tally<cx::nps> t = answers({10});
  t.add(cx::absent<std::int8_t>::missing);
  t.add(cx::absent<std::int8_t>::missing);
  const cx::result r = t.result();
  CHECK(*r.value() == 100.0);
  CHECK(r.n() == 1);
  CHECK(r.ledger().missing == 2);
  CHECK(r.rows() == 3);
}

TEST_CASE("the classes are 0 to 6, 7 to 8 and 9 to 10") {
  for (int score = 0; score <= 10; ++score) {
    const cx::result r = answers({score}).result();
    INFO("score " << score);
    CHECK(*r.value() == (score >= 9 ? 100.0 : score >= 7 ? 0.0 : -100.0));
    CHECK(r.count("promoters") == (score >= 9 ? 1u : 0u));
    CHECK(r.count("passives") == (score == 7 || score == 8 ? 1u : 0u));
    CHECK(r.count("detractors") == (score <= 6 ? 1u : 0u));
  }
}

TEST_CASE("all eleven scores are kept") {
  const cx::tally<cx::nps> t = answers({0, 1, 1, 6, 10, 10, 10});
  CHECK(t.state() == cx::nps::state{{1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 3}});
}

TEST_CASE("a score outside the scale is invalid, and the message says which") {
  cx::tally<cx::nps> t;
  for (const int score : {-1, 11, 100, -100, 127})
    CHECK_THROWS_AS(t.add(static_cast<std::int8_t>(score)), cx::column_error);
  CHECK_THROWS_WITH(t.add(std::int8_t{11}), "row 0: score 11 is outside the scale 0 to 10");
  CHECK(t == cx::tally<cx::nps>());
}

TEST_CASE("intervals have the published bounds") {
  // Source: exact computation with z = 1.959963984540054, four decimals; the recipes are those of MeasuringU
  // (Wald, adjusted Wald +3, after Rocks 2016) and of Tango 1998 (score). Adjusted bounds are clipped to the
  // scale here.
  const struct {
    std::uint64_t promoters, passives, detractors;
    double value;
    std::array<std::pair<double, double>, 3> bounds;  // Wald, adjusted Wald, score
  } table[] = {
      {50, 30, 20, 30, {{{14.6922, 45.3078}, {14.0511, 44.2013}, {13.9551, 44.3393}}}},
      {120, 50, 30, 45, {{{34.7452, 55.2548}, {34.1354, 54.5345}, {34.1079, 54.5706}}}},
      {10, 0, 0, 100, {{{100, 100}, {47.5036, 100}, {44.4934, 100}}}},
      {0, 10, 0, 0, {{{0, 0}, {-18.4650, 18.4650}, {-27.7533, 27.7533}}}},
      {1, 0, 0, 100, {{{100, 100}, {-48.4986, 98.4986}, {-58.6901, 100}}}},
  };
  for (const auto& row : table)
    for (std::size_t m = 0; m < methods.size(); ++m) {
      const cx::result r = read(row.promoters, row.passives, row.detractors, methods[m]);
      INFO(r.to_text());
      CHECK(*r.value() == row.value);
      REQUIRE(r.interval().has_value());
      CHECK(rounded(r.interval()->low, 4) == doctest::Approx(row.bounds[m].first).epsilon(1e-9));
      CHECK(rounded(r.interval()->high, 4) == doctest::Approx(row.bounds[m].second).epsilon(1e-9));
    }
}

TEST_CASE("the centre of the adjusted interval, its bounds beyond the scale, and the variance of an answer") {
  // Source: exact computation, four decimals; the columns "centre" and v beside the intervals above. The
  // interval of 10 promoters would end at 106.3426.
  const struct {
    std::uint64_t promoters, passives, detractors;
    double centre, variance, high;
  } table[] = {{50, 30, 20, 29.1262, .61, 44.2013},
               {120, 50, 30, 44.3350, .5475, 54.5345},
               {10, 0, 0, 76.9231, 0, 106.3426},
               {0, 10, 0, 0, 0, 18.4650},
               {1, 0, 0, 25, 0, 98.4986}};
  for (const auto& row : table) {
    const cx::result r = read(row.promoters, row.passives, row.detractors);
    const auto& adjusted = r.estimates()[0];
    const auto& wald = r.estimates()[1];
    REQUIRE(adjusted.method == "adjusted_wald");
    REQUIRE(wald.method == "wald");
    CHECK(rounded(*adjusted.value, 4) == doctest::Approx(row.centre).epsilon(1e-9));
    const double high = *adjusted.value + cx::confidence().z() * std::sqrt(*adjusted.variance);
    CHECK(rounded(high, 4) == doctest::Approx(row.high).epsilon(1e-9));
    CHECK(*wald.variance * static_cast<double>(r.n()) / 1e4 == doctest::Approx(row.variance).epsilon(1e-9));
  }
}

TEST_CASE("intervals cover the true value as often as the table of docs/metrics/nps.md says" *
          doctest::skip(cxmetrics_test::sanitized)) {
  // Source: full enumeration of the trinomial in exact arithmetic, nominal 95 %, three decimals.
  const struct {
    world w;
    std::array<double, 3> coverage;  // Wald, adjusted Wald, score
  } table[] = {
      {{.20, .30, .50, 10}, {.896, .962, .947}},  {{.20, .30, .50, 30}, {.935, .946, .952}},
      {{.20, .30, .50, 100}, {.945, .949, .950}}, {{.10, .20, .70, 10}, {.877, .951, .961}},
      {{.05, .10, .85, 10}, {.797, .945, .953}},  {{.05, .10, .85, 50}, {.900, .961, .951}},
      {{.35, .30, .35, 10}, {.906, .959, .957}},  {{.02, .08, .90, 10}, {.649, .930, .959}},
      {{.02, .08, .90, 30}, {.841, .958, .961}},  {{.02, .08, .90, 100}, {.930, .962, .956}},
  };
  for (const auto& row : table)
    for (std::size_t m = 0; m < methods.size(); ++m) {
      INFO("detractors " << row.w.detractors << ", promoters " << row.w.promoters << ", n " << row.w.n
                         << ", method " << m);
      CHECK(rounded(enumerate(row.w, methods[m]).coverage, 3) ==
            doctest::Approx(row.coverage[m]).epsilon(1e-9));
    }
}

TEST_CASE("intervals are as wide on average as exact enumeration says" *
          doctest::skip(cxmetrics_test::sanitized)) {
  // Source: as above; mean width clipped to the scale, in shares.
  const struct {
    unsigned n;
    std::array<double, 3> width;
  } table[] = {{10, {.898, .812, .856}}, {100, {.304, .300, .302}}};
  for (const auto& row : table)
    for (std::size_t m = 0; m < methods.size(); ++m)
      CHECK(rounded(enumerate({.20, .30, .50, row.n}, methods[m]).width, 3) ==
            doctest::Approx(row.width[m]).epsilon(1e-9));
}

TEST_CASE("intervals stay on the scale, in order, and mirror when promoters and detractors change places") {
  for (std::uint64_t p = 0; p <= 12; ++p)
    for (std::uint64_t s = 0; s <= 12; ++s)
      for (std::uint64_t d = 0; d <= 12; ++d) {
        if (p + s + d == 0) continue;
        for (const cx::nps_interval method : methods) {
          const auto i = *read(p, s, d, method).interval(), mirrored = *read(d, s, p, method).interval();
          REQUIRE(-100 <= i.low);
          REQUIRE(i.low <= i.high);
          REQUIRE(i.high <= 100);
          REQUIRE(i.low == doctest::Approx(-mirrored.high).epsilon(1e-9));
        }
        const cx::result scored = read(p, s, d, cx::nps_interval::score);
        REQUIRE(scored.interval()->low <= *scored.value() + 1e-9);
        REQUIRE(scored.interval()->high >= *scored.value() - 1e-9);
      }
}

TEST_CASE("a higher level makes a wider interval, and both are named") {
  for (const cx::nps_interval method : methods) {
    const auto narrow = *read(50, 30, 20, method, cx::confidence(0.8)).interval();
    const auto wide = *read(50, 30, 20, method, cx::confidence(0.99)).interval();
    CHECK(wide.low < narrow.low);
    CHECK(narrow.high < wide.high);
    CHECK(wide.level == 0.99);
  }
  CHECK(read(1, 1, 1).interval()->method == "adjusted_wald");
  CHECK(read(1, 1, 1, cx::nps_interval::score).interval()->method == "score");
  CHECK(read(1, 1, 1, cx::nps_interval::wald).interval()->method == "wald");
}

TEST_CASE("no answers have no figure and no interval") {
  for (const cx::nps_interval method : methods) {
    const cx::result r = read(0, 0, 0, method);
    CHECK(r.value() == std::nullopt);
    CHECK_FALSE(r.interval().has_value());
    CHECK(r.rows() == 0);
    CHECK(r.notes().empty());
  }
}

TEST_CASE("a result can be defended") {
  const cx::result r = read(50, 30, 20);
  CHECK(r.to_text() == "NPS +30.0  95 % [+14.1, +44.2]  n = 100: 50 promoters, 30 passives, 20 detractors");
  CHECK(r.metric() == "nps");
  CHECK(r.unit() == "points");
  CHECK(r.formula() == "share of promoters (9, 10) minus share of detractors (0 to 6)");
  CHECK(r.source().find("Reichheld") != std::string::npos);
}

TEST_CASE("answers that look like another scale are noted, from 30 on") {
  const auto notes = [](const cx::nps::state& s) { return cx::nps{}.read(s, cx::nps::account(s)).notes(); };
  CHECK(notes({{0, 6, 6, 6, 6, 6}}) ==
        std::vector<std::string>{"no answer of 30 is above 5: is this a 1-5 scale?"});
  CHECK(notes({{0, 6, 6, 6, 6, 5}}).empty());
  CHECK(notes({{0, 6, 6, 6, 6, 6, 1}}).empty());
  CHECK(notes({{0, 1, 0, 0, 0, 0, 0, 20, 0, 0, 9}}) ==
        std::vector<std::string>{"no answer of 30 is 0, though there are 1 and 10: is this a 1-10 scale?"});
  CHECK(notes({{1, 1, 0, 0, 0, 0, 0, 20, 0, 0, 9}}).empty());
  CHECK(notes({{0, 0, 1, 0, 0, 0, 0, 20, 0, 0, 9}}).empty());
}

}  // namespace nps_test
