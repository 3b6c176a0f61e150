// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/transfers_per_contact.hpp>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include <cxmetrics/state/estimates.hpp>

namespace cxmetrics {
inline namespace v0 {

result transfers_per_contact::read(const state& s, const cxmetrics::ledger& rows, confidence c) const {
  const auto n = static_cast<double>(s.contacts), sum = static_cast<double>(s.transfers);

  result_parts out;
  out.metric = name;
  out.title = "Transfers";
  out.unit = "per contact";
  if (s.contacts != 0) {
    const double mean = sum / n;
    out.value = mean;
    out.denominator = n;
    const double spread = static_cast<double>(s.squares) - sum * mean;  // n times the variance of a contact
    if (s.contacts > 1) out.estimates = estimates_of_mean(mean, std::max(0.0, spread) / (n - 1), n);
    if (s.contacts > 1 && spread > 0) {
      const boost::math::students_t_distribution<double> law(n - 1);
      const double half = boost::math::quantile(boost::math::complement(law, (1 - c.level()) / 2)) *
                          std::sqrt(spread / (n - 1) / n);
      out.interval = confidence_interval{std::max(0.0, mean - half), mean + half, c.level(), "t"};
    }
  }
  out.about = about;
  out.worked = "{transfers} transfers / {n} answered contacts = {value}";
  out.ledger = rows;
  out.counts = {{"transfers", s.transfers}, {"passed_on", s.passed_on}};
  out.formula = "transfers by an agent / answered contacts";
  out.source =
      "transferred out / handled as in Amazon Connect, of contacts; interval: Student, Biometrika 6 (1908) 1";
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
