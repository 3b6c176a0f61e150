// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/transfer_rate.hpp>

#include <doctest/doctest.h>

#include <cstdint>

#include <cxmetrics/engine/tally.hpp>

namespace transfer_rate_test {

namespace cx = cxmetrics;
using enum cx::outcome;

namespace {

class calls {
 public:
  calls& operator()(std::int64_t transfers, cx::outcome how = answered) {
    tally_.add(transfers, static_cast<std::uint8_t>(how));
    return *this;
  }
  [[nodiscard]] cx::result read() const { return tally_.result(); }

 private:
  cx::tally<cx::transfer_rate> tally_;
};

}  // namespace

TEST_CASE("the answered contacts that were passed on are counted, however often") {
  const cx::result r = calls()(0)(1)(3)(0).read();
  CHECK(*r.value() == 50.0);
  CHECK(r.count("transferred") == 2);
  CHECK(r.count("answered") == 4);
}

TEST_CASE("what was not answered is excluded, what still waits is pending") {
  const cx::result r = calls()(1)(0, abandoned)(0, transferred_blind)(0, unfinished).read();
  CHECK(*r.value() == 100.0);
  CHECK(r.ledger() == cx::ledger{.counted = 1, .excluded = 2, .pending = 1});
}

TEST_CASE("nothing answered has no figure") {
  CHECK(calls().read().value() == std::nullopt);
  CHECK(calls()(0, abandoned).read().value() == std::nullopt);
}

TEST_CASE("fewer than no transfers, and outcomes that do not exist, are invalid") {
  calls c;
  CHECK_THROWS_WITH_AS(c(-1), "row 0: -1 transfers: no contact is passed on fewer than 0 times",
                       cx::column_error);
  CHECK_THROWS_AS(c(0, static_cast<cx::outcome>(14)), cx::column_error);
}

}  // namespace transfer_rate_test
