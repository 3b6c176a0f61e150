// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/io/queue_log_columns.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/core/column.hpp>

#include "laws/log_world.hpp"
#include "sanitized.hpp"

namespace queue_log_columns_test {

namespace {

using namespace cxmetrics;
using laws::real_log;

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
         x.outcome == y.outcome && x.transfers == y.transfers && x.transfer == y.transfer && x.leg == y.leg &&
         x.first_row == y.first_row && x.wait_contact == y.wait_contact && x.queue == y.queue &&
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
  CHECK(r.report.repeated == 1);
  REQUIRE(r.notes.size() == 1);
  CHECK(r.notes[0] == "lines of contacts that stand in the log twice, used once: 1");

  const queue_log_contacts other = contacts_from_queue_log(
      "1543600001|1.1|IT|NONE|ENTERQUEUE||5|1\n1543600001|1.1|IT|NONE|ENTERQUEUE||5|2\n"
      "1543600003|1.1|IT|NONE|EXITWITHKEY|1|1|1|2\n1543600004|1.1|sales|NONE|ENTERQUEUE||5|1\n");
  CHECK(other.findings.repeated == 1);
  CHECK(other.notes.at(0) == "repeated entries, not used: 1");
  CHECK(other.columns.leg == std::vector<std::int32_t>{1, 2});
  CHECK(other.columns.first_row == std::vector<std::int64_t>{0, 0});
}

// Input: asterisk/asterisk issue 759, times and ids shortened. Expected: section 3.6 of the definitions, two
// clean legs of one contact.
const std::string put_through =
    "1600000259|A|1501|NONE|ENTERQUEUE||5551234|1\n"
    "1600000271|A|1501|7009|CONNECT|12|x|11\n"
    "1600000390|B|1509|NONE|ENTERQUEUE||7009|1\n"
    "1600000391|B|1501|7009|ATTENDEDTRANSFER|APP|Queue|12|120|1\n"
    "1600000397|A|1509|7051|CONNECT|7|y|5\n"
    "1600000570|A|1509|7051|COMPLETEAGENT|7|173|1\n";

TEST_CASE("an attended transfer to a queue is one contact of two legs, and nobody has abandoned") {
  const queue_log_contacts r = contacts_from_queue_log(put_through);
  const contact_columns& c = r.columns;
  CHECK(c.wait == std::vector<std::int64_t>{12 * second, 7 * second});
  CHECK(c.talk == std::vector<std::int64_t>{120 * second, 173 * second});
  CHECK(c.outcome == std::vector<std::uint8_t>{0, 0});
  CHECK(c.transfers == std::vector<std::uint8_t>{1, 0});
  CHECK(c.transfer == std::vector<std::uint8_t>{static_cast<std::uint8_t>(outcome::transferred_attended),
                                                absent<std::uint8_t>::missing});
  CHECK(c.leg == std::vector<std::int32_t>{1, 2});
  CHECK(c.first_row == std::vector<std::int64_t>{0, 0});
  CHECK(c.wait_contact == std::vector<std::int64_t>{12 * second, 138 * second});
  CHECK(c.customer == std::vector<std::int32_t>{0, 0});
  CHECK(c.customers == std::vector<std::string>{"5551234"});  // 7009 is the agent who asked
  CHECK(r.report.put_right == 1);
  CHECK(r.findings == contact_findings{.entered = 2});
  CHECK(r.notes.empty());
}

TEST_CASE("who withholds his number has not that of the agent who puts him through") {
  std::string withheld = put_through;
  withheld.replace(withheld.find("5551234"), 7, "anonymous");
  const queue_log_contacts r = contacts_from_queue_log(withheld);
  CHECK(r.columns.customer == std::vector<std::int32_t>{-1, -1});
  CHECK(r.columns.customers.empty());
  CHECK(r.columns.leg == std::vector<std::int32_t>{1, 2});
}

TEST_CASE("at any moment an attended transfer shows one customer, who waits and is never lost") {
  std::string text;
  std::vector<std::size_t> rows;
  std::vector<std::uint64_t> waiting, talking;
  for (std::size_t begin = 0; begin < put_through.size();) {
    const std::size_t end = put_through.find('\n', begin) + 1;
    text += put_through.substr(begin, end - begin);
    begin = end;
    const queue_log_contacts r = contacts_from_queue_log(text);
    rows.push_back(r.columns.size());
    waiting.push_back(r.waiting);
    talking.push_back(r.talking);
  }
  CHECK(rows == std::vector<std::size_t>{1, 1, 2, 2, 2, 2});
  CHECK(waiting == std::vector<std::uint64_t>{1, 0, 1, 1, 0, 0});
  CHECK(talking == std::vector<std::uint64_t>{0, 1, 1, 0, 1, 0});
}

TEST_CASE("who was put through may leave the second queue, go on into a third, or be put through again") {
  const std::string waits = put_through.substr(0, put_through.find("1600000397"));
  const queue_log_contacts left = contacts_from_queue_log(waits + "1600000399|A|1509|NONE|ABANDON|1|1|9\n");
  CHECK(left.columns.outcome == std::vector<std::uint8_t>{0, 1});
  CHECK(left.columns.wait[1] == 9 * second);
  CHECK(left.findings.orphaned == 0);

  const queue_log_contacts third =
      contacts_from_queue_log(waits +
                              "1600000450|A|1509|NONE|EXITWITHTIMEOUT|1|1|60\n"
                              "1600000451|A|1600|NONE|ENTERQUEUE||5551234|1\n"
                              "1600000461|A|1600|7003|CONNECT|10|z|4\n"
                              "1600000480|C|1501|NONE|ENTERQUEUE||7003|1\n"
                              "1600000481|C|1600|7003|ATTENDEDTRANSFER|APP|Queue|10|20|1\n"
                              "1600000485|A|1501|7009|CONNECT|5|z|4\n");
  CHECK(third.columns.leg == std::vector<std::int32_t>{1, 2, 3, 4});
  CHECK(third.columns.first_row == std::vector<std::int64_t>{0, 0, 0, 0});
  CHECK(third.columns.wait_contact[3] == (480 + 5 - 259) * second);
  CHECK(third.talking == 1);
  CHECK(third.report.put_right == 2);
}

TEST_CASE("of two talks that fit, the one of the agent who transfers is put through") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1600000000|X|1501|NONE|ENTERQUEUE||1|1\n1600000000|A|1501|NONE|ENTERQUEUE||2|2\n"
      "1600000005|X|1501|7001|CONNECT|5|x|3\n1600000005|A|1501|7002|CONNECT|5|x|3\n"
      "1600000060|B|1509|NONE|ENTERQUEUE||7002|1\n"
      "1600000065|B|1501|7002|ATTENDEDTRANSFER|APP|Queue|5|60|1\n");
  CHECK(r.columns.first_row == std::vector<std::int64_t>{0, 1, 1});
  CHECK(r.columns.transfers == std::vector<std::uint8_t>{0, 1, 0});
}

