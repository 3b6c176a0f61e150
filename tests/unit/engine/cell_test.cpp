// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/cell.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/survey/nps.hpp>

namespace cell_test {

namespace cx = cxmetrics;

namespace {

using scores = cx::absent<std::int8_t>;
using labels = cx::absent<std::uint8_t>;
using times = cx::absent<std::int64_t>;

constexpr std::uint64_t most = ~std::uint64_t{0};

template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const cx::state_error& e) {
    return e.what();
  }
  return "no error";
}

std::string header(std::string_view magic, std::uint64_t codec, std::string_view name,
                   std::uint64_t version) {
  cx::writer w;
  w.put(magic);
  w.put(codec);
  w.put(name);
  w.put(version);
  return std::move(w).take();
}

void expect(const std::string& bytes) {
  cx::reader r(bytes);
  cx::expect_header(r, "nps", 1);
}

}  // namespace

TEST_CASE("a row is one thing: missing outranks invalid outranks excluded outranks what the metric says") {
  const cx::service_level sl;
  const auto look = [&](std::int64_t wait, std::uint8_t how) {
    return cx::cell<cx::service_level>::look(sl, wait, how);
  };
  CHECK(look(5, 0) == cx::verdict::counted);
  CHECK(look(-5, 0) == cx::verdict::invalid);
  CHECK(look(times::missing, labels::invalid) == cx::verdict::missing);
  CHECK(look(times::excluded, labels::missing) == cx::verdict::missing);
  CHECK(look(times::excluded, labels::invalid) == cx::verdict::invalid);
  CHECK(look(times::excluded, 0) == cx::verdict::excluded);
  CHECK(look(-5, labels::excluded) == cx::verdict::excluded);  // left out: its wait does not matter
}

TEST_CASE("a metric never sees an absent value, coded or collecting") {
  cx::cell<cx::nps> answers;
  for (const std::int8_t score : {scores::missing, scores::invalid, scores::excluded})
    answers.add(cx::nps{}, score);
  CHECK(answers.state == cx::nps::state{});
  CHECK(answers.rejected == cx::rejections{1, 1, 1});

  cx::cell<cx::wait_time> waits;
  for (const std::int64_t wait : {times::missing, times::invalid, times::excluded})
    waits.add(cx::wait_time{}, wait, std::uint8_t{0});
  CHECK(waits.state == cx::waits{});
  CHECK(waits.rejected == cx::rejections{1, 1, 1});
}

TEST_CASE("a batch is the same as its rows, across the ends of blocks") {
  const cx::service_level sl;
  for (const std::size_t size : {0u, 1u, 4095u, 4096u, 4097u, 10'000u}) {
    std::vector<std::int64_t> wait;
    std::vector<std::uint8_t> how;
    cx::cell<cx::service_level> one_by_one, batch;
    for (std::size_t i = 0; i < size; ++i) {
      wait.push_back(i % 97 == 0 ? times::missing
                                 : static_cast<std::int64_t>(i * 7'919'000 % 60'000'000) - 1'000);
      how.push_back(static_cast<std::uint8_t>(i % 16));
      one_by_one.add(sl, wait.back(), how.back());
    }
    batch.add_batch(sl, {wait, how});
    REQUIRE(batch == one_by_one);
    REQUIRE(batch.account(sl).rows() == size);
  }
}

TEST_CASE("columns of different lengths are refused") {
  cx::cell<cx::service_level> c;
  const std::vector<std::int64_t> wait{1, 2};
  const std::vector<std::uint8_t> how{0};
  CHECK_THROWS_WITH_AS(c.add_batch({}, {wait, how}),
                       "the columns of one batch have different lengths: give one value a row in each",
                       cx::column_error);
  CHECK(c == cx::cell<cx::service_level>{});
}

TEST_CASE("the ledger has what the state holds and what it does not") {
  cx::cell<cx::service_level> c;
  const cx::service_level sl{.within = cx::duration(20), .short_abandon = cx::duration(5)};
  const auto row = [&](std::int64_t wait, cx::outcome how) {
    c.add(sl, wait, static_cast<std::uint8_t>(how));
  };
  row(1, cx::outcome::answered);
  row(2, cx::outcome::abandoned);   // short: excluded by the definition
  row(3, cx::outcome::unfinished);  // pending
  row(-4, cx::outcome::answered);   // invalid
  row(times::excluded, cx::outcome::answered);
  row(times::missing, cx::outcome::answered);
  CHECK(c.account(sl) == cx::ledger{.counted = 1, .excluded = 2, .invalid = 1, .missing = 1, .pending = 1});
}

TEST_CASE("a merge that overflows in the state or in the rejections changes nothing") {
  cx::cell<cx::nps> full, one;
  full.state.of[3] = most;
  full.rejected.missing = 7;
  one.state.of[3] = 1;
  one.rejected.missing = 1;
  cx::cell<cx::nps> before = full;
  CHECK_THROWS_AS(full.merge(one), cx::state_error);
  CHECK(full == before);
  full = {};
  full.rejected.missing = most;
  before = full;
  CHECK_THROWS_AS(full.merge(one), cx::state_error);
  CHECK(full == before);
}

TEST_CASE("the first invalid row is named with its value") {
  const std::vector<std::int8_t> column{1, scores::missing, 10, 11, 12};
  CHECK(cx::first_invalid_row(cx::nps{}, {column}) == "row 3: score 11 is outside the scale 0 to 10");
}

TEST_CASE("bytes say whose they are before they are read") {
  CHECK_NOTHROW(expect(header("cxmetrics", 1, "nps", 1)));
  CHECK(message_of([] { expect(header("others", 1, "nps", 1)); }) == "these are no state bytes of cxmetrics");
  CHECK(message_of([] { expect(header("cxmetrics", 9, "nps", 1)); }) ==
        "these state bytes are of codec version 9; this build reads 1: use the cxmetrics that wrote them, or "
        "a newer one");
  CHECK(message_of([] { expect(header("cxmetrics", 1, "ces", 1)); }) ==
        "these state bytes are of ces, not of nps");
  CHECK(message_of([] { expect(header("cxmetrics", 1, "nps", 2)); }) ==
        "these state bytes were made by version 2 of the definition of nps; this build has version 1: "
        "compute them again from the rows");
  CHECK(message_of([] { expect(""); }) == "state bytes end early: the copy is truncated, take it again");
}

}  // namespace cell_test
