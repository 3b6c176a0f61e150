// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/contact_records.hpp>

#include <doctest/doctest.h>

#include <concepts>

namespace contact_records_test {

namespace {

using namespace cxmetrics;

static_assert(std::regular<queue_entry> && std::regular<queue_exit>);

// contact_tracker_test.cpp tests when they are told.
TEST_CASE("an exit of which nothing is known yet is of somebody who waits") {
  CHECK(queue_exit{}.how == outcome::unfinished);
  CHECK(queue_exit{}.wait == duration::zero());
}

TEST_CASE("two exits of one stay differ by what came of it") {
  queue_exit waiting, left;
  left.how = outcome::abandoned;
  CHECK(waiting != left);
  left = waiting;
  CHECK(waiting == left);
}

}  // namespace

}  // namespace contact_records_test
