// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/io/queue_log.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/core/error.hpp>

namespace queue_log_test {
namespace {
std::atomic<std::uint64_t> allocations{0};
}
}  // namespace queue_log_test

// All memory of this program is counted.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++queue_log_test::allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++queue_log_test::allocations;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace queue_log_test {

namespace {

using namespace cxmetrics;
using namespace std::chrono_literals;

struct reading {
  std::vector<contact_event> events;
  std::vector<std::string> others;  // lines that are no events of contacts
  std::vector<std::string> queues;
  queue_log_report report;
  friend bool operator==(const reading&, const reading&) = default;
};

struct collect_all {
  reading& into;
  void operator()(const contact_event& event, const queue_log_line&) { into.events.push_back(event); }
  void operator()(const queue_log_line& line) { into.others.emplace_back(line.event); }
};

reading read(std::string_view text, std::size_t chunk = std::string_view::npos,
             queue_log_options options = {}) {
  reading out;
  queue_log_reader reader(std::move(options));
  while (!text.empty()) {
    reader.feed(text.substr(0, chunk), collect_all{out});
    text.remove_prefix(std::min(chunk, text.size()));
  }
  reader.finish(collect_all{out});
  out.queues = reader.queues();
  out.report = reader.report();
  return out;
}
template <class Event>
Event only(const reading& r) {
  REQUIRE(r.events.size() == 1);
  REQUIRE(std::holds_alternative<Event>(r.events[0]));
  return std::get<Event>(r.events[0]);
}
template <class Event>
Event only(std::string_view line) {
  return only<Event>(read(line));
}
std::uint64_t count_of(const reading& r, std::string_view event) {
  for (const named_count& c : r.report.events)
    if (c.name == event) return c.count;
  return 0;
}
std::uint64_t good_lines(const reading& r) {
  std::uint64_t sum = 0;
  for (const named_count& c : r.report.events) sum += c.count;
  return sum;
}
void check_conservation(const reading& r) {
  CHECK(r.report.lines == r.report.blank + r.report.invalid + good_lines(r));
  CHECK(r.report.first_invalid.size() == std::min<std::uint64_t>(r.report.invalid, 5));
}
const instant noon = instant(1543600000s);

const std::string day =
    "1543600000|NONE|NONE|NONE|QUEUESTART|\n"
    "1543600001|1.1|IT|NONE|ENTERQUEUE||15558727777|1\n"
    "1543600001|1.1|IT|NONE|DID|5551234\n"
    "1543600011|1.1|IT|Agent/1|RINGNOANSWER|10000\n"
    "1543600020|1.2|sales|NONE|ENTERQUEUE||anonymous|1|J_Doe\n"
    "1543600021|1.1|IT|Agent/1|CONNECT|20|1.3|4\n"
    "1543600030|1.2|sales|NONE|ABANDON|1|1|9\n"
    "1543600091|1.1|IT|Agent/1|COMPLETECALLER|20|70|1\n";

}  // namespace

TEST_CASE("a line becomes an event with its instant, its call, its place and its queue") {
  const reading r = read(day);
  REQUIRE(r.events.size() == 6);
  CHECK(std::get<contact_queued>(r.events[1]) ==
        contact_queued{{noon + 1s, subject_of("1.1"), 2}, 0, subject_of("15558727777")});
  CHECK(std::get<contact_queued>(r.events[2]).queue == 1);
  CHECK_FALSE(std::get<contact_queued>(r.events[2]).customer);
  CHECK(r.queues == std::vector<std::string>{"IT", "sales"});
  CHECK(r.report.first == noon);
  CHECK(r.report.last == noon + 91s);
  check_conservation(r);
}

