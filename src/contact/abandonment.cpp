// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/abandonment.hpp>

#include <cxmetrics/state/estimates.hpp>
#include <cxmetrics/state/share.hpp>

namespace cxmetrics {
inline namespace v0 {

result abandonment::read(const state& s, const cxmetrics::ledger& rows, confidence c) const {
  const share abandoned{count(s, outcome::abandoned), account(s).counted};

  result_parts out;
  out.metric = name;
  out.title = "Abandonment";
  out.unit = "%";
  out.value = abandoned.percent();
  out.interval = wilson(abandoned, c);
  out.denominator = denominator_of(abandoned);
  out.estimates = estimates_of(abandoned);
  out.about = about;
  out.worked = "100 x {abandoned} abandoned / {n} offered = {value}";
  out.ledger = rows;
  out.counts = {{"abandoned", abandoned.hits},
                {"answered", count(s, outcome::answered)},
                {"other_exits", abandoned.n - abandoned.hits - count(s, outcome::answered)}};
  out.formula = "abandoned / offered";
  out.parameters = {{"formula", "offered"}};
  out.source = "abandoned / offered as in Genesys Cloud and Amazon Connect; interval: Wilson, JASA 22 (1927) 209";
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
