// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_STATE_LAWS_HPP
#define CXMETRICS_TESTS_LAWS_STATE_LAWS_HPP

#include <string_view>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>

#include "merge_laws.hpp"

namespace laws {

/// The laws of a state: `item` makes what it is filled with, `add(state, item)` fills it.
template <cxmetrics::state State, class Item, class Add>
void state_laws(rc::Gen<Item> item, Add add) {
  CHECK(std::string_view(State::merge_law) == "exact");
  const algebra<State, Item> a{[=](const std::vector<Item>& items) {
                                 State s;
                                 for (const Item& i : items) add(s, i);
                                 return s;
                               },
                               &encoded<State>, &decoded<State>, item};
  merge_laws(a);
  if constexpr (requires(State s, const State c) { s.unmerge(c); }) {
    holds("what was merged in can be taken out, byte by byte", [&] {
      const State x = a.fill(*a.items()), y = a.fill(*a.items());
      State both = a.merged(x, y);
      both.unmerge(y);
      RC_ASSERT(encoded(both) == encoded(x));
    });
    holds("what was never merged in cannot be taken out, and nothing is changed", [&] {
      const State x = a.fill(*a.items());
      const State more = a.merged(x, a.fill(*rc::gen::nonEmpty(a.items())));
      State same = x;
      RC_ASSERT_THROWS_AS(same.unmerge(more), cxmetrics::state_error);
      RC_ASSERT(encoded(same) == encoded(x));
    });
  }
}

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_STATE_LAWS_HPP
