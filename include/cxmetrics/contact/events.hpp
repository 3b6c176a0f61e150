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

/// What a contact has behind it when it enters a further queue: calls go from queue to queue, and each stay
/// is a leg of one contact. Who feeds events knows which; a tracker only hands it on.
struct earlier_legs {
  envelope first;           ///< the entry of the first leg; its `whose` is the contact
  std::uint32_t count = 1;  ///< at least 1
  friend constexpr auto operator<=>(const earlier_legs&, const earlier_legs&) = default;
};

/// A customer enters a queue.
struct contact_queued {
  envelope head;
  std::uint32_t queue = 0;
  std::optional<subject> customer;       ///< absent: unknown
  std::optional<earlier_legs> before{};  ///< absent: it is the first leg
  friend constexpr auto operator<=>(const contact_queued&, const contact_queued&) = default;
};

/// An agent has answered.
struct contact_answered {
  envelope head;
  std::uint32_t queue = 0;
  std::optional<duration> wait;
  friend constexpr auto operator<=>(const contact_answered&, const contact_answered&) = default;
};

/// The contact leaves the queue without an answer; `unfinished` where nobody knows how, or with an answer
/// whose end nobody knows, and all that is known is that it has gone on.
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

/// The stay of this call becomes the next leg of another contact: an agent had entered a queue on a call of
/// his own, and now puts his customer through. `head.whose` is the agent's call, so that its events need
/// nothing of another shard; the contact is `before.first.whose`.
struct contact_taken_over {
  envelope head;
  std::uint32_t queue = 0;
  std::optional<subject> customer;  ///< of the contact
  earlier_legs before;
  friend constexpr auto operator<=>(const contact_taken_over&, const contact_taken_over&) = default;
};

/// The source has started anew: whatever was open is over. It is nobody's event; every shard is given it.
struct contacts_restarted {
  envelope head;
  friend constexpr auto operator<=>(const contacts_restarted&, const contacts_restarted&) = default;
};

using contact_event = std::variant<contact_queued, contact_answered, contact_left, contact_transferred,
                                   contact_ended, contacts_restarted, contact_taken_over>;

[[nodiscard]] inline const envelope& head_of(const contact_event& event) noexcept {
  return *std::visit([](const auto& e) { return &e.head; }, event);
}

/// The order of history: by instant, then by place in the source. Total, so that any feeding order sorts to
/// the same.
[[nodiscard]] inline bool comes_before(const contact_event& a, const contact_event& b) noexcept {
  const auto by_head = head_of(a) <=> head_of(b);
  return by_head != 0 ? by_head < 0 : a < b;
}

void encode(writer& w, const earlier_legs& legs);
/// The inverse of encode; state_error for anything that encode does not write.
[[nodiscard]] earlier_legs decode_earlier_legs(reader& r);

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
