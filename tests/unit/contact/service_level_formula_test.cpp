// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/service_level_formula.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace service_level_formula_test {

namespace cx = cxmetrics;
using enum cx::outcome;
using classes = cx::service_level_classes;
using formula = cx::service_level_formula;

TEST_CASE("formulas are found by name, and each name is one formula") {
  std::set<std::string_view> names;
  for (const formula& f : cx::service_level_formulas) {
    CHECK(formula::find(f.name) == f);
    names.insert(f.name);
  }
  CHECK(names.size() == cx::service_level_formulas.size());
  CHECK(formula::find("sl") == std::nullopt);
  CHECK(formula::find("") == std::nullopt);
}

TEST_CASE("each formula names its own source, and a supplier's is no book") {
  for (const formula& f : cx::service_level_formulas) {
    INFO(f.name);
    const bool of_nobody = f.name == "offered" || f.name == "answered_only";
    CHECK_FALSE(f.source.empty());
    CHECK(f.source.starts_with("Koole") == of_nobody);
  }
  CHECK(formula::named("amazon").source.starts_with("Amazon Connect"));
  CHECK(formula::named("es_law_10_2025").source == "Spain, Law 10/2025");
  CHECK(formula{.name = "mine"}.source.empty());
}

TEST_CASE("what stands above the line stands below it too, and nothing undecided does") {
  for (const formula& f : cx::service_level_formulas) {
    INFO(f.name);
    CHECK(f.below.includes(f.above));
    CHECK(f.above.includes(classes::within({answered})));
    CHECK_FALSE(f.below.includes(classes::within({unfinished})));
  }
}

TEST_CASE("a formula needs outcomes where it tells ways of not being answered apart") {
  std::set<std::string_view> simple;
  for (const formula& f : cx::service_level_formulas)
    if (!f.needs_outcomes()) simple.insert(f.name);
  CHECK(simple ==
        std::set<std::string_view>{"answered_only", "asterisk_sl1", "es_law_10_2025", "offered", "wazo_qos"});
  CHECK_FALSE(cx::genesys({.include_abandons = false}).needs_outcomes());
  CHECK(cx::genesys({.include_flow_outs = true, .include_abandons = false}).needs_outcomes());
}

TEST_CASE("a formula divides by arrivals where it divides by all that were offered") {
  for (const formula& f : cx::service_level_formulas) {
    INFO(f.name);
    CHECK(f.of_arrivals() == (f.name == "offered" || f.name == "amazon" || f.name == "es_law_10_2025"));
  }
}

TEST_CASE("the switches of Genesys change what it divides by, and never what counts as answered") {
  const formula plain = formula::named("genesys");
  CHECK(plain == cx::genesys());
  for (const bool flow_outs : {false, true})
    for (const bool shorts : {false, true})
      for (const bool abandons : {false, true}) {
        const formula f = cx::genesys({flow_outs, shorts, abandons});
        CHECK(f.above == plain.above);
        CHECK(f.below.includes(classes::both({timeout})) == flow_outs);
        CHECK(f.below.includes(classes::both({abandoned})) == abandons);
        CHECK(f.below.has(classes::short_abandoned) == (abandons && shorts));
      }
}

}  // namespace service_level_formula_test
