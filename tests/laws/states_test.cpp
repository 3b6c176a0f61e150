// SPDX-License-Identifier: Apache-2.0
// States under the laws of the house (docs/map.md): one line each. Something new is one line more.
#include <cstddef>
#include <cstdint>
#include <utility>

#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/duration_distribution.hpp>
#include <cxmetrics/state/duration_moments.hpp>
#include <cxmetrics/state/log_histogram.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/state/weighted_counts.hpp>

#include "rows.hpp"
#include "state_laws.hpp"

using namespace cxmetrics;
using namespace laws;

namespace {

// What states are filled with, and how.
const auto any_class = rc::gen::inRange<std::size_t>(0, 5);
const auto any_hit = rc::gen::arbitrary<bool>();
const auto any_length = rc::gen::suchThat(
    any_value<std::int64_t>(), [](std::int64_t us) { return us >= 0 && us <= max_duration.count(); });
const auto any_weight = rc::gen::pair(
    any_class, rc::gen::suchThat(any_value<std::int64_t>(),
                                 [](std::int64_t steps) { return steps >= 1 && steps <= max_weight; }));
const auto any_wait = rc::gen::pair(any_length, any_hit);

const auto add_class = [](auto& s, std::size_t i) { ++s.of[i]; };
const auto add_hit = [](auto& s, bool hit) { s.add(hit); };
const auto add_length = [](auto& s, std::int64_t us) { s.add(duration(us)); };
const auto add_weight = [](auto& s, std::pair<std::size_t, std::int64_t> x) { s.of[x.first].add(x.second); };
const auto add_wait = [](waits& s, std::pair<std::int64_t, bool> x) {
  if (x.second)
    s.distribution.add(duration(x.first));
  else
    ++s.pending;
};

}  // namespace

TEST_CASE("state: counts") { state_laws<counts<5>>(any_class, add_class); }
TEST_CASE("state: weighted_counts") { state_laws<weighted_counts<5>>(any_weight, add_weight); }
TEST_CASE("state: share") { state_laws<share>(any_hit, add_hit); }
TEST_CASE("state: duration_moments") { state_laws<duration_moments>(any_length, add_length); }
TEST_CASE("state: log_histogram") { state_laws<log_histogram>(any_length, add_length); }
TEST_CASE("state: duration_distribution") { state_laws<duration_distribution>(any_length, add_length); }
TEST_CASE("state: waits") { state_laws<waits>(any_wait, add_wait); }
