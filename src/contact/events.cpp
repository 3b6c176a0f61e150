// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/events.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>

#include <cxmetrics/core/error.hpp>

namespace cxmetrics {
inline namespace v0 {
namespace {

constexpr std::string_view damaged = "the bytes of a contact event are damaged: ";

void put(writer& w, const envelope& head) {
  w.put_signed(head.at.time_since_epoch().count());
  w.put(head.whose.low);
  w.put(head.whose.high);
  w.put(head.position);
}
void put(writer& w, std::uint32_t queue) { w.put(std::uint64_t{queue}); }
void put(writer& w, outcome how) { w.put(static_cast<std::uint64_t>(how)); }
void put(writer& w, const std::optional<subject>& s) {
  w.put(std::uint64_t{s ? 1U : 0U});
  if (s) w.put(s->low), w.put(s->high);
}
void put(writer& w, const std::optional<duration>& d) {
  w.put(std::uint64_t{d ? 1U : 0U});
  if (d) w.put_signed(d->count());
}
void put(writer& w, const earlier_legs& legs) { encode(w, legs); }
void put(writer& w, const std::optional<earlier_legs>& legs) {
  w.put(std::uint64_t{legs ? 1U : 0U});
  if (legs) encode(w, *legs);
}

void get(reader& r, envelope& head) {
  head.at = instant(duration(r.get_signed()));
  head.whose.low = r.get();
  head.whose.high = r.get();
  head.position = r.get();
}
void get(reader& r, std::uint32_t& queue) {
  const std::uint64_t word = r.get();
  queue = static_cast<std::uint32_t>(word);
  if (queue != word)
    throw state_error(std::string(damaged) + "no queue has the number " + std::to_string(word));
}
void get(reader& r, outcome& how) {
  const std::uint64_t word = r.get();
  if (word >= outcome_count)
    throw state_error(std::string(damaged) + "no outcome has the number " + std::to_string(word));
  how = static_cast<outcome>(word);
}
[[nodiscard]] bool get_flag(reader& r) {
  const std::uint64_t word = r.get();
  if (word > 1) throw state_error(std::string(damaged) + std::to_string(word) + " is neither yes nor no");
  return word == 1;
}
void get(reader& r, std::optional<subject>& s) {
  if (!get_flag(r)) return;
  s.emplace();
  s->low = r.get();
  s->high = r.get();
}
void get(reader& r, std::optional<duration>& d) {
  if (!get_flag(r)) return;
  d = duration(r.get_signed());
  if (*d < duration::zero() || *d > max_duration)
    throw state_error(std::string(damaged) + std::to_string(d->count()) + " us is no duration of a contact");
}
void get(reader& r, earlier_legs& legs) { legs = decode_earlier_legs(r); }
void get(reader& r, std::optional<earlier_legs>& legs) {
  if (get_flag(r)) legs = decode_earlier_legs(r);
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
  w.put(std::uint64_t{legs.count});
}

earlier_legs decode_earlier_legs(reader& r) {
  earlier_legs legs;
  get(r, legs.first);
  const std::uint64_t count = r.get();
  legs.count = static_cast<std::uint32_t>(count);
  if (count == 0 || count >= std::numeric_limits<std::uint32_t>::max())
    throw state_error(std::string(damaged) + std::to_string(count) + " legs cannot lie behind a contact");
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
  if (kind >= decoders.size())
    throw state_error(std::string(damaged) + "no event has the number " + std::to_string(kind));
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
