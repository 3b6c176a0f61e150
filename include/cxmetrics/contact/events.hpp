// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_EVENTS_HPP
#define CXMETRICS_CONTACT_EVENTS_HPP

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/event.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

// What happens to a contact. In every event `head.whose` is the contact and `queue` an index into the
// source's queue names. A duration that the source states lies in 0 .. max_duration and outranks the
// difference of the instants; where it states none, it is absent.

/// A customer enters a queue.
struct contact_queued {
  envelope head;
  std::uint32_t queue = 0;
  std::optional<subject> customer;  ///< absent: unknown
  friend constexpr auto operator<=>(const contact_queued&, const contact_queued&) = default;
};

/// An agent has answered.
struct contact_answered {
  envelope head;
  std::uint32_t queue = 0;
  std::optional<duration> wait;
  friend constexpr auto operator<=>(const contact_answered&, const contact_answered&) = default;
};

/// The contact leaves the queue without an answer.
struct contact_left {
  envelope head;
  std::uint32_t queue = 0;
  outcome how = outcome::abandoned;
  std::optional<duration> wait;
  friend constexpr auto operator<=>(const contact_left&, const contact_left&) = default;
};

/// An agent passes the contact on: it ends here, answered.
struct contact_transferred {
  envelope head;
  std::uint32_t queue = 0;
  outcome how = outcome::transferred_blind;
  std::optional<duration> wait;
  std::optional<duration> talk;
  friend constexpr auto operator<=>(const contact_transferred&, const contact_transferred&) = default;
};

/// The talk is over.
struct contact_ended {
  envelope head;
  std::uint32_t queue = 0;
  std::optional<duration> wait;
  std::optional<duration> talk;
  friend constexpr auto operator<=>(const contact_ended&, const contact_ended&) = default;
};

/// The source has started anew: whatever was open is over. It is nobody's event; every shard is given it.
struct contacts_restarted {
  envelope head;
  friend constexpr auto operator<=>(const contacts_restarted&, const contacts_restarted&) = default;
};

using contact_event = std::variant<contact_queued, contact_answered, contact_left, contact_transferred,
                                   contact_ended, contacts_restarted>;

[[nodiscard]] inline const envelope& head_of(const contact_event& event) noexcept {
  return *std::visit([](const auto& e) { return &e.head; }, event);
}

/// The order of history: by instant, then by place in the source. Total, so that any feeding order sorts to
/// the same.
[[nodiscard]] inline bool comes_before(const contact_event& a, const contact_event& b) noexcept {
  const auto by_head = head_of(a) <=> head_of(b);
  return by_head != 0 ? by_head < 0 : a < b;
}

void encode(writer& w, const contact_event& event);
/// The inverse of encode; state_error for anything that encode does not write.
[[nodiscard]] contact_event decode_contact_event(reader& r);

/// Whether a caller's number says that there is none: empty, 0, ?, -1, -, or one of the words that phone
/// systems write for a withheld number (unknown, anonymous, private, ...), in any case. Such callers are
/// unknown, not one person.
[[nodiscard]] bool is_placeholder(std::string_view number) noexcept;

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_EVENTS_HPP
