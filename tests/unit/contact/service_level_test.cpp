// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/service_level.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <cxmetrics/engine/tally.hpp>

namespace service_level_test {

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
  [[nodiscard]] cx::result read(const formula& f = formula::named("offered"), cx::confidence c = {}) const {
    return tally_.result(f, c);
  }

 private:
  cx::tally<cx::service_level> tally_;
};

calls within(cx::duration threshold) { return calls({.within = threshold}); }

}  // namespace

TEST_CASE("a plain row has the code that it has anyway") {
  std::size_t plain = 0;
  for (const cx::service_level& metric :
       {cx::service_level{}, cx::service_level{.comparison = cx::threshold_comparison::below},
        cx::service_level{.short_abandon = 5s}, cx::service_level{.short_answer = 5s},
        cx::service_level{.attribution = cx::level_attribution::event}})
    for (const std::int64_t wait :
         {cx::absent<std::int64_t>::missing, cx::absent<std::int64_t>::excluded, std::int64_t{-1},
          std::int64_t{0}, std::int64_t{19'999'999}, std::int64_t{20'000'000}, std::int64_t{20'000'001},
          std::int64_t{cx::max_duration.count()}, std::int64_t{cx::max_duration.count()} + 1})
      for (unsigned how = 0; how < 256; ++how) {
        const auto outcome = static_cast<std::uint8_t>(how);
        if (!metric.is_plain(wait, outcome)) continue;
        CHECK(metric.plain_code(wait, outcome) == metric.code(wait, outcome));
        ++plain;
      }
  CHECK(plain == 4 * 5 * cx::outcome_codes);
}

TEST_CASE("a published hour comes out by the three formulas for abandons") {
  // Source: Cisco UCCE guide to the CTI server, p. 117: 70 answered and 10 abandoned within the threshold, 20
  // beyond it, 100 service-level events: 77.78, 70 and 80 %.
  const calls c = within(20s)(10s, answered, 70)(10s, abandoned, 10)(40s, answered, 20);
  CHECK(*c.read(formula::named("abandons_ignored")).value() == doctest::Approx(77.78).epsilon(1e-4));
  CHECK(*c.read(formula::named("abandons_negative")).value() == 70.0);
  CHECK(*c.read(formula::named("abandons_positive")).value() == 80.0);
  CHECK(*c.read().value() == 70.0);
  CHECK(c.read(formula::named("abandons_ignored")).n() == 90);
  CHECK(c.read(formula::named("abandons_positive")).count("above") == 80);
}

TEST_CASE("a published day comes out by the formula that ignores abandons") {
  // Source: Cisco CUIC 9.0.1, p. 226: 50 answered within 30 s, 80 later, abandons ignored: 38 %.
  const cx::result r = within(30s)(29s, answered, 50)(31s, answered, 80)(9s, abandoned, 25)
                           .read(formula::named("abandons_ignored"));
  CHECK(*r.value() == doctest::Approx(38.4615384615).epsilon(1e-11));
  CHECK(r.n() == 130);
  CHECK(r.ledger().excluded == 25);
}

TEST_CASE("the published quality of service comes out") {
  // Source: Wazo call-logd, test_queue_stats.py: answered after 20, 5 and 3 s, threshold 10: 66.67.
  const cx::result r =
      within(10s)(20s, answered)(5s, answered)(3s, answered).read(formula::named("wazo_qos"));
  CHECK(*r.value() == doctest::Approx(66.67).epsilon(1e-4));
}

