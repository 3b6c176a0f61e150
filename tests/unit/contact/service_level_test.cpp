// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/service_level.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <cxmetrics/engine/tally.hpp>

namespace cx = cxmetrics;
using namespace std::chrono_literals;
using enum cx::outcome;
using formula = cx::service_level_formula;

namespace {

class calls {
 public:
  explicit calls(cx::service_level metric) : tally_(metric) {}
  calls& operator()(cx::duration wait, cx::outcome how, std::uint64_t count = 1) {
    for (; count > 0; --count) tally_.add(std::int64_t{wait.count()}, static_cast<std::uint8_t>(how));
    return *this;
  }
  [[nodiscard]] cx::result read(formula f = formula::offered, cx::confidence c = {}) const {
    return tally_.result(f, c);
  }

 private:
  cx::tally<cx::service_level> tally_;
};

calls within(cx::duration threshold) { return calls({.within = threshold}); }

}  // namespace

TEST_CASE("a published hour comes out by the formula that does not forgive abandons") {
  // Source: Cisco UCCE guide to the CTI server, p. 117: 70 answered and 10 abandoned within the threshold, 20
  // beyond it, 100 service-level events; its "negative" service level is 70 %.
  const cx::result r = within(20s)(10s, answered, 70)(10s, abandoned, 10)(40s, answered, 20).read();
  CHECK(*r.value() == 70.0);
  CHECK(r.n() == 100);
}

TEST_CASE("a published day comes out by the formula of the answered") {
  // Source: Cisco CUIC 9.0.1, p. 226: 50 answered within 30 s, 80 later, abandons ignored: 38 %.
  const cx::result r =
      within(30s)(29s, answered, 50)(31s, answered, 80)(99s, abandoned, 25).read(formula::answered_only);
  CHECK(*r.value() == doctest::Approx(38.4615384615).epsilon(1e-11));
  CHECK(r.n() == 130);
  CHECK(r.ledger().excluded == 25);
}

TEST_CASE("the published quality of service comes out") {
  // Source: Wazo call-logd, test_queue_stats.py: answered after 20, 5 and 3 s, threshold 10: 66.67.
  const cx::result r = within(10s)(20s, answered)(5s, answered)(3s, answered).read(formula::answered_only);
  CHECK(*r.value() == doctest::Approx(66.67).epsilon(1e-4));
}

TEST_CASE("the published steps of a threshold come out") {
  // Source: Wazo call-logd, test_queue_stats_qos.py: answered after 20, 5, 3, 10 and 15 s, abandoned after 2,
  // 14, 30 s. Its steps are [from, to): an answer at the edge stands in the step above, while a single figure
  // counts it as within.
  const auto answered_within = [](cx::duration t) {
    return *within(t)(20s, answered)(5s, answered)(3s, answered)(10s, answered)(15s, answered)(2s, abandoned)(
                14s, abandoned)(30s, abandoned)
                .read()
                .count("answered_within");
  };
  CHECK(answered_within(5s - 1us) == 1);
  CHECK(answered_within(10s - 1us) == 2);
  CHECK(answered_within(15s - 1us) == 3);
  CHECK(answered_within(20s - 1us) == 4);
  CHECK(answered_within(30s - 1us) == 5);
  CHECK(answered_within(5s) == 2);
  CHECK(answered_within(20s) == 5);
}

TEST_CASE("a wait equal to the threshold is within, a microsecond more is not") {
  CHECK(*within(20s)(20s, answered).read().value() == 100.0);
  CHECK(*within(20s)(20s + 1us, answered).read().value() == 0.0);
  CHECK(*within(1us)(0s, answered).read().value() == 100.0);
}

TEST_CASE("every way out that is no answer stands below the line of `offered`, and of no other") {
  for (const cx::outcome how :
       {abandoned, timeout, left_empty, exit_key, withdrawn, refused_full, refused_closed, callback_requested,
        transferred_blind, transferred_attended, system_failure, unanswered}) {
    INFO(cx::name_of(how));
    const calls c = within(20s)(10s, answered)(5s, how)(50s, how);
    CHECK(*c.read().value() == doctest::Approx(100.0 / 3).epsilon(1e-15));
    CHECK(*c.read(formula::answered_only).value() == 100.0);
    CHECK(c.read(formula::answered_only).ledger() == cx::ledger{.counted = 1, .excluded = 2});
  }
}

TEST_CASE("a contact that still waits is pending within the threshold, and a failure beyond it") {
  const calls c = within(20s)(10s, answered)(20s, unfinished)(20s + 1us, unfinished);
  const cx::result offered = c.read();
  CHECK(*offered.value() == 50.0);
  CHECK(offered.n() == 2);
  CHECK(offered.ledger().pending == 1);
  CHECK(offered.count("waiting_beyond") == 1);
  CHECK(offered.rows() == 3);
  const cx::result answered_only = c.read(formula::answered_only);
  CHECK(*answered_only.value() == 100.0);
  CHECK(answered_only.ledger() == cx::ledger{.counted = 1, .excluded = 1, .pending = 1});
}

TEST_CASE("short abandons are left out and counted, the limit included") {
  const auto measure = [](std::optional<cx::duration> brief) {
    return calls({.within = 20s, .short_abandon = brief})(10s, answered)(5s, abandoned)(5s + 1us, abandoned)(
               2s, timeout)
        .read();
  };
  CHECK(*measure(std::nullopt).value() == 25.0);
  const cx::result r = measure(5s);
  CHECK(*r.value() == doctest::Approx(100.0 / 3).epsilon(1e-15));  // a short time-out is no short abandon
  CHECK(r.ledger() == cx::ledger{.counted = 3, .excluded = 1});
  CHECK(r.count("short_abandons") == 1);
  CHECK(r.count("abandoned") == 2);
  CHECK(r.count("abandoned_within") == 1);
  CHECK(*measure(0s).value() == 25.0);
  CHECK(measure(std::nullopt).count("short_abandons") == std::nullopt);
}