// Lines of one second: the transfer, and what the customer does in the queue to which he is put through.
const std::string before_transfer =
    "1600000259|A|1501|NONE|ENTERQUEUE||5551234|1\n1600000271|A|1501|7009|CONNECT|12|x|11\n";
std::string in_any_order(const std::string& queue, std::vector<std::string> lines) {
  std::string all = before_transfer + "1600000390|B|" + queue + "|NONE|ENTERQUEUE||7009|1\n";
  for (const std::string& line : lines) all += "1600000391|" + line + '\n';
  return all + "1600000500|NONE|NONE|NONE|CONFIGRELOAD|\n";
}

TEST_CASE("what a customer does in the second in which he is put through may stand before the transfer") {
  const std::string transfer = "B|1501|7009|ATTENDEDTRANSFER|APP|Queue|12|120|1";
  for (const std::string queue : {"1509", "1501"}) {
    const std::string left = "A|" + queue + "|NONE|ABANDON|1|1|1";
    const std::string answered = "A|" + queue + "|7051|CONNECT|1|y|0",
                      ended = "A|" + queue + "|7051|COMPLETEAGENT|1|0|1";
    for (const auto& lines : {std::vector{transfer, left}, std::vector{left, transfer}}) {
      const queue_log_contacts r = contacts_from_queue_log(in_any_order(queue, lines));
      CHECK(r.columns.outcome == std::vector<std::uint8_t>{0, 1});
      CHECK(r.columns.talk == std::vector<std::int64_t>{120 * second, missing});
      CHECK(r.columns.first_row == std::vector<std::int64_t>{0, 0});
      CHECK(r.columns.customers == std::vector<std::string>{"5551234"});
      CHECK(r.findings == contact_findings{.entered = 2});
    }
    for (const auto& lines : {std::vector{transfer, answered, ended}, std::vector{answered, transfer, ended},
                              std::vector{answered, ended, transfer}}) {
      const queue_log_contacts r = contacts_from_queue_log(in_any_order(queue, lines));
      CHECK(r.columns.outcome == std::vector<std::uint8_t>{0, 0});
      CHECK(r.columns.talk == std::vector<std::int64_t>{120 * second, 0});
      CHECK(r.columns.leg == std::vector<std::int32_t>{1, 2});
      CHECK(r.findings == contact_findings{.entered = 2});
    }
  }
}

