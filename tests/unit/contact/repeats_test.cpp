// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/repeats.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>

#include "repeat_worlds.hpp"

namespace {

using namespace cxmetrics;
using namespace repeat_worlds;
using namespace std::chrono_literals;

constexpr std::int64_t none = absent<std::int64_t>::missing;
constexpr auto resolved = static_cast<std::uint8_t>(followup::resolved);
constexpr auto repeat = static_cast<std::uint8_t>(followup::repeat);
constexpr auto resolved_overlapped = static_cast<std::uint8_t>(followup::resolved_overlapped);
constexpr auto repeat_overlapped = static_cast<std::uint8_t>(followup::repeat_overlapped);
constexpr auto pending = static_cast<std::uint8_t>(followup::pending);
constexpr auto open = static_cast<std::uint8_t>(followup::open);
using classes = std::vector<std::uint8_t>;

repeat_rule rule_of(std::int64_t window, repeat_clock clock) { return {duration(window), clock}; }

classes classify(const world& w, const repeat_rule& rule, std::int64_t until, unsigned threads = 1) {
  classes out(w.customer.size());
  classify_repeats({w.customer, w.entered, w.ended}, rule, instant(duration(until)), out, threads);
  return out;
}

}  // namespace

TEST_CASE("a repeat enters strictly after the clock and at most a window later") {
  const repeat_rule by_end = rule_of(10, repeat_clock::ended), by_entry = rule_of(10, repeat_clock::entered);
  // one customer: enters at 0, ends at 5, and again at `second`; two other customers do not matter
  const auto first_of = [](const repeat_rule& rule, std::int64_t second) {
    return classify({{1, 2, 1, 3}, {0, 1, second, 2}, {5, 6, second, 7}}, rule, 1000)[0];
  };
  CHECK(first_of(by_end, 4) == resolved_overlapped);
  CHECK(first_of(by_end, 5) == resolved_overlapped);  // not strictly after the end
  CHECK(first_of(by_end, 6) == repeat);
  CHECK(first_of(by_end, 15) == repeat);
  CHECK(first_of(by_end, 16) == resolved);
  CHECK(first_of(by_entry, 0) == resolved_overlapped);
  CHECK(first_of(by_entry, 1) == repeat);
  CHECK(first_of(by_entry, 10) == repeat);
  CHECK(first_of(by_entry, 11) == resolved);
}

TEST_CASE("a contact that overlaps does not hide one that comes back after the end") {
  CHECK(classify({{1, 1, 1}, {0, 2, 8}, {5, 3, 9}}, rule_of(10, repeat_clock::ended), 1000) ==
        classes{repeat_overlapped, repeat, resolved});
}

TEST_CASE("of contacts that enter together only the earlier row is overlapped, and none repeats another") {
  CHECK(classify({{7, 7, 7}, {3, 3, 3}, {3, 3, 3}}, rule_of(10, repeat_clock::entered), 100) ==
        classes{resolved_overlapped, resolved_overlapped, resolved});
}

TEST_CASE(
    "a contact matures at the instant at which its window is over, and is pending before even if repeated") {
  const world w{{1, 1}, {0, 2}, {1, 2}};
  CHECK(classify(w, rule_of(10, repeat_clock::ended), 10) == classes{pending, pending});
  CHECK(classify(w, rule_of(10, repeat_clock::ended), 11) == classes{repeat, pending});
  CHECK(classify(w, rule_of(10, repeat_clock::ended), 12) == classes{repeat, resolved});
  CHECK(classify(w, rule_of(10, repeat_clock::entered), 10) == classes{repeat, pending});
}

