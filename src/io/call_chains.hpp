// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_IO_CALL_CHAINS_HPP
#define CXMETRICS_SRC_IO_CALL_CHAINS_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <cxmetrics/contact/events.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/keyed_list.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Which calls of a queue_log are one contact. A call that enters queue after queue is a chain of legs. And
/// an attended transfer to a queue swaps two ids: the agent asks on a call of his own, B, which enters the
/// second queue; when he puts his customer A through, the transfer is logged under B with the queue of A, and
/// from then on the stay of B under A. The figures of the transfer say whose talk it ends: the one in that
/// queue that began at time - talk and had entered `hold` before, within a second, for each is cut to whole
/// ones. The lines of one second stand in any order, but those of a call in theirs: an event that the lines
/// before it do not explain is a stranger, which is placed late, when its second is over. It works on the
/// whole log, in front of whatever splits it by call. Memory: the calls that are open, and those that ended
/// less than the gap ago; no allocation while there are no more of them than ever before.
class call_chains {
 public:
  enum class finding : std::uint8_t {
    known,    ///< of a stay in the log; the event bears the id under which that one entered
    over,     ///< the end of a stay once more: Asterisk writes an ABANDON behind a SYSCOMPAT
    behind,   ///< of a stay that has ended otherwise
    stranger  ///< of a call that is in no such queue, or not in the state for it
  };
  /// What a stranger may be, in the order in which it is tried.
  enum class chance : std::uint8_t {
    explained,  ///< by what has been placed since, or a transfer of the agent's own talk under another id
    fitting,    ///< a transfer whose figures fit the talk of another agent
    last        ///< what it says, even of nobody
  };

  static constexpr duration longest_call = std::chrono::hours(24);
  static constexpr duration rounding = std::chrono::seconds(1);

  /// `gap`: a call that enters again within this of its last end goes on with its contact.
  explicit call_chains(duration gap) : gap_(gap) {}

  /// Events come in the order of the log.
  finding place(contact_event& event, subject agent) {
    return std::visit([&](auto& e) { return place(e, agent); }, event);
  }

  /// A stranger, now that more of its second is placed. `tell` is given what comes of it: the event; before
  /// it the end of a stay that its call never left; behind it whose leg the stay of an agent's call becomes.
  template <class Tell>
  finding place_late(contact_event& event, subject agent, chance now, Tell tell) {
    finding found = place(event, agent);
    if (found == finding::stranger) {
      if (auto* e = std::get_if<contact_transferred>(&event);
          e != nullptr && put_through(*e, agent, now != chance::explained, tell))
        return finding::known;
      if (now != chance::last) return finding::stranger;
      std::visit([&](auto& e) { place_at_last(e, tell); }, event);
      found = finding::known;
    }
    if (found == finding::known) tell(event);
    return found;
  }

  /// Whether the call has left that queue at that very instant.
  [[nodiscard]] bool has_just_left(subject whose, std::uint32_t queue, instant at) const {
    const ended_calls::slot gone = ended_.find(whose);
    return gone != ended_calls::none && ended_[gone].queue == queue && ended_[gone].ended == at;
  }

  /// How many attended transfers got their id back.
  [[nodiscard]] std::uint64_t put_right() const noexcept { return put_right_; }
  /// Of how many stays a talk stands behind an end without one.
  [[nodiscard]] std::uint64_t hidden_talks() const noexcept { return hidden_talks_; }

 private:
  struct call {
    subject entered_as;  // the id under which this stay entered
    std::uint32_t queue = 0;
    instant entered{};
    std::optional<subject> customer;
    std::optional<instant> answered;
    subject agent;      // who talks
    earlier_legs legs;  // up to this one
  };
  struct ended_call {
    std::uint32_t queue = 0;
    instant ended{};
    earlier_legs legs;
    outcome how = outcome::answered;
    bool hides_talk = false;
  };
  struct low_half {
    std::uint64_t operator()(subject s) const noexcept { return s.low; }
  };
  using calls = keyed_list<subject, call, low_half>;
  using ended_calls = keyed_list<subject, ended_call, low_half>;
  using slot = calls::slot;

  finding place(contact_queued& e, subject) {
    forget(e.head.at);
    if (const slot at = open_.find(e.head.whose); at != calls::none) {
      const call& c = open_[at];
      const bool told_twice = c.queue == e.queue && c.entered == e.head.at && !c.answered;
      return told_twice ? finding::known : finding::stranger;
    }
    if (const slot gone = ended_.find(e.head.whose); gone != ended_calls::none) {
      e.before = ended_[gone].legs;
      ended_.erase(gone);
    }
    enter(e);
    return finding::known;
  }
  finding place(contacts_restarted&, subject) {
    open_ = {};
    ended_ = {};
    return finding::known;
  }
  finding place(contact_taken_over&, subject) { return finding::known; }
  template <class Event>
  finding place(Event& e, subject agent) {
    const slot at = open_.find(e.head.whose);
    if (at == calls::none || open_[at].queue != e.queue) {
      const ended_calls::slot gone = ended_.find(e.head.whose);
      if (gone == ended_calls::none || ended_[gone].queue != e.queue) return finding::stranger;
      return place_behind(ended_[gone], e);
    }
    if (!expects(open_[at], e, agent)) return finding::stranger;
    e.head.whose = open_[at].entered_as;
    if constexpr (std::is_same_v<Event, contact_answered>) {
      open_[at].answered = e.head.at;
      open_[at].agent = agent;
    } else {
      close(at, e);
    }
    return finding::known;
  }
  template <class Event>
  finding place_behind(ended_call& gone, const Event& e) {
    if constexpr (std::is_same_v<Event, contact_left>) {
      if (gone.how == outcome::system_failure && e.how == outcome::abandoned) return finding::over;
    } else if (gone.how != outcome::answered && !gone.hides_talk) {
      gone.hides_talk = true;
      ++hidden_talks_;
    }
    return finding::behind;
  }
  // A customer who is put through into the queue he came through goes on there under his own id, and the
  // agent's call waits or talks there too: what they do must not be taken for the end of the first talk,
  // which only its own agent ends. Where an answer is missing, an end proves it; a transfer may be another's.
  template <class Event>
  [[nodiscard]] static bool expects(const call& c, const Event&, subject agent) {
    constexpr bool ends_wait = std::is_same_v<Event, contact_answered> || std::is_same_v<Event, contact_left>;
    if (!c.answered) return !std::is_same_v<Event, contact_transferred>;
    return !ends_wait && c.agent == agent;
  }

