// SPDX-License-Identifier: Apache-2.0
// NPS of a hundred answers with an installed cxmetrics: 50 promoters, 30 passives, 20 detractors are +30
// points.
#include <cstdint>
#include <cstdlib>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <iostream>

namespace cx = cxmetrics;

int main() {
  cx::tally<cx::nps> answers;
  for (int i = 0; i < 50; ++i) answers.add(std::int8_t{10});
  for (int i = 0; i < 30; ++i) answers.add(std::int8_t{8});
  for (int i = 0; i < 20; ++i) answers.add(std::int8_t{3});

  const cx::result nps = answers.result();
  std::cout << nps.to_text() << '\n';
  return nps.value().has_value() && *nps.value() == 30.0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
