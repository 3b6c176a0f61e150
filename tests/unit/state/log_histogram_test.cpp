// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/log_histogram.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace log_histogram_test {

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

const std::uint64_t longest = static_cast<std::uint64_t>(cx::max_duration.count());

void holds_its_value(std::uint64_t us) {
  const std::uint32_t bucket = cx::log_histogram::bucket_of(us);
  REQUIRE(bucket <= cx::log_histogram::last_bucket());
  REQUIRE(cx::log_histogram::low_of(bucket) <= us);
  REQUIRE(us < cx::log_histogram::low_of(bucket + 1));
}

std::string encoded(const cx::log_histogram& h) {
  cx::writer w;
  h.encode(w);
  return std::move(w).take();
}

cx::log_histogram decoded(std::initializer_list<std::uint64_t> words) {
  cx::writer w;
  for (const std::uint64_t word : words) w.put(word);
  const std::string bytes = std::move(w).take();
  cx::reader r(bytes);
  cx::log_histogram h = cx::log_histogram::decode(r);
  r.expect_end();
  return h;
}

cx::log_histogram filled(const std::vector<std::uint64_t>& values) {
  cx::log_histogram h;
  for (const std::uint64_t us : values) h.add(cx::duration(static_cast<std::int64_t>(us)));
  return h;
}

}  // namespace

