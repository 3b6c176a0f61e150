// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_CONTACT_TRACKER_HPP
#define CXMETRICS_CONTACT_CONTACT_TRACKER_HPP

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/contact/contact.hpp>
#include <cxmetrics/contact/contact_records.hpp>
#include <cxmetrics/contact/events.hpp>
#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/keyed_list.hpp>
#include <cxmetrics/core/shard.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// What a contact tracker met that was not plain. None of it is lost: entered = emitted + open, always.
struct contact_findings {
  std::uint64_t entered = 0;  ///< stays opened
  std::uint64_t late = 0;     ///< events below the watermark: not used
  std::uint64_t orphaned =
      0;  ///< events of a contact that is not in that queue: its entry is not in the data
  std::uint64_t repeated = 0;       ///< the same entry or event once more: not used
  std::uint64_t interrupted = 0;    ///< entered a queue without having left the last: that stay has no end
  std::uint64_t contradictory = 0;  ///< answered twice, or left after an answer: the answer stands
  std::uint64_t aged = 0;           ///< open for longer than the maximum age: closed as unfinished
  friend constexpr bool operator==(const contact_findings&, const contact_findings&) = default;
};

/// From contact events to contacts: the only owner of what is open. Events come in any order above the
/// watermark and are applied in the order of history; a contact is emitted once nothing can change it, and
/// forgotten. A sink gets the records that it takes: `queue_entry` when a stay is entered, `queue_exit` when
/// its wait and outcome are decided (an answer decides them, and the talk may last), `contact` when it has
/// ended. Each stay yields one of each; what is given up waiting leaves its queue as unfinished.
///   waiting at the end of its maximum age        unfinished, wait = maximum age; never an abandon
///   talking at the end of its maximum age        answered, without talk and end
///   waiting when the source starts anew          system_failure, ended then
///   talking when the source starts anew          answered, ended then, without talk
///   the same contact enters the same queue again without having left it, or has left "unfinished" (entered
///   another): the first stay is unfinished, or answered without talk and end
/// Each stay is a leg; which contact it is of, and what lay before, its events say (`earlier_legs`). So the
/// share of a tracker is one of calls, as the source names them: legs that an agent has joined from two calls
/// may come from two shards, and carry one id.
/// Laws: stream = batch, shards split by subject = whole, nothing is remembered after the end of time.
/// tests/laws. Merge law: exact; disjoint shards at the same watermark only, else state_error, both
/// unchanged. Cost: about 100 ns an event; memory is the open contacts plus the events above the watermark,
/// no allocation in the steady state.
class contact_tracker {
 public:
  using in = contact_event;
  using out = contact;

  /// `mine`: whose contacts it is given. `maximum_age`: above 0; what is open for longer is given up.
  explicit contact_tracker(shard mine = shard(), duration maximum_age = std::chrono::hours(24));

  /// An event at or above the watermark; an older one is counted as late. A contact of another shard is a
  /// state_error.
  void add(const contact_event& event);

  /// Nothing older than `watermark` will come: emits what is decided by now, entries first, then exits, then
  /// contacts. A watermark never goes back.
  template <class Sink>
  void advance(instant watermark, Sink&& sink) {
    settle(watermark);
    emit(entries_, sink);
    emit(exits_, sink);
    emit(decided_, sink);
  }

  /// What advance has not emitted yet, as it stands at `now`: decided ones, then the open ones by entry,
  /// waiting ones as `unfinished` with the wait so far, talking ones as `answered` without talk and end. Of
  /// exits the open ones are those who wait: whoever talks has left the queue. Later events are left out.
  template <class Sink>
  void open(instant now, Sink&& sink) const {
    contact_tracker then = present(now);
    emit(then.entries_, sink);
    emit(then.exits_, sink);
    emit(then.decided_, sink);
  }

  void merge(const contact_tracker& other);

