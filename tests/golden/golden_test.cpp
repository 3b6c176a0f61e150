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
#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/core/shard.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/duration_distribution.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/survey/nps.hpp>

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
TEST_CASE("tally: service_level") {
  tally<service_level> t({20s, 5s});
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("service_level", t);
}
TEST_CASE("tally: abandonment") {
  tally<abandonment> t;
  t.update({labels_column{0, 0, 1, 2, 3, 4, 12, 13, 255}}, on_invalid::count);
  tally_is_golden("abandonment", t);
}
TEST_CASE("tally: wait_time") {
  tally<wait_time> t({wait_population::abandoned});
  t.update({wait, how}, on_invalid::count);
  tally_is_golden("wait_time", t);
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
  t.add(contact_queued{{at(20), {5, 6}, 2}, 1, std::nullopt});
  t.add(contact_answered{{at(30), {1, 2}, 3}, 0, 19s});
  t.advance(at(40), [](const contact&) {});
  t.add(contact_left{{at(50), {5, 6}, 4}, 1, outcome::timeout, std::nullopt});
  t.add(contact_transferred{{at(60), {1, 2}, 5}, 0, outcome::transferred_blind, std::nullopt, 30s});
  state_is_golden("contact_tracker", t);
}
TEST_CASE("tracker: repeat_tracker") {
  repeat_tracker t({24h, repeat_clock::ended, repeat_order::chain, reason_match::group, {outcome::answered}});
  t.add({{1, 2}, at(10), 1, at(70), subject{5, 6}, outcome::answered, true, false});
  t.add({{1, 2}, at(100), 2, std::nullopt, std::nullopt, outcome::abandoned, false, true});
  t.advance(at(20), [](const followed_contact&) {});
  state_is_golden("repeat_tracker", t);
}