TEST_CASE("until is by default the last entry, of unknown customers too") {
  const std::vector<std::int64_t> customer{1, none, 2}, entered{0, 50, none}, ended{60, 70, 80};
  classes out(3);
  CHECK(classify_repeats({customer, entered, ended}, {}, std::nullopt, out) == instant(duration(50)));
  CHECK(classify_repeats({customer, entered, ended}, {}, instant(duration(7)), out) == instant(duration(7)));
  CHECK(classify_repeats({{}, {}, {}}, {}, std::nullopt, {}) == std::nullopt);
  const std::vector<std::int64_t> no_entries{none, absent<std::int64_t>::excluded,
                                             absent<std::int64_t>::invalid};
  CHECK(classify_repeats({customer, no_entries, ended}, {}, std::nullopt, out) == std::nullopt);
  CHECK(out == classes{reject::missing, reject::missing, reject::invalid});
}

TEST_CASE("unknown customers are missing and nobody's repeat") {
  CHECK(classify({{none, none, 1}, {0, 1, 2}, {0, 1, 2}}, rule_of(10, repeat_clock::entered), 100) ==
        classes{reject::missing, reject::missing, resolved});
}

TEST_CASE("a contact without an end is open under the clock of ends, and still a repeat") {
  CHECK(classify({{1, 1}, {0, 5}, {1, none}}, rule_of(10, repeat_clock::ended), 100) ==
        classes{repeat, open});
  CHECK(classify({{1, 1}, {0, 5}, {1, none}}, rule_of(10, repeat_clock::entered), 100) ==
        classes{repeat, resolved});
}

TEST_CASE("without a column of ends all contacts are open under the clock of ends") {
  const std::vector<std::int64_t> customer{1, 1}, entered{0, 5};
  classes out(2);
  classify_repeats({customer, entered, {}}, rule_of(1, repeat_clock::ended), std::nullopt, out);
  CHECK(out == classes{open, open});
  classify_repeats({customer, entered, {}}, rule_of(1, repeat_clock::entered), std::nullopt, out);
  CHECK(out == classes{resolved, pending});
}

TEST_CASE("a contact that ends before it enters, or years later, is invalid and nobody's repeat") {
  const std::int64_t too_long = max_duration.count() + 1;
  CHECK(classify({{1, 1, 1, 1}, {0, 5, 6, 20}, {1, 4, 6 + too_long, 20 + too_long - 1}},
                 rule_of(10, repeat_clock::ended),
                 100) == classes{resolved, reject::invalid, reject::invalid, pending});
  // ends are not read by the clock of entries
  CHECK(classify({{1, 1}, {0, 5}, {1, 4}}, rule_of(10, repeat_clock::entered), 100) ==
        classes{repeat, resolved});
}

TEST_CASE("within a window of 0 nobody comes back") {
  CHECK(classify({{1, 1, 1}, {0, 1, 1}, {0, 1, 1}}, rule_of(0, repeat_clock::ended), 1) ==
        classes{resolved, resolved_overlapped, resolved});
}

TEST_CASE("instants at the ends of the range are compared without overflow") {
  const std::int64_t last = std::numeric_limits<std::int64_t>::max(), first = none + 3;
  CHECK(classify({{1, 1, 1}, {first, last - 1, last}, {first, last - 1, last}},
                 {max_duration, repeat_clock::ended}, last) == classes{resolved, pending, pending});
  CHECK(classify({{1, 1}, {last - 1, last}, {last - 1, last}}, rule_of(1, repeat_clock::ended), last) ==
        classes{repeat, pending});
}

TEST_CASE("the classes are those of a brute force, for both clocks, any window, any order of rows") {
  std::mt19937_64 random(20261123);
  for (int round = 0; round < 3000; ++round) {
    const world w = any_world(random);
    const repeat_rule rule = any_rule(random);
    const std::int64_t until = any_until(random, w);
    CAPTURE(round);
    REQUIRE(classify(w, rule, until) == brute_force(w, rule, until));
  }
}

