// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/error.hpp>

#include <doctest/doctest.h>

#include <concepts>
#include <stdexcept>
#include <string>

namespace error_test {

namespace cx = cxmetrics;

TEST_CASE("every error is one of the family, and of std::invalid_argument") {
  static_assert(std::derived_from<cx::error, std::invalid_argument>);
  static_assert(std::derived_from<cx::column_error, cx::error>);
  static_assert(std::derived_from<cx::scale_error, cx::error>);
  static_assert(std::derived_from<cx::unit_error, cx::error>);
  static_assert(std::derived_from<cx::state_error, cx::error>);
  CHECK_THROWS_AS(throw cx::unit_error("20 has no unit"), cx::error);
}

TEST_CASE("the message is what was said") {
  CHECK(cx::column_error("row 3: score 11").what() == std::string("row 3: score 11"));
}

}  // namespace error_test
