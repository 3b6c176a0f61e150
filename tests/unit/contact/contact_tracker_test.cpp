// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/contact_tracker.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/tally.hpp>

namespace contact_tracker_test {

namespace {

using namespace cxmetrics;
using namespace std::chrono_literals;

static_assert(tracker<contact_tracker>);
static_assert(state<contact_tracker>);

using contacts = std::vector<contact>;

instant at(std::int64_t second) { return instant(std::chrono::seconds(second)); }

// Events of a call, their positions counting up.
class script {
 public:
  envelope head(std::int64_t second, std::int64_t call = 1) {
    return {at(second), subject_of(call), ++position_};
  }

 private:
  std::uint64_t position_ = 0;
};

contacts all_of(const std::vector<contact_event>& events) {
  contact_tracker t;
  for (const contact_event& e : events) t.add(e);
  contacts out;
  t.advance(instant::max(), [&](const contact& c) { out.push_back(c); });
  CHECK(t.open_count() == 0);
  CHECK(t.findings().entered == out.size());
  return out;
}
contacts present(const contact_tracker& t, std::int64_t now) {
  contacts out;
  t.open(at(now), [&](const contact& c) { out.push_back(c); });
  return out;
}
std::string bytes_of(const contact_tracker& t) {
  writer w;
  t.encode(w);
  return std::move(w).take();
}
contact_tracker tracker_of(const std::string& bytes) {
  reader r(bytes);
  contact_tracker t = contact_tracker::decode(r);
  r.expect_end();
  return t;
}

// A small world full of collisions: few calls, few queues, equal seconds, missing and contradictory events,
// restarts.
std::vector<contact_event> world(std::mt19937_64& random, int size) {
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  const auto maybe = [&](duration d) { return below(2) == 0 ? std::optional(d) : std::nullopt; };
  std::vector<contact_event> out;
  std::int64_t now = 1000;
  for (int i = 0; i < size; ++i) {
    now += static_cast<std::int64_t>(below(3) * below(20));
    const envelope head{at(now), subject_of(static_cast<std::int64_t>(below(12))),
                        static_cast<std::uint64_t>(i)};
    const auto queue = static_cast<std::uint32_t>(below(2));
    switch (below(12)) {
      case 0: {
        const outcome how = below(4) == 0 ? outcome::unfinished : outcome::timeout;
        out.emplace_back(contact_left{head, queue, how, maybe(7s)});
        break;
      }
      case 1: out.emplace_back(contact_left{head, queue, outcome::abandoned, maybe(8s)}); break;
      case 2:
        out.emplace_back(contact_transferred{head, queue, outcome::transferred_blind, maybe(3s), maybe(9s)});
        break;
      case 3:
      case 4: out.emplace_back(contact_ended{head, queue, maybe(2s), maybe(50s)}); break;
      case 5:
      case 6: out.emplace_back(contact_answered{head, queue, maybe(4s)}); break;
      case 7:
        if (below(10) == 0) {
          out.emplace_back(contacts_restarted{{at(now), {}, static_cast<std::uint64_t>(i)}});
          break;
        }
        [[fallthrough]];
      default: out.emplace_back(contact_queued{head, queue, subject_of(static_cast<std::int64_t>(below(5)))});
    }
  }
  return out;
}
constexpr duration world_age = 100s;

contacts in_order(contacts c) {
  std::sort(c.begin(), c.end(), [](const contact& a, const contact& b) {
    return std::tuple(a.entered, a.position, a.id) < std::tuple(b.entered, b.position, b.id);
  });
  return c;
}

}  // namespace

TEST_CASE("an answered contact has the wait and the talk that the source states") {
  script s;
  const contacts c = all_of({contact_queued{s.head(100), 2, subject_of(7)},
                             contact_answered{s.head(110), 2, 9s}, contact_ended{s.head(150), 2, 9s, 41s}});
  REQUIRE(c.size() == 1);
  CHECK(c[0] == contact{subject_of(1), subject_of(7), 2, outcome::answered, at(100), 9s, 41s, at(150), 0, 1});
}

TEST_CASE("where the source states no durations, the instants give them") {
  script s;
  const contacts c = all_of({contact_queued{s.head(100), 0, {}}, contact_answered{s.head(110), 0, {}},
                             contact_ended{s.head(150), 0, {}, {}}});
  CHECK(c.at(0).wait == 10s);
  CHECK(c.at(0).talk == 40s);
  CHECK_FALSE(c.at(0).customer);
}

TEST_CASE("a contact that leaves without an answer has the outcome that the event says and no talk") {
  for (outcome how : {outcome::abandoned, outcome::timeout, outcome::left_empty, outcome::exit_key,
                      outcome::withdrawn, outcome::system_failure}) {
    script s;
    const contacts c = all_of({contact_queued{s.head(100), 0, {}}, contact_left{s.head(130), 0, how, 29s}});
    REQUIRE(c.size() == 1);
    CHECK(c[0].how == how);
    CHECK(c[0].wait == 29s);
    CHECK_FALSE(c[0].talk);
    CHECK(c[0].ended == at(130));
  }
}

TEST_CASE("a transferred contact ends answered, with its talk and a mark") {
  script s;
  const contacts c = all_of({contact_queued{s.head(0), 0, {}}, contact_answered{s.head(6), 0, 6s},
                             contact_transferred{s.head(44), 0, outcome::transferred_blind, 6s, 38s}});
  CHECK(c.at(0).how == outcome::answered);
  CHECK(c.at(0).talk == 38s);
  CHECK(c.at(0).transfers == 1);
  CHECK(c.at(0).transfer == outcome::transferred_blind);
}

TEST_CASE("an end proves an answer that is missing, but not when it was") {
  script s;
  const contacts c = all_of({contact_queued{s.head(0), 0, {}}, contact_ended{s.head(90), 0, 20s, 70s}});
  CHECK(c.at(0).how == outcome::answered);
  CHECK(c.at(0).wait == 20s);
  CHECK(c.at(0).talk == 70s);
}

TEST_CASE("one call in two queues one after another is two contacts") {
  script s;
  const contacts c =
      all_of({contact_queued{s.head(0), 0, {}}, contact_left{s.head(60), 0, outcome::timeout, 60s},
              contact_queued{s.head(60), 1, {}}, contact_answered{s.head(70), 1, 10s},
              contact_ended{s.head(80), 1, 10s, 10s}});
  REQUIRE(c.size() == 2);
  CHECK(c[0].how == outcome::timeout);
  CHECK(c[1].how == outcome::answered);
  CHECK(c[1].queue == 1);
  CHECK(c[1].entered == at(60));
}

TEST_CASE("a leg says what its entry said lies before it, and has the id of the contact") {
  script s;
  const envelope first = s.head(0);
  const contacts c = all_of({contact_queued{first, 0, {}}, contact_left{s.head(60), 0, outcome::timeout, 60s},
                             contact_queued{s.head(61), 1, {}, earlier_legs{first, 1}},
                             contact_ended{s.head(80), 1, 10s, 9s}});
  REQUIRE(c.size() == 2);
  CHECK(c[0].leg() == 1);
  CHECK(c[1].leg() == 2);
  CHECK(c[1].id == c[0].id);
  CHECK(c[1].wait == 10s);
  CHECK(c[1].wait_contact() == 71s);
}

TEST_CASE("a stay that is taken over is the next leg of the contact that takes it") {
  contact_tracker t;
  script s;
  const envelope first = s.head(0, 1);
  t.add(contact_queued{first, 0, subject_of(7)});
  t.add(contact_answered{s.head(10, 1), 0, {}});
  t.add(contact_queued{s.head(50, 2), 1, subject_of(8)});
  t.add(contact_transferred{s.head(60, 1), 0, outcome::transferred_attended, {}, {}});
  t.add(contact_taken_over{s.head(60, 2), 1, subject_of(7), {first, 1}});
  t.add(contact_taken_over{s.head(60, 3), 1, subject_of(7), {first, 1}});  // nobody is there
  contacts c;
  t.advance(at(61), [&](const contact& one) { c.push_back(one); });
  REQUIRE(c.size() == 1);
  CHECK(c[0].transfer == outcome::transferred_attended);
  CHECK(t.findings().orphaned == 1);
  CHECK(tracker_of(bytes_of(t)) == t);
  const contacts now = present(t, 70);
  REQUIRE(now.size() == 1);
  CHECK(now[0].id == c[0].id);
  CHECK(now[0].customer == subject_of(7));
  CHECK(now[0].leg() == 2);
  CHECK(now[0].wait == 20s);
  CHECK(now[0].wait_contact() == 70s);
}

TEST_CASE("a call id that is used again is another contact") {
  script s;
  std::vector<contact_event> events;
  for (std::int64_t day : {0, 86'400}) {
    events.emplace_back(contact_queued{s.head(day), 0, {}});
    events.emplace_back(contact_left{s.head(day + 5), 0, outcome::abandoned, {}});
  }
  CHECK(all_of(events).size() == 2);
}

TEST_CASE("entering again without having left closes the first stay as unfinished, never as abandoned") {
  contact_tracker t;
  script s;
  t.add(contact_queued{s.head(0), 0, {}});
  t.add(contact_queued{s.head(30), 0, {}});
  contacts c;
  t.advance(at(31), [&](const contact& one) { c.push_back(one); });
  REQUIRE(c.size() == 1);
  CHECK(c[0].how == outcome::unfinished);
  CHECK(c[0].wait == 30s);
  CHECK_FALSE(c[0].ended);
  CHECK(t.findings().interrupted == 1);
  CHECK(t.open_count() == 1);
}

TEST_CASE("a stay that is left unfinished has no end: a wait so far, or an answer without talk") {
  contact_tracker t;
  script s;
  t.add(contact_queued{s.head(0), 0, {}});
  t.add(contact_left{s.head(30), 0, outcome::unfinished, {}});
  t.add(contact_queued{s.head(30), 1, {}});
  t.add(contact_answered{s.head(35), 1, {}});
  t.add(contact_left{s.head(95), 1, outcome::unfinished, {}});
  contacts c;
  t.advance(at(96), [&](const contact& one) { c.push_back(one); });
  REQUIRE(c.size() == 2);
  CHECK(c[0].how == outcome::unfinished);
  CHECK(c[0].wait == 30s);
  CHECK(c[1].how == outcome::answered);
  CHECK(c[1].wait == 5s);
  CHECK_FALSE(c[1].talk);
  CHECK_FALSE(c[1].ended);
  CHECK(t.findings() == contact_findings{.entered = 2, .interrupted = 2});
  CHECK(t.open_count() == 0);
}

TEST_CASE("the same entry once more in the same second is one contact") {
  contact_tracker t;
  script s;
  t.add(contact_queued{s.head(5), 0, {}});
  t.add(contact_queued{s.head(5), 0, {}});
  t.advance(at(6), [](const contact&) {});
  CHECK(t.open_count() == 1);
  CHECK(t.findings().repeated == 1);
}

TEST_CASE("an event of a call that is not in that queue is an orphan and makes no contact") {
  script s;
  contact_tracker t;
  t.add(contact_left{s.head(1), 0, outcome::system_failure, {}});
  t.add(contact_queued{s.head(2), 0, {}});
  t.add(contact_left{s.head(3), 0, outcome::system_failure, {}});
  t.add(contact_left{s.head(3), 0, outcome::abandoned, 1s});  // Asterisk writes it after a SYSCOMPAT
  t.add(contact_answered{s.head(4), 1, {}});
  contacts c;
  t.advance(instant::max(), [&](const contact& one) { c.push_back(one); });
  REQUIRE(c.size() == 1);
  CHECK(c[0].how == outcome::system_failure);
  CHECK(t.findings().orphaned == 3);
}

TEST_CASE("what contradicts an answer is counted and the answer stands") {
  script s;
  contact_tracker t;
  t.add(contact_queued{s.head(0), 0, {}});
  t.add(contact_answered{s.head(5), 0, {}});
  t.add(contact_answered{s.head(7), 0, {}});
  t.add(contact_left{s.head(9), 0, outcome::abandoned, 9s});
  contacts c;
  t.advance(instant::max(), [&](const contact& one) { c.push_back(one); });
  REQUIRE(c.size() == 1);
  CHECK(c[0].how == outcome::answered);
  CHECK(c[0].wait == 5s);
  CHECK(c[0].talk == 4s);
  CHECK(t.findings().contradictory == 2);
}

TEST_CASE("a restart of the source ends what waits as system_failure and what talks without talk") {
  script s;
  const contacts c = all_of({contact_queued{s.head(0, 1), 0, {}}, contact_queued{s.head(1, 2), 0, {}},
                             contact_answered{s.head(4, 2), 0, {}}, contacts_restarted{{at(10), {}, 99}},
                             contact_left{s.head(12, 1), 0, outcome::abandoned, {}}});
  REQUIRE(c.size() == 2);
  CHECK(c[0].how == outcome::system_failure);
  CHECK(c[0].wait == 10s);
  CHECK(c[1].how == outcome::answered);
  CHECK(c[1].wait == 3s);
  CHECK_FALSE(c[1].talk);
  CHECK(c[1].ended == at(10));
}

TEST_CASE("a contact that is open for longer than the maximum age is given up, whenever that is noticed") {
  for (bool notice_early : {false, true}) {
    contact_tracker t(shard(), 60s);
    script s;
    contacts c;
    const auto sink = [&](const contact& one) { c.push_back(one); };
    t.add(contact_queued{s.head(0, 1), 0, {}});
    t.add(contact_queued{s.head(0, 2), 0, {}});
    t.add(contact_answered{s.head(9, 2), 0, {}});
    if (notice_early) t.advance(at(61), sink);
    t.add(contact_left{s.head(61, 1), 0, outcome::abandoned, {}});
    t.add(contact_ended{s.head(62, 2), 0, {}, {}});
    t.advance(instant::max(), sink);
    REQUIRE(c.size() == 2);
    CHECK(c[0].how == outcome::unfinished);
    CHECK(c[0].wait == 60s);
    CHECK(c[1].how == outcome::answered);
    CHECK_FALSE(c[1].talk);
    CHECK(t.findings().aged == 2);
    CHECK(t.findings().orphaned == 2);
  }
}

TEST_CASE("a contact that ends at its maximum age is still in time") {
  contact_tracker t(shard(), 60s);
  script s;
  contacts c;
  t.add(contact_queued{s.head(0), 0, {}});
  t.advance(at(60), [&](const contact& one) { c.push_back(one); });
  t.add(contact_left{s.head(60), 0, outcome::abandoned, {}});
  t.advance(instant::max(), [&](const contact& one) { c.push_back(one); });
  REQUIRE(c.size() == 1);
  CHECK(c[0].how == outcome::abandoned);
}

TEST_CASE("the present shows waiting contacts with their wait so far and talking ones without an end") {
  contact_tracker t;
  script s;
  t.add(contact_queued{s.head(0, 1), 0, {}});
  t.add(contact_queued{s.head(2, 2), 0, {}});
  t.advance(at(3), [](const contact&) {});
  t.add(contact_answered{s.head(10, 2), 0, {}});
  t.add(contact_queued{s.head(12, 3), 0, {}});
  t.add(contact_left{s.head(15, 3), 0, outcome::abandoned, {}});
  t.add(contact_queued{s.head(40, 4), 0, {}});

  const contacts early = present(t, 12);  // the third has entered, the fourth not yet
  REQUIRE(early.size() == 3);
  CHECK(early[0].how == outcome::unfinished);
  CHECK(early[0].wait == 12s);
  CHECK(early[1].how == outcome::answered);
  CHECK(early[1].wait == 8s);
  CHECK_FALSE(early[1].talk);
  CHECK(early[2].wait == 0s);

  const contacts later =
      present(t, 20);  // the third has left, but advance has not emitted it: it is not lost
  REQUIRE(later.size() == 3);
  CHECK(later[0].how == outcome::abandoned);
  CHECK(t.open_count() == 2);
}

// The live figure is the state of what is decided plus the open records: docs of the design, section 3.
TEST_CASE("a live service level counts who waits beyond the threshold now, and says how many are pending") {
  contact_tracker t;
  script s;
  tally<service_level> decided({.within = 20s});
  const auto count = [](tally<service_level>& into) {
    return [&](const contact& c) { into.add(c.wait.count(), static_cast<std::uint8_t>(c.how)); };
  };
  t.add(contact_queued{s.head(0, 1), 0, {}});
  t.add(contact_answered{s.head(10, 1), 0, 10s});
  t.add(contact_ended{s.head(40, 1), 0, 10s, 30s});
  t.add(contact_queued{s.head(45, 2), 0, {}});
  t.add(contact_queued{s.head(50, 3), 0, {}});
  t.add(contact_answered{s.head(55, 3), 0, 5s});
  t.advance(at(60), count(decided));
  CHECK(decided.result().rows() == 1);

  const auto live = [&](std::int64_t now) {
    tally<service_level> copy = decided;
    t.open(at(now), count(copy));
    return copy.result();
  };
  const result early = live(65);  // two answered in time; the second waits for exactly 20 s, and may still be
  CHECK(*early.value() == 100.0);
  CHECK(early.n() == 2);
  CHECK(early.ledger().pending == 1);
  const result later = live(66);  // it is a failure already
  CHECK(*later.value() == doctest::Approx(200.0 / 3));
  CHECK(later.n() == 3);
  CHECK(later.ledger().pending == 0);
  CHECK(decided.result().rows() == 1);  // and nothing of it was stored
}

// Source: vector P6 of the definitions, Amazon Connect's own example of a callback.
TEST_CASE(
    "a callback that was asked for is no abandon, and its second leg waits as long as the source says") {
  script s;
  const auto clock = [](int hours, int minutes, int seconds) {
    return 3600 * hours + 60 * minutes + seconds;
  };
  const envelope first = s.head(clock(11, 35, 0));
  const contacts c = all_of({contact_queued{first, 0, {}},
                             contact_left{s.head(clock(11, 37, 0)), 0, outcome::callback_requested, {}},
                             contact_queued{s.head(clock(11, 38, 39)), 0, {}, earlier_legs{first, 1}},
                             contact_answered{s.head(clock(11, 39, 0)), 0, 99s + 21s},
                             contact_ended{s.head(clock(11, 45, 0)), 0, {}, 335s}});
  REQUIRE(c.size() == 2);
  CHECK(c[0].how == outcome::callback_requested);
  CHECK(c[0].wait == 120s);
  CHECK(c[1].wait == 120s);  // of which 99 s before it entered: 21 s by the instants
  CHECK(c[1].talk == 335s);
  CHECK(c[1].id == c[0].id);
}

TEST_CASE("a late event is counted and changes nothing; the watermark never goes back") {
  contact_tracker t;
  script s;
  t.advance(at(100), [](const contact&) {});
  t.advance(at(50), [](const contact&) {});
  CHECK(t.watermark() == at(100));
  t.add(contact_queued{s.head(99), 0, {}});
  CHECK(t.findings().late == 1);
  t.add(contact_queued{s.head(100), 0, {}});
  CHECK(t.pending_count() == 1);
}

TEST_CASE("the low watermark is the entry of the oldest open contact") {
  contact_tracker t;
  script s;
  t.add(contact_queued{s.head(10, 1), 0, {}});
  t.add(contact_queued{s.head(20, 2), 0, {}});
  t.add(contact_left{s.head(50, 1), 0, outcome::abandoned, {}});
  t.advance(at(40), [](const contact&) {});
  CHECK(t.low_watermark() == at(10));
  t.advance(at(60), [](const contact&) {});
  CHECK(t.low_watermark() == at(20));
  t.advance(instant::max(), [](const contact&) {});
  CHECK(t.low_watermark() == instant::max());
}

TEST_CASE("an impossible maximum age is refused") {
  CHECK_THROWS_AS(contact_tracker(shard(), 0s), unit_error);
  CHECK_THROWS_AS(contact_tracker(shard(), -1s), unit_error);
  CHECK_THROWS_AS(contact_tracker(shard(), max_duration), unit_error);
}

TEST_CASE("law: any feeding order above the watermark and any advances give what the batch gives") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::vector<contact_event> events = world(random, 120);
    contact_tracker batch(shard(), world_age);
    contacts expected;
    for (const contact_event& e : events) batch.add(e);
    batch.advance(instant::max(), [&](const contact& c) { expected.push_back(c); });
    REQUIRE(batch.findings().entered == expected.size());

    contact_tracker stream(shard(), world_age);
    contacts found;
    const auto sink = [&](const contact& c) { found.push_back(c); };
    for (std::size_t begin = 0; begin < events.size();) {
      // Everything below the next watermark is fed before it, in any order, and some of what lies above.
      const std::size_t end = std::min(events.size(), begin + 1 + random() % 30);
      std::vector<contact_event> block(events.begin() + static_cast<std::ptrdiff_t>(begin),
                                       events.begin() + static_cast<std::ptrdiff_t>(end));
      std::shuffle(block.begin(), block.end(), random);
      for (const contact_event& e : block) stream.add(e);
      const instant mark = end == events.size() ? instant::max() : head_of(events[end]).at;
      if (random() % 2 == 0) stream = tracker_of(bytes_of(stream));  // a checkpoint anywhere
      stream.advance(mark, sink);
      begin = end;
    }
    REQUIRE(found == expected);
    REQUIRE(stream == batch);
    REQUIRE(bytes_of(stream) == bytes_of(batch));
  }
}

