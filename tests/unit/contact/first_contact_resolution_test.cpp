// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/first_contact_resolution.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/engine/tally.hpp>

#include "repeat_worlds.hpp"

namespace first_contact_resolution_test {

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
repeat_reading as_of(std::int64_t us) { return {.known = {.until = at(us)}}; }
constexpr auto pending = static_cast<std::uint8_t>(followup::pending);
constexpr auto open = static_cast<std::uint8_t>(followup::open);

// The lower end of Wilson's interval at 95 % for a share p of n, which need not be a whole number.
double wilson(double n, double p) {
  const double z = 1.959963984540054, zz = z * z;
  return 100 * (p + zz / (2 * n) - z * std::sqrt(p * (1 - p) / n + zz / (4 * n * n))) / (1 + zz / n);
}

}  // namespace

TEST_CASE("the value is the share without a repeat of matured contacts, and every other row has its place") {
  const tally_of_repeats t = of_classes({}, {0, 0, 1, 2, 3, pending, pending, open, 255, 255, 255, 254, 253});
  const result r = t.result(as_of(1'792'800'000'000'000));
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
      of_classes({.window = 24h, .clock = repeat_clock::entered}, {0}).result(as_of(1'792'800'000'000'000));
  CHECK(r.metric() == "first_contact_resolution");
  CHECK(r.title() == "First-contact resolution within 1d");
  CHECK(r.formula() ==
        "matured contacts without another contact of the same customer within 1d after the entry / matured "
        "contacts");
  CHECK(r.parameters() == std::vector<named_text>{{"window", "1d"},
                                                  {"clock", "entered"},
                                                  {"rule", "rolling"},
                                                  {"reason", "none"},
                                                  {"first", "all"},
                                                  {"repeats", "all"},
                                                  {"transfer", "ignored"},
                                                  {"basis", "gross"},
                                                  {"until", "2026-10-24T00:00:00Z", true},
                                                  {"matured_to", "2026-10-23T00:00:00Z", true}});
  CHECK(of_classes({}, {0}).result().parameters().size() == 8);
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

TEST_CASE("rows that mostly overlap are noted: they may be events of a contact") {
  constexpr auto overlapped =
      static_cast<std::uint8_t>(matured{.repeated = true, .overlapped = true}.label());
  const auto notes = [](const std::vector<std::uint8_t>& classes) {
    return of_classes({}, classes).result().notes();
  };
  REQUIRE(notes({overlapped, 1}).size() == 2);  // an event and the next of one contact
  CHECK(notes({overlapped, 1})[1].starts_with("during 1 of 2 contacts another of the same customer came in"));
  CHECK(notes({overlapped, 1, 1}).size() == 1);
}

TEST_CASE("a transfer fails or is ignored, and net leaves out what cannot be resolved: all from one state") {
  // one each of the sixteen kinds of matured contacts, and one more resolved
  std::vector<std::uint8_t> classes{0};
  for (std::uint8_t label = 0; label < matured_count; ++label) classes.push_back(label);
  const tally_of_repeats t = of_classes({}, classes);
  const auto read = [&](bool fails, bool net) {
    return t.result(repeat_reading{.transfer_fails = fails, .net = net});
  };
  CHECK(read(false, false).value().value() == 100.0 * 9 / 17);
  CHECK(read(true, false).value().value() == 100.0 * 5 / 17);
  CHECK(read(true, false).count("transferred") == 4);
  CHECK(read(true, false).count("repeat") == 8);
  CHECK(read(false, true).value().value() == 100.0 * 5 / 9);
  CHECK(read(false, true).count("unresolvable") == 8);
  CHECK(read(false, true).ledger() == ledger{.counted = 9, .excluded = 8});
  CHECK(read(false, true).notes().back() ==
        "gross: 52.9 % of 17 contacts, with those that cannot be resolved at the first desk");
  CHECK(read(true, true).value().value() == 100.0 * 3 / 9);
  CHECK(
      read(true, true).formula() ==
      "matured contacts that can be resolved at the first desk without another contact of the same customer "
      "within 7d after the end and without a transfer / matured contacts that can be resolved at the first "
      "desk");
  CHECK(!read(false, false).count("transferred"));
}

TEST_CASE("SQM's example: 280 resolved of 400 are 70 %") {  // contacts.md, vector P3
  std::vector<std::uint8_t> classes(280, 0);
  classes.resize(400, 1);
  CHECK(of_classes({}, classes).result().value().value() == 70);
}

TEST_CASE("a rule that leaves contacts out counts them") {
  const first_contact_resolution metric{.order = repeat_order::chain,
                                        .reason = reason_match::exact,
                                        .first = {outcome::answered, outcome::abandoned}};
  const result r = of_classes(metric, {0, 18, 18, 19, 20, 20, 20, 255}).result();
  CHECK(r.count("chained") == 2);
  CHECK(r.count("ineligible") == 1);
  CHECK(r.count("without_reason") == 3);
  CHECK(r.count("unknown") == 1);
  CHECK(r.ledger() == ledger{.counted = 1, .excluded = 6, .missing = 1});
  CHECK(
      r.formula() ==
      "matured contacts without another contact of the same customer for the same reason within 7d after the "
      "end / matured contacts");
  CHECK(r.parameters()[4] == named_text{"first", "answered, abandoned"});
}

TEST_CASE(
    "what may be a repeat of a contact from before the data is shown, and noted where it may be no first") {
  const auto read = [](repeat_order order, std::uint64_t early) {
    return of_classes({.order = order}, {0, 1, 0})
        .result(repeat_reading{.known = {.since = at(0)}, .left_unknown = early});
  };
  CHECK(read(repeat_order::rolling, 2).count("left_unknown") == 2);
  CHECK(read(repeat_order::rolling, 2).n() == 3);
  CHECK(read(repeat_order::rolling, 2).notes().size() == 1);
  CHECK(read(repeat_order::chain, 2).notes().size() == 2);
  CHECK(read(repeat_order::chain, 0).notes().size() == 1);
  CHECK(!of_classes({}, {0}).result().count("left_unknown"));
}

TEST_CASE(
    "the clustered interval is Wilson's of as many contacts as the variance between customers is worth") {
  const auto read = [](std::vector<std::uint8_t> classes, customer_spread spread) {
    return of_classes({}, classes).result(repeat_reading{.spread = spread});
  };
  std::vector<std::uint8_t> half(50, 0);
  half.resize(100, 1);
  // 100 customers of one contact each: m / (m - 1) * 100 / 4 / 100^2, so 99 independent contacts
  const result alone = read(half, {.customers = 100, .good_good = 50, .good_all = 50, .all_all = 100});
  CHECK(alone.interval()->method == "clustered");
  CHECK(alone.interval()->low == doctest::Approx(wilson(99, 0.5)).epsilon(1e-9));
  // 10 customers of ten contacts each, all of one fate: worth 9
  const result together = read(half, {.customers = 10, .good_good = 500, .good_all = 500, .all_all = 1000});
  CHECK(together.interval()->low == doctest::Approx(wilson(9, 0.5)).epsilon(1e-9));
  // all resolved: the variance is no guide, so the customers count
  const result all = read(std::vector<std::uint8_t>(100, 0), {10, 1000, 1000, 1000});
  CHECK(all.interval()->low == doctest::Approx(wilson(10, 1)).epsilon(1e-9));
  CHECK(all.interval()->high == 100);
  CHECK(all.notes().empty());
  CHECK(!of_classes({}, {pending}).result(repeat_reading{.spread = customer_spread{}}).interval());
}

TEST_CASE("the clustered interval covers the truth where customers differ, and Wilson's does not") {
  // 400 customers of eight contacts; each customer comes back always or never, half and half
  std::mt19937_64 random(3);
  int clustered = 0, plain = 0;
  constexpr int rounds = 1000;
  for (int round = 0; round < rounds; ++round) {
    customer_spread by{.customers = 400};
    std::vector<std::uint8_t> classes;
    for (int customer = 0; customer < 400; ++customer) {
      const bool good = pick(random, 0, 1) == 0;
      classes.insert(classes.end(), 8, good ? 0 : 1);
      by.good_good += good ? 64 : 0;
      by.good_all += good ? 64 : 0;
      by.all_all += 64;
    }
    const tally_of_repeats t = of_classes({}, classes);
    const auto covers = [](const result& r) { return r.interval()->low <= 50 && 50 <= r.interval()->high; };
    clustered += covers(t.result(repeat_reading{.spread = by})) ? 1 : 0;
    plain += covers(t.result()) ? 1 : 0;
  }
  CHECK(clustered > 930);  // 950 expected, standard deviation 7
  CHECK(clustered < 970);
  CHECK(plain < 600);  // 51 % expected: the interval is sqrt(8) times too narrow
}

TEST_CASE("where no window is over there is no answer") {
  const result r = of_classes({}, {pending, pending, open, 255}).result();
  CHECK(!r.value());
  CHECK(!r.interval());
  CHECK(r.n() == 0);
  CHECK(r.notes() ==
        std::vector<std::string>{"the window of 7d is not over for any of 3 contacts: too early to tell"});
  CHECK(tally_of_repeats().result().notes().empty());
}

TEST_CASE("a label that is no followup is invalid and named") {
  tally_of_repeats t;
  CHECK_THROWS_WITH_AS(t.update({std::vector<std::uint8_t>{0, 21}}),
                       "row 1: followup 21 does not exist: it is one of 0 to 20, see cxmetrics::followup",
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
    const first_contact_resolution metric{rule.window, rule.clock, rule.order,
                                          rule.reason, rule.first, rule.repeats};
    const std::size_t rows = w.customer.size();
    if (rows == 0) continue;
    std::vector<std::uint8_t> classes(rows);
    const instant until = classify_repeats(w.columns(), rule, {}, classes).until.value();
    const std::string expected = of_classes(metric, classes).encode();
    CHECK(expected == of_classes(metric, brute_force(w, rule, until.time_since_epoch().count())).encode());

    // each row is told in the order of entries and belongs to one of sixteen shards
    std::vector<std::size_t> order(rows);
    for (std::size_t i = 0; i < rows; ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return w.entered[a] < w.entered[b]; });
    constexpr std::uint64_t parts = 16;
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
      if (w.reason[i] != absent<std::int64_t>::missing) c.reason = subject_of(w.reason[i]);
      c.how = static_cast<outcome>(w.outcome[i]);
      c.transferred = w.transferred[i] == 1;
      c.unresolvable = w.unresolvable[i] == 1;
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

}  // namespace first_contact_resolution_test
