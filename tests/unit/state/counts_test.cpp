// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/counts.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace counts_test {

namespace cx = cxmetrics;

namespace {

constexpr std::uint64_t most = ~std::uint64_t{0};

template <class State>
State decoded(const std::string& bytes) {
  cx::reader r(bytes);
  State s = State::decode(r);
  r.expect_end();
  return s;
}

std::string words(std::initializer_list<std::uint64_t> all) {
  cx::writer w;
  for (const std::uint64_t word : all) w.put(word);
  return std::move(w).take();
}

}  // namespace

TEST_CASE("classes are added one by one") {
  cx::counts<3> a{{1, 20, 300}};
  a.merge({{4, 5, 6}});
  CHECK(a == cx::counts<3>{{5, 25, 306}});
  CHECK(a.total() == 336);
}

TEST_CASE("nothing counted is a total of 0") { CHECK(cx::counts<11>{}.total() == 0); }

TEST_CASE("a total that does not fit is an error, and nothing is changed") {
  cx::counts<2> a{{most, 0}};
  const cx::counts<2> before = a;
  CHECK_THROWS_AS(a.merge({{1, 0}}), cx::state_error);
  CHECK_THROWS_AS(a.merge({{0, 1}}), cx::state_error);  // each class would fit, their total would not
  CHECK(a == before);
  a.merge({});
  CHECK(decoded<cx::counts<2>>(words({most, 0})) == a);
}

TEST_CASE("only what was merged in can be taken out") {
  cx::counts<2> a{{5, 7}};
  a.unmerge({{5, 3}});
  CHECK(a == cx::counts<2>{{0, 4}});
  CHECK_THROWS_AS(a.unmerge({{1, 0}}), cx::state_error);
  CHECK_THROWS_AS(a.unmerge({{0, 5}}), cx::state_error);
  CHECK(a == cx::counts<2>{{0, 4}});
}

TEST_CASE("bytes are the counts in order") {
  cx::writer w;
  cx::counts<2>{{1, 256}}.encode(w);
  CHECK(std::move(w).take() == words({1, 256}));
}

TEST_CASE("counts whose total does not fit a word are refused") {
  CHECK_THROWS_AS(decoded<cx::counts<2>>(words({most, 1})), cx::state_error);
  CHECK_THROWS_AS(decoded<cx::counts<2>>(words({1})), cx::state_error);
  CHECK_THROWS_AS(decoded<cx::counts<2>>(words({1, 2, 3})), cx::state_error);
}

}  // namespace counts_test
