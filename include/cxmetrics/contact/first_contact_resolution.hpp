// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_FIRST_CONTACT_RESOLUTION_HPP
#define CXMETRICS_CONTACT_FIRST_CONTACT_RESOLUTION_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cxmetrics/contact/repeats.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The share of contacts after which the customer did not come back within a window, in per cent of the
/// contacts whose window is over. Early on only failures are known, so contacts whose window is not over are
/// pending even where a repeat has come: counting them would bias the figure downwards. See `about`. Reads:
/// followup, as repeat_tracker and classify_repeats give it under the same window and clock. A contact of an
/// unknown customer is missing. Merge law: exact, of shards split by customer and read as of one instant.
/// Source: the window rule of Call Centre Helper and WFM Labs; docs/metrics/first_contact_resolution.md.
struct first_contact_resolution {
  static constexpr std::string_view name = "first_contact_resolution";
  static constexpr std::uint64_t version = 1;
  static constexpr description about{
      .what =
          "The share of contacts after which the customer did not come back within a window, in per cent of "
          "the "
          "contacts whose window is over.",
      .also_called = "first call resolution, no-repeat rate",
      .not_to_be_confused_with =
          "the share that an agent or a survey calls resolved; the share of customers; net "
          "resolution, which leaves out what cannot be resolved at the first desk",
      .invalid = "ends before it enters, or more than 2.2 years later",
      .missing = "the customer is not known",
      .pending = "the window is not over, whether or not a repeat has come, or the contact has no end"};
  static constexpr bool value_is_code = true;  ///< a followup is its own class
  using reads = columns<column<"followup", std::uint8_t>>;
  using state = counts<followup_count>;

  duration window = std::chrono::days(7);  ///< elapsed time, 0 .. max_duration
  repeat_clock clock = repeat_clock::ended;

  friend constexpr bool operator==(const first_contact_resolution&,
                                   const first_contact_resolution&) = default;

  /// The rule for the tracker or the batch that makes the followups.
  [[nodiscard]] constexpr repeat_rule rule() const noexcept { return {window, clock}; }

  [[nodiscard]] constexpr std::uint8_t code(std::uint8_t after) const noexcept {
    return after < followup_count ? after : reject::invalid;
  }
  [[nodiscard]] std::string complaint(std::uint8_t after) const {
    return "followup " + std::to_string(after) +
           " does not exist: it is one of 0 to 5, see cxmetrics::followup";
  }
  [[nodiscard]] static constexpr std::uint64_t count(const state& s, followup f) noexcept {
    return s.of[static_cast<std::size_t>(f)];
  }
  [[nodiscard]] static constexpr std::uint64_t resolved(const state& s) noexcept {
    return count(s, followup::resolved) + count(s, followup::resolved_overlapped);
  }
  [[nodiscard]] static constexpr std::uint64_t repeats(const state& s) noexcept {
    return count(s, followup::repeat) + count(s, followup::repeat_overlapped);
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    return {.counted = resolved(s) + repeats(s),
            .pending = count(s, followup::pending) + count(s, followup::open)};
  }
  void encode(writer& w) const { rule().encode(w); }
  [[nodiscard]] static first_contact_resolution decode(reader& r) {
    const repeat_rule rule = repeat_rule::decode(r);
    return {rule.window, rule.clock};
  }

  /// The figure with its counts, Wilson interval and ledger; absent where no window is over. `until`: as of
  /// when the followups were made, to be shown; a state does not know it, for shards must agree on it before
  /// they are made.
  [[nodiscard]] result read(const state& s, const ledger& rows, std::optional<instant> until = std::nullopt,
                            confidence c = {}, share_interval method = share_interval::wilson) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_FIRST_CONTACT_RESOLUTION_HPP