TEST_CASE("each formula has its own numerator and denominator") {
  // One contact of each way out within the threshold and ten beyond; docs/metrics/service_level.md has the
  // sources of what each system divides.
  calls c = within(20s);
  for (const cx::outcome how :
       {answered, abandoned, timeout, left_empty, exit_key, withdrawn, refused_full, refused_closed,
        callback_requested, transferred_blind, transferred_attended, system_failure, unfinished})
    c(5s, how)(50s, how, 10);
  const auto figure = [&c](const formula& f) {
    const cx::result r = c.read(f);
    CHECK(r.rows() == 143);
    CHECK(r.ledger().pending == 1);
    return std::pair(r.count("above").value_or(*r.count("answered_within")), r.n());
  };
  using count = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(figure(formula::named("offered")) == count(1, 12 * 11 + 10));
  CHECK(figure(formula::named("answered_only")) == count(1, 11));
  CHECK(figure(formula::named("abandons_ignored")) == count(1, 11 + 10 + 9 * 10 + 10));
  CHECK(figure(formula::named("abandons_negative")) == count(1, 2 * 11 + 9 * 10 + 10));
  CHECK(figure(formula::named("abandons_positive")) == count(2, 2 * 11 + 9 * 10 + 10));
  CHECK(figure(formula::named("genesys")) == count(1, 3 * 11));  // the system hung up on one of them
  CHECK(figure(cx::genesys({.include_flow_outs = true})) == count(1, 10 * 11));
  CHECK(figure(cx::genesys({.include_abandons = false})) == count(1, 11));
  CHECK(figure(cx::genesys({.include_flow_outs = true, .include_abandons = false})) == count(1, 8 * 11));
  CHECK(figure(formula::named("amazon")) == count(3, 10 * 11 + 10));
  CHECK(figure(formula::named("avaya_split")) == count(1, 9 * 11));
  CHECK(figure(formula::named("avaya_vdn")) == count(1, 11 * 11));
  CHECK(figure(formula::named("asterisk_sl1")) == count(1, 11));
  CHECK(figure(formula::named("asterisk_sl2")) == count(6, 6 * 11));
  CHECK(figure(formula::named("wazo_qos")) == count(1, 11));
}

TEST_CASE("Genesys counts short abandons by its switch, and the other formulas never") {
  const calls c =
      calls({.within = 20s, .short_abandon = 5s})(10s, answered, 6)(3s, abandoned)(9s, abandoned, 3);
  CHECK(c.read(formula::named("genesys")).n() == 9);
  CHECK(c.read(cx::genesys({.include_short_abandons = true})).n() == 10);
  CHECK(c.read(cx::genesys({.include_short_abandons = true, .include_abandons = false})).n() == 6);
  for (const formula& f : cx::service_level_formulas)
    if (f.only_within.count() == 0) CHECK(c.read(f).ledger().excluded >= 1);
  const cx::result r = c.read(cx::genesys({.include_short_abandons = true}));
  CHECK(r.ledger() == cx::ledger{.counted = 10});
  CHECK(r.parameters()[4] == cx::named_text{"include_short_abandons", "yes"});
}

TEST_CASE("a law's formula is about the law's threshold") {
  // Source: Law 10/2025 of Spain: 95 % of the calls answered within 180 s.
  CHECK_THROWS_WITH_AS(static_cast<void>(within(20s)(5s, answered).read(formula::named("es_law_10_2025"))),
                       "formula=\"es_law_10_2025\" is about 3min, not 20s: use within=\"3min\"",
                       cx::unit_error);
  const cx::result r =
      within(180s)(180s, answered, 19)(181s, abandoned).read(formula::named("es_law_10_2025"));
  CHECK(*r.value() == 95.0);
  CHECK(r.notes().size() == 1);
}

TEST_CASE("a yes or no of answers serves only where nobody asks how the others left") {
  const calls c = within(180s)(5s, answered)(5s, unanswered);
  for (const formula& f : cx::service_level_formulas) {
    INFO(f.name);
    if (f.needs_outcomes())
      CHECK_THROWS_AS(static_cast<void>(c.read(f)), cx::column_error);
    else
      CHECK(c.read(f).value().has_value());
  }
  CHECK_THROWS_WITH_AS(
      static_cast<void>(c.read(formula::named("amazon"))),
      "formula=\"amazon\" tells abandoned contacts from others that were not answered: it needs a column of "
      "outcomes, a yes or no is not enough",
      cx::column_error);
  calls brief({.within = 20s, .short_abandon = 5s});
  CHECK_THROWS_WITH_AS(
      brief(5s, unanswered),
      "row 0: not answered is not abandoned: short_abandon= needs a column of outcomes, a yes "
      "or no is not enough",
      cx::column_error);
}

