// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/ces.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <cxmetrics/engine/tally.hpp>

namespace ces_test {

namespace cx = cxmetrics;

namespace {

constexpr cx::ces agreement{cx::ces_scale::agreement}, effort{cx::ces_scale::effort};
constexpr cx::ces_reading agree{.figure = cx::ces_figure::agree_share}, top2{.figure = cx::ces_figure::top2},
    net{.figure = cx::ces_figure::net};

cx::result read(const cx::ces& metric, const cx::ces::state& s, const cx::ces_reading& how = {}) {
  return metric.read(s, cx::ces::account(s), how);
}

// CYS Group, support articles 3000095529 and 3000095531: 1,000 answers of 1 to 7.
const cx::ces::state cys{{0, 80, 210, 140, 110, 160, 180, 120}};

}  // namespace

TEST_CASE("published figures come out") {
  CHECK(*read(agreement, cys).value() == doctest::Approx(4.08).epsilon(1e-14));  // CYS Group
  // computed from the same counts by the definitions of the same source
  CHECK(*read(agreement, cys, top2).value() == 30.0);
  CHECK(*read(agreement, cys, agree).value() == 46.0);
  CHECK(*read(agreement, cys, net).value() == -13.0);
}

TEST_CASE("the boxes are 5 to 7, 6 to 7 and, for net, 1 to 3 against 6 to 7") {
  for (int score = 1; score <= 7; ++score) {
    cx::ces::state s;
    s.of[static_cast<std::size_t>(score)] = 1;
    INFO("score " << score);
    CHECK(*read(agreement, s).value() == score);
    CHECK(*read(agreement, s, agree).value() == (score >= 5 ? 100.0 : 0.0));
    CHECK(*read(agreement, s, top2).value() == (score >= 6 ? 100.0 : 0.0));
    CHECK(*read(agreement, s, net).value() == (score >= 6 ? 100.0 : score <= 3 ? -100.0 : 0.0));
  }
}

TEST_CASE("CES 1.0 is a mean where low is good, and has no other figure") {
  const cx::result r = read(effort, {{0, 4, 3, 2, 1, 0}});
  CHECK(*r.value() == 2.0);
  CHECK(r.unit() == "of 5");
  CHECK(r.formula() == "mean score on the scale 1-5, low is good");
  CHECK(r.count("low_effort") == 7u);
  for (const cx::ces_reading& how : {agree, top2, net})
    CHECK_THROWS_AS(static_cast<void>(read(effort, {}, how)), cx::scale_error);
  CHECK_THROWS_WITH(static_cast<void>(read(effort, {}, net)),
                    "figure=\"net\" is read from agreement on the scale 1-7: the effort of the scale 1-5 has "
                    "figure=\"mean\" only");
}

TEST_CASE("the two questions do not merge, and the message names both scales") {
  cx::tally<cx::ces> a(agreement);
  const cx::tally<cx::ces> b(effort);
  CHECK_THROWS_WITH_AS(a.merge(b),
                       "two states of ces with different parameters cannot be merged (scale 1-7, high is "
                       "good; scale 1-5, low is good): build both with the same ones",
                       cx::state_error);
  CHECK(cx::tally<cx::ces>::decode(b.encode()).metric() == effort);
}

TEST_CASE("a score outside the scale is invalid, and the message says which scale") {
  CHECK_THROWS_WITH(cx::tally<cx::ces>(agreement).add(std::int8_t{8}),
                    "row 0: score 8 is outside the scale 1 to 7");
  CHECK_THROWS_WITH(cx::tally<cx::ces>(effort).add(std::int8_t{6}),
                    "row 0: score 6 is outside the scale 1 to 5");
  CHECK_THROWS_WITH(cx::tally<cx::ces>(effort).add(std::int8_t{0}),
                    "row 0: score 0 is outside the scale 1 to 5");
}

TEST_CASE("intervals are those of a share, of an NPS, and Student's") {
  CHECK(read(agreement, cys, agree).interval() == cx::interval_of({460, 1000}, {}, {}));
  CHECK(read(agreement, cys, top2).interval() == cx::interval_of({300, 1000}, {}, {}));
  // net is built like an NPS: the same numbers of promoters and detractors have the same interval
  cx::nps::state like;
  like.of[9] = 300, like.of[7] = 270, like.of[0] = 430;
  for (const auto method : {cx::nps_interval::adjusted_wald, cx::nps_interval::score, cx::nps_interval::wald})
    CHECK(read(agreement, cys, {.figure = cx::ces_figure::net, .net = method}).interval() ==
          cx::nps{}.read(like, cx::nps::account(like), method).interval());
  // Source: Python: mean 4.08, squared deviations 3653.6, t of 999 degrees of freedom 1.962341461132
  const double half = 1.962341461132 * std::sqrt(3653.6 / 999 / 1000);
  const auto i = *read(agreement, cys).interval();
  CHECK(i.low == doctest::Approx(4.08 - half).epsilon(1e-10));
  CHECK(i.high == doctest::Approx(4.08 + half).epsilon(1e-10));
  CHECK(i.method == "t");
}

TEST_CASE("no answers have no figure and no interval") {
  for (const cx::ces_reading& how : {cx::ces_reading{}, agree, top2, net}) {
    const cx::result r = read(agreement, {}, how);
    CHECK(r.value() == std::nullopt);
    CHECK_FALSE(r.interval().has_value());
  }
}

TEST_CASE("a result can be defended") {
  CHECK(read(agreement, cys).to_text() ==
        "CES 2.0 mean 4.1 of 7  95 % [4.0, 4.2]  n = 1,000: 460 agree, 110 neutral, 430 disagree");
  CHECK(read(agreement, cys, net).to_text() ==
        "CES 2.0 net -13.0  95 % [-18.2, -7.7]  n = 1,000: 300 easy, 270 neutral, 430 difficult");
  CHECK(read(effort, {}).source().find("Dixon") != std::string::npos);
}

TEST_CASE("answers that look like another scale are noted, from 30 on") {
  CHECK(read(agreement, {{0, 6, 6, 6, 6, 6}}).notes() ==
        std::vector<std::string>{"no answer of 30 is above 5: is this a 1-5 scale?"});
  CHECK(read(effort, {{0, 6, 6, 6, 6, 6}}).notes().empty());
}

}  // namespace ces_test