TEST_CASE("events of agents, of vendors and unknown ones are kept and counted") {
  const reading r =
      read(day + "1543600092|1.9|NONE|Agent/1|OUTDIAL|881142\n1543600093|x|y|z|My own_event|\n");
  CHECK(r.others == std::vector<std::string>{"DID", "RINGNOANSWER", "OUTDIAL", "My own_event"});
  CHECK(count_of(r, "OUTDIAL") == 1);
  CHECK(count_of(r, "My own_event") == 1);
  CHECK(count_of(r, "ENTERQUEUE") == 2);
  CHECK(r.report.invalid == 0);
  CHECK(std::is_sorted(r.report.events.begin(), r.report.events.end(),
                       [](const named_count& a, const named_count& b) { return a.name < b.name; }));
}

// The data of every event: the table of Asterisk's app_queue.c.
TEST_CASE("each event that ends a stay has its outcome and its wait where Asterisk writes it") {
  const auto left = [](std::string_view rest) {
    return only<contact_left>("1543600000|1.1|IT|NONE|" + std::string(rest));
  };
  CHECK(left("ABANDON|1|2|33").how == outcome::abandoned);
  CHECK(left("ABANDON|1|2|33").wait == 33s);
  CHECK(left("EXITWITHTIMEOUT|1|2|300").how == outcome::timeout);
  CHECK(left("EXITWITHTIMEOUT|1|2|300").wait == 300s);
  CHECK(left("EXITEMPTY|1|2|7").how == outcome::left_empty);
  CHECK(left("EXITWITHKEY|5|1|2|44").how == outcome::exit_key);
  CHECK(left("EXITWITHKEY|5|1|2|44").wait == 44s);
  CHECK(left("WITHDRAW|1|2|8|moved").how == outcome::withdrawn);
  CHECK(left("WITHDRAW|1|2|8|moved").wait == 8s);
  CHECK(left("SYSCOMPAT|").how == outcome::system_failure);
  CHECK_FALSE(left("SYSCOMPAT|").wait);
}

TEST_CASE("each event that ends a talk has its wait and its talk where Asterisk writes them") {
  const std::string head = "1543600000|1.1|IT|Agent/1|";
  CHECK(only<contact_answered>(head + "CONNECT|12|1.5|3").wait == 12s);
  for (const char* event : {"COMPLETEAGENT|6|30|1", "COMPLETECALLER|6|30|1"}) {
    CHECK(only<contact_ended>(head + event).wait == 6s);
    CHECK(only<contact_ended>(head + event).talk == 30s);
  }
  for (const char* event :
       {"TRANSFER|1142|default|6|38", "BLINDTRANSFER|1142|transfer|6|38|1", "ATTENDEDTRANSFER|BRIDGE||6|38|1",
        "ATTENDEDTRANSFER|APP|Queue|6|38|1", "ATTENDEDTRANSFER|LINK|SIP/1|SIP/2|6|38|1"}) {
    CHECK(only<contact_transferred>(head + event).wait == 6s);
    CHECK(only<contact_transferred>(head + event).talk == 38s);
  }
  CHECK(only<contact_transferred>(head + "BLINDTRANSFER|1|t|6|38|1").how == outcome::transferred_blind);
  CHECK(only<contact_transferred>(head + "ATTENDEDTRANSFER|APP|Queue|6|38|1").how ==
        outcome::transferred_attended);
}

TEST_CASE("old lines with fewer data are read") {
  CHECK(only<contact_queued>("1543600000|1.1|IT|NONE|ENTERQUEUE||15551").customer == subject_of("15551"));
  CHECK_FALSE(only<contact_queued>("1543600000|1.1|IT|NONE|ENTERQUEUE|").customer);
  CHECK(only<contact_answered>("1543600000|1.1|IT|Agent/1|CONNECT|4").wait == 4s);
  CHECK_FALSE(only<contact_left>("1543600000|1.1|IT|NONE|ABANDON|1|1|").wait);
  CHECK_FALSE(only<contact_left>("1543600000|1.1|IT|NONE|ABANDON|1|1").wait);
  CHECK(
      std::holds_alternative<contacts_restarted>(read("1543600000|NONE|NONE|NONE|QUEUESTART").events.at(0)));
}