TEST_CASE("the threshold itself is within by <=, and beyond by <") {
  const auto level = [](cx::threshold_comparison how) {
    return *calls({.within = 20s, .comparison = how})(20s - 1us, answered)(20s, answered).read().value();
  };
  CHECK(level(cx::threshold_comparison::at_most) == 100.0);
  CHECK(level(cx::threshold_comparison::below) == 50.0);
}

TEST_CASE("contacts that were answered and over at once are left out and counted") {
  const cx::service_level m{.within = 20s, .short_answer = 5s};
  cx::tally<cx::service_level> t(m);
  for (const cx::duration talk : {5s, 6s, 60s}) t.add(std::int64_t{1'000'000}, m.outcome_of(answered, talk));
  t.add(std::int64_t{1'000'000}, m.outcome_of(answered, std::nullopt));  // still talking
  t.add(std::int64_t{1'000'000}, m.outcome_of(abandoned, 0s));
  CHECK(t.result().ledger() == cx::ledger{.counted = 4, .excluded = 1});
  CHECK(t.result().count("short_answers") == 1);
  CHECK(cx::service_level().outcome_of(answered, 0s) == static_cast<std::uint8_t>(answered));
  cx::tally<cx::service_level> without({.within = 20s});
  CHECK_THROWS_AS(without.add(std::int64_t{1}, m.outcome_of(answered, 0s)), cx::column_error);
}

TEST_CASE(
    "a contact belongs to its arrival, to what becomes of it, or to the first of that and the threshold") {
  const cx::instant entered(1h);
  const auto at = [&](cx::level_attribution how, cx::duration wait) {
    return cx::service_level{.within = 20s, .attribution = how}.belongs_to(entered, wait) - entered;
  };
  CHECK(at(cx::level_attribution::arrival, 30s) == 0s);
  CHECK(at(cx::level_attribution::event, 30s) == 30s);
  CHECK(at(cx::level_attribution::service_level_event, 15s) == 15s);
  CHECK(at(cx::level_attribution::service_level_event, 30s) == 20s);
}

TEST_CASE("by event, offered counts where contacts arrive and answered where it happens") {
  // Source: Genesys Cloud's example: in at 7:28, answered at 7:32: offered in 7:00 to 7:30, answered in 7:30
  // to 8:00, so that the rows do not add up.
  const cx::service_level m{.within = 300s, .attribution = cx::level_attribution::event};
  cx::tally<cx::service_level> seven(m), half_past(m);
  const auto arrived = [](cx::outcome how) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(how) +
                                     static_cast<unsigned>(cx::standing::arrived));
  };
  seven.add(std::int64_t{240'000'000}, arrived(answered));
  half_past.add(std::int64_t{240'000'000}, static_cast<std::uint8_t>(answered));
  CHECK(*seven.result().value() == 0.0);
  CHECK(seven.result().n() == 1);
  CHECK(half_past.result().value() == std::nullopt);  // nothing was offered there
  CHECK(*half_past.result(formula::named("genesys")).value() == 100.0);
  CHECK(*(seven + half_past).result().value() == 100.0);

  half_past.add(std::int64_t{1}, arrived(answered));
  half_past.add(std::int64_t{1}, static_cast<std::uint8_t>(answered));
  const cx::result more = half_past.result();  // two answered, one arrived
  CHECK(*more.value() == 200.0);
  CHECK_FALSE(more.interval().has_value());
  CHECK(more.notes().size() == 2);
  cx::tally<cx::service_level> arrival({.within = 300s});
  CHECK_THROWS_AS(arrival.add(std::int64_t{0}, arrived(answered)), cx::column_error);
  CHECK_THROWS_AS(seven.add(std::int64_t{0}, std::uint8_t{250}), cx::column_error);
}

