// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_WORLDS_HPP
#define CXMETRICS_TESTS_LAWS_WORLDS_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <cxmetrics/contact/chain_tracker.hpp>
#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/contact/repeat_tracker.hpp>

namespace laws {

/// Few subjects, many collisions: equal instants, events that contradict each other, histories that overlap.
class dice {
 public:
  explicit dice(std::mt19937_64& random) : random_(random) {}
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  [[nodiscard]] bool one_in(std::uint64_t chances) { return below(chances) == 0; }
  [[nodiscard]] cxmetrics::duration length(std::uint64_t limit) {
    return cxmetrics::duration(static_cast<std::int64_t>(below(limit)));
  }
  [[nodiscard]] std::optional<cxmetrics::duration> maybe_length(std::uint64_t limit) {
    return one_in(2) ? std::optional(length(limit)) : std::nullopt;
  }
  [[nodiscard]] cxmetrics::subject subject(std::uint64_t count) {
    return cxmetrics::subject_of(static_cast<std::int64_t>(below(count)));
  }

 private:
  std::mt19937_64& random_;
};

/// Events of a phone system, restarts among them.
struct contact_world {
  using tracker = cxmetrics::contact_tracker;
  using in = cxmetrics::contact_event;
  using out = cxmetrics::contact;

  static tracker make(cxmetrics::shard mine) { return tracker(std::move(mine), cxmetrics::duration(200)); }

  static std::vector<in> history(std::mt19937_64& random) {
    using namespace cxmetrics;
    dice d(random);
    std::vector<in> events;
    instant now{};
    for (std::uint64_t i = 0, size = d.below(120); i < size; ++i) {
      now += d.length(d.one_in(20) ? 400 : 12);
      const envelope head{now, d.subject(12), i};
      const auto queue = static_cast<std::uint32_t>(d.below(2));
      const auto left_as = static_cast<outcome>(1 + d.below(7));
      switch (d.below(12)) {
        case 0: events.emplace_back(contact_left{head, queue, left_as, d.maybe_length(20)}); break;
        case 1:
          events.emplace_back(contact_transferred{head, queue, outcome::transferred_blind, d.maybe_length(9),
                                                  d.maybe_length(9)});
          break;
        case 2:
        case 3: events.emplace_back(contact_ended{head, queue, d.maybe_length(9), d.maybe_length(60)}); break;
        case 4:
        case 5: events.emplace_back(contact_answered{head, queue, d.maybe_length(20)}); break;
        case 6:
          if (d.one_in(5)) events.emplace_back(contacts_restarted{{now, {}, i}});
          break;
        case 7:
          events.emplace_back(
              contact_taken_over{head, queue, d.subject(5), {{now - d.length(30), d.subject(12), i / 2}, 1}});
          break;
        default: {
          contact_queued entry{head, queue, {}, {}};
          if (!d.one_in(4)) entry.customer = d.subject(5);
          if (d.one_in(3)) entry.before = earlier_legs{{now - d.length(30), head.whose, i / 2}, 2};
          events.emplace_back(entry);
        }
      }
    }
    return events;
  }

  static cxmetrics::instant when(const in& event) { return cxmetrics::head_of(event).at; }
  static std::optional<cxmetrics::subject> whose(const in& event) {
    if (std::holds_alternative<cxmetrics::contacts_restarted>(event)) return std::nullopt;
    return cxmetrics::head_of(event).whose;
  }
  static bool before(const out& a, const out& b) {
    return std::tuple(a.entered, a.position, a.id, a.queue) <
           std::tuple(b.entered, b.position, b.id, b.queue);
  }
  static std::uint64_t late(const tracker& t) { return t.findings().late; }
};

/// The same events, and when waits were decided.
struct exit_world : contact_world {
  using out = cxmetrics::queue_exit;
  static bool before(const out& a, const out& b) {
    return std::tuple(a.entered, a.position, a.call, a.queue) <
           std::tuple(b.entered, b.position, b.call, b.queue);
  }
};

/// Legs of contacts, told by their entries: chains that break and go on, legs without an end, ids that come
/// again.
struct chain_world {
  using tracker = cxmetrics::chain_tracker;
  using in = cxmetrics::contact;
  using out = cxmetrics::contact;

