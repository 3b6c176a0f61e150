// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_TRANSFER_RATE_HPP
#define CXMETRICS_CONTACT_TRANSFER_RATE_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The share of answered contacts that an agent passed on, in per cent: see `about`. Reads: transfers (0 or
/// more) and outcome. A contact that goes through several queues is one row a queue, and each answer there
/// may be passed on. Contacts still waiting are pending. Merge law: exact.
/// Source: docs/metrics/transfer_rate.md.
struct transfer_rate {
  static constexpr std::string_view name = "transfer_rate";
  static constexpr std::uint64_t version = 1;
  static constexpr description about{
      .what = "The share of answered contacts that an agent passed on to somebody else, in per cent.",
      .also_called = "transferred out",
      .not_to_be_confused_with =
          "the share that was not solved at the first contact; a way of leaving the queue before an answer",
      .excluded = "not answered",
      .invalid = "fewer than 0 transfers, or an outcome that does not exist",
      .missing = "no count of transfers, or no outcome",
      .pending = "still waiting"};
  using reads = columns<column<"transfers", std::int64_t>, column<"outcome", std::uint8_t>>;
  using state = counts<3>;  // answered and kept, answered and passed on, still waiting

  friend constexpr bool operator==(const transfer_rate&, const transfer_rate&) = default;

  [[nodiscard]] constexpr std::uint8_t code(std::int64_t transfers, std::uint8_t how) const noexcept {
    if (transfers < 0 || how >= outcome_codes) return reject::invalid;
    if (static_cast<outcome>(how) == outcome::unfinished) return 2;
    if (static_cast<outcome>(how) != outcome::answered) return reject::excluded;
    return transfers > 0 ? 1 : 0;
  }
  [[nodiscard]] std::string complaint(std::int64_t transfers, std::uint8_t how) const {
    if (how >= outcome_codes) return "outcome " + std::to_string(how) + " does not exist";
    return std::to_string(transfers) + " transfers: no contact is passed on fewer than 0 times";
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    return {.counted = s.of[0] + s.of[1], .pending = s.of[2]};
  }
  void encode(writer&) const {}
  [[nodiscard]] static transfer_rate decode(reader&) { return {}; }

  /// The figure with its counts, interval and ledger. Absent where nothing was answered.
  [[nodiscard]] result read(const state& s, const ledger& rows, confidence c = {},
                            share_interval method = share_interval::wilson) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_TRANSFER_RATE_HPP