TEST_CASE("law: shards split by subject, merged at any watermark in any order, are the whole") {
  std::mt19937_64 random(4);
  for (int round = 0; round < 100; ++round) {
    const std::vector<contact_event> events = world(random, 120);
    const instant mark = head_of(events[random() % events.size()]).at;
    contact_tracker whole(shard(4, {0, 1, 2, 3}), world_age);
    contacts expected, found;
    for (const contact_event& e : events) whole.add(e);
    whole.advance(mark, [&](const contact& c) { expected.push_back(c); });

    std::vector<contact_tracker> parts;
    for (std::uint64_t part = 0; part < 4; ++part) {
      contact_tracker t(shard(4, {part}), world_age);
      for (const contact_event& e : events)
        if (std::holds_alternative<contacts_restarted>(e) || t.share().admits(head_of(e).whose)) t.add(e);
      t.advance(mark, [&](const contact& c) { found.push_back(c); });
      parts.push_back(t);
    }
    CHECK(in_order(found) == in_order(expected));
    std::shuffle(parts.begin(), parts.end(), random);
    contact_tracker sum = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i) sum.merge(parts[i]);
    CHECK(bytes_of(sum) == bytes_of(whole));
    contacts rest, expected_rest;
    sum.advance(instant::max(), [&](const contact& c) { rest.push_back(c); });
    whole.advance(instant::max(), [&](const contact& c) { expected_rest.push_back(c); });
    CHECK(rest == expected_rest);
  }
}