TEST_CASE(
    "an agent who asks a colleague in the queue of his customer ends the customer's talk, not his own") {
  const std::string asked = before_transfer +
                            "1600000380|B|1501|NONE|ENTERQUEUE||7009|1\n"
                            "1600000385|B|1501|7051|CONNECT|5|y|4\n",
                    transfer = "1600000391|B|1501|7009|ATTENDEDTRANSFER|BRIDGE|b|12|120|1\n",
                    later = "1600000400|A|1501|7051|COMPLETEAGENT|5|15|1\n",
                    at_once = "1600000391|A|1501|7051|COMPLETEAGENT|5|6|1\n";
  for (const auto& [ends, talk] : {std::pair(transfer + later, 15), std::pair(transfer + at_once, 6),
                                   std::pair(at_once + transfer, 6)}) {
    const queue_log_contacts r = contacts_from_queue_log(asked + ends);
    CHECK(r.columns.talk == std::vector<std::int64_t>{120 * second, talk * second});
    CHECK(r.columns.transfers == std::vector<std::uint8_t>{1, 0});
    CHECK(r.columns.leg == std::vector<std::int32_t>{1, 2});
    CHECK(r.report.put_right == 1);
  }
}

TEST_CASE("an event that stands before its entry in the same second is of an earlier stay") {
  for (const char* earlier : {"a|q|NONE|EXITWITHTIMEOUT|1|1|60", "a|q|m|BLINDTRANSFER|x|c|5|55|1"}) {
    const queue_log_contacts r = contacts_from_queue_log(
        "1600000000|" + std::string(earlier) +
        "\n1600000000|a|q|NONE|ENTERQUEUE||5|1\n1600000009|a|q|m|CONNECT|9|x|1\n"
        "1600000020|a|q|m|COMPLETEAGENT|9|11|1\n1600000100|z|q|NONE|ENTERQUEUE||6|1\n");
    CHECK(r.columns.outcome == std::vector<std::uint8_t>{0, static_cast<std::uint8_t>(outcome::unfinished)});
    CHECK(r.columns.talk == std::vector<std::int64_t>{11 * second, missing});
    CHECK(r.findings == contact_findings{.entered = 2, .orphaned = 1});
    CHECK(r.report.over == 0);
    CHECK(r.waiting == 1);
  }
}