TEST_CASE("a merge spans both histograms and no bucket more, whichever lies lower") {
  const std::vector<std::uint64_t> low{3, 70, 70}, high{40'000, longest};
  const cx::log_histogram both = filled({3, 70, 70, 40'000, longest});
  for (const auto& [first, second] : {std::pair{low, high}, std::pair{high, low}}) {
    cx::log_histogram h = filled(first);
    h.merge({});
    h.merge(filled(second));
    CHECK(encoded(h) == encoded(both));
    h = {};
    h.merge(both);
    CHECK(encoded(h) == encoded(both));
  }
}

TEST_CASE("the value of a rank lies in the bucket that is said") {
  const cx::log_histogram h = filled({3, 70, 70, 40'000});
  CHECK(h.bucket_of_rank(1) == cx::log_histogram::bucket_of(3));
  CHECK(h.bucket_of_rank(2) == cx::log_histogram::bucket_of(70));
  CHECK(h.bucket_of_rank(3) == cx::log_histogram::bucket_of(70));
  CHECK(h.bucket_of_rank(4) == cx::log_histogram::bucket_of(40'000));
  CHECK(h.bucket_of_rank(5) == 0);
  CHECK(cx::log_histogram().bucket_of_rank(1) == 0);
}

TEST_CASE("every value lies in its bucket") {
  for (std::uint64_t us = 0; us < 100'000; ++us) holds_its_value(us);
  for (int bit = 16; bit <= 46; ++bit)
    for (const std::int64_t step : {-1, 0, 1})
      if (const std::uint64_t us = (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(step);
          us <= longest)
        holds_its_value(us);
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) holds_its_value((random() >> 18) >> random() % 46);
}

TEST_CASE("buckets follow each other without a gap, up to the longest duration") {
  for (std::uint32_t b = 0; b <= cx::log_histogram::last_bucket(); ++b) {
    REQUIRE(cx::log_histogram::low_of(b) < cx::log_histogram::low_of(b + 1));
    REQUIRE(cx::log_histogram::bucket_of(cx::log_histogram::low_of(b)) == b);
    REQUIRE(cx::log_histogram::bucket_of(cx::log_histogram::low_of(b + 1) - 1) == b);
  }
  CHECK(cx::log_histogram::last_bucket() + 1 == 2'625);
  CHECK(cx::log_histogram::bucket_of(longest) == cx::log_histogram::last_bucket());
}

TEST_CASE("no value is further than one part in 128 from its bucket's middle") {
  for (std::uint32_t b = 0; b <= cx::log_histogram::last_bucket(); ++b) {
    const double low = static_cast<double>(cx::log_histogram::low_of(b));
    const double last = static_cast<double>(cx::log_histogram::low_of(b + 1) - 1);
    const double middle = cx::log_histogram::middle_of(b);
    REQUIRE(middle - low <= low / 128);
    REQUIRE(last - middle <= low / 128);
  }
}

TEST_CASE("below 128 us every value has a bucket of its own") {
  for (std::uint64_t us = 0; us < 128; ++us) {
    REQUIRE(cx::log_histogram::bucket_of(us) == us);
    REQUIRE(cx::log_histogram::middle_of(static_cast<std::uint32_t>(us)) == static_cast<double>(us));
  }
}

TEST_CASE("counts are those of a map, in any order of values") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 50; ++round) {
    cx::log_histogram h;
    std::map<std::uint32_t, std::uint64_t> expected;
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t us = (random() >> 18) >> random() % 46;
      h.add(cx::duration(static_cast<std::int64_t>(us)));
      ++expected[cx::log_histogram::bucket_of(us)];
    }
    std::map<std::uint32_t, std::uint64_t> found;
    h.each([&](std::uint32_t bucket, std::uint64_t count) { found[bucket] = count; });
    REQUIRE(found == expected);
    REQUIRE(h.total() == 200);
    REQUIRE(h.last_in_use() == expected.rbegin()->first);
    REQUIRE(h.count_in(expected.rbegin()->first) == expected.rbegin()->second);
    REQUIRE(h.count_in(expected.rbegin()->first + 1) == 0);
  }
}

TEST_CASE("only the span in use is kept") {
  CHECK(encoded({}).size() == 16);
  CHECK(encoded(filled({longest})).size() == 24);
  CHECK(encoded(filled({1'000'000, 3'600'000'000})).size() < 16 + 8 * 800);
  CHECK(encoded(filled({0, longest})).size() == 16 + 8 * 2'625);
}

TEST_CASE("a total that does not fit is an error that changes nothing") {
  cx::log_histogram full = decoded({5, 2, ~std::uint64_t{0} - 1, 1});
  const cx::log_histogram before = full;
  CHECK_THROWS_AS(full.merge(filled({5})), cx::state_error);
  CHECK_THROWS_AS(full.merge(filled({6})), cx::state_error);
  CHECK_THROWS_AS(full.merge(filled({100})),
                  cx::state_error);  // a bucket of its own, but no room in the total
  CHECK(full == before);
}

TEST_CASE("crafted bytes are refused") {
  const std::uint64_t last = cx::log_histogram::last_bucket(), most = ~std::uint64_t{0};
  CHECK(decoded({3, 2, 1, 1}) == filled({3, 4}));
  CHECK(decoded({last, 1, 1}) == filled({longest}));
  CHECK_THROWS_AS(decoded({1, 0}), cx::state_error);            // empty, but begins somewhere
  CHECK_THROWS_AS(decoded({last + 1, 1, 1}), cx::state_error);  // beyond the longest duration
  CHECK_THROWS_AS(decoded({last, 2, 1, 1}), cx::state_error);
  CHECK_THROWS_AS(decoded({most, 1, 1}), cx::state_error);
  CHECK_THROWS_AS(decoded({most - 1, 3, 1, 1, 1}), cx::state_error);
  CHECK_THROWS_AS(decoded({3, 2, 0, 1}), cx::state_error);  // not trimmed in front
  CHECK_THROWS_AS(decoded({3, 2, 1, 0}), cx::state_error);  // not trimmed behind
  CHECK_THROWS_AS(decoded({3, 1, 0}), cx::state_error);
  CHECK_THROWS_AS(decoded({3, 2, most, 2}), cx::state_error);   // a total of 1, modulo 2^64
  CHECK_THROWS_AS(decoded({0, most / 8, 1}), cx::state_error);  // claims more than is there
}

}  // namespace log_histogram_test
