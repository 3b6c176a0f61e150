// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_EVENT_HPP
#define CXMETRICS_CORE_EVENT_HPP

#include <compare>
#include <cstdint>

#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// What every event and record has: when, whose, and its place in the source. The place breaks ties between
/// equal instants, so that the same input gives the same history in whatever order it is fed.
struct envelope {
  instant at{};
  subject whose{};
  std::uint64_t position = 0;  ///< line, row or event in the source

  friend constexpr bool operator==(const envelope&, const envelope&) = default;
  friend constexpr std::strong_ordering operator<=>(const envelope& a, const envelope& b) noexcept {
    if (const auto by_time = a.at.time_since_epoch().count() <=> b.at.time_since_epoch().count();
        by_time != 0)
      return by_time;
    if (const auto by_place = a.position <=> b.position; by_place != 0) return by_place;
    return a.whose <=> b.whose;
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_EVENT_HPP