TEST_CASE("a call that enters a second queue without having left the first is not in both") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1600000000|a|q|NONE|ENTERQUEUE||5|1\n1600000030|a|r|NONE|ENTERQUEUE||5|1\n"
      "1600000035|a|r|m|CONNECT|5|x|1\n1600000095|a|r|m|COMPLETEAGENT|5|60|1\n"
      "1600004000|z|q|NONE|ENTERQUEUE||7|1\n");
  const auto open = static_cast<std::uint8_t>(outcome::unfinished);
  CHECK(r.columns.outcome == std::vector<std::uint8_t>{open, 0, open});
  CHECK(r.columns.wait == std::vector<std::int64_t>{30 * second, 5 * second, 0});
  CHECK(r.columns.leg == std::vector<std::int32_t>{1, 2, 1});
  CHECK(r.waiting == 1);
  CHECK(r.findings == contact_findings{.entered = 3, .interrupted = 1});
  REQUIRE(r.notes.size() == 1);
  CHECK(r.notes[0] ==
        "contacts that entered a queue without having left the one before, which has no end: 1");
}

TEST_CASE("who was put through and enters another queue without having left is not in both either") {
  const queue_log_contacts r = contacts_from_queue_log(put_through.substr(0, put_through.find("1600000397")) +
                                                       "1600000420|A|1600|NONE|ENTERQUEUE||5551234|1\n"
                                                       "1600000425|A|1600|NONE|ABANDON|1|1|5\n");
  CHECK(r.columns.wait == std::vector<std::int64_t>{12 * second, 30 * second, 5 * second});
  CHECK(r.columns.leg == std::vector<std::int32_t>{1, 2, 3});
  CHECK(r.findings == contact_findings{.entered = 3, .interrupted = 1});
  CHECK(r.waiting == 0);
}

TEST_CASE("a call may come back in the second in which it left, with the same line; a copy does not") {
  const std::string entry = "1600000000|a|q|NONE|ENTERQUEUE||5|1\n",
                    exit = "1600000000|a|q|NONE|EXITWITHTIMEOUT|1|1|0\n",
                    later = "1600000009|a|q|NONE|ABANDON|1|1|9\n";
  const queue_log_contacts back = contacts_from_queue_log(entry + exit + entry + later);
  CHECK(back.columns.wait == std::vector<std::int64_t>{0, 9 * second});
  CHECK(back.columns.leg == std::vector<std::int32_t>{1, 2});
  CHECK(back.report.repeated == 0);
  for (const std::string& copy : {entry + exit + entry + exit, entry + entry + exit + exit}) {
    const queue_log_contacts once = contacts_from_queue_log(copy);
    CHECK(once.columns.wait == std::vector<std::int64_t>{0});
    CHECK(once.report.repeated == 2);
  }
  const std::string both = entry + exit + entry + entry + exit + entry + later;
  CHECK(contacts_from_queue_log(both).columns.wait == back.columns.wait);
}

// A log behind itself changes nothing: so a third pass in one second, whose bytes are those of a copy, is
// one.
TEST_CASE("a third pass in one second is taken for a copy of the second, and a note says so") {
  const std::string entry = "1600000000|a|q|NONE|ENTERQUEUE||5|1\n",
                    exit = "1600000000|a|q|NONE|EXITWITHTIMEOUT|1|1|0\n",
                    later = "1600000009|a|q|NONE|ABANDON|1|1|9\n";
  const queue_log_contacts r = contacts_from_queue_log(entry + exit + entry + exit + entry + later);
  CHECK(r.columns.wait == std::vector<std::int64_t>{0, 9 * second});
  CHECK(r.report.repeated == 2);
  CHECK(r.report.doubtful == 1);
  REQUIRE(r.notes.size() >= 2);
  CHECK(r.notes[0] == "lines of contacts that stand in the log twice, used once: 2");
  CHECK(r.notes[1] ==
        "of them entries of calls that left and entered a queue in one second, taken for copies, for the "
        "same exit "
        "follows: who was sent round three times in a second looks the same: 1");
  const queue_log_contacts apart = contacts_from_queue_log(entry + entry + exit + exit);
  CHECK(apart.report.repeated == 2);
  CHECK(apart.report.doubtful == 0);  // a line behind itself is a copy, no doubt
}

