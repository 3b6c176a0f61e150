// SPDX-License-Identifier: Apache-2.0
// Everything that is under the laws of the house (docs/map.md): one line each. Something new is one line
// more.
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/handle_time.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/transfer_rate.hpp>
#include <cxmetrics/contact/transfers_per_contact.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/duration_distribution.hpp>
#include <cxmetrics/state/duration_moments.hpp>
#include <cxmetrics/state/log_histogram.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/state/weighted_counts.hpp>
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/response_rate.hpp>
#include <cxmetrics/survey/weighted.hpp>

#include "metric_laws.hpp"
#include "state_laws.hpp"
#include "tracker_laws.hpp"
#include "worlds.hpp"

using namespace cxmetrics;
using namespace laws;
using namespace std::chrono_literals;

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

TEST_CASE("metric: nps") { metric_laws<nps>({{}}); }
TEST_CASE("metric: csat") { metric_laws<csat>({{}, {csat_scale::one_to_ten}, {csat_scale::smileys}}); }
TEST_CASE("metric: ces") { metric_laws<ces>({{}, {ces_scale::effort}}); }
TEST_CASE("metric: response_rate") { metric_laws<response_rate>({{}}); }
TEST_CASE("metric: weighted<nps>") { metric_laws<weighted<nps>>({{}}); }
TEST_CASE("metric: weighted<csat>") { metric_laws<weighted<csat>>({{}, {{csat_scale::one_to_ten}}}); }
TEST_CASE("metric: weighted<ces>") { metric_laws<weighted<ces>>({{}, {{ces_scale::effort}}}); }
TEST_CASE("metric: service_level") {
  metric_laws<service_level>({{20s},
                              {30s},
                              {20s, 5s},
                              {20s, 0s},
                              {.within = 20s, .comparison = threshold_comparison::below},
                              {.within = 20s, .short_answer = 5s},
                              {.within = 20s, .attribution = level_attribution::event},
                              {.within = 20s, .attribution = level_attribution::service_level_event},
                              {.within = 20s, .clock = contact_clock::contact}});
}
TEST_CASE("metric: abandonment") {
  metric_laws<abandonment>({{}, {0s}, {5s}, {.clock = contact_clock::contact}});
}
TEST_CASE("metric: wait_time") {
  metric_laws<wait_time>(
      {{}, {wait_population::abandoned}, {wait_population::all}, {.clock = contact_clock::contact}});
}
TEST_CASE("metric: talk_time") { metric_laws<talk_time>({{}}); }
TEST_CASE("metric: transfer_rate") { metric_laws<transfer_rate>({{}}); }
TEST_CASE("metric: transfers_per_contact") { metric_laws<transfers_per_contact>({{}}); }
TEST_CASE("metric: hold_time") { metric_laws<hold_time>({{}}); }
TEST_CASE("metric: first_contact_resolution") {
  metric_laws<first_contact_resolution>({{},
                                         {24h},
                                         {24h, repeat_clock::entered},
                                         {.order = repeat_order::chain},
                                         {.reason = reason_match::exact},
                                         {.first = {outcome::answered}},
                                         {.repeats = {outcome::answered}}});
}

TEST_CASE("tracker: contact_tracker") { tracker_laws<contact_world>(); }
TEST_CASE("tracker: contact_tracker, of exits") { tracker_laws<exit_world>(); }
TEST_CASE("tracker: chain_tracker") { tracker_laws<chain_world>(); }
TEST_CASE("tracker: repeat_tracker, from the end") { tracker_laws<repeat_world<repeat_clock::ended>>(); }
TEST_CASE("tracker: repeat_tracker, from the entry") { tracker_laws<repeat_world<repeat_clock::entered>>(); }
TEST_CASE("tracker: repeat_tracker, in chains of one reason") {
  tracker_laws<repeat_world<repeat_clock::ended, repeat_order::chain>>();
}
TEST_CASE("tracker: repeat_tracker, in chains from the entry") {
  tracker_laws<repeat_world<repeat_clock::entered, repeat_order::chain>>();
}
