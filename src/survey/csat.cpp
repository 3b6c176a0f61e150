// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/weighted.hpp>

#include <string>

#include "answers.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

constexpr std::int64_t usual_cut_offs[] = {4, 8, 3};  // by scale

int cut_off_of(const csat& metric, const csat_reading& how) {
  const survey_scale& scale = metric.range();
  const std::int64_t from =
      how.satisfied_from.value_or(usual_cut_offs[static_cast<std::size_t>(metric.scale)]);
  if (from <= scale.least || from > scale.greatest)
    throw scale_error("satisfied_from=" + std::to_string(from) + " divides nothing on the scale " +
                      scale.name() + ": use " + std::to_string(scale.least + 1) + " to " +
                      std::to_string(scale.greatest));
  return static_cast<int>(from);
}

result read_answers(const csat& metric, const answers& a, const ledger& rows, const csat_reading& how,
                    confidence c) {
  const survey_scale& scale = metric.range();
  const int from = cut_off_of(metric, how);
  const csat_figure figure = how.figure.value_or(metric.usual_figure());
  const bool is_mean = figure == csat_figure::mean;
  const std::string weight = a.weighted() ? "weight of " : "";

  result_parts out;
  out.metric = a.weighted() ? weighted<csat>::name : csat::name;
  out.title = std::string(a.weighted() ? "Weighted CSAT" : "CSAT") + (is_mean ? " mean" : "");
  out.unit = is_mean ? "of " + std::to_string(scale.greatest) : "%";
  out.ledger = rows;
  out.counts = {{"satisfied", a.rows(from, scale.greatest)},
                {"not_satisfied", a.rows(scale.least, from - 1)}};
  out.formula = is_mean ? (a.weighted() ? "weighted mean score on the scale " : "mean score on the scale ") +
                              scale.name()
                        : weight + "answers of " + std::to_string(from) +
                              (from < scale.greatest ? " or higher / " : " / ") + weight +
                              "answers, on the scale " + scale.name();
  out.about = csat::about;
  out.worked = is_mean ? worked_mean(a)
                       : "100 x " + weight_text(a, from, scale.greatest) + "{satisfied} satisfied / " +
                             weight_text(a, 0, 10) + "{n} answers = {value}";
  out.parameters = {{"scale", scale.name()},
                    {"figure", std::string(csat_figure_names[static_cast<std::size_t>(figure)])},
                    {"satisfied_from", std::to_string(from)}};
  out.source = std::string(is_mean ? "report mark as of CYS Group; interval: "
                                   : "top boxes as of SurveyMonkey and Formbricks; interval: ") +
               (is_mean ? "Student, Biometrika 6 (1908) 1" : source_of(how.interval));
  if (is_mean)
    estimate_mean(out, a);
  else
    estimate_share(out, a, from, scale.greatest);
  if (a.rows() != 0) {
    if (is_mean) {
      out.value = a.mean(score_values());
      out.interval = mean_interval(a, scale, c);
      describe_weights(out, a, score_values(), 1);
    } else {
      out.value = a.percent(from, scale.greatest);
      out.interval = interval_of(a.part(from, scale.greatest), how.interval, c);
      describe_weights(out, a, net_values(from, -1), 100);
    }
  }
  if (metric.scale == csat_scale::one_to_ten) note_short_scale(out, a);
  return result(std::move(out));
}

}  // namespace

result csat::read(const state& s, const ledger& rows, csat_reading how, confidence c) const {
  return read_answers(*this, answers(s), rows, how, c);
}

result csat::read(const weighted_counts<11>& s, const ledger& rows, csat_reading how, confidence c) const {
  return read_answers(*this, answers(s), rows, how, c);
}

}  // namespace v0
}  // namespace cxmetrics