TEST_CASE(
    "a last line that is more than a day behind the others is believed with a note, by a year it is spoilt") {
  const std::string log = "1600000000|a|q|NONE|ENTERQUEUE||5|1\n1600000009|a|q|NONE|ABANDON|1|1|9\n";
  const queue_log_contacts quiet = contacts_from_queue_log(log + "1600200000|b|q|NONE|ENTERQUEUE||6|1\n");
  CHECK(quiet.columns.size() == 2);
  CHECK(quiet.report.leap == std::chrono::seconds(199'991));
  CHECK(quiet.notes ==
        std::vector<std::string>{
            "the last line is 55 h later than those before it, and no line confirms it: what is "
            "open is as of then (as_of= sets another moment)"});
  const queue_log_contacts confirmed = contacts_from_queue_log(
      log + "1600200000|b|q|NONE|ENTERQUEUE||6|1\n1600200004|b|q|NONE|ABANDON|1|1|4\n");
  CHECK_FALSE(confirmed.report.leap);
  CHECK(confirmed.notes.empty());
  const queue_log_contacts spoilt = contacts_from_queue_log(log + "2600000000|b|q|NONE|ENTERQUEUE||6|1\n");
  CHECK(spoilt.columns.size() == 1);
  CHECK(spoilt.report.invalid == 1);
  CHECK(spoilt.report.last == instant(std::chrono::seconds(1'600'000'009)));
  CHECK(spoilt.report.first_invalid.at(0).reason ==
        "it is the last, and its time is more than a year ahead of the lines before it");
}

TEST_CASE("as of any moment the log is as it was then, also behind its last line") {
  const auto at = [](std::int64_t s) { return instant(std::chrono::seconds(1'600'000'000 + s)); };
  const queue_log_contacts then = contacts_from_queue_log(put_through, {.as_of = at(393)});
  CHECK(then.columns.outcome == std::vector<std::uint8_t>{0, static_cast<std::uint8_t>(outcome::unfinished)});
  CHECK(then.columns.wait == std::vector<std::int64_t>{12 * second, 3 * second});
  CHECK(then.columns.wait_contact[1] == 134 * second);
  CHECK(then.report.after == 2);
  CHECK(then.report.lines == 6);

  const std::string waits = put_through.substr(0, put_through.find("1600000271"));
  CHECK(contacts_from_queue_log(waits, {.as_of = at(300)}).columns.wait ==
        std::vector<std::int64_t>{41 * second});
  CHECK(contacts_from_queue_log(put_through, {.as_of = at(0)}).columns.size() == 0);
}

TEST_CASE("an attended transfer under a foreign id to somewhere else ends the right talk") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1600000259|A|1501|NONE|ENTERQUEUE||5551234|1\n1600000271|A|1501|7009|CONNECT|12|x|11\n"
      "1600000391|B|1501|7009|ATTENDEDTRANSFER|BRIDGE|br-1|12|120|1\n");
  CHECK(r.columns.talk == std::vector<std::int64_t>{120 * second});
  CHECK(r.columns.transfers == std::vector<std::uint8_t>{1});
  CHECK(r.talking == 0);
}

TEST_CASE("an attended transfer that fits no talk is an orphan and changes nobody") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1600000259|A|1501|NONE|ENTERQUEUE||5551234|1\n1600000271|A|1501|7009|CONNECT|12|x|11\n"
      "1600000391|B|1501|7009|ATTENDEDTRANSFER|APP|Queue|12|100|1\n");
  CHECK(r.report.put_right == 0);
  CHECK(r.findings.orphaned == 1);
  CHECK(r.talking == 1);
}

TEST_CASE("a call that goes from queue to queue is one contact until it has stayed away for the gap") {
  const auto log = [](int again) {
    return "1600000000|1.1|IT|NONE|ENTERQUEUE||5|1\n1600000060|1.1|IT|NONE|EXITWITHTIMEOUT|1|1|60\n" +
           std::to_string(1600000060 + again) + "|1.1|sales|NONE|ENTERQUEUE||5|1\n";
  };
  CHECK(contacts_from_queue_log(log(0)).columns.leg == std::vector<std::int32_t>{1, 2});
  CHECK(contacts_from_queue_log(log(3600)).columns.leg == std::vector<std::int32_t>{1, 2});
  CHECK(contacts_from_queue_log(log(3601)).columns.leg == std::vector<std::int32_t>{1, 1});
  CHECK(contacts_from_queue_log(log(3601)).columns.first_row == std::vector<std::int64_t>{0, 1});
  CHECK(contacts_from_queue_log(log(31), {.chain_gap = std::chrono::seconds(30)}).columns.leg ==
        std::vector<std::int32_t>{1, 1});
}

TEST_CASE("a restart of the phone system ends every call, and an id that comes again is another contact") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1600000000|1.1|IT|NONE|ENTERQUEUE||5|1\n1600000001|1.2|IT|NONE|ENTERQUEUE||6|1\n"
      "1600000005|1.2|IT|Agent/1|CONNECT|4|x|1\n1600000009|NONE|NONE|NONE|QUEUESTART|\n"
      "1600000010|1.1|IT|NONE|ENTERQUEUE||7|1\n");
  const auto failed = static_cast<std::uint8_t>(outcome::system_failure);
  const auto open = static_cast<std::uint8_t>(outcome::unfinished);
  CHECK(r.columns.outcome == std::vector<std::uint8_t>{failed, 0, open});
  CHECK(r.columns.leg == std::vector<std::int32_t>{1, 1, 1});
  CHECK(r.waiting == 1);
  CHECK(r.talking == 0);
}

TEST_CASE("an ABANDON behind a SYSCOMPAT is the same end, counted once") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1600000000|1.1|IT|NONE|ENTERQUEUE||5|1\n1600000009|1.1|IT|Agent/1|SYSCOMPAT|\n"
      "1600000009|1.1|IT|NONE|ABANDON|1|1|9\n");
  CHECK(r.columns.outcome == std::vector<std::uint8_t>{static_cast<std::uint8_t>(outcome::system_failure)});
  CHECK(r.columns.wait == std::vector<std::int64_t>{9 * second});
  CHECK(r.report.over == 1);
  CHECK(r.report.behind == 0);
  CHECK(r.notes.empty());
}

