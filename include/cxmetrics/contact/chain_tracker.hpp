// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_CHAIN_TRACKER_HPP
#define CXMETRICS_CONTACT_CHAIN_TRACKER_HPP

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/contact/contact.hpp>
#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/event.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/shard.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A whole contact, from its legs by their entries (at least one): what metrics of contacts read.
///   entered, position, queue   of the first leg
///   customer                   of the first leg that knows one
///   how                        answered if any leg was, else as the last one was left
///   wait                       from the first entry to the first answer, or else to the last leaving
///   talk                       of all answers together; absent where one of them has none
///   ended                      of the last leg; absent while it has none
///   transfers                  of all legs; `transfer` is the last one's
[[nodiscard]] contact whole_contact(std::span<const contact> legs);

/// From the legs of contacts to whole contacts: who follows customers, or counts by the clock of contacts,
/// reads these. A contact is told when its chain is closed: a call that enters a queue within `gap` of
/// leaving one goes on with its contact, so before that a further leg may come. A leg without an end is taken
/// to last as long as `maximum_age`.
///
/// The watermark to give is contact_tracker::low_watermark(): legs come when they are over, and none that is
/// still to come entered before the oldest that is open.
/// Its share is one of contacts, not of calls: an agent may join legs of two calls, and they carry the
/// contact's id. Laws: stream = batch, shards split by contact = whole, nothing is remembered after the end
/// of time. Merge law: exact; disjoint shards at one watermark, else state_error, both unchanged.
/// Cost: about a microsecond a leg. Memory: the contacts of the last `gap`, and the open ones.
class chain_tracker {
 public:
  using in = contact;
  using out = contact;
  static constexpr std::string_view merge_law = "exact";

  /// `gap` as the source has it (`queue_log_options::chain_gap`), 0 or more; `maximum_age` as that of the
  /// tracker that emits the legs. Throws unit_error for what is outside 0 .. max_duration.
  explicit chain_tracker(shard mine = {}, duration gap = std::chrono::hours(1),
                         duration maximum_age = std::chrono::hours(24));

  /// A leg that entered at or after the watermark; an earlier one is counted as late. Telling the same twice
  /// changes nothing. A contact of another shard is a state_error.
  void add(const contact& leg);

  /// No leg that entered before `watermark` will come: emits the contacts whose chain is closed, in the order
  /// in which they closed. A watermark never goes back; instant::max() is the end of time.
  template <class Sink>
  void advance(instant watermark, Sink&& sink) {
    while (is_due(watermark)) sink(close_first());
    if (watermark > watermark_) watermark_ = watermark;
  }

  /// What is not emitted yet, by the legs that had entered by `now`. For the present, tell the open legs to a
  /// copy first.
  template <class Sink>
  void open(instant now, Sink&& sink) const {
    for (const contact& c : present(now)) sink(c);
  }

  void merge(const chain_tracker& other);

  /// Canonical bytes of everything, so that a checkpoint goes on as if nothing had happened.
  void encode(writer& w) const;
  /// The inverse of encode; state_error for anything that encode does not write.
  [[nodiscard]] static chain_tracker decode(reader& r);

  [[nodiscard]] const shard& share() const noexcept { return mine_; }
  [[nodiscard]] instant watermark() const noexcept { return watermark_; }
  /// No contact that is still to be told entered before it: the watermark for who reads whole contacts.
  [[nodiscard]] instant low_watermark() const noexcept;
  /// Legs told too late to be used.
  [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
  /// Contacts whose chain is not closed.
  [[nodiscard]] std::size_t remembered() const noexcept { return chains_.size(); }

  friend bool operator==(const chain_tracker&, const chain_tracker&) = default;

 private:
  using legs = std::vector<contact>;  // by entry
  struct closing {
    instant at{};
    envelope chain;  // the entry of its first leg
    friend constexpr bool operator==(const closing&, const closing&) = default;
    friend constexpr std::strong_ordering operator<=>(const closing& a, const closing& b) noexcept {
      const auto by_time = envelope{a.at} <=> envelope{b.at};
      return by_time != 0 ? by_time : a.chain <=> b.chain;
    }
  };

  [[nodiscard]] bool is_due(instant watermark) const noexcept;
  [[nodiscard]] instant end_of(const contact& leg) const noexcept;
  [[nodiscard]] std::pair<std::size_t, instant> first_contact(std::span<const contact> some) const noexcept;
  [[nodiscard]] contact close_first();
  [[nodiscard]] std::vector<contact> present(instant now) const;

  shard mine_;
  duration gap_;
  duration maximum_age_;
  instant watermark_ = instant::min();
  std::uint64_t late_ = 0;
  std::map<envelope, legs> chains_;
  std::set<closing> due_;  // the same, by when the first contact of each is closed
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_CHAIN_TRACKER_HPP
