// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/result.hpp>

#include <cmath>

#include "number_text.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

// Shares, points and seconds are read to a tenth; what lies about 1 is not.
int decimals_of(const std::string& unit) { return unit == "per contact" ? 2 : 1; }

std::string figure_text(double x, const std::string& unit) {
  return fixed_text(x, decimals_of(unit), unit == "points") +
         (unit == "points" || unit.empty() ? "" : " " + unit);
}

// What an interval rests on, by its method; a method that is not here is called by its name only.
constexpr struct {
  std::string_view method, how;
} interval_methods[] = {
    {"adjusted_wald", "Wald's interval of counts to which a few rows of every kind are added"},
    {"score", "all values that a score test does not reject"},
    {"wald", "the value and so many standard errors to either side"},
    {"wilson", "Wilson's score interval: all shares that a score test does not reject"},
    {"clopper_pearson",
     "all shares under which neither so many nor so few rows are rare, by the binomial law"},
    {"jeffreys", "the middle of what the rows leave of a prior of half a row of either kind"},
    {"t", "Student's t of n - 1 degrees of freedom, about the mean"},
    {"order_statistics", "two of the sorted values, by the binomial law, whatever the distribution"},
};

std::string interval_line(const confidence_interval& i, const std::string& unit) {
  std::string text = shortest_text(std::round(i.level * 1e6) / 1e4) + " %: " + figure_text(i.low, unit) +
                     " to " + figure_text(i.high, unit) + ", " + i.method;
  for (const auto& known : interval_methods)
    if (known.method == i.method) text += ": " + std::string(known.how);
  return text;
}

}  // namespace

std::string result::to_text() const {
  std::string text = title() + " ";
  text += value() ? figure_text(*value(), unit()) : "no answer";
  if (interval()) {
    text += "  " + shortest_text(std::round(interval()->level * 1e6) / 1e4) + " % [" +
            fixed_text(interval()->low, decimals_of(unit()), unit() == "points") + ", " +
            fixed_text(interval()->high, decimals_of(unit()), unit() == "points") + "]";
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

std::vector<named_text> result::explain() const {
  std::vector<named_text> lines;
  const auto say = [&](const char* name, std::string text) {
    if (!text.empty()) lines.push_back({name, std::move(text)});
  };
  const auto fill = [&](std::string text, const std::string& name, const std::string& with) {
    const std::string place = "{" + name + "}";
    for (std::size_t at = 0; (at = text.find(place, at)) != std::string::npos; at += with.size())
      text.replace(at, place.size(), with);
    return text;
  };
  say("what it is", std::string(about().what));
  say("also called", std::string(about().also_called));
  say("not to be confused with", std::string(about().not_to_be_confused_with));
  say("formula", formula());
  if (value()) {
    std::string worked =
        fill(fill(parts_.worked, "value", figure_text(*value(), unit())), "n", count_text(n()));
    for (const named_count& c : counts()) worked = fill(std::move(worked), c.name, count_text(c.count));
    for (const named_text& p : parameters()) worked = fill(std::move(worked), p.name, p.text);
    say("with the numbers", std::move(worked));
  }
  std::string all;
  for (const named_text& p : parameters()) all += (all.empty() ? "" : ", ") + p.name + " = " + p.text;
  say("parameters", std::move(all));
  say("counted", count_text(n()) + " of " + count_text(rows()) + " rows");
  const auto left_out = [&](const char* name, std::uint64_t count, std::string_view why,
                            std::string_view door = {}) {
    if (count == 0) return;
    say(name, count_text(count) + (count == 1 ? " row: " : " rows: ") + std::string(why) + std::string(door));
  };
  left_out("excluded", ledger().excluded, about().excluded, ", or left out by choice when it was read");
  left_out("invalid", ledger().invalid, about().invalid, ", or found invalid when it was read");
  left_out("missing", ledger().missing, about().missing);
  left_out("pending", ledger().pending, about().pending);
  if (weighting()) {
    say("effective n", fixed_text(weighting()->effective_n, 1) + " = (sum of weights, " +
                           amount_text(weighting()->sum) + ")^2 / sum of their squares, " +
                           amount_text(weighting()->squares));
    say("standard error", fixed_text(weighting()->standard_error, 3) + (unit().empty() ? "" : " " + unit()) +
                              ", linearised: it sees which answers have which weight");
  }
  if (interval())
    say("interval", interval_line(*interval(), unit()) +
                        (weighting() && interval()->method != "wald" ? "; n is the effective n" : ""));
  for (const std::string& note : notes()) say("note", note);
  say("source", source());
  return lines;
}

}  // namespace v0
}  // namespace cxmetrics
