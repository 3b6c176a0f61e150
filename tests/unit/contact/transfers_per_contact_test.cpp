// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/transfers_per_contact.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/engine/tally.hpp>

namespace transfers_per_contact_test {

namespace {

using namespace cxmetrics;

static_assert(collecting<transfers_per_contact>);

constexpr auto answered = static_cast<std::uint8_t>(outcome::answered);

TEST_CASE("transfers are divided by answered contacts") {
  tally<transfers_per_contact> t;
  for (std::int64_t transfers : {0, 2, 0, 1}) t.add(transfers, answered);
  t.add(std::int64_t{0}, static_cast<std::uint8_t>(outcome::abandoned));
  t.add(std::int64_t{0}, static_cast<std::uint8_t>(outcome::unfinished));
  const result r = t.result();
  CHECK(*r.value() == 0.75);
  CHECK(r.count("transfers") == 3);
  CHECK(r.count("passed_on") == 2);
  CHECK(r.ledger() == ledger{.counted = 4, .excluded = 1, .pending = 1});
  // Student with 3 degrees of freedom: t = 3.182446 (any table), s^2 = (5 - 9 / 4) / 3
  CHECK(r.interval()->high == doctest::Approx(0.75 + 3.182446 * 0.478714).epsilon(1e-6));
  CHECK(r.interval()->low == 0);
}

TEST_CASE("nothing answered is no answer, and contacts that are all alike have no interval") {
  tally<transfers_per_contact> t;
  CHECK(!t.result().value());
  t.add(std::int64_t{1}, answered);
  CHECK(!t.result().interval());
  t.add(std::int64_t{1}, answered);
  CHECK(*t.result().value() == 1);
  CHECK(!t.result().interval());
}

TEST_CASE("a negative count, or one of thousands, is invalid") {
  tally<transfers_per_contact> t;
  t.update(
      {std::vector<std::int64_t>{-1, 1025, 1024}, std::vector<std::uint8_t>{answered, answered, answered}},
      on_invalid::count);
  CHECK(t.ledger().invalid == 2);
  CHECK(t.ledger().counted == 1);
}

}  // namespace

}  // namespace transfers_per_contact_test
