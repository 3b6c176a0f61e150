// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_TRACKER_LAWS_HPP
#define CXMETRICS_TESTS_LAWS_TRACKER_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/shard.hpp>
#include <cxmetrics/core/subject.hpp>

#include "byte_laws.hpp"
#include "property.hpp"

namespace laws {

/// What the laws of trackers need to know of one: its adaptor.
///   World::tracker, in, out
///   World::make(shard)        an empty tracker of a share of subjects
///   World::history(random)    a random history, by instant
///   World::when(in)           the watermark that an input must not be below
///   World::whose(in)          its subject; absent: it is given to every shard
///   World::before(out, out)   a total order of records
///   World::late(tracker)      inputs counted as late
template <class World>
class tracker_laws_of {
 public:
  using tracker = typename World::tracker;
  using in = typename World::in;
  using out = typename World::out;
  using history = std::vector<in>;
  using records = std::vector<out>;

  static_assert(cxmetrics::state<tracker> && cxmetrics::tracker<tracker>);

  static void check() {
    stream_is_batch();
    shards_are_the_whole();
    checkpoints_change_nothing();
    nothing_is_remembered();
    late_input_is_counted();
    open_stores_nothing();
    overlapping_shards_do_not_merge();
    strangers_are_refused();
    bytes_obey();
  }

 private:
  static constexpr cxmetrics::instant end_of_time = cxmetrics::instant::max();
  static constexpr int cases = 60;

  struct run {
    tracker t;
    records out;

    void add(const history& h) {
      for (const in& x : h) t.add(x);
    }
    void advance(cxmetrics::instant watermark) {
      t.advance(watermark, [this](const typename World::out& r) { out.push_back(r); });
    }
  };

