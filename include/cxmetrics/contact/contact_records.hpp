// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_CONTACT_RECORDS_HPP
#define CXMETRICS_CONTACT_CONTACT_RECORDS_HPP

#include <cstdint>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

// A stay in a queue yields three records, each once and each final: it was entered; it was left, so that wait
// and outcome are decided; it has ended, with talk and end. The third is `contact`. Whose leg it is stands
// only there: until the talk is over an agent may put another customer through.

/// The kinds of records, for the watermark of each.
enum class contact_record : std::uint8_t { entered, left_queue, ended };

/// The record `entered`.
struct queue_entry {
  subject call{};  ///< the call under which the stay entered
  std::uint32_t queue = 0;
  instant entered{};
  std::uint64_t position = 0;  ///< line or row in the source

  friend bool operator==(const queue_entry&, const queue_entry&) = default;
};

/// The record `left_queue`: what a service level, a wait and abandonment read. `unfinished` is who still
/// waits, or was given up waiting; then the wait is that so far.
struct queue_exit {
  subject call{};
  std::uint32_t queue = 0;
  outcome how = outcome::unfinished;
  instant entered{};
  duration wait{};
  std::uint64_t position = 0;  ///< of the entry

  friend bool operator==(const queue_exit&, const queue_exit&) = default;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_CONTACT_RECORDS_HPP
