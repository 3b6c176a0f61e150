// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/outcome_set.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace outcome_set_test {

using namespace cxmetrics;

TEST_CASE("the default is every outcome, the one of a bare yes or no too") {
  const outcome_set all;
  CHECK(all.is_all());
  for (std::size_t i = 0; i < outcome_codes; ++i) CHECK(all.has(static_cast<outcome>(i)));
  CHECK(all.to_text() == "all");
}

TEST_CASE("a set has its members, in whatever order they were named, and no others") {
  const outcome_set some{outcome::unanswered, outcome::answered},
      same{outcome::answered, outcome::unanswered};
  CHECK(some == same);
  CHECK(some != outcome_set());
  CHECK(some.has(outcome::answered));
  CHECK(!some.has(outcome::abandoned));
  CHECK(some.to_text() == "answered, unanswered");
  const std::array<outcome, 0> nobody{};
  CHECK(outcome_set(nobody).to_text().empty());
}

TEST_CASE("bytes are read back, and those of an outcome that does not exist are refused") {
  for (const outcome_set& set : {outcome_set(), outcome_set{outcome::timeout}}) {
    writer w;
    set.encode(w);
    const std::string bytes = std::move(w).take();
    reader r(bytes);
    CHECK(outcome_set::decode(r) == set);
  }
  writer w;
  w.put(std::uint64_t{1} << outcome_codes);
  const std::string bytes = std::move(w).take();
  reader r(bytes);
  CHECK_THROWS_AS(static_cast<void>(outcome_set::decode(r)), state_error);
}

}  // namespace outcome_set_test