  static tracker make(cxmetrics::shard mine) {
    return tracker(std::move(mine), cxmetrics::duration(20), cxmetrics::duration(60));
  }

  static std::vector<in> history(std::mt19937_64& random) {
    using namespace cxmetrics;
    dice d(random);
    std::vector<in> legs;
    instant now{};
    for (std::uint64_t i = 0, size = d.below(60); i < size; ++i) {
      now += d.length(d.one_in(20) ? 100 : 9);
      in c;
      c.id = d.subject(6);
      c.entered = now;
      c.position = i;
      if (const auto last =
              std::find_if(legs.rbegin(), legs.rend(), [&](const in& x) { return x.id == c.id; });
          last != legs.rend() && !d.one_in(4))
        c.before = last->before ? earlier_legs{last->before->first, last->before->count + 1}
                                : earlier_legs{{last->entered, last->id, last->position}, 1};
      if (!d.one_in(4)) c.customer = d.subject(5);
      c.queue = static_cast<std::uint32_t>(d.below(2));
      c.how = static_cast<outcome>(d.below(outcome_count));
      c.wait = d.length(20);
      if (!d.one_in(8)) c.ended = now + c.wait + d.length(20);
      if (c.how == outcome::answered) c.talk = d.maybe_length(20);
      if (c.how == outcome::answered && d.one_in(3)) c.transfers = 1, c.transfer = outcome::transferred_blind;
      legs.push_back(c);
    }
    return legs;
  }

  static cxmetrics::instant when(const in& leg) { return leg.entered; }
  static std::optional<cxmetrics::subject> whose(const in& leg) { return leg.id; }
  static bool before(const out& a, const out& b) { return contact_world::before(a, b); }
  static std::uint64_t late(const tracker& t) { return t.late(); }
};

/// Contacts of customers who come back, some told when they enter and again when they end, some without an
/// end. The chain rule is tried with reasons, some of them unknown.
template <cxmetrics::repeat_clock Clock, cxmetrics::repeat_order Order = cxmetrics::repeat_order::rolling>
struct repeat_world {
  using tracker = cxmetrics::repeat_tracker;
  using in = cxmetrics::customer_contact;
  using out = cxmetrics::followed_contact;
  using match = cxmetrics::reason_match;
  static constexpr bool by_reason = Order == cxmetrics::repeat_order::chain;

  static tracker make(cxmetrics::shard mine) {
    return tracker({cxmetrics::duration(30), Clock, Order, by_reason ? match::exact : match::none},
                   std::move(mine));
  }

  static std::vector<in> history(std::mt19937_64& random) {
    using namespace cxmetrics;
    dice d(random);
    std::vector<in> told;
    instant now{};
    for (std::uint64_t i = 0, size = d.below(80); i < size; ++i) {
      now += d.length(d.one_in(20) ? 90 : 8);
      in c{d.subject(8), now, i, std::nullopt};
      if (by_reason && !d.one_in(8)) c.reason = d.subject(2);
      if (is_told_twice(c)) told.push_back(c);
      if (d.one_in(8)) {
        if (!is_told_twice(c)) told.push_back(c);
        continue;
      }
      c.ended = now + d.length(d.one_in(10) ? 100 : 15);
      told.push_back(c);
    }
    std::stable_sort(told.begin(), told.end(), [](const in& a, const in& b) { return when(a) < when(b); });
    return told;
  }

  // Told when it enters and again when it ends.
  static bool is_told_twice(const in& c) {
    return Clock == cxmetrics::repeat_clock::ended && c.position % 3 == 0;
  }
  static cxmetrics::instant when(const in& c) { return is_told_twice(c) && c.ended ? *c.ended : c.entered; }
  static std::optional<cxmetrics::subject> whose(const in& c) { return c.customer; }
  static bool before(const out& a, const out& b) {
    return std::tuple(a.what.entered, a.what.position) < std::tuple(b.what.entered, b.what.position);
  }
  static std::uint64_t late(const tracker& t) { return t.late(); }
};

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_WORLDS_HPP
