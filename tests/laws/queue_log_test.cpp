// SPDX-License-Identifier: Apache-2.0
// What must not change when a log is written down otherwise, on simulated logs and, where it is at hand, on
// the real one: the metamorphic checks of the definitions, section V6.
#include <cxmetrics/io/queue_log_columns.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "log_world.hpp"
#include "property.hpp"

namespace {

using namespace cxmetrics;
using namespace laws;

// A row with names in place of numbers, so that the order of rows and dictionaries does not matter.
using fact = std::tuple<std::string, std::int32_t, std::string, std::string, std::string,
                        std::vector<std::int64_t>, std::vector<int>>;
using facts = std::multiset<fact>;

fact fact_of(const contact_columns& c, std::size_t row) {
  const auto customer = c.customer[row];
  return {std::string(c.id(static_cast<std::size_t>(c.first_row[row]))),
          c.leg[row],
          std::string(c.id(row)),
          c.queues[static_cast<std::size_t>(c.queue[row])],
          customer < 0 ? "" : c.customers[static_cast<std::size_t>(customer)],
          {c.entered[row], c.wait[row], c.wait_contact[row], c.talk[row], c.ended[row]},
          {c.outcome[row], c.transfers[row], c.transfer[row]}};
}
facts facts_of(const queue_log_contacts& read) {
  facts all;
  for (std::size_t row = 0; row < read.columns.size(); ++row) all.insert(fact_of(read.columns, row));
  return all;
}
facts facts_of(std::string_view text) { return facts_of(contacts_from_queue_log(text)); }

std::uint64_t count(const queue_log_contacts& r, outcome o) {
  return static_cast<std::uint64_t>(
      std::count(r.columns.outcome.begin(), r.columns.outcome.end(), static_cast<std::uint8_t>(o)));
}

log_lines lines_of(const std::string& text) {
  log_lines lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const std::size_t pipe = line.find('|'), next = line.find('|', pipe + 1);
    lines.push_back({std::stoll(line), line.substr(pipe + 1, next - pipe - 1), line});
    begin = end + 1;
  }
  return lines;
}

// Lines of one second in a random order, those of one call in theirs; what is nobody's stays in its place.
log_lines shuffled(log_lines lines, std::mt19937_64& random) {
  for (std::size_t begin = 0; begin < lines.size();) {
    std::size_t end = begin;
    while (end < lines.size() && lines[end].at == lines[begin].at && lines[end].call != "NONE") ++end;
    if (end == begin) {
      ++begin;
      continue;
    }
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = lines.begin() + static_cast<std::ptrdiff_t>(end);
    const log_lines before(first, last);
    std::shuffle(first, last, random);
    std::map<std::string, std::vector<const logged*>> by_call;
    for (const logged& line : before) by_call[line.call].push_back(&line);
    std::map<std::string, std::size_t> next;
    for (auto line = first; line != last; ++line) {
      const std::string call = line->call;
      *line = *by_call[call][next[call]++];
    }
    begin = end;
  }
  return lines;
}

template <class Check>
void on_many_logs(Check check) {
  std::mt19937_64 random(20'261'124);
  for (int round = 0; round < tried(40); ++round) check(log_world(random).lines(60), random);
  if (const auto real = real_log()) check(lines_of(*real), random);
}

}  // namespace

TEST_CASE("the simulated logs hold what the checks are about") {
  std::mt19937_64 random(1);
  std::set<std::uint8_t> outcomes;
  std::int32_t legs = 0;
  std::uint64_t put_right = 0, over = 0, contacts = 0, rows = 0;
  for (int round = 0; round < 20; ++round) {
    const queue_log_contacts r = contacts_from_queue_log(text_of(log_world(random, false).lines(60)));
    CHECK(r.findings.orphaned == 0);
    CHECK(r.findings.interrupted == 0);
    CHECK(r.findings.contradictory == 0);
    CHECK(r.report.repeated == 0);
    outcomes.insert(r.columns.outcome.begin(), r.columns.outcome.end());
    legs = std::max(legs, *std::max_element(r.columns.leg.begin(), r.columns.leg.end()));
    put_right += r.report.put_right;
    over += r.report.over;
    rows += r.columns.size();
    contacts += std::set(r.columns.first_row.begin(), r.columns.first_row.end()).size();
  }
  CHECK(outcomes.size() == 7);
  CHECK(legs == 3);
  CHECK(put_right > 20);
  CHECK(over > 20);
  CHECK(contacts == 20 * 60);  // every call is one contact, however many queues it goes through
  CHECK(rows > contacts);
}

