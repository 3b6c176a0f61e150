// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/repeat_tracker.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>

#include "repeat_worlds.hpp"
#include "sanitized.hpp"

namespace repeat_tracker_test {

namespace {

using namespace cxmetrics;
using namespace repeat_worlds;
using cxmetrics_test::tried;

static_assert(tracker<repeat_tracker>);
static_assert(state<repeat_tracker>);

using records = std::vector<followed_contact>;
constexpr std::int64_t none = absent<std::int64_t>::missing;

instant at(std::int64_t us) { return instant(duration(us)); }

customer_contact told(std::int64_t customer, std::uint64_t position, std::int64_t entered,
                      std::int64_t ended = none) {
  customer_contact c{subject_of(customer), at(entered), position, std::nullopt};
  if (ended != none) c.ended = at(ended);
  return c;
}
repeat_tracker tracker_of(std::int64_t window, repeat_clock clock = repeat_clock::ended, shard mine = {}) {
  return repeat_tracker({duration(window), clock}, std::move(mine));
}
records advance(repeat_tracker& t, std::int64_t watermark) {
  records out;
  t.advance(at(watermark), [&](const followed_contact& f) { out.push_back(f); });
  return out;
}
records advance_to_the_end(repeat_tracker& t) {
  records out;
  t.advance(instant::max(), [&](const followed_contact& f) { out.push_back(f); });
  return out;
}
records present(const repeat_tracker& t, std::int64_t now) {
  records out;
  t.open(at(now), [&](const followed_contact& f) { out.push_back(f); });
  return out;
}
std::string bytes_of(const repeat_tracker& t) {
  writer w;
  t.encode(w);
  return std::move(w).take();
}
repeat_tracker tracker_from(const std::string& bytes) {
  reader r(bytes);
  repeat_tracker t = repeat_tracker::decode(r);
  r.expect_end();
  return t;
}
std::string hex(const std::string& bytes) {
  std::string out;
  for (char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

// What can be told of a world: entries and ends, each from its own instant on.
struct step {
  std::int64_t when;
  customer_contact what;
  std::uint64_t turn = 0;
};
std::vector<step> steps_of(const world& w, const repeat_rule& rule, std::mt19937_64& random) {
  std::vector<step> out;
  // where outcomes are read, a contact is told when its outcome is known
  const bool finished_only = pick(random, 0, 1) == 0 || rule.reads_outcomes();
  for (std::size_t i = 0; i < w.customer.size(); ++i) {
    if (w.customer[i] == none) continue;
    customer_contact entry = told(w.customer[i], i, w.entered[i]),
                     whole = told(w.customer[i], i, w.entered[i], w.ended[i]);
    if (w.reason[i] != none) entry.reason = whole.reason = subject_of(w.reason[i]);
    whole.how = static_cast<outcome>(w.outcome[i]);
    whole.transferred = w.transferred[i] == 1;
    whole.unresolvable = w.unresolvable[i] == 1;
    if (w.ended[i] == none) entry = whole;
    const bool by_entry = rule.clock == repeat_clock::entered;
    if (finished_only || by_entry) {
      out.push_back(
          {w.entered[i], whole});  // a contact told when it is over holds the watermark at its entry
    } else {
      out.push_back({w.entered[i], entry});
      if (w.ended[i] != none) out.push_back({w.ended[i], whole});
    }
  }
  return out;
}

// Feeds in random order above a watermark that rises at random, and goes through bytes now and then.
records stream(repeat_tracker& t, std::vector<step> steps, std::mt19937_64& random) {
  records out;
  const auto sink = [&](const followed_contact& f) { out.push_back(f); };
  for (step& s : steps) s.turn = random();
  std::sort(steps.begin(), steps.end(), [](const step& a, const step& b) {
    return a.when / 8 != b.when / 8 ? a.when < b.when : a.turn < b.turn;
  });
  for (std::size_t i = 0; i < steps.size(); ++i) {
    t.add(steps[i].what);
    if (pick(random, 0, 4) != 0) continue;
    std::int64_t oldest = 1000;
    for (std::size_t j = i + 1; j < steps.size(); ++j) oldest = std::min(oldest, steps[j].when);
    t.advance(at(pick(random, oldest - 3, oldest)), sink);
    t = tracker_from(bytes_of(t));
  }
  return out;
}

std::vector<std::uint8_t> classes_of(const records& all, const world& w) {
  std::vector<std::uint8_t> out(w.customer.size(), reject::missing);
  for (const followed_contact& f : all) out[f.what.position] = static_cast<std::uint8_t>(f.after);
  return out;
}

}  // namespace

TEST_CASE("a contact is decided when the watermark has passed its window, not when a newer one enters") {
  repeat_tracker t = tracker_of(10);
  t.add(told(1, 0, 0, 5));
  t.add(told(2, 1, 100, 101));  // far newer, but the watermark stays
  CHECK(advance(t, 15).empty());
  t.add(told(1, 2, 15, 16));  // at the last instant of the window
  const records decided = advance(t, 16);
  REQUIRE(decided.size() == 1);
  CHECK(decided[0] == followed_contact{told(1, 0, 0, 5), followup::repeat, duration(10)});
}

TEST_CASE("a contact that entered within the window is a repeat even if it ends much later") {
  repeat_tracker t = tracker_of(10);
  t.add(told(1, 0, 0, 5));
  t.add(told(1, 1, 9));  // entered, not ended
  const records decided = advance(t, 50);
  REQUIRE(decided.size() == 1);
  CHECK(decided[0].after == followup::repeat);
  t.add(told(1, 1, 9, 60));
  CHECK(advance(t, 71) == records{{told(1, 1, 9, 60), followup::resolved, std::nullopt}});
}

TEST_CASE("a contact is overlapped by one that is long forgotten") {
  repeat_tracker t = tracker_of(10);
  t.add(told(1, 0, 0));
  t.add(told(1, 1, 3, 4));
  CHECK(advance(t, 90) == records{{told(1, 1, 3, 4), followup::resolved, std::nullopt}});
  CHECK(t.remembered() == 1);
  t.add(told(1, 0, 0, 95));
  CHECK(advance(t, 200) == records{{told(1, 0, 0, 95), followup::resolved_overlapped, std::nullopt}});
}

TEST_CASE("what comes below the watermark is counted as late and changes nothing else") {
  repeat_tracker t = tracker_of(10);
  t.add(told(1, 0, 20, 21));
  t.add(told(1, 1, 22));
  static_cast<void>(advance(t, 25));
  repeat_tracker before = t;
  t.add(told(1, 2, 24, 30));  // its entry is unknown and below
  CHECK(t.late() == 1);
  t.add(told(1, 1, 22, 24));  // its entry is known, its end is below
  CHECK(t.late() == 2);
  t.add(told(1, 1, 22, 25));
  before.add(told(1, 1, 22, 25));
  CHECK(present(t, 30) == present(before, 30));
  CHECK(t.late() == 2);
}

TEST_CASE("telling the same twice changes nothing, in either order") {
  repeat_tracker once = tracker_of(10), twice = tracker_of(10);
  once.add(told(1, 0, 0, 5));
  twice.add(told(1, 0, 0, 5));
  twice.add(told(1, 0, 0));
  twice.add(told(1, 0, 0, 5));
  CHECK(once == twice);
}

TEST_CASE("a watermark that goes back is no watermark") {
  repeat_tracker t = tracker_of(10);
  static_cast<void>(advance(t, 50));
  static_cast<void>(advance(t, 20));
  CHECK(t.watermark() == at(50));
}

TEST_CASE("a contact that is forgotten leaves its mark on the chain that it began") {
  repeat_tracker t({.window = duration(10), .clock = repeat_clock::entered, .order = repeat_order::chain});
  t.add(told(1, 0, 0));
  t.add(told(1, 1, 9));
  CHECK(advance(t, 11) == records{{told(1, 0, 0), followup::repeat, duration(9)}});
  t.add(told(1, 2, 18));
  const records present_chain = present(t, 18);
  REQUIRE(present_chain.size() == 2);
  CHECK(present_chain[0].after == followup::chained);
  CHECK(present_chain[1].after == followup::chained);
  t.add(told(1, 3, 40));
  std::vector<followup> rest;
  for (const followed_contact& f : advance_to_the_end(t)) rest.push_back(f.after);
  CHECK(rest == std::vector<followup>{followup::chained, followup::chained, followup::resolved});
}

TEST_CASE("a contact told again when it has ended has the outcome and the marks of its end") {
  repeat_tracker t({.window = duration(10), .first = {outcome::answered}});
  t.add(told(1, 0, 0));
  CHECK(present(t, 0)[0].after == followup::ineligible);
  customer_contact whole = told(1, 0, 0, 5);
  whole.how = outcome::answered;
  whole.transferred = true;
  t.add(whole);
  const records all = advance_to_the_end(t);
  REQUIRE(all.size() == 1);
  CHECK(followup_names[static_cast<std::size_t>(all[0].after)] == "resolved_transferred");
}

TEST_CASE("of a contact of the room: who was passed on, and no reason") {
  contact c;
  CHECK(!of_customer(c));
  c.customer = subject_of(7);
  CHECK(!of_customer(c)->transferred);
  c.transfers = 1;
  CHECK(of_customer(c)->transferred);
  c.transfers = 0;
  c.how = outcome::transferred_blind;
  CHECK(of_customer(c)->transferred);
  CHECK(of_customer(c)->how == outcome::transferred_blind);
  CHECK(!of_customer(c)->reason);
}

TEST_CASE("what is remembered is bounded by the customers active in the window, however long the stream") {
  // a contact every microsecond of 1000 customers in turn: each is remembered for its window and no longer
  repeat_tracker t({.window = duration(500), .clock = repeat_clock::entered});
  std::size_t most = 0, emitted = 0;
  for (std::int64_t now = 0; now < 100'000; ++now) {
    t.advance(at(now), [&](const followed_contact&) { ++emitted; });
    t.add(told(now % 1000, static_cast<std::uint64_t>(now), now));
    most = std::max(most, t.remembered());
  }
  CHECK(most == 501);
  CHECK(emitted + t.remembered() == 100'000);
}

TEST_CASE("the present shows what is known now, and stores nothing") {
  repeat_tracker t = tracker_of(10);
  t.add(told(1, 0, 0, 5));
  t.add(told(1, 1, 9));
  const repeat_tracker before = t;
  const records early = present(t, 14), later = present(t, 15);
  REQUIRE(early.size() == 2);
  CHECK(early[0].after == followup::pending);
  CHECK(early[1].after == followup::open);
  CHECK(later[0].after == followup::repeat);
  CHECK(t == before);
}

TEST_CASE("at the end of time nothing is remembered, and what has no end is open") {
  repeat_tracker t = tracker_of(10);
  t.add(told(1, 0, 0, 5));
  t.add(told(1, 1, 7));
  const records all = advance_to_the_end(t);
  REQUIRE(all.size() == 2);
  CHECK(all[0].after == followup::repeat);
  CHECK(all[1].after == followup::open);
  CHECK(t.remembered() == 0);
}

TEST_CASE("a contact that does not end is given up as open after the longest duration") {
  repeat_tracker t = tracker_of(10);
  t.add(told(1, 0, 0));
  CHECK(advance(t, max_duration.count()).empty());
  CHECK(advance(t, max_duration.count() + 1) == records{{told(1, 0, 0), followup::open, std::nullopt}});
  t.add(told(1, 0, 0, max_duration.count()));
  CHECK(t.late() == 1);
}

TEST_CASE("records come in the order in which they were decided, however they were fed") {
  repeat_tracker t = tracker_of(10);
  for (const customer_contact& c : {told(3, 4, 8, 8), told(1, 3, 5, 9), told(2, 1, 0, 9), told(1, 2, 5, 9)})
    t.add(c);
  std::vector<std::uint64_t> positions;
  for (const followed_contact& f : advance(t, 100)) positions.push_back(f.what.position);
  CHECK(positions == std::vector<std::uint64_t>{4, 1, 2, 3});
}

TEST_CASE("impossible contacts, strangers and impossible rules are refused and change nothing") {
  repeat_tracker t = tracker_of(10, repeat_clock::ended, shard(2, {subject_of(1).high % 2}));
  t.add(told(1, 4, 10, 20));
  const repeat_tracker before = t;
  CHECK_THROWS_WITH_AS(
      t.add(told(1, 5, 10, 9)),
      "the contact at position 5 enters at 10 us and ends at 9 us: an end lies 0 to 2^46 us (2.2 years) "
      "after the entry",
      column_error);
  CHECK_THROWS_AS(t.add(told(1, 5, 0, max_duration.count() + 1)), column_error);
  CHECK_THROWS_WITH_AS(t.add(told(1, 4, 10, 21)),
                       "the contact at position 4 ends at 20 us and again at 21 us: a contact ends once",
                       column_error);
  std::int64_t stranger = 2;
  while (subject_of(stranger).high % 2 == subject_of(1).high % 2) ++stranger;
  CHECK_THROWS_AS(t.add(told(stranger, 6, 10, 20)), state_error);
  CHECK(t == before);
  CHECK_THROWS_AS(tracker_of(-1), unit_error);
}

TEST_CASE("only disjoint shards of one rule at one watermark are merged; else both stay as they are") {
  const std::uint64_t part = subject_of(1).high % 2;
  repeat_tracker a = tracker_of(10, repeat_clock::ended, shard(2, {part}));
  a.add(told(1, 0, 0, 5));
  const repeat_tracker before = a;
  CHECK_THROWS_AS(a.merge(a), state_error);
  CHECK_THROWS_AS(a.merge(tracker_of(10)), state_error);
  CHECK_THROWS_AS(a.merge(tracker_of(11, repeat_clock::ended, shard(2, {1 - part}))), state_error);
  CHECK_THROWS_AS(a.merge(tracker_of(10, repeat_clock::entered, shard(2, {1 - part}))), state_error);
  repeat_tracker ahead = tracker_of(10, repeat_clock::ended, shard(2, {1 - part}));
  static_cast<void>(advance(ahead, 3));
  CHECK_THROWS_AS(a.merge(ahead), state_error);
  CHECK(a == before);
  a.merge(tracker_of(10, repeat_clock::ended, shard(2, {1 - part})));
  CHECK(a.share() == shard(2, {0, 1}));
}

TEST_CASE(
    "a stream gives the classes of a brute force and of a batch, whatever the order and the watermarks") {
  std::mt19937_64 random(1);
  for (int round = 0; round < tried(1500); ++round) {
    CAPTURE(round);
    const world w = any_world(random, false);
    const repeat_rule rule = any_rule(random);
    std::int64_t until = 0;
    for (std::int64_t entered : w.entered) until = std::max(until, entered);
    repeat_tracker t(rule);
    records all = stream(t, steps_of(w, rule, random), random);
    REQUIRE(t.late() == 0);
    // the same contacts may still be told at the last entry; after it, the present completes what was emitted
    for (const followed_contact& f : present(t, until)) all.push_back(f);
    std::vector<std::uint8_t> emitted_until = classes_of(all, w);
    const std::vector<std::uint8_t> expected = brute_force(w, rule, until);
    // emitted beyond `until` is what only the future decided: as of `until` it was pending
    for (const followed_contact& f : all) {
      const instant clock =
          rule.clock == repeat_clock::ended ? f.what.ended.value_or(instant::max()) : f.what.entered;
      if (static_cast<std::size_t>(f.after) < matured_count && !has_matured(rule, clock, at(until)))
        emitted_until[f.what.position] = static_cast<std::uint8_t>(followup::pending);
    }
    REQUIRE(emitted_until == expected);
  }
}

TEST_CASE(
    "at the end of time every way of feeding gives the same sequence of records, and gaps are those of the "
    "pairs") {
  std::mt19937_64 random(2);
  for (int round = 0; round < tried(1000); ++round) {
    CAPTURE(round);
    const world w = any_world(random, false);
    const repeat_rule rule = any_rule(random);
    records first;
    for (int way = 0; way < 3; ++way) {
      repeat_tracker t(rule);
      records all = stream(t, steps_of(w, rule, random), random);
      const records rest = advance_to_the_end(t);
      all.insert(all.end(), rest.begin(), rest.end());
      CHECK(t.remembered() == 0);
      if (way == 0) first = all;
      // an end that clock entered does not read is not in the record
      REQUIRE(all == first);
    }
    for (const followed_contact& f : first) {
      const instant clock =
          rule.clock == repeat_clock::ended ? f.what.ended.value_or(instant::max()) : f.what.entered;
      std::optional<duration> nearest;
      const auto is_repeat = [&](const followed_contact& other) {
        return rule.repeats.is_all() || w.outcome[other.what.position] < 2;  // any_rule leaves out the third
      };
      for (const followed_contact& other : first)
        if (static_cast<std::size_t>(f.after) < matured_count && other.what.customer == f.what.customer &&
            other.what.reason == f.what.reason && is_repeat(other) && other.what.entered > clock) {
          const duration gap = other.what.entered - clock;
          if (gap <= rule.window && (!nearest || gap < *nearest)) nearest = gap;
        }
      REQUIRE(f.gap == nearest);
    }
  }
}

TEST_CASE("16 shards split by customer, merged in 50 random orders, are the whole, byte by byte") {
  std::mt19937_64 random(4);
  const repeat_rule rule{duration(40), repeat_clock::ended};
  constexpr std::uint64_t parts = 16;
  repeat_tracker whole(rule);
  std::vector<repeat_tracker> shards;
  for (std::uint64_t part = 0; part < parts; ++part) shards.emplace_back(rule, shard(parts, {part}));
  std::vector<std::size_t> emitted(2, 0);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto now = static_cast<std::int64_t>(i);
    const customer_contact c =
        told(pick(random, 1, 300), i, now, pick(random, 0, 9) == 0 ? none : now + pick(random, 0, 90));
    whole.add(c);
    shards[shard::residue_of(c.customer, parts)].add(c);
  }
  const auto count_into = [&](std::size_t which) {
    return [&emitted, which](const followed_contact&) { ++emitted[which]; };
  };
  whole.advance(at(1990), count_into(0));
  for (repeat_tracker& s : shards) s.advance(at(1990), count_into(1));
  CHECK(emitted[0] == emitted[1]);
  CHECK(whole.remembered() > 100);
  repeat_tracker same(rule, shard(parts, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  // the whole, under the certificate of all parts
  std::string expected;
  for (int order = 0; order < 50; ++order) {
    std::shuffle(shards.begin(), shards.end(), random);
    repeat_tracker sum(rule, shard(parts, {}));
    static_cast<void>(advance(sum, 1990));
    for (const repeat_tracker& s : shards) sum.merge(s);
    if (order == 0) expected = bytes_of(sum);
    REQUIRE(bytes_of(sum) == expected);
    REQUIRE(sum.share() == same.share());
    REQUIRE(present(sum, 2000) == present(whole, 2000));
  }
}

TEST_CASE("the bytes are golden: version 2") {
  repeat_tracker t = tracker_of(10);
  t.add({{1, 2}, at(3), 4, at(5)});
  t.add({{1, 2}, at(6), 7, std::nullopt});
  CHECK(hex(bytes_of(t)) ==
        "0e000000000000007265706561745f747261636b6572"  // "repeat_tracker"
        "0200000000000000"                              // version
        "0a00000000000000"
        "0000000000000000"  // window, clock
        "0000000000000000"
        "0000000000000000"  // rolling, no reasons
        "ff3f000000000000"
        "ff3f000000000000"  // all outcomes
        "0100000000000000"
        "0100000000000000"
        "0000000000000000"  // everybody
        "0000000000000080"
        "0000000000000000"  // watermark, late
        "0200000000000000"  // contacts
        "0100000000000000"
        "0200000000000000"
        "0300000000000000"
        "0400000000000000"
        "0e00000000000000"  // ended, a first, a repeat
        "0500000000000000"
        "0100000000000000"
        "0200000000000000"
        "0600000000000000"
        "0700000000000000"
        "0c00000000000000");
  CHECK(tracker_from(bytes_of(t)) == t);
}

TEST_CASE("bytes of a contact that should have been emitted before their watermark are refused") {
  repeat_tracker t = tracker_of(10);
  t.add({{1, 2}, at(3), 4, at(5)});
  const std::string bytes = bytes_of(t);
  constexpr std::size_t watermark = 8 + 14 + 8 + 48 + 24;  // behind name, version, rule and share
  const auto with_watermark = [&](std::uint64_t us) {
    writer w;
    w.put(us);
    return bytes.substr(0, watermark) + std::move(w).take() + bytes.substr(watermark + 8);
  };
  CHECK(tracker_from(with_watermark(15)).watermark() ==
        at(15));  // decided at 15: not before the watermark passes it
  CHECK_THROWS_AS(static_cast<void>(tracker_from(with_watermark(16))), state_error);
}

TEST_CASE("damaged bytes give state_error or a state that has those bytes") {
  std::mt19937_64 random(5);
  repeat_tracker t = tracker_of(10);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto now = static_cast<std::int64_t>(i);
    t.add(told(pick(random, 1, 4), i, now, i % 3 == 0 ? none : now + 5));
  }
  static_cast<void>(advance(t, 18));
  const std::string bytes = bytes_of(t);
  CHECK(tracker_from(bytes) == t);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS(static_cast<void>(tracker_from(bytes.substr(0, size))), state_error);
  int refused = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] ^= static_cast<char>(1 << bit % 8);
    std::string read_back = damaged;
    try {
      read_back = bytes_of(tracker_from(damaged));
    } catch (const state_error&) {
      ++refused;
    }
    REQUIRE(read_back == damaged);
  }
  CHECK(refused > 0);
}

}  // namespace repeat_tracker_test
