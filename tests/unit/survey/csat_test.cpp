// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/csat.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <cxmetrics/engine/tally.hpp>

namespace csat_test {

namespace cx = cxmetrics;

namespace {

constexpr cx::csat five{cx::csat_scale::one_to_five}, ten{cx::csat_scale::one_to_ten},
    faces{cx::csat_scale::smileys};

cx::tally<cx::csat> answers(std::initializer_list<int> scores, cx::csat metric = five) {
  cx::tally<cx::csat> t(metric);
  for (const int score : scores) t.add(static_cast<std::int8_t>(score));
  return t;
}

// So many answers of each score, from 0 on.
cx::result read(const cx::csat& metric, const cx::csat::state& s, const cx::csat_reading& how = {},
                cx::confidence c = {}) {
  return metric.read(s, cx::csat::account(s), how, c);
}

std::string message_of(const cx::csat& metric, const cx::csat_reading& how) {
  try {
    static_cast<void>(read(metric, {}, how));
  } catch (const cx::scale_error& e) {
    return e.what();
  }
  return "no error";
}

constexpr cx::csat_reading mean{.figure = cx::csat_figure::mean};
constexpr cx::csat_reading satisfied{.figure = cx::csat_figure::satisfied};

}  // namespace

TEST_CASE("published figures come out") {
  // Formbricks, tests of the survey summary: 5, 4, 2, 1 are 50 % satisfied, their mean is 3.0
  CHECK(*answers({5, 4, 2, 1}).result().value() == 50.0);
  CHECK(*answers({5, 4, 2, 1}).result(mean).value() == 3.0);
  // YourOpinion: 60 of 100 gave 4 or 5
  CHECK(*read(five, {{0, 10, 10, 20, 25, 35}}).value() == 60.0);
}

TEST_CASE("each scale has its own figure and cut-off") {
  for (int score = 1; score <= 5; ++score)
    CHECK(*answers({score}).result().value() == (score >= 4 ? 100.0 : 0.0));
  for (int score = 1; score <= 3; ++score)
    CHECK(*answers({score}, faces).result().value() == (score == 3 ? 100.0 : 0.0));
  for (int score = 1; score <= 10; ++score) {
    CHECK(*answers({score}, ten).result().value() == score);  // the mean of the report mark
    CHECK(*answers({score}, ten).result(satisfied).value() == (score >= 8 ? 100.0 : 0.0));
  }
}

TEST_CASE("the cut-off is named, and moves without touching the state") {
  const cx::csat::state marks{{0, 0, 0, 0, 0, 10, 20, 40, 20, 8, 2}};
  const auto from = [&](std::int64_t score) {
    return read(ten, marks, {.figure = cx::csat_figure::satisfied, .satisfied_from = score});
  };
  CHECK(*from(8).value() == 30.0);
  CHECK(*from(7).value() == 70.0);
  CHECK(*from(6).value() == 90.0);
  CHECK(from(7).formula() == "answers of 7 or higher / answers, on the scale 1-10");
  CHECK(from(10).formula() == "answers of 10 / answers, on the scale 1-10");
  CHECK(from(7).count("satisfied") == 70u);
  CHECK(from(7).count("not_satisfied") == 30u);
}

TEST_CASE("a cut-off that divides nothing is refused") {
  CHECK(message_of(five, {.satisfied_from = 1}) ==
        "satisfied_from=1 divides nothing on the scale 1-5: use 2 to 5");
  CHECK(message_of(five, {.satisfied_from = 8}) ==
        "satisfied_from=8 divides nothing on the scale 1-5: use 2 to 5");
  CHECK(message_of(ten, {.satisfied_from = -1}) ==
        "satisfied_from=-1 divides nothing on the scale 1-10: use 2 to 10");
  CHECK(message_of(faces, {.satisfied_from = 2}) == "no error");
}

TEST_CASE("a score outside the scale is invalid, and the message says which scale") {
  cx::tally<cx::csat> t;
  for (const int score : {-1, 0, 6, 10, 11, 127})
    CHECK_THROWS_AS(t.add(static_cast<std::int8_t>(score)), cx::column_error);
  CHECK_THROWS_WITH(t.add(std::int8_t{6}), "row 0: score 6 is outside the scale 1 to 5");
  CHECK_THROWS_WITH(cx::tally<cx::csat>(ten).add(std::int8_t{0}),
                    "row 0: score 0 is outside the scale 1 to 10");
  CHECK(t == cx::tally<cx::csat>());
  const std::vector<std::int8_t> column{5, 4, 9, 3};
  CHECK_THROWS_WITH_AS(t.update({column}), "row 2: score 9 is outside the scale 1 to 5", cx::column_error);
  CHECK(t == cx::tally<cx::csat>());
}

TEST_CASE("a batch counts scores of a wider scale as invalid, wherever they stand") {
  std::vector<std::int8_t> column;
  for (int i = 0; i < 10'000; ++i) column.push_back(static_cast<std::int8_t>(i % 13 - 1));
  cx::tally<cx::csat> batch, one_by_one;
  batch.update({column}, cx::on_invalid::count);
  std::uint64_t outside = 0;
  for (const std::int8_t score : column) {
    if (score >= 1 && score <= 5)
      one_by_one.add(score);
    else
      ++outside;
  }
  CHECK(batch.state() == one_by_one.state());
  CHECK(batch.ledger().invalid == outside);
  CHECK(batch.ledger().rows() == column.size());
}

TEST_CASE("states of unlike scales do not merge, and the message names both") {
  auto a = answers({4}, five);
  const auto b = answers({4}, ten);
  CHECK_THROWS_WITH_AS(a.merge(b),
                       "two states of csat with different parameters cannot be merged (scale 1-5, high is "
                       "good; scale 1-10, high is good): build both with the same ones",
                       cx::state_error);
  CHECK(a == answers({4}, five));
}

TEST_CASE("bytes with a score that the scale does not have are damaged") {
  auto t = answers({9}, ten);
  std::string bytes = t.encode();
  CHECK(cx::tally<cx::csat>::decode(bytes) == t);
  const std::size_t greatest = bytes.find('\x0a');  // the 10 of the scale
  REQUIRE(greatest != bytes.npos);
  bytes[greatest] = 5;
  CHECK_THROWS_WITH_AS(static_cast<void>(cx::tally<cx::csat>::decode(bytes)),
                       "state bytes of csat hold values that its definition does not have: they are damaged",
                       cx::state_error);
}

TEST_CASE("the interval of a share is that of state/intervals, by any method") {
  const cx::csat::state s{{0, 10, 10, 20, 25, 35}};
  for (const auto method :
       {cx::share_interval::wilson, cx::share_interval::clopper_pearson, cx::share_interval::jeffreys})
    CHECK(read(five, s, {.interval = method}).interval() == cx::interval_of({60, 100}, method, {}));
  CHECK(read(five, s).source().find("Wilson") != std::string::npos);
}

TEST_CASE("the interval of a mean is Student's") {
  // Source: Python's statistics: mean 7.2, standard deviation 1.398411797560202 (n - 1); t of 9 degrees of
  // freedom at 97.5 % is 2.262157162798 (every table has 2.262).
  const auto r = answers({5, 6, 6, 7, 7, 7, 8, 8, 8, 10}, ten).result();
  CHECK(*r.value() == doctest::Approx(7.2).epsilon(1e-14));
  const double half = 2.262157162798 * 1.398411797560202 / std::sqrt(10.0);
  CHECK(r.interval()->low == doctest::Approx(7.2 - half).epsilon(1e-10));
  CHECK(r.interval()->high == doctest::Approx(7.2 + half).epsilon(1e-10));
  CHECK(r.interval()->method == "t");
}

TEST_CASE("the interval of a mean stays on the scale") {
  const auto r = answers({1, 1, 5}).result(mean);
  CHECK(r.interval()->low == 1.0);
  CHECK(r.interval()->high == 5.0);
}

TEST_CASE("one answer, or answers all alike, say nothing of the spread: the mean has no interval") {
  CHECK(*answers({7}, ten).result().value() == 7.0);
  CHECK_FALSE(answers({7}, ten).result().interval().has_value());
  CHECK_FALSE(answers({7, 7, 7}, ten).result().interval().has_value());
  CHECK(answers({7, 7, 8}, ten).result().interval().has_value());
}

TEST_CASE("no answers have no figure and no interval") {
  for (const cx::csat& metric : {five, ten, faces})
    for (const cx::csat_reading& how : {mean, satisfied}) {
      const cx::result r = read(metric, {}, how);
      CHECK(r.value() == std::nullopt);
      CHECK_FALSE(r.interval().has_value());
      CHECK_FALSE(r.weighting().has_value());
    }
}

TEST_CASE("a result can be defended") {
  const cx::result share = read(five, {{0, 10, 10, 20, 25, 35}});
  CHECK(share.to_text() == "CSAT 60.0 %  95 % [50.2, 69.1]  n = 100: 60 satisfied, 40 not_satisfied");
  CHECK(share.formula() == "answers of 4 or higher / answers, on the scale 1-5");
  const cx::result marks = read(ten, {{0, 0, 0, 0, 0, 1, 2, 3, 3, 0, 1}});
  CHECK(marks.unit() == "of 10");
  CHECK(marks.to_text().rfind("CSAT mean 7.2 of 10  95 % [", 0) == 0);
  CHECK(marks.metric() == "csat");
}

TEST_CASE("marks that look like another scale are noted, from 30 on") {
  CHECK(read(ten, {{0, 6, 6, 6, 6, 6}}).notes() ==
        std::vector<std::string>{"no answer of 30 is above 5: is this a 1-5 scale?"});
  CHECK(read(ten, {{0, 6, 6, 6, 6, 5}}).notes().empty());
  CHECK(read(five, {{0, 6, 6, 6, 6, 6}}).notes().empty());
}

}  // namespace csat_test