TEST_CASE("what makes the difference between two formulas is listed with its counts") {
  cx::tally<cx::service_level> t({.within = 20s});
  const auto add = [&t](cx::duration wait, cx::outcome how) {
    t.add(std::int64_t{wait.count()}, static_cast<std::uint8_t>(how));
  };
  add(10s, answered);
  add(10s, abandoned);
  add(30s, abandoned);
  add(30s, timeout);
  add(30s, unfinished);
  const auto from_offered = [&](const formula& f) { return cx::differences(t.state(), f); };
  CHECK(from_offered(formula::named("offered")).empty());
  CHECK(from_offered(formula::named("answered_only")) ==
        std::vector<cx::level_difference>{
            {"abandoned", 2, 0, -1}, {"timeout", 1, 0, -1}, {"waiting_beyond", 1, 0, -1}});
  CHECK(from_offered(formula::named("abandons_ignored")) ==
        std::vector<cx::level_difference>{{"abandoned_within", 1, 0, -1}});
  CHECK(from_offered(formula::named("abandons_positive")) ==
        std::vector<cx::level_difference>{{"abandoned_within", 1, 1, 0}});
  CHECK(cx::differences(t.state(), formula::named("offered"), formula::named("abandons_positive")) ==
        std::vector<cx::level_difference>{{"abandoned_within", 1, -1, 0}});
}

TEST_CASE("the differences account for every figure, in every world") {
  std::mt19937_64 random(3);
  for (int world = 0; world < 100; ++world) {
    cx::tally<cx::service_level> t({.within = 180s, .short_abandon = 5s});
    for (int i = 0; i < 60; ++i)
      t.add(static_cast<std::int64_t>(random() % 400'000'000), static_cast<std::uint8_t>(random() % 13));
    const cx::result offered = t.result();
    for (const formula& f : cx::service_level_formulas) {
      INFO(f.name);
      const cx::result r = t.result(f);
      auto above = static_cast<std::int64_t>(*offered.count("answered_within"));
      auto below = static_cast<std::int64_t>(offered.n());
      for (const cx::level_difference& d : cx::differences(t.state(), f)) {
        REQUIRE(d.count > 0);
        above += d.above * static_cast<std::int64_t>(d.count);
        below += d.below * static_cast<std::int64_t>(d.count);
      }
      REQUIRE(below == static_cast<std::int64_t>(r.n()));
      REQUIRE(above == static_cast<std::int64_t>(r.count("above").value_or(*r.count("answered_within"))));
      REQUIRE(f.below.includes(f.above));
      REQUIRE(r.rows() == 60);
    }
  }
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
  // and the abandoned of the same steps: 1, 0, 1, 0, 0 and one beyond the last
  std::uint64_t before = 0;
  std::vector<std::uint64_t> steps;
  for (const cx::duration edge : {5s, 10s, 15s, 20s, 30s, 3600s}) {
    const cx::result r = within(edge - 1us)(2s, abandoned)(14s, abandoned)(30s, abandoned).read();
    steps.push_back(*r.count("abandoned_within") - before);
    before = *r.count("abandoned_within");
  }
  CHECK(steps == std::vector<std::uint64_t>{1, 0, 1, 0, 0, 1});
}

