// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/abandonment.hpp>

#include <cxmetrics/state/share.hpp>

#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

result abandonment::read(const state& s, const cxmetrics::ledger& rows, confidence c,
                         share_interval method) const {
  const share abandoned{count(s, outcome::abandoned), account(s).counted};

  result_parts out;
  out.metric = name;
  out.title = "Abandonment";
  out.unit = "%";
  out.value = abandoned.percent();
  out.interval = interval_of(abandoned, method, c);
  out.ledger = rows;
  out.counts = {{"abandoned", abandoned.hits},
                {"answered", count(s, outcome::answered)},
                {"other_exits", abandoned.n - abandoned.hits - count(s, outcome::answered)}};
  out.formula = "abandoned / offered";
  out.parameters = {{"formula", "offered"}};
  out.source = std::string("docs/metrics/abandonment.md; interval: ") + source_of(method);
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