TEST_CASE("law: shuffling equal seconds of different calls changes nothing, for their places stay") {
  std::mt19937_64 random(5);
  std::vector<contact_event> events = world(random, 200);
  const contacts expected = all_of(events);
  std::shuffle(events.begin(), events.end(), random);
  CHECK(all_of(events) == expected);
}

TEST_CASE("law: after the end of time nothing is remembered") {
  std::mt19937_64 random(6);
  contact_tracker t(shard(), world_age);
  for (const contact_event& e : world(random, 500)) t.add(e);
  t.advance(instant::max(), [](const contact&) {});
  CHECK(t.open_count() == 0);
  CHECK(t.pending_count() == 0);
  contact_tracker fresh(shard(), world_age);
  CHECK(bytes_of(t).size() == bytes_of(fresh).size());
}

TEST_CASE("trackers that do not fit together are not merged and stay as they were") {
  contact_tracker t(shard(2, {0}));
  const contact_tracker before = t;
  contact_tracker ahead(shard(2, {1}));
  ahead.advance(at(1), [](const contact&) {});
  CHECK_THROWS_AS(t.merge(contact_tracker(shard(2, {0}))), state_error);
  CHECK_THROWS_AS(t.merge(contact_tracker(shard(3, {1}))), state_error);
  CHECK_THROWS_AS(t.merge(contact_tracker(shard(2, {1}), 1h)), state_error);
  CHECK_THROWS_AS(t.merge(ahead), state_error);
  CHECK(t == before);
}