  /// Canonical bytes of everything, so that a checkpoint goes on as if nothing had happened.
  void encode(writer& w) const;
  /// The inverse of encode; state_error for anything that encode does not write.
  [[nodiscard]] static contact_tracker decode(reader& r);
  static constexpr std::string_view merge_law = "exact";

  [[nodiscard]] const contact_findings& findings() const noexcept { return findings_; }
  [[nodiscard]] const shard& share() const noexcept { return mine_; }
  [[nodiscard]] instant watermark() const noexcept { return watermark_; }
  [[nodiscard]] duration maximum_age() const noexcept { return maximum_age_; }
  /// Contacts that are open at the watermark.
  [[nodiscard]] std::size_t open_count() const noexcept { return stays_.size(); }
  /// Events above the watermark.
  [[nodiscard]] std::size_t pending_count() const noexcept { return pending_.size() - applied_; }
  /// No record of this kind that is still to come is of a stay that entered before it: entries follow the
  /// source, exits the oldest who waits, contacts the oldest that is open at all. Cost: of exits, those who
  /// talk and entered before the oldest who waits.
  [[nodiscard]] instant low_watermark(contact_record kind = contact_record::ended) const noexcept;

  friend bool operator==(const contact_tracker& a, const contact_tracker& b);

 private:
  struct stay_key {
    subject whose;
    std::uint32_t queue = 0;
    friend constexpr bool operator==(const stay_key&, const stay_key&) = default;
  };
  struct stay_hash {
    std::uint64_t operator()(const stay_key& key) const noexcept {
      return key.whose.low ^ key.queue * std::uint64_t{0x9e3779b97f4a7c15};
    }
  };
  struct stay {
    instant entered{};
    std::uint64_t position = 0;
    std::optional<subject> customer;
    std::optional<instant> answered;
    duration wait{};  // of an answered one
    std::optional<earlier_legs> before;
    friend constexpr bool operator==(const stay&, const stay&) = default;
  };
  using stays = keyed_list<stay_key, stay, stay_hash>;
  using slot = stays::slot;

  // Gives a sink the records that it takes; one that throws leaves nothing behind to be emitted twice.
  template <class Record, class Sink>
  static void emit(std::vector<Record>& decided, Sink& sink) {
    std::vector<Record> some;
    std::swap(some, decided);
    if constexpr (std::invocable<Sink&, const Record&>)
      for (const Record& record : some) sink(record);
    some.clear();
    std::swap(some, decided);
  }
  void settle(instant watermark);
  void apply_until(instant limit, bool inclusive);
  void put_in_order();
  void apply(const contact_queued& e);
  void apply(const contact_answered& e);
  void apply(const contact_left& e);
  void apply(const contact_transferred& e);
  void apply(const contact_ended& e);
  void apply(const contacts_restarted& e);
  void apply(const contact_taken_over& e);
  slot find(const envelope& head, std::uint32_t queue);
  void finish(slot at, instant when, std::optional<duration> wait, std::optional<duration> talk,
              std::optional<outcome> transfer);
  void give_up(slot at, instant when);
  void expire(instant now);
  void decide(slot at, const contact& c);
  [[nodiscard]] contact record(slot at, instant now) const;
  [[nodiscard]] queue_exit exit_of(slot at, outcome how, duration wait) const;
  [[nodiscard]] contact_tracker present(instant now) const;
  [[nodiscard]] contact_tracker in_order() const;
  [[nodiscard]] std::pair<envelope, std::uint32_t> age_order(slot at) const;

  shard mine_;
  duration maximum_age_;
  instant watermark_ = instant::min();
  contact_findings findings_;
  stays stays_;                         // by entry
  std::vector<contact_event> pending_;  // [applied_, ordered_) is in order, the rest as it came
  std::size_t applied_ = 0;
  std::size_t ordered_ = 0;
  std::vector<queue_entry> entries_;  // decided, and not emitted yet
  std::vector<queue_exit> exits_;
  std::vector<contact> decided_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_CONTACT_TRACKER_HPP
