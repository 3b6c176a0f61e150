// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/first_contact_resolution.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/engine/tally.hpp>

#include "repeat_worlds.hpp"

namespace {

using namespace cxmetrics;
using namespace repeat_worlds;
using namespace std::chrono_literals;

static_assert(coded<first_contact_resolution>);

using tally_of_repeats = tally<first_contact_resolution>;

tally_of_repeats of_classes(const first_contact_resolution& metric,
                            const std::vector<std::uint8_t>& classes) {
  tally_of_repeats t(metric);
  t.update({classes}, on_invalid::count);
  return t;
}
instant at(std::int64_t us) { return instant(duration(us)); }

}  // namespace

TEST_CASE("the value is the share without a repeat of matured contacts, and every other row has its place") {
  const tally_of_repeats t = of_classes({}, {0, 0, 1, 2, 3, 4, 4, 5, 255, 255, 255, 254, 253});
  const result r = t.result(at(1'792'800'000'000'000));
  CHECK(r.value().value() == 100.0 * 3 / 5);
  CHECK(r.n() == 5);
  CHECK(r.ledger() == ledger{.counted = 5, .excluded = 1, .invalid = 1, .missing = 3, .pending = 3});
  CHECK(r.rows() == 13);
  CHECK(r.count("resolved") == 3);
  CHECK(r.count("repeat") == 2);
  CHECK(r.count("pending") == 2);
  CHECK(r.count("open") == 1);
  CHECK(r.count("overlapping") == 2);
  CHECK(r.count("unknown") == 3);
}

TEST_CASE("the result says what was computed and as of when") {
  const result r =
      of_classes({.window = 24h, .clock = repeat_clock::entered}, {0}).result(at(1'792'800'000'000'000));
  CHECK(r.metric() == "first_contact_resolution");
  CHECK(r.title() == "First-contact resolution within 1d");
  CHECK(r.formula() ==
        "matured contacts without another contact of the same customer within 1d after the entry / matured "
        "contacts");
  CHECK(r.parameters() == std::vector<named_text>{{"window", "1d"},
                                                  {"clock", "entered"},
                                                  {"rule", "rolling"},
                                                  {"until", "2026-10-24T00:00:00Z", true}});
  CHECK(of_classes({}, {0}).result().parameters().size() == 3);
  CHECK(of_classes({}, {0}).result().formula() ==
        "matured contacts without another contact of the same customer within 7d after the end / matured "
        "contacts");
}

TEST_CASE("the interval is Wilson's, with a note that it takes contacts of one customer as independent") {
  // Wilson for 8 of 10 at 95 %: Brown, Cai and DasGupta (2001) formula, 0.490162 .. 0.943318
  const result r = of_classes({}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1}).result();
  REQUIRE(r.interval());
  CHECK(r.interval()->low == doctest::Approx(49.0162).epsilon(1e-5));
  CHECK(r.interval()->high == doctest::Approx(94.3318).epsilon(1e-5));
  REQUIRE(r.notes().size() == 1);
  CHECK(r.notes()[0].find("independent") != std::string::npos);
}

TEST_CASE("where no window is over there is no answer") {
  const result r = of_classes({}, {4, 4, 5, 255}).result();
  CHECK(!r.value());
  CHECK(!r.interval());
  CHECK(r.n() == 0);
  CHECK(r.notes() ==
        std::vector<std::string>{"the window of 7d is not over for any of 3 contacts: too early to tell"});
  CHECK(tally_of_repeats().result().notes().empty());
}

TEST_CASE("a label that is no followup is invalid and named") {
  tally_of_repeats t;
  CHECK_THROWS_WITH_AS(t.update({std::vector<std::uint8_t>{0, 6}}),
                       "row 1: followup 6 does not exist: it is one of 0 to 5, see cxmetrics::followup",
                       column_error);
  CHECK(t == tally_of_repeats());
}

TEST_CASE("window and clock stand in the bytes, and states of different ones do not merge") {
  const tally_of_repeats a = of_classes({.window = 10s}, {0, 1});
  CHECK(tally_of_repeats::decode(a.encode()) == a);
  for (const first_contact_resolution other :
       {first_contact_resolution{.window = 11s},
        first_contact_resolution{.window = 10s, .clock = repeat_clock::entered}}) {
    tally_of_repeats b = of_classes(other, {0, 1});
    CHECK(b.encode() != a.encode());
    CHECK_THROWS_AS(b.merge(a), state_error);
    CHECK(b == of_classes(other, {0, 1}));
  }
}

TEST_CASE("batch, stream and shards split by customer give the same bytes") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    const world w = any_world(random, false);
    const repeat_rule rule = any_rule(random);
    const first_contact_resolution metric{rule.window, rule.clock};
    const std::size_t rows = w.customer.size();
    if (rows == 0) continue;
    std::vector<std::uint8_t> classes(rows);
    const instant until =
        classify_repeats({w.customer, w.entered, w.ended}, rule, std::nullopt, classes).value();
    const std::string expected = of_classes(metric, classes).encode();
    CHECK(expected == of_classes(metric, brute_force(w, rule, until.time_since_epoch().count())).encode());

    // each row is told in the order of entries and belongs to one of five shards
    std::vector<std::size_t> order(rows);
    for (std::size_t i = 0; i < rows; ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return w.entered[a] < w.entered[b]; });
    constexpr std::uint64_t parts = 5;
    tally_of_repeats streamed(metric);
    std::vector<tally_of_repeats> shards(parts, tally_of_repeats(metric));
    const auto into = [](tally_of_repeats& t) {
      return [&t](const followed_contact& f) { t.add(static_cast<std::uint8_t>(f.after)); };
    };
    repeat_tracker whole(rule);
    std::vector<repeat_tracker> trackers;
    for (std::uint64_t part = 0; part < parts; ++part) trackers.emplace_back(rule, shard(parts, {part}));
    for (std::size_t i : order) {
      if (w.customer[i] == absent<std::int64_t>::missing) {
        streamed.add(reject::missing);
        shards[i % parts].add(reject::missing);
        continue;
      }
      customer_contact c{subject_of(w.customer[i]), at(w.entered[i]), i, std::nullopt};
      if (w.ended[i] != absent<std::int64_t>::missing) c.ended = at(w.ended[i]);
      const std::uint64_t part = shard::residue_of(c.customer, parts);
      whole.advance(c.entered, into(streamed));
      whole.add(c);
      if (pick(random, 0, 3) == 0) trackers[part].advance(c.entered, into(shards[part]));
      trackers[part].add(c);
    }
    whole.open(until, into(streamed));
    CHECK(streamed.encode() == expected);
    for (std::uint64_t part = 0; part < parts; ++part) trackers[part].open(until, into(shards[part]));
    std::shuffle(shards.begin(), shards.end(), random);
    tally_of_repeats merged(metric);
    for (const tally_of_repeats& s : shards) merged += s;
    CHECK(merged.encode() == expected);
  }
}
