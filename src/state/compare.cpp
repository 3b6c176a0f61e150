// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/state/compare.hpp>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numeric>

#include <cxmetrics/core/error.hpp>

#include "../core/number_text.hpp"
#include "../core/quoted_text.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

// A difference with its variance, and what the law says of it.
struct deviation {
  double centre;
  double variance;
  figure freedom;

  [[nodiscard]] double z() const { return centre / std::sqrt(variance); }
  [[nodiscard]] double p() const {
    if (!freedom) return boost::math::erfc(std::abs(z()) / std::sqrt(2.0));
    const boost::math::students_t_distribution<double> law(*freedom);
    return 2 * boost::math::cdf(boost::math::complement(law, std::abs(z())));
  }
  [[nodiscard]] double half_width(confidence c) const {
    if (!freedom) return c.z() * std::sqrt(variance);
    const boost::math::students_t_distribution<double> law(*freedom);
    return boost::math::quantile(boost::math::complement(law, (1 - c.level()) / 2)) * std::sqrt(variance);
  }
};

// A difference of per cents is in points. The scale bounds it; of durations nothing does.
std::string unit_of_difference(const std::string& unit) { return unit == "%" ? "points" : unit; }
double largest_difference(const std::string& unit) {
  return unit == "%" ? 100 : unit == "points" ? 200 : HUGE_VAL;
}

confidence_interval interval_about(const deviation& d, double value, const std::string& unit,
                                   std::string_view method, confidence c) {
  const double half = d.half_width(c), most = largest_difference(unit);
  return {std::max(-most, std::min(value, d.centre - half)), std::min(most, std::max(value, d.centre + half)),
          c.level(), std::string(method)};
}

// A parameter of the definition by its name; facts of the data may differ between what is compared.
const named_text* find_parameter(const result& r, const std::string& name) {
  for (const named_text& p : r.parameters())
    if (p.name == name && !p.of_data) return &p;
  return nullptr;
}

void check_alike(const result& r, const result& baseline) {
  std::string unlike;
  const auto compare_words = [&](const std::string& name, const std::string& a, const std::string& b) {
    if (a != b)
      unlike += (unlike.empty() ? "" : ", ") + name + " " + quoted_text(a) + " and " + quoted_text(b);
  };
  compare_words("metric", r.metric(), baseline.metric());
  if (unlike.empty()) {
    for (const named_text& p : r.parameters()) {
      const named_text* other = find_parameter(baseline, p.name);
      if (!p.of_data) compare_words(p.name, p.text, other == nullptr ? "none" : other->text);
    }
    for (const named_text& p : baseline.parameters())
      if (!p.of_data && find_parameter(r, p.name) == nullptr) compare_words(p.name, "none", p.text);
    compare_words("unit", r.unit(), baseline.unit());
    if (unlike.empty()) compare_words("formula", r.formula(), baseline.formula());
  }
  if (!unlike.empty())
    throw error("these figures are of unlike definitions (" + unlike + "): compare figures made alike");
}

// The first estimate or the one of a method; null where a figure has none at all, for it says nothing of its
// variance.
const estimate* find_estimate(const result& r, std::string_view method) {
  std::string known;
  for (const estimate& e : r.estimates()) {
    if (method.empty() || e.method == method) return &e;
    known += (known.empty() ? "" : ", ") + quoted_text(e.method);
  }
  if (known.empty()) return nullptr;
  throw error("method=" + quoted_text(method) + " is unknown for " + r.metric() + ": use " + known);
}

// Welch and Satterthwaite: the degrees of freedom of a sum of variances.
figure freedom_of(const estimate& a, const estimate& b) {
  if (!a.freedom || !b.freedom) return std::nullopt;
  const double sum = *a.variance + *b.variance;
  if (!(sum > 0)) return std::nullopt;
  return sum * sum / (*a.variance * *a.variance / *a.freedom + *b.variance * *b.variance / *b.freedom);
}

void add_notes(std::vector<std::string>& notes, const result& r) {
  for (const std::string& note : r.notes())
    if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

std::string no_spread(std::string_view method) {
  const std::string what = method == "order_statistics" ? "the rows at the median" : "all rows";
  return what + " are alike: " + std::string(method) +
         " sees no variance, so there is no interval and no test" +
         (method == "wald" ? "; adjusted_wald has one" : "");
}

}  // namespace

