// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/contact_clock.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace contact_clock_test {

namespace {

using namespace cxmetrics;

TEST_CASE("a clock is called by its name") {
  CHECK(name_of(contact_clock::leg) == "leg");
  CHECK(name_of(contact_clock::contact) == "contact");
}

TEST_CASE("a clock comes back from its bytes, and one that does not exist is damage") {
  for (const std::uint64_t number : {0U, 1U, 2U}) {
    writer w;
    w.put(number);
    const std::string bytes = std::move(w).take();
    reader r(bytes);
    if (number == 2)
      CHECK_THROWS_AS(static_cast<void>(decode_contact_clock(r)), state_error);
    else
      CHECK(decode_contact_clock(r) == static_cast<contact_clock>(number));
  }
}

}  // namespace

}  // namespace contact_clock_test