TEST_CASE("an event of another shard is refused, a restart is everybody's") {
  contact_tracker nobody(shard(2, {}));
  script s;
  CHECK_THROWS_WITH_AS(nobody.add(contact_queued{s.head(0), 0, {}}),
                       doctest::Contains("feed it to its own shard"), state_error);
  nobody.add(contacts_restarted{{at(0), {}, 1}});
  CHECK(nobody.pending_count() == 1);
}

TEST_CASE("truncated bytes of a tracker are refused, and damaged ones too or they are another tracker's") {
  std::mt19937_64 random(8);
  contact_tracker t(shard(), world_age);
  const std::vector<contact_event> events = world(random, 60);
  for (const contact_event& e : events) t.add(e);
  t.advance(head_of(events[40]).at, [](const contact&) {});
  REQUIRE(t.open_count() > 0);
  REQUIRE(t.pending_count() > 0);
  const std::string bytes = bytes_of(t);
  CHECK(tracker_of(bytes) == t);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS((void)tracker_of(bytes.substr(0, size)), state_error);
  for (int round = 0; round < 5000; ++round) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
    std::string again = damaged;
    try {
      again = bytes_of(tracker_of(damaged));
    } catch (const state_error&) {
      continue;
    }
    REQUIRE(again == damaged);
  }
}
// What a sink gets that takes every kind of record.
struct seen {
  std::vector<queue_entry> entries;
  std::vector<queue_exit> exits;
  contacts ended;
  void operator()(const queue_entry& e) { entries.push_back(e); }
  void operator()(const queue_exit& e) { exits.push_back(e); }
  void operator()(const contact& c) { ended.push_back(c); }
};