comparison compare(const result& r, const result& baseline, std::string_view method, confidence c) {
  check_alike(r, baseline);
  const estimate* const a = find_estimate(r, method);
  const estimate* const b = find_estimate(baseline, a == nullptr ? method : a->method);

  comparison out;
  out.metric = r.metric();
  out.title = r.title();
  out.unit = unit_of_difference(r.unit());
  if (a != nullptr) {
    out.method = a->method;
    out.source = a->source;
  }
  out.n = r.n();
  out.baseline_n = baseline.n();
  out.formula = r.formula() + ", less that of the baseline";
  add_notes(out.notes, r);
  add_notes(out.notes, baseline);
  if (!r.value() || !baseline.value()) {
    out.notes.emplace_back(r.value()          ? "the baseline has no answer"
                           : baseline.value() ? "the figure has no answer"
                                              : "neither figure has an answer");
    return out;
  }
  out.value = *r.value() - *baseline.value();
  if (a == nullptr || b == nullptr) {
    out.notes.emplace_back("nothing is known of the variance of " +
                           std::string(a == nullptr ? "the figure" : "the baseline") +
                           ": there is no interval and no test");
    return out;
  }
  if (!a->variance || !b->variance) {
    out.notes.push_back("too few rows for a variance: n = " + count_text(r.n()) + " against " +
                        count_text(baseline.n()));
    return out;
  }
  const deviation d{*a->value - *b->value, *a->variance + *b->variance, freedom_of(*a, *b)};
  out.centre = d.centre;
  if (!(d.variance > 0)) {
    out.notes.push_back(no_spread(a->method));
    return out;
  }
  out.z = d.z();
  out.p = d.p();
  out.interval = interval_about(d, *out.value, r.unit(), a->method, c);
  if (*out.value * d.centre < 0)
    out.notes.push_back("so few rows that what " + out.method +
                        " adds to them turns the sign: read the interval, or compare more rows");
  return out;
}

std::string comparison::to_text() const {
  std::string text = title + " ";
  const std::string suffix = unit.empty() ? "" : " " + unit;
  text += value ? fixed_text(*value, 1, true) + suffix : "no answer";
  if (interval)
    text += "  " + shortest_text(std::round(interval->level * 1e6) / 1e4) + " % [" +
            fixed_text(interval->low, 1, true) + ", " + fixed_text(interval->high, 1, true) + "]";
  if (z && p)
    text += "  z = " + fixed_text(*z, 2) + (*p < 0.001 ? ", p < 0.001" : ", p = " + fixed_text(*p, 3));
  return text + "  n = " + count_text(n) + " against " + count_text(baseline_n);
}

std::vector<figure> holm(std::span<const figure> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i]) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return *p[a] < *p[b]; });
  std::vector<figure> corrected(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, static_cast<double>(order.size() - rank) * *p[order[rank]]);
    corrected[order[rank]] = std::min(1.0, largest);
  }
  return corrected;
}

change_split split_change(std::span<const stratum> strata, std::string_view method, confidence c) {
  double rows = 0, baseline_rows = 0;
  for (const stratum& s : strata) {
    check_alike(s.now, s.baseline);
    check_alike(s.now, strata.front().now);
    for (const result* side : {&s.now, &s.baseline})
      if (side->value() && !side->denominator())
        throw error(
            side->title() +
            " of a whole is no mean of its parts: split a share, a score or a mean into mix and within");
    rows += s.now.denominator().value_or(0.0);
    baseline_rows += s.baseline.denominator().value_or(0.0);
  }
  change_split out;
  if (!(rows > 0 && baseline_rows > 0)) return out;
  double mix = 0, within = 0, variance = 0;
  bool measured = true;
  std::size_t one_sided = 0;
  for (const stratum& s : strata) {
    const double w = s.now.denominator().value_or(0.0) / rows;
    const double w0 = s.baseline.denominator().value_or(0.0) / baseline_rows;
    if (!s.now.value() && !s.baseline.value()) continue;
    if (!s.now.value() || !s.baseline.value()) {
      mix += (w - w0) * (s.now.value() ? *s.now.value() : *s.baseline.value());
      ++one_sided;
      continue;
    }
    const double r = *s.now.value(), r0 = *s.baseline.value(), weight = (w + w0) / 2;
    mix += (w - w0) * (r + r0) / 2;
    within += weight * (r - r0);
    const estimate* const a = find_estimate(s.now, method);
    const estimate* const b = find_estimate(s.baseline, a == nullptr ? method : a->method);
    measured = measured && a != nullptr && b != nullptr && a->variance && b->variance;
    if (!measured) continue;
    out.method = a->method;
    variance += weight * weight * (*a->variance + *b->variance);
  }
  out.mix = mix;
  out.within = within;
  if (one_sided != 0)
    out.notes.push_back(count_text(one_sided) + " of " + count_text(strata.size()) +
                        " strata stand on one side only: they change the mix, and nothing within");
  if (one_sided == strata.size()) return out;
  if (!measured || !(variance > 0)) {
    out.notes.push_back(measured ? no_spread(out.method)
                                 : "a stratum has no variance, for its rows are too few");
    return out;
  }
  const deviation d{within, variance, std::nullopt};
  out.z = d.z();
  out.p = d.p();
  out.interval = interval_about(d, within, strata.front().now.unit(), out.method, c);
  return out;
}

}  // namespace v0
}  // namespace cxmetrics
