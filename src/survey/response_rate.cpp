// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/estimates.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/survey/response_rate.hpp>

#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

result response_rate::read(const state& s, const ledger& rows, share_interval method, confidence c) const {
  const share answered{s.of[1], s.total()};

  result_parts out;
  out.metric = name;
  out.title = "Response rate";
  out.unit = "%";
  out.value = answered.percent();
  out.interval = interval_of(answered, method, c);
  out.denominator = denominator_of(answered);
  out.estimates = estimates_of(answered);
  out.about = about;
  out.worked = "100 x {answered} answered / {n} sent = {value}";
  out.ledger = rows;
  out.counts = {{"answered", s.of[1]}, {"not_answered", s.of[0]}};
  out.formula = "answered / sent";
  if (answered.n != 0)
    out.notes.emplace_back(
        "answers and invitations must be of the same people: an answer may belong to an earlier send, and "
        "who "
        "does not answer may differ from who does");
  out.source =
      std::string("AAPOR, Standard Definitions (2023), response rate 1; interval: ") + source_of(method);
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
