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
#include "sanitized.hpp"
#include "unit/core/stopping.hpp"

namespace repeats_test {

namespace {

using namespace cxmetrics;
using namespace repeat_worlds;
using cxmetrics_test::tried;
using namespace std::chrono_literals;

constexpr std::int64_t none = absent<std::int64_t>::missing;
constexpr auto resolved = static_cast<std::uint8_t>(followup::resolved);
constexpr auto repeat = static_cast<std::uint8_t>(followup::repeat);
constexpr auto resolved_overlapped = static_cast<std::uint8_t>(followup::resolved_overlapped);
constexpr auto repeat_overlapped = static_cast<std::uint8_t>(followup::repeat_overlapped);
constexpr auto pending = static_cast<std::uint8_t>(followup::pending);
constexpr auto open = static_cast<std::uint8_t>(followup::open);
constexpr auto chained = static_cast<std::uint8_t>(followup::chained);
constexpr auto ineligible = static_cast<std::uint8_t>(followup::ineligible);
constexpr auto without_reason = static_cast<std::uint8_t>(followup::without_reason);
using classes = std::vector<std::uint8_t>;

repeat_rule rule_of(std::int64_t window, repeat_clock clock) { return {duration(window), clock}; }

known_span until_at(std::int64_t us) { return {.until = instant(duration(us))}; }

classes classify(const world& w, const repeat_rule& rule, std::int64_t until, unsigned threads = 1) {
  classes out(w.customer.size());
  classify_repeats(w.columns(), rule, until_at(until), out, threads);
  return out;
}
constexpr std::uint8_t answered = 0, abandoned = 1, excluded_outcome = reject::excluded;

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

TEST_CASE("since and until are by default the first and the last entry, of unknown customers too") {
  const std::vector<std::int64_t> customer{1, none, 2}, entered{0, 50, none}, ended{60, 70, 80};
  classes out(3);
  const auto at = [](std::int64_t us) { return instant(duration(us)); };
  CHECK(classify_repeats({customer, entered, ended}, {}, {}, out) == known_span{at(0), at(50)});
  CHECK(classify_repeats({customer, entered, ended}, {}, until_at(7), out) == known_span{at(0), at(7)});
  CHECK(classify_repeats({customer, entered, ended}, {}, {.since = at(-3)}, out) ==
        known_span{at(-3), at(50)});
  CHECK(classify_repeats({{}, {}, {}}, {}, {}, {}) == known_span{});
  const std::vector<std::int64_t> no_entries{none, absent<std::int64_t>::excluded,
                                             absent<std::int64_t>::invalid};
  CHECK(classify_repeats({customer, no_entries, ended}, {}, {}, out) == known_span{});
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
  classify_repeats({customer, entered, {}}, rule_of(1, repeat_clock::ended), {}, out);
  CHECK(out == classes{open, open});
  classify_repeats({customer, entered, {}}, rule_of(1, repeat_clock::entered), {}, out);
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
  for (int round = 0; round < tried(3000); ++round) {
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

TEST_CASE("counts of a large input are those of its classes, in order or not, of many customers or few") {
  std::mt19937_64 random(8);
  const std::size_t rows = 60'000;  // several threads share them
  // customers of forty contacts and of one, contacts that overlap, that enter together, and that have no end
  for (const std::uint64_t customers : {1'500U, 500'000U})
    for (const std::int64_t longest : {0, 40, 20'000})
      for (const bool in_order : {true, false}) {
        world w;
        std::int64_t now = 0;
        for (std::size_t i = 0; i < rows; ++i) {
          now += pick(random, 0, 3);
          w.customer.push_back(static_cast<std::int64_t>(random() % customers));
          w.entered.push_back(in_order ? now : pick(random, 0, 90'000));
          w.ended.push_back(random() % 50 == 0 ? none : w.entered.back() + pick(random, 0, longest));
        }
        for (const repeat_clock clock : {repeat_clock::ended, repeat_clock::entered}) {
          repeat_rule rule = rule_of(0, clock);
          const std::vector<duration> windows{duration(0), duration(500), duration(20'000)};
          const counted_repeats counted =
              count_repeats({w.customer, w.entered, w.ended}, rule, windows, {}, 2);
          for (std::size_t i = 0; i < windows.size(); ++i) {
            rule.window = windows[i];
            classes seen(rows);
            classify_repeats({w.customer, w.entered, w.ended}, rule, {}, seen);
            repeat_counts expected;
            for (std::uint8_t c : seen) ++expected.of[c];
            CAPTURE(customers);
            CAPTURE(longest);
            CHECK(counted.windows[i].of == expected.of);
          }
        }
      }
}

TEST_CASE("counts are those of a brute force, however wide the ids and however often the order is broken") {
  std::mt19937_64 random(20261127);
  for (int round = 0; round < tried(2000); ++round) {
    world w = any_world(random, false);
    w.outcome.clear();
    w.transferred.assign(w.customer.size(), 0);
    w.unresolvable.assign(w.customer.size(), 0);
    // in order, but for a few rows
    std::sort(w.entered.begin(), w.entered.end());
    for (std::int64_t swaps = pick(random, -3, 2); swaps > 0; --swaps)
      if (!w.entered.empty())
        std::swap(w.entered[random() % w.entered.size()], w.entered[random() % w.entered.size()]);
    for (std::size_t i = 0; i < w.entered.size(); ++i)
      if (w.ended[i] != none) w.ended[i] = w.entered[i] + pick(random, 0, 20);
    const std::int64_t factor = round % 2 == 0 ? 1 : 0x1234'5678'9abc'def;
    for (std::int64_t& customer : w.customer)
      if (customer != none) customer = (customer - 3) * factor;
    const repeat_rule rule =
        rule_of(pick(random, 0, 12), round % 4 < 2 ? repeat_clock::ended : repeat_clock::entered);
    const std::int64_t until = any_until(random, w);
    repeat_counts expected;
    for (std::uint8_t c : brute_force(w, rule, until)) ++expected.of[c];
    const std::vector<duration> windows{rule.window};
    CAPTURE(round);
    REQUIRE(count_repeats({w.customer, w.entered, w.ended}, rule, windows, until_at(until)).windows[0].of ==
            expected.of);
  }
}

TEST_CASE("the ledger of classes is complete: every row has one") {
  std::mt19937_64 random(3);
  const world w = any_world(random);
  for (std::uint8_t c : classify(w, {}, 0))
    CHECK((c < followup_count || c == reject::missing || c == reject::invalid || c == reject::excluded));
}

TEST_CASE("a repeat counts only within the same reason, and a contact without a reason is told apart") {
  world w{{1, 1, 1, 1, 2}, {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}};
  w.reason = {5, 6, 5, none, 5};
  w.outcome = classes(5);
  w.transferred = w.unresolvable = classes(5);
  repeat_rule rule = rule_of(10, repeat_clock::entered);
  CHECK(classify(w, rule, 1000) == classes{repeat, repeat, repeat, resolved, resolved});
  for (const reason_match match : {reason_match::exact, reason_match::group}) {
    rule.reason = match;
    CHECK(classify(w, rule, 1000) == classes{repeat, resolved, resolved, without_reason, resolved});
  }
}

TEST_CASE("outcomes say which contacts may be a first and which a repeat") {
  world w{{1, 1, 1, 1}, {0, 1, 2, 3}, {0, 1, 2, 3}};
  w.outcome = {answered, abandoned, excluded_outcome, reject::missing};
  w.reason.assign(4, 1);
  w.transferred = w.unresolvable = classes(4);
  repeat_rule rule = rule_of(10, repeat_clock::entered);
  CHECK(classify(w, rule, 1000) == classes{repeat, repeat, reject::excluded, resolved});  // of all that count
  rule.first = {outcome::answered};
  CHECK(classify(w, rule, 1000) == classes{repeat, ineligible, reject::excluded, ineligible});
  rule.repeats = {outcome::answered};
  CHECK(classify(w, rule, 1000) == classes{resolved, ineligible, reject::excluded, ineligible});
  rule.first = outcome_set();
  CHECK(classify(w, rule, 1000) == classes{resolved, resolved, reject::excluded, resolved});
}

TEST_CASE("under the chain rule a repeat is no first, and a chain goes on as long as each link is in time") {
  // 5 repeats 0, 10 repeats 5 although 0 is long over, 30 begins anew; the contact at 31 overlaps nothing
  const world w{{1, 1, 1, 1, 1}, {0, 5, 10, 30, 31}, {0, 5, 10, 30, 31}};
  repeat_rule rule = rule_of(7, repeat_clock::ended);
  CHECK(classify(w, rule, 1000) == classes{repeat, repeat, resolved, repeat, resolved});
  rule.order = repeat_order::chain;
  CHECK(classify(w, rule, 1000) == classes{repeat, chained, chained, repeat, chained});
}

TEST_CASE("what is no first makes no chain") {
  world w{{1, 1, 1}, {0, 5, 10}, {0, 5, 10}};
  w.outcome = {answered, abandoned, answered};
  w.reason.assign(3, 1);
  w.transferred = w.unresolvable = classes(3);
  repeat_rule rule = rule_of(7, repeat_clock::ended);
  rule.order = repeat_order::chain;
  rule.first = {outcome::answered};
  CHECK(classify(w, rule, 1000) == classes{repeat, ineligible, resolved});
}

TEST_CASE("transfers and contacts that cannot be resolved at the first desk are marked, not judged") {
  world w{{1, 1, 2}, {0, 1, 2}, {0, 1, 2}};
  w.reason.assign(3, 1);
  w.outcome = classes(3);
  w.transferred = {1, 0, 1};
  w.unresolvable = {0, 1, 1};
  const classes seen = classify(w, rule_of(10, repeat_clock::entered), 1000);
  CHECK(followup_names[seen[0]] == "repeat_transferred");
  CHECK(followup_names[seen[1]] == "resolved_unresolvable");
  CHECK(followup_names[seen[2]] == "resolved_transferred_unresolvable");
}

TEST_CASE("a label of a matured contact is the sum of what is known of it, and its name says so") {
  for (std::size_t label = 0; label < matured_count; ++label) {
    const matured m = matured::of(label);
    CHECK(m.label() == static_cast<followup>(label));
    std::string name = m.repeated ? "repeat" : "resolved";
    if (m.overlapped) name += "_overlapped";
    if (m.transferred) name += "_transferred";
    if (m.unresolvable) name += "_unresolvable";
    CHECK(followup_names[label] == name);
  }
}

TEST_CASE(
    "counts of several windows are those of one classification each, and say what lies in the first window") {
  std::mt19937_64 random(20261124);
  for (int round = 0; round < tried(1500); ++round) {
    CAPTURE(round);
    const world w = any_world(random);
    repeat_rule rule = any_rule(random);
    repeat_columns columns = w.columns();
    if (pick(random, 0, 1) == 0) columns.transferred = columns.unresolvable = {};
    const std::vector<duration> windows{duration(pick(random, 0, 12)), duration(3),
                                        duration(pick(random, 0, 40))};
    known_span known = until_at(any_until(random, w));
    if (pick(random, 0, 1) == 0) known.since = instant(duration(pick(random, -3, 30)));
    const counted_repeats counted = count_repeats(columns, rule, windows, known, 2);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      rule.window = windows[i];
      classes expected(w.customer.size());
      const known_span seen = classify_repeats(columns, rule, known, expected);
      REQUIRE(seen == counted.known);
      repeat_counts by_class;
      for (std::size_t row = 0; row < expected.size(); ++row) {
        ++by_class.of[expected[row]];
        if (expected[row] < matured_count &&
            w.entered[row] < seen.since->time_since_epoch().count() + windows[i].count())
          ++by_class.left_unknown;
      }
      REQUIRE(counted.windows[i] == by_class);
    }
  }
}

TEST_CASE("whoever looks for repeats stops when it is asked to") {
  constexpr std::size_t rows = 1'000'000;
  std::mt19937_64 random(3);
  std::vector<std::int64_t> customer(rows), entered(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    customer[i] = static_cast<std::int64_t>(random() % 200'000);
    entered[i] = static_cast<std::int64_t>(i);
  }
  const repeat_rule rule = rule_of(1000, repeat_clock::entered);
  const std::vector<duration> windows{rule.window};
  classes out(rows);
  cxmetrics_test::check_stops([&](const std::stop_token& stop) {
    return count_repeats({customer, entered}, rule, windows, {}, 2, stop);
  });
  cxmetrics_test::check_stops([&](const std::stop_token& stop) {
    return classify_repeats({customer, entered}, rule, {}, out, 2, stop);
  });
}

TEST_CASE("columns that the rule reads must be there, and codes be codes") {
  const std::vector<std::int64_t> two{1, 2}, negative{-1, 2};
  classes out(2);
  repeat_rule rule = rule_of(10, repeat_clock::entered);
  rule.first = {outcome::answered};
  CHECK_THROWS_WITH_AS(classify_repeats({two, two}, rule, {}, out),
                       "the rule names outcomes, and there is no column of them", column_error);
  rule = rule_of(10, repeat_clock::entered);
  rule.reason = reason_match::exact;
  CHECK_THROWS_WITH_AS(classify_repeats({two, two}, rule, {}, out),
                       "the rule matches reasons, and there is no column of them", column_error);
  CHECK_THROWS_WITH_AS(
      classify_repeats({negative, two, {}, two}, rule, {}, out),
      "row 0: customer -1 is no code from 0 to 2^32 - 1: where reasons are matched, give the "
      "codes of dictionaries",
      column_error);
  CHECK_THROWS_AS(classify_repeats({two, two, {}, negative}, rule, {}, out, 2), column_error);
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
  repeat_rule everything = rule_of(0, repeat_clock::entered);
  everything.order = repeat_order::chain;
  everything.reason = reason_match::group;
  everything.first = {outcome::answered};
  everything.repeats = {outcome::abandoned, outcome::unanswered};
  for (const repeat_rule& rule : {repeat_rule{}, everything}) {
    writer w;
    rule.encode(w);
    const std::string bytes = std::move(w).take();
    reader r(bytes);
    CHECK(repeat_rule::decode(r) == rule);
  }
  struct words {
    std::int64_t window;
    std::uint64_t clock, order, reason, first, repeats;
  };
  constexpr std::uint64_t all = (std::uint64_t{1} << outcome_codes) - 1;
  for (const words& bad :
       {words{-1, 0, 0, 0, all, all}, words{max_duration.count() + 1, 0, 0, 0, all, all},
        words{1, 2, 0, 0, all, all}, words{1, 0, 2, 0, all, all}, words{1, 0, 0, 3, all, all},
        words{1, 0, 0, 0, all + 1, all}, words{1, 0, 0, 0, all, all + 1}}) {
    writer w;
    w.put_signed(bad.window);
    for (std::uint64_t word : {bad.clock, bad.order, bad.reason, bad.first, bad.repeats}) w.put(word);
    const std::string bytes = std::move(w).take();
    reader r(bytes);
    CHECK_THROWS_AS(static_cast<void>(repeat_rule::decode(r)), state_error);
  }
}

}  // namespace repeats_test
