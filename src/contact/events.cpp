// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/events.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>

#include "tracker_bytes.hpp"

namespace cxmetrics {
inline namespace v0 {
namespace {

using tracker_bytes::damaged;
using tracker_bytes::get_duration;
using tracker_bytes::get_instant;
using tracker_bytes::get_number;
using tracker_bytes::get_outcome;
using tracker_bytes::get_subject;
using tracker_bytes::put;

void put(writer& w, const envelope& head) {
  put(w, head.at);
  put(w, head.whose);
  w.put(head.position);
}
void put(writer& w, const earlier_legs& legs) { encode(w, legs); }
template <class T>
void put(writer& w, const std::optional<T>& field) {
  w.put(std::uint64_t{field ? 1U : 0U});
  if (field) put(w, *field);
}

void get(reader& r, envelope& head) {
  head.at = get_instant(r);
  head.whose = get_subject(r);
  head.position = r.get();
}
void get(reader& r, std::uint32_t& queue) { queue = get_number(r); }
void get(reader& r, outcome& how) { how = get_outcome(r); }
void get(reader& r, subject& s) { s = get_subject(r); }
void get(reader& r, duration& d) { d = get_duration(r); }
void get(reader& r, earlier_legs& legs) { legs = decode_earlier_legs(r); }
template <class T>
void get(reader& r, std::optional<T>& field) {
  const std::uint64_t flag = r.get();
  if (flag > 1) damaged(std::to_string(flag) + " is neither yes nor no");
  if (flag == 1) get(r, field.emplace());
}

// The fields of every event, once, for writing and for reading.
template <class Event, class Visit>
void each_field(Event& e, Visit visit) {
  visit(e.head);
  if constexpr (requires { e.queue; }) visit(e.queue);
  if constexpr (requires { e.customer; }) visit(e.customer);
  if constexpr (requires { e.how; }) visit(e.how);
  if constexpr (requires { e.wait; }) visit(e.wait);
  if constexpr (requires { e.talk; }) visit(e.talk);
  if constexpr (requires { e.before; }) visit(e.before);
}

template <class Event>
contact_event decode_as(reader& r) {
  Event e;
  each_field(e, [&](auto& field) { get(r, field); });
  return e;
}

}  // namespace

void encode(writer& w, const earlier_legs& legs) {
  put(w, legs.first);
  put(w, legs.count);
}

earlier_legs decode_earlier_legs(reader& r) {
  earlier_legs legs;
  get(r, legs.first);
  legs.count = get_number(r);
  if (legs.count == 0 || legs.count == std::numeric_limits<std::uint32_t>::max())
    damaged(std::to_string(legs.count) + " legs cannot lie behind a contact");
  return legs;
}

void encode(writer& w, const contact_event& event) {
  w.put(static_cast<std::uint64_t>(event.index()));
  std::visit([&](const auto& e) { each_field(e, [&](const auto& field) { put(w, field); }); }, event);
}

contact_event decode_contact_event(reader& r) {
  constexpr std::array decoders{decode_as<contact_queued>,    decode_as<contact_answered>,
                                decode_as<contact_left>,      decode_as<contact_transferred>,
                                decode_as<contact_ended>,     decode_as<contacts_restarted>,
                                decode_as<contact_taken_over>};
  static_assert(decoders.size() == std::variant_size_v<contact_event>);
  const std::uint64_t kind = r.get();
  if (kind >= decoders.size()) damaged("no event has the number " + std::to_string(kind));
  return decoders[static_cast<std::size_t>(kind)](r);
}

bool is_placeholder(std::string_view number) noexcept {
  constexpr std::array<std::string_view, 17> words{
      "0",       "?",          "-",        "-1",        "unknown",     "anonymous",
      "private", "restricted", "withheld", "none",      "unavailable", "no caller id",
      "blocked", "undefined",  "null",     "<unknown>", "asterisk"};
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (number.empty()) return true;
  if (number.size() > 12) return false;  // longer than any of the words
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return std::equal(word.begin(), word.end(), number.begin(), number.end(),
                      [&](char a, char b) { return a == lower(b); });
  });
}

}  // namespace v0
}  // namespace cxmetrics
