// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_CONTACT_HPP
#define CXMETRICS_CONTACT_CONTACT_HPP

#include <algorithm>
#include <cstdint>
#include <optional>

#include <cxmetrics/contact/events.hpp>
#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// One stay of a customer in a queue and what came of it: the row that contact metrics read. A contact that
/// goes through several queues is a chain of such legs: they share `id`, and from the second on say what lies
/// before them.
/// It is the last of the records that a stay yields (contact_records.hpp has the others): `ended` and `talk`
/// are absent while it is open, and where the source does not tell. chain_tracker makes one contact of its
/// legs.
struct contact {
  subject id{};                       ///< whose legs belong together
  std::optional<subject> customer{};  ///< absent: unknown
  std::uint32_t queue = 0;            ///< index into the source's queue names
  outcome how = outcome::unfinished;
  instant entered{};
  duration wait{};                 ///< from entering to leaving the queue; so far, while unfinished
  std::optional<duration> talk{};  ///< of answered contacts
  std::optional<instant> ended{};
  std::uint32_t transfers = 0;           ///< how often an agent passed it on
  std::uint64_t position = 0;            ///< line or row in the source at which the contact entered
  std::optional<earlier_legs> before{};  ///< absent: the first leg
  std::optional<outcome> transfer{};     ///< how an agent passed it on: transferred_blind or _attended

  /// Its place in the chain, from 1.
  [[nodiscard]] constexpr std::uint32_t leg() const noexcept { return before ? before->count + 1 : 1; }
  /// The entry of the first leg.
  [[nodiscard]] constexpr instant first_entered() const noexcept {
    return before ? before->first.at : entered;
  }
  /// From the entry of the first leg to leaving this queue, talk between queues and all; at most
  /// max_duration. `wait` is the clock of the leg, this is that of the contact.
  [[nodiscard]] constexpr duration wait_contact() const noexcept {
    if (!before || before->first.at >= entered) return wait;
    const auto ahead = static_cast<std::uint64_t>(entered.time_since_epoch().count()) -
                       static_cast<std::uint64_t>(before->first.at.time_since_epoch().count());
    const auto longest = static_cast<std::uint64_t>((max_duration - wait).count());
    return wait + duration(static_cast<std::int64_t>(std::min(ahead, longest)));
  }

  friend bool operator==(const contact&, const contact&) = default;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_CONTACT_HPP
