// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/wait_time.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include <cxmetrics/engine/tally.hpp>

namespace wait_time_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;
using enum cx::outcome;

namespace {

cx::tally<cx::wait_time> waits_of(cx::wait_population of) { return cx::tally<cx::wait_time>({of}); }

void add(cx::tally<cx::wait_time>& t, cx::duration wait, cx::outcome how) {
  t.add(std::int64_t{wait.count()}, static_cast<std::uint8_t>(how));
}

}  // namespace

TEST_CASE("the figure is the median, within one part in 128") {
  auto t = waits_of(cx::wait_population::answered);
  for (const auto wait : {5s, 10s, 20s, 40s, 80s}) add(t, wait, answered);
  CHECK(std::abs(*t.result().value() - 20.0) <= 20.0 / 128);
  CHECK(t.result().unit() == "s");
}

TEST_CASE("the published average waits come out") {
  // Source: Wazo call-logd, test_queue_stats.py: waits 20, 5 and 3 average 9 in its integer field, exactly 9
  // 1/3.
  auto t = waits_of(cx::wait_population::answered);
  for (const auto wait : {20s, 5s, 3s}) add(t, wait, answered);
  CHECK(*t.state().distribution.moments.mean_seconds() == doctest::Approx(28.0 / 3).epsilon(1e-15));
}

TEST_CASE("each population has its own waits; the others are excluded") {
  for (const auto& [of, n, longest] : {std::tuple{cx::wait_population::answered, 2u, cx::duration(20s)},
                                       {cx::wait_population::abandoned, 1u, 30s},
                                       {cx::wait_population::all, 4u, 90s}}) {
    auto t = waits_of(of);
    add(t, 10s, answered);
    add(t, 20s, answered);
    add(t, 30s, abandoned);
    add(t, 90s, timeout);
    CHECK(t.ledger().counted == n);
    CHECK(t.ledger().excluded == 4 - n);
    CHECK(t.state().distribution.longest == longest);
  }
}

TEST_CASE("contacts that still wait are pending in every population, and in no distribution") {
  for (const auto of :
       {cx::wait_population::answered, cx::wait_population::abandoned, cx::wait_population::all}) {
    auto t = waits_of(of);
    add(t, 500s, unfinished);
    CHECK(t.ledger() == cx::ledger{.pending = 1});
    CHECK(t.result().value() == std::nullopt);
  }
}

TEST_CASE("the longest of all is also that of who still waits, and survives merging and bytes") {
  // Source: Amazon Connect, maximum queued time: over all contacts put in queue.
  auto all = waits_of(cx::wait_population::all), more = all;
  CHECK(!all.metric().longest(all.state()));
  add(all, 90s, answered);
  add(more, 500s, unfinished);
  add(more, 20s, unfinished);
  all.merge(more);
  CHECK(all.metric().longest(all.state()) == cx::duration(500s));
  REQUIRE(all.result().notes().size() == 1);  // it is not observed
  CHECK(all.result().notes()[0].starts_with("the longest wait is of a contact without an end"));
  CHECK(cx::tally<cx::wait_time>::decode(all.encode()) == all);
  add(all, 501s, abandoned);
  CHECK(all.result().notes().empty());
  auto answered_only = waits_of(cx::wait_population::answered);
  add(answered_only, 90s, answered);
  add(answered_only, 500s, unfinished);
  CHECK(answered_only.metric().longest(answered_only.state()) == cx::duration(90s));
  CHECK(answered_only.result().notes().empty());
}

TEST_CASE("no contacts have no wait: not 0 seconds") {
  const cx::result r = waits_of(cx::wait_population::all).result();
  CHECK(r.value() == std::nullopt);
  CHECK_FALSE(r.interval().has_value());
  auto t = waits_of(cx::wait_population::answered);
  add(t, 0s, answered);
  CHECK(t.result().value() == cx::figure(0.0));
}

TEST_CASE("waits of no length or of more than 2.2 years are invalid") {
  auto t = waits_of(cx::wait_population::all);
  add(t, cx::max_duration, answered);
  CHECK_THROWS_WITH_AS(add(t, -1us, answered), "row 0: wait of -1 us is outside 0 to 2^46 us (2.2 years)",
                       cx::column_error);
  CHECK_THROWS_AS(add(t, cx::max_duration + 1us, answered), cx::column_error);
  CHECK_THROWS_WITH_AS(t.add(std::int64_t{5}, std::uint8_t{14}), "row 0: outcome 14 does not exist",
                       cx::column_error);
  CHECK(t.ledger() == cx::ledger{.counted = 1});
}

TEST_CASE("a bare no counts among all") {
  auto t = waits_of(cx::wait_population::all);
  add(t, 5s, unanswered);
  CHECK(t.ledger().counted == 1);
}

TEST_CASE("the interval comes from order statistics, and needs six waits at 95 %") {
  auto t = waits_of(cx::wait_population::answered);
  for (int i = 1; i <= 5; ++i) add(t, cx::duration(i), answered);
  CHECK_FALSE(t.result().interval().has_value());
  add(t, 6us, answered);
  const auto interval = t.result().interval();
  REQUIRE(interval.has_value());
  CHECK(interval->low == 1e-6);  // ranks 1 and 6: see tests/unit/state/intervals_test.cpp
  CHECK(interval->high == 6e-6);
  CHECK(interval->method == "order_statistics");
  CHECK(t.result(cx::confidence(0.8)).interval()->level == 0.8);
}

TEST_CASE("bytes that name no population are refused") {
  std::string bytes = waits_of(cx::wait_population::all).encode();
  CHECK(cx::tally<cx::wait_time>::decode(bytes).metric().of == cx::wait_population::all);
  const std::size_t at =
      8 + 9 + 8 + 8 + 9 + 8;  // behind the header: "cxmetrics", codec, "wait_time", version
  REQUIRE(bytes[at] == 2);
  bytes[at] = 3;
  CHECK_THROWS_AS(static_cast<void>(cx::tally<cx::wait_time>::decode(bytes)), cx::state_error);
}

TEST_CASE("a result can be defended") {
  auto t = waits_of(cx::wait_population::abandoned);
  add(t, 64us, abandoned);
  add(t, 5s, answered);
  add(t, 5s, unfinished);
  const cx::result r = t.result();
  CHECK(r.to_text() == "Wait of abandoned, median 0.0 s  n = 1: 1 abandoned; 1 excluded, 1 pending");
  CHECK(r.formula() == "the wait that half of the abandoned contacts did not exceed");
  CHECK(waits_of(cx::wait_population::all).result().formula() ==
        "the wait that half of all contacts did not exceed");
  CHECK(*r.value() == 64e-6);
}

}  // namespace wait_time_test
