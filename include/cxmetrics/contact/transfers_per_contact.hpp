// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_TRANSFERS_PER_CONTACT_HPP
#define CXMETRICS_CONTACT_TRANSFERS_PER_CONTACT_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// How often answered contacts were passed on: contacts, transfers, and their squares for the interval.
struct transfer_sums {
  static constexpr std::string_view merge_law = "exact";
  static constexpr std::uint64_t most = 1024;  ///< transfers of one contact

  std::uint64_t contacts = 0;
  std::uint64_t passed_on = 0;  ///< contacts with a transfer
  std::uint64_t transfers = 0;
  std::uint64_t squares = 0;  ///< sum over contacts of transfers^2
  std::uint64_t pending = 0;

  friend constexpr bool operator==(const transfer_sums&, const transfer_sums&) = default;

  void merge(const transfer_sums& other) {
    *this = transfer_sums{checked_add(contacts, other.contacts), checked_add(passed_on, other.passed_on),
                          checked_add(transfers, other.transfers), checked_add(squares, other.squares),
                          checked_add(pending, other.pending)};
  }
  void encode(writer& w) const {
    for (std::uint64_t each : {contacts, passed_on, transfers, squares, pending}) w.put(each);
  }
  [[nodiscard]] static transfer_sums decode(reader& r) {
    transfer_sums s;
    for (std::uint64_t* each : {&s.contacts, &s.passed_on, &s.transfers, &s.squares, &s.pending})
      *each = r.get();
    if (s.passed_on > s.contacts || s.passed_on > s.transfers || s.transfers > s.squares ||
        s.transfers / most > s.passed_on || s.squares / most > s.transfers)
      throw state_error("state bytes hold impossible counts of transfers: they are damaged");
    return s;
  }
};

/// How many times an answered contact was passed on, on average: see `about`. Reads: transfers (0 .. 1,024)
/// of all legs of a contact, and outcome. Contacts still waiting are pending. Merge law: exact.
/// Source: docs/metrics/transfers_per_contact.md.
struct transfers_per_contact {
  static constexpr std::string_view name = "transfers_per_contact";
  static constexpr std::uint64_t version = 1;
  static constexpr description about{
      .what = "How many times an answered contact was passed on to somebody else, on average.",
      .also_called = "average transfers",
      .not_to_be_confused_with =
          "the transfer rate, the share of answers that were passed on: a contact with three answers and two "
          "transfers is three there, and one here",
      .excluded = "not answered",
      .invalid = "fewer than 0 transfers or more than 1,024, or an outcome that does not exist",
      .missing = "no count of transfers, or no outcome",
      .pending = "still waiting"};
  using reads = columns<column<"transfers", std::int64_t>, column<"outcome", std::uint8_t>>;
  using state = transfer_sums;

  friend constexpr bool operator==(const transfers_per_contact&, const transfers_per_contact&) = default;

  [[nodiscard]] constexpr verdict look(std::int64_t transfers, std::uint8_t how) const noexcept {
    if (transfers < 0 || transfers > static_cast<std::int64_t>(state::most) || how >= outcome_codes)
      return verdict::invalid;
    const auto left = static_cast<outcome>(how);
    return left == outcome::answered || left == outcome::unfinished ? verdict::counted : verdict::excluded;
  }
  void collect(state& s, std::int64_t transfers, std::uint8_t how) const noexcept {
    if (static_cast<outcome>(how) == outcome::unfinished) {
      ++s.pending;
      return;
    }
    const auto times = static_cast<std::uint64_t>(transfers);
    ++s.contacts;
    s.passed_on += times == 0 ? 0 : 1;
    s.transfers += times;
    s.squares += times * times;
  }
  [[nodiscard]] std::string complaint(std::int64_t transfers, std::uint8_t how) const {
    if (how >= outcome_codes) return "outcome " + std::to_string(how) + " does not exist";
    return std::to_string(transfers) + " transfers of one contact are outside 0 to 1,024";
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    return {.counted = s.contacts, .pending = s.pending};
  }
  void encode(writer&) const {}
  [[nodiscard]] static transfers_per_contact decode(reader&) { return {}; }

  /// The mean with Student's interval and its counts. Absent where nothing was answered; no interval where
  /// all contacts are alike.
  [[nodiscard]] result read(const state& s, const ledger& rows, confidence c = {}) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_TRANSFERS_PER_CONTACT_HPP
