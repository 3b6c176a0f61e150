// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/concepts.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/duration_distribution.hpp>
#include <cxmetrics/survey/nps.hpp>

namespace concepts_test {

namespace cx = cxmetrics;

namespace somebody_else {

struct unmergeable {
  static constexpr std::string_view merge_law = "exact";
  void encode(cx::writer&) const {}
  static unmergeable decode(cx::reader&) { return {}; }
  friend bool operator==(const unmergeable&, const unmergeable&) = default;
};

struct lawless {  // says nothing of how it merges
  void merge(const lawless&) {}
  void encode(cx::writer&) const {}
  static lawless decode(cx::reader&) { return {}; }
  friend bool operator==(const lawless&, const lawless&) = default;
};

// A metric from the outside: nothing of the library knows it.
struct over_half {
  static constexpr std::string_view name = "over_half";
  static constexpr std::uint64_t version = 1;
  using reads = cx::columns<cx::column<"score", std::int8_t>>;
  using state = cx::counts<2>;
  [[nodiscard]] std::uint8_t code(std::int8_t score) const { return score > 5 ? 1 : 0; }
  [[nodiscard]] std::string complaint(std::int8_t) const { return "no score"; }
  [[nodiscard]] cx::ledger account(const state& s) const { return {.counted = s.total()}; }
  void encode(cx::writer&) const {}
  static over_half decode(cx::reader&) { return {}; }
  friend bool operator==(const over_half&, const over_half&) = default;
};

struct speechless : over_half {  // cannot say what is wrong with a row
  [[nodiscard]] std::string complaint(std::int8_t) const = delete;
  friend bool operator==(const speechless&, const speechless&) = default;
};

}  // namespace somebody_else

using namespace somebody_else;

TEST_CASE("states are told from what cannot be merged, encoded or trusted") {
  CHECK(cx::state<cx::counts<3>>);
  CHECK(cx::state<cx::duration_distribution>);
  CHECK_FALSE(cx::state<unmergeable>);
  CHECK_FALSE(cx::state<lawless>);
  CHECK_FALSE(cx::state<int>);
}

TEST_CASE("metrics are coded or collecting") {
  CHECK(cx::coded<cx::nps>);
  CHECK(cx::coded<cx::service_level>);
  CHECK(cx::coded<cx::abandonment>);
  CHECK(cx::collecting<cx::wait_time>);
  CHECK_FALSE(cx::coded<cx::wait_time>);
  CHECK_FALSE(cx::collecting<cx::nps>);
  CHECK_FALSE(cx::metric<cx::counts<3>>);
}

TEST_CASE("a metric of somebody else is a metric, if it can explain itself") {
  CHECK(cx::metric<over_half>);
  CHECK_FALSE(cx::metric<speechless>);
}

}  // namespace concepts_test
