// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/io/queue_log_columns.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/core/column.hpp>

namespace {

using namespace cxmetrics;

constexpr std::int64_t missing = absent<std::int64_t>::missing;
constexpr std::int64_t second = 1'000'000;

queue_log_contacts read_in_chunks(std::string_view text, std::size_t chunk) {
  queue_log_collector collector;
  for (; !text.empty(); text.remove_prefix(std::min(chunk, text.size())))
    collector.feed(text.substr(0, chunk));
  return collector.finish();
}
std::vector<std::string> ids(const contact_columns& c) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < c.size(); ++row) out.emplace_back(c.id(row));
  return out;
}
bool equal(const queue_log_contacts& a, const queue_log_contacts& b) {
  const contact_columns& x = a.columns;
  const contact_columns& y = b.columns;
  return x.entered == y.entered && x.wait == y.wait && x.talk == y.talk && x.ended == y.ended &&
         x.outcome == y.outcome && x.transfers == y.transfers && x.queue == y.queue &&
         x.customer == y.customer && x.queues == y.queues && x.customers == y.customers && ids(x) == ids(y) &&
         a.report == b.report && a.findings == b.findings && a.waiting == b.waiting &&
         a.talking == b.talking && a.notes == b.notes;
}

const std::string day =
    "1543600000|NONE|NONE|NONE|QUEUESTART|\n"
    "1543600001|1.1|IT|NONE|ENTERQUEUE||15558727777|1\n"
    "1543600020|1.2|sales|NONE|ENTERQUEUE||anonymous|1\n"
    "1543600021|1.1|IT|Agent/1|CONNECT|19|1.3|4\n"
    "1543600030|1.2|sales|NONE|ABANDON|1|1|9\n"
    "1543600091|1.1|IT|Agent/1|COMPLETECALLER|19|70|1\n"
    "1543600100|1.4|IT|NONE|ENTERQUEUE||15558727777|1\n"
    "1543600103|1.5|IT|NONE|ENTERQUEUE||15550000000|1\n"
    "1543600110|1.5|IT|Agent/2|CONNECT|7|1.6|2\n";

// The real log, or nothing where it is not at hand.
std::optional<std::string> real_log() {
  const char* from = std::getenv("CXMETRICS_DATA");
  const std::string path =
      (from != nullptr ? std::string(from) : std::string(CXMETRICS_PROJECT_DIR "/../shared/data")) +
      "/asterisk_queue_log.txt";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    MESSAGE("skipped: there is no " << path << "; set CXMETRICS_DATA to the folder that holds it");
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

TEST_CASE("contacts stand in the order of entering, with canonical values and dictionaries") {
  const queue_log_contacts r = contacts_from_queue_log(day);
  const contact_columns& c = r.columns;
  CHECK(ids(c) == std::vector<std::string>{"1.1", "1.2", "1.4", "1.5"});
  CHECK(c.entered == std::vector<std::int64_t>{1543600001 * second, 1543600020 * second, 1543600100 * second,
                                               1543600103 * second});
  CHECK(c.outcome == std::vector<std::uint8_t>{0, 1, 12, 0});
  CHECK(c.wait == std::vector<std::int64_t>{19 * second, 9 * second, 10 * second, 7 * second});
  CHECK(c.talk == std::vector<std::int64_t>{70 * second, missing, missing, missing});
  CHECK(c.ended == std::vector<std::int64_t>{1543600091 * second, 1543600030 * second, missing, missing});
  CHECK(c.queues == std::vector<std::string>{"IT", "sales"});
  CHECK(c.queue == std::vector<std::int32_t>{0, 1, 0, 0});
  CHECK(c.customers == std::vector<std::string>{"15558727777", "15550000000"});
  CHECK(c.customer == std::vector<std::int32_t>{0, -1, 0, 1});
  CHECK(r.waiting == 1);
  CHECK(r.talking == 1);
  CHECK(r.notes.empty());
}

TEST_CASE("an entry that is repeated makes one row") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1543600001|1.1|IT|NONE|ENTERQUEUE||5|1\n1543600001|1.1|IT|NONE|ENTERQUEUE||5|1\n"
      "1543600002|1.2|IT|NONE|ENTERQUEUE||6|1\n");
  CHECK(ids(r.columns) == std::vector<std::string>{"1.1", "1.2"});
  CHECK(r.findings.repeated == 1);
  REQUIRE(r.notes.size() == 1);
  CHECK(r.notes[0] == "repeated entries, not used: 1");
}

TEST_CASE("an empty log has no contacts and says so") {
  for (const char* nothing : {"", "\n"}) {
    const queue_log_contacts r = contacts_from_queue_log(nothing);
    CHECK(r.columns.size() == 0);
    REQUIRE(r.notes.size() == 1);
    CHECK(r.notes[0] == "the log is empty");
  }
  const queue_log_contacts r = contacts_from_queue_log("1543600000|NONE|NONE|NONE|QUEUESTART|\n");
  CHECK(r.notes.at(0) == "no contact entered a queue: the log has no ENTERQUEUE");
}

