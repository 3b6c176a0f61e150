// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_MERGE_LAWS_HPP
#define CXMETRICS_TESTS_LAWS_MERGE_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/core/error.hpp>

#include "byte_laws.hpp"
#include "property.hpp"

namespace laws {

/// What the laws of merging need to know of a value: how it is filled with items, written and read.
template <class Value, class Item>
struct algebra {
  std::function<Value(const std::vector<Item>&)> fill;
  std::function<std::string(const Value&)> encode;
  std::function<Value(std::string_view)> decode;
  rc::Gen<Item> item;

  [[nodiscard]] rc::Gen<std::vector<Item>> items() const {
    return rc::gen::container<std::vector<Item>>(item);
  }
  [[nodiscard]] Value merged(Value a, const Value& b) const {
    a.merge(b);
    return a;
  }
};

template <class Item>
std::vector<Item> operator+(std::vector<Item> a, const std::vector<Item>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Items dealt to 16 shards that differ in size, and, dealt in order, in mean and scale; some stay empty.
template <class Item>
std::vector<std::vector<Item>> dealt(std::vector<Item> items, std::mt19937_64& random) {
  constexpr std::size_t shards = 16;
  std::vector<std::vector<Item>> hands(shards);
  if (random() % 2 == 0) {
    std::sort(items.begin(), items.end());
    for (std::size_t i = 0; i < items.size(); ++i) hands[i * shards / items.size()].push_back(items[i]);
  } else {
    for (const Item& item : items) hands[random() % shards * (random() % 2)].push_back(item);
  }
  return hands;
}

/// Any two of a pile of shards are merged, until one is left.
template <class Value>
Value merged_in_random_order(std::vector<Value> pile, std::mt19937_64& random) {
  while (pile.size() > 1) {
    std::swap(pile[random() % pile.size()], pile.back());
    const Value last = pile.back();
    pile.pop_back();
    pile[random() % pile.size()].merge(last);
  }
  return pile.front();
}

/// A commutative monoid with canonical bytes: identity, homomorphism, commutativity, associativity, any
/// shards in any order, itself, round trip, damage, overflow. All of it byte by byte.
template <class Value, class Item>
void merge_laws(const algebra<Value, Item>& a) {
  const recoding recoded = [&](std::string_view bytes) { return a.encode(a.decode(bytes)); };
  holds("merging nothing, on either side, changes nothing", [&] {
    const Value some = a.fill(*a.items()), nothing = a.fill({});
    RC_ASSERT(a.encode(a.merged(some, nothing)) == a.encode(some));
    RC_ASSERT(a.encode(a.merged(nothing, some)) == a.encode(some));
    RC_ASSERT(a.merged(nothing, some) == some);
  });
  holds("filling and merging is filling with both, in either order", [&] {
    const auto first = *a.items(), second = *a.items();
    const std::string both = a.encode(a.fill(first + second));
    RC_ASSERT(a.encode(a.merged(a.fill(first), a.fill(second))) == both);
    RC_ASSERT(a.encode(a.merged(a.fill(second), a.fill(first))) == both);
    RC_ASSERT(a.encode(a.fill(second + first)) == both);
  });
  holds("it does not matter where the brackets stand", [&] {
    const Value x = a.fill(*a.items()), y = a.fill(*a.items()), z = a.fill(*a.items());
    RC_ASSERT(a.encode(a.merged(a.merged(x, y), z)) == a.encode(a.merged(x, a.merged(y, z))));
  });
  holds(
      "16 shards in 50 random orders are the whole",
      [&] {
        auto random = choices();
        const auto items = *rc::gen::resize(500, a.items());
        const std::string whole = a.encode(a.fill(items));
        std::vector<Value> pile;
        for (const auto& hand : dealt(items, random)) pile.push_back(a.fill(hand));
        for (int order = 0; order < 50; ++order)
          RC_ASSERT(a.encode(merged_in_random_order(pile, random)) == whole);
      },
      6);
  holds("merging with itself doubles", [&] {
    const auto items = *a.items();
    Value value = a.fill(items);
    value.merge(value);
    RC_ASSERT(a.encode(value) == a.encode(a.fill(items + items)));
  });
  holds("equal values have equal bytes, and unequal ones have not", [&] {
    const Value x = a.fill(*a.items()), y = a.fill(*a.items());
    RC_ASSERT((x == y) == (a.encode(x) == a.encode(y)));
    RC_ASSERT(a.decode(a.encode(x)) == x);
  });
  holds(
      "bytes come back, cut ones are refused, damaged ones are refused or canonical",
      [&] {
        auto random = choices();
        byte_laws(a.encode(a.fill(*a.items())), recoded, random);
      },
      25);
  holds("any bytes are refused or canonical",
        [&] { are_refused_or_canonical(*rc::gen::arbitrary<std::string>(), recoded); });
  holds(
      "what does not fit is an error that changes nothing",
      [&] {
        Value value = a.fill(*rc::gen::nonEmpty(a.items()));
        for (int doubled = 0;; ++doubled) {
          RC_ASSERT(doubled <= 128);
          const std::string before = a.encode(value);
          RC_ASSERT(a.encode(a.decode(before)) == before);
          try {
            value.merge(Value(value));
          } catch (const cxmetrics::state_error&) {
            RC_ASSERT(a.encode(value) == before);
            return;
          }
        }
      },
      20);
}

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_MERGE_LAWS_HPP