TEST_CASE("a published share of answers is a formula of one's own, and comes out") {
  // Source: Wazo call-logd, test_queue_stats.py: answered 2, abandoned 3, closed 1, joinempty 3, leaveempty
  // 4, timeout 5, diverted 6 and 7, full 8: answered rate 8.0, blocked 7, saturated 21. Its documentation
  // divides by all that were received while the queue was open, its code by those that were not diverted
  // either. Whoever found nobody (joinempty) or was diverted before waiting has no outcome of that name here:
  // the first stands as left_empty, the second as transferred_blind.
  using in = cx::service_level_classes;
  const formula answer_rate{"answer_rate", in::within({answered}),
                            in::both({answered, abandoned, left_empty, timeout, refused_full}), "answered",
                            "received, open and not diverted"};
  const calls hour = within(1h)(5s, answered, 2)(9s, abandoned, 3)(0s, refused_closed, 1)(0s, left_empty, 3)(
      9s, left_empty, 4)(60s, timeout, 5)(0s, transferred_blind, 6 + 7)(0s, refused_full, 8);
  const cx::result r = hour.read(answer_rate);
  CHECK(*r.value() == 8.0);
  CHECK(r.n() == 25);
  const auto of = [&](std::initializer_list<cx::outcome> some) {
    return hour.read({"some", in::both(some), in::both(some)}).n();
  };
  CHECK(of({left_empty}) == 7);                        // blocked
  CHECK(of({transferred_blind, refused_full}) == 21);  // saturated
  CHECK(!within(1h).read(answer_rate).value());        // an empty hour gives null
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
    CHECK(*c.read(formula::named("answered_only")).value() == 100.0);
    CHECK(c.read(formula::named("answered_only")).ledger() == cx::ledger{.counted = 1, .excluded = 2});
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
  const cx::result answered_only = c.read(formula::named("answered_only"));
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
  CHECK(r.count("abandoned_within") == 2);
  CHECK(*measure(0s).value() == 25.0);
  CHECK(measure(std::nullopt).count("short_abandons") == std::nullopt);
}

