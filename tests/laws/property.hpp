// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_PROPERTY_HPP
#define CXMETRICS_TESTS_LAWS_PROPERTY_HPP

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <functional>
#include <random>
#include <sstream>
#include <string>

#include "sanitized.hpp"

namespace laws {

using cxmetrics_test::tried;

/// Checks a property on random inputs, as part of the running test case. A counterexample is made as small as
/// it gets and printed with the line that brings it back: RC_PARAMS="reproduce=...". How many are tried is
/// said here alone.
inline void holds(const std::string& law, const std::function<void()>& property, int cases = 100) {
  rc::detail::TestMetadata about;
  about.id = about.description = law;
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = tried(cases);
  const auto outcome = rc::detail::checkTestable(property, about, params);
  std::ostringstream report;
  rc::detail::printResultMessage(outcome, report);
  const bool passed = outcome.is<rc::detail::SuccessResult>();
  CHECK_MESSAGE(passed, law, ": ", report.str());
}

/// Random choices that rapidcheck can repeat: dealing, shuffling, cutting.
inline std::mt19937_64 choices() {
  return std::mt19937_64(*rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>()));
}

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_PROPERTY_HPP
