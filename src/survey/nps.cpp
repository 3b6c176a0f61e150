// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/weighted.hpp>

#include <cxmetrics/state/estimates.hpp>

#include "../core/number_text.hpp"
#include "answers.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

constexpr int promoter = 9, detractor = 6;  // the lowest score of the ones, the highest of the others

result read_answers(const answers& a, const ledger& rows, nps_interval method, confidence c) {
  result_parts out;
  out.metric = a.weighted() ? weighted<nps>::name : nps::name;
  out.title = a.weighted() ? "Weighted NPS" : "NPS";
  out.unit = "points";
  out.ledger = rows;
  out.counts = {{"promoters", a.rows(promoter, 10)},
                {"passives", a.rows(detractor + 1, promoter - 1)},
                {"detractors", a.rows(0, detractor)}};
  out.formula = a.weighted() ? "weight of promoters (9, 10) minus weight of detractors (0 to 6) / weight"
                             : "share of promoters (9, 10) minus share of detractors (0 to 6)";
  out.about = nps::about;
  out.worked = "100 x (" + weight_text(a, promoter, 10) + "{promoters} promoters - " +
               weight_text(a, 0, detractor) + "{detractors} detractors) / " + weight_text(a, 0, 10) +
               "{n} answers = {value}";
  out.parameters = {{"scale", "0-10"}};
  out.source =
      "Reichheld, Harvard Business Review, December 2003; interval: Rocks, The American Statistician 70 "
      "(2016)";
  estimate_net(out, a, promoter, detractor);
  if (a.rows() != 0) {
    out.value = a.mean(net_values(promoter, detractor), 100);
    out.interval = net_interval(a, promoter, detractor, method, c);
    describe_weights(out, a, net_values(promoter, detractor), 100);
  }
  // What is odd but legal: the answers may come from another scale.
  note_short_scale(out, a);
  if (a.rows() >= 30 && a.rows(6, 10) != 0 && a.rows(0, 0) == 0 && a.rows(1, 1) != 0 && a.rows(10, 10) != 0)
    out.notes.push_back("no answer of " + count_text(a.rows()) +
                        " is 0, though there are 1 and 10: is this a 1-10 scale?");
  return result(std::move(out));
}

}  // namespace

result nps::read(const state& s, const ledger& rows, nps_interval method, confidence c) const {
  return read_answers(answers(s), rows, method, c);
}

result nps::read(const weighted_counts<11>& s, const ledger& rows, nps_interval method, confidence c) const {
  return read_answers(answers(s), rows, method, c);
}

}  // namespace v0
}  // namespace cxmetrics