  static records sorted(records r) {
    std::sort(r.begin(), r.end(), &World::before);
    return r;
  }
  static run batch(const history& h, cxmetrics::instant until = end_of_time, cxmetrics::shard mine = {}) {
    run r{World::make(std::move(mine)), {}};
    r.add(h);
    r.advance(until);
    return r;
  }
  /// Any order in which nothing comes below the watermark: inputs come late by up to a random delay, and the
  /// watermark follows the earliest that is still to come, now and then.
  static run stream(history h, std::mt19937_64& random, cxmetrics::instant until = end_of_time,
                    cxmetrics::shard mine = {}) {
    const std::int64_t delay = std::int64_t{1} << random() % 30;
    std::vector<std::pair<std::int64_t, in>> fed;
    for (const in& x : h)
      fed.emplace_back(
          World::when(x).time_since_epoch().count() + static_cast<std::int64_t>(random()) % delay, x);
    std::shuffle(fed.begin(), fed.end(), random);
    std::stable_sort(fed.begin(), fed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<cxmetrics::instant> earliest(fed.size() + 1, until);
    for (std::size_t i = fed.size(); i-- > 0;)
      earliest[i] = std::min(earliest[i + 1], World::when(fed[i].second));
    run r{World::make(std::move(mine)), {}};
    for (std::size_t i = 0; i < fed.size(); ++i) {
      r.t.add(fed[i].second);
      if (random() % 3 == 0) r.advance(earliest[i + 1]);
    }
    r.advance(until);
    return r;
  }
  static history of_shard(const history& h, const cxmetrics::shard& mine) {
    history some;
    for (const in& x : h)
      if (const auto subject = World::whose(x); !subject || mine.admits(*subject)) some.push_back(x);
    return some;
  }
  /// Somewhere in the middle: what is told before it, and the rest.
  static cxmetrics::instant middle_of(const history& h, std::mt19937_64& random) {
    return h.empty() ? cxmetrics::instant{} : World::when(h[random() % h.size()]);
  }
  static std::pair<history, history> cut(const history& h, cxmetrics::instant at) {
    std::pair<history, history> parts;
    for (const in& x : h) (World::when(x) < at ? parts.first : parts.second).push_back(x);
    return parts;
  }

  static void stream_is_batch() {
    holds(
        "a stream in any order above the watermark is the batch",
        [] {
          auto random = choices();
          const history h = World::history(random);
          const run whole = batch(h), piecemeal = stream(h, random);
          RC_ASSERT(sorted(piecemeal.out) == sorted(whole.out));
          RC_ASSERT(encoded(piecemeal.t) == encoded(whole.t));
          RC_ASSERT(piecemeal.t == whole.t);
        },
        cases);
  }

  static void shards_are_the_whole() {
    holds(
        "shards split by subject, each streamed in its own way and merged in any order, are the whole, and "
        "go on as it",
        [] {
          auto random = choices();
          const history h = World::history(random);
          const cxmetrics::instant middle = middle_of(h, random);
          const auto [early, rest] = cut(h, middle);
          run whole = batch(early, middle);
          const std::uint64_t modulus = 1 + random() % 8;
          std::vector<run> parts;
          for (std::uint64_t residue = 0; residue < modulus; ++residue) {
            const cxmetrics::shard mine(modulus, {residue});
            parts.push_back(stream(of_shard(early, mine), random, middle, mine));
          }
          std::shuffle(parts.begin(), parts.end(), random);
          run all = parts.front();
          for (std::size_t i = 1; i < parts.size(); ++i) {
            all.t.merge(parts[i].t);
            all.out.insert(all.out.end(), parts[i].out.begin(), parts[i].out.end());
          }
          RC_ASSERT(sorted(all.out) == sorted(whole.out));
          if (modulus == 1) RC_ASSERT(encoded(all.t) == encoded(whole.t));
          RC_ASSERT(present(all.t, middle) == present(whole.t, middle));
          all.add(rest);
          whole.add(rest);
          all.advance(end_of_time);
          whole.advance(end_of_time);
          RC_ASSERT(sorted(all.out) == sorted(whole.out));
        },
        cases);
  }

  static void checkpoints_change_nothing() {
    holds(
        "a checkpoint at any cut goes on as if nothing had happened",
        [] {
          auto random = choices();
          const history h = World::history(random);
          const cxmetrics::instant middle = middle_of(h, random);
          const auto [early, rest] = cut(h, middle);
          run r = stream(early, random, middle);
          const std::size_t ahead = rest.empty() ? 0 : random() % rest.size();  // told, but not settled yet
          for (std::size_t i = 0; i < ahead; ++i) r.t.add(rest[i]);
          run restored{decoded<tracker>(encoded(r.t)), r.out};
          RC_ASSERT(restored.t == r.t);
          for (run* each : {&r, &restored}) {
            for (std::size_t i = ahead; i < rest.size(); ++i) each->t.add(rest[i]);
            each->advance(end_of_time);
          }
          RC_ASSERT(restored.out == r.out);
          RC_ASSERT(encoded(restored.t) == encoded(r.t));
        },
        cases);
  }

  static void nothing_is_remembered() {
    holds(
        "after the end of time nothing is remembered",
        [] {
          auto random = choices();
          const run r = batch(World::history(random));
          RC_ASSERT(present(r.t, end_of_time).empty());
          RC_ASSERT(encoded(r.t).size() == encoded(batch({}).t).size());
        },
        cases);
  }

  static void late_input_is_counted() {
    holds(
        "input below the watermark is counted and makes nothing",
        [] {
          auto random = choices();
          const history h = World::history(random);
          run r = batch(h);
          const records before = r.out;
          r.add(h);
          r.advance(end_of_time);
          RC_ASSERT(World::late(r.t) == h.size());
          RC_ASSERT(r.out == before);
        },
        cases);
  }

  static void open_stores_nothing() {
    holds(
        "looking at the present changes nothing",
        [] {
          auto random = choices();
          const history h = World::history(random);
          const cxmetrics::instant middle = middle_of(h, random);
          const run r = stream(cut(h, middle).first, random, middle);
          const std::string bytes = encoded(r.t);
          const records once = present(r.t, middle);
          RC_ASSERT(present(r.t, middle) == once);
          RC_ASSERT(encoded(r.t) == bytes);
        },
        cases);
  }

  static void overlapping_shards_do_not_merge() {
    holds(
        "shards that overlap, are cut otherwise or stand at another instant do not merge, and both stay as "
        "they are",
        [] {
          auto random = choices();
          const history h = World::history(random);
          const cxmetrics::instant middle = middle_of(h, random);
          const auto part = [&](cxmetrics::shard mine, cxmetrics::instant at) {
            return batch(of_shard(cut(h, middle).first, mine), at, mine).t;
          };
          const tracker ours = part(cxmetrics::shard(4, {0, 1}), middle);
          const cxmetrics::instant later = middle + cxmetrics::duration(1);
          for (const tracker& theirs :
               {part(cxmetrics::shard(4, {1, 2}), middle), part(cxmetrics::shard(2, {1}), middle),
                part(cxmetrics::shard(4, {2}), later), ours}) {
            tracker a = ours, b = theirs;
            RC_ASSERT_THROWS_AS(a.merge(theirs), cxmetrics::state_error);
            RC_ASSERT_THROWS_AS(b.merge(ours), cxmetrics::state_error);
            RC_ASSERT(encoded(a) == encoded(ours));
            RC_ASSERT(encoded(b) == encoded(theirs));
          }
        },
        cases);
  }

  static void strangers_are_refused() {
    holds(
        "the input of another shard's subject is an error that changes nothing",
        [] {
          auto random = choices();
          const history h = World::history(random);
          const cxmetrics::shard mine(3, {random() % 3});
          run r = batch(of_shard(h, mine), cxmetrics::instant::min(), mine);
          const std::string bytes = encoded(r.t);
          for (const in& x : h)
            if (const auto subject = World::whose(x); subject && !mine.admits(*subject))
              RC_ASSERT_THROWS_AS(r.t.add(x), cxmetrics::state_error);
          RC_ASSERT(encoded(r.t) == bytes);
        },
        cases);
  }

  static void bytes_obey() {
    holds(
        "bytes come back, cut ones are refused, damaged ones are refused or canonical",
        [] {
          auto random = choices();
          const history h = World::history(random);
          const cxmetrics::instant middle = middle_of(h, random);
          run r = stream(cut(h, middle).first, random, middle);
          r.add(cut(h, middle).second);
          byte_laws(encoded(r.t), [](std::string_view b) { return encoded(decoded<tracker>(b)); }, random);
        },
        25);
  }

  static records present(const tracker& t, cxmetrics::instant now) {
    records r;
    t.open(now, [&](const out& x) { r.push_back(x); });
    return sorted(std::move(r));
  }
};

template <class World>
void tracker_laws() {
  tracker_laws_of<World>::check();
}

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_TRACKER_LAWS_HPP
