// SPDX-License-Identifier: Apache-2.0
// The bytes of everything that can be stored, as files beside this one; README.md says when they may change.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/chain_tracker.hpp>
#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/handle_time.hpp>
#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/transfer_rate.hpp>
#include <cxmetrics/contact/transfers_per_contact.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/core/shard.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/duration_distribution.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/response_rate.hpp>
#include <cxmetrics/survey/weighted.hpp>

using namespace cxmetrics;
using namespace std::chrono_literals;

namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text += digits[byte >> 4];
    text += digits[byte & 15];
    if (i % 8 == 7 || i + 1 == bytes.size()) text += '\n';
  }
  return text;
}

void is_golden(const std::string& name, const std::string& bytes) {
  const std::string path = CXMETRICS_PROJECT_DIR "/tests/golden/" + name + ".hex";
  std::ifstream file(path);
  const std::string kept{std::istreambuf_iterator<char>(file), {}};
  CHECK_MESSAGE(hex(bytes) == kept, path, " should hold:\n", hex(bytes));
}

template <class State>
void state_is_golden(const std::string& name, const State& s) {
  writer w;
  s.encode(w);
  const std::string bytes = std::move(w).take();
  is_golden(name, bytes);
  reader r(bytes);
  CHECK(State::decode(r) == s);
  CHECK_NOTHROW(r.expect_end());
}

template <metric M>
void tally_is_golden(const std::string& name, const tally<M>& t) {
  is_golden(name, t.encode());
  CHECK(tally<M>::decode(t.encode()) == t);
}

instant at(std::int64_t second) { return instant(std::chrono::seconds(second)); }

using waits_column = std::vector<std::int64_t>;
using labels_column = std::vector<std::uint8_t>;
constexpr std::int64_t second = 1'000'000;

// Answered at once, answered late, abandoned early and late, still waiting within and beyond, and rows that
// are none.
const waits_column wait{0,          90 * second,  2 * second, 45 * second,
                        5 * second, 300 * second, -1,         absent<std::int64_t>::missing};
const labels_column how{0, 0, 1, 1, 12, 12, 0, 0};

}  // namespace