TEST_CASE("a duration that is no number of seconds is left to the instants and counted") {
  for (const char* wait : {"-1", "1e3", "abc", "12x", "99999999999", " 5"}) {
    const reading r = read("1543600000|1.1|IT|NONE|ABANDON|1|1|" + std::string(wait));
    CHECK_FALSE(only<contact_left>(r).wait);
    CHECK(r.report.unreadable == 1);
  }
  CHECK(only<contact_left>("1543600000|1.1|IT|NONE|ABANDON|1|1|2.5").wait == 2500ms);
}

TEST_CASE("times may have a fraction, which is floored to the microsecond") {
  CHECK(only<contact_queued>("1543600000.1234569|1.1|IT|NONE|ENTERQUEUE||1|1").head.at == noon + 123'456us);
}

TEST_CASE("times of thirteen digits are milliseconds, as programs write them that copy logs") {
  CHECK(only<contact_queued>("1543600000123|1.1|IT|NONE|ENTERQUEUE||1|1").head.at == noon + 123ms);
  CHECK(only<contact_queued>("1543600000123.4567|1.1|IT|NONE|ENTERQUEUE||1|1").head.at == noon + 123'456us);
  CHECK_THROWS_AS((void)read("15436000001234|1.1|IT|NONE|ENTERQUEUE||1|1"), column_error);
}

TEST_CASE("any chunks give the same as the whole") {
  const std::string text =
      day +
      "junk\n1543600092|1.9|NONE|Agent/1|OUTDIAL|881142\r\n\r\n\n1543600093|1.4|IT|NONE|ENTERQUEUE||1|1";
  const reading whole = read(text);
  CHECK(whole.report.invalid == 1);
  CHECK(whole.report.blank == 2);
  CHECK(whole.events.size() == 7);
  for (std::size_t chunk = 1; chunk < 100; ++chunk) CHECK(read(text, chunk) == whole);
}

TEST_CASE("line ends of Windows, a byte order mark, NUL bytes and a missing last newline lose no line") {
  std::string windows;
  for (char c : day) windows += c == '\n' ? "\r\n" : std::string(1, c);
  CHECK(read(windows) == read(day));
  CHECK(read("\xEF\xBB\xBF" + day) == read(day));
  CHECK(read(day.substr(0, day.size() - 1)) == read(day));
  const std::string hole(300, '\0');  // what a crash leaves in a file
  CHECK(read(day + hole + "1543600099|NONE|NONE|NONE|QUEUESTART|\n").events.size() == 7);
}

TEST_CASE("lines that are none are counted with place, text and reason, and lose no good line") {
  const std::string text =
      "1543600000|1.1|IT|NONE|ENTERQUEUE||1|1\n"
      "no pipes at all\n"
      "12ab|1.1|IT|NONE|CONNECT|1\n"
      "1543600001|1.1|IT\n"
      "\x01\x02\xff|a|b|c|D|\n"
      "1543600001|1.1|IT|NONE||x\n"
      "5|1.1|IT|NONE|CONNECT|1\n"
      "1543600001||IT|NONE|CONNECT|1\n"
      "1543600002|1.1|IT|NONE|ABANDON|1|1|2\n"
      "1543600003|1.1|IT|NONE|RINGNOA";
  const reading r = read(text);
  CHECK(r.events.size() == 2);
  CHECK(r.report.invalid == 8);
  check_conservation(r);
  CHECK(r.report.first_invalid[0] == invalid_line{"queue_log", 2, "no pipes at all",
                                                  "it does not begin with a time in seconds and a pipe"});
  CHECK(r.report.first_invalid[1].number == 3);
  CHECK(r.report.first_invalid[2].reason == "it has fewer than five fields");
  CHECK(r.report.first_invalid[3].text == "...|a|b|c|D|");
  CHECK(r.report.first_invalid[4].reason == "its fifth field is no event");
}

TEST_CASE("a huge line is one invalid line, whatever the chunks, and what follows is read") {
  const std::string huge = "1543600001|1.1|IT|NONE|X|" + std::string(200'000, 'x');
  const std::string text = day + huge + "\n1543600099|NONE|NONE|NONE|QUEUESTART|\n";
  const reading whole = read(text);
  CHECK(whole.report.invalid == 1);
  CHECK(whole.report.first_invalid[0].text.size() < 100);
  CHECK(whole.events.size() == 7);
  for (std::size_t chunk : {1000U, 4096U, 65'536U, 65'537U}) CHECK(read(text, chunk) == whole);
  CHECK(read(day + huge, 1000).report.invalid == 1);
}

TEST_CASE("a file that is no log at all is refused with its name and its first line") {
  CHECK_THROWS_WITH_AS((void)read("name,score\nann,9\n"),
                       doctest::Contains("queue_log is no queue_log: none of its first 2 lines"),
                       column_error);
  CHECK_THROWS_WITH_AS((void)read("name,score\nann,9\n"), doctest::Contains("line 1 is 'name,score'"),
                       column_error);
  CHECK_THROWS_AS((void)read(std::string(100, '\xfe')), column_error);
  CHECK_THROWS_AS((void)read(std::string(3'000'000, 'a'), 10'000), column_error);
  std::string table;
  for (int i = 0; i < 5000; ++i) table += "1,2,3\n";
  queue_log_reader reader({.name = "survey.csv"});
  CHECK_THROWS_WITH_AS(reader.feed(table, [](const contact_event&, const queue_log_line&) {}),
                       doctest::Contains("survey.csv is no queue_log: none of its first 1000 lines"),
                       column_error);
}

TEST_CASE("an empty input has no lines and no instants") {
  for (const char* nothing : {"", "\n\n\r\n"}) {
    const reading r = read(nothing);
    CHECK(r.events.empty());
    CHECK_FALSE(r.report.first);
    CHECK_FALSE(r.report.last);
    CHECK(r.report.lines == r.report.blank);
  }
}

TEST_CASE("positions go on over files, line numbers and names do not") {
  reading r;
  queue_log_reader reader({.name = "queue_log.1"});
  reader.feed(day + "junk", collect_all{r});
  reader.next_file("queue_log", collect_all{r});
  reader.feed("1543600100|1.5|new|NONE|ENTERQUEUE||1|1\nmore junk\n", collect_all{r});
  reader.finish(collect_all{r});
  CHECK(head_of(r.events.back()).position == 7);  // the events, which are in the order of history
  const queue_log_report report = reader.report();
  REQUIRE(report.first_invalid.size() == 2);
  CHECK(report.first_invalid[0].file == "queue_log.1");
  CHECK(report.first_invalid[0].number == 9);
  CHECK(report.first_invalid[1].file == "queue_log");
  CHECK(report.first_invalid[1].number == 2);
  CHECK(reader.queues().back() == "new");
}

TEST_CASE("the second of two files is refused too when it is no log") {
  queue_log_reader reader;
  const auto ignore = [](const contact_event&, const queue_log_line&) {};
  reader.feed(day + "a\nb\nc\nd\ne\nf\n", ignore);
  reader.next_file("notes.txt", ignore);
  reader.feed("hello\n", ignore);
  CHECK_THROWS_WITH_AS(reader.finish(ignore), doctest::Contains("notes.txt is no queue_log"), column_error);
}

TEST_CASE("a fresh file that holds no more than half a line is no error, and the line is counted") {
  const auto ignore = [](const contact_event&, const queue_log_line&) {};
  for (const char* half : {"1|IT|NONE|ENTERQUEUE||1|1\n", "154360010|1.5|I"}) {
    queue_log_reader reader;
    reader.feed(day, ignore);
    reader.next_file("queue_log", ignore);
    reader.feed(half, ignore);
    reader.finish(ignore);
    REQUIRE(reader.report().invalid == 1);
    CHECK(reader.report().first_invalid[0].file == "queue_log");
    queue_log_reader alone;  // of which nothing says that it is a log
    alone.feed(half, ignore);
    CHECK_THROWS_AS(alone.finish(ignore), column_error);
  }
}

TEST_CASE("lines a little older than those before them are emitted, much older ones are late") {
  const reading r = read(
      "1543600100|1.1|IT|NONE|ENTERQUEUE||1|1\n"
      "1543600040|1.2|IT|NONE|ENTERQUEUE||2|1\n"
      "1543600039|1.3|IT|NONE|ENTERQUEUE||3|1\n");
  CHECK(r.events.size() == 2);
  CHECK(r.report.late == 1);
  CHECK(count_of(r, "ENTERQUEUE") == 3);
  CHECK(read("1543600100|1.1|IT|NONE|ENTERQUEUE||1|1\n1543600039|1.3|IT|NONE|ENTERQUEUE||3|1\n", 9999,
             {.disorder = 61s})
            .report.late == 0);
}

TEST_CASE("the watermark follows the newest line at the distance of the disorder") {
  queue_log_reader reader;
  const auto ignore = [](const contact_event&, const queue_log_line&) {};
  CHECK(reader.watermark() == instant::min());
  reader.feed(day, ignore);
  CHECK(reader.watermark() == noon + 31s);
}

TEST_CASE("one spoilt digit in a time spoils one line, at the beginning or in the middle") {
  const std::string spoilt = "2543600002|9.9|IT|NONE|ENTERQUEUE||1|1\n";
  const reading r = read(day.substr(0, 87) + spoilt + day.substr(87));
  CHECK(r.report.invalid == 1);
  CHECK(r.report.first_invalid[0].reason == "its time is more than a day ahead of the lines around it");
  CHECK(r.events == [&] {
    reading expected = read(day.substr(0, 87) + "\n" + day.substr(87));
    return expected.events;
  }());
  CHECK(read(spoilt + day).report.invalid == 1);
  CHECK(read(spoilt + day).events.size() == 6);
}

TEST_CASE("a quiet week is believed, and so is the last line after one") {
  const std::string later = "1544204800|2.1|IT|NONE|ENTERQUEUE||1|1\n";
  CHECK(read(day + later).events.size() == 7);
  const reading r = read(day + later + "1544204801|2.1|IT|NONE|ABANDON|1|1|1\n");
  CHECK(r.events.size() == 8);
  CHECK(head_of(r.events[6]).position == 7);
  CHECK(r.report.invalid == 0);
}

TEST_CASE("a key changes what calls and callers are called, and nothing else") {
  const reading plain = read(day);
  const reading keyed = read(day, 1000, {.key = {1, 2}});
  CHECK(std::get<contact_queued>(keyed.events[1]).customer == subject_of("15558727777", {1, 2}));
  CHECK(std::get<contact_queued>(keyed.events[1]).head.whose == subject_of("1.1", {1, 2}));
  CHECK(keyed.report == plain.report);
}

TEST_CASE("with a key a spoilt line keeps no number of a caller") {
  const std::string spoilt = "154x600000|1.1|IT|NONE|ENTERQUEUE||15558727777|1\n";
  CHECK(read(day + spoilt).report.first_invalid[0].text == spoilt.substr(0, spoilt.size() - 1));
  CHECK(read(day + spoilt, 1000, {.key = {1, 2}}).report.first_invalid[0].text ==
        "...x......|...|IT|NONE|ENTERQUEUE||...........|.");
  CHECK_THROWS_WITH_AS((void)read(spoilt, 1000, {.key = {1, 2}}), doctest::Contains("line 1 is '...x......|"),
                       column_error);
}

TEST_CASE("with a key a number that has slipped into the place of the event has no name in the report") {
  const std::string slipped = "1543600092|1.9|IT|NONE|0031612345678|\n1543600092|1.9|IT|NONE|Q1|\n";
  CHECK(count_of(read(day + slipped), "0031612345678") == 1);
  const reading keyed = read(day + slipped, 1000, {.key = {1, 2}});
  CHECK(count_of(keyed, "0031612345678") == 0);
  CHECK(count_of(keyed, "(other)") == 1);
  CHECK(count_of(keyed, "Q1") == 1);
  check_conservation(keyed);
}

TEST_CASE("in the steady state a line costs no allocation, from the bytes to the finished contact") {
  constexpr int hour = 3600,
                hours = 3;  // the chains of an hour ago are forgotten, so the third is like the second
  std::string text;
  std::size_t third = 0;
  for (int at = 0; at < hours * hour; ++at) {
    if (at == 2 * hour) third = text.size();
    const auto line = [&](int ago, const char* rest) {
      if (at < ago) return;
      text += std::to_string(1'600'000'000 + at) + "|" + std::to_string(at - ago) + ".77|" +
              ((at - ago) % 2 == 0 ? "support" : "servicedesk") + "|" + rest + "\n";
    };
    line(0, "NONE|ENTERQUEUE||15558727777|1");
    line(5, "SIP/1234|RINGNOANSWER|5000");
    if (at % 7 == 0) {
      line(7, "NONE|ABANDON|1|1|7");
    } else {
      line(8, "SIP/1234|CONNECT|8|1543600000.77|3");
      line(100, "SIP/1234|COMPLETECALLER|8|92|1");
    }
  }
  queue_log_reader reader;
  contact_tracker tracker;
  std::uint64_t contacts = 0;
  const auto read_all = [&](std::string_view part) {
    constexpr std::size_t chunk = 65'536;
    for (; !part.empty(); part.remove_prefix(std::min(chunk, part.size()))) {
      reader.feed(part.substr(0, chunk),
                  [&](const contact_event& e, const queue_log_line&) { tracker.add(e); });
      tracker.advance(reader.watermark(), [&](const contact&) { ++contacts; });
    }
  };
  read_all(std::string_view(text).substr(0, third));
  const std::uint64_t before = allocations, contacts_before = contacts;
  read_all(std::string_view(text).substr(third));
  CHECK(allocations - before == 0);
  CHECK(contacts - contacts_before > 3000);
}

TEST_CASE("rings are read in seconds of an answer and in milliseconds of none") {
  const auto ring_of = [](std::string rest) {
    std::vector<std::optional<duration>> rings;
    queue_log_reader reader;
    const auto text = "1543600000|1.1|IT|Agent/1|" + rest + "\n";
    struct {
      std::vector<std::optional<duration>>& into;
      void operator()(const contact_event&, const queue_log_line& line) { into.push_back(ring_time(line)); }
      void operator()(const queue_log_line& line) { into.push_back(ring_time(line)); }
    } sink{rings};
    reader.feed("1543599999|1.1|IT|NONE|ENTERQUEUE||1|1\n" + text, sink);
    reader.finish(sink);
    return rings.at(1);
  };
  CHECK(ring_of("RINGNOANSWER|10000") == 10s);
  CHECK(ring_of("RINGCANCELED|2500") == 2500ms);
  CHECK(ring_of("CONNECT|12|1.5|3") == 3s);
  CHECK_FALSE(ring_of("CONNECT|12|1.5"));  // old lines have none
  CHECK_FALSE(ring_of("RINGNOANSWER|soon"));
  CHECK_FALSE(ring_of("PAUSE|10"));
}

TEST_CASE("names of events without end do not fill the memory") {
  std::string text = day;
  for (int i = 0; i < 10'000; ++i) text += "1543600091|1.1|IT|x|EVENT" + std::to_string(i) + "|\n";
  const reading r = read(text);
  CHECK(r.report.events.size() <= 4097);
  CHECK(count_of(r, "(other)") > 5000);
  check_conservation(r);
}

}  // namespace queue_log_test
