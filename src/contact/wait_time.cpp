// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/wait_time.hpp>

namespace cxmetrics {
inline namespace v0 {

result wait_time::read(const state& s, const cxmetrics::ledger& rows, std::optional<confidence> c) const {
  const std::string population(wait_population_names[static_cast<std::size_t>(of)]);

  result_parts out;
  out.metric = name;
  out.title = "Wait of " + population + ", median";
  out.unit = "s";
  out.value = s.distribution.quantile_seconds(0.5);
  if (c) out.interval = s.distribution.quantile_interval(0.5, *c);
  out.estimates = s.distribution.median_estimates();
  out.about = about;
  out.worked = "half of {n} waits did not exceed {value}";
  out.ledger = rows;
  out.counts = {{population, s.distribution.moments.n}};
  if (longest(s) > s.distribution.longest)
    out.notes.emplace_back(
        "the longest wait is of a contact without an end, which still waits or whose end is not in the data: "
        "it waited at least so long, or left unseen");
  out.formula = "the wait " + std::string(clock == contact_clock::contact ? "from the first queue on " : "") +
                "that half of " + (of == wait_population::all ? "" : "the ") + population +
                " contacts did not exceed";
  out.parameters = {{"of", population}, {"clock", std::string(name_of(clock))}, {"quantile", "0.5"}};
  out.source =
      "quantile from a log-linear histogram, within 1/128; interval: David and Nagaraja, Order Statistics "
      "(2003), 7.1";
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics
