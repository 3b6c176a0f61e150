// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/service_level.hpp>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/time/duration_text.hpp>

#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using state = service_level::state;

std::uint64_t answered_within(const state& s) { return service_level::within_count(s, outcome::answered); }
std::uint64_t decided(const state& s) { return service_level::account(s).counted; }

// Adding a formula is one line here, one enumerator, its identifier and its paragraph in docs/metrics.
struct formula_entry {
  share (*of)(const state&);
  const char* below;  // what stands below the line, in words
};
constexpr formula_entry formulas[] = {
    {[](const state& s) { return share{answered_within(s), decided(s)}; }, "offered"},
    {[](const state& s) { return share{answered_within(s), service_level::count(s, outcome::answered)}; },
     "answered"},
};

}  // namespace

void validate(const service_level& metric) {
  if (metric.within.count() < 1 || metric.within > max_duration)
    throw unit_error("within=" + format_duration(metric.within) +
                     " is no threshold: use one from 1us to 2.2 years, like \"20s\"");
  if (metric.short_abandon && (metric.short_abandon->count() < 0 || *metric.short_abandon > max_duration))
    throw unit_error("short_abandon=" + format_duration(*metric.short_abandon) +
                     " is no limit: use one from 0s, like \"5s\"");
}

result service_level::read(const state& s, const cxmetrics::ledger& rows, service_level_formula formula,
                           confidence c, share_interval method) const {
  const auto index = static_cast<std::size_t>(formula);
  const share figure_share = formulas[index].of(s);
  const std::string threshold = format_duration(within);

  result_parts out;
  out.metric = name;
  out.title = "Service level " + threshold;
  out.unit = "%";
  out.value = figure_share.percent();
  out.interval = interval_of(figure_share, method, c);
  out.ledger = rows;
  out.ledger.counted = figure_share.n;
  out.ledger.excluded += rows.counted - figure_share.n;  // decided, but not in this formula's denominator
  out.formula = "answered within " + threshold + " / " + formulas[index].below;
  out.parameters = {{"within", threshold},
                    {"comparison", "<="},
                    {"formula", std::string(service_level_formula_names[index])}};
  if (short_abandon) {
    const std::string brief = format_duration(*short_abandon);
    out.parameters.push_back({"short_abandon", brief});
    if (formula == service_level_formula::offered) out.formula += " without abandons within " + brief;
  }
  std::uint64_t others = 0;
  for (std::size_t o = 0; o < outcome_codes; ++o) others += count(s, static_cast<outcome>(o));
  others -= count(s, outcome::answered) + count(s, outcome::abandoned) + count(s, outcome::unfinished);
  out.counts = {{"answered_within", answered_within(s)},
                {"answered", count(s, outcome::answered)},
                {"abandoned", count(s, outcome::abandoned) + s.of[2 * outcome_codes]},
                {"abandoned_within", within_count(s, outcome::abandoned)},
                {"other_exits", others},
                {"waiting_beyond", beyond_count(s, outcome::unfinished)}};
  if (short_abandon) out.counts.push_back({"short_abandons", s.of[2 * outcome_codes]});
  out.source =
      std::string("Koole, Call Center Optimization (2013), section 2.3; interval: ") + source_of(method);
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