TEST_CASE("a wait is told when it is decided, and the talk when it is over") {
  script s;
  contact_tracker t;
  seen told;
  t.add(contact_queued{s.head(0), 3, subject_of(7)});
  t.advance(at(5), told);
  CHECK(told.entries == std::vector<queue_entry>{{subject_of(1), 3, at(0), 1}});
  CHECK(told.exits.empty());
  t.add(contact_answered{s.head(10), 3, 9s});
  t.advance(at(11), told);
  CHECK(told.exits == std::vector<queue_exit>{{subject_of(1), 3, outcome::answered, at(0), 9s, 1}});
  CHECK(told.ended.empty());
  t.add(contact_ended{s.head(60), 3, 9s, 50s});
  t.advance(at(61), told);
  CHECK(told.exits.size() == 1);
  REQUIRE(told.ended.size() == 1);
  CHECK(told.ended[0].talk == 50s);
}

TEST_CASE("each kind of record has a watermark of its own") {
  script s;
  contact_tracker t;
  t.add(contact_queued{s.head(0, 1), 0, {}});
  t.add(contact_answered{s.head(5, 1), 0, {}});
  t.add(contact_queued{s.head(20, 2), 0, {}});
  t.advance(at(30), [](const contact&) {});
  CHECK(t.low_watermark(contact_record::entered) == at(30));
  CHECK(t.low_watermark(contact_record::left_queue) == at(20));  // who talks holds no service level
  CHECK(t.low_watermark(contact_record::ended) == at(0));
  CHECK(t.low_watermark() == at(0));
  t.add(contact_left{s.head(31, 2), 0, outcome::abandoned, {}});
  t.advance(at(32), [](const contact&) {});
  CHECK(t.low_watermark(contact_record::left_queue) == at(32));
}