TEST_CASE("an answer behind an abandon is not used, and the talk that it hides is counted and noted") {
  const std::string before = "1600000000|1.1|IT|NONE|ENTERQUEUE||5|1\n1600000009|1.1|IT|NONE|ABANDON|1|1|9\n",
                    answer = "1600000009|1.1|IT|Agent/1|CONNECT|9|x|3\n",
                    end = "1600000069|1.1|IT|Agent/1|COMPLETECALLER|9|60|1\n";
  for (const auto& [behind, lines] :
       {std::pair{answer + end, 2}, {end, 1}, {"1600000009|1.1|IT|Agent/1|BLINDTRANSFER|x|c|9|0|1\n", 1}}) {
    const queue_log_contacts r = contacts_from_queue_log(before + behind);
    CHECK(r.columns.outcome == std::vector<std::uint8_t>{1});
    CHECK(r.columns.talk == std::vector<std::int64_t>{missing});
    CHECK(r.report.over == 0);
    CHECK(r.report.behind == static_cast<std::uint64_t>(lines));
    CHECK(r.report.hidden_talks == 1);
    CHECK(r.notes == std::vector<std::string>{
                         "events behind the end of a stay, which stands, not used: " + std::to_string(lines),
                         "contacts that left without an answer, says the log, and talked after that: "
                         "the talk is not counted: 1"});
  }
}

TEST_CASE("an end behind an end is noted, whichever came first") {
  const std::string before = "1600000000|1.1|IT|NONE|ENTERQUEUE||5|1\n",
                    answer = "1600000004|1.1|IT|m|CONNECT|4|x|1\n",
                    end = "1600000009|1.1|IT|m|COMPLETEAGENT|4|5|1\n",
                    left = "1600000009|1.1|IT|NONE|ABANDON|1|1|9\n";
  for (const std::string& log :
       {before + answer + end + left, before + left + "1600000010|1.1|IT|NONE|EXITEMPTY|1|1|10\n",
        before + answer + end + "1600000012|1.1|IT|m|COMPLETECALLER|4|8|1\n"}) {
    const queue_log_contacts r = contacts_from_queue_log(log);
    CHECK(r.report.behind == 1);
    CHECK(r.report.hidden_talks == 0);
    CHECK(r.notes == std::vector<std::string>{"events behind the end of a stay, which stands, not used: 1"});
  }
}