TEST_CASE("nothing below the line is no figure: neither 0 nor 100") {
  CHECK(within(20s).read().value() == std::nullopt);
  CHECK(within(20s)(5s, unfinished).read().value() == std::nullopt);
  CHECK(within(20s)(5s, abandoned).read(formula::answered_only).value() == std::nullopt);
  CHECK_FALSE(within(20s)(5s, abandoned).read(formula::answered_only).interval().has_value());
  CHECK(*within(20s)(5s, abandoned).read().value() == 0.0);
}

TEST_CASE("with a set of decided contacts, no formula falls when the threshold rises") {
  std::mt19937_64 random(1);
  for (int world = 0; world < 50; ++world) {
    std::vector<std::pair<cx::duration, cx::outcome>> rows;
    for (int i = 0; i < 100; ++i)
      rows.emplace_back(std::chrono::milliseconds(random() % 120'000),
                        static_cast<cx::outcome>(random() % 12));
    rows.emplace_back(1s, answered);
    for (const formula f : {formula::offered, formula::answered_only}) {
      double last = 0;
      for (auto t = 1s; t <= 130s; t += 3s) {
        calls c = within(t);
        for (const auto& [wait, how] : rows) c(wait, how);
        const double value = *c.read(f).value();
        REQUIRE(value >= last);
        last = value;
      }
    }
  }
}

TEST_CASE("a short-abandon limit never lowers the figure") {
  std::mt19937_64 random(2);
  std::vector<std::pair<cx::duration, cx::outcome>> rows;
  for (int i = 0; i < 300; ++i)
    rows.emplace_back(std::chrono::milliseconds(random() % 60'000), static_cast<cx::outcome>(random() % 3));
  double last = 0;
  for (auto brief = 0s; brief <= 60s; brief += 2s) {
    calls c({.within = 20s, .short_abandon = brief});
    for (const auto& [wait, how] : rows) c(wait, how);
    REQUIRE(*c.read().value() >= last);
    last = *c.read().value();
  }
}

TEST_CASE("waits and outcomes that do not exist are invalid") {
  calls c = within(20s);
  CHECK_THROWS_WITH_AS(c(-1us, answered), "row 0: wait of -1 us is outside 0 to 2^46 us (2.2 years)",
                       cx::column_error);
  CHECK_THROWS_AS(c(cx::max_duration + 1us, abandoned), cx::column_error);
  CHECK_THROWS_WITH_AS(c(1s, static_cast<cx::outcome>(14)), "row 0: outcome 14 does not exist",
                       cx::column_error);
  CHECK(c(cx::max_duration, abandoned).read().rows() == 1);
}

TEST_CASE("impossible thresholds are refused with a remedy") {
  CHECK_NOTHROW(cx::validate({.within = 1us}));
  CHECK_NOTHROW(cx::validate({.within = cx::max_duration, .short_abandon = 0us}));
  CHECK_THROWS_WITH_AS(cx::validate({.within = 0us}),
                       "within=0s is no threshold: use one from 1us to 2.2 years, like \"20s\"",
                       cx::unit_error);
  CHECK_THROWS_AS(cx::validate({.within = -20s}), cx::unit_error);
  CHECK_THROWS_AS(cx::validate({.within = cx::max_duration + 1us}), cx::unit_error);
  CHECK_THROWS_AS(cx::validate({.within = 20s, .short_abandon = -1us}), cx::unit_error);
  CHECK_THROWS_AS(cx::validate({.within = 20s, .short_abandon = cx::max_duration + 1us}), cx::unit_error);
}

TEST_CASE("bytes with an impossible threshold are refused") {
  const auto decoded = [](std::int64_t within_us, std::int64_t brief_us) {
    cx::writer w;
    w.put_signed(within_us);
    w.put_signed(brief_us);
    const std::string bytes = std::move(w).take();
    cx::reader r(bytes);
    return cx::service_level::decode(r);
  };
  CHECK(decoded(20'000'000, -1) == cx::service_level{.within = 20s});
  CHECK(decoded(20'000'000, 0) == cx::service_level{.within = 20s, .short_abandon = 0us});
  CHECK_THROWS_AS(decoded(0, -1), cx::state_error);
  CHECK_THROWS_AS(decoded(-1, -1), cx::state_error);
  CHECK_THROWS_AS(decoded(1, -2), cx::state_error);
  CHECK_THROWS_AS(decoded(cx::max_duration.count() + 1, -1), cx::state_error);
  CHECK_THROWS_AS(decoded(1, cx::max_duration.count() + 1), cx::state_error);
}

TEST_CASE("a result can be defended") {
  const cx::result r = calls({.within = 20s, .short_abandon = 5s})(10s, answered, 6)(30s, answered, 2)(
                           3s, abandoned)(30s, abandoned)(9s, timeout)(10s, unfinished)
                           .read();
  CHECK(r.to_text() ==
        "Service level 20s 60.0 %  95 % [31.3, 83.2]  n = 10: 6 answered_within, 8 answered, 2 abandoned, "
        "0 abandoned_within, 1 other_exits, 0 waiting_beyond, 1 short_abandons; 1 excluded, 1 pending");
  CHECK(r.formula() == "answered within 20s / offered without abandons within 5s");
  CHECK(r.parameters() ==
        std::vector<cx::named_text>{
            {"within", "20s"}, {"comparison", "<="}, {"formula", "offered"}, {"short_abandon", "5s"}});
  CHECK(r.interval()->method == "wilson");
}