TEST_CASE("every stay yields one of each record, whatever becomes of it, and both say the same") {
  script s;
  contact_tracker t(shard(), 1000s);
  t.add(contact_queued{s.head(0, 1), 0, {}});  // answered without an answer line
  t.add(contact_ended{s.head(50, 1), 0, 7s, 43s});
  t.add(contact_queued{s.head(60, 2), 0, {}});  // left after an answer
  t.add(contact_answered{s.head(65, 2), 0, {}});
  t.add(contact_left{s.head(66, 2), 0, outcome::abandoned, {}});
  t.add(contact_queued{s.head(70, 3), 0, {}});  // in again without having left
  t.add(contact_queued{s.head(80, 3), 0, {}});
  t.add(contacts_restarted{{at(90), {}, 99}});
  t.add(contact_queued{s.head(100, 4), 0, {}});  // given up
  seen told;
  t.advance(instant::max(), told);
  CHECK(told.entries.size() == 5);
  REQUIRE(told.exits.size() == 5);
  REQUIRE(told.ended.size() == 5);
  const auto by_entry = [](const auto& a, const auto& b) { return a.entered < b.entered; };
  std::sort(told.exits.begin(), told.exits.end(), by_entry);
  std::sort(told.ended.begin(), told.ended.end(), by_entry);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(told.exits[i].how == told.ended[i].how);
    CHECK(told.exits[i].wait == told.ended[i].wait);
    CHECK(told.exits[i].entered == told.ended[i].entered);
    CHECK(told.exits[i].position == told.ended[i].position);
  }
}

TEST_CASE("a live service level is what has left the queue and who waits, each once") {
  script s;
  contact_tracker t;
  tally<service_level> decided({.within = 20s});
  const auto count = [](tally<service_level>& level) {
    return [&level](const queue_exit& e) {
      level.add(std::int64_t{e.wait.count()}, static_cast<std::uint8_t>(e.how));
    };
  };
  t.add(contact_queued{s.head(0, 1), 0, {}});
  t.add(contact_answered{s.head(5, 1), 0, {}});  // talks
  t.add(contact_queued{s.head(10, 2), 0, {}});   // waits for 30 s
  t.add(contact_queued{s.head(35, 3), 0, {}});   // waits for 5 s
  t.advance(at(40), count(decided));
  CHECK(decided.result().rows() == 1);
  tally<service_level> live = decided;
  t.open(at(40), count(live));
  CHECK(*live.result().value() == 50.0);
  CHECK(live.result().n() == 2);
  CHECK(live.result().ledger().pending == 1);
}

}  // namespace contact_tracker_test
