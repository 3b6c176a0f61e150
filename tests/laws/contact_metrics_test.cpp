// SPDX-License-Identifier: Apache-2.0
// Metrics of contacts under the laws of the house (docs/map.md): one line each. Something new is one line
// more.
#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/handle_time.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/transfer_rate.hpp>
#include <cxmetrics/contact/transfers_per_contact.hpp>
#include <cxmetrics/contact/wait_time.hpp>

#include "metric_laws.hpp"

using namespace cxmetrics;
using namespace laws;
using namespace std::chrono_literals;

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
TEST_CASE("metric: handle_time") { metric_laws<handle_time>({{}}); }
TEST_CASE("metric: hold_time") { metric_laws<hold_time>({{}}); }
TEST_CASE("metric: hold_time_of_answered") { metric_laws<hold_time_of_answered>({{}}); }
TEST_CASE("metric: first_contact_resolution") {
  metric_laws<first_contact_resolution>({{},
                                         {24h},
                                         {24h, repeat_clock::entered},
                                         {.order = repeat_order::chain},
                                         {.reason = reason_match::exact},
                                         {.first = {outcome::answered}},
                                         {.repeats = {outcome::answered}}});
}