TEST_CASE("state: counts") { state_is_golden("counts", counts<3>{{1, 256, 65'536}}); }
TEST_CASE("state: share") { state_is_golden("share", share{7, 300}); }
TEST_CASE("state: duration_distribution") {
  duration_distribution d;
  for (const auto value : {0s, 1s, 1s, 3s}) d.add(value);
  d.add(max_duration);
  state_is_golden("duration_moments", d.moments);
  duration_distribution close;
  for (const auto value : {100us, 127us, 128us, 129us, 131us}) close.add(value);
  state_is_golden("duration_distribution", close);
  state_is_golden("log_histogram", close.histogram);
}
TEST_CASE("state: shard") { state_is_golden("shard", shard(8, {5, 0, 2})); }

TEST_CASE("tally: nps") {
  tally<nps> t;
  t.update({std::vector<std::int8_t>{0, 3, 6, 7, 8, 9, 10, 10, 11, -128, -126}}, on_invalid::count);
  tally_is_golden("nps", t);
}
TEST_CASE("tally: csat") {
  tally<csat> t({csat_scale::one_to_ten});
  t.update({std::vector<std::int8_t>{0, 1, 5, 8, 8, 10, 11, -128, -126}}, on_invalid::count);
  tally_is_golden("csat", t);
}
TEST_CASE("tally: ces") {
  tally<ces> t({ces_scale::effort});
  t.update({std::vector<std::int8_t>{0, 1, 2, 2, 5, 6, 7, -128, -126}}, on_invalid::count);
  tally_is_golden("ces", t);
}
TEST_CASE("tally: response_rate") {
  tally<response_rate> t;
  t.update({labels_column{1, 0, 0, 2, 255}}, on_invalid::count);
  tally_is_golden("response_rate", t);
}
TEST_CASE("tally: weighted<nps>") {
  tally<weighted<nps>> t;
  t.update({std::vector<std::int8_t>{0, 6, 7, 10, 10, 9, 11, 8, -128},
            std::vector<std::int64_t>{weight_one, weight_one / 2, 3, max_weight, 1, 0, 1, -1, weight_one}},
           on_invalid::count);
  tally_is_golden("weighted_nps", t);
}
TEST_CASE("tally: service_level") {
  tally<service_level> t({20s, 5s, threshold_comparison::below, 2s});
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("service_level", t);
}
TEST_CASE("tally: abandonment") {
  tally<abandonment> t({5s});
  t.update({labels_column{0, 0, 1, 2, 3, 4, 12, 13, 14, 255}}, on_invalid::count);
  tally_is_golden("abandonment", t);
}
TEST_CASE("tally: wait_time") {
  tally<wait_time> t({wait_population::abandoned, contact_clock::contact});
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("wait_time", t);
}
TEST_CASE("tally: talk_time") {
  tally<talk_time> t;
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("talk_time", t);
}
TEST_CASE("tally: handle_time") {
  tally<handle_time> t;
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("handle_time", t);
}
TEST_CASE("tally: hold_time_of_answered") {
  tally<hold_time_of_answered> t;
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("hold_time_of_answered", t);
}
TEST_CASE("tally: hold_time") {
  tally<hold_time> t;
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("hold_time", t);
}
TEST_CASE("tally: transfer_rate") {
  tally<transfer_rate> t;
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("transfer_rate", t);
}
TEST_CASE("tally: transfers_per_contact") {
  tally<transfers_per_contact> t;
  t.update({std::array<std::int64_t, 5>{0, 1, 3, 2, -1}, std::array<std::uint8_t, 5>{0, 0, 0, 12, 0}},
           on_invalid::count);
  tally_is_golden("transfers_per_contact", t);
}
TEST_CASE("tally: first_contact_resolution") {
  tally<first_contact_resolution> t({24h,
                                     repeat_clock::entered,
                                     repeat_order::chain,
                                     reason_match::exact,
                                     {outcome::answered},
                                     {outcome::answered, outcome::abandoned}});
  t.update({labels_column{0, 0, 1, 2, 3, 15, 16, 17, 18, 19, 20, 21, 255, 253}}, on_invalid::count);
  tally_is_golden("first_contact_resolution", t);
}

TEST_CASE("tracker: contact_tracker") {
  contact_tracker t(shard(), 1h);
  t.add(contact_queued{{at(10), {1, 2}, 1}, 0, subject{3, 4}});
  t.add(contact_queued{{at(20), {5, 6}, 2}, 1, std::nullopt, earlier_legs{{at(5), {5, 6}, 0}, 2}});
  t.add(contact_answered{{at(30), {1, 2}, 3}, 0, 19s});
  t.advance(at(40), [](const contact&) {});
  t.add(contact_left{{at(50), {5, 6}, 4}, 1, outcome::timeout, std::nullopt});
  t.add(contact_transferred{{at(60), {1, 2}, 5}, 0, outcome::transferred_blind, std::nullopt, 30s});
  t.add(contact_taken_over{{at(60), {5, 6}, 5}, 1, subject{3, 4}, {{at(10), {1, 2}, 1}, 1}});
  state_is_golden("contact_tracker", t);
}
TEST_CASE("tracker: chain_tracker") {
  chain_tracker t(shard(), 1h, 2h);
  contact leg{
      .id = {1, 2}, .customer = subject{3, 4}, .how = outcome::answered, .entered = at(10), .wait = 5s};
  leg.talk = 20s;
  leg.ended = at(35);
  leg.transfers = 1;
  leg.position = 7;
  leg.transfer = outcome::transferred_blind;
  t.add(leg);
  contact next{.id = {1, 2}, .queue = 1, .how = outcome::abandoned, .entered = at(40), .wait = 9s};
  next.position = 8;
  next.before = earlier_legs{{at(10), {1, 2}, 7}, 1};
  t.add(next);
  t.advance(at(5), [](const contact&) {});
  state_is_golden("chain_tracker", t);
}
TEST_CASE("tracker: repeat_tracker") {
  repeat_tracker t({24h, repeat_clock::ended, repeat_order::chain, reason_match::group, {outcome::answered}});
  t.add({{1, 2}, at(10), 1, at(70), subject{5, 6}, outcome::answered, true, false});
  t.add({{1, 2}, at(100), 2, std::nullopt, std::nullopt, outcome::abandoned, false, true});
  t.advance(at(20), [](const followed_contact&) {});
  state_is_golden("repeat_tracker", t);
}
