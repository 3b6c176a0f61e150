// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_IO_CALL_CHAINS_HPP
#define CXMETRICS_SRC_IO_CALL_CHAINS_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
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
/// ones. It works on the whole log, in front of whatever splits it by call. Memory: the calls that are open,
/// and those that ended less than the gap ago; no allocation while there are no more of them than ever
/// before.
class call_chains {
 public:
  enum class finding : std::uint8_t {
    known,    ///< of a stay in the log; the event bears the id under which that one entered
    over,     ///< of a stay that has ended: Asterisk writes an ABANDON behind a SYSCOMPAT
    stranger  ///< its call is in no such queue
  };

  static constexpr duration longest_call = std::chrono::hours(24);
  static constexpr duration rounding = std::chrono::seconds(1);

  /// `gap`: a call that enters again within this of its last end goes on with its contact.
  explicit call_chains(duration gap) : gap_(gap) {}

  /// Events come in the order of the log.
  finding place(contact_event& event, subject agent) {
    return std::visit([&](auto& e) { return place(e, agent); }, event);
  }
  /// The same of a stranger that nobody was put through by: its last chance.
  finding place_at_last(contact_event& event, subject agent) {
    at_last_ = true;
    const finding found = place(event, agent);
    at_last_ = false;
    return found;
  }

  /// A stranger that is an attended transfer gets the id of the talk that it ends, where there is one. If the
  /// agent's call waits or talks in a queue, that stay becomes the customer's next leg, by the event
  /// returned.
  std::optional<contact_event> put_through(contact_event& event, subject agent) {
    auto* e = std::get_if<contact_transferred>(&event);
    if (e == nullptr || e->how != outcome::transferred_attended || !e->wait || !e->talk) return std::nullopt;
    const subject own_call = e->head.whose;
    if (const slot own = open_.find(own_call);
        own != calls::none && open_[own].queue == e->queue && open_[own].answered)
      return std::nullopt;  // no stranger any more
    const slot talk = talk_of(*e, agent);
    if (talk == calls::none) return std::nullopt;
    ++put_right_;
    const subject customer_call = open_.key(talk);
    const call left = open_[talk];
    e->head.whose = left.entered_as;
    close(talk, e->head.at);
    const slot own = open_.find(own_call);
    if (own == calls::none) return std::nullopt;
    call next = open_[own];
    open_.erase(own);
    ended_.erase(ended_.find(customer_call));
    next.customer = left.customer;
    next.legs = {left.legs.first, left.legs.count + 1};
    open_.push_back(customer_call, next);
    return contact_taken_over{
        {e->head.at, next.entered_as, e->head.position}, next.queue, left.customer, left.legs};
  }

  /// How many attended transfers got their id back.
  [[nodiscard]] std::uint64_t put_right() const noexcept { return put_right_; }

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
  };
  struct low_half {
    std::uint64_t operator()(subject s) const noexcept { return s.low; }
  };
  using calls = keyed_list<subject, call, low_half>;
  using ended_calls = keyed_list<subject, ended_call, low_half>;
  using slot = calls::slot;

  finding place(contact_queued& e, subject) {
    forget(e.head.at);
    const subject whose = e.head.whose;
    if (const slot at = open_.find(whose); at != calls::none) {
      const call& c = open_[at];
      if (c.queue == e.queue && c.entered == e.head.at && !c.answered) return finding::known;  // told twice
      e.before = open_[at].legs;
      open_.erase(at);
    } else if (const slot gone = ended_.find(whose); gone != ended_calls::none) {
      e.before = ended_[gone].legs;
      ended_.erase(gone);
    }
    const earlier_legs legs =
        e.before ? earlier_legs{e.before->first, e.before->count + 1} : earlier_legs{e.head, 1};
    open_.push_back(whose, {whose, e.queue, e.head.at, e.customer, {}, {}, legs});
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
      const slot gone = ended_.find(e.head.whose);
      return gone != ended_calls::none && ended_[gone].queue == e.queue ? finding::over : finding::stranger;
    }
    // A call that waits passes nobody on: an agent may ask in the queue that his customer came through.
    if constexpr (std::is_same_v<Event, contact_transferred>)
      if (!at_last_ && !open_[at].answered) return finding::stranger;
    e.head.whose = open_[at].entered_as;
    if constexpr (std::is_same_v<Event, contact_answered>) {
      if (!open_[at].answered) open_[at].answered = e.head.at, open_[at].agent = agent;
    } else {
      close(at, e.head.at);
    }
    return finding::known;
  }

  void close(slot at, instant when) {
    const call& c = open_[at];
    ended_.push_back(open_.key(at), {c.queue, when, c.legs});
    open_.erase(at);
  }
  void forget(instant now) {
    while (!open_.empty() && open_[open_.front()].entered < now - longest_call) open_.erase(open_.front());
    while (!ended_.empty() && ended_[ended_.front()].ended < now - gap_) ended_.erase(ended_.front());
  }
  // The nearest of those that fit; those of this agent before all others, for at a busy time several do.
  [[nodiscard]] slot talk_of(const contact_transferred& e, subject agent) const {
    const instant answered = e.head.at - *e.talk, entered = answered - *e.wait;
    using fit = std::tuple<bool, duration, std::uint64_t>;
    std::optional<fit> best;
    slot found = calls::none;
    for (slot at = open_.front(); at != calls::none; at = open_.next(at)) {
      const call& c = open_[at];
      if (c.queue != e.queue || !c.answered) continue;
      const duration off =
          std::max(std::chrono::abs(c.entered - entered), std::chrono::abs(*c.answered - answered));
      if (off > rounding) continue;
      const fit here{c.agent != agent, off, c.legs.first.position};
      if (!best || here < *best) best = here, found = at;
    }
    return found;
  }

  duration gap_;
  bool at_last_ = false;
  std::uint64_t put_right_ = 0;
  calls open_;
  ended_calls ended_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SRC_IO_CALL_CHAINS_HPP
