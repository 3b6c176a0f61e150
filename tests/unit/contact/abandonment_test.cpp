// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/abandonment.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include <cxmetrics/engine/tally.hpp>

namespace abandonment_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;
using enum cx::outcome;
using formula = cx::abandonment_formula;

namespace {

class calls {
 public:
  explicit calls(cx::abandonment metric = {}) : tally_(metric) {}
  calls& operator()(std::uint64_t count, cx::outcome how) {
    for (; count > 0; --count) tally_.add(static_cast<std::uint8_t>(how));
    return *this;
  }
  calls& operator()(cx::duration wait, cx::outcome how) {
    tally_.add(tally_.metric().outcome_of(how, wait));
    return *this;
  }
  [[nodiscard]] cx::result read(const formula& f = formula::named("offered"), cx::confidence c = {}) const {
    return tally_.result(f, c);
  }

 private:
  cx::tally<cx::abandonment> tally_;
};

}  // namespace

TEST_CASE("abandons are counted of all that were offered") {
  const cx::result r = calls()(7, answered)(2, abandoned)(1, timeout).read();
  CHECK(*r.value() == 20.0);
  CHECK(r.n() == 10);
  CHECK(r.count("abandoned") == 2);
  CHECK(r.count("answered") == 7);
  CHECK(r.count("other_exits") == 1);
}

TEST_CASE("no other way out is an abandon") {
  for (const cx::outcome how :
       {answered, timeout, left_empty, exit_key, withdrawn, refused_full, refused_closed, callback_requested,
        transferred_blind, transferred_attended, system_failure}) {
    const cx::result r = calls()(1, how).read();
    INFO(cx::name_of(how));
    CHECK(*r.value() == 0.0);
    CHECK(r.n() == 1);
  }
  CHECK(*calls()(1, abandoned).read().value() == 100.0);
}

TEST_CASE("each formula has its own numerator and denominator") {
  // One contact of each way out, and ten answered; docs/metrics/abandonment.md has the sources.
  calls c;
  c(10, answered);
  for (const cx::outcome how :
       {abandoned, timeout, left_empty, exit_key, withdrawn, refused_full, refused_closed, callback_requested,
        transferred_blind, transferred_attended, system_failure})
    c(1, how);
  c(3, unfinished);
  using count = std::pair<std::uint64_t, std::uint64_t>;
  const auto figure = [&c](const formula& f) {
    const cx::result r = c.read(f);
    CHECK(r.rows() == 24);
    CHECK(r.ledger().pending == 3);
    return count(r.count("above").value_or(*r.count("abandoned")), r.n());
  };
  CHECK(figure(formula::named("offered")) == count(1, 21));
  CHECK(figure(formula::named("answered_and_abandoned")) == count(1, 11));
  CHECK(figure(formula::named("amazon")) == count(1, 19));
  CHECK(figure(formula::named("genesys")) == count(2, 21));
  CHECK(figure(formula::named("asterisk")) == count(5, 15));
  CHECK(figure(formula::named("freeswitch")) == count(9, 19));
  CHECK(figure(formula::named("zendesk")) == count(11, 21));
  for (const formula& f : cx::abandonment_formulas) {
    CHECK(formula::find(f.name) == f);
    CHECK(f.below.includes(f.above));
  }
  CHECK(formula::find("lost") == std::nullopt);
}

TEST_CASE("short abandons are left out of both sides, the limit included; Genesys counts them") {
  // Source: PressOne: (abandons - those within 10 s) / (offered - those within 10 s).
  const calls c = calls({10s})(10s, abandoned)(11s, abandoned)(5s, timeout)(1s, answered)(1s, answered);
  CHECK(*c.read().value() == 25.0);
  CHECK(c.read().ledger() == cx::ledger{.counted = 4, .excluded = 1});
  CHECK(c.read().count("short_abandons") == 1);
  CHECK(c.read().count("abandoned") == 2);
  CHECK(c.read().formula() == "abandoned / offered without abandons within 10s");
  CHECK(*c.read(formula::named("genesys")).value() == 40.0);
  CHECK(c.read(formula::named("genesys")).ledger() == cx::ledger{.counted = 5});
  calls without_limit;
  CHECK(*without_limit(10s, abandoned)(1s, answered).read().value() == 50.0);
}

TEST_CASE("an impossible limit is refused, in the definition and in bytes") {
  CHECK_NOTHROW(cx::validate(cx::abandonment{0s}));
  CHECK_THROWS_WITH_AS(cx::validate(cx::abandonment{-1s}),
                       "short_abandon=-1s is no limit: use one from 0s, like \"5s\"", cx::unit_error);
  CHECK_THROWS_AS(cx::validate(cx::abandonment{cx::max_duration + 1us}), cx::unit_error);
  cx::writer w;
  w.put_signed(-2);
  const std::string bytes = std::move(w).take();
  cx::reader r(bytes);
  CHECK_THROWS_AS(static_cast<void>(cx::abandonment::decode(r)), cx::state_error);
}

TEST_CASE("contacts that still wait are pending") {
  const cx::result r = calls()(1, abandoned)(3, unfinished).read();
  CHECK(*r.value() == 100.0);
  CHECK(r.n() == 1);
  CHECK(r.ledger().pending == 3);
  CHECK(r.rows() == 4);
}

TEST_CASE("nothing offered has no figure") {
  CHECK(calls().read().value() == std::nullopt);
  CHECK_FALSE(calls().read().interval().has_value());
  CHECK(calls()(2, unfinished).read().value() == std::nullopt);
}

TEST_CASE("a bare no is refused: whoever was not answered has not necessarily left") {
  cx::tally<cx::abandonment> t;
  CHECK_THROWS_WITH_AS(t.add(static_cast<std::uint8_t>(unanswered)),
                       "row 0: not answered is not abandoned: abandonment needs a column of outcomes, a yes "
                       "or no is not enough",
                       cx::column_error);
  CHECK_THROWS_WITH_AS(t.add(std::uint8_t{77}), "row 0: outcome 77 does not exist", cx::column_error);
}

TEST_CASE("the interval is Wilson's") {
  // Source: Newcombe, Statistics in Medicine 17 (1998) 857, table I: 15 of 148 is .0624 to .1605.
  const cx::result r = calls()(15, abandoned)(133, answered).read();
  CHECK(r.interval()->low == doctest::Approx(6.24).epsilon(1e-3));
  CHECK(r.interval()->high == doctest::Approx(16.05).epsilon(1e-3));
  CHECK(calls()(15, abandoned)(133, answered)
            .read(formula::named("offered"), cx::confidence(0.99))
            .interval()
            ->level == 0.99);
}

TEST_CASE("a result can be defended") {
  const cx::result r = calls()(7, answered)(2, abandoned)(1, timeout)(1, unfinished).read();
  CHECK(r.to_text() ==
        "Abandonment 20.0 %  95 % [5.7, 51.0]  n = 10: 2 abandoned, 7 answered, 1 other_exits; 1 pending");
  CHECK(r.formula() == "abandoned / offered");
}

}  // namespace abandonment_test
