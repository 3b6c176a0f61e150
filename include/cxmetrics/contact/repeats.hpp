// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_REPEATS_HPP
#define CXMETRICS_CONTACT_REPEATS_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include <cxmetrics/contact/outcome_set.hpp>
#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/instant.hpp>

namespace cxmetrics {
inline namespace v0 {

/// From when on a customer may come back: the end of the contact, or its entry.
enum class repeat_clock : std::uint8_t { ended, entered };
inline constexpr std::array<std::string_view, 2> repeat_clock_names{"ended", "entered"};

/// Whether a repeat may itself be a first: under `rolling` every contact may, under `chain` none that is a
/// repeat of another.
enum class repeat_order : std::uint8_t { rolling, chain };
inline constexpr std::array<std::string_view, 2> repeat_order_names{"rolling", "chain"};

/// Whether a repeat must be for the same reason, or for one of the same group.
enum class reason_match : std::uint8_t { none, exact, group };
inline constexpr std::array<std::string_view, 3> reason_match_names{"none", "exact", "group"};

/// What a repeat is: another contact of the same customer (and reason, where reasons are matched) that enters
/// strictly after the clock of this one and at most `window` later, with an outcome in `repeats`. A first is
/// a contact with an outcome in `first`; under the chain rule one that is not a repeat of another such
/// contact, be that a first or part of a chain. Range: window 0 .. max_duration of elapsed time; within 0
/// nothing can come back.
struct repeat_rule {
  duration window = std::chrono::days(7);
  repeat_clock clock = repeat_clock::ended;
  repeat_order order = repeat_order::rolling;
  reason_match reason = reason_match::none;
  outcome_set first{};    ///< which contacts may be a first
  outcome_set repeats{};  ///< which contacts may be a repeat

  friend constexpr bool operator==(const repeat_rule&, const repeat_rule&) = default;

  [[nodiscard]] constexpr bool reads_outcomes() const noexcept {
    return !first.is_all() || !repeats.is_all();
  }
  void encode(writer& w) const;
  /// state_error for what no valid rule writes.
  [[nodiscard]] static repeat_rule decode(reader& r);
};

/// Throws unit_error unless the window lies in 0 .. max_duration.
void validate(const repeat_rule& rule);

/// What came after a contact, as known at `until`; a canonical column of labels holds it as a number.
/// Matured is what has clock + window <= until: only then can nothing change any more. A matured contact is
/// a sum: 1 the customer came back, 2 overlapped, 4 an agent passed it on, 8 it cannot be resolved at the
/// first desk. Overlapped: another contact that might have been a repeat came after this one had entered, but
/// not after its clock. Of contacts that enter at the same instant, the one later in the source comes after
/// the other.
enum class followup : std::uint8_t {
  resolved,
  repeat,
  resolved_overlapped,
  repeat_overlapped,
  resolved_transferred,
  repeat_transferred,
  resolved_overlapped_transferred,
  repeat_overlapped_transferred,
  resolved_unresolvable,
  repeat_unresolvable,
  resolved_overlapped_unresolvable,
  repeat_overlapped_unresolvable,
  resolved_transferred_unresolvable,
  repeat_transferred_unresolvable,
  resolved_overlapped_transferred_unresolvable,
  repeat_overlapped_transferred_unresolvable,
  pending,        ///< the window is not over, whether or not a repeat has come already
  open,           ///< not ended; only where the clock is the end
  chained,        ///< a repeat, which is no first under the chain rule
  ineligible,     ///< its outcome is none of a first
  without_reason  ///< its reason is not known, where reasons are matched
};
inline constexpr std::size_t followup_count = 21;
inline constexpr std::size_t matured_count = 16;

/// The identifiers of the followups, by their number.
inline constexpr std::array<std::string_view, followup_count> followup_names{
    "resolved",
    "repeat",
    "resolved_overlapped",
    "repeat_overlapped",
    "resolved_transferred",
    "repeat_transferred",
    "resolved_overlapped_transferred",
    "repeat_overlapped_transferred",
    "resolved_unresolvable",
    "repeat_unresolvable",
    "resolved_overlapped_unresolvable",
    "repeat_overlapped_unresolvable",
    "resolved_transferred_unresolvable",
    "repeat_transferred_unresolvable",
    "resolved_overlapped_transferred_unresolvable",
    "repeat_overlapped_transferred_unresolvable",
    "pending",
    "open",
    "chained",
    "ineligible",
    "without_reason"};

/// What is known of a matured contact.
struct matured {
  bool repeated = false;
  bool overlapped = false;
  bool transferred = false;
  bool unresolvable = false;

  [[nodiscard]] constexpr followup label() const noexcept {
    return static_cast<followup>((repeated ? 1 : 0) + (overlapped ? 2 : 0) + (transferred ? 4 : 0) +
                                 (unresolvable ? 8 : 0));
  }
  /// The inverse of label, for a class below matured_count.
  [[nodiscard]] static constexpr matured of(std::size_t label) noexcept {
    return {(label & 1) != 0, (label & 2) != 0, (label & 4) != 0, (label & 8) != 0};
  }
};

namespace detail {

// to - from in microseconds for from <= to, which no two instants overflow.
[[nodiscard]] constexpr std::uint64_t elapsed(instant from, instant to) noexcept {
  return static_cast<std::uint64_t>(to.time_since_epoch().count()) -
         static_cast<std::uint64_t>(from.time_since_epoch().count());
}
[[nodiscard]] constexpr bool is_within(instant from, instant to, duration length) noexcept {
  return from <= to && elapsed(from, to) <= static_cast<std::uint64_t>(length.count());
}
// The end of time is as far as an instant goes.
[[nodiscard]] constexpr instant later(instant t, duration by) noexcept {
  return is_within(t, instant::max(), by) ? instant::max() : t + by;
}

}  // namespace detail

/// Whether the window of a contact is over.
[[nodiscard]] constexpr bool has_matured(const repeat_rule& rule, instant clock, instant until) noexcept {
  return clock <= until && detail::elapsed(clock, until) >= static_cast<std::uint64_t>(rule.window.count());
}
/// Whether a contact entered so early that it may be the repeat of one from before the data.
[[nodiscard]] constexpr bool is_left_unknown(const repeat_rule& rule, instant entered,
                                             instant since) noexcept {
  return entered < since || detail::elapsed(since, entered) < static_cast<std::uint64_t>(rule.window.count());
}

/// Contacts as columns, one value a row in each, in any order of rows. Customers are numbers that differ
/// where the customers differ: ids or the codes of a dictionary. Absent values are those of absent<T>. An
/// empty span: no row has a value.
struct repeat_columns {
  std::span<const std::int64_t> customer;
  std::span<const std::int64_t> entered;        ///< microseconds since 1970 UTC
  std::span<const std::int64_t> ended{};        ///< missing: not ended; not read by clock entered
  std::span<const std::int64_t> reason{};       ///< read where reasons are matched
  std::span<const std::uint8_t> outcome{};      ///< of cxmetrics::outcome; read where the rule names outcomes
  std::span<const std::uint8_t> transferred{};  ///< 1: an agent passed the contact on
  std::span<const std::uint8_t> unresolvable{};  ///< 1: it cannot be resolved at the first desk
};

/// Between which instants contacts are known.
struct known_span {
  std::optional<instant> since{};  ///< default: the first entry of all rows, of unknown customers too
  std::optional<instant> until{};  ///< default: the last one

  friend constexpr bool operator==(const known_span&, const known_span&) = default;
};

/// The followup of every row into `classes`, or the reject::* of a row that is none: excluded where its
/// outcome is, whoever it is of, for such a row is no contact; else missing where the customer or the entry
/// is; invalid where a contact ends before it enters or more than max_duration later. Such rows are nobody's
/// repeat. An outcome that is not known is in no set but that of all. Returned is between which instants was
/// looked, absent where there is no entry.
/// The same classes as a repeat_tracker fed with the same rows, whatever the order of rows and the number of
/// threads.
///
/// Errors: column_error where lengths differ, there are 2^32 rows or more, or, where reasons are matched,
/// customers or reasons are no codes from 0 to 2^32 - 1; unit_error for an impossible rule; stopped, between
/// parts of the rows, where `stop` asks for it: what then stands in `classes` is of no use.
///
/// Cost: linear, but O(n log n) in the rows of a customer with a large share of all. Memory: 24 bytes a row
/// with clock entered, 32 with clock ended, for the time of the call.
known_span classify_repeats(const repeat_columns& contacts, const repeat_rule& rule, known_span known,
                            std::span<std::uint8_t> classes, unsigned threads = 1,
                            const std::stop_token& stop = {});

/// How many rows have which class within one window.
struct repeat_counts {
  std::array<std::uint64_t, 256> of{};  ///< by followup, or reject::*
  /// Of the matured ones, how many may be repeats of contacts from before the data.
  std::uint64_t left_unknown = 0;

  friend bool operator==(const repeat_counts&, const repeat_counts&) = default;
};
struct counted_repeats {
  std::vector<repeat_counts> windows;  ///< in the order in which they were asked for
  known_span known;
};

/// How many rows classify_repeats would give which class, for several windows in one pass; the window of the
/// rule is not read. Errors: those of classify_repeats. Memory: 8 bytes a row with clock entered where the
/// ranges of customers and instants fit 63 bits together, else 16, 24 with clock ended; 8 more where
/// outcomes, transfers or eligibility are read.
[[nodiscard]] counted_repeats count_repeats(const repeat_columns& contacts, const repeat_rule& rule,
                                            std::span<const duration> windows, known_span known,
                                            unsigned threads = 1, const std::stop_token& stop = {});

inline void repeat_rule::encode(writer& w) const {
  w.put_signed(window.count());
  w.put(static_cast<std::uint64_t>(clock));
  w.put(static_cast<std::uint64_t>(order));
  w.put(static_cast<std::uint64_t>(reason));
  first.encode(w);
  repeats.encode(w);
}
inline repeat_rule repeat_rule::decode(reader& r) {
  const std::int64_t window = r.get_signed();
  const std::uint64_t clock = r.get(), order = r.get(), reason = r.get();
  if (window < 0 || window > max_duration.count() || clock >= repeat_clock_names.size() ||
      order >= repeat_order_names.size() || reason >= reason_match_names.size())
    throw state_error("state bytes hold an impossible window, clock or rule: they are damaged");
  const outcome_set first = outcome_set::decode(r), repeats = outcome_set::decode(r);
  return {duration(window),
          static_cast<repeat_clock>(clock),
          static_cast<repeat_order>(order),
          static_cast<reason_match>(reason),
          first,
          repeats};
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_REPEATS_HPP
