// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/grouping.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>

namespace grouping_test {

namespace cx = cxmetrics;

namespace {

using numbers = std::vector<std::uint32_t>;
using times = std::vector<std::int64_t>;
constexpr std::int64_t hour = 3'600'000'000;
constexpr std::int64_t missing = cx::absent<std::int64_t>::missing;

cx::bucket_numbers hours() {
  return cx::bucket_numbers(cx::bucketer(cx::parse_every("1h"), cx::zone::utc()));
}

numbers place(cx::grouping& g, const numbers& keys, const times& when = {}) {
  numbers out(keys.size());
  g.place(keys, when, out);
  return out;
}

// Every row's group says the row's key and bucket, and no two groups say the same.
void check(cx::grouping& g, const numbers& keys, const times& when) {
  std::map<std::uint32_t, std::pair<std::uint32_t, std::int64_t>> seen;
  const std::size_t block = 1'000;
  for (std::size_t row = 0; row < keys.size(); row += block) {
    const numbers k(keys.begin() + static_cast<std::ptrdiff_t>(row),
                    keys.begin() + static_cast<std::ptrdiff_t>(std::min(keys.size(), row + block)));
    const times t(when.begin() + static_cast<std::ptrdiff_t>(row),
                  when.begin() + static_cast<std::ptrdiff_t>(std::min(keys.size(), row + block)));
    const numbers groups = place(g, k, t);
    for (std::size_t i = 0; i < k.size(); ++i) {
      if (t[i] == missing) {
        CHECK(groups[i] == 0);
        continue;
      }
      const std::pair<std::uint32_t, std::int64_t> wanted{k[i], t[i] / hour * hour};
      const auto [place, is_new] = seen.try_emplace(groups[i], wanted);
      REQUIRE(place->second == wanted);
    }
  }
  std::set<std::pair<std::uint32_t, std::int64_t>> distinct;
  for (const auto& [group, key] : seen) {
    CHECK(g.at(group) == cx::group_key{key.first, key.second});
    CHECK(distinct.insert(key).second);
    CHECK(group < g.size());
  }
}

}  // namespace

TEST_CASE("without buckets a group is a key") {
  cx::grouping g(3);
  CHECK(place(g, {2, 0, 2, 1}) == numbers{3, 1, 3, 2});
  CHECK(g.size() == 4);
  CHECK(g.at(3) == cx::group_key{2, missing});
}

TEST_CASE("rows without an instant stand in group 0") {
  cx::grouping g(2, hours());
  CHECK(place(g, {1, 1, 0}, {0, missing, hour}) == numbers{2, 0, 3});
  CHECK(g.at(2) == cx::group_key{1, 0});
  CHECK(g.at(3) == cx::group_key{0, hour});
  CHECK(g.buckets() == times{0, hour});
  CHECK(cx::grouping(2).buckets() == times{missing});
}

TEST_CASE("groups are keys and buckets, dense or sparse") {
  std::mt19937 random(3);
  for (const std::uint64_t most_dense : {0U, 100U, 1'000U, 1'000'000U}) {
    numbers keys;
    times when;
    for (int row = 0; row < 20'000; ++row) {
      keys.push_back(static_cast<std::uint32_t>(random() % 50));
      when.push_back(random() % 20 == 0 ? missing : static_cast<std::int64_t>(random() % 300) * hour + 5);
    }
    cx::grouping g(50, hours(), most_dense);
    check(g, keys, when);
  }
}

TEST_CASE("a million keys in many buckets need memory for what is there only") {
  constexpr std::uint32_t keys = 1'000'000;
  cx::grouping g(keys, hours());
  numbers k;
  times when;
  for (std::uint32_t row = 0; row < 5'000; ++row) {
    k.push_back(row * 199);
    when.push_back(row * hour);
  }
  check(g, k, when);
  CHECK(g.size() == 5'001);
}

TEST_CASE("what cannot be placed is an error") {
  cx::grouping g(2, hours());
  CHECK_THROWS_WITH_AS(place(g, {0, 2}, {0, 0}), "key 2 does not exist: there are 2", cx::column_error);
  CHECK_THROWS_AS(place(g, {0, 1}, {0}), cx::column_error);
  CHECK(place(g, {}, {}).empty());
}

}  // namespace grouping_test
