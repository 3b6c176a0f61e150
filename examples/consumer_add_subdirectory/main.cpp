// SPDX-License-Identifier: Apache-2.0
// Two halves of a day, collected apart as bytes and merged: the same figure, to the last bit, as the whole
// day.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <iostream>
#include <span>
#include <string>

namespace cx = cxmetrics;

namespace {

std::string collect(std::span<const std::int8_t> scores) {
  cx::tally<cx::nps> answers;
  answers.update({scores});
  return answers.encode();
}

}  // namespace

int main() {
  const std::array<std::int8_t, 8> day{10, 9, 8, 3, 10, 7, 0, 9};
  const std::span<const std::int8_t> scores(day);

  auto merged = cx::tally<cx::nps>::decode(collect(scores.first(5)));
  merged += cx::tally<cx::nps>::decode(collect(scores.last(3)));
  std::cout << merged.result().to_text() << '\n';
  return merged.encode() == collect(scores) ? EXIT_SUCCESS : EXIT_FAILURE;
}
