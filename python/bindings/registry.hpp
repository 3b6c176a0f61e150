// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_REGISTRY_HPP
#define CXMETRICS_PYTHON_REGISTRY_HPP

#include <map>
#include <memory>
#include <string_view>

#include "options.hpp"
#include "states.hpp"

namespace cxmetrics::python {

/// How a state of a metric is made: from the parameters of a definition, and from its bytes.
struct maker {
  std::unique_ptr<any_state> (*make)(const options&);
  std::unique_ptr<any_state> (*decode)(std::string_view);
};

/// Every metric that Python knows, by its name.
using registry = std::map<std::string_view, maker>;

template <metric... Metrics>
void add(registry& to) {
  (to.emplace(Metrics::name, maker{&state_of<Metrics>::make, &state_of<Metrics>::decode}), ...);
}

void add_contact_metrics(registry& to);
void add_survey_metrics(registry& to);

/// What makes the difference between a service level and the one by another formula.
py::list level_differences(const any_state& s, const py::dict& how, const py::dict& from);

/// The interval of a share that is asked for.
inline share_interval share_method(const options& how) {
  return static_cast<share_interval>(how.word("interval", share_interval_names));
}

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_REGISTRY_HPP
