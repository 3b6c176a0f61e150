// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/abandonment.hpp>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/state/estimates.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/time/duration_text.hpp>

#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

void validate(const abandonment& metric) {
  if (metric.short_abandon && (metric.short_abandon->count() < 0 || *metric.short_abandon > max_duration))
    throw unit_error("short_abandon=" + format_duration(*metric.short_abandon) +
                     " is no limit: use one from 0s, like \"5s\"");
}

result abandonment::read(const state& s, const cxmetrics::ledger& rows, const abandonment_formula& formula,
                         confidence c, share_interval method) const {
  const share found{formula.above.count(s), formula.below.count(s)};
  const std::uint64_t left = count(s, outcome::abandoned) + short_count(s);

  result_parts out;
  out.metric = name;
  out.title = "Abandonment";
  out.unit = "%";
  out.value = found.percent();
  out.interval = interval_of(found, method, c);
  out.denominator = denominator_of(found);
  out.estimates = estimates_of(found);
  out.about = about;
  out.ledger = rows;
  out.ledger.counted = found.n;
  out.ledger.excluded += rows.counted - found.n;  // decided, but not in this formula's denominator
  out.counts = {
      {"abandoned", left},
      {"answered", count(s, outcome::answered)},
      {"other_exits", s.total() - left - count(s, outcome::answered) - count(s, outcome::unfinished)}};
  const bool simple =
      formula.above == class_set{static_cast<std::size_t>(outcome::abandoned)} && !short_abandon;
  if (!simple) out.counts.push_back({"above", found.hits});
  out.worked = "100 x {" + std::string(simple ? "abandoned" : "above") + "} " +
               std::string(formula.above_text) + " / {n} " + std::string(formula.below_text) + " = {value}";
  out.formula = std::string(formula.above_text) + " / " + std::string(formula.below_text);
  out.parameters = {{"formula", std::string(formula.name)}};
  if (short_abandon) {
    const std::string brief = format_duration(*short_abandon);
    out.counts.push_back({"short_abandons", short_count(s)});
    out.parameters.push_back({"short_abandon", brief});
    if (!formula.below.has(outcome_count)) out.formula += " without abandons within " + brief;
  }
  out.parameters.push_back({"clock", std::string(name_of(clock))});
  if (clock == contact_clock::contact) out.formula += ", of contacts from their first queue on";
  out.source = std::string("abandoned / offered as in Genesys Cloud and Amazon Connect; interval: ") +
               source_of(method);
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
