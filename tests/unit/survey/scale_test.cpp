// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/scale.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace scale_test {

namespace cx = cxmetrics;

TEST_CASE("a score of the scale is its own class, any other is invalid and named") {
  constexpr cx::survey_scale scale{1, 5};
  for (int score = -125; score <= 127; ++score) {
    const auto value = static_cast<std::int8_t>(score);
    CHECK(scale.code(value) == (score >= 1 && score <= 5 ? score : int{cx::reject::invalid}));
  }
  CHECK(scale.complaint(6) == "score 6 is outside the scale 1 to 5");
  CHECK(scale.complaint(-1) == "score -1 is outside the scale 1 to 5");
}

TEST_CASE("a scale says its ends and its direction") {
  CHECK(cx::survey_scale{1, 7}.shown() == "scale 1-7, high is good");
  CHECK(cx::survey_scale{1, 5, true}.shown() == "scale 1-5, low is good");
  CHECK(cx::survey_scale{}.name() == "0-10");
}

TEST_CASE("bytes bring back which of the known scales it was, and its direction is part of it") {
  constexpr std::array<cx::survey_scale, 3> known{{{1, 5}, {1, 5, true}, {1, 7}}};
  for (std::size_t i = 0; i < known.size(); ++i) {
    cx::writer w;
    known[i].encode(w);
    const std::string bytes = std::move(w).take();
    cx::reader r(bytes);
    CHECK(cx::survey_scale::decode_one_of(known, r) == i);
    CHECK_NOTHROW(r.expect_end());
  }
  cx::writer w;
  cx::survey_scale{1, 10}.encode(w);
  const std::string bytes = std::move(w).take();
  cx::reader r(bytes);
  CHECK_THROWS_WITH_AS(static_cast<void>(cx::survey_scale::decode_one_of(known, r)),
                       "state bytes name a scale that this metric does not have: they are damaged",
                       cx::state_error);
}

}  // namespace scale_test
