// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/outcome.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace outcome_test {

namespace cx = cxmetrics;

TEST_CASE("every outcome that input may name has a name, and the name leads back") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < cx::outcome_count; ++i) {
    const auto how = static_cast<cx::outcome>(i);
    CHECK(cx::outcome_of(cx::name_of(how)) == how);
    names.insert(cx::name_of(how));
  }
  CHECK(names.size() == 13);
}

TEST_CASE("the names are those of the enumerators") {
  CHECK(cx::name_of(cx::outcome::answered) == "answered");
  CHECK(cx::name_of(cx::outcome::exit_key) == "exit_key");
  CHECK(cx::name_of(cx::outcome::transferred_attended) == "transferred_attended");
  CHECK(cx::name_of(cx::outcome::unfinished) == "unfinished");
}

TEST_CASE("a bare no has a name for people, but input cannot name it") {
  CHECK(cx::name_of(cx::outcome::unanswered) == "unanswered");
  CHECK(cx::outcome_of("unanswered") == std::nullopt);
}

TEST_CASE("names are taken exactly") {
  CHECK(cx::outcome_of("Answered") == std::nullopt);
  CHECK(cx::outcome_of("answered ") == std::nullopt);
  CHECK(cx::outcome_of("") == std::nullopt);
}

}  // namespace outcome_test
