// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/keyed_list.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <random>
#include <utility>
#include <vector>

namespace keyed_list_test {

namespace {

using namespace cxmetrics;

struct plain {  // crowded buckets: every eighth key has the same home
  std::uint64_t operator()(std::uint64_t key) const noexcept { return key % 8; }
};
using list = keyed_list<std::uint64_t, int, plain>;

std::vector<std::pair<std::uint64_t, int>> rows_of(const list& l) {
  std::vector<std::pair<std::uint64_t, int>> out;
  for (auto at = l.front(); at != list::none; at = l.next(at)) out.emplace_back(l.key(at), l[at]);
  return out;
}

}  // namespace

TEST_CASE("an empty list finds nothing") {
  const list l;
  CHECK(l.empty());
  CHECK(l.find(1) == list::none);
  CHECK(l.front() == list::none);
}

TEST_CASE("rows are found by key and walked in the order in which they came") {
  list l;
  l.push_back(30, 1);
  l.push_back(10, 2);
  l.push_back(20, 3);
  CHECK(l[l.find(10)] == 2);
  CHECK(rows_of(l) == std::vector<std::pair<std::uint64_t, int>>{{30, 1}, {10, 2}, {20, 3}});
  l.erase(l.find(10));
  CHECK(l.find(10) == list::none);
  l.push_back(10, 4);
  CHECK(rows_of(l) == std::vector<std::pair<std::uint64_t, int>>{{30, 1}, {20, 3}, {10, 4}});
}

TEST_CASE("whatever comes and goes, it is what a plain list is") {
  std::mt19937_64 random(11);
  list l;
  std::list<std::pair<std::uint64_t, int>> plain_list;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t key = random() % 200;
    const auto place =
        std::find_if(plain_list.begin(), plain_list.end(), [&](const auto& row) { return row.first == key; });
    REQUIRE((l.find(key) == list::none) == (place == plain_list.end()));
    if (place == plain_list.end()) {
      l.push_back(key, step);
      plain_list.emplace_back(key, step);
    } else {
      REQUIRE(l[l.find(key)] == place->second);
      l.erase(l.find(key));
      plain_list.erase(place);
    }
    REQUIRE(l.size() == plain_list.size());
    if (step % 100 == 0)
      REQUIRE(rows_of(l) == std::vector<std::pair<std::uint64_t, int>>(plain_list.begin(), plain_list.end()));
  }
}

TEST_CASE("equality is of rows and their order, not of where they lie") {
  list a, b;
  for (std::uint64_t key : {1U, 2U, 3U}) a.push_back(key, 0);
  for (std::uint64_t key : {9U, 1U, 2U}) b.push_back(key, 0);
  b.erase(b.find(9));
  CHECK_FALSE(a == b);
  b.push_back(3, 0);
  CHECK(a == b);
  list c;
  for (std::uint64_t key : {2U, 1U, 3U}) c.push_back(key, 0);
  CHECK_FALSE(a == c);
}

TEST_CASE("a large list that becomes empty can be filled again") {
  list l;
  for (int round = 0; round < 2; ++round) {
    for (std::uint64_t key = 0; key < 6000; ++key) l.push_back(key << 3 | key % 8, 1);
    while (!l.empty()) l.erase(l.front());
    CHECK(l == list());
  }
}

}  // namespace keyed_list_test
