// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/contact.hpp>

#include <doctest/doctest.h>

#include <chrono>

namespace contact_test {

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

TEST_CASE("a contact without legs before it is its first leg, and both clocks are one") {
  const cx::contact c{.entered = cx::instant(100s), .wait = 12s};
  CHECK(c.leg() == 1);
  CHECK(c.first_entered() == c.entered);
  CHECK(c.wait_contact() == 12s);
}

TEST_CASE("the clock of a later leg's contact runs from the first entry and has an end") {
  cx::contact c{.entered = cx::instant(390s), .wait = 7s};
  c.before = {{cx::instant(259s), {1, 2}, 5}, 2};
  CHECK(c.leg() == 3);
  CHECK(c.first_entered() == cx::instant(259s));
  CHECK(c.wait_contact() == 138s);
  c.before->first.at = cx::instant(400s);  // an agent had waited longer than the customer
  CHECK(c.wait_contact() == 7s);
  c.before->first.at = cx::instant::min();
  c.entered = cx::instant::max();
  CHECK(c.wait_contact() == cx::max_duration);
}

}  // namespace contact_test
