// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_SERVICE_LEVEL_HPP
#define CXMETRICS_CONTACT_SERVICE_LEVEL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Which contacts stand above and below the line. All are read from one state.
enum class service_level_formula : std::uint8_t {
  offered,  ///< answered within the threshold / all that left the queue or have waited beyond the threshold
  answered_only  ///< answered within the threshold / answered
};

/// The identifiers of the formulas, in the order of the enumerators.
inline constexpr std::array<std::string_view, 2> service_level_formula_names{"offered", "answered_only"};

/// The share of contacts answered within a threshold, in per cent.
/// Also called: telephone service factor. Not to be confused with: a promise kept to the customer; it only
/// measures the speed of answer. Reads: wait (0 .. 2^46 us; so far, for contacts still waiting) and outcome.
/// A wait equal to the threshold is within. A contact still waiting beyond the threshold is a failure
/// already; one within it is pending. Merge law: exact. Source: Koole, Call Center Optimization (2013),
/// section 2.3; the systems side by side are in docs/metrics/service_level.md.
struct service_level {
  static constexpr std::string_view name = "service_level";
  static constexpr std::uint64_t version = 1;
  using reads = columns<column<"wait", std::int64_t>, column<"outcome", std::uint8_t>>;
  using state = counts<2 * outcome_codes + 1>;

  duration within = std::chrono::seconds(20);
  std::optional<duration> short_abandon{};  ///< abandons after at most this wait are left out

  friend constexpr bool operator==(const service_level&, const service_level&) = default;

  /// Two classes an outcome, within and beyond; the last class is the short abandons.
  [[nodiscard]] constexpr std::uint8_t code(std::int64_t wait, std::uint8_t how) const noexcept {
    if (wait < 0 || wait > max_duration.count() || how >= outcome_codes) return reject::invalid;
    if (short_abandon && how == static_cast<std::uint8_t>(outcome::abandoned) &&
        wait <= short_abandon->count())
      return static_cast<std::uint8_t>(2 * outcome_codes);
    return static_cast<std::uint8_t>(2 * how + (wait > within.count() ? 1 : 0));
  }
  [[nodiscard]] std::string complaint(std::int64_t wait, std::uint8_t how) const {
    if (how >= outcome_codes) return "outcome " + std::to_string(how) + " does not exist";
    return "wait of " + std::to_string(wait) + " us is outside 0 to 2^46 us (2.2 years)";
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
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    const std::uint64_t pending = within_count(s, outcome::unfinished);
    const std::uint64_t brief = s.of[2 * outcome_codes];
    return {.counted = s.total() - pending - brief, .excluded = brief, .pending = pending};
  }
  void encode(writer& w) const {
    w.put_signed(within.count());
    w.put_signed(short_abandon ? short_abandon->count() : -1);
  }
  [[nodiscard]] static service_level decode(reader& r);

  /// The figure with its counts, interval and ledger. Absent where nothing stands below the line.
  [[nodiscard]] result read(const state& s, const ledger& rows,
                            service_level_formula formula = service_level_formula::offered, confidence c = {},
                            share_interval method = share_interval::wilson) const;
};

/// Throws unit_error unless the threshold lies in 1 us .. max_duration and the short limit in 0 ..
/// max_duration.
void validate(const service_level& metric);

inline service_level service_level::decode(reader& r) {
  service_level m;
  const std::int64_t within = r.get_signed(), brief = r.get_signed();
  if (within < 1 || within > max_duration.count() || brief < -1 || brief > max_duration.count())
    throw state_error("state bytes hold an impossible threshold: they are damaged");
  m.within = duration(within);
  if (brief >= 0) m.short_abandon = duration(brief);
  return m;
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_SERVICE_LEVEL_HPP