  // A stay that was never left has no end, but it is over.
  template <class Tell>
  void place_at_last(contact_queued& e, Tell tell) {
    const slot at = open_.find(e.head.whose);
    const call left = open_[at];
    e.before = left.legs;
    open_.erase(at);
    enter(e);
    const bool is_seen = left.entered_as == e.head.whose && left.queue == e.queue;  // by any tracker
    if (is_seen) return;
    contact_event end =
        contact_left{{e.head.at, left.entered_as, e.head.position}, left.queue, outcome::unfinished, {}};
    tell(end);
  }
  template <class Event, class Tell>
  void place_at_last(Event& e, Tell) {
    if constexpr (requires { e.queue; }) {
      const slot at = open_.find(e.head.whose);
      if (at == calls::none || open_[at].queue != e.queue) return;
      e.head.whose = open_[at].entered_as;
      if constexpr (!std::is_same_v<Event, contact_answered>) close(at, e);
    }
  }

  // A transfer gets the id of the talk that it ends, where there is one. If the agent's own call waits or
  // talks in a queue, that stay becomes the customer's next leg.
  template <class Tell>
  bool put_through(contact_transferred& e, subject agent, bool of_any_agent, Tell tell) {
    if (e.how != outcome::transferred_attended || !e.wait || !e.talk) return false;
    const subject own_call = e.head.whose;
    if (const slot own = open_.find(own_call);
        of_any_agent && own != calls::none && open_[own].queue == e.queue && open_[own].answered)
      return false;  // it ends the talk of its own call
    const slot talk = talk_of(e, agent, of_any_agent);
    if (talk == calls::none) return false;
    ++put_right_;
    const subject customer_call = open_.key(talk);
    const call left = open_[talk];
    e.head.whose = left.entered_as;
    close(talk, e);
    contact_event event = e;
    tell(event);
    const slot own = open_.find(own_call);
    if (own == calls::none) return true;
    call next = open_[own];
    open_.erase(own);
    ended_.erase(ended_.find(customer_call));
    next.customer = left.customer;
    next.legs = {left.legs.first, left.legs.count + 1};
    open_.push_back(customer_call, next);
    event = contact_taken_over{
        {e.head.at, next.entered_as, e.head.position}, next.queue, left.customer, left.legs};
    tell(event);
    return true;
  }

  void enter(const contact_queued& e) {
    const earlier_legs legs =
        e.before ? earlier_legs{e.before->first, e.before->count + 1} : earlier_legs{e.head, 1};
    open_.push_back(e.head.whose, {e.head.whose, e.queue, e.head.at, e.customer, {}, {}, legs});
  }
  template <class Event>
  void close(slot at, const Event& e) {
    const call& c = open_[at];
    outcome how = outcome::answered;  // an answer stands, whatever comes behind it
    if constexpr (std::is_same_v<Event, contact_left>)
      if (!c.answered) how = e.how;
    ended_.push_back(open_.key(at), {c.queue, e.head.at, c.legs, how});
    open_.erase(at);
  }
  void forget(instant now) {
    while (!open_.empty() && open_[open_.front()].entered < now - longest_call) open_.erase(open_.front());
    while (!ended_.empty() && ended_[ended_.front()].ended < now - gap_) ended_.erase(ended_.front());
  }
  // The nearest of those that fit, for at a busy time several do.
  [[nodiscard]] slot talk_of(const contact_transferred& e, subject agent, bool of_any_agent) const {
    const instant answered = e.head.at - *e.talk, entered = answered - *e.wait;
    using fit = std::pair<duration, std::uint64_t>;
    std::optional<fit> best;
    slot found = calls::none;
    for (slot at = open_.front(); at != calls::none; at = open_.next(at)) {
      const call& c = open_[at];
      if (c.queue != e.queue || !c.answered || !(of_any_agent || c.agent == agent)) continue;
      const duration off =
          std::max(std::chrono::abs(c.entered - entered), std::chrono::abs(*c.answered - answered));
      if (off > rounding) continue;
      const fit here{off, c.legs.first.position};
      if (!best || here < *best) best = here, found = at;
    }
    return found;
  }

  duration gap_;
  std::uint64_t put_right_ = 0;
  std::uint64_t hidden_talks_ = 0;
  calls open_;
  ended_calls ended_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SRC_IO_CALL_CHAINS_HPP
