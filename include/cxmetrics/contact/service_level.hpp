// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_SERVICE_LEVEL_HPP
#define CXMETRICS_CONTACT_SERVICE_LEVEL_HPP

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/contact/contact_clock.hpp>
#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/contact/service_level_formula.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Whether a wait equal to the threshold is within it.
enum class threshold_comparison : std::uint8_t {
  at_most,  ///< wait <= threshold
  below     ///< wait < threshold
};
inline constexpr std::array<std::string_view, 2> threshold_comparison_names{"<=", "<"};

/// To which instant, and so to which bucket of time, a contact belongs.
enum class level_attribution : std::uint8_t {
  arrival,             ///< when it entered: everything at once
  event,               ///< twice: offered when it entered, answered or abandoned when that happens (Genesys)
  service_level_event  ///< the first of answered, left, threshold passed (Cisco)
};
inline constexpr std::array<std::string_view, 3> level_attribution_names{"arrival", "event",
                                                                         "service_level_event"};

/// The share of contacts answered within a threshold, in per cent: see `about`. Reads: wait (0 .. 2^46 us; so
/// far, for contacts still waiting) and outcome, or a standing in its place. A contact still waiting beyond
/// the threshold is a failure already; one within it is pending. Under attribution `event` a contact is two
/// rows: one that it arrived (its outcome so far + standing::arrived), and, once it has left or waits beyond
/// the threshold, one with its outcome. Merge law: exact. Source: Koole, Call Center Optimization (2013),
/// section 2.3; the systems side by side are in docs/metrics/service_level.md.
struct service_level {
  static constexpr std::string_view name = "service_level";
  static constexpr std::uint64_t version = 4;
  static constexpr description about{
      .what =
          "The share of contacts answered within a threshold, in per cent. It measures the speed of answer "
          "and "
          "nothing else.",
      .also_called = "telephone service factor (TSF)",
      .not_to_be_confused_with =
          "a promise kept to the customer; a service level by another formula, which on the "
          "same calls differs by tens of points",
      .excluded = "a short abandon, or decided but not below the formula's line",
      .invalid = "a wait outside 0 to 2.2 years, or an outcome that does not exist",
      .missing = "no wait or no outcome",
      .pending = "still waiting within the threshold"};
  using reads = columns<column<"wait", std::int64_t>, column<"outcome", std::uint8_t>>;
  using classes = service_level_classes;
  using state = counts<classes::size>;

  duration within = std::chrono::seconds(20);
  std::optional<duration> short_abandon{};  ///< abandons after at most this wait are left out
  threshold_comparison comparison = threshold_comparison::at_most;
  std::optional<duration> short_answer{};  ///< contacts over after at most this talk are left out
  level_attribution attribution = level_attribution::arrival;
  contact_clock clock = contact_clock::leg;  ///< what the columns hold

  friend constexpr bool operator==(const service_level&, const service_level&) = default;

