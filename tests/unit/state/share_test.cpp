// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/share.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace share_test {

namespace cx = cxmetrics;

namespace {

constexpr std::uint64_t most = ~std::uint64_t{0};

cx::share decoded(std::uint64_t hits, std::uint64_t n) {
  cx::writer w;
  w.put(hits);
  w.put(n);
  const std::string bytes = std::move(w).take();
  cx::reader r(bytes);
  return cx::share::decode(r);
}

}  // namespace

TEST_CASE("hits and misses are counted") {
  cx::share s;
  s.add(true);
  s.add(false);
  s.add(true);
  CHECK(s == cx::share{2, 3});
}

TEST_CASE("a share is in per cent") {
  CHECK(cx::share{1, 4}.percent() == cx::figure(25.0));
  CHECK(cx::share{0, 4}.percent() == cx::figure(0.0));
  CHECK(cx::share{4, 4}.percent() == cx::figure(100.0));
}

TEST_CASE("a share of nothing is absent, not 0 and not 100") { CHECK(cx::share{}.percent() == std::nullopt); }

TEST_CASE("merging that would overflow changes nothing") {
  cx::share s{most, most};
  CHECK_THROWS_AS(s.merge({0, 1}), cx::state_error);
  CHECK(s == cx::share{most, most});
}

TEST_CASE("what was merged in can be taken out, and nothing else") {
  cx::share s{3, 10};
  s.unmerge({1, 4});
  CHECK(s == cx::share{2, 6});
  CHECK_THROWS_AS(s.unmerge({3, 4}), cx::state_error);  // more hits than there are
  CHECK_THROWS_AS(s.unmerge({0, 5}), cx::state_error);  // more misses than there are
  CHECK_THROWS_AS(s.unmerge({0, 7}), cx::state_error);  // more rows than there are
  CHECK(s == cx::share{2, 6});
}

TEST_CASE("bytes of more hits than rows are refused") {
  CHECK(decoded(2, 3) == cx::share{2, 3});
  CHECK_THROWS_AS(decoded(4, 3), cx::state_error);
}

}  // namespace share_test