TEST_CASE("shuffling lines of different calls within a second changes nothing") {
  on_many_logs([](const log_lines& lines, std::mt19937_64& random) {
    const facts expected = facts_of(text_of(lines));
    for (int times = 0; times < 5; ++times) REQUIRE(facts_of(text_of(shuffled(lines, random))) == expected);
  });
}

TEST_CASE("a copy of the whole log behind it changes nothing, and neither do copies of lines close by") {
  on_many_logs([](const log_lines& lines, std::mt19937_64& random) {
    const std::string text = text_of(lines);
    const queue_log_contacts once = contacts_from_queue_log(text);
    const queue_log_contacts twice = contacts_from_queue_log(text + text);
    REQUIRE(facts_of(twice) == facts_of(once));
    REQUIRE(twice.findings == once.findings);
    REQUIRE(twice.report.lines == 2 * once.report.lines);

    std::string stuttering;
    for (const logged& line : lines)
      for (std::uint64_t times = 1 + random() % 2; times > 0; --times) stuttering += line.text + '\n';
    REQUIRE(facts_of(stuttering) == facts_of(once));
  });
}

TEST_CASE("a log cut behind any line has every entry so far, and no end that it does not tell of") {
  on_many_logs([](const log_lines& lines, std::mt19937_64&) {
    std::map<std::string, std::uint64_t> told;
    std::set<std::string> failed;
    std::string text;
    for (const logged& line : lines) {
      text += line.text + '\n';
      const auto tells = [&](const char* event) {
        return line.text.find('|' + std::string(event) + '|') != std::string::npos;
      };
      if (tells("SYSCOMPAT")) failed.insert(line.call);
      for (const char* event : {"ENTERQUEUE", "ABANDON", "EXITWITHTIMEOUT"})
        if (tells(event) && !failed.contains(line.call)) ++told[event];
      const queue_log_contacts cut = contacts_from_queue_log(text);
      REQUIRE(cut.columns.size() == told["ENTERQUEUE"]);
      REQUIRE(count(cut, outcome::abandoned) <= told["ABANDON"]);
      REQUIRE(count(cut, outcome::timeout) <= told["EXITWITHTIMEOUT"]);
      REQUIRE(count(cut, outcome::unfinished) <= cut.waiting + cut.findings.interrupted + cut.findings.aged);
      std::uint64_t classes = 0;
      for (std::size_t o = 0; o < outcome_count; ++o) classes += count(cut, static_cast<outcome>(o));
      REQUIRE(classes == cut.findings.entered);
    }
  });
}

TEST_CASE("line by line, rotated at any line, and the whole are one") {
  on_many_logs([](const log_lines& lines, std::mt19937_64& random) {
    const std::string text = text_of(lines);
    const facts expected = facts_of(text);
    queue_log_collector by_line;
    for (const logged& line : lines) by_line.feed(line.text + '\n');
    REQUIRE(facts_of(by_line.finish()) == expected);
    for (int times = 0; times < 20; ++times) {
      const std::size_t cut = 1 + random() % (lines.size() - 1);
      queue_log_collector rotated;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i == cut) rotated.next_file("queue_log");
        rotated.feed(lines[i].text +
                     (i + 1 == cut && times % 2 == 0 ? "" : "\n"));  // the newline may be lost
      }
      REQUIRE(facts_of(rotated.finish()) == expected);
    }
  });
}
