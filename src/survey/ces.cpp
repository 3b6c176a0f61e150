// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/weighted.hpp>

#include <string>

#include "answers.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

// The boxes of CES 2.0: agree is 5 to 7, easy is 6 and 7, difficult is 1 to 3.
constexpr int agree = 5, easy = 6, difficult = 3;

const char* formula_of(ces_figure figure, const survey_scale& scale) {
  switch (figure) {
    case ces_figure::agree_share: return "answers of 5, 6 and 7 / answers, on the scale 1-7";
    case ces_figure::top2: return "answers of 6 and 7 / answers, on the scale 1-7";
    case ces_figure::net: return "share of 6 and 7 minus share of 1, 2 and 3, on the scale 1-7";
    case ces_figure::mean: break;
  }
  return scale.low_is_good ? "mean score on the scale 1-5, low is good"
                           : "mean score on the scale 1-7, high is good";
}

std::vector<named_count> counts_of(ces_figure figure, const answers& a, const survey_scale& scale) {
  if (scale.low_is_good)
    return {{"low_effort", a.rows(1, 2)}, {"neutral", a.rows(3, 3)}, {"high_effort", a.rows(4, 5)}};
  switch (figure) {
    case ces_figure::top2: return {{"top_two", a.rows(easy, 7)}, {"others", a.rows(1, easy - 1)}};
    case ces_figure::net:
      return {{"easy", a.rows(easy, 7)}, {"neutral", a.rows(4, 5)}, {"difficult", a.rows(1, difficult)}};
    case ces_figure::mean:
    case ces_figure::agree_share: break;
  }
  return {{"agree", a.rows(agree, 7)}, {"neutral", a.rows(4, 4)}, {"disagree", a.rows(1, 3)}};
}

// The formula with the numbers to be filled in.
std::string worked(ces_figure figure, const answers& a) {
  const std::string below = " / " + weight_text(a, 0, 10) + "{n} answers = {value}";
  switch (figure) {
    case ces_figure::agree_share:
      return "100 x " + weight_text(a, agree, 7) + "{agree} of 5, 6 and 7" + below;
    case ces_figure::top2: return "100 x " + weight_text(a, easy, 7) + "{top_two} of 6 and 7" + below;
    case ces_figure::net:
      return "100 x (" + weight_text(a, easy, 7) + "{easy} easy - " + weight_text(a, 0, difficult) +
             "{difficult} difficult)" + below;
    case ces_figure::mean: break;
  }
  return worked_mean(a);
}

void estimate(result_parts& out, const answers& a, ces_figure figure) {
  switch (figure) {
    case ces_figure::agree_share: return estimate_share(out, a, agree, 7);
    case ces_figure::top2: return estimate_share(out, a, easy, 7);
    case ces_figure::net: return estimate_net(out, a, easy, difficult);
    case ces_figure::mean: return estimate_mean(out, a);
  }
}

void read_share(result_parts& out, const answers& a, int from, share_interval method, confidence c) {
  out.value = a.percent(from, 7);
  out.interval = interval_of(a.part(from, 7), method, c);
  describe_weights(out, a, net_values(from, -1), 100);
}

void read_figure(result_parts& out, const answers& a, const survey_scale& scale, const ces_reading& how,
                 confidence c) {
  switch (how.figure) {
    case ces_figure::agree_share: return read_share(out, a, agree, how.share, c);
    case ces_figure::top2: return read_share(out, a, easy, how.share, c);
    case ces_figure::net:
      out.value = a.mean(net_values(easy, difficult), 100);
      out.interval = net_interval(a, easy, difficult, how.net, c);
      return describe_weights(out, a, net_values(easy, difficult), 100);
    case ces_figure::mean: break;
  }
  out.value = a.mean(score_values());
  out.interval = mean_interval(a, scale, c);
  describe_weights(out, a, score_values(), 1);
}

result read_answers(const ces& metric, const answers& a, const ledger& rows, const ces_reading& how,
                    confidence c) {
  const survey_scale& scale = metric.range();
  const std::string figure(ces_figure_names[static_cast<std::size_t>(how.figure)]);
  if (scale.low_is_good && how.figure != ces_figure::mean)
    throw scale_error("figure=\"" + figure +
                      "\" is read from agreement on the scale 1-7: the effort of the scale 1-5 has "
                      "figure=\"mean\" only");
  const bool is_mean = how.figure == ces_figure::mean, is_net = how.figure == ces_figure::net;

  result_parts out;
  out.metric = a.weighted() ? weighted<ces>::name : ces::name;
  out.title =
      std::string(a.weighted() ? "Weighted CES " : "CES ") + (scale.low_is_good ? "1.0 " : "2.0 ") + figure;
  out.unit = is_mean ? "of " + std::to_string(scale.greatest) : is_net ? "points" : "%";
  out.ledger = rows;
  out.counts = counts_of(how.figure, a, scale);
  out.formula = std::string(a.weighted() ? "weighted: " : "") + formula_of(how.figure, scale);
  out.parameters = {{"scale", scale.name()},
                    {"direction", scale.low_is_good ? "low is good" : "high is good"},
                    {"figure", figure}};
  out.source = std::string(scale.low_is_good
                               ? "Dixon, Freeman and Toman, Harvard Business Review, July 2010; interval: "
                               : "CEB (2013), figures in use at CYS Group; interval: ") +
               (is_mean  ? "Student, Biometrika 6 (1908) 1"
                : is_net ? "Rocks, The American Statistician 70 (2016)"
                         : source_of(how.share));
  out.about = ces::about;
  out.worked = worked(how.figure, a);
  estimate(out, a, how.figure);
  if (a.rows() != 0) read_figure(out, a, scale, how, c);
  if (!scale.low_is_good) note_short_scale(out, a);
  return result(std::move(out));
}

}  // namespace

result ces::read(const state& s, const ledger& rows, ces_reading how, confidence c) const {
  return read_answers(*this, answers(s), rows, how, c);
}

result ces::read(const weighted_counts<11>& s, const ledger& rows, ces_reading how, confidence c) const {
  return read_answers(*this, answers(s), rows, how, c);
}

}  // namespace v0
}  // namespace cxmetrics
