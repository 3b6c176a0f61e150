// SPDX-License-Identifier: Apache-2.0
// Trackers under the laws of the house (docs/map.md): one line each. Something new is one line more.
#include "tracker_laws.hpp"
#include "worlds.hpp"

using namespace cxmetrics;
using namespace laws;

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
