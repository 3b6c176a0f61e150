// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_REPEATS_HPP
#define CXMETRICS_CONTACT_REPEATS_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/instant.hpp>

namespace cxmetrics {
inline namespace v0 {

/// From when on a customer may come back: the end of the contact, or its entry.
enum class repeat_clock : std::uint8_t { ended, entered };

/// The identifiers of the clocks, in the order of the enumerators.
inline constexpr std::array<std::string_view, 2> repeat_clock_names{"ended", "entered"};

/// What a repeat is: another contact of the same customer that enters strictly after the clock of this one
/// and at most `window` later. Every contact may be a first, a repeat too (the rolling rule). Range: window 0
/// .. max_duration of elapsed time; within 0 nothing can come back.
struct repeat_rule {
  duration window = std::chrono::days(7);
  repeat_clock clock = repeat_clock::ended;

  friend constexpr bool operator==(const repeat_rule&, const repeat_rule&) = default;

  void encode(writer& w) const {
    w.put_signed(window.count());
    w.put(static_cast<std::uint64_t>(clock));
  }
  /// state_error for what no valid rule writes.
  [[nodiscard]] static repeat_rule decode(reader& r);
};

/// Throws unit_error unless the window lies in 0 .. max_duration.
void validate(const repeat_rule& rule);

/// What came after a contact, as known at `until`; a canonical column of labels holds it as a number.
/// Matured is what has clock + window <= until: only then can nothing change any more.
/// Overlapped: another contact of the customer came after this one had entered, but not after its clock. Of
/// contacts that enter at the same instant, the one later in the source comes after the other.
enum class followup : std::uint8_t {
  resolved,             ///< matured, and the customer did not come back
  repeat,               ///< matured, and the customer came back
  resolved_overlapped,  ///< resolved, and overlapped
  repeat_overlapped,    ///< a repeat, and overlapped
  pending,              ///< the window is not over, whether or not a repeat has come already
  open                  ///< not ended; only where the clock is the end
};

/// The identifiers of the followups, in the order of the enumerators.
inline constexpr std::array<std::string_view, 6> followup_names{
    "resolved", "repeat", "resolved_overlapped", "repeat_overlapped", "pending", "open"};
inline constexpr std::size_t followup_count = followup_names.size();

/// The class of a matured contact.
[[nodiscard]] constexpr followup matured_as(bool repeated, bool overlapped) noexcept {
  return static_cast<followup>((repeated ? 1 : 0) + (overlapped ? 2 : 0));
}

namespace detail {

// to - from in microseconds for from <= to, which no two instants overflow.
[[nodiscard]] constexpr std::uint64_t elapsed(instant from, instant to) noexcept {
  return static_cast<std::uint64_t>(to.time_since_epoch().count()) -
         static_cast<std::uint64_t>(from.time_since_epoch().count());
}
[[nodiscard]] constexpr bool is_within(instant from, instant to, duration length) noexcept {
  return from <= to && elapsed(from, to) <= static_cast<std::uint64_t>(length.count());
}

}  // namespace detail

/// Whether the window of a contact is over.
[[nodiscard]] constexpr bool has_matured(const repeat_rule& rule, instant clock, instant until) noexcept {
  return clock <= until && detail::elapsed(clock, until) >= static_cast<std::uint64_t>(rule.window.count());
}

/// Contacts as columns, one value a row in each, in any order of rows. Customers are numbers that differ
/// where the customers differ: ids or the codes of a dictionary. Absent values are those of
/// absent<std::int64_t>.
struct repeat_columns {
  std::span<const std::int64_t> customer;
  std::span<const std::int64_t> entered;  ///< microseconds since 1970 UTC
  /// Missing: not ended. An empty span: none has. Not read by clock entered.
  std::span<const std::int64_t> ended;
};

/// The followup of every row into `classes`, or the reject::* of a row that is none: missing where the
/// customer or the entry is, invalid where a contact ends before it enters or more than max_duration later.
/// Such rows are nobody's repeat. `until` is by default the last entry of all rows, of unknown customers too;
/// returned is what was taken, absent where there is no entry. The same classes as a repeat_tracker fed with
/// the same rows, whatever the order of rows and the number of threads.
///
/// Errors: column_error where lengths differ or there are 2^32 rows or more; unit_error for an impossible
/// rule.
///
/// Cost: linear, but O(n log n) in the rows of a customer with a large share of all. Memory: 24 bytes a row
/// with clock entered, 32 with clock ended, for the time of the call.
std::optional<instant> classify_repeats(const repeat_columns& contacts, const repeat_rule& rule,
                                        std::optional<instant> until, std::span<std::uint8_t> classes,
                                        unsigned threads = 1);

inline repeat_rule repeat_rule::decode(reader& r) {
  const std::int64_t window = r.get_signed();
  const std::uint64_t clock = r.get();
  if (window < 0 || window > max_duration.count() || clock >= repeat_clock_names.size())
    throw state_error("state bytes hold an impossible window or clock: they are damaged");
  return {duration(window), static_cast<repeat_clock>(clock)};
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_REPEATS_HPP
