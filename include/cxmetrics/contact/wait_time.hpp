// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_WAIT_TIME_HPP
#define CXMETRICS_CONTACT_WAIT_TIME_HPP

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cxmetrics/contact/contact_clock.hpp>
#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/duration_distribution.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Whose waits: those of answered contacts, of abandoned ones, or of all that left the queue.
enum class wait_population : std::uint8_t { answered, abandoned, all };
inline constexpr std::array<std::string_view, 3> wait_population_names{"answered", "abandoned", "all"};

/// The times that count, and how many contacts have none yet.
struct waits {
  static constexpr std::string_view merge_law = "exact";
  duration_distribution distribution;
  std::uint64_t pending = 0;

  friend bool operator==(const waits&, const waits&) = default;

  void merge(const waits& other) {
    const std::uint64_t sum = checked_add(pending, other.pending);
    distribution.merge(other.distribution);
    pending = sum;
  }
  void encode(writer& w) const {
    distribution.encode(w);
    w.put(pending);
  }
  [[nodiscard]] static waits decode(reader& r) {
    waits s;
    s.distribution = duration_distribution::decode(r);
    s.pending = r.get();
    return s;
  }
};

/// The waits that count, how many contacts still wait, and how long the longest of those has waited.
struct queue_waits : waits {
  duration longest_pending{};

  friend bool operator==(const queue_waits&, const queue_waits&) = default;

  void add_pending(duration so_far) noexcept {
    ++pending;
    longest_pending = std::max(longest_pending, so_far);
  }
  void merge(const queue_waits& other) {
    waits::merge(other);
    longest_pending = std::max(longest_pending, other.longest_pending);
  }
  void encode(writer& w) const {
    waits::encode(w);
    w.put_signed(longest_pending.count());
  }
  [[nodiscard]] static queue_waits decode(reader& r) {
    queue_waits s{waits::decode(r), duration(r.get_signed())};
    if (s.longest_pending < duration::zero() || s.longest_pending > max_duration ||
        (s.pending == 0 && s.longest_pending != duration::zero()))
      throw state_error("state bytes hold an impossible wait: they are damaged");
    return s;
  }
};

/// How long customers waited in the queue: the whole distribution, in seconds; the value of the figure is the
/// median: see `about`. Reads: wait (0 .. 2^46 us) by the clock's name, and outcome. Contacts still waiting
/// are pending, contacts of another population excluded. Merge law: exact. Source: docs/metrics/wait_time.md.
struct wait_time {
  static constexpr std::string_view name = "wait_time";
  static constexpr std::uint64_t version = 3;
  static constexpr description about{
      .what =
          "How long customers waited in the queue: the whole distribution, in seconds. The value of the "
          "figure "
          "is the median, for averages hide people.",
      .also_called = "queue time; the mean over answered contacts is the average speed of answer (ASA)",
      .not_to_be_confused_with =
          "a service level; Asterisk's holdtime, a running average in which the last call "
          "weighs a quarter",
      .excluded = "of another population",
      .invalid = "a wait outside 0 to 2.2 years, or an outcome that does not exist",
      .missing = "no wait or no outcome",
      .pending = "still waiting"};
  using reads = columns<column<"wait", std::int64_t>, column<"outcome", std::uint8_t>>;
  using state = queue_waits;

  wait_population of = wait_population::answered;
  contact_clock clock = contact_clock::leg;  ///< what the column holds; two clocks do not merge

  friend constexpr bool operator==(const wait_time&, const wait_time&) = default;

  [[nodiscard]] constexpr verdict look(std::int64_t wait, std::uint8_t how) const noexcept {
    if (wait < 0 || wait > max_duration.count() || how >= outcome_codes) return verdict::invalid;
    if (static_cast<outcome>(how) == outcome::unfinished || of == wait_population::all)
      return verdict::counted;
    const outcome wanted = of == wait_population::answered ? outcome::answered : outcome::abandoned;
    return static_cast<outcome>(how) == wanted ? verdict::counted : verdict::excluded;
  }
  void collect(state& s, std::int64_t wait, std::uint8_t how) const {
    if (static_cast<outcome>(how) == outcome::unfinished)
      s.add_pending(duration(wait));
    else
      s.distribution.add(duration(wait));
  }
  /// The longest wait: of all contacts those count that have no end, as they stood, with a note where the
  /// longest is one of them. Absent where there is none.
  [[nodiscard]] std::optional<duration> longest(const state& s) const noexcept {
    const bool of_pending = of == wait_population::all && s.pending != 0;
    if (s.distribution.moments.n == 0 && !of_pending) return std::nullopt;
    return std::max(s.distribution.longest, of_pending ? s.longest_pending : duration::zero());
  }
  [[nodiscard]] std::string complaint(std::int64_t wait, std::uint8_t how) const {
    if (how >= outcome_codes) return "outcome " + std::to_string(how) + " does not exist";
    return "wait of " + std::to_string(wait) + " us is outside 0 to 2^46 us (2.2 years)";
  }
  [[nodiscard]] static ledger account(const state& s) noexcept {
    return {.counted = s.distribution.moments.n, .pending = s.pending};
  }
  void encode(writer& w) const {
    w.put(static_cast<std::uint64_t>(of));
    w.put(static_cast<std::uint64_t>(clock));
  }
  [[nodiscard]] static wait_time decode(reader& r) {
    const std::uint64_t population = r.get();
    if (population >= wait_population_names.size())
      throw state_error("state bytes name waits that do not exist: they are damaged");
    return {static_cast<wait_population>(population), decode_contact_clock(r)};
  }

  /// The median in seconds with its interval; the distribution itself is in the state.
  [[nodiscard]] result read(const state& s, const ledger& rows,
                            std::optional<confidence> c = confidence()) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_WAIT_TIME_HPP
