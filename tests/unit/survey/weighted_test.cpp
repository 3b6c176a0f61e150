// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/weighted.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>

#include "sanitized.hpp"

namespace weighted_test {

namespace cx = cxmetrics;

namespace {

using scores = std::vector<std::int8_t>;
using weights = std::vector<std::int64_t>;

constexpr std::int64_t one = cx::weight_one;

template <class M>
cx::tally<cx::weighted<M>> of(const scores& s, const weights& w, M metric = {}) {
  cx::tally<cx::weighted<M>> t({metric});
  t.update({s, w});
  return t;
}

}  // namespace

TEST_CASE("equal weights give the figure of plain answers, and its interval") {
  const scores some{10, 9, 9, 8, 7, 7, 5, 3, 0, 10, 10, 9};
  for (const std::int64_t weight : {one, 3 * one, one / 3, std::int64_t{1}, cx::max_weight}) {
    const auto weighed = of<cx::nps>(some, weights(some.size(), weight)).result();
    cx::tally<cx::nps> plain;
    plain.update({some});
    CHECK(*weighed.value() == doctest::Approx(*plain.result().value()).epsilon(1e-14));
    CHECK(weighed.weighting()->effective_n == doctest::Approx(12).epsilon(1e-14));
    for (const auto method :
         {cx::nps_interval::adjusted_wald, cx::nps_interval::score, cx::nps_interval::wald}) {
      const auto a = *of<cx::nps>(some, weights(some.size(), weight)).result(method).interval();
      const auto b = *plain.result(method).interval();
      CHECK(a.low == doctest::Approx(b.low).epsilon(1e-12));
      CHECK(a.high == doctest::Approx(b.high).epsilon(1e-12));
      CHECK(a.method == b.method);
    }
  }
}

TEST_CASE("the figure, its effective size and its linearised error are those worked out by hand") {
  // 10 of weight 2, 7 of weight 1, 3 of weight 1: value 100 (2 - 1) / 4 = 25; effective size 16 / 6; variance
  // (4 (1 - 1/4)^2 + (0 - 1/4)^2 + (-1 - 1/4)^2) / 16 = 3.875 / 16.
  const auto r = of<cx::nps>({10, 7, 3}, {2 * one, one, one}).result();
  CHECK(*r.value() == 25.0);
  CHECK(r.weighting()->effective_n == doctest::Approx(16.0 / 6).epsilon(1e-14));
  CHECK(r.weighting()->standard_error == doctest::Approx(100 * std::sqrt(3.875 / 16)).epsilon(1e-14));
  CHECK(r.count("promoters") == 1u);
  CHECK(r.n() == 3);
  const auto wald = *of<cx::nps>({10, 7, 3}, {2 * one, one, one}).result(cx::nps_interval::wald).interval();
  CHECK(wald.low == doctest::Approx(std::max(-100.0, 25 - 196 * std::sqrt(3.875 / 16))).epsilon(1e-3));
}

TEST_CASE("the adjusted interval adds its three to the effective size") {
  // Half of 200 rows have weight 3, half weight 1: effective size (100 * 3 + 100)^2 / (100 * 9 + 100) = 160.
  scores s;
  weights w;
  for (int i = 0; i < 200; ++i) {
    s.push_back(i % 10 < 5 ? 10 : i % 10 < 8 ? 8 : 2);
    w.push_back(i / 10 % 2 == 0 ? 3 * one : one);
  }
  const auto r = of<cx::nps>(s, w).result();
  CHECK(r.weighting()->effective_n == doctest::Approx(160).epsilon(1e-12));
  cx::nps::state plain;  // 160 plain answers of the same shares
  plain.of[10] = 80, plain.of[8] = 48, plain.of[2] = 32;
  const auto expected = *cx::nps{}.read(plain, cx::nps::account(plain)).interval();
  CHECK(r.interval()->low == doctest::Approx(expected.low).epsilon(1e-12));
  CHECK(r.interval()->high == doctest::Approx(expected.high).epsilon(1e-12));
}

TEST_CASE("shares and means are weighted too") {
  const scores s{5, 4, 2, 1};
  const weights w{one, one, 4 * one, 2 * one};
  const auto share = of<cx::csat>(s, w).result();
  CHECK(*share.value() == 25.0);  // 2 of 8
  CHECK(share.weighting()->effective_n == doctest::Approx(64.0 / 22).epsilon(1e-14));
  const auto mean = of<cx::csat>(s, w).result(cx::csat_reading{.figure = cx::csat_figure::mean});
  CHECK(*mean.value() == 19.0 / 8);
  CHECK(*of<cx::ces>({7, 1}, {3 * one, one}).result().value() == 5.5);
  CHECK(*of<cx::ces>({7, 1}, {3 * one, one}).result(cx::ces_reading{.figure = cx::ces_figure::net}).value() ==
        50.0);
}

TEST_CASE("all of the weight on one side has the bound of the scale") {
  for (const auto method :
       {cx::share_interval::wilson, cx::share_interval::clopper_pearson, cx::share_interval::jeffreys}) {
    const cx::csat_reading how{.interval = method};
    CHECK(of<cx::csat>({5, 4, 5}, {one / 3, one / 7, one}).result(how).interval()->high == 100.0);
    CHECK(of<cx::csat>({1, 2, 3}, {one / 3, one / 7, one}).result(how).interval()->low == 0.0);
  }
}

TEST_CASE("an effective size of hardly more than one leaves the whole scale open") {
  // the heavier the one, the closer the effective size of two answers is to one
  const cx::csat ten{cx::csat_scale::one_to_ten};
  for (const std::int64_t heavy : {std::int64_t{2}, one / 1000, 20 * one, one * 1000, cx::max_weight})
    for (const double level : {0.5, 0.95, 0.9999}) {
      const cx::result r =
          of<cx::csat>({3, 8}, {heavy, 1}, ten).result(cx::csat_reading{}, cx::confidence(level));
      INFO("weight " << heavy << ", level " << level << ", effective size " << r.weighting()->effective_n);
      if (!r.interval().has_value()) {  // not to be told from one answer
        CHECK(r.weighting()->effective_n == 1.0);
        continue;
      }
      CHECK(1.0 <= r.interval()->low);
      CHECK(r.interval()->low <= *r.value());
      CHECK(*r.value() <= r.interval()->high);
      CHECK(r.interval()->high <= 10.0);
      if (heavy >= one && level >= 0.95) CHECK(r.interval()->high - r.interval()->low == 9.0);
    }
}

TEST_CASE("the factor of all weights changes no figure") {
  const auto a = of<cx::nps>({10, 9, 7, 3}, {2 * one, 3 * one, one, 5 * one}).result();
  const auto b = of<cx::nps>({10, 9, 7, 3}, {2000 * one, 3000 * one, 1000 * one, 5000 * one}).result();
  CHECK(*a.value() == doctest::Approx(*b.value()).epsilon(1e-14));
  CHECK(a.interval()->low == doctest::Approx(b.interval()->low).epsilon(1e-12));
  CHECK(a.weighting()->standard_error == doctest::Approx(b.weighting()->standard_error).epsilon(1e-12));
}

TEST_CASE("weights of nothing are excluded, absent ones missing, impossible ones invalid") {
  cx::tally<cx::weighted<cx::nps>> t;
  CHECK(t.add(std::int8_t{9}, std::int64_t{0}) == cx::verdict::excluded);
  CHECK(t.add(std::int8_t{9}, cx::absent<std::int64_t>::missing) == cx::verdict::missing);
  CHECK(t.add(cx::absent<std::int8_t>::missing, one) == cx::verdict::missing);
  CHECK(t.add(cx::absent<std::int8_t>::excluded, one) == cx::verdict::excluded);
  CHECK_THROWS_WITH(t.add(std::int8_t{9}, std::int64_t{-1}),
                    "row 0: weight of -1 steps of 2^-20 is outside 0 to 2^40 (1,048,576)");
  CHECK_THROWS_AS(t.add(std::int8_t{9}, cx::max_weight + 1), cx::column_error);
  CHECK_THROWS_WITH(t.add(std::int8_t{11}, one), "row 0: score 11 is outside the scale 0 to 10");
  CHECK_THROWS_AS(t.add(std::int8_t{11}, std::int64_t{0}), cx::column_error);
  CHECK(t.result().value() == std::nullopt);
  CHECK_FALSE(t.result().weighting().has_value());
  CHECK(t.ledger() == cx::ledger{.excluded = 2, .missing = 2});
}

TEST_CASE("weighted and plain states have different names, and bytes of one are not the other's") {
  CHECK(cx::weighted<cx::nps>::name == "weighted_nps");
  CHECK(cx::weighted<cx::csat>::name == "weighted_csat");
  const std::string bytes = of<cx::nps>({9}, {one}).encode();
  CHECK_THROWS_WITH_AS(static_cast<void>(cx::tally<cx::nps>::decode(bytes)),
                       "these state bytes are of weighted_nps, not of nps", cx::state_error);
  auto five = of<cx::csat>({4}, {one});
  const auto ten = of<cx::csat>({4}, {one}, {cx::csat_scale::one_to_ten});
  CHECK_THROWS_WITH_AS(
      five.merge(ten),
      "two states of weighted_csat with different parameters cannot be merged (scale 1-5, high "
      "is good; scale 1-10, high is good): build both with the same ones",
      cx::state_error);
}

TEST_CASE("the text says rows and the effective size") {
  const auto r = of<cx::nps>({10, 7, 3}, {2 * one, one, one}).result();
  CHECK(r.to_text().rfind("Weighted NPS +25.0  95 % [", 0) == 0);
  CHECK(r.to_text().find("n = 3 (effective 2.7): 1 promoters, 1 passives, 1 detractors") !=
        std::string::npos);
}

TEST_CASE("a batch is the same as its rows, whatever the weights and across the ends of blocks") {
  std::mt19937_64 random(1);
  for (const std::size_t size : {0u, 1u, 4095u, 4096u, 4097u, 20'000u})
    for (const int range : {20, 26, 27, 41}) {
      scores s;
      weights w;
      cx::cell<cx::weighted<cx::csat>> one_by_one, batch;
      for (std::size_t i = 0; i < size; ++i) {
        s.push_back(random() % 50 == 0 ? cx::absent<std::int8_t>::missing
                                       : static_cast<std::int8_t>(random() % 8));
        w.push_back(random() % 50 == 0 ? cx::absent<std::int64_t>::missing
                                       : static_cast<std::int64_t>(random() >> (64 - range)) - 1);
        one_by_one.add({}, s.back(), w.back());
      }
      batch.add_batch({}, {s, w});
      REQUIRE(batch == one_by_one);
      REQUIRE(batch.account({}).rows() == size);
    }
}

namespace {

// How often intervals of weighted samples hold the true figure. People are of two kinds that answer
// differently and take part differently; the weights make up for it.
struct sample {
  scores s;
  weights w;
};

template <class Draw>
sample draw(std::mt19937_64& random, std::size_t size, Draw score) {
  sample out;
  std::uniform_real_distribution<double> uniform;
  for (std::size_t i = 0; i < size; ++i) {
    // half of all people are of either kind, but 4 of 5 answers come from the first
    const bool first = uniform(random) < 0.8;
    out.s.push_back(score(random, first));
    out.w.push_back(first ? one * 5 / 8 : one * 5 / 2);
  }
  return out;
}

std::int8_t nps_score(std::mt19937_64& random, bool first) {
  const auto x = random() % 10;  // first: 60 % promoters, 20 % detractors; second: 40 % and 30 %
  if (first) return x < 6 ? 10 : x < 8 ? 8 : 3;
  return x < 4 ? 10 : x < 7 ? 8 : 3;
}
std::int8_t mark(std::mt19937_64& random, bool first) {
  return static_cast<std::int8_t>((first ? 4 : 3) + random() % 7);  // means 7 and 6
}

template <class M, class Draw, class How>
double coverage(double truth, std::size_t size, Draw score, M metric, How how) {
  std::mt19937_64 random(20'260'302);
  constexpr int rounds = 4'000;
  int held = 0;
  for (int round = 0; round < rounds; ++round) {
    const sample x = draw(random, size, score);
    const auto i = *of<M>(x.s, x.w, metric).result(how).interval();
    held += i.low <= truth && truth <= i.high ? 1 : 0;
  }
  return static_cast<double>(held) / rounds;
}

}  // namespace

TEST_CASE("weighted intervals hold the true figure about as often as they promise" *
          doctest::skip(cxmetrics_test::sanitized)) {
  // 4,000 samples, fixed seed: the standard error of a coverage of 95 % is 0.35 points; 3 points are allowed
  // for what the methods themselves leave.
  const double near = 0.03;
  const double truth = 100 * ((0.6 + 0.4) / 2 - (0.2 + 0.3) / 2);
  for (const std::size_t size : {50u, 200u})
    for (const auto method :
         {cx::nps_interval::adjusted_wald, cx::nps_interval::score, cx::nps_interval::wald}) {
      const double held = coverage(truth, size, nps_score, cx::nps{}, method);
      INFO("NPS, n = " << size << ", method " << static_cast<int>(method) << ": " << held);
      CHECK(std::abs(held - 0.95) < near);
    }
  const cx::csat ten{cx::csat_scale::one_to_ten};
  for (const std::size_t size : {50u, 200u}) {
    const double of_mean = coverage(6.5, size, mark, ten, cx::csat_reading{});
    INFO("mean, n = " << size << ": " << of_mean);
    CHECK(std::abs(of_mean - 0.95) < near);
    // satisfied: 3 of 7 marks of the first kind, 2 of 7 of the second
    const double of_share =
        coverage(100 * 5.0 / 14, size, mark, ten, cx::csat_reading{.figure = cx::csat_figure::satisfied});
    INFO("share, n = " << size << ": " << of_share);
    CHECK(std::abs(of_share - 0.95) < near);
  }
}

TEST_CASE("leaving the weights out holds the true figure far too seldom: the simulation can tell" *
          doctest::skip(cxmetrics_test::sanitized)) {
  std::mt19937_64 random(20'260'302);
  int held = 0;
  for (int round = 0; round < 1'000; ++round) {
    cx::tally<cx::csat> plain({cx::csat_scale::one_to_ten});
    plain.update({draw(random, 200, mark).s});
    const auto i = *plain.result().interval();
    held += i.low <= 6.5 && 6.5 <= i.high ? 1 : 0;
  }
  CHECK(held < 700);
}

}  // namespace weighted_test
