// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/handle_time.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include <cxmetrics/engine/tally.hpp>

namespace handle_time_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;
using enum cx::outcome;

namespace {

template <cx::metric Metric>
class calls {
 public:
  calls& operator()(cx::duration time, cx::outcome how = answered) {
    tally_.add(std::int64_t{time.count()}, static_cast<std::uint8_t>(how));
    return *this;
  }
  calls& without_time(cx::outcome how = answered) {
    tally_.add(cx::absent<std::int64_t>::missing, static_cast<std::uint8_t>(how));
    return *this;
  }
  [[nodiscard]] cx::figure mean() const { return tally_.state().distribution.moments.mean_seconds(); }
  [[nodiscard]] cx::result read() const { return tally_.result(); }

 private:
  cx::tally<Metric> tally_;
};

}  // namespace

TEST_CASE("talk time is that of answered contacts; others are excluded, open ones pending") {
  calls<cx::talk_time> c;
  c(60s)(120s)(0s)(5s, abandoned)(7s, unfinished);
  CHECK(*c.mean() == 60.0);
  CHECK(c.read().ledger() == cx::ledger{.counted = 3, .excluded = 1, .pending = 1});
  CHECK(c.read().title() == "Talk time of answered, median");
}

TEST_CASE("an answered contact without a time is missing, not 0") {
  calls<cx::talk_time> c;
  c(60s).without_time();
  CHECK(*c.mean() == 60.0);
  CHECK(c.read().ledger() == cx::ledger{.counted = 1, .missing = 1});
}

TEST_CASE("hold time is over all that were answered, or over those that were held") {
  // Source: Amazon Connect has both: average customer hold time, and the same over all contacts.
  calls<cx::hold_time_of_answered> all;
  calls<cx::hold_time> held;
  for (const cx::duration hold : {0s, 0s, 30s, 90s}) {
    all(hold);
    held(hold);
  }
  CHECK(*all.mean() == 30.0);
  CHECK(*held.mean() == 60.0);
  CHECK(held.read().ledger() == cx::ledger{.counted = 2, .excluded = 2});
  CHECK(held.read().counts() == std::vector<cx::named_count>{{"held", 2}});
}

TEST_CASE("nothing answered has no figure") {
  CHECK(calls<cx::handle_time>().read().value() == std::nullopt);
  CHECK(calls<cx::handle_time>()(5s, abandoned).read().value() == std::nullopt);
  CHECK(calls<cx::hold_time>()(0s).read().value() == std::nullopt);
}

TEST_CASE("times and outcomes that do not exist are invalid") {
  calls<cx::handle_time> c;
  CHECK_THROWS_WITH_AS(c(-1us), "row 0: handle of -1 us is outside 0 to 2^46 us (2.2 years)",
                       cx::column_error);
  CHECK_THROWS_WITH_AS(c(1s, static_cast<cx::outcome>(14)), "row 0: outcome 14 does not exist",
                       cx::column_error);
}

}  // namespace handle_time_test