  [[nodiscard]] constexpr bool is_within(std::int64_t wait) const noexcept {
    return comparison == threshold_comparison::below ? wait < within.count() : wait <= within.count();
  }
  [[nodiscard]] constexpr std::uint8_t code(std::int64_t wait, std::uint8_t how) const noexcept {
    if (wait < 0 || wait > max_duration.count()) return reject::invalid;
    if (how >= static_cast<std::uint8_t>(standing::arrived)) return code_of_arrival(wait, how);
    if (how >= outcome_codes) return code_of_standing(how);
    if (short_abandon && how == static_cast<std::uint8_t>(outcome::unanswered)) return reject::invalid;
    const std::size_t late = is_within(wait) ? 0 : 1;
    if (short_abandon && how == static_cast<std::uint8_t>(outcome::abandoned) &&
        wait <= short_abandon->count())
      return static_cast<std::uint8_t>(classes::short_abandoned + late);
    return static_cast<std::uint8_t>(2U * how + late);
  }
  /// Where no short abandons are told apart, a row with an outcome and a wait that can be has the code
  /// plain_code(); both are without a branch.
  [[nodiscard]] constexpr bool is_plain(std::int64_t wait, std::uint8_t how) const noexcept {
    const auto us = static_cast<std::uint64_t>(wait);  // below 0 is beyond all
    const std::size_t plain = short_abandon ? 0 : outcome_codes;
    return (static_cast<unsigned>(us <= static_cast<std::uint64_t>(max_duration.count())) &
            static_cast<unsigned>(how < plain)) != 0;
  }
  [[nodiscard]] constexpr std::uint8_t plain_code(std::int64_t wait, std::uint8_t how) const noexcept {
    const std::int64_t last = within.count() - (comparison == threshold_comparison::below ? 1 : 0);
    return static_cast<std::uint8_t>(2U * how + (wait > last ? 1U : 0U));
  }
  [[nodiscard]] std::string complaint(std::int64_t wait, std::uint8_t how) const {
    if (wait < 0 || wait > max_duration.count())
      return "wait of " + std::to_string(wait) + " us is outside 0 to 2^46 us (2.2 years)";
    if (how == static_cast<std::uint8_t>(outcome::unanswered))
      return "not answered is not abandoned: short_abandon= needs a column of outcomes, a yes or no is not "
             "enough";
    return "outcome " + std::to_string(how) + " does not exist";
  }
  /// What to say of a contact: its outcome, or that it was answered and over at once.
  [[nodiscard]] constexpr std::uint8_t outcome_of(outcome how, std::optional<duration> talk) const noexcept {
    return how == outcome::answered && short_answer && talk && *talk <= *short_answer
               ? static_cast<std::uint8_t>(standing::short_answered)
               : static_cast<std::uint8_t>(how);
  }
  /// Whether there is more to say of a contact than that it arrived: it has left, or waits beyond the
  /// threshold.
  [[nodiscard]] constexpr bool is_decided(std::int64_t wait, std::uint8_t how) const noexcept {
    return how != static_cast<std::uint8_t>(outcome::unfinished) || !is_within(wait);
  }
  /// The instant to which a contact's outcome belongs. That it arrived belongs to when it entered.
  [[nodiscard]] constexpr instant belongs_to(instant entered, duration wait,
                                             outcome how = outcome::answered) const noexcept {
    if (attribution == level_attribution::arrival) return entered;
    const bool has_left = attribution == level_attribution::event && how != outcome::unfinished;
    return entered + (has_left ? wait : std::min(wait, within));
  }

  [[nodiscard]] static constexpr std::uint64_t within_count(const state& s, outcome o) noexcept {
    return s.of[2 * static_cast<std::size_t>(o)];
  }
  [[nodiscard]] static constexpr std::uint64_t beyond_count(const state& s, outcome o) noexcept {
    return s.of[2 * static_cast<std::size_t>(o) + 1];
  }
  [[nodiscard]] static constexpr std::uint64_t count(const state& s, outcome o) noexcept {
    return within_count(s, o) + beyond_count(s, o);
  }
  [[nodiscard]] static constexpr std::uint64_t short_count(const state& s) noexcept {
    return s.of[classes::short_abandoned] + s.of[classes::short_abandoned + 1];
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    const std::uint64_t pending = within_count(s, outcome::unfinished);
    const std::uint64_t brief = short_count(s) + s.of[classes::short_answered] +
                                s.of[classes::arrived_short_abandoned] +
                                s.of[classes::arrived_short_answered];
    return {.counted = s.total() - pending - brief, .excluded = brief, .pending = pending};
  }
  void encode(writer& w) const {
    w.put_signed(within.count());
    w.put_signed(short_abandon ? short_abandon->count() : -1);
    w.put(static_cast<std::uint64_t>(comparison));
    w.put_signed(short_answer ? short_answer->count() : -1);
    w.put(static_cast<std::uint64_t>(attribution));
    w.put(static_cast<std::uint64_t>(clock));
  }
  [[nodiscard]] static service_level decode(reader& r);

  /// The figure with its counts, interval and ledger. Absent where nothing stands below the line.
  /// Throws column_error where the formula tells ways of leaving apart and the state knows only yes or no,
  /// and unit_error where a law's threshold is another.
  [[nodiscard]] result read(const state& s, const ledger& rows,
                            const service_level_formula& formula = service_level_formula::named("offered"),
                            confidence c = {}, share_interval method = share_interval::wilson) const;

