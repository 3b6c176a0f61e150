// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/abandonment.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include <cxmetrics/engine/tally.hpp>

namespace cx = cxmetrics;
using enum cx::outcome;

namespace {

class calls {
 public:
  calls& operator()(std::uint64_t count, cx::outcome how) {
    for (; count > 0; --count) tally_.add(static_cast<std::uint8_t>(how));
    return *this;
  }
  [[nodiscard]] cx::result read(cx::confidence c = {}) const { return tally_.result(c); }

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
  CHECK(calls()(15, abandoned)(133, answered).read(cx::confidence(0.99)).interval()->level == 0.99);
}

TEST_CASE("a result can be defended") {
  const cx::result r = calls()(7, answered)(2, abandoned)(1, timeout)(1, unfinished).read();
  CHECK(r.to_text() ==
        "Abandonment 20.0 %  95 % [5.7, 51.0]  n = 10: 2 abandoned, 7 answered, 1 other_exits; 1 pending");
  CHECK(r.formula() == "abandoned / offered");
}
