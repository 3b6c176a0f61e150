// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/response_rate.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include <cxmetrics/engine/tally.hpp>

namespace response_rate_test {

namespace cx = cxmetrics;

namespace {

cx::tally<cx::response_rate> invitations(const std::vector<std::uint8_t>& answered) {
  cx::tally<cx::response_rate> t;
  t.update({answered});
  return t;
}

}  // namespace

TEST_CASE("the rate is answered over sent, with the interval of a share") {
  const cx::result r = invitations({1, 0, 0, 1, 0}).result();
  CHECK(*r.value() == 40.0);
  CHECK(r.interval() == cx::wilson({2, 5}, {}));
  CHECK(r.count("answered") == 2u);
  CHECK(r.count("not_answered") == 3u);
  CHECK(r.n() == 5);
  CHECK(invitations({1, 0}).result(cx::share_interval::jeffreys).interval()->method == "jeffreys");
}

TEST_CASE("the trap of an earlier send is said in a note, and nothing sent has no rate") {
  CHECK(invitations({1}).result().notes().front().find("an answer may belong to an earlier send") !=
        std::string::npos);
  const cx::result none = invitations({}).result();
  CHECK(none.value() == std::nullopt);
  CHECK_FALSE(none.interval().has_value());
  CHECK(none.notes().empty());
}

TEST_CASE("what is neither answered nor not is invalid, and named") {
  CHECK_THROWS_WITH_AS(invitations({1, 0, 2}), "row 2: answered is 2, and neither 0 nor 1", cx::column_error);
}

}  // namespace response_rate_test
