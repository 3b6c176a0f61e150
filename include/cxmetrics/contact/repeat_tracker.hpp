// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_REPEAT_TRACKER_HPP
#define CXMETRICS_CONTACT_REPEAT_TRACKER_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include <cxmetrics/contact/contact.hpp>
#include <cxmetrics/contact/repeats.hpp>
#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/event.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/shard.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// What is known of a contact of a known customer. It may be told as soon as it has entered, without an end,
/// and again when it has ended; customer, reason, entry and position say that it is the same. Outcome and
/// marks are those of the telling with the end, or of the first one under the clock of entries.
struct customer_contact {
  subject customer;
  instant entered{};
  std::uint64_t position = 0;         ///< line or row in the source at which the contact entered
  std::optional<instant> ended;       ///< absent: not ended yet
  std::optional<subject> reason{};    ///< absent: not known; read where reasons are matched
  outcome how = outcome::unfinished;  ///< read where the rule names outcomes
  bool transferred = false;           ///< an agent passed it on
  bool unresolvable = false;          ///< it cannot be resolved at the first desk

  friend constexpr bool operator==(const customer_contact&, const customer_contact&) = default;
};

/// The same of a whole contact, as chain_tracker emits it: a leg would be a repeat of the leg before it.
/// Absent where its customer is unknown: such a contact is counted, not followed.
[[nodiscard]] constexpr std::optional<customer_contact> of_customer(const contact& c) noexcept {
  if (!c.customer) return std::nullopt;
  const bool passed_on =
      c.transfers != 0 || c.how == outcome::transferred_blind || c.how == outcome::transferred_attended;
  return customer_contact{*c.customer, c.entered, c.position, c.ended, std::nullopt, c.how, passed_on};
}

/// A contact and what came after it: the record that first_contact_resolution reads.
struct followed_contact {
  customer_contact what;  ///< but for its outcome, which is not kept
  followup after = followup::pending;
  std::optional<duration> gap;  ///< of a repeat: from the clock to the next entry

  friend constexpr bool operator==(const followed_contact&, const followed_contact&) = default;
};

/// Finds who came back. A contact is decided when the watermark has passed clock + window, never at the
/// newest entry: what may still come might be the repeat. It is emitted then and forgotten.
///
/// The watermark to give: whatever is told later ends at or after it, and entered at or after it unless its
/// entry was told before. Who tells contacts only when they are over gives chain_tracker::low_watermark(),
/// the entry of the oldest open one, for that contact may yet turn out to be somebody's repeat.
///
/// Clock entered does not read the ends: tell each contact once. With clock ended, a contact that has not
/// ended max_duration after its entry is emitted as open. Where the rule names outcomes, a contact that is
/// told before it is over counts as unfinished until it is told again: tell it when it is over. Records come
/// in the order in which they were decided: by clock + window, then by entry, then by position; so the same
/// contacts give the same sequence, however they are fed and advanced.
///
/// Laws: stream = classify_repeats = shards split by customer; nothing is remembered after the end of time.
/// Merge law: exact; disjoint shards at one watermark, else state_error, both unchanged.
///
/// Cost: a few microseconds a contact. Memory: about 230 bytes a contact that is undecided, so that of the
/// customers active within the window; the rest is forgotten.
class repeat_tracker {
 public:
  using in = customer_contact;
  using out = followed_contact;
  static constexpr std::string_view merge_law = "exact";

  /// `mine`: whose contacts it is given. Throws unit_error for an impossible rule.
  explicit repeat_tracker(repeat_rule rule = {}, shard mine = {});

  /// A contact below the watermark whose entry is not remembered, or its end, is late: counted and not used.
  /// Telling the same twice changes nothing.
  /// Errors: column_error where it ends before it enters, more than max_duration later, or at two instants;
  /// state_error for a customer of another shard.
  void add(const customer_contact& c);

  /// Nothing older than `watermark` will come: emits what is decided now. A watermark never goes back.
  /// instant::max() is the end of time: everything is emitted, and what has no end is open.
  template <class Sink>
  void advance(instant watermark, Sink&& sink) {
    while (is_due(watermark)) {
      sink(decide(due_.begin()->contact, instant::max()));
      forget_first();
    }
    if (watermark > watermark_) watermark_ = watermark;
  }