TEST_CASE(
    "an ABANDON with the name of a member or without a wait is an abandon, its wait from the instants") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1600000000|1.1|IT|NONE|ENTERQUEUE||5|1\n1600000009|1.1|IT|Agent/1|ABANDON|1|1|9\n"
      "1600000020|1.2|IT|NONE|ENTERQUEUE||5|1\n1600000031|1.2|IT|NONE|ABANDON|1|1|\n");
  CHECK(r.columns.outcome == std::vector<std::uint8_t>{1, 1});
  CHECK(r.columns.wait == std::vector<std::int64_t>{9 * second, 11 * second});
}

// Source: vector P11 of the definitions, from the tests of xivo-dao, which read the realtime table.
TEST_CASE("times to the microsecond: one answered call, whose start is its entry") {
  const queue_log_contacts r = contacts_from_queue_log(
      "1344000000.559080|1.1|IT|NONE|ENTERQUEUE||5|1\n1344000007.461280|1.1|IT|Agent/1|CONNECT|8|x|4\n"
      "1344000538.374302|1.1|IT|Agent/1|COMPLETECALLER|8|531|1\n");
  CHECK(r.columns.entered == std::vector<std::int64_t>{1344000000 * second + 559'080});
  CHECK(r.columns.wait == std::vector<std::int64_t>{8 * second});
  CHECK(r.columns.talk == std::vector<std::int64_t>{531 * second});
}

// A line of each event, every one of which has its place in docs/reference/queue_log.md.
TEST_CASE("a log with every event becomes the legs that the page on the format says") {
  std::ifstream file(CXMETRICS_PROJECT_DIR "/tests/fuzz/corpus/queue_log/every_event", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const queue_log_contacts r = contacts_from_queue_log(text);
  CHECK(r.report.lines == static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')));
  CHECK(r.report.invalid == 0);
  CHECK(r.report.events.size() == 26);
  std::vector<std::string> outcomes;
  for (std::uint8_t how : r.columns.outcome) outcomes.emplace_back(name_of(static_cast<outcome>(how)));
  CHECK(outcomes == std::vector<std::string>{"answered", "timeout", "abandoned", "exit_key", "left_empty",
                                             "withdrawn", "system_failure", "answered", "answered",
                                             "answered", "answered", "system_failure", "unfinished"});
  CHECK(r.columns.leg == std::vector<std::int32_t>{1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1});
  CHECK(r.columns.transfers == std::vector<std::uint8_t>{1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0});
  CHECK(r.report.over == 1);
  CHECK(r.report.put_right == 1);
  CHECK(r.findings == contact_findings{.entered = 13});
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
  std::uint64_t lines = 0;
  for (std::size_t begin = 0; begin < log->size();) {
    const std::size_t end = log->find('\n', begin) + 1;
    const std::string_view line = std::string_view(*log).substr(begin, end - begin);
    abandon_lines += line.find("|ABANDON|") != std::string_view::npos ? 1U : 0U;
    entry_lines += line.find("|ENTERQUEUE|") != std::string_view::npos ? 1U : 0U;
    begin = end;
    if (cxmetrics_test::sanitized && ++lines % 5 != 0) continue;
    const queue_log_contacts cut = contacts_from_queue_log(std::string_view(*log).substr(0, end));
    const std::vector<std::uint8_t>& outcomes = cut.columns.outcome;
    REQUIRE(outcomes.size() == entry_lines);
    const auto abandoned = static_cast<std::uint8_t>(outcome::abandoned);
    REQUIRE(static_cast<std::uint64_t>(std::count(outcomes.begin(), outcomes.end(), abandoned)) ==
            abandon_lines);
  }
}

}  // namespace queue_log_columns_test
