// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/contact.hpp>

#include <doctest/doctest.h>

#include <chrono>

namespace cx = cxmetrics;
using namespace std::chrono_literals;

TEST_CASE("a contact of which nothing is known yet is unfinished, and never an abandon") {
  const cx::contact c;
  CHECK(c.how == cx::outcome::unfinished);
  CHECK(c.wait == 0us);
  CHECK_FALSE(c.customer.has_value());
  CHECK_FALSE(c.talk.has_value());
  CHECK_FALSE(c.ended.has_value());
}

TEST_CASE("contacts are equal when all that is known of them is") {
  const cx::contact a{.queue = 1, .how = cx::outcome::answered, .wait = 12s, .talk = 120s};
  cx::contact b = a;
  CHECK(a == b);
  b.talk = 121s;
  CHECK(a != b);
  b = a;
  b.customer = cx::subject{1, 2};
  CHECK(a != b);
  b = a;
  b.position = 1;
  CHECK(a != b);
}
