// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/chain_tracker.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>

namespace chain_tracker_test {

namespace {

using namespace cxmetrics;
using namespace std::chrono_literals;

static_assert(tracker<chain_tracker>);
static_assert(state<chain_tracker>);

using contacts = std::vector<contact>;

instant at(std::int64_t second) { return instant(std::chrono::seconds(second)); }

contact leg(std::int64_t entered, std::int64_t wait, outcome how, std::optional<std::int64_t> talk,
            std::optional<earlier_legs> before = std::nullopt) {
  contact c;
  c.id = before ? before->first.whose : subject_of(1);
  c.customer = subject_of(7);
  c.how = how;
  c.entered = at(entered);
  c.wait = std::chrono::seconds(wait);
  if (talk) c.talk = std::chrono::seconds(*talk);
  c.ended = at(entered + wait + talk.value_or(0));
  c.position = static_cast<std::uint64_t>(entered);
  c.before = before;
  return c;
}
earlier_legs behind(const contact& first, std::uint32_t count = 1) {
  return {{first.entered, first.id, first.position}, count};
}
contacts advanced(chain_tracker& t, instant watermark) {
  contacts out;
  t.advance(watermark, [&](const contact& c) { out.push_back(c); });
  return out;
}

TEST_CASE("a call that times out in a queue and is answered in the next is one contact, answered") {
  const contact first = leg(0, 20, outcome::timeout, std::nullopt);
  contact second = leg(21, 9, outcome::answered, 10, behind(first));
  second.queue = 1;
  const contact whole = whole_contact(std::array{first, second});
  CHECK(whole.id == first.id);
  CHECK(whole.leg() == 1);
  CHECK(whole.queue == 0);
  CHECK(whole.how == outcome::answered);
  CHECK(whole.entered == at(0));
  CHECK(whole.position == first.position);
  CHECK(whole.wait == 30s);
  CHECK(whole.talk == 10s);
  CHECK(whole.ended == at(40));
}

TEST_CASE(
    "the attended transfer of contacts.md section 3.6 is one contact, passed on once, that ended at 570") {
  // asterisk/asterisk #759: legs (1501, wait 12, talk 120, attended), (1509, wait 7, talk 173)
  contact first = leg(259, 12, outcome::answered, 120);
  first.transfers = 1;
  first.transfer = outcome::transferred_attended;
  const contact second = leg(390, 7, outcome::answered, 173, behind(first));
  const contact whole = whole_contact(std::array{first, second});
  CHECK(whole.wait == 12s);
  CHECK(whole.talk == 293s);
  CHECK(whole.transfers == 1);
  CHECK(whole.transfer == outcome::transferred_attended);
  CHECK(whole.ended == at(570));
}

TEST_CASE("what no leg answered is left as the last leg was, and has waited up to then") {
  const contact first = leg(0, 20, outcome::timeout, std::nullopt);
  const contact second = leg(25, 5, outcome::abandoned, std::nullopt, behind(first));
  const contact whole = whole_contact(std::array{first, second});
  CHECK(whole.how == outcome::abandoned);
  CHECK(whole.wait == 30s);
  CHECK(!whole.talk);
}

TEST_CASE("a contact has no end while its last leg has none, and no talk where one answer has none") {
  const contact first = leg(0, 20, outcome::answered, 30);
  contact second = leg(60, 5, outcome::answered, std::nullopt, behind(first));
  second.ended.reset();
  const contact whole = whole_contact(std::array{first, second});
  CHECK(!whole.ended);
  CHECK(!whole.talk);
}

TEST_CASE("the customer is that of the first leg that knows one") {
  contact first = leg(0, 20, outcome::timeout, std::nullopt);
  first.customer.reset();
  const contact second = leg(21, 9, outcome::answered, 10, behind(first));
  CHECK(whole_contact(std::array{first, second}).customer == subject_of(7));
}

TEST_CASE("a contact is told when no further leg can come: later than the gap after its last end") {
  chain_tracker t({}, 60s);
  t.add(leg(0, 20, outcome::timeout, std::nullopt));
  CHECK(advanced(t, at(80)).empty());
  CHECK(t.low_watermark() == at(0));
  const contacts told = advanced(t, at(80) + 1us);
  REQUIRE(told.size() == 1);
  CHECK(told[0].how == outcome::timeout);
  CHECK(t.remembered() == 0);
  CHECK(t.low_watermark() == at(80) + 1us);
}

TEST_CASE("a leg that entered at the last instant of the gap goes on with its contact, one later does not") {
  const contact first = leg(0, 20, outcome::timeout, std::nullopt);
  for (const std::int64_t entered : {80, 81}) {
    chain_tracker t({}, 60s);
    t.add(first);
    t.add(leg(entered, 5, outcome::answered, 5, behind(first)));
    CHECK(advanced(t, instant::max()).size() == (entered == 80 ? 1 : 2));
  }
}

TEST_CASE(
    "a leg that was given up without an end keeps its contact open for as long as a tracker keeps one") {
  chain_tracker t({}, 60s, 1000s);
  contact open = leg(0, 20, outcome::unfinished, std::nullopt);
  open.ended.reset();
  t.add(open);
  CHECK(advanced(t, at(1060)).empty());
  CHECK(advanced(t, at(1061)).size() == 1);
}

TEST_CASE("legs come in any order, and the same one twice changes nothing") {
  const contact first = leg(0, 20, outcome::timeout, std::nullopt);
  const contact second = leg(21, 9, outcome::answered, 10, behind(first));
  chain_tracker t;
  for (const contact& each : {second, first, second}) t.add(each);
  const contacts told = advanced(t, instant::max());
  REQUIRE(told.size() == 1);
  CHECK(told[0] == whole_contact(std::array{first, second}));
}

TEST_CASE("a leg that entered before the watermark is late") {
  chain_tracker t;
  t.advance(at(10), [](const contact&) {});
  t.add(leg(9, 1, outcome::answered, 1));
  CHECK(t.late() == 1);
  CHECK(t.remembered() == 0);
}

TEST_CASE("the present holds contacts whose chain is open, by the legs that had entered") {
  const contact first = leg(0, 20, outcome::timeout, std::nullopt);
  chain_tracker t;
  t.add(first);
  t.add(leg(21, 9, outcome::answered, 10, behind(first)));
  contacts now;
  t.open(at(20), [&](const contact& c) { now.push_back(c); });
  REQUIRE(now.size() == 1);
  CHECK(now[0].how == outcome::timeout);
  t.open(at(21), [&](const contact& c) { now.push_back(c); });
  CHECK(now.back().how == outcome::answered);
}

TEST_CASE("one call through two queues is not its own repeat") {
  // events -> legs -> contacts -> who came back, as the documentation has it
  contact_tracker legs;
  chain_tracker chains;
  repeat_tracker repeats;
  const envelope first{at(0), subject_of(1), 1};
  const auto say = [&](const contact_event& e) { legs.add(e); };
  say(contact_queued{first, 0, subject_of(7)});
  say(contact_left{{at(20), subject_of(1), 2}, 0, outcome::timeout, 20s});
  say(contact_queued{{at(21), subject_of(1), 3}, 1, subject_of(7), earlier_legs{first, 1}});
  say(contact_answered{{at(30), subject_of(1), 4}, 1, 9s});
  say(contact_ended{{at(40), subject_of(1), 5}, 1, 9s, 10s});
  std::vector<followed_contact> told;
  for (const instant now : {at(25), at(50), at(5000), at(30 * 86400)}) {
    legs.advance(now, [&](const contact& c) { chains.add(c); });
    chains.advance(legs.low_watermark(), [&](const contact& c) { repeats.add(*of_customer(c)); });
    repeats.advance(chains.low_watermark(), [&](const followed_contact& f) { told.push_back(f); });
  }
  REQUIRE(told.size() == 1);
  CHECK(told[0].after == followup::resolved);
  CHECK(told[0].what.ended == at(40));
}

TEST_CASE("an impossible gap is refused") {
  CHECK_THROWS_AS(chain_tracker({}, -1s), unit_error);
  CHECK_THROWS_AS(chain_tracker({}, 1h, max_duration + 1us), unit_error);
}

}  // namespace

}  // namespace chain_tracker_test
