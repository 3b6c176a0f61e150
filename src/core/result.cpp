// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/result.hpp>

#include <cmath>

#include "number_text.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

std::string figure_text(double x, const std::string& unit) {
  return fixed_text(x, 1, unit == "points") + (unit == "points" || unit.empty() ? "" : " " + unit);
}

}  // namespace

std::string result::to_text() const {
  std::string text = title() + " ";
  text += value() ? figure_text(*value(), unit()) : "no answer";
  if (interval()) {
    text += "  " + shortest_text(std::round(interval()->level * 1e6) / 1e4) + " % [" +
            fixed_text(interval()->low, 1, unit() == "points") + ", " +
            fixed_text(interval()->high, 1, unit() == "points") + "]";
  }
  text += "  n = " + count_text(n());
  if (weighting()) text += " (effective " + fixed_text(weighting()->effective_n, 1) + ")";
  const char* separator = ": ";
  for (const named_count& c : counts()) {
    text += separator + count_text(c.count) + " " + c.name;
    separator = ", ";
  }
  const struct {
    std::uint64_t count;
    const char* name;
  } others[] = {{ledger().excluded, "excluded"},
                {ledger().invalid, "invalid"},
                {ledger().missing, "missing"},
                {ledger().pending, "pending"}};
  separator = "; ";
  for (const auto& other : others) {
    if (other.count == 0) continue;
    text += separator + count_text(other.count) + " " + other.name;
    separator = ", ";
  }
  return text;
}

}  // namespace v0
}  // namespace cxmetrics
