// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/events.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <cxmetrics/core/error.hpp>

namespace events_test {

namespace {

using namespace cxmetrics;
using namespace std::chrono_literals;

envelope head(int second, std::uint64_t position, std::int64_t whose = 1) {
  return {instant(std::chrono::seconds(second)), subject_of(whose), position};
}
std::vector<contact_event> samples() {
  return {contact_queued{head(1, 1), 3, subject_of(77)},
          contact_queued{head(1, 1), 3, {}},
          contact_answered{head(2, 2), 0, 5s},
          contact_left{head(3, 3), 4'000'000'000U, outcome::exit_key, {}},
          contact_transferred{head(4, 4), 1, outcome::transferred_attended, 1s, 2s},
          contact_ended{head(-5, 5), 1, {}, max_duration},
          contacts_restarted{head(6, 6)},
          contact_queued{head(7, 7), 2, {}, earlier_legs{head(1, 1, 2), 3}},
          contact_taken_over{head(8, 8), 2, subject_of(77), {head(1, 1, 2), 1}}};
}
std::string bytes_of(const contact_event& e) {
  writer w;
  encode(w, e);
  return std::move(w).take();
}
contact_event event_of(const std::string& bytes) {
  reader r(bytes);
  contact_event e = decode_contact_event(r);
  r.expect_end();
  return e;
}

}  // namespace

TEST_CASE("events are ordered by instant, then by place in the source") {
  const contact_event early = contact_ended{head(1, 9), 0, {}, {}};
  const contact_event late = contact_queued{head(2, 1), 0, {}};
  const contact_event same_second = contact_queued{head(1, 10), 0, {}};
  CHECK(comes_before(early, late));
  CHECK_FALSE(comes_before(late, early));
  CHECK(comes_before(early, same_second));
  CHECK_FALSE(comes_before(early, early));
}

TEST_CASE("the head of every kind of event is found") {
  for (const contact_event& e : samples())
    CHECK(head_of(e) == std::visit([](const auto& x) { return x.head; }, e));
}

TEST_CASE("the bytes of every kind of event come back") {
  for (const contact_event& e : samples()) CHECK(event_of(bytes_of(e)) == e);
}

TEST_CASE("truncated or impossible bytes of events are refused") {
  for (const contact_event& e : samples()) {
    const std::string bytes = bytes_of(e);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK_THROWS_AS((void)event_of(bytes.substr(0, size)), state_error);
  }
  const std::string left = bytes_of(contact_left{head(1, 1), 0, outcome::abandoned, 1s});
  const auto with = [&](std::size_t word, char value) {
    std::string bytes = left;
    bytes[word * 8] = value;
    return bytes;
  };
  CHECK(event_of(with(6, 12)) == contact_event(contact_left{head(1, 1), 0, outcome::unfinished, 1s}));
  CHECK_THROWS_AS((void)event_of(with(0, 7)), state_error);            // no such kind
  CHECK_THROWS_AS((void)event_of(with(6, 13)), state_error);           // no such outcome
  CHECK_THROWS_AS((void)event_of(with(7, 2)), state_error);            // neither present nor absent
  for (const char* legs : {"\x00\x00\x00\x00", "\xff\xff\xff\xff"}) {  // the count stands last
    std::string bytes = bytes_of(contact_taken_over{head(8, 8), 2, {}, {head(1, 1, 2), 1}});
    bytes.replace(bytes.size() - 8, 4, legs, 4);
    CHECK_THROWS_AS((void)event_of(bytes), state_error);
  }
  std::string negative = left;
  negative.back() = '\xff';
  CHECK_THROWS_AS((void)event_of(negative), state_error);
}

TEST_CASE("numbers that say that there is none are placeholders, in any case of letters") {
  for (const char* number :
       {"", "0", "?", "-1", "-", "unknown", "Unknown", "UNKNOWN", "anonymous", "Anonymous", "<unknown>",
        "Private", "restricted", "unavailable", "No Caller ID", "None", "NULL"})
    CHECK_MESSAGE(is_placeholder(number), number);
  for (const char* number :
       {"15558727777", "00", "1000", "anonymous1", "unknown caller here", "+31 20 123", " "})
    CHECK_MESSAGE(!is_placeholder(number), number);
}

}  // namespace events_test