TEST_CASE(
    "a large input in parts, with one customer larger than a part, gives the same on one thread and on "
    "three") {
  std::mt19937_64 random(7);
  const std::size_t rows = 150'000;
  world w;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool is_crowd = random() % 3 == 0;  // more than the rows of four parts
    w.customer.push_back(is_crowd ? 0 : static_cast<std::int64_t>(random() % 20'000));
    w.entered.push_back(static_cast<std::int64_t>(random() % 1'000'000));
    w.ended.push_back(random() % 50 == 0 ? none
                                         : w.entered.back() + static_cast<std::int64_t>(random() % 1000));
  }
  for (const repeat_clock clock : {repeat_clock::ended, repeat_clock::entered}) {
    const repeat_rule rule = rule_of(20'000, clock);
    const classes all = classify(w, rule, 900'000);
    CHECK(all == classify(w, rule, 900'000, 3));
    // customers do not meet: each on its own gives the same rows
    std::size_t different = 0;
    for (std::int64_t customer : {std::int64_t{0}, std::int64_t{17}, std::int64_t{19'999}}) {
      world own;
      classes expected;
      for (std::size_t i = 0; i < rows; ++i)
        if (w.customer[i] == customer) {
          own.add(w, i);
          expected.push_back(all[i]);
        }
      REQUIRE(!expected.empty());
      if (classify(own, rule, 900'000) != expected) ++different;
    }
    CHECK(different == 0);
    // a permutation of rows that enter at different instants moves the classes with them
    for (std::size_t i = 0; i < rows; ++i)
      w.entered[i] = w.entered[i] / 7 * 1'000'000 + static_cast<std::int64_t>(i);
    for (std::size_t i = 0; i < rows; ++i)
      if (w.ended[i] != none) w.ended[i] = w.entered[i] + static_cast<std::int64_t>(random() % 1'000'000'000);
    const repeat_rule wide = rule_of(20'000'000'000, clock);
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    world shuffled;
    for (std::size_t i : order) shuffled.add(w, i);
    const classes plain = classify(w, wide, 130'000'000'000),
                  moved = classify(shuffled, wide, 130'000'000'000, 2);
    bool equal = true;
    for (std::size_t i = 0; i < rows; ++i) equal = equal && moved[i] == plain[order[i]];
    CHECK(equal);
  }
}

TEST_CASE("the ledger of classes is complete: every row has one") {
  std::mt19937_64 random(3);
  const world w = any_world(random);
  for (std::uint8_t c : classify(w, {}, 0))
    CHECK((c < followup_count || c == reject::missing || c == reject::invalid || c == reject::excluded));
}

TEST_CASE("columns of different lengths and impossible windows are refused") {
  const std::vector<std::int64_t> two{1, 2}, one{1};
  classes out(2), brief(1);
  CHECK_THROWS_WITH_AS(classify_repeats({two, one, {}}, {}, {}, out),
                       "the columns of contacts have different lengths: give one value a row in each",
                       column_error);
  CHECK_THROWS_AS(classify_repeats({two, two, one}, {}, {}, out), column_error);
  CHECK_THROWS_AS(classify_repeats({two, two, {}}, {}, {}, brief), column_error);
  CHECK_THROWS_WITH_AS(classify_repeats({two, two, {}}, {-1s, repeat_clock::ended}, {}, out),
                       "window=-1s is outside 0 to 2^46 us (2.2 years)", unit_error);
  CHECK_THROWS_AS(classify_repeats({two, two, {}}, {max_duration + 1us, repeat_clock::ended}, {}, out),
                  unit_error);
}

TEST_CASE("the bytes of a rule are read back, and no others") {
  for (const repeat_rule& rule : {repeat_rule{}, rule_of(0, repeat_clock::entered)}) {
    writer w;
    rule.encode(w);
    const std::string bytes = std::move(w).take();
    reader r(bytes);
    CHECK(repeat_rule::decode(r) == rule);
  }
  for (const auto& [window, clock] :
       {std::pair<std::int64_t, std::uint64_t>{-1, 0}, {max_duration.count() + 1, 0}, {1, 2}}) {
    writer w;
    w.put_signed(window);
    w.put(clock);
    const std::string bytes = std::move(w).take();
    reader r(bytes);
    CHECK_THROWS_AS(static_cast<void>(repeat_rule::decode(r)), state_error);
  }
}
