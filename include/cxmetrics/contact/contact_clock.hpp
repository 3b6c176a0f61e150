// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_CONTACT_CLOCK_HPP
#define CXMETRICS_CONTACT_CONTACT_CLOCK_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/error.hpp>

namespace cxmetrics {
inline namespace v0 {

/// From when a wait runs, and so what a row is: from entering the queue that was left, a row for each stay in
/// a queue; or from the contact's first entry, through all the queues it passed, one row a contact. It says
/// what the columns hold: a definition hands it on, and states of two clocks do not merge.
enum class contact_clock : std::uint8_t { leg, contact };
inline constexpr std::array<std::string_view, 2> contact_clock_names{"leg", "contact"};

[[nodiscard]] constexpr std::string_view name_of(contact_clock clock) noexcept {
  return contact_clock_names[static_cast<std::size_t>(clock)];
}

/// The clock that stands in a state's bytes; state_error for one that does not exist.
[[nodiscard]] inline contact_clock decode_contact_clock(reader& r) {
  const std::uint64_t clock = r.get();
  if (clock >= contact_clock_names.size())
    throw state_error("state bytes name a clock that does not exist: they are damaged");
  return static_cast<contact_clock>(clock);
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_CONTACT_CLOCK_HPP