 private:
  [[nodiscard]] constexpr std::uint8_t code_of_standing(std::uint8_t how) const noexcept {
    if (how == static_cast<std::uint8_t>(standing::short_answered) && short_answer)
      return static_cast<std::uint8_t>(classes::short_answered);
    return reject::invalid;
  }
  [[nodiscard]] constexpr std::uint8_t code_of_arrival(std::int64_t wait, std::uint8_t how) const noexcept {
    constexpr auto beside = static_cast<std::uint8_t>(standing::arrived);
    const std::uint8_t so_far =
        attribution == level_attribution::event ? code(wait, how - beside) : reject::invalid;
    if (so_far >= classes::arrived) return reject::invalid;
    if (so_far == classes::short_answered) return classes::arrived_short_answered;
    if (so_far >= classes::short_abandoned) return classes::arrived_short_abandoned;
    switch (static_cast<outcome>(so_far / 2)) {
      case outcome::refused_full: return classes::arrived_refused_full;
      case outcome::refused_closed: return classes::arrived_refused_closed;
      case outcome::unfinished: return so_far % 2 == 0 ? so_far : classes::arrived;
      default: return classes::arrived;
    }
  }
};

/// By how many contacts of one kind a formula differs from another above its line, below it, or both.
struct level_difference {
  std::string what;  ///< an outcome; with "_within" or "_beyond" where only these differ
  std::uint64_t count = 0;
  int above = 0;  ///< 1: added, -1: left out, 0: no difference
  int below = 0;
  friend bool operator==(const level_difference&, const level_difference&) = default;
};

/// What makes the difference between two formulas read from one state, in the order of the outcomes. Counts
/// of 0 are left out: nothing listed is "the same figure".
[[nodiscard]] std::vector<level_difference> differences(
    const service_level::state& s, const service_level_formula& formula,
    const service_level_formula& from = service_level_formula::named("offered"));

/// Contacts as the rows of a definition: under attribution `event` first that each arrived, then the outcomes
/// of those that are decided; else one each.
struct level_rows {
  std::vector<std::int64_t> wait;
  std::vector<std::uint8_t> outcome;  ///< or a standing
  std::vector<std::int64_t> at;  ///< the instant to which it belongs, microseconds; empty without entries
  std::vector<std::int64_t> contact;  ///< whose row it is, by its place
};

/// The rows of contacts, from canonical columns; a contact whose wait or outcome is no value is one row;
/// without a wait it belongs to its entry. Errors: column_error where lengths differ. Cost: one pass.
[[nodiscard]] level_rows rows_of(const service_level& metric, std::span<const std::int64_t> wait,
                                 std::span<const std::uint8_t> outcome,
                                 std::span<const std::int64_t> entered = {});

/// Throws unit_error unless the threshold lies in 1 us .. max_duration and the short limits in 0 ..
/// max_duration.
void validate(const service_level& metric);

inline service_level service_level::decode(reader& r) {
  const auto limit = [&r]() -> std::optional<duration> {
    const std::int64_t us = r.get_signed();
    if (us < -1 || us > max_duration.count())
      throw state_error("state bytes hold an impossible limit: they are damaged");
    return us < 0 ? std::nullopt : std::optional(duration(us));
  };
  const auto word = [&r](std::size_t size) {
    const std::uint64_t index = r.get();
    if (index >= size) throw state_error("state bytes name a rule that does not exist: they are damaged");
    return index;
  };
  service_level m;
  const std::int64_t within = r.get_signed();
  if (within < 1 || within > max_duration.count())
    throw state_error("state bytes hold an impossible threshold: they are damaged");
  m.within = duration(within);
  m.short_abandon = limit();
  m.comparison = static_cast<threshold_comparison>(word(threshold_comparison_names.size()));
  m.short_answer = limit();
  m.attribution = static_cast<level_attribution>(word(level_attribution_names.size()));
  m.clock = decode_contact_clock(r);
  return m;
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_SERVICE_LEVEL_HPP
