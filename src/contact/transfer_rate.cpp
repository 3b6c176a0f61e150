// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/transfer_rate.hpp>

#include <cxmetrics/state/estimates.hpp>
#include <cxmetrics/state/share.hpp>

#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

result transfer_rate::read(const state& s, const cxmetrics::ledger& rows, confidence c,
                           share_interval method) const {
  const share passed_on{s.of[1], account(s).counted};

  result_parts out;
  out.metric = name;
  out.title = "Transfer rate";
  out.unit = "%";
  out.value = passed_on.percent();
  out.interval = interval_of(passed_on, method, c);
  out.denominator = denominator_of(passed_on);
  out.estimates = estimates_of(passed_on);
  out.about = about;
  out.worked = "100 x {transferred} passed on / {n} answered = {value}";
  out.ledger = rows;
  out.counts = {{"transferred", passed_on.hits}, {"answered", passed_on.n}};
  out.formula = "passed on by an agent / answered";
  out.source = std::string("transferred out / handled as in Amazon Connect; interval: ") + source_of(method);
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
