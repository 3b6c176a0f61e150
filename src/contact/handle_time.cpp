// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/handle_time.hpp>

namespace cxmetrics {
inline namespace v0 {

template <class What>
result answered_time<What>::read(const state& s, const cxmetrics::ledger& rows,
                                 std::optional<confidence> c) const {
  const std::string population(What::of);

  result_parts out;
  out.metric = name;
  out.title = std::string(What::title) + " of " + population + ", median";
  out.unit = "s";
  out.value = s.distribution.quantile_seconds(0.5);
  if (c) out.interval = s.distribution.quantile_interval(0.5, *c);
  out.estimates = s.distribution.median_estimates();
  out.about = What::about;
  out.worked = "half of {n} times did not exceed {value}";
  out.ledger = rows;
  out.counts = {{population, s.distribution.moments.n}};
  out.formula = "the " + std::string(What::column::name) + " time that half of the " + population +
                " contacts did not exceed";
  out.parameters = {{"of", population}, {"quantile", "0.5"}};
  out.source =
      "quantile from a log-linear histogram, within 1/128; interval: David and Nagaraja, Order Statistics "
      "(2003), 7.1";
  return result(std::move(out));
}

template struct answered_time<detail::talk_time>;
template struct answered_time<detail::handle_time>;
template struct answered_time<detail::hold_time_of_answered>;
template struct answered_time<detail::hold_time>;

}  // namespace v0
}  // namespace cxmetrics