TEST_CASE("what was left out is a note") {
  const queue_log_contacts r = contacts_from_queue_log(day +
                                                       "junk\n1543500000|1.1|IT|NONE|ABANDON|1|1|1\n"
                                                       "1543600111|7.7|IT|NONE|ABANDON|1|1|1\n");
  REQUIRE(r.notes.size() == 3);
  CHECK(r.notes[0] ==
        "lines that are not of a queue_log, left out: 1 of 12; the first is queue_log line 10: it does not "
        "begin "
        "with a time in seconds and a pipe");
  CHECK(r.notes[1].find("lines more than 60 s older than lines before them, not used") == 0);
  CHECK(r.notes[2].find("events of calls whose entry is not in the data") == 0);
}

TEST_CASE("with a key the dictionary of customers holds no numbers") {
  const queue_log_contacts r = contacts_from_queue_log(day, {.key = {7, 7}});
  REQUIRE(r.columns.customers.size() == 2);
  CHECK(r.columns.customers[0].size() == 32);
  CHECK(r.columns.customers[0].find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(r.columns.customer == contacts_from_queue_log(day).columns.customer);
}

TEST_CASE(
    "rotated files in order are the whole, and a copy of the log behind it changes nothing but is told") {
  queue_log_collector collector({.name = "queue_log.1"});
  collector.feed(std::string_view(day).substr(0, 150));  // the cut is in the middle of a line
  collector.feed(std::string_view(day).substr(150));
  CHECK(equal(collector.finish(), contacts_from_queue_log(day)));

  std::string later = day;
  for (int i = 1; i < 400; ++i)
    later += "1543600" + std::to_string(200 + i) + "|NONE|NONE|NONE|CONFIGRELOAD|\n";
  const queue_log_contacts once = contacts_from_queue_log(later);
  const queue_log_contacts twice = contacts_from_queue_log(later + later.substr(0, day.size()));
  CHECK(ids(twice.columns) == ids(once.columns));
  CHECK(twice.columns.wait == once.columns.wait);
  CHECK(twice.report.late == 9);
}

// Figures: shared/data/README.md, where two independent computations agree.
TEST_CASE("the real log gives its reference figures") {
  const std::optional<std::string> log = real_log();
  if (!log) return;
  const queue_log_contacts r = contacts_from_queue_log(*log);
  const contact_columns& c = r.columns;
  CHECK(r.report.lines == 1000);
  CHECK(r.report.invalid == 0);
  CHECK(r.report.late == 0);
  CHECK(c.size() == 108);
  CHECK(c.customers.size() == 63);

  std::array<std::uint64_t, outcome_count> outcomes{};
  std::int64_t wait_answered = 0, wait_abandoned = 0, talk = 0, talks = 0, within = 0, waiting_beyond = 0;
  for (std::size_t row = 0; row < c.size(); ++row) {
    ++outcomes[c.outcome[row]];
    const auto how = static_cast<outcome>(c.outcome[row]);
    if (how == outcome::answered) wait_answered += c.wait[row];
    if (how == outcome::abandoned) wait_abandoned += c.wait[row];
    if (how == outcome::answered && c.wait[row] <= 20 * second) ++within;
    if (how == outcome::unfinished && c.wait[row] > 20 * second) ++waiting_beyond;
    if (c.talk[row] != missing) talk += c.talk[row], ++talks;
  }
  CHECK(outcomes == std::array<std::uint64_t, outcome_count>{93, 12, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2});
  CHECK(r.waiting == 2);
  CHECK(r.talking == 2);
  CHECK(wait_answered == 3599 * second);   // ASA 38.69892 s
  CHECK(wait_abandoned == 1141 * second);  // mean 95.0833 s
  CHECK(talks == 91);
  CHECK(talk == 23'913 * second);  // mean 262.78022 s
  CHECK(within == 39);
  CHECK(waiting_beyond == 1);  // 39 of 107, and one pending

  const auto count = [&](std::string_view event) {
    for (const named_count& e : r.report.events)
      if (e.name == event) return e.count;
    return std::uint64_t{0};
  };
  CHECK(count("RINGNOANSWER") == 360);
  CHECK(count("OUTDIAL") == 128);
  CHECK(count("AGENTCALLBACKLOGIN") == 14);
}

TEST_CASE("the real log gives the same in any chunks, and cut anywhere it makes no abandons") {
  const std::optional<std::string> log = real_log();
  if (!log) return;
  const queue_log_contacts whole = contacts_from_queue_log(*log);
  for (std::size_t chunk : {1U, 7U, 100U, 4096U, 60'000U}) CHECK(equal(read_in_chunks(*log, chunk), whole));

  std::uint64_t abandon_lines = 0;
  std::uint64_t entry_lines = 0;
  for (std::size_t begin = 0; begin < log->size();) {
    const std::size_t end = log->find('\n', begin) + 1;
    const std::string_view line = std::string_view(*log).substr(begin, end - begin);
    abandon_lines += line.find("|ABANDON|") != std::string_view::npos ? 1U : 0U;
    entry_lines += line.find("|ENTERQUEUE|") != std::string_view::npos ? 1U : 0U;
    begin = end;
    const queue_log_contacts cut = contacts_from_queue_log(std::string_view(*log).substr(0, end));
    const std::vector<std::uint8_t>& outcomes = cut.columns.outcome;
    REQUIRE(outcomes.size() == entry_lines);
    const auto abandoned = static_cast<std::uint8_t>(outcome::abandoned);
    REQUIRE(static_cast<std::uint64_t>(std::count(outcomes.begin(), outcomes.end(), abandoned)) ==
            abandon_lines);
  }
}
