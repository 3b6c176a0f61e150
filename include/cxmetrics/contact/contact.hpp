// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_CONTACT_HPP
#define CXMETRICS_CONTACT_CONTACT_HPP

#include <cstdint>
#include <optional>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// One stay of a customer in a queue and what came of it: the row that contact metrics read.
/// A contact yields facts one after another: it entered; it left the queue (wait and outcome are decided); it
/// ended (talk is known). `ended` and `talk` are absent until then, and where the source does not tell.
struct contact {
  subject id{};                       ///< whose legs belong together
  std::optional<subject> customer{};  ///< absent: unknown
  std::uint32_t queue = 0;            ///< index into the source's queue names
  outcome how = outcome::unfinished;
  instant entered{};
  duration wait{};                 ///< from entering to leaving the queue; so far, while unfinished
  std::optional<duration> talk{};  ///< of answered contacts
  std::optional<instant> ended{};
  std::uint32_t transfers = 0;  ///< how often an agent passed it on
  std::uint64_t position = 0;   ///< line or row in the source at which the contact entered

  friend bool operator==(const contact&, const contact&) = default;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_CONTACT_HPP
