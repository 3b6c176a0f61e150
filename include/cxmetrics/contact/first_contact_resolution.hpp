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

/// How many contacts each customer had, squared and added up: what an interval needs that does not take the
/// contacts of one customer as independent. Of matured contacts; `good` are those that count as resolved.
struct customer_spread {
  std::uint64_t customers = 0;
  std::uint64_t good_good = 0;  ///< sum over customers of good^2
  std::uint64_t good_all = 0;   ///< of good * all
  std::uint64_t all_all = 0;    ///< of all^2

  friend bool operator==(const customer_spread&, const customer_spread&) = default;
};

/// How the figure is read from its state, and what the state does not know.
struct repeat_reading {
  known_span known{};           ///< between which instants contacts were known; shown
  bool transfer_fails = false;  ///< a contact that an agent passed on is not resolved at first contact
  bool net = false;             ///< leave out contacts that cannot be resolved at the first desk
  std::optional<std::uint64_t> left_unknown{};  ///< matured contacts of the first window of the data; shown
  std::optional<customer_spread> spread{};      ///< with it the interval is a clustered one

  friend bool operator==(const repeat_reading&, const repeat_reading&) = default;
};

/// The share of contacts after which the customer did not come back within a window, in per cent of the
/// contacts whose window is over. Early on only failures are known, so contacts whose window is not over are
/// pending even where a repeat has come: counting them would bias the figure downwards. Gross: of all such
/// contacts; net: without those that cannot be resolved at the first desk. See `about`. Reads: followup, as
/// repeat_tracker and classify_repeats give it under the same rule. A contact of an unknown customer is
/// missing. Merge law: exact, of shards split by customer and read as of one instant. Source: the window rule
/// of Call Centre Helper and WFM Labs; gross and net: MetricNet; docs/metrics/first_contact_resolution.md.
struct first_contact_resolution {
  static constexpr std::string_view name = "first_contact_resolution";
  static constexpr std::uint64_t version = 2;
  static constexpr description about{
      .what =
          "The share of contacts after which the customer did not come back within a window, in per cent of "
          "the "
          "contacts whose window is over.",
      .also_called = "first call resolution, no-repeat rate",
      .not_to_be_confused_with = "the share that an agent or a survey calls resolved; the share of customers",
      .invalid = "ends before it enters, or more than 2.2 years later",
      .missing = "the customer is not known",
      .pending = "the window is not over, whether or not a repeat has come, or the contact has no end"};
  using reads = columns<column<"followup", std::uint8_t>>;
  using state = counts<followup_count>;

  duration window = std::chrono::days(7);  ///< elapsed time, 0 .. max_duration
  repeat_clock clock = repeat_clock::ended;
  repeat_order order = repeat_order::rolling;
  reason_match reason = reason_match::none;
  outcome_set first{};
  outcome_set repeats{};

  friend constexpr bool operator==(const first_contact_resolution&,
                                   const first_contact_resolution&) = default;

  /// The rule for the tracker or the batch that makes the followups.
  [[nodiscard]] constexpr repeat_rule rule() const noexcept {
    return {window, clock, order, reason, first, repeats};
  }

  [[nodiscard]] constexpr std::uint8_t code(std::uint8_t after) const noexcept {
    return after < followup_count ? after : reject::invalid;
  }
  [[nodiscard]] std::string complaint(std::uint8_t after) const {
    return "followup " + std::to_string(after) +
           " does not exist: it is one of 0 to 20, see cxmetrics::followup";
  }
  [[nodiscard]] static constexpr std::uint64_t count(const state& s, followup f) noexcept {
    return s.of[static_cast<std::size_t>(f)];
  }
  /// Matured contacts of which `test(matured)` is true.
  template <class Test>
  [[nodiscard]] static constexpr std::uint64_t count_if(const state& s, Test test) noexcept {
    std::uint64_t sum = 0;
    for (std::size_t label = 0; label < matured_count; ++label)
      if (test(matured::of(label))) sum += s.of[label];
    return sum;
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    return {.counted = count_if(s, [](matured) { return true; }),
            .excluded = count(s, followup::chained) + count(s, followup::ineligible) +
                        count(s, followup::without_reason),
            .pending = count(s, followup::pending) + count(s, followup::open)};
  }
  void encode(writer& w) const { rule().encode(w); }
  [[nodiscard]] static first_contact_resolution decode(reader& r) {
    const repeat_rule rule = repeat_rule::decode(r);
    return {rule.window, rule.clock, rule.order, rule.reason, rule.first, rule.repeats};
  }

  /// The figure with its counts, interval and ledger; absent where no window is over.
  [[nodiscard]] result read(const state& s, const ledger& rows, const repeat_reading& how = {},
                            confidence c = {}, share_interval method = share_interval::wilson) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_FIRST_CONTACT_RESOLUTION_HPP
