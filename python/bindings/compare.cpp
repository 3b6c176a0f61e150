// SPDX-License-Identifier: Apache-2.0
// Differences of figures, read from states: the table of many comparisons is made in Python.
#include <pybind11/stl.h>

#include <string>
#include <utility>
#include <vector>

#include <cxmetrics/state/compare.hpp>

#include "bind.hpp"
#include "states.hpp"

namespace cxmetrics::python {

namespace {

/// A state and what its figure is read with.
using reading = std::pair<const any_state*, py::dict>;

result read(const reading& r) { return r.first->read(options(r.second)); }

py::object interval_tuple(const std::optional<confidence_interval>& i) {
  if (!i) return py::none();
  return py::make_tuple(i->low, i->high, i->level, i->method);
}

py::dict comparison_dict(const comparison& c) {
  py::dict out;
  out["metric"] = c.metric;
  out["title"] = c.title;
  out["unit"] = c.unit;
  out["value"] = number_or_none(c.value);
  out["centre"] = number_or_none(c.centre);
  out["interval"] = interval_tuple(c.interval);
  out["z"] = number_or_none(c.z);
  out["p"] = number_or_none(c.p);
  out["method"] = c.method;
  out["n"] = c.n;
  out["baseline_n"] = c.baseline_n;
  out["formula"] = c.formula;
  out["notes"] = c.notes;
  out["source"] = c.source;
  out["text"] = c.to_text();
  return out;
}

py::dict split_dict(const change_split& s) {
  py::dict out;
  out["mix"] = number_or_none(s.mix);
  out["within"] = number_or_none(s.within);
  out["interval"] = interval_tuple(s.interval);
  out["z"] = number_or_none(s.z);
  out["p"] = number_or_none(s.p);
  out["notes"] = s.notes;
  return out;
}

}  // namespace

void bind_compare(py::module_& m) {
  m.def(
      "compare",
      [](const reading& r, const reading& baseline, const std::string& method, double level) {
        return comparison_dict(compare(read(r), read(baseline), method, confidence(level)));
      },
      py::arg("r"), py::arg("baseline"), py::kw_only(), py::arg("method"), py::arg("level"));
  m.def(
      "split_changes",
      [](const std::vector<grid_pair>& strata, const py::dict& how, const std::string& method,
         unsigned threads) {
        py::list out;
        if (strata.empty()) return out;
        for (const change_split& s : strata.front().first->split(strata, options(how), method, threads))
          out.append(split_dict(s));
        return out;
      },
      py::arg("strata"), py::arg("how"), py::kw_only(), py::arg("method"), py::arg("threads"));
  m.def(
      "holm",
      [](const std::vector<std::optional<double>>& p) {
        std::vector<figure> figures;
        for (const std::optional<double>& each : p) figures.push_back(each ? figure(*each) : figure());
        py::list corrected;
        for (const figure& each : holm(figures)) corrected.append(number_or_none(each));
        return corrected;
      },
      py::arg("p"));
}

}  // namespace cxmetrics::python
