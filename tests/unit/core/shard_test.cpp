// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/shard.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

#include <cxmetrics/core/error.hpp>

namespace shard_test {

namespace {

using namespace cxmetrics;

std::string bytes_of(const shard& s) {
  writer w;
  s.encode(w);
  return std::move(w).take();
}
shard shard_of(const std::string& bytes) {
  reader r(bytes);
  shard s = shard::decode(r);
  r.expect_end();
  return s;
}

}  // namespace

TEST_CASE("the default shard is everybody, and no residues are nobody") {
  const shard everybody;
  const shard nobody(7, {});
  for (std::int64_t id = 0; id < 100; ++id) {
    CHECK(everybody.admits(subject_of(id)));
    CHECK_FALSE(nobody.admits(subject_of(id)));
  }
}

TEST_CASE("every subject belongs to exactly one of the shards of a split") {
  for (std::int64_t id = 0; id < 200; ++id) {
    int holders = 0;
    for (std::uint64_t part = 0; part < 5; ++part) holders += shard(5, {part}).admits(subject_of(id)) ? 1 : 0;
    CHECK(holders == 1);
  }
}

TEST_CASE("joining all parts of a split gives a shard that admits everybody") {
  shard sum(4, {});
  for (std::uint64_t part : {2U, 0U, 3U, 1U}) sum.join(shard(4, {part}));
  CHECK(sum == shard(4, {3, 2, 1, 0}));
  for (std::int64_t id = 0; id < 100; ++id) CHECK(sum.admits(subject_of(id)));
}

TEST_CASE("shards that share subjects or were split differently do not join and stay as they were") {
  shard one(4, {0, 2});
  CHECK_THROWS_WITH_AS(one.join(shard(4, {1, 2})), doctest::Contains("part 2 of 4"), state_error);
  CHECK_THROWS_WITH_AS(one.join(shard(3, {1})), doctest::Contains("split all of them in the same way"),
                       state_error);
  CHECK(one == shard(4, {0, 2}));
  shard everybody;
  CHECK_THROWS_AS(everybody.join(shard()), state_error);
}

TEST_CASE("parts that do not exist are refused") {
  CHECK_THROWS_AS(shard(0, {}), state_error);
  CHECK_THROWS_AS(shard(3, {3}), state_error);
  CHECK_THROWS_AS(shard(3, {1, 1}), state_error);
  CHECK_THROWS_AS(shard(shard::max_modulus + 1, {}), state_error);
}

TEST_CASE("the bytes of a shard come back, and damaged ones are refused") {
  const shard s(16, {9, 3, 15});
  const std::string bytes = bytes_of(s);
  CHECK(shard_of(bytes) == s);
  CHECK(bytes == bytes_of(shard(16, {3, 9, 15})));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS((void)shard_of(bytes.substr(0, size)), state_error);
  std::string swapped = bytes;
  std::swap(swapped[16], swapped[24]);
  CHECK_THROWS_AS((void)shard_of(swapped), state_error);
}

}  // namespace shard_test