TEST_CASE("nothing below the line is no figure: neither 0 nor 100") {
  CHECK(within(20s).read().value() == std::nullopt);
  CHECK(within(20s)(5s, unfinished).read().value() == std::nullopt);
  CHECK(within(20s)(5s, abandoned).read(formula::named("answered_only")).value() == std::nullopt);
  CHECK_FALSE(within(20s)(5s, abandoned).read(formula::named("answered_only")).interval().has_value());
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
    for (formula f : cx::service_level_formulas) {
      f.only_within = {};  // a law's formula at any threshold
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

TEST_CASE("bytes with an impossible definition are refused") {
  const auto decoded = [](std::int64_t within_us, std::int64_t brief_us, std::uint64_t comparison = 0,
                          std::int64_t answer_us = -1, std::uint64_t attribution = 0,
                          std::uint64_t clock = 0) {
    cx::writer w;
    w.put_signed(within_us);
    w.put_signed(brief_us);
    w.put(comparison);
    w.put_signed(answer_us);
    w.put(attribution);
    w.put(clock);
    const std::string bytes = std::move(w).take();
    cx::reader r(bytes);
    return cx::service_level::decode(r);
  };
  CHECK(decoded(20'000'000, -1) == cx::service_level{.within = 20s});
  CHECK(decoded(20'000'000, 0) == cx::service_level{.within = 20s, .short_abandon = 0us});
  CHECK(decoded(20'000'000, -1, 1, 2'000'000, 2) ==
        cx::service_level{.within = 20s,
                          .comparison = cx::threshold_comparison::below,
                          .short_answer = 2s,
                          .attribution = cx::level_attribution::service_level_event});
  CHECK_THROWS_AS(decoded(0, -1), cx::state_error);
  CHECK_THROWS_AS(decoded(-1, -1), cx::state_error);
  CHECK_THROWS_AS(decoded(1, -2), cx::state_error);
  CHECK_THROWS_AS(decoded(cx::max_duration.count() + 1, -1), cx::state_error);
  CHECK_THROWS_AS(decoded(1, cx::max_duration.count() + 1), cx::state_error);
  CHECK_THROWS_AS(decoded(1, -1, 2), cx::state_error);
  CHECK_THROWS_AS(decoded(1, -1, 0, -2), cx::state_error);
  CHECK_THROWS_AS(decoded(1, -1, 0, -1, 3), cx::state_error);
  CHECK(decoded(20'000'000, -1, 0, -1, 0, 1) ==
        cx::service_level{.within = 20s, .clock = cx::contact_clock::contact});
  CHECK_THROWS_AS(decoded(1, -1, 0, -1, 0, 2), cx::state_error);
}

TEST_CASE("a result can be defended") {
  const cx::result r = calls({.within = 20s, .short_abandon = 5s})(10s, answered, 6)(30s, answered, 2)(
                           3s, abandoned)(30s, abandoned)(9s, timeout)(10s, unfinished)
                           .read();
  CHECK(r.to_text() ==
        "Service level 20s (offered) 60.0 %  95 % [31.3, 83.2]  n = 10: 6 answered_within, 8 answered, 2 "
        "abandoned, "
        "1 abandoned_within, 1 other_exits, 0 waiting_beyond, 1 short_abandons; 1 excluded, 1 pending");
  CHECK(r.formula() == "answered within 20s / offered without abandons within 5s");
  CHECK(r.parameters() == std::vector<cx::named_text>{{"within", "20s"},
                                                      {"comparison", "<="},
                                                      {"formula", "offered"},
                                                      {"short_abandon", "5s"},
                                                      {"attribution", "arrival"},
                                                      {"clock", "leg"}});
  CHECK(r.interval()->method == "wilson");
  CHECK(r.source() ==
        "Koole, Call Center Optimization (2013), section 2.3; interval: Wilson, JASA 22 (1927) 209");
  CHECK(within(20s)(10s, answered).read(formula::named("asterisk_sl1")).source() ==
        "Asterisk, apps/app_queue.c; interval: Wilson, JASA 22 (1927) 209");
}

TEST_CASE(
    "contacts as rows: by event up to two each, by any other attribution one, which belongs where it says") {
  const auto code = [](cx::outcome o) { return static_cast<std::uint8_t>(o); };
  constexpr std::int64_t second = 1'000'000, none = cx::absent<std::int64_t>::missing;
  const std::vector<std::int64_t> wait{5 * second, 30 * second, 20 * second, 21 * second, none},
      entered{0, 100 * second, 200 * second, none, 400 * second};
  const std::vector<std::uint8_t> how{code(cx::outcome::answered), code(cx::outcome::abandoned),
                                      code(cx::outcome::unfinished), code(cx::outcome::unfinished),
                                      code(cx::outcome::answered)};
  cx::service_level level{.within = 20s, .attribution = cx::level_attribution::event};
  const cx::level_rows twice = cx::rows_of(level, wait, how, entered);
  CHECK(twice.contact == std::vector<std::int64_t>{0, 1, 2, 3, 4, 0, 1, 3});
  CHECK(twice.wait ==
        std::vector<std::int64_t>{wait[0], wait[1], wait[2], wait[3], none, wait[0], wait[1], wait[3]});
  constexpr auto arrived = static_cast<std::uint8_t>(cx::standing::arrived);
  const auto came = [&](cx::outcome o) { return static_cast<std::uint8_t>(code(o) | arrived); };
  CHECK(twice.outcome == std::vector<std::uint8_t>{came(cx::outcome::answered), came(cx::outcome::abandoned),
                                                   came(cx::outcome::unfinished),
                                                   came(cx::outcome::unfinished), code(cx::outcome::answered),
                                                   how[0], how[1], how[3]});
  CHECK(twice.at == std::vector<std::int64_t>{0, 100 * second, 200 * second, none, 400 * second, 5 * second,
                                              130 * second, none});
  level.comparison = cx::threshold_comparison::below;  // who has waited 20 s is late then
  CHECK(cx::rows_of(level, wait, how).contact == std::vector<std::int64_t>{0, 1, 2, 3, 4, 0, 1, 2, 3});
  CHECK(cx::rows_of(level, wait, how).at.empty());
  level.attribution = cx::level_attribution::service_level_event;
  const cx::level_rows once = cx::rows_of(level, wait, how, entered);
  CHECK(once.outcome == how);
  CHECK(once.at == std::vector<std::int64_t>{5 * second, 120 * second, 220 * second, none, 400 * second});
  CHECK_THROWS_AS((void)cx::rows_of(level, wait, std::vector<std::uint8_t>{0}), cx::column_error);
}

}  // namespace service_level_test