  /// What is not emitted yet, as known at `now`: the windows that are over as they stand, the others pending
  /// or open. Contacts told so far whose emission lies behind plus these are what classify_repeats gives with
  /// until = now.
  template <class Sink>
  void open(instant now, Sink&& sink) const {
    for (const decision& d : due_) sink(decide(d.contact, now));
  }

  void merge(const repeat_tracker& other);

  /// Canonical bytes of everything, so that a checkpoint goes on as if nothing had happened.
  void encode(writer& w) const;
  /// The inverse of encode; state_error for anything that encode does not write.
  [[nodiscard]] static repeat_tracker decode(reader& r);

  [[nodiscard]] const repeat_rule& rule() const noexcept { return rule_; }
  [[nodiscard]] const shard& share() const noexcept { return mine_; }
  [[nodiscard]] instant watermark() const noexcept { return watermark_; }
  /// How often something was told too late to be used.
  [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
  /// Contacts that are undecided.
  [[nodiscard]] std::size_t remembered() const noexcept { return contacts_.size(); }

  friend bool operator==(const repeat_tracker&, const repeat_tracker&) = default;

 private:
  struct contact_key {
    subject customer;
    std::optional<subject> reason;  // absent too where reasons are not matched
    instant entered{};
    std::uint64_t position = 0;
    friend constexpr bool operator==(const contact_key&, const contact_key&) = default;
    friend constexpr std::strong_ordering operator<=>(const contact_key& a, const contact_key& b) noexcept {
      if (const auto by_customer = a.customer <=> b.customer; by_customer != 0) return by_customer;
      if (const auto by_reason = a.reason <=> b.reason; by_reason != 0) return by_reason;
      return envelope{a.entered, {}, a.position} <=> envelope{b.entered, {}, b.position};
    }
    // Whether each may be the other's repeat.
    [[nodiscard]] constexpr bool meets(const contact_key& other) const noexcept {
      return customer == other.customer && reason == other.reason;
    }
  };
  struct undecided {
    std::optional<instant> ended;
    bool is_first = true;
    bool is_repeat = true;
    bool transferred = false;
    bool unresolvable = false;
    bool overlapped = false;  // by a contact that is forgotten
    bool chained = false;     // to a contact that is forgotten
    friend constexpr bool operator==(const undecided&, const undecided&) = default;
  };

  struct decision {
    instant at{};
    contact_key contact;
    friend constexpr bool operator==(const decision&, const decision&) = default;
    friend constexpr std::strong_ordering operator<=>(const decision& a, const decision& b) noexcept {
      if (const auto by_time = envelope{a.at} <=> envelope{b.at}; by_time != 0) return by_time;
      if (const auto by_entry = envelope{a.contact.entered, a.contact.customer, a.contact.position} <=>
                                envelope{b.contact.entered, b.contact.customer, b.contact.position};
          by_entry != 0)
        return by_entry;
      return a.contact.reason <=> b.contact.reason;
    }
  };

  [[nodiscard]] bool is_due(instant watermark) const noexcept;
  using contact_map = std::map<contact_key, undecided>;

  [[nodiscard]] undecided marked(const customer_contact& c, std::optional<instant> ended) const noexcept;
  [[nodiscard]] std::optional<instant> clock_of(contact_map::const_reference c) const noexcept;
  [[nodiscard]] bool is_chained(contact_map::const_iterator at) const noexcept;
  [[nodiscard]] decision due_of(const contact_key& key, const undecided& c) const noexcept;
  [[nodiscard]] followed_contact decide(const contact_key& key, instant until) const;
  void forget_first();

  repeat_rule rule_;
  shard mine_;
  instant watermark_ = instant::min();
  std::uint64_t late_ = 0;
  contact_map contacts_;    // those that meet stand together, in the order of their entries
  std::set<decision> due_;  // the same, by when they are decided
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_REPEAT_TRACKER_HPP
